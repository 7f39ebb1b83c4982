from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest

from tests.cli.shell import Shell

BUYER = "扎西 13800138000 四川省成都市武侯区人民南路四段27号3栋502"
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0:~\x9bU"
    b"\0\0\0\nIDATx\x9cc`\0\0\0\2\0\1H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82"
)


def place_order(shell: Shell, name: str = "") -> list[dict[str, object]]:
    """A buyer's whole way to a placed order; the choices' values are the shop's own."""
    answers = shell.chat("buyer", "要20根中等的虫草", BUYER, name=name)
    shown = [answer for answer in answers if answer.get("choices")][-1]
    confirm = next(
        choice["value"] for choice in shown["choices"] if choice["value"].startswith("ok:")
    )
    return shell.chat("buyer", {"choice": confirm}, name=name)


def test_help_names_every_command_and_every_setting(shell: Shell) -> None:
    shown = shell.well("--help")
    for word in (
        *("run", "chat", "understand", "address", "catalogue", "invite", "export", "check"),
        *("migrate", "backup", "restore", "SHANHUO_DATABASE_URL", "SHANHUO_WEB_LISTEN"),
    ):
        assert word in shown
    assert max(map(len, shown.splitlines())) <= 100
    assert shell.do("no-such-command").status == 2


def test_understand_says_what_it_read_without_making_a_shop(shell: Shell) -> None:
    out = shell.well("understand", "--json", said="虫草怎么卖\n要20根中等的虫草\n\nI like it\n")
    price, order, empty, _ = map(json.loads, out.splitlines())
    assert list(price) == [
        *("text", "language", "intent", "product", "quantity", "lines", "confidence", "why")
    ]
    assert price["text"] == "虫草怎么卖"
    assert (price["intent"], price["product"]) == ("price", "cordyceps")
    assert order["quantity"] == "20 pc"
    assert order["lines"] == [{"product": "cordyceps", "grade": "medium", "quantity": "20 pc"}]
    assert (empty["product"], empty["quantity"], empty["lines"]) == (None, None, [])
    assert "cordyceps" in shell.well("understand", said="虫草怎么卖\n")
    assert list(shell.folder.iterdir()) == []


