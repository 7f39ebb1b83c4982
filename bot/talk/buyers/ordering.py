"""Making an order: after each message the next thing missing is asked for.

There is no script: the state is the draft and what was asked last, so messages may come in any
order and an interruption costs nothing.
"""

from __future__ import annotations

from zlib import crc32

import msgspec

from bot.language.addresses.recipient import Recipient
from bot.messages import Choice
from bot.shop import catalogue, follow_ups, order_notes, orders, price_cuts, vouchers
from bot.shop.catalogue import Product
from bot.shop.follow_ups import Changed
from bot.shop.orders import Already, Moved, NotAllowed, Order, Quote
from bot.shop.quotes import may_collect
from bot.shop.vouchers import Voucher
from bot.talk import bills, cards, goods_cards, notices
from bot.talk.buyers import drafting, goods_choices, recipients
from bot.talk.buyers.drafting import wants
from bot.talk.buyers.recipients import missing
from bot.talk.conversation import Draft, DraftLine
from bot.talk.sellers import offers
from bot.talk.turn import Turn

DIGITS_LEAST = 5  # a text with so many was meant as a phone number


def take(turn: Turn) -> None:
    """Fills the draft with what the message states and answers with what comes next."""
    drafting.fill(turn)
    proceed(turn)


def take_recipient(turn: Turn) -> bool:
    """Takes what the message tells of the recipient; False if it tells nothing."""
    if recipients.ask_door(turn):
        return True
    if not recipients.take(turn):
        return False
    drafting.take_way(turn)
    proceed(turn)
    return True


def mistyped_phone(turn: Turn) -> bool:
    """Asks again for a phone number that cannot be one; False if the message is none."""
    digits = sum(sign.isdigit() for sign in turn.text)
    letters = sum(sign.isalpha() for sign in turn.text)
    if turn.state.asked != "phone" or digits < DIGITS_LEAST or letters > digits:
        return False
    turn.say("order.bad-phone")
    return True


def proceed(turn: Turn) -> None:
    """Asks for the next thing missing, or shows the order to confirm."""
    draft, turn.state.stocked = turn.state.draft, False
    draft.lines = [line for line in draft.lines if line.product in turn.catalogue.products]
    for line in draft.lines:
        grades = [grade.key for grade in turn.catalogue.products[line.product].grades]
        if len(grades) == 1:
            line.grade = grades[0]
        elif line.grade not in grades:
            line.grade = goods_cards.grade_on_sale(turn, line.product)
    if not draft.key:
        draft.key = turn.unit.token(64)
    if draft.pay_by not in turn.ways:
        draft.pay_by = turn.ways[0]
    if not _may_pay_by(turn, draft.pay_by):
        draft.pay_by = turn.ways[0]
        turn.say("change.no-cod", number=draft.replaces)
    _tell_shortages(turn)
    unfinished = [line for line in draft.lines if line.grade is None or not line.quantity]
    if not draft.lines:
        ask_product(turn)
    elif unfinished:
        _tell_missed(turn)
        _ask_line(turn, unfinished[0])
    else:
        _ask_recipient_or_confirm(turn)


def _tell_shortages(turn: Turn) -> None:
    """Tells at once of everything that is not there, and takes it off the draft."""
    draft = turn.state.draft
    told: list[str] = []
    choices: list[Choice] = []
    for line in list(draft.lines):
        product = turn.catalogue.products[line.product]
        if line.grade is None:
            there = sum(goods_cards.available(turn, product, g.key) for g in product.grades)
            wanted = 1
        else:
            there = goods_cards.available(turn, product, line.grade)
            wanted = catalogue.amount(product, line.quantity, line.unit) or 1
        if wanted <= there and there >= product.minimum:
            continue
        if there < product.minimum:
            draft.lines.remove(line)
            told.append(_gone(turn, product, line.grade or ""))
            choices += _other_grades(turn, product, line.grade)
            continue
        limited = line.grade is not None and product.grade(line.grade).most == there
        told.append(
            turn.words(
                "flash.short-line" if limited else "order.short-line",
                name=turn.name(product, line.grade or ""),
                there=turn.quantity(product, there, product.unit),
            )
        )
        choices.append(
            goods_choices.quantity_choice(turn, product, line.grade or "", there, product.unit)
        )
        line.quantity, line.unit = 0, ""
    if told:
        turn.say("order.short", lines="\n".join(told), choices=tuple(choices))


