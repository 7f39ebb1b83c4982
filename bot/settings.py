"""What can be set from outside: environment variables SHANHUO_… and a `.env` file.

Read by the command line and the service only. The environment wins over the file. A bad value or
a name that nobody knows is an error: a mistyped setting must not be silently without effect.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

PREFIX = "SHANHUO_"
ENV_FILE = Path(".env")
CHANNEL = re.compile(r"[a-z]+")


class SettingsError(Exception):
    """A setting that cannot be used; its message is one line for the operator."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, with the shop of a fresh checkout as the default."""

    database: Path = Path("shanhuo.db")
    files: Path = Path("shanhuo-files")
    catalogue: Path | None = None  # None: the demo shop
    operators: tuple[tuple[str, str], ...] = ()  # (channel, id in that channel)
    web_listen: tuple[str, int] = ("127.0.0.1", 8080)
    web_address: str | None = None  # how people reach the page; None: where it listens
    telegram_token: str | None = field(default=None, repr=False)  # None: no Telegram
    telegram_api: str = "https://api.telegram.org"  # the root of a Bot API server
    telegram_provider_token: str | None = field(default=None, repr=False)  # None: no invoices
    telegram_webhook: str | None = None  # where Telegram brings updates; None: polled for
    wechatpay: Mapping[str, str] = field(default_factory=dict, repr=False)  # by WECHATPAY_…; none
    kuaidi100: Mapping[str, str] = field(default_factory=dict, repr=False)  # by KUAIDI100_…; none
    currency: str | None = None  # None: as the catalogue says
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))


def read_settings(environment: Mapping[str, str] | None = None, file: Path = ENV_FILE) -> Settings:
    """The settings from the environment (default: the process's) and a file, if it exists.

    Raises SettingsError.
    """
    given = _from_file(file)
    given |= {
        name: value
        for name, value in (os.environ if environment is None else environment).items()
        if name.startswith(PREFIX)
    }
    values: dict[str, Any] = {}
    for name, value in sorted(given.items()):
        known = READERS.get(name.removeprefix(PREFIX))
        if not known:
            raise SettingsError(f"{name}: there is no such setting (known: {_names()})")
        if value.strip():  # an empty variable is one that is not set
            setting, reader = known
            read = _read(name, reader, value.strip())
            if setting in ACCOUNTS:
                part = name.removeprefix(f"{PREFIX}{setting.upper()}_")
                values.setdefault(setting, {})[part] = read
            else:
                values[setting] = read
    for account, parts in ACCOUNTS.items():
        _check_whole(account, parts, values)
    database = values.get("database")
    if database and "files" not in values:
        values["files"] = database.with_name(f"{database.stem}-files")
    return Settings(**values)


def _from_file(file: Path) -> dict[str, str]:
    """The file's own SHANHUO_ lines; a line of another program's is left alone."""
    if not file.is_file():
        return {}
    from dotenv.parser import parse_stream

    found = {}
    try:
        with file.open(encoding="utf-8") as lines:
            for binding in parse_stream(lines):
                if binding.error:
                    line = binding.original.line
                    raise SettingsError(f"{file}: line {line} is not of the form NAME=value")
                if binding.key and binding.key.startswith(PREFIX):
                    found[binding.key] = binding.value or ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read ({error})") from error
    return found


def _read(name: str, reader: Callable[[str], Any], value: str) -> Any:
    try:
        return reader(value)
    except (ValueError, KeyError, OSError) as error:
        got = "" if name.endswith(("_TOKEN", "_KEY")) else f", got {value!r}"
        raise SettingsError(f"{name}: {error.args[0]}{got}") from None


def _names() -> str:
    return ", ".join(PREFIX + name for name in READERS)


def _database(value: str) -> Path:
    path = value.removeprefix("sqlite:///")
    if path == value or not path or path.startswith(":"):
        raise ValueError("must be like sqlite:///shanhuo.db or sqlite:////var/lib/shop.db")
    if Path(path).is_dir():
        raise ValueError("must name a file, not a folder")
    return Path(path)


