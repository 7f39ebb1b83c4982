"""Tables for a spreadsheet: orders, money, stock and the books of a period, what is to pack.

Money is in minor units. Every table's sums are those of the books and of the stock: `cash` sums to
the cash accounts, `stock` to what is on hand, `books` to zero.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from bot.language.addresses.divisions_names import in_traditional
from bot.language.locales import Locales
from bot.shop import accounts, catalogue, order_notes, orders, parts, stock, todos
from bot.shop.catalogue import Catalogue
from bot.shop.orders import Order, OrderLine, State
from bot.shop.tables import Cell, write_table, write_workbook
from bot.shop.todos import Kind
from bot.store import queries

_sql = queries.load(__file__)

Rows = list[tuple[Cell, ...]]

# The columns of `orders` are an interface; people read the others, and LINES in its place.
COLUMNS = (
    "order",
    "status",
    "product",
    "grade",
    "quantity",
    "unit",
    "total_minor",
    "currency",
    "name",
    "phone",
    "province",
    "city",
    "district",
    "detail",
    "language",
    "placed_at",
)


class Period(Struct, frozen=True):
    """From one moment on, before another (UTC ms), each if one is given; as clocks of `zone` go."""

    begin: int | None = None
    end: int | None = None
    zone: tzinfo = UTC

    @property
    def bounds(self) -> dict[str, int | None]:
        """What queries take."""
        return {"from_ms": self.begin, "to_ms": self.end}

    def moment(self, ms: int) -> str:
        """A time as people read it."""
        return f"{datetime.fromtimestamp(ms // 1000, self.zone):%Y-%m-%d %H:%M:%S}"


ALWAYS = Period()
RowsOf = Callable[[sqlite3.Connection, Period], Rows]


class Table(Struct, frozen=True):
    """A table that can be written; the title is that of its sheet among others."""

    title: str
    columns: tuple[str, ...]
    rows: RowsOf


def order_rows(db: sqlite3.Connection, period: Period = ALWAYS) -> Rows:
    """The lines of all orders placed in a period, the oldest first.

    The cells are those of COLUMNS. `total_minor` is the line's own total, so that the column sums
    to what goods were sold for; shipping is in no row. `placed_at` is ISO 8601 in UTC.
    """
    rows = _sql.order_rows(db, **period.bounds)
    return [(*list(row)[:-1], _utc(row["placed_at"])) for row in rows]


# What the tables say in Chinese, as those who keep a shop's books in China read them.
CHINESE: Mapping[str, str] = {
    "placed": "待付款",
    "confirmed": "待打包",
    "packing": "已打包",
    "paid": "收款",
    "taken back": "撤回收款",
    "short": "货到付款没收齐",
    "moved": "转记他单",
    "shipped": "发货",
    "delivered": "送达",
    "returning": "退回中",
    "returned": "已退回",
    "sent in part": "部分发货",
    "in part": "部分发货",
    "cancelled": "取消",
    "expired": "超时关闭",
    "changed": "改单转款",
    "refund_due": "待退款",
    "refunded": "已退款",
    "refund agreed": "同意部分退款",
    "refund withdrawn": "退款取消",
    "refund sent": "已退部分款",
    "bought": "收购",
    "household": "付农户",
    "opening": "期初",
    "unmatched": "未对上的收款",
    "in": "入库",
    "sale": "售出",
    "return": "退回入库",
    "lost": "报损",
    "given back": "退给农户",
    "spoiled": "退回但坏了",
    "not arrived": "没送到",
    "refused": "没收下",
    "found": "又送到了",
    "parcel lost": "丢件",
    "parcel back": "包裹退回",
    "parcel bad": "包裹退回但坏了",
    "parcel refused": "包裹没收下",
    "parcel found": "包裹又送到了",
    "called off in part": "取消剩下的",
    "discount": "减价",
    "cash:transfer": "现金:转账",
    "cash:cod": "现金:货到付款",
    "cash:wechatpay": "现金:微信支付",
    "cash:telegram": "现金:刷卡",
    "cash:notes": "现金:现钞",
    "cash:wechat": "现金:微信零钱",
    "notes": "现钞",
    "wechat": "微信零钱",
    "wechatpay": "微信支付",
    "telegram": "刷卡",
    "transfer": "转账",
    "cod": "货到付款",
    "buyer": "买家往来",
    "sales": "销售收入",
    "shipping": "运费收入",
    "refunds": "退款支出",
    "discounts": "优惠",
    "goods": "采购成本",
    "suspense": "待查款",
    "zh-Hans": "简体中文",
    "zh-Hant": "繁体中文",
    "bo": "藏文",
    "en": "英文",
}
# How an order stands, where the same word else says what happened.
_STANDING: Mapping[str, str] = {"shipped": "已发货", "delivered": "已送达", "cancelled": "已取消"}
_UNITS: Mapping[str, str] = {"g": "克", "pc": "", "box": "盒", "bag": "袋"}


def _dated(query: str, *codes: int, state: int = 0) -> RowsOf:
    """Rows of a query whose first column is a time; those of `codes` are put into Chinese, and so
    is how an order stands."""

    told = {**dict.fromkeys(codes, _in_chinese), **({state: _standing} if state else {})}

    def rows(db: sqlite3.Connection, period: Period) -> Rows:
        found = getattr(_sql, query)(db, **period.bounds)
        return [
            (
                period.moment(row[0]),
                *(told[n](row[n]) if n in told else row[n] for n in range(1, len(row))),
            )
            for row in found
        ]

    return rows


def _standing(state: str) -> str:
    return _STANDING.get(state) or _in_chinese(state)


def _moved(db: sqlite3.Connection, period: Period) -> Rows:
    """All that moved the stock, with the Chinese names of the goods and their units."""
    shop = catalogue.load(db)
    return [
        (
            period.moment(row[0]),
            *_names(shop, row["product"], row["grade"]),
            *(row[3], row[4], _in_chinese(row[5]), row[6]),
            _unit_of(shop, row["product"]),
            *(row[7], row[8], _in_chinese(row[9]), row[10]),
        )
        for row in _sql.stock_rows(db, **period.bounds)
    ]


def _unit_of(shop: Catalogue, key: str) -> str:
    """What amounts of a product are counted in; '' for what is sold no more."""
    product = shop.products.get(key)
    return (_UNITS[product.unit] or "个") if product else ""


def _in_chinese(code: str) -> str:
    if code.startswith(accounts.HOUSEHOLD):
        return f"应付农户:{code.removeprefix(accounts.HOUSEHOLD)}"
    if code.startswith(stock.UNDO):
        return "撤回"
    return CHINESE.get(code, code)


class ToPack(Struct, frozen=True):
    """An order that waits, with those of its lines that have not left; what the courier of these
    collects, in minor units; and what its buyer wishes besides."""

    order: Order
    due_minor: int
    note: str


def waiting(db: sqlite3.Connection) -> list[ToPack]:
    """What is paid for, is there and has not left, the oldest first."""
    ids = sorted(todos.ids(db, Kind.PACK) + todos.ids(db, Kind.SHIP))
    return [
        ToPack(
            replace(order, lines=parts.open_lines(db, order)),
            parts.due_with(db, order, parts.rest(db, order)),
            order_notes.of(db, order.id),
        )
        for id in ids
        if (order := orders.by_id(db, id))
    ]


def _to_pack(row: Callable[[Catalogue, ToPack], tuple[Cell, ...]]) -> RowsOf:
    """What waits now, whenever it was placed, an order a row; goods by their Chinese names."""

    def rows(db: sqlite3.Connection, _: Period) -> Rows:
        shop = catalogue.load(db)
        return [row(shop, each) for each in waiting(db)]

    return rows


def _packed(shop: Catalogue, each: ToPack) -> tuple[Cell, ...]:
    order, to = each.order, each.order.recipient
    place = "".join(dict.fromkeys((to.province, to.city, to.district, to.detail)))
    goods = "；".join(_goods(shop, line) for line in order.lines)
    country = to.country or "CN"
    return order.number, to.name, to.phone, place, country, goods, each.due_minor, each.note


def _label(shop: Catalogue, each: ToPack) -> tuple[Cell, ...]:
    """With the columns that programs for printing labels take."""
    order, to = each.order, each.order.recipient
    goods = "；".join(_goods(shop, line) for line in order.lines)
    grams = sum(
        line.amount * shop.products[line.product].weight
        for line in order.lines
        if line.product in shop.products
    )
    place = (to.province, to.city, to.district, to.detail, to.country or "CN")
    return (order.number, to.name, to.phone, *place, goods, grams, each.due_minor, each.note)


def _lines(db: sqlite3.Connection, period: Period) -> Rows:
    """The rows of `order_rows` in Chinese, with the shop's own time."""
    shop = catalogue.load(db)
    return [
        (
            row["number"],
            _standing(row["state"]),
            *_names(shop, row["product"], row["grade"]),
            row["quantity"],
            _UNITS[row["unit"]] or "个",
            *list(row)[6:14],
            CHINESE.get(row["language"], row["language"]),
            period.moment(row["placed_at"]),
        )
        for row in _sql.order_rows(db, **period.bounds)
    ]