def _tell_missed(turn: Turn) -> None:
    """Whoever wants a flash sale's price is told why it is not theirs."""
    goods = {(line.product, line.grade or "") for line in turn.state.draft.lines}
    told = goods_cards.missed(turn, goods, goods_cards.MISSED)
    if told and "flash-sale" in turn.reading.marks:
        turn.say("order.short", lines="\n".join(told))


def _gone(turn: Turn, product: Product, grade: str) -> str:
    """The sentence for what is not there at all: out of season, kept for a sale, or sold out."""
    if not goods_cards.in_season(turn, product):
        return turn.words(
            "order.not-yet", name=turn.name(product), season=goods_cards.season(turn, product)
        )
    grades = [grade] if grade else [each.key for each in product.grades]
    sale = goods_cards.kept_for(turn, product, grades)
    if sale:
        return goods_cards.kept_line(turn, product, sale)
    return turn.words("order.gone-line", name=turn.name(product, grade))


def _other_grades(turn: Turn, product: Product, grade: str | None) -> list[Choice]:
    if grade is None:
        return []
    return [
        turn.choice(
            "button.this",
            f"g:{product.key}:{other.key}",
            name=turn.name(product, other.key),
        )
        for other in product.grades
        if other.key != grade and goods_cards.available(turn, product, other.key)
    ]


def ask_product(turn: Turn) -> None:
    """Asks what it shall be."""
    turn.state.asked = "product"
    turn.say("order.ask-product", choices=goods_choices.product_choices(turn))


def _ask_line(turn: Turn, line: DraftLine) -> None:
    product = turn.catalogue.products[line.product]
    without = drafting.tell_beside(turn, line)
    turn.state.about = product.key
    if line.grade is None:
        turn.state.asked = "grade"
        choices = goods_choices.grade_choices(turn, product) + without
        turn.say("order.ask-grade", name=turn.name(product), choices=choices)
        return
    turn.state.asked = "quantity"
    turn.say(
        drafting.how_much(turn, product),
        name=turn.name(product, line.grade),
        vague=turn.reading.vague,
        choices=goods_choices.quantity_choices(turn, product, line.grade) + without,
    )


def _ask_recipient_or_confirm(turn: Turn) -> None:
    draft = turn.state.draft
    if draft.recipient == Recipient():
        last = orders.last_of(turn.unit.db, turn.chat.person.id)
        if last:
            draft.recipient = last.recipient
    slot = missing(draft.recipient)
    if slot:
        _tell_missed(turn)
        _ask_recipient(turn, slot)
    else:
        show(turn)


def _ask_recipient(turn: Turn, slot: str) -> None:
    draft, turn.state.asked = turn.state.draft, slot
    lines = [drafting.line_text(turn, line) for line in draft.lines]
    abroad = slot == "region" and recipients.is_abroad(draft.recipient)
    id = f"order.ask-{slot}-abroad" if abroad else f"order.ask-{slot}"
    turn.say(id, goods=turn.locales.joined(turn.language, lines))


def show(turn: Turn, id: str = "order.confirm") -> None:
    """The order to confirm, with all its defaults; or why it can't be sent so."""
    draft, quote = turn.state.draft, quoted(turn)
    card = cards.quote_card(turn, quote, _voucher(turn), is_stale=id == "order.changed")
    of_change = "-change" if draft.replaces else ""
    edit = (
        turn.choice("button.change-address", f"addr:{draft.key}"),
        turn.choice(f"button.drop{of_change}", f"drop:{draft.key}"),
    )
    if quote.problems:
        turn.state.asked = "street"
        if "cod-not-there" in quote.problems:
            draft.pay_by = turn.ways[0]
            turn.say("order.problem-cod-not-there")
            return show(turn, id)
        turn.say(f"order.problem-{quote.problems[0]}", card=card, choices=edit)
        return
    turn.state.asked = "confirm"
    if drafting.is_unchanged(turn):
        choices = (*_other_ways(turn), *edit)
        turn.say("change.ask", number=draft.replaces, card=card, choices=choices)
        return
    yes = turn.choice(f"button.confirm{of_change}", f"ok:{draft.key}:{_version(draft, quote)}")
    turn.say(id, card=card, choices=(yes, *_other_ways(turn), *edit))


