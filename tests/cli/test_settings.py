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
