"""The command line: `shanhuo`, also `python -m bot`."""

from __future__ import annotations

import os
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot import __version__, commands
from bot.settings import READERS, Settings, SettingsError, read_settings

FAILED = 1
MISUSED = 2
INTERRUPTED = 130
NAME_MAX = 64

# The tables of bot.shop.exports, which is not imported just to print help.
EXPORTS = {
    "orders": "write the placed orders, a row a line of an order",
    "sales": "write the placed orders, a row an order, with what was paid and given back",
    "cash": "write the money that came and went",
    "stock": "write all that came into the stock and left it",
    "books": "write the books in double entry",
    "packing": "write what is to be packed and sent, with addresses",
    "labels": "write the same for a program that prints labels",
}

ABOUT = """\
Shanhuo (山货) is a shop that lives in a chat: it answers buyers, takes orders, watches payments and
tells where the parcel is, in Chinese, Tibetan and English.

`shanhuo run` opens a shop in this folder and prints links for a buyer, a seller and an operator.
"""
SETTINGS = """\
Settings are environment variables, or lines NAME=value of a file .env in this folder:
  SHANHUO_DATABASE_URL  the database (sqlite:///shanhuo.db)
  SHANHUO_FILES         the folder for pictures (beside the database: shanhuo-files)
  SHANHUO_CATALOGUE     what a new shop sells, a .toml file (the demo shop)
  SHANHUO_OPERATORS     who else runs the shop, such as telegram:12345,telegram:67890
  SHANHUO_WEB_LISTEN    where the web chat listens (127.0.0.1:8080)
  SHANHUO_WEB_ADDRESS   how people reach it, such as https://shop.example (as it listens)
  SHANHUO_TELEGRAM_TOKEN    of a bot, from @BotFather: the shop is on Telegram too (none)
  SHANHUO_TELEGRAM_API      another Bot API server (https://api.telegram.org)
  SHANHUO_TELEGRAM_PROVIDER_TOKEN  of a payment provider, from @BotFather (none)
  SHANHUO_TELEGRAM_WEBHOOK  where Telegram brings updates, such as https://shop.example (polled)
  SHANHUO_WECHATPAY_MCHID  a merchant's account with WeChat Pay: all of these, or none
  SHANHUO_WECHATPAY_APPID          the id of the app that it belongs to
  SHANHUO_WECHATPAY_SERIAL         of the merchant's certificate
  SHANHUO_WECHATPAY_PRIVATE_KEY    the file of its private key, apiclient_key.pem
  SHANHUO_WECHATPAY_API_KEY        the APIv3 key
  SHANHUO_WECHATPAY_PUBLIC_KEY     the file of WeChat Pay's public key, pub_key.pem
  SHANHUO_WECHATPAY_PUBLIC_KEY_ID  its id, PUB_KEY_ID_…
  SHANHUO_WECHATPAY_API  another server of theirs (https://api.mch.weixin.qq.com)
  SHANHUO_KUAIDI100_CUSTOMER  an account with Kuaidi100: parcels are followed there (none)
  SHANHUO_KUAIDI100_KEY       its key
  SHANHUO_KUAIDI100_API       another server of theirs (https://poll.kuaidi100.com)
  SHANHUO_CURRENCY      refuse a catalogue in another currency than this, such as CNY
  SHANHUO_TIMEZONE      the shop's time zone (Asia/Shanghai)
"""
assert all(f"SHANHUO_{name} " in SETTINGS for name in READERS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Whatever the terminal says, the shop speaks UTF-8.
            stream.reconfigure(encoding="utf-8", errors="replace")
    given = _parser().parse_args(arguments)
    try:
        return _obey(given)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read has gone. Python must not stumble over the rest when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _obey(given: Namespace) -> int:
    try:
        settings = read_settings()
    except SettingsError as error:
        return _tell(error, MISUSED)
    try:
        command: commands.Command = given.command
        return command(settings, given)
    except commands.Failure as error:
        return _tell(error, FAILED)
    except SettingsError as error:
        return _tell(error, MISUSED)
    except BrokenPipeError:
        raise
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        return _tell(f"{named}{error.strerror or error}", FAILED)
    except Exception as error:
        if not _expected(settings, error):
            raise
        return _tell(error, FAILED)


def _expected(settings: Settings, error: Exception) -> bool:
    """Whether an error's text says all that the operator needs; a bug deserves its traceback.

    Their rooms are imported only now that there is an error, so that commands start quickly.
    """
    from bot.shop.catalogue_fields import CatalogueErrors
    from bot.store.errors import StoreError

    if isinstance(error, CatalogueErrors):
        where = settings.catalogue or "the demo catalogue"
        error.add_note(str(where))
    return isinstance(error, CatalogueErrors | StoreError)


def _tell(error: object, status: int) -> int:
    where = "".join(f"{note}: " for note in getattr(error, "__notes__", ()))
    for line in str(error).splitlines():
        print(f"shanhuo: {where}{line}", file=sys.stderr)
    return status


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="shanhuo",
        usage="shanhuo [-h] [--version] COMMAND [...]",
        description=ABOUT,
        epilog=SETTINGS,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"shanhuo {__version__}")
    # The long metavar makes argparse leave enough room for the longest command's name.
    several = parser.add_subparsers(
        title="commands", metavar="COMMAND [...]", required=True, prog="shanhuo"
    )

    def add(name: str, command: commands.Command, about: str) -> ArgumentParser:
        added: ArgumentParser = several.add_parser(name, help=about, description=about)
        added.set_defaults(command=command)
        return added

    run = add("run", commands.run, "open the shop: serve all channels until stopped")
    run.add_argument(
        "--no-links",
        action="store_true",
        help="make and print no links, for output that is kept in a log",
    )
    _add_chat(add("chat", commands.chat, "chat with the shop here in the terminal"))
    for name, command, about in (
        ("understand", commands.understand, "lines in; out: what the shop reads in each, and why"),
        ("address", commands.address, "lines in; out: the delivery address in each"),
    ):
        add(name, command, about).add_argument("--json", action="store_true", help="as JSON")
    _add_catalogue(several.add_parser("catalogue", help="what the shop sells: import, export"))
    invite = add("invite", commands.invite, "print a one-time link that gives a role")
    invite.add_argument("role", choices=("seller", "operator"))
    _add_export(
        several.add_parser("export", help="tables for a spreadsheet: orders, money, stock, books")
    )
    check = add("check", commands.check, "check settings, texts and the database")
    check.add_argument("--retry", action="store_true", help="take up events that failed")
    add("migrate", commands.migrate, "bring the database up to this version")
    backup = add("backup", commands.backup, "the whole shop into one file, while it runs or not")
    restore = add("restore", commands.restore, "put a backup in the place of the shop")
    for parser_with_file in (backup, restore):
        parser_with_file.add_argument("file", type=Path, metavar="FILE")
    return parser