def tell_total(turn: Turn) -> bool:
    """What the draft comes to, and then what it lacks; False when other goods are asked about, or
    the talk has turned to them."""
    draft, said = turn.state.draft, turn.reading.lines
    goods = {line.product for line in draft.lines}
    asked = {line.product for line in said} if "total" in turn.reading.marks else {turn.state.about}
    finished = all(line.grade is not None and line.quantity for line in draft.lines)
    if not draft.lines or not finished or any(line.quantity for line in said):
        return False
    if asked - {None, "", *goods} or ("total" not in turn.reading.marks and said):
        return False
    known, there = draft.recipient, recipients.place_said(turn)
    if missing(known) or there:
        draft.recipient = there or known
        turn.say("order.so-far", card=cards.quote_card(turn, quoted(turn), _voucher(turn)))
        draft.recipient = known
    proceed(turn)
    return True


def _other_ways(turn: Turn) -> tuple[Choice, ...]:
    """Buttons to pay the other ways that are offered where it goes."""
    draft = turn.state.draft
    on_delivery = may_collect(turn.catalogue, draft.recipient)
    return tuple(
        turn.choice(f"button.pay-{way}", f"pay:{draft.key}:{way}")
        for way in turn.ways
        if way != draft.pay_by and (way != "cod" or on_delivery) and _may_pay_by(turn, way)
    )


def _may_pay_by(turn: Turn, way: str) -> bool:
    """Whether the draft can be paid so: not on delivery where it is paid, in part at least."""
    replaced = turn.replaced
    return replaced is None or follow_ups.may_pay_by(turn.unit, replaced, way)


def _version(draft: Draft, quote: Quote) -> str:
    """What is confirmed, as eight hexadecimal digits: goods, recipient, way to pay and total."""
    shown = (draft.lines, draft.recipient, draft.pay_by, quote.total_minor)
    return f"{crc32(msgspec.json.encode(shown)):08x}"


def confirm(turn: Turn, key: str, version: str | None = None) -> None:
    """Places the draft. A stale or repeated button places nothing and says what is so now."""
    draft = turn.state.draft
    existing = orders.by_key(turn.unit.db, key)
    if existing and existing.person_id == turn.chat.person.id:
        turn.say(
            "order.already",
            number=existing.number,
            state=turn.words(f"state.{existing.state}"),
            card=cards.order_card(turn, existing),
        )
    elif key != draft.key or not draft.lines:
        stale(turn)
    elif any(line.grade is None or not line.quantity for line in draft.lines):
        proceed(turn)
    elif missing(draft.recipient):
        proceed(turn)
    else:
        quote = quoted(turn)
        if quote.problems:
            show(turn)
        elif version is not None and version != _version(draft, quote):
            show(turn, "order.changed")
        else:
            _place(turn)


def quoted(turn: Turn) -> Quote:
    """What the draft costs as far as it is known."""
    draft = turn.state.draft
    return orders.quote(
        turn.catalogue,
        wants(draft),
        draft.recipient,
        turn.language,
        pay_by=draft.pay_by,
        voucher=_voucher(turn),
        cuts=price_cuts.to_carry(turn.unit.db, turn.besides),
    )


def _voucher(turn: Turn) -> Voucher | None:
    """The draft's voucher, if it can (still) be used."""
    code, person = turn.state.draft.voucher, turn.chat.person
    return vouchers.usable(turn.unit, code, person.id, besides=turn.besides)


def _place(turn: Turn) -> None:
    draft, before = turn.state.draft, turn.replaced
    if before:
        with offers.told_when_off(turn, before):
            return _change(turn, before)
    placed = orders.place(
        turn.unit,
        turn.catalogue,
        key=draft.key,
        chat=turn.chat,
        wants=wants(draft),
        recipient=draft.recipient,
        pay_by=draft.pay_by,
        language=turn.language,
        voucher=_voucher(turn),
    )
    if isinstance(placed, list):
        return proceed(turn)
    drafting.keep_voucher(turn, placed.order)
    turn.state.draft, turn.state.asked = Draft(), ""
    if isinstance(placed, Already):
        return
    order_notes.keep(turn.unit, placed.order, draft.note)
    tell_placed(turn, placed)