def _names(shop: Catalogue, key: str, grade: str, name: str = "") -> tuple[str, str]:
    """The Chinese names of a product and its grade, or what was said of what is sold no more."""
    product, name = shop.products.get(key), name or key
    if product is None:
        return name, grade
    names = next((each.names for each in product.grades if each.key == grade and grade), {})
    return product.names.get("zh-Hans", name), names.get("zh-Hans", grade)


def _goods(shop: Catalogue, line: orders.OrderLine) -> str:
    names = _names(shop, line.product, line.grade, line.name)
    return " ".join(names).rstrip() + f" ×{line.quantity:,}{_UNITS[line.unit]}"


def _utc(ms: int) -> str:
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


TABLES: Mapping[str, Table] = {
    "orders": Table("orders", COLUMNS, order_rows),
    "sales": Table(
        "销售",
        (
            *("下单时间", "订单", "状态", "收件人"),
            *("货款（分）", "优惠（分）", "运费（分）", "应付（分）", "付款方式"),
            *("已收（分）", "已退（分）", "净收（分）", "币种", "备注"),
        ),
        _dated("sale_rows", 8, state=2),
    ),
    "cash": Table(
        "收支",
        ("时间", "事项", "订单", "方式", "金额（分）", "经手人"),
        _dated("cash_rows", 1, 3),
    ),
    "stock": Table(
        "库存流水",
        (
            "时间",
            "货品",
            "规格",
            "批次",
            "农户",
            "事项",
            "数量",
            "单位",
            "订单",
            "经手人",
            "说明",
            "保质期至",
        ),
        _moved,
    ),
    "books": Table(
        "分录",
        ("时间", "凭证", "事项", "科目", "金额（分）", "订单", "经手人"),
        _dated("book_rows", 2, 3),
    ),
    "packing": Table(
        "待打包",
        ("订单", "收件人", "电话", "地址", "国家", "货品", "代收（分）", "备注"),
        _to_pack(_packed),
    ),
    "labels": Table(
        "面单",
        (
            *("订单", "收件人", "电话", "省", "市", "区", "详细地址", "国家"),
            *("货品", "重量（克）", "代收（分）", "备注"),
        ),
        _to_pack(_label),
    ),
}