def test_understand_answers_each_line_at_once(shell: Shell) -> None:
    with shell.start("understand", "--json") as process:
        assert process.stdin and process.stdout
        for text in ("有松茸吗", "糌粑多少钱"):
            process.stdin.write(text + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["text"] == text
        process.stdin.close()
        assert process.wait() == 0


def test_address_takes_written_newlines(shell: Shell) -> None:
    parts = BUYER.replace(" ", "\\n")
    out = shell.well("address", "--json", said=f"{BUYER}\n{parts}\n")
    one, other = map(json.loads, out.splitlines())
    assert one == other
    assert list(one) == ["name", "phone", "province", "city", "district", "detail", "country"]
    assert (one["name"], one["phone"], one["city"]) == ("扎西", "13800138000", "成都市")
    assert "四川省" in shell.well("address", said=BUYER)


def test_a_json_chat_answers_every_line_and_says_when_it_is_done(shell: Shell) -> None:
    answers = shell.chat("buyer", "虫草怎么卖", {"text": "包邮吗"}, {"choice": "products"})
    done = [place for place, answer in enumerate(answers) if answer == {"done": True}]
    assert len(done) == 3 and done[-1] == len(answers) - 1
    first = answers[0]
    assert first["to"] == "buyer" and first["language"] == "zh-Hans"
    assert {"label", "value"} == set(first["choices"][0])
    assert "handed_over" not in first


def test_what_is_no_message_is_an_error_and_the_chat_goes_on(shell: Shell) -> None:
    bad = ["{", "{}", '{"text": 1}', '{"say": "x"}', '{"choice": "x", "text": "y"}', "{" * 5000]
    answers = shell.chat("buyer", *bad, {"photo": "no-such.jpg"}, {"text": "half \ud83d"}, "你好")
    errors = [answer for answer in answers if "error" in answer]
    assert len(errors) == len(bad) + 1
    assert [answer for answer in answers if answer == {"done": True}] == [{"done": True}] * 9


def test_a_photo_reaches_the_shop_and_its_name_does_not(shell: Shell) -> None:
    Path(shell.folder, "me.png").write_bytes(PNG)
    Path(shell.folder, "me.txt").write_text("no picture")
    answers = shell.chat("buyer", {"photo": "me.png"}, {"photo": "me.txt"})
    assert "error" not in answers[0] and "error" in answers[-2]
    digest = hashlib.sha256(PNG).hexdigest()
    files = {path.name: path for path in Path(shell.folder, "shanhuo-files").rglob("*.*")}
    assert files == {}  # No name of the sender's, no ending: only digests.
    assert Path(shell.folder, "shanhuo-files", digest[:2], digest).read_bytes() == PNG


def test_a_person_sees_text_numbers_and_what_was_said_before(shell: Shell) -> None:
    shown = shell.well("chat", "--as", "buyer", "--name", "卓玛", said="虫草怎么卖\n\n")
    assert "\n1. " in shown and "{" not in shown
    again = shell.well("chat", "--as", "buyer", "--name", "卓玛")
    assert again.startswith("> 虫草怎么卖\n")
    assert shell.well("chat", "--as", "buyer", "--name", "另一位") == ""


def test_each_name_is_a_person_and_hears_only_what_is_for_them(shell: Shell) -> None:
    with shell.start("chat", "--as", "seller", "--json") as seller:
        assert seller.stdin and seller.stdout
        seller.stdin.write("你好\n")
        seller.stdin.flush()
        while json.loads(seller.stdout.readline()) != {"done": True}:
            pass
        answers = place_order(shell, "卓玛")
        assert {answer.get("to", "卓玛") for answer in answers} == {"卓玛"}
        said = shell.chat("buyer", "已转账", name="卓玛")
        assert said[-1] == {"done": True}
        told = json.loads(seller.stdout.readline())
        assert told["to"] == "seller"
        seller.stdin.close()
        assert seller.wait() == 0


def test_orders_are_exported_by_day(shell: Shell) -> None:
    place_order(shell)
    shell.well("export", "orders", "all.csv")
    table = Path(shell.folder, "all.csv").read_text("utf-8-sig").splitlines()
    rows = list(csv.DictReader(table))
    assert [(row["product"], row["grade"], row["quantity"], row["unit"]) for row in rows] == [
        ("cordyceps", "medium", "20", "pc")
    ]
    assert "0 rows" in shell.well("export", "orders", "--to", "2020-01-01", "old.csv")
    assert "1 rows" in shell.well("export", "orders", "--from", "2020-01-01", "new.xlsx")
    wrong = shell.do("export", "orders", "--from", "2026-02-02", "--to", "2026-01-01", "x.csv")
    assert "--from" in wrong.complaint
    assert ".csv" in shell.do("export", "orders", "x.pdf").complaint
    assert shell.do("export", "orders", "--from", "yesterday", "x.csv").status == 2
    assert not Path(shell.folder, "x.csv").exists()


def test_every_table_is_written(shell: Shell) -> None:
    place_order(shell)
    for name in ("cash", "stock", "books", "packing", "labels"):
        for suffix in ("csv", "xlsx"):
            assert "rows" in shell.well("export", name, f"{name}.{suffix}")
            assert Path(shell.folder, f"{name}.{suffix}").stat().st_size > 50
    head = Path(shell.folder, "stock.csv").read_text("utf-8-sig").splitlines()[0]
    assert head == "时间,货品,规格,批次,农户,事项,数量,单位,订单,经手人,说明,保质期至"


def test_the_catalogue_goes_out_and_comes_back(shell: Shell) -> None:
    for name in ("c.toml", "c.csv", "c.xlsx"):
        shell.well("catalogue", "export", name)
    assert not shell.database.exists()
    assert "version 1" in shell.well("catalogue", "import", "c.toml")
    assert "version 2" in shell.well("catalogue", "import", "c.csv")
    assert "version 3" in shell.well("catalogue", "import", "c.xlsx")
    before = Path(shell.folder, "c.toml").read_text()
    shell.well("catalogue", "export", "again.toml")
    assert [line for line in before.splitlines() if not line.startswith("stock")] == [
        line
        for line in Path(shell.folder, "again.toml").read_text().splitlines()
        if not line.startswith("stock")
    ]
    shell.well("check")


def test_a_broken_catalogue_is_told_line_by_line_and_changes_nothing(shell: Shell) -> None:
    shell.well("catalogue", "export", "c.toml")
    good = Path(shell.folder, "c.toml").read_text()
    shell.well("catalogue", "import", "c.toml")
    before = shell.digest()
    Path(shell.folder, "bad.toml").write_text(good.replace("fresh = ", "fresk = "))
    done = shell.do("catalogue", "import", "bad.toml")
    assert done.status == 1 and done.out == ""
    assert len(done.err.splitlines()) > 2
    assert all(line.startswith("shanhuo: bad.toml: line ") for line in done.err.splitlines())
    assert "no-such.toml" in shell.do("catalogue", "import", "no-such.toml").complaint
    assert shell.digest() == before


def test_a_new_shop_with_a_broken_catalogue_is_not_begun(shell: Shell) -> None:
    Path(shell.folder, "bad.toml").write_text("[shop]\n")
    shell.settings["CATALOGUE"] = "bad.toml"
    for command in (("run",), ("invite", "seller"), ("chat", "--as", "buyer")):
        done = shell.do(*command)
        assert done.status == 1 and "bad.toml: line 1" in done.err
    assert not shell.database.exists()


def test_a_catalogue_in_another_currency_is_refused(shell: Shell) -> None:
    shell.settings["CURRENCY"] = "USD"
    assert "SHANHUO_CURRENCY" in shell.do("invite", "seller").complaint
    assert not shell.database.exists()


def test_invites_are_links_for_staff(shell: Shell) -> None:
    shell.settings["WEB_ADDRESS"] = "https://shop.example"
    one, other = (shell.well("invite", role) for role in ("seller", "operator"))
    assert one.startswith("https://shop.example/i/") and one != other
    assert shell.do("invite", "king").status == 2


@pytest.mark.parametrize("command", ["run", "check", "understand", "migrate", "backup"])
def test_a_broken_setting_is_one_line_and_status_two(shell: Shell, command: str) -> None:
    shell.settings["WEB_LISTEN"] = "nowhere"
    file = ("x",) if command == "backup" else ()
    done = shell.do(command, *file)
    assert done.status == 2 and done.complaint.startswith("SHANHUO_WEB_LISTEN: ")
    assert list(shell.folder.iterdir()) == []