def _add_chat(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--as", dest="role", required=True, choices=("buyer", "seller", "operator"), help="who"
    )
    parser.add_argument("--name", type=_name, help="whose chat (the role's name)")
    parser.add_argument("--language", type=_language, help="zh-Hans, zh-Hant, bo or en, to begin")
    parser.add_argument(
        "--json",
        action="store_true",
        help='a line in is text, {"text": …}, {"choice": value} or {"photo": path}; '
        'a line out is a message, or {"done": true} after all answers to a line',
    )


def _add_catalogue(parser: ArgumentParser) -> None:
    several = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, command, about in (
        ("import", commands.catalogue_import, "make a file the catalogue, all of it or nothing"),
        ("export", commands.catalogue_export, "write the catalogue to a file"),
    ):
        added = several.add_parser(name, help=about, description=about)
        added.add_argument("file", type=Path, metavar="FILE", help=".toml, .csv or .xlsx")
        added.set_defaults(command=command)


def _add_export(parser: ArgumentParser) -> None:
    several = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, about in EXPORTS.items():
        table = several.add_parser(name, help=about, description=about)
        for option, bound, what in (("--from", "since", "first"), ("--to", "until", "last")):
            about = f"{what} day in the shop's time zone, such as 2026-08-01"
            table.add_argument(option, dest=bound, type=_day, metavar="D", help=about)
        table.add_argument("file", type=Path, metavar="FILE", help=".csv or .xlsx")
        table.set_defaults(command=commands.export, table=name)


def _name(value: str) -> str:
    if not (value.strip() and value.isprintable() and len(value) <= NAME_MAX):
        raise ArgumentTypeError(f"must be 1 to {NAME_MAX} printable characters")
    return value


def _language(value: str) -> str:
    tag = value.replace("_", "-")
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?", tag):
        raise ArgumentTypeError("must be a tag such as zh-Hans, zh-Hant, bo or en")
    return tag


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ArgumentTypeError(f"must be a day such as 2026-08-01, not {value!r}") from None


if __name__ == "__main__":
    sys.exit(main())