LINES = Table(
    "订单明细",
    (
        *("订单", "状态", "货品", "规格", "数量", "单位", "小计（分）", "币种"),
        *("收件人", "电话", "省", "市", "区", "详细地址", "语言", "下单时间"),
    ),
    _lines,
)
# What people get in a workbook.
SHEETS = tuple(LINES if name == "orders" else table for name, table in TABLES.items())


def write(path: Path, table: Table, rows: Rows) -> None:
    """Writes rows of a table as .csv or .xlsx, safe against formulas.

    Raises ValueError for another suffix or more rows than a sheet holds, and OSError; then no file
    is left that holds a part.
    """
    write_table(path, table.columns, rows)


def write_all(file: BinaryIO, db: sqlite3.Connection, period: Period) -> None:
    """Writes SHEETS of a period as one workbook.

    They agree with each other when `db` is in one transaction. Raises ValueError for too many rows.
    """
    write_workbook(file, ((each.title, each.columns, each.rows(db, period)) for each in SHEETS))


_TO_TICK = ("order", "status", "name", "phone", "place", "goods", "due", "note")


def write_waiting(file: BinaryIO, db: sqlite3.Connection, locales: Locales, language: str) -> None:
    """Writes what waits to be packed and sent: a list in a language, and the table for labels."""
    shop = catalogue.load(db)
    heads = [locales.text(language, f"packing.head-{head}") for head in _TO_TICK]
    rows = [_ticked(shop, each, locales, language) for each in waiting(db)]
    labels = TABLES["labels"]
    sheets = (
        (locales.text(language, "packing.list"), heads, rows),
        (locales.text(language, "packing.labels"), labels.columns, labels.rows(db, ALWAYS)),
    )
    write_workbook(file, sheets)


def _ticked(shop: Catalogue, each: ToPack, locales: Locales, language: str) -> tuple[Cell, ...]:
    """An order as who packs it reads it."""
    order, to = each.order, each.order.recipient
    region: Iterable[str] = (to.province, to.city, to.district)
    region = map(in_traditional, region) if language == "zh-Hant" else region
    country = "" if to.country in ("", "CN") else to.country
    place = " ".join(filter(None, ("".join(dict.fromkeys(region)), to.detail, country)))
    due = locales.money(language, each.due_minor, shop.currency)
    todo = "pack" if order.state is State.CONFIRMED else "ship"
    return (
        order.number,
        locales.text(language, f"todo.{todo}"),
        *(to.name, to.phone, place),
        "\n".join(_said_goods(shop, line, locales, language) for line in order.lines),
        due if order.pay_by == "cod" else "",
        each.note,
    )


def _said_goods(shop: Catalogue, line: OrderLine, locales: Locales, language: str) -> str:
    """Goods and how much of them, in a language."""
    product = shop.products.get(line.product)
    name = locales.choose(product.names, language) if product else line.name
    grade = next((g for g in product.grades if g.key == line.grade), None) if product else None
    label = locales.choose(grade.names, language) if grade else ""
    if label:
        name = locales.text(language, "name.graded", name=name, grade=label)
    counter = locales.counter(language, product.counter) if product else ""
    return f"{name} {locales.quantity(language, line.quantity, line.unit, counter)}"


def size(db: sqlite3.Connection, period: Period) -> tuple[int, int]:
    """How many orders were placed in a period, and how many rows its tables have at least."""
    found = _sql.size(db, **period.bounds)
    return found["orders"], found["lines"] + found["movements"] + found["postings"]