def _change(turn: Turn, before: Order) -> None:
    """Places the draft in the place of an order, if that can still be changed."""
    draft, was_open = turn.state.draft, bills.is_open(turn, before)
    try:
        placed = follow_ups.change(
            turn.unit,
            turn.catalogue,
            before,
            key=draft.key,
            chat=turn.chat,
            wants=wants(draft),
            recipient=draft.recipient,
            pay_by=draft.pay_by,
            language=turn.language,
            by=turn.chat.person,
            voucher=_voucher(turn),
        )
    except NotAllowed:
        draft.replaces = ""
        turn.say("change.too-late", number=before.number, card=cards.order_card(turn, before))
        return show(turn)
    if isinstance(placed, list):
        return proceed(turn)
    drafting.keep_voucher(turn, placed.order)
    turn.state.draft, turn.state.asked = Draft(), ""
    if isinstance(placed, Changed):
        order_notes.set_to(turn.unit, placed.order, draft.note)
        if was_open:
            bills.close(turn, before)
        turn.say("change.done", number=before.number)
        bills.changed(turn, placed)
        notices.changed(turn, before, placed)


def tell_placed(turn: Turn, placed: Moved) -> None:
    """The order's number and how to pay; the staff are told."""
    bills.placed(turn, placed.order)
    notices.moved(turn, placed)


def stale(turn: Turn) -> None:
    """A button of something that is over: says what is so now."""
    if turn.state.draft.lines:
        turn.say("stale.button")
        proceed(turn)
    else:
        turn.say("stale.nothing", choices=(turn.choice("button.orders", "orders"),))


def drop(turn: Turn) -> None:
    """Forgets the draft."""
    replaces = turn.state.draft.replaces
    turn.state.draft, turn.state.asked, turn.state.pending = Draft(), "", None
    turn.say("change.dropped" if replaces else "order.dropped", number=replaces)


def change_address(turn: Turn) -> None:
    """Asks for another recipient."""
    turn.state.draft.recipient = Recipient()
    turn.state.asked = "recipient"
    turn.say("order.ask-address")


def pay_by(turn: Turn, way: str) -> None:
    """Another way to pay for the draft."""
    if way in turn.ways:
        turn.state.draft.pay_by = way
    proceed(turn)


def choose(turn: Turn, key: str, grade: str, quantity: int = 0, unit: str = "") -> None:
    """A grade or a quantity chosen by a button."""
    product = turn.product(key)
    if product is None or not any(each.key == grade for each in product.grades):
        return stale(turn)
    drafting.choose(turn, product, grade, quantity, unit)
    proceed(turn)


def again(turn: Turn, order: Order | None, to: Recipient | None = None) -> None:
    """The same goods to the same address as an earlier order, or to another one."""
    if order is None or order.person_id != turn.chat.person.id:
        turn.say("order.nothing-to-repeat", choices=goods_choices.product_choices(turn))
        return
    turn.state.draft = Draft(
        lines=[
            DraftLine(line.product, line.grade, line.quantity, line.unit) for line in order.lines
        ],
        recipient=order.recipient if to is None else to,
        pay_by=order.pay_by,
        note=order_notes.of(turn.unit.db, order.id),
    )
    if to == Recipient():
        _ask_recipient(turn, "recipient")  # the last one is not meant
    else:
        proceed(turn)


def back(turn: Turn) -> None:
    """One step back: forgets what was answered last and asks for it again."""
    draft, asked = turn.state.draft, turn.state.asked
    if not draft.lines:
        turn.state.asked = ""
        turn.say("back.nothing", choices=goods_choices.product_choices(turn))
        return
    line = draft.lines[-1]
    if asked == "confirm":
        return change_address(turn)
    if asked in recipients.SLOTS:
        line.quantity, line.unit = 0, ""
    elif asked == "quantity" and len(turn.catalogue.products[line.product].grades) > 1:
        line.grade = None
    else:
        draft.lines.pop()
    proceed(turn)
