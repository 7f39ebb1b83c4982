from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, read_settings

NOWHERE = Path("no-such.env")


def test_without_settings_it_is_the_shop_of_a_fresh_checkout() -> None:
    assert read_settings({}, NOWHERE) == Settings()
    assert Settings().web_listen == ("127.0.0.1", 8080)
    assert str(Settings().timezone) == "Asia/Shanghai"


def test_the_environment_wins_over_the_file_and_others_variables_are_let_be(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# a shop\nSHANHUO_CURRENCY=USD\nexport SHANHUO_TIMEZONE='Europe/Berlin'\nOTHER=1\n"
    )
    settings = read_settings({"SHANHUO_CURRENCY": "CNY", "PATH": "x"}, file)
    assert (settings.currency, str(settings.timezone)) == ("CNY", "Europe/Berlin")


def test_files_lie_beside_the_database_unless_they_have_a_place() -> None:
    beside = read_settings({"SHANHUO_DATABASE_URL": "sqlite:////data/shop.db"}, NOWHERE)
    assert beside.database == Path("/data/shop.db")
    assert beside.files == Path("/data/shop-files")
    assert read_settings({"SHANHUO_FILES": "pictures"}, NOWHERE).files == Path("pictures")


def test_an_empty_variable_is_not_set() -> None:
    assert read_settings({"SHANHUO_CURRENCY": " "}, NOWHERE).currency is None


def test_values_are_read_into_their_types() -> None:
    settings = read_settings(
        {
            "SHANHUO_WEB_LISTEN": "[::1]:0",
            "SHANHUO_WEB_ADDRESS": "https://shop.example/",
            "SHANHUO_OPERATORS": "telegram:12345, telegram:67890",
        },
        NOWHERE,
    )
    assert settings.web_listen == ("::1", 0)
    assert settings.web_address == "https://shop.example"
    assert settings.operators == (("telegram", "12345"), ("telegram", "67890"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "shanhuo.db"),
        ("DATABASE_URL", "postgresql://shop"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:////"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("CATALOGUE", "no-such.toml"),
        ("CATALOGUE", "pyproject.json"),
        ("OPERATORS", "12345"),
        ("OPERATORS", "telegram:"),
        ("WEB_LISTEN", "8080"),
        ("WEB_LISTEN", "127.0.0.1:web"),
        ("WEB_LISTEN", "127.0.0.1:65536"),
        ("WEB_LISTEN", "-:80"),
        ("WEB_ADDRESS", "shop.example"),
        ("WEB_ADDRESS", "https://shop.example/path"),
        ("CURRENCY", "yuan"),
        ("TIMEZONE", "Asia/Nowhere"),
        ("TIMEZONE", "../etc/passwd"),
        ("TELEGRAM_TOKEN", "1"),
        ("DATABASE_URI", "sqlite:///x.db"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_in_one_line(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({f"SHANHUO_{name}": value}, NOWHERE)
    assert str(caught.value).startswith(f"SHANHUO_{name}: ")
    assert "\n" not in str(caught.value)


def test_a_broken_line_of_the_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SHANHUO_CURRENCY=CNY\n'SHANHUO_FILES\n")
    with pytest.raises(SettingsError, match="line 2"):
        read_settings({}, file)


def account(tmp_path: Path) -> dict[str, str]:
    """All that WeChat Pay needs."""
    key = tmp_path / "key.pem"
    key.write_text("-----BEGIN PRIVATE KEY-----\n")
    given = {
        "MCHID": "1900000001",
        "APPID": "wxd678efh567hg6787",
        "SERIAL": "5157F09EFDC096DE",
        "PRIVATE_KEY": str(key),
        "API_KEY": "0123456789abcdef0123456789abcdef",
        "PUBLIC_KEY": str(key),
        "PUBLIC_KEY_ID": "PUB_KEY_ID_01",
    }
    named = {f"SHANHUO_WECHATPAY_{name}": value for name, value in given.items()}
    return {**named, "SHANHUO_WEB_ADDRESS": "https://shop.example"}


def test_an_account_is_read_whole(tmp_path: Path) -> None:
    settings = read_settings(account(tmp_path), NOWHERE)
    assert settings.wechatpay["MCHID"] == "1900000001"
    assert settings.wechatpay["PRIVATE_KEY"].startswith("-----BEGIN")
    assert "0123456789abcdef" not in repr(settings)


@pytest.mark.parametrize(
    "name", ["WECHATPAY_MCHID", "WECHATPAY_PUBLIC_KEY_ID", "WECHATPAY_API_KEY", "WEB_ADDRESS"]
)
def test_a_part_of_an_account_is_refused_and_what_is_missing_is_named(
    tmp_path: Path, name: str
) -> None:
    given = account(tmp_path)
    del given[f"SHANHUO_{name}"]
    with pytest.raises(SettingsError, match=f"SHANHUO_{name}"):
        read_settings(given, NOWHERE)


def test_a_secret_is_not_told_in_an_error(tmp_path: Path) -> None:
    given = account(tmp_path) | {"SHANHUO_WECHATPAY_API_KEY": "too-short-a-secret"}
    with pytest.raises(SettingsError) as error:
        read_settings(given, NOWHERE)
    assert "too-short-a-secret" not in str(error.value)
