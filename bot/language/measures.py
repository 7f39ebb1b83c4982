"""Quantities of goods in a message, and what only looks like one: prices, grades, dates.

Text is in the form of `script.form_of`. Weights come out in grams, pieces as `pc`, packs as `box`
and `bag`. Vague amounts (两三斤, 几斤) come out as vague, never as a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from fractions import Fraction
from functools import cached_property

import msgspec

from bot.language import heads
from bot.language.numerals import (
    DIGITS,
    ENGLISH,
    ENGLISH_NUMERAL,
    HAN_NUMERAL,
    HAN_NUMERALS,
    PINYIN,
    TIBETAN_AFTER_UNIT,
    TIBETAN_LATIN,
    TIBETAN_LATIN_HALF,
    TIBETAN_LATIN_NUMERAL,
    TIBETAN_LATIN_UNITS,
    TIBETAN_NUMERAL,
    read_number,
)
from bot.language.quantities import AMOUNT_MAX, Measured, Quantity
from bot.language.regex import regex

__all__ = ["NOTHING", "RATIO", "Measured", "Measures", "Meter", "Quantity"]


class Measures(msgspec.Struct, frozen=True, gc=False):
    """All that numbers in a message said. `bare` are numbers without a unit, with their places.

    With `priced` a price is being set, so that a bare number is no amount of goods. `each` is where
    it is said how much each person has, of nobody knows how many.
    """

    quantities: tuple[Measured, ...] = ()
    vague: tuple[tuple[int, int], ...] = ()
    bare: tuple[tuple[int, int, Fraction], ...] = ()
    money: tuple[int, ...] = ()
    per_gram_grade: bool = False
    priced: bool = False
    each: tuple[tuple[int, int], ...] = ()


NOTHING = Measures()
_Spans = list[tuple[int, int]]

# The long patterns begin with a look ahead: most places begin no amount, and that is all that these
# places cost.
_DIGIT = regex(r"[0-9]")
_MONEY_SIGN = regex(r"[¥$€£块元圆刀币]|预算|how many|rmb|cny|yuan|usd|dollar|buck|eur|kuai|སྒོར")
_FEW_HAN = "一两|两三|二三|三四|三五|四五|五六|六七|七八|八九"
_HAN_COUNTED = regex(rf"[\d几斤单{HAN_NUMERALS}半]")
_LATIN_WORD = regex(r"[a-z']+")
_SOME = regex(rf"[几数-]|{_FEW_HAN}|十几|several|some|few| or | to ")
_COUNTED = regex(rf"[\d{HAN_NUMERALS}]")
_CURRENCY = r"块钱|块|元|圆|rmb|cny|人民币|yuan|刀|usd|dollars?|bucks|eur|euros?|港币|台币|kuai"
_HAN_COUNT = r"[零〇一二两三四五六七八九十百千万]{1,10}"
_SUM = r"(?:\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.\d{1,2})?"
_MONEY = regex(
    rf"[¥$€£]\s*(?P<sign>{_SUM})"
    rf"|(?P<n>{_SUM}|{_HAN_COUNT})\s*(?:{_CURRENCY})(?![a-z])(?:(?P<jiao>\d)(?!\d))?"
    rf"|(?:预算(?:是|有|在|大概|大约|就)?\s?|\bhow many\b[^,.?!]{{0,40}} for )(?P<budget>{_SUM})"
    r"(?=\s*(?:[^\w\s]|以内|左右|$))"
    rf"|(?:སྒོར་མོ|སྒོར)་(?P<bo>{_SUM}|{TIBETAN_NUMERAL})"
)
# 4根一克, 一克4根, 一斤多少根, 4条的, 2000条的 (in 500 g): how fine goods are, not how much.
_FINENESS = regex(
    r"(?:\d{1,4}(?:-\d{1,4})?|[一二两三四五六七八九十几]{1,3}|多少)\s*[根条只个]\s*(?:一|1|每|/)?\s*(?:克|斤|公斤|g\b)(?!半)"
    r"|[一1每]\s*(?:克|斤|公斤)\s*(?:大概|大约|有)?\s*(?:\d{1,4}(?:-\d{1,4})?|几|多少)\s*[根条只个朵](?!钱)"
    r"|(?<!\d)(?:[2-8]|[1-6]\d{3}|[两三四五六七八])\s?[条根]的(?!话|钱|款|单|运|订|量)"
    r"|\d{1,4}\s*(?:pcs|pieces|roots)\s*(?:per|a|/)\s*(?:g|gram)\b"
)
_FINE = regex(r"[克斤条根p](?:(?<=[克斤])|(?<=[条根])的|(?<=p)(?:cs|ieces|er\b))")
# By what parts, and no time nor the place in a list: 4:3:3, 3比2.
_RATIO_TEXT = (
    r"(?<![\d:])(?:\d{1,2}(?:[:比]\d{1,2}){2,4}|[1-9][:比][1-9])"
    r"(?![\d:比]|\s?[a-z根斤公克条盒袋包])"
)
RATIO = regex(_RATIO_TEXT)
_NOT_GOODS = regex(
    rf"{_RATIO_TEXT}|"
    r"\d{4}[年/-]\d{1,2}[月/-]\d{1,2}日?|\d{1,2}月\d{1,2}[日号]?|(?:尾号|后[四五]码|单号|订单号?|\bno\.? ?|#)\s*[:#]?\s*[a-z]{0,3}\d+|\border ?(?:no\.?|number|#)?\s*[:#]?\s*[a-z]{0,3}\d{4,}"  # noqa: E501
    r"|7-11|24小时|vo2|\d+(?:st|nd|rd|th)\b"
    r"|\d+ ?(?:days?|weeks?|hours?|hrs|minutes?|months?|years?|times|people|percent)\b"
    r"|https?://\S{1,200}|\d+\.\d+\.\d+"
)
# Into how many bags: 分成五袋装.
_PARTED = regex(
    rf"分(?:成|开|装成?|做)?\s?(?:\d{{1,2}}|[{HAN_NUMERALS}]{{1,2}})\s?个?[袋包盒份罐瓶]"
)
# 20 in a fine box (སྒམ་སྙིང་རྗེ་པོ་ནང) are no 20 boxes.
_NOT_INSIDE = r"(?!(?:་[^་]{1,9}){0,3}་ནང་)"
# A unit of weight without a number is one: pound of honey, that kilo, by the ounce.
_ONE_OF = (
    r"|(?:^|(?<=[,.!?;\n] )|(?<![a-z])(?:the|that|my|full|whole|need|want|take) )"
    r"(?P<of>kilo|kg|pound|lb|ounce|oz|jin)(?P<more> and an? half)?(?= of\b| i\b|[,.?!]|$)"
)


class Meter:
    """Reads quantities with the units of all languages."""

    def __init__(self, units: Mapping[str, str], before: Set[str], behind: Set[str]) -> None:
        self._units = {word: _measure(measure) for word, measure in units.items()}
        latin_units = [word for word in before | behind if word.isascii()]
        self._latin_units = frozenset(part for word in latin_units for part in word.split())
        self._latin_behind = frozenset(
            part for word in behind if word.isascii() for part in word.split()
        )
        self._before, self._after = before, behind
        self._plain = re.compile(self._counted(before))
        han = "|".join(_by_length(word for word in before if not word.isascii()))
        latin = "|".join(_by_length(re.escape(word) for word in before if word.isascii()))
        self._asked = re.compile(rf"(?:几|多少)(?:{han})(?:起|包|可以|能|够|才)")
        self._quoted = re.compile(
            rf"(?=[\d¥$€\s])(?:(?P<n>[¥$€]?\s?{_SUM})\s*(?:{_CURRENCY})?\s?(?:(?:一|(?<=\s)1|每|/)\s?(?:{han}|(?:{latin})(?![a-z]))"  # noqa: E501
            rf"|(?:per|/|an?) ?(?:{latin})(?![a-z]))|[¥$€]\s?{_SUM} (?:each|apiece))"
        )
        self._han_number = re.compile(rf"(?:{DIGITS}|(?<![第几多礼]){HAN_NUMERAL})")

    # Compiled when first needed, since they are long and few messages need all of them.
    @cached_property
    def _latin(self) -> re.Pattern[str]:
        return re.compile(self._counted(self._before, latin=True))

    @cached_property
    def _spelled(self) -> re.Pattern[str]:
        return re.compile(self._counted(self._before, latin=True, spelled=True))

    @cached_property
    def _behind(self) -> re.Pattern[str]:
        return re.compile(self._measured_after(self._after, self._after & self._before))

    @cached_property
    def _vague(self) -> re.Pattern[str]:
        han = "|".join(_by_length(word for word in self._before if not word.isascii()))
        latin = "|".join(_by_length(re.escape(word) for word in self._before if word.isascii()))
        return re.compile(
            rf"(?:(?:{_FEW_HAN})(?:[十百千])?|好?几[十百千]?|十几|数[十百]?|多少来)个?(?:{han})(?!一?克)"
            rf"|\d{{1,3}}\s?-\s?\d{{1,3}}\s?(?:(?:{han})|(?:{latin})(?![a-z]))"
            rf"|(?:a few|several|some|\d+ (?:or|to) \d+|(?:one|two|three|four|five) or (?:two|three|four|five|six))"  # noqa: E501
            rf" (?:{latin})(?![a-z])"
        )

    def _counted(self, units: Iterable[str], *, latin: bool = False, spelled: bool = False) -> str:
        """Numbers with the unit behind: of Han alone, with Latin units, with Latin numerals too."""
        names = []
        for word in _by_length(units):
            names.append(rf"{re.escape(word)}(?![a-z])" if word[-1].isascii() else re.escape(word))
        unit = "|".join(name for name in names if latin or not name[0].isascii())
        number = rf"{DIGITS}|(?<!第)(?:{HAN_NUMERAL})"
        if spelled:
            pinyin = "|".join(_by_length(PINYIN))
            number += (
                rf"|(?<![a-z])(?:{ENGLISH_NUMERAL})(?![a-z])"
                rf"|(?<![a-z])(?:{pinyin})(?: (?:{pinyin})){{0,3}}(?![a-z])"
            )
        word = "|(?<![a-z])[a-z]" if spelled else ""
        return (
            rf"(?=[\d{HAN_NUMERALS}半公千斤两磅根条]{word})(?:(?P<n>{number})\s{{0,2}}(?P<about>[来多](?=[^\d]))?(?:(?:of |the |more |extra |less |fewer |x ){{1,2}})?-?"  # noqa: E501
            rf"[大小]?个?(?P<u>{unit})(?P<half>半(?!价|天|年)| ?and an? half)?"
            rf"|(?<![\d{HAN_NUMERALS}])(?P<bare>公斤|千克|斤|两)半"
            r"|(?<=[那这单钱])(?P<one>公斤|斤|磅|根|条)|(?<![\d公])(?P<each>公斤|斤|磅|根)(?=价)"
            rf"{_ONE_OF if spelled else ''})"
        )

    def _measured_after(self, units: Set[str], shared: Set[str]) -> str:
        tibetan = "|".join(_by_length(re.escape(w.strip("་")) for w in units if not w.isascii()))
        latin = "|".join(_by_length(re.escape(word) for word in units - shared if word.isascii()))
        both = "|".join(_by_length(re.escape(word) for word in shared if word.isascii()))
        latin_number = rf"{TIBETAN_LATIN_UNITS}|(?:re|rer|gang)(?![a-z])|la(?= (?:ga|ka|kor|gor)\b)"
        return (
            r"(?=\d|(?<=[་\d])[\u0f40-\u0fbc]|(?<![a-z])[a-z])"
            rf"(?:(?:(?<=་)|(?<=\d))(?P<u>{tibetan})་(?P<n>{DIGITS}|{TIBETAN_AFTER_UNIT})(?P<half>་དང་ཕྱེད(?:་ཀ)?(?=་))?"  # noqa: E501
            rf"|(?P<n2>{DIGITS})་?(?P<u2>{tibetan})(?=་){_NOT_INSIDE}(?P<half2>་དང་ཕྱེད(?:་ཀ)?(?=་))?"
            rf"|(?<![a-z])(?P<u3>{latin or 'gyama'})[ ་](?P<n3>{DIGITS}|{TIBETAN_AFTER_UNIT}|{latin_number})(?![a-z])(?P<half3> dang {TIBETAN_LATIN_HALF})?"  # noqa: E501
            rf"|(?<![a-z])(?<!half )(?P<u4>{both or 'kilo'})[ ་](?P<n4>{TIBETAN_AFTER_UNIT}|{latin_number}|{DIGITS}(?= (?:la|go|dgos|nyo|goe|order)\b))(?![a-z])(?P<half4> dang {TIBETAN_LATIN_HALF})?)"  # noqa: E501
        )

    def read(self, form: str, masked: Iterable[tuple[int, int]] = ()) -> Measures:
        """The measures of a form; spans in `masked` (grades, phones) hold none."""
        words = frozenset(_LATIN_WORD.findall(form) if _LATIN.search(form) else ())
        if not self._may_count(form, words):
            return NOTHING
        blanked = _blank(form, masked)
        money: list[int] = []
        fineness = False
        digits = bool(_DIGIT.search(blanked))
        spans = [match.span() for match in _NOT_GOODS.finditer(blanked)] if digits else []
        if _FINE.search(blanked):
            for match in _FINENESS.finditer(blanked):
                fineness = True
                spans.append(match.span())
        if "分" in blanked:
            spans += [match.span() for match in _PARTED.finditer(blanked)]
        blanked = _blank(blanked, spans)
        for match in self._quoted.finditer(blanked) if digits else ():
            figure = re.search(_SUM, match[0])
            if figure and (match["n"] is None or _is_quote(blanked, match)):
                money.append(_minor(Fraction(figure[0].replace(",", ""))))
                blanked = _blank(blanked, [match.span()])
        for match in _MONEY.finditer(blanked) if _MONEY_SIGN.search(blanked) else ():
            value = read_number(match["sign"] or match["n"] or match["budget"] or match["bo"])
            if value is not None and not blanked.startswith("三毛", match.end()):
                money.append(_minor(value + Fraction(int(match["jiao"] or 0), 10)))
                blanked = _blank(blanked, [match.span()])
        vague, asked = [], []
        if _SOME.search(blanked):
            vague = [match.span() for match in self._vague.finditer(blanked)]
        if "几" in blanked or "多少" in blanked:
            asked = [match.span() for match in self._asked.finditer(blanked)]
            vague = [span for span in vague if all(span[0] != start for start, _ in asked)]
        if vague or asked:
            blanked = _blank(blanked, [*vague, *asked])
        quantities = self._quantities(blanked, words)
        each: _Spans = []
        people: heads.People | None = None
        if "份" in blanked or "装" in blanked:
            quantities, counts = _portions(blanked, quantities)
            blanked = _blank(blanked, counts)
        by_head = heads.may_be_said(form)
        if by_head:
            people = heads.count(form)
            quantities, each = heads.of_all(form, quantities, people)
            blanked = _blank(blanked, [people[1:]] if people else [])
        blanked = _blank(blanked, [(one.start, one.end) for one in quantities])
        bare = tuple(self._bare(blanked, words))
        if by_head and bare:
            bare, unknown = heads.bare_of_all(form, bare, people)
            vague += unknown
        return Measures(
            tuple(quantities),
            tuple(vague),
            bare,
            tuple(money),
            fineness,
            each=tuple(each),
        )

    def _may_count(self, form: str, words: Set[str]) -> bool:
        """Whether there may be a number or a unit at all: most questions have none."""
        if _HAN_COUNTED.search(form):
            return True
        if words and not (words.isdisjoint(_LATIN_NUMBERS) and words.isdisjoint(self._latin_units)):
            return True
        return "\u0f0b" in form and bool(_TIBETAN_COUNTED.search(form))

    def is_amount_at(self, form: str, at: int) -> bool:
        """Whether a unit with its number behind, as in Tibetan, begins here."""
        return bool(self._behind.match(form, at))

    def _quantities(self, form: str, words: Set[str]) -> list[Measured]:
        found: list[Measured] = []
        if self._after and ("\u0f0b" in form or not words.isdisjoint(self._latin_behind)):
            for match in self._behind.finditer(form):
                number = match["n"] or match["n2"] or match["n3"] or match["n4"]
                unit = match["u"] or match["u2"] or match["u3"] or match["u4"]
                if match["u"] or match["u2"]:
                    unit = f"\u0f0b{unit}\u0f0b"
                number = "zhi" if number == "shi" else number  # which is ten in pinyin
                half = match["half"] or match["half2"] or match["half3"] or match["half4"]
                self._add(found, match, number, unit, bool(half))
            if found:
                form = _blank(form, [(one.start, one.end) for one in found])
        counted = self._plain
        if not words.isdisjoint(self._latin_units):
            counted = self._latin if words.isdisjoint(_LATIN_COUNTS) else self._spelled
        for match in counted.finditer(form):
            if match["bare"]:
                self._add(found, match, "一", match["bare"], True)
            elif match["u"] is None:
                named = {key: word for key, word in match.groupdict().items() if word}
                unit = named.get("one") or named.get("each") or named["of"]
                self._add(found, match, "一", unit, "more" in named)
            elif not _misread(form, match):
                number = match["n"]
                self._add(found, match, number, match["u"], bool(match["half"]))
        found.sort(key=lambda one: one.start)
        return _joined(found, form)

    def _add(
        self, found: list[Measured], match: re.Match[str], number: str, word: str, half: bool
    ) -> None:
        value = read_number(number)
        measure = self._units.get(word)
        if value is None or measure is None or value <= 0:
            return
        size, unit = measure
        top, bottom = value.numerator * 2 * size, value.denominator * 2
        if half:
            top += value.denominator * size
        rounded = (2 * top + bottom) // (2 * bottom)
        if 0 < rounded <= AMOUNT_MAX and (unit == "g" or rounded * bottom == top):
            found.append(Measured(match.start(), match.end(), Quantity(rounded, unit)))

    def _bare(self, form: str, words: Set[str]) -> Iterable[tuple[int, int, Fraction]]:
        """Numbers without a unit, which count pieces when they stand beside such a product."""
        named = {match.end() for match in _NAMED.finditer(form)}
        for match in self._han_number.finditer(form) if _COUNTED.search(form) else ():
            following = form[match.end() : match.end() + 1]
            plain_han = not match[0][0].isdigit() and not _HAN_POWER.search(match[0])
            if plain_han and following and _OTHER_HAN.match(following):
                continue
            if plain_han and len(match[0]) > 1:
                continue
            if match[0] in ("半", "每") or (following and following in _NO_COUNT_AFTER):
                continue
            if match[0] in "一两" and following and following not in " ,.!?\n的":
                if match[0] + following != "两份":
                    continue
            if match.start() in named:
                continue
            if form[match.start() - 1 : match.start()] in tuple("a-.#:/+") and match.start():
                if form[match.start() - 1].isalnum():
                    continue
            value = read_number(match[0])
            if value is not None and 0 < value < 100_000:
                yield match.start(), match.end(), value
        if not words.isdisjoint(_LATIN_NUMBERS):
            behind = list(_BEHIND_GOODS.finditer(form))
            rest = _blank(form, [match.span() for match in behind])
            for match in (*behind, *_SPELLED.finditer(rest)):
                value = read_number(match[0])
                if value is not None:
                    yield match.start(), match.end(), value
        if "\u0f0b" in form:
            for match in _TIBETAN_BARE.finditer(form):
                value = read_number(match[0])
                if value is not None:
                    yield match.start(), match.end(), value
            for match in _TIBETAN_EACH.finditer(form):
                yield match.start(), match.end(), Fraction(1)


_LATIN = regex(r"[a-z]")
# What ends before a figure that belongs to a name: pantao88, wx_2024, a1b2; but x2.
_NAMED = regex(r"(?<![a-z])(?!x\d)[a-z_]+(?=\d)|(?<![a-z\d])(?=\d+[a-wyz_]+\d)")
_SPELLED = regex(
    rf"(?<![a-z])(?:(?:an?|one) single|one(?= (?:more )?of (?:each|both))|(?:half )?(?:an? )?(?:(?:\d+|two|three|four|five|six|ten) )?dozen|(?:{'|'.join(word for word in ENGLISH if word != 'one')})"  # noqa: E501
    rf"(?:[ -](?:{'|'.join(ENGLISH)})){{0,4}}|nyi shu|nyishu|sumchu|[zs]hibchu|nga[bp]chu|dru[gk]chu|chu|a hundred)(?![a-z])"  # noqa: E501
)
# What is said of pieces stands behind their name or grade: bu nyi shu. Alone 4 and 5 are more
# often other words: chongcao shi, yartsa nga nyo.
_BEHIND_GOODS = regex(
    r"(?<=\x00 )(?!(?:shi|zhi|nga)(?! ?(?:b?chh?u|b?r?gya)))"
    rf"(?:{TIBETAN_LATIN_NUMERAL}|re(?= l?a\b))"
)
_LATIN_NUMBERS = frozenset(
    [*ENGLISH, *PINYIN, *TIBETAN_LATIN, "dozen", "couple", "half", "few", "single"]
)
# Before a unit these are numbers too, and some units are one by themselves.
_LATIN_COUNTS = _LATIN_NUMBERS.union(
    "a an per each every another quarter pair kilo pound ounce jin".split()
)
_TIBETAN_COUNTED = regex(rf"(?<=་)(?:{TIBETAN_AFTER_UNIT})")
_TIBETAN_EACH = regex(r"(?<=་)(?:རེ་རེར|རེར|རེ་ལ)(?=་)")
_TIBETAN_BARE = regex(rf"(?<=་)(?!(?:གཉིས|གསུམ|བཞི)་ཀ་){TIBETAN_NUMERAL}(?=་)")
_HAN_POWER = regex(r"[十百千拾佰仟万廿卅]")
# A single numeral before any other character is part of a word: 三七, 一起.
_OTHER_HAN = regex(r"(?![吧了呢啊的就够份，])[\u4e00-\u9fff]")
_NO_COUNT_AFTER = frozenset(
    "点号月日年天块元钱岁楼栋级分度次周折期下样起些直边路段小星礼种回定句会时个几度位%-:："
)
# 个 counts nearly anything: goods only where their name or nothing follows, and one only if wished.
_PIECES_BEHIND = regex(r"\s?(?!小时)(?:$|[,.!?;\n\x00-\x1f大中小虫松吧呗嘛哈啊够冬羊])")
_WISHED = regex(r"[来要买拿拍订整搞送]$")
_NOT_PIECES = regex(
    r"\s?(?:毛|头发|线|鱼|虫子|[一1]条|月|星期|礼拜|小时|人|老(?![地规顾样客板])|街|路|微信|消息|短信)"
)


def _misread(form: str, match: re.Match[str]) -> bool:
    """Whether what looks like a quantity is another thing: 一个月, 两个人, 一条街."""
    unit, number = match["u"], match["n"]
    if unit == "个":
        is_one = number in ("一", "1")
        if is_one and not _WISHED.search(form[: match.start()]):
            return True
        return not _PIECES_BEHIND.match(form, match.end())
    if unit in ("只", "条", "根") and _NOT_PIECES.match(form, match.end()):
        return True
    if unit == "打" and form.startswith(("开", "听", "折", "包", "电", "款"), match.end()):
        return True
    if unit == "两" and re.match(r"[个根斤盒袋包条只箱份天次]", form[match.end() :]):
        return True
    if unit == "克" and form.startswith(("服", "隆", "拉"), match.end()):
        return True
    if unit in ("g", "l") and number in ("4", "5") and form.startswith(" "):
        return False
    return False


def _is_quote(form: str, match: re.Match[str]) -> bool:
    """80一斤 quotes a price; 20 /kg too; but 1 per kg needs a sign of money or of Han."""
    text = match[0]
    if any(sign in text for sign in "¥$€块元"):
        return True
    return bool(re.search(r"[一每/]|1\s?斤|per|[\da-z] an? ", text[1:]))


def _joined(found: list[Measured], form: str) -> list[Measured]:
    """三斤二两 is one quantity: a lesser weight right behind a greater one is added to it."""
    joined: list[Measured] = []
    for one in found:
        last = joined[-1] if joined else None
        adjacent = last is not None and form[last.end : one.start].strip(" 零又") == ""
        if (
            last is not None
            and adjacent
            and one.start - last.end <= 1
            and last.quantity.unit == one.quantity.unit == "g"
            and one.quantity.amount < last.quantity.amount
            and not (last.end < one.start and one.quantity.amount >= 500)
        ):
            total = Quantity(last.quantity.amount + one.quantity.amount, "g")
            joined[-1] = Measured(last.start, one.end, total)
        elif last is None or one.start >= last.end:
            joined.append(one)
    return joined


# 一斤装的三袋, 每份一斤 要3份: what is in each, and how many.
_IN_EACH = regex(rf"的(?=.{{0,12}}份)|[一1每/]份|装(?![\d{HAN_NUMERALS}])")
_EACH_OF = regex(r"份[,: 的是要]?$")
_COUNT_OF = regex(rf"(?<![分成每\d])(?P<n>\d{{1,3}}|[{HAN_NUMERALS}]{{1,3}})份")


def _portions(form: str, found: list[Measured]) -> tuple[list[Measured], list[tuple[int, int]]]:
    """So many portions of an amount as one amount, and where their number stands."""
    weights = [one for one in found if one.quantity.unit == "g"]
    weights = weights or [one for one in found if one.quantity.unit == "pc"]
    packs = [one for one in found if one not in weights]
    if len(weights) != 1 or len(packs) > 1:
        return found, []
    one = weights[0]
    if not (_IN_EACH.match(form, one.end) or _EACH_OF.search(form[: one.start])):
        return found, []
    spans = [(match.span(), read_number(match["n"]) or 1) for match in _COUNT_OF.finditer(form)]
    counts = [int(number) for _, number in spans] + [pack.quantity.amount for pack in packs]
    amount = one.quantity.amount * max(counts, default=1)
    if amount > AMOUNT_MAX:
        return found, []
    summed = Measured(one.start, one.end, Quantity(amount, one.quantity.unit))
    return [summed], [span for span, _ in spans] + [(pack.start, pack.end) for pack in packs]


def _measure(text: str) -> tuple[int, str]:
    amount, _, unit = text.partition(" ")
    return int(amount), unit


def _minor(value: Fraction) -> int:
    return int(value * 100)


def _by_length(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _blank(form: str, spans: Iterable[tuple[int, int]]) -> str:
    """The form with spans made unreadable; lengths and places stay."""
    parts, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            start = max(start, at)
            parts += [form[at:start], "\x00" * (end - start)]
            at = end
    return "".join([*parts, form[at:]]) if parts else form
