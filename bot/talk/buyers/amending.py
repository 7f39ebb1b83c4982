"""Wishes about goods that were named before: others in their place, less of them, more besides.

What cannot be understood with certainty is asked for, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from msgspec import structs

from bot.language import pairing
from bot.language.numerals import ENGLISH, HAN_NUMERALS, TIBETAN_NUMERAL
from bot.language.reading import Line, Reading
from bot.language.regex import regex
from bot.language.script import form_of
from bot.language.weighing import CONFIDENT
from bot.shop import catalogue
from bot.talk.buyers import drafting, rereading
from bot.talk.conversation import DraftLine
from bot.talk.turn import Turn

# 中号换成大号, swap half for large: what was before and what shall be. 10 large instead of it.
_SWAPS = tuple(
    regex(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"^(?P<before>.*)[改换換](?:[成为為做要]|(?=[大中小]))(?P<after>.*)$",
        r"\b(?:change|swap|switch|exchange|replace)\b(?P<before>.*?)"
        r"\b(?:to|for|with|into|by)\b(?P<after>.*)$",
        r"\bmake (?:it|that|them|my order)\b(?P<before>)(?P<after>.*)$",
        r"^(?P<after>.*)\b(?:instead of|rather than)\b(?P<before>.*)$",
        r"^(?P<before>)(?P<after>.*)\binstead\b",
        r"^(?P<before>.*)ཚབ་(?:ལ|ཏུ)་?(?P<after>.*)$",
        rf"^(?P<before>)(?P<after>.*(?:\d|་{TIBETAN_NUMERAL}))་?(?:[ལརསཏ]ུ?་)?(?:བརྗེ|བསྒྱུར|བཟོ)",
    )
)
# 还是要干的吧: of what is in the draft; behind an order it may be another wish.
_RATHER_THIS = regex(
    r"^(?P<before>)(?:算了|那|嗯|哦)?[\s,，]*(?:还是|還是|不如|\bi.?d rather (?:have|take)?\b)"
    r"(?P<after>[^吗嗎?？再加]+)$",
    re.IGNORECASE,
)
# 不是小号，是中号: not this but that.
_NOT_BUT = regex(
    r"(?:不是|\bnot )(?P<before>[^，,]{1,20})[，, ]+(?:而?是|but )?(?P<after>.+)$"
    r"|^(?P<no>.+?)་?(?:མིན|མ་རེད)[།་\s]+(?P<yes>.+)$",
    re.IGNORECASE | re.DOTALL,
)
# No, 3. 还是30吧: takes back an amount and says another, and nothing else.
_RATHER = regex(
    r"^(?:(?:(?:oh|oops|sorry|hm+|um+|uh|wait|nah|nope|actually|rather|better|hold on|let.?s say"
    r"|on second thoughts?|make (?:it|that))\b|no(?=,| [a-z])|还是|還是|不对|不對|不[，,]|错了|錯了"
    r"|算了|哦|噢|等等|等下|等一下|那就|不如|མ་རེད|མིན|ནོར་སོང|ནོར་འདུག)[\s,，。.!！…:：、།་—-]*)+"
    r"(?P<after>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = (
    rf"(?:\d{{1,4}}(?:\.\d{{1,2}})?|[{HAN_NUMERALS}]{{1,4}}|{TIBETAN_NUMERAL}"
    rf"|(?:{'|'.join(ENGLISH)})(?:[ -](?:{'|'.join(ENGLISH)}))?)"
)
_NUMBER_ALONE = regex(
    r"^(?:(?:make it|i want|i.?ll take|give me|just|only|it.?s|take|要|来|就|给我|改|成|拿|买)\s*)*"
    rf"་?{_NUMBER}(?:\s*(?:please|pls|then|now|吧|了|的|啦|呗|就好|就行|就?[够夠]|好了|得了"
    rf"|(?:will|is|are) (?:do|enough|fine|ok)|་?ཡིན་ན་འགྲིག|་?བཟོ|་?བྱེད|་?དགོས"
    rf"|་?རོགས|་?གནང|་?གཏོང|་?སྐུར|་?བསྐུར|་?དང|་?ཨང))*[\s.!།་]*$"
)
_REMARK_END = regex(
    r"[,，。.!！?？;；…།\n]+(?!\d)|(?<=[\u4e00-\u9fff\u0f0b-\u0fbc]) +|(?<=[多少贵貴大小]了)"
)
# 1斤可以吗: asks for so much, and not what that costs.
_MAY_IT_BE = regex(
    r"(?:可以|可不可以|行|行不行|好不好|好)[吗嗎么不]?[?？]*$|་?(?:བྱེད་ན་|ཡིན་ན་)?འགྲིག་(?:གས|གམ|གི་རེད་པས)[།་?\s]*$"
)
_AMOUNT_MAX = 30  # characters of an amount with its unit and grade
_OF_NO_GOODS = ("payment", "aftersales", "track", "shipping", "price", "stock")
_NUMBER_ASKED = ("recipient", "name")  # what no number alone answers
_SO_MANY = rf"\b(?:\d+(?:\.\d+)?|{'|'.join(ENGLISH)})"
_OFF = r"remove|take (?:off|out|away)|leave (?:out|off)"
# One bag less, remove 2 bags, take one bag off, 去掉一袋: and not one order of several.
_LESS = regex(
    r"少[要买買来來订訂拿返]|(?<!满)[减減]"
    r"|(?:少|[去拿扣撤删刪退]掉)\s*[\d一二两兩三四五六七八九十半](?![个個]?[单單订訂])"
    r"|\b(?:reduce|lower|cut)\b|\bfewer\b"
    rf"|(?:{_SO_MANY}|\ba) (?!bit |little |lot )(?:\w+ ){{0,3}}(?<!no )(?<!for )less\b(?! than)"
    rf"|\b(?:{_OFF}) {_SO_MANY} (?!(?:of )?(?:my |the |these )?(?:orders?|parcels?)\b)"
    rf"|\btake {_SO_MANY} (?:\w+ ){{1,3}}(?:off|out|away)\b"
    r"|\bless\b.{1,20}\b(?:just|only) (?:\d|one|two|three|four|five)\b|ཉུང་དུ|(?:^|་)ཕྲི"
    rf"|^(?!.*མངགས་ཐོ).*(?:\d|་{TIBETAN_NUMERAL})་?(?:ཕྱིར་)?(?:འཐེན|འདོར|བསུབ|སུབ)",
    re.IGNORECASE,
)
_JUST_ONE = regex(r"\b(?:just|only) one\b", re.IGNORECASE)
_DOWN_TO = regex(
    r"[减減]少?[到成至]|\b(?:reduce|lower|cut)\b.*\bto\b"
    rf"|\b(?:just|only)\b(?! (?:{_OFF}|take)\b)",
    re.IGNORECASE,
)
_OF_MONEY = regex(
    r"[满滿元块塊钱錢价價折]|优惠|優惠|便宜|\bprice\b|\bcost|\bmoney\b|\bcheap|གོང", re.IGNORECASE
)
_TIMES = {"halved": Fraction(1, 2), "twice": Fraction(2), "thrice": Fraction(3)}
_NOT_SO = regex(r"[不别別唔][用要使]?再?(?:翻|加倍|双倍|雙倍|[减減]半)")
_HALF = regex(r"一半|半数|半數|\bhalf\b|ཕྱེད་ཀ", re.IGNORECASE)
_ALL = regex(r"全|都|\ball\b|\bwhole\b|\beverything\b|ཚང་མ", re.IGNORECASE)

_Target = Line | int | Fraction


def may_be(turn: Turn) -> bool:
    """Whether a message wants others or less of goods that were named before."""
    if turn.state.draft.lines and (_factor(turn) or _NOT_SO.search(turn.text)):
        return True
    if _parts(turn) is not None:
        return True
    if turn.reading.money or "budget" in turn.reading.marks or _is_of_each(turn):
        return False
    swap = _swap(turn)
    if swap:
        return _says_goods(swap[1])
    wants_less = bool(_LESS.search(turn.text)) and not _OF_MONEY.search(turn.text)
    return wants_less and (_says_goods(turn.reading) or bool(turn.reading.vague))


def take(turn: Turn) -> bool:
    """Changes the lines of the draft so; False, with nothing changed, when it is not certain how.

    To be called only if `may_be`.
    """
    if _NOT_SO.search(turn.text):
        return False
    if factor := _factor(turn):
        return _multiply(turn, factor)
    if (parts := _parts(turn)) is not None:
        return _share_out(turn, parts)
    swap = _swap(turn)
    return _replace(turn, *swap) if swap else lessen(turn)


def _factor(turn: Turn) -> Fraction | None:
    """How many times what is there is wanted; None when the message does not say so."""
    reading = turn.reading
    counts = any(line.quantity for line in reading.lines) or reading.number not in (None, 2, 3)
    counts |= bool(_NOT_SO.search(turn.text))
    if is_of_else(reading) or counts or reading.money or _OF_MONEY.search(turn.text):
        return None
    return next((factor for mark, factor in _TIMES.items() if mark in reading.marks), None)


def _parts(turn: Turn) -> tuple[int, ...] | None:
    """By what parts that which is there goes to the grades that are named: 大的一半 中的一半."""
    lines = turn.reading.lines
    graded = len(lines) > 1 and all(line.grade and not line.quantity for line in lines)
    if not graded or turn.reading.number is not None:
        return None
    return pairing.shares(form_of(turn.text).text, len(lines))


def _share_out(turn: Turn, parts: Sequence[int]) -> bool:
    """Parts what is there of the goods so; False if not all of it can go to these grades."""
    said, draft = turn.reading.lines, turn.state.draft
    product = turn.product(said[0].product or "") or drafting.meant(turn, said[0])
    before = [line for line in draft.lines if product and line.product == product.key]
    goods = {line.product for line in said} - {None, product and product.key}
    if not product or goods or len({line.unit for line in before}) != 1:
        return False
    kept = {line.grade for line in before} - {None, *(line.grade for line in said)}
    split = pairing.parted(sum(line.quantity for line in before), parts)
    if split is None or (kept and len(before) > 1):
        return False
    place = draft.lines.index(before[0])
    draft.lines = [line for line in draft.lines if line not in before]
    for line, part in zip(reversed(said), reversed(split), strict=True):
        put(turn, DraftLine(product.key, line.grade, part, before[0].unit), place)
    return True


def is_of_else(reading: Reading) -> bool:
    return reading.confidence >= CONFIDENT and reading.intent in _OF_NO_GOODS


def _multiply(turn: Turn, factor: Fraction) -> bool:
    """So many times of the lines that are named, of all, or of the only one."""
    draft = turn.state.draft
    lines = named(turn, turn.reading) if turn.reading.lines else draft.lines
    if not lines or (len(lines) > 1 and not _ALL.search(turn.text)):
        return False
    for line in lines:
        product = turn.catalogue.products[line.product]
        there = catalogue.amount(product, line.quantity, line.unit) or 0
        if there * factor % 1 or not there:
            return False
        whole = line.quantity * factor % 1 == 0
        amount, unit = (line.quantity, line.unit) if whole else (there, product.unit)
        drafting.set_quantity(turn, line, int(amount * factor), unit)
    return True


def _just_one(turn: Turn) -> int | None:
    return 1 if _JUST_ONE.search(turn.text) else None


def take_amount(turn: Turn) -> bool:
    """So much of the only line of the draft that it can be about; False if there is no such."""
    return _replace(turn, turn.reader.read(""), turn.reading, "")


def _is_of_each(turn: Turn) -> bool:
    """Whether so much of each is said, which is no other product or grade."""
    reading = turn.reading
    plain = not any(line.product or line.grade for line in reading.lines)
    return "each" in reading.marks and plain and not reading.refused and not _LESS.search(turn.text)


def _says_goods(reading: Reading) -> bool:
    return bool(reading.lines) or drafting.number_of(reading) is not None


def _swap(turn: Turn) -> tuple[Reading, Reading, str] | None:
    """What is said of the goods before and of those after, and the words of the former."""
    if rather := _rather(turn):
        return turn.reader.read(""), rather, ""
    if not_but := _not_but(turn):
        return not_but
    for pattern in (*_SWAPS, _RATHER_THIS) if turn.state.draft.lines else _SWAPS:
        if found := pattern.search(turn.text):
            after = rereading.part(turn, found["after"])
            if pattern is not _RATHER_THIS or after.lines:
                return rereading.part(turn, found["before"]), after, found["before"]
    return None


def _not_but(turn: Turn) -> tuple[Reading, Reading, str] | None:
    """Not this but that, if this is in the draft or the order."""
    if other := _other_grade(turn):
        return other
    found = _NOT_BUT.search(turn.text)
    if found is None:
        return None
    words = found["before"] or found["no"]
    before = rereading.part(turn, words)
    after = rereading.part(turn, found["after"] or found["yes"])
    return (before, after, words) if named(turn, before) else None


def _other_grade(turn: Turn) -> tuple[Reading, Reading, str] | None:
    """A grade that is called off, for one that is not there yet: 中号不要了 大号."""
    reading, lines = turn.reading, turn.state.draft.lines
    off = [x.grade for x in lines if f"{x.product}/{x.grade}" in reading.unwanted]
    new = {line.grade for line in reading.lines} - {None}
    if len(off) != 1 or not new or new & {line.grade for line in lines}:
        return None
    nothing = turn.reader.read("")
    return structs.replace(nothing, lines=(Line(None, off[0], None),)), reading, ""


def _rather(turn: Turn) -> Reading | None:
    """The amount that is said instead of one before: alone, or where no address can be meant."""
    if said := behind_remark(turn):
        return said
    found = _RATHER.search(turn.text)
    text = found["after"] if found else turn.text
    after = rereading.part(turn, text)
    if _NUMBER_ALONE.search(form_of(text).text) and drafting.number_of(after) is not None:
        of_it = turn.state.about in {line.product for line in turn.state.draft.lines}
        return after if found or (of_it and turn.state.asked in _NUMBER_ASKED) else None
    counts = all(line.quantity and line.product is None for line in after.lines)
    asks = "ask" in after.found and after.intent in ("price", "product", "shipping")
    return (
        after
        if found and not asks and after.lines and counts and len(text) <= _AMOUNT_MAX
        else None
    )


def behind_remark(turn: Turn) -> Reading | None:
    """The amount or grade that is said behind a complaint of what was named: too much, half a kilo.

    A number alone, behind "too dear", is rather a price.
    """
    remarks = turn.reading.marks & {"too-much", "haggle"}
    if "too-much" not in remarks:
        return None
    said = _MAY_IT_BE.sub("", turn.text)
    text = [part for part in map(str.strip, _REMARK_END.split(said)) if part][-1]
    after = rereading.part(turn, text)
    named = {line.product for line in turn.reading.lines} - {None}
    if len(named) == len(after.lines) == 1 and after.lines[0].product is None:
        line = structs.replace(after.lines[0], product=named.pop())
        after = structs.replace(after, lines=(line,))
    if after.marks & {"too-much", "haggle"} or "ask" in after.found or after.money:
        return None
    if any(line.quantity or line.grade for line in after.lines):
        return after
    alone = "haggle" not in remarks and _NUMBER_ALONE.search(form_of(text).text)
    return after if alone and drafting.number_of(after) is not None else None


def _replace(turn: Turn, before: Reading, after: Reading, words: str) -> bool:
    draft = turn.state.draft
    targets = _targets(after)
    if before.lines or before.refused:
        sources = named(turn, before)
    elif after.refused:
        sources = [line for line in draft.lines if line.product in after.refused]
    elif _ALL.search(words):
        sources = list(draft.lines)
    else:
        pairs = [_only(turn, [target]) for target in targets]
        own = {id(found[0]) for found in pairs if len(found) == 1}
        if len(own) == len(targets) > 1:
            return all(_set(turn, pair[0], each) for pair, each in zip(pairs, targets, strict=True))
        sources = _only(turn, targets)
    if not sources and _put_instead(turn, targets):
        return True
    if not sources or (len(sources) > 1 and not _ALL.search(words)):
        return False
    share = _share(turn, sources[0], before, words)
    if share is None or (share and len(sources) > 1):
        return False
    number = drafting.number_of(after) if len(targets) == 1 else None
    source = sources[0] if share or len(targets) > 1 else _merged(turn, sources)
    lines = [_line(turn, source, target, share, number) for target in targets]
    if not all(lines):
        return False
    if share:
        product = turn.catalogue.products[sources[0].product]
        there = catalogue.amount(product, sources[0].quantity, sources[0].unit) or 0
        sources[0].quantity, sources[0].unit = there - share, product.unit
        place = len(draft.lines)
    else:
        place = draft.lines.index(sources[0])
        draft.lines = [each for each in draft.lines if each not in sources]
    for line in filter(None, reversed(lines)):
        put(turn, line, place)
    return True


def _merged(turn: Turn, sources: Sequence[DraftLine]) -> DraftLine:
    """All of these as one line, if they are counted alike: what is in their place is as much."""
    first = sources[0]
    if len({(line.unit, bool(line.quantity)) for line in sources}) != 1:
        return first
    return DraftLine(first.product, first.grade, sum(x.quantity for x in sources), first.unit)


def _put_instead(turn: Turn, targets: Sequence[_Target]) -> bool:
    """Goods in the place of some that are not in the draft, as when they were not to be had."""
    lines = [
        DraftLine(each.product, each.grade, each.quantity.amount, each.quantity.unit)
        if each.quantity
        else DraftLine(each.product, each.grade)
        for each in targets
        if isinstance(each, Line) and each.product
    ]
    if turn.state.draft.replaces or not lines or len(lines) < len(targets):
        return False
    for line in lines:
        put(turn, line, len(turn.state.draft.lines))
    return True


def _set(turn: Turn, line: DraftLine, target: _Target) -> bool:
    """Another amount or grade for a line."""
    changed = _line(turn, line, target, 0, None)
    if changed is None:
        return False
    line.grade = changed.grade
    drafting.set_quantity(turn, line, changed.quantity, changed.unit)
    return True


def _targets(after: Reading) -> list[_Target]:
    """What shall be in their place: a number alone counts what was there."""
    number = drafting.number_of(after)
    return list(after.lines) or ([number] if number is not None else [])


def named(turn: Turn, said: Reading) -> list[DraftLine]:
    """The lines of the draft that were named: all of a product if no grade was."""
    found = [line for line in turn.state.draft.lines if line.product in said.refused]
    for each in said.lines:
        for line in turn.state.draft.lines:
            fits = each.product in (None, line.product) and each.grade in (None, line.grade)
            if fits and line not in found and (each.quantity is None or _counts(turn, line, each)):
                found.append(line)
    return found


def _only(turn: Turn, targets: Sequence[_Target]) -> list[DraftLine]:
    """The only line of the draft that they can be about, or all that they may be about."""
    lines = turn.state.draft.lines
    said = [each for each in targets if isinstance(each, Line)]
    if len(lines) == 1 or not said:
        return list(lines)
    products = {each.product for each in said}
    if products == {None}:
        found = [line for line in lines if all(_may_count(turn, line, each) for each in said)]
        same = [line for line in found if line.grade and line.grade in {x.grade for x in said}]
        return same or found
    return [line for line in lines if line.product in products]


def _may_count(turn: Turn, line: DraftLine, said: Line) -> bool:
    product = turn.catalogue.products[line.product]
    has_grade = said.grade is None or any(each.key == said.grade for each in product.grades)
    return has_grade and (said.quantity is None or _counts(turn, line, said))


def _counts(turn: Turn, line: DraftLine, said: Line) -> bool:
    product, quantity = turn.catalogue.products[line.product], said.quantity
    return bool(quantity and catalogue.amount(product, quantity.amount, quantity.unit))


def _share(turn: Turn, source: DraftLine, before: Reading, words: str) -> int | None:
    """How much of a line is meant, in its product's unit: 0 is all of it; None is not certain."""
    product = turn.catalogue.products[source.product]
    there = catalogue.amount(product, source.quantity, source.unit) or 0
    if _HALF.search(words):
        return there // 2 if there and there % 2 == 0 else None
    said = next((line.quantity for line in before.lines if line.quantity), None)
    if said is None:
        return 0
    amount = catalogue.amount(product, said.amount, said.unit)
    if amount is None or not 0 < amount <= there:
        return None
    return amount if amount < there else 0