def _catalogue(value: str) -> Path:
    path = Path(value)
    if path.suffix.lower() != ".toml":
        raise ValueError("must name a .toml file")
    if not path.is_file():
        raise ValueError("there is no such file")
    return path


def _operators(value: str) -> tuple[tuple[str, str], ...]:
    found = []
    for item in value.split(","):
        channel, _, person = item.strip().partition(":")
        if not CHANNEL.fullmatch(channel) or not person or " " in person:
            raise ValueError("must be like telegram:12345,telegram:67890")
        found.append((channel, person))
    return tuple(found)


def _listen(value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise ValueError("must be like 127.0.0.1:8080")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", host):
            raise ValueError("must be like 127.0.0.1:8080") from None
    return host, int(port)


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#@]+/?", value):
        raise ValueError("must be like https://shop.example")
    return value.rstrip("/")


def _token(value: str) -> str:
    if not re.fullmatch(r"[0-9]{1,19}:[A-Za-z0-9_-]{20,}", value):
        raise ValueError("must be as @BotFather gives it, like 123456:ABC…")
    return value


def _provider_token(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9:_-]{8,}", value):
        raise ValueError("must be as @BotFather gives it under Payments")
    return value


def _check_whole(account: str, parts: Iterable[str], values: Mapping[str, Any]) -> None:
    """An account of which a part is missing is no use, and notices of money need an address."""
    given = values.get(account)
    if not given:
        return
    missing = [f"{PREFIX}{account.upper()}_{name}" for name in parts if name not in given]
    if missing:
        raise SettingsError(f"{missing[0]}: is needed beside the other settings of that account")
    if account == "wechatpay" and not (values.get("web_address") or "").startswith("https:"):
        raise SettingsError(
            f"{PREFIX}WEB_ADDRESS: must be https for WeChat Pay to tell of payments"
        )


def _id(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_]{4,64}", value):
        raise ValueError("must be letters and digits, as the merchant platform shows it")
    return value


def _api_key(value: str) -> str:
    if len(value.encode()) != 32:
        raise ValueError("must be the APIv3 key of 32 characters")
    return value


def _pem(value: str) -> str:
    text = Path(value).read_text("ascii")
    if "-----BEGIN " not in text:
        raise ValueError("must name a .pem file")
    return text


def _currency(value: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError("must be an ISO 4217 code such as CNY")
    return value


def _timezone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("must be a time zone such as Asia/Shanghai") from None


# What a merchant's account consists of; the keys are files.
WECHATPAY: Mapping[str, Callable[[str], str]] = {
    "MCHID": _id,
    "APPID": _id,
    "SERIAL": _id,
    "PRIVATE_KEY": _pem,
    "API_KEY": _api_key,
    "PUBLIC_KEY": _pem,
    "PUBLIC_KEY_ID": _id,
}
KUAIDI100: Mapping[str, Callable[[str], str]] = {"CUSTOMER": _id, "KEY": _id}
ACCOUNTS = {"wechatpay": WECHATPAY, "kuaidi100": KUAIDI100}

# name without the prefix → the field, and what reads a value (raises ValueError)
READERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "DATABASE_URL": ("database", _database),
    "FILES": ("files", Path),
    "CATALOGUE": ("catalogue", _catalogue),
    "OPERATORS": ("operators", _operators),
    "WEB_LISTEN": ("web_listen", _listen),
    "WEB_ADDRESS": ("web_address", _address),
    "TELEGRAM_TOKEN": ("telegram_token", _token),
    "TELEGRAM_PROVIDER_TOKEN": ("telegram_provider_token", _provider_token),
    "TELEGRAM_API": ("telegram_api", _address),
    "TELEGRAM_WEBHOOK": ("telegram_webhook", _address),
    **{f"WECHATPAY_{name}": ("wechatpay", read) for name, read in WECHATPAY.items()},
    "WECHATPAY_API": ("wechatpay", _address),
    **{f"KUAIDI100_{name}": ("kuaidi100", read) for name, read in KUAIDI100.items()},
    "KUAIDI100_API": ("kuaidi100", _address),
    "CURRENCY": ("currency", _currency),
    "TIMEZONE": ("timezone", _timezone),
}