def _line(
    turn: Turn, source: DraftLine, target: _Target, share: int | None, number: int | Fraction | None
) -> DraftLine | None:
    """The line that takes the place of one, or of a share of it; None if there is no such."""
    if not isinstance(target, Line):
        counted = drafting.counted(
            turn, turn.catalogue.products[source.product], target, source.unit
        )
        return DraftLine(source.product, source.grade, *counted)
    product = turn.product(target.product or source.product)
    if product is None:
        return None
    if target.product is None and target.grade is not None:
        if not any(each.key == target.grade for each in product.grades):
            return None
    same = product.key == source.product
    line = DraftLine(product.key, target.grade or (source.grade if same else None))
    if len(product.grades) == 1:
        line.grade = product.grades[0].key
    if target.quantity:
        line.quantity, line.unit = target.quantity.amount, target.quantity.unit
    elif number is not None:
        line.quantity, line.unit = drafting.counted(turn, product, number)
    elif share and product.unit == turn.catalogue.products[source.product].unit:
        line.quantity, line.unit = share, product.unit
    elif same or product.unit == source.unit:
        line.quantity, line.unit = source.quantity, source.unit
    return line


def put(turn: Turn, line: DraftLine, place: int) -> None:
    """A line more at a place, or more of one that is there."""
    lines = turn.state.draft.lines
    product = turn.catalogue.products[line.product]
    for other in lines:
        if (other.product, other.grade) == (line.product, line.grade) and other.quantity:
            amounts = (catalogue.amount(product, x.quantity, x.unit) or 0 for x in (other, line))
            drafting.set_quantity(turn, other, sum(amounts), product.unit)
            return
    lines.insert(place, line)
    if line.quantity:
        drafting.set_quantity(turn, line, line.quantity, line.unit)
    turn.state.about = line.product


def lessen(turn: Turn) -> bool:
    """So much less of the line that is named, or of the only one; or none of it."""
    reading, draft = turn.reading, turn.state.draft
    said = reading.lines[0] if reading.lines else Line(None, None, None)
    lines = named(turn, reading) or _only(turn, reading.lines or [0])
    if len(reading.lines) > 1 or len(lines) != 1 or reading.vague:
        return False
    line, product = lines[0], turn.catalogue.products[lines[0].product]
    if said.quantity:
        less = catalogue.amount(product, said.quantity.amount, said.quantity.unit)
    elif (number := drafting.number_of(reading) or _just_one(turn)) is not None:
        less = catalogue.amount(product, *drafting.counted(turn, product, number))
    else:
        draft.lines = [each for each in draft.lines if each is not line] or draft.lines
        return line not in draft.lines
    if less is None:
        return False
    there = catalogue.amount(product, line.quantity, line.unit) or 0
    left = less if _DOWN_TO.search(turn.text) else there - less
    if not 0 < left < there:
        return False
    pack = product.packs.get(line.unit, 0)
    amount, unit = (left // pack, line.unit) if pack and left % pack == 0 else (left, product.unit)
    drafting.set_quantity(turn, line, amount, unit)
    return True
