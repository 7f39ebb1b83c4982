"""Numerals as people write them: 2, ２, 二, 两, 半, 壹佰, twenty-five, a dozen, ཉི་ཤུ་རྩ་གཅིག, nyi shu.

All text given here is already in the form of `script.form_of`. Values are exact fractions.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from bot.language.regex import regex

HAN_DIGITS = {
    **{digit: value for value, digit in enumerate("零一二三四五六七八九")},
    **{digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "〇": 0,
    "两": 2,
    "俩": 2,
    "仨": 3,
    "每": 1,
    "幺": 1,
    "叄": 3,
    "弍": 2,
    "貳": 2,
}
HAN_POWERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
HAN_MYRIADS = {"万": 10**4, "亿": 10**8}
_HAN_SHORT = {"廿": "二十", "卅": "三十", "卌": "四十"}

HAN_NUMERALS = "".join([*HAN_DIGITS, *HAN_POWERS, *HAN_MYRIADS, *_HAN_SHORT])
HAN_NUMERAL = f"半|[{HAN_NUMERALS}]{{1,16}}"
# 2,5 kg is written in much of Europe; 1,200 is a thousand.
_COMMA = r"\d{1,3},\d{1,2}(?= ?(?:kg|kilo|g\b|gram|lb|pound|jin))"
DIGITS = _COMMA + r"|\d{1,9}(?:,\d{3}){0,2}(?:\.\d{1,4})?(?:/\d{1,2}(?!\d))?"

_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ENGLISH = {
    **{word: value for value, word in enumerate(_ONES)},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
    "hundred": 100,
    "thousand": 1000,
}
# Numerals that stand only before a unit, where 'a' and 'each' count as one.
_ENGLISH_FILLERS = frozenset(["of", "and", "single", "full", "whole"])
_ENGLISH_BEFORE_UNIT = {"a": 1, "an": 1, "per": 1, "pro": 1, "each": 1, "every": 1, "another": 1}
_NUMBER_WORD = "|".join(ENGLISH)
ENGLISH_NUMERAL = (
    r"(?:(?:a|one) (?:single|full|whole)|"
    rf"half an?|an? half|half|(?:an? )?quarter(?: of an?)?|an? (?:couple|pair)(?: of)?|couple of"
    rf"|(?:an? )?(?:{_NUMBER_WORD})(?:(?: and |[ -])(?:{_NUMBER_WORD})){{0,5}}"
    rf"|\ban?|per|pro|each|every|another)(?: and an? half| dozens?)?|(?:half )?dozen"
)

# Pinyin, Wylie and phonetic Tibetan: too short to be trusted anywhere but beside their units.
PINYIN: dict[str, int | Fraction] = {
    **{word: value for value, word in enumerate(
        "ling yi er san si wu liu qi ba jiu shi".split()
    )},
    "liang": 2, "bai": 100, "ban": Fraction(1, 2), "mei": 1,
}  # fmt: skip
# Wylie and by ear; a syllable may stand by itself or with the next: nyi shu, nyishu.
_LATIN_ONES = {
    1: "g?c[ih][gk]|g?chi[gk]|chek", 2: "g?nyis?|ni", 3: "g?sum", 4: "b?zhi|shi", 5: "l?nga",
    6: "(?:dr|tr?)u[gk]", 7: "b?due?n|dhun", 8: "b?r?gy(?:e[dy]?|ay|ad)", 9: "d?gu",
}  # fmt: skip
_LATIN_ONE = "|".join(_LATIN_ONES.values())
_LATIN_TEN = "b?c(?:hh?)?u|bco"
_LATIN_HUNDRED = "b?r?gya"
_LATIN_FULL = "(?: ?tham ?pa| ?tam ?[bp]a)?"
_LATIN_END = "(?:'?i)?(?![a-z'])"
# In "chu nga la" it is to me.
_LATIN_BELOW_100 = (
    rf"(?:nyi ?shu|nyer|(?:(?:{_LATIN_ONE})[bp]? ?)?(?:{_LATIN_TEN})){_LATIN_FULL}"
    rf"(?: ?(?:r?tsa ?)?(?!nga (?:la|nyo)\b)(?:{_LATIN_ONE}){_LATIN_END})?{_LATIN_END}"
    rf"|(?:{_LATIN_ONE}){_LATIN_END}"
)
TIBETAN_LATIN_NUMERAL = (
    rf"(?:(?:(?:{_LATIN_ONE}) ?)?{_LATIN_HUNDRED}{_LATIN_FULL}"
    rf"(?:(?: ?dang)? ?(?!g?chi[gk]\b)(?:{_LATIN_BELOW_100})|{_LATIN_END})|{_LATIN_BELOW_100})"
)
TIBETAN_LATIN_HALF = rf"(?:phyed?|pheka|phe|chek|chye|che)(?: ?ka)?{_LATIN_END}"
# One and a half is said "half with two".
TIBETAN_LATIN_UNITS = rf"{TIBETAN_LATIN_HALF} dang (?:{_LATIN_ONE}){_LATIN_END}|{TIBETAN_LATIN_NUMERAL}|{TIBETAN_LATIN_HALF}"  # noqa: E501
_LATIN_PIECE = regex(
    rf" ?(?:(?P<n20>nyi ?shu|nyer)|{'|'.join(f'(?P<n{n}>{one})' for n, one in _LATIN_ONES.items())}"
    rf"|(?P<n10>{_LATIN_TEN})|(?P<n100>{_LATIN_HUNDRED})|r?tsa|tham ?pa|tam ?[bp]a|dang|[bp](?=c))"
)
# Words that tell that there may be a numeral.
TIBETAN_LATIN = frozenset(
    """gcig chig chik cig chek gnyis nyi nyis ni gsum sum bzhi zhi shi lnga nga drug druk trug truk
    tuk tug bdun dun duen dhun brgyad gye gyay gyad gyed gyey dgu gu nyishu nyer sumchu zhibchu
    shibchu zhichu shichu ngabchu ngapchu drugchu drukchu trukchu bcu bco chu cu chhu shu brgya gya
    gyatampa gyatamba gyathampa phyed phye phe che chye chyeka cheka pheka chekka phyeka re rer
    gang""".split()
)

_TIBETAN_ONES = {
    word: value for value, word in enumerate("གཅིག གཉིས གསུམ བཞི ལྔ དྲུག བདུན བརྒྱད དགུ".split(), 1)
}
_TIBETAN_TENS = {"ཉེར": 20, "ཉི": 20, "སོ": 30, "ཞེ": 40, "ང": 50, "རེ": 60, "དོན": 70, "གྱ": 80, "གོ": 90}
_TIBETAN_ROUND = {"སུམ": 3, "ཉིས": 2}  # three in thirty, two in two hundred
_TIBETAN_POWERS = {"བརྒྱ": 100, "སྟོང": 1000, "ཁྲི": 10**4, "འབུམ": 10**5}
_TIBETAN_TEN = {"བཅུ": 10, "བཅོ": 10, "ཅུ": 10, "ཤུ": 10}
# Those that are numbers only right after a unit: 'each', 'a full', 'a pair', 'half'.
_TIBETAN_AFTER_UNIT = {"རེ": 1, "རེར": 1, "རེའི": 1, "གང": 1, "དོ": 2, "ཅིག": 1, "ཞིག": 1, "ཤིག": 1}
_TIBETAN_HALF = ("ཕྱེད", "ཕྱེད་ཀ", "ཕྱེད་ཙམ")
_TIBETAN_FILLERS = frozenset(["རྩ", "ཐམ", "པ", "ཕྲག", "དང", "ཙམ"])
_TIBETAN_WORDS = "|".join(
    sorted(
        {*_TIBETAN_ONES, *_TIBETAN_ROUND, *_TIBETAN_POWERS, *_TIBETAN_TEN}, key=len, reverse=True
    )
)
# The short tens are other words when they stand alone: ང is also "I", གོ "hear".
_TIBETAN_WORD = (
    rf"(?:(?:{'|'.join(_TIBETAN_TENS)})་(?:{'|'.join(_TIBETAN_ONES)}|ཤུ)|{_TIBETAN_WORDS})"
)
# A numeral takes the case marks of open syllables: ལྔའི, བཅུར.
TIBETAN_NUMERAL = (
    rf"{_TIBETAN_WORD}(?:་(?:{_TIBETAN_WORD}|རྩ|ཐམ་པ|ཕྲག|དང(?=་{_TIBETAN_WORD}་))){{0,8}}"
    r"(?:(?:འི|ར)(?=་)|(?=་))"
)
_TIBETAN_CASE = regex(r"(?<=[\u0f71-\u0fbc])(?:འི|ར)$")
# One and a half is said "half with two": ཕྱེད་དང་གཉིས.
_TIBETAN_HALF_WITH = "ཕྱེད་དང་"
_TIBETAN_LESS_HALF = rf"{_TIBETAN_HALF_WITH}(?:{'|'.join(_TIBETAN_ONES)})"
TIBETAN_AFTER_UNIT = (
    rf"{_TIBETAN_LESS_HALF}(?=་)|{TIBETAN_NUMERAL}|(?:ཕྱེད(?:་ཀ)?|རེ|རེར|རེའི|གང|དོ|ཅིག|ཞིག)(?=་)"
)


@lru_cache(maxsize=4096)  # the same few numerals come again and again
def read_number(text: str) -> Fraction | None:
    """The value of a text that is a numeral and nothing else, or None."""
    text = text.strip(" \u0f0b")
    if not text:
        return None
    if text[0].isascii():
        return _digits(text) if text[0].isdigit() else _latin(text)
    if "\u0f00" <= text[0] <= "\u0fff":
        return _tibetan(text)
    return _han(text)


def _digits(text: str) -> Fraction | None:
    if re.fullmatch(r"\d{1,3},\d{1,2}", text):
        return Fraction(text.replace(",", "."))
    if not re.fullmatch(DIGITS, text):
        return None
    whole, _, denominator = text.replace(",", "").partition("/")
    if denominator and not int(denominator):
        return None
    return Fraction(whole) / int(denominator or 1)


def _han(text: str) -> Fraction | None:
    """二十五, 两百, 一千零五, 三万二, 壹佰, 半."""
    if text == "半":
        return Fraction(1, 2)
    for short, long in _HAN_SHORT.items():
        text = text.replace(short, long)
    if not any(mark in HAN_POWERS or mark in HAN_MYRIADS for mark in text):
        return _han_digits(text)
    total = section = digit = 0
    power, zero = 1, False
    for mark in text:
        if mark in HAN_DIGITS:
            digit, zero = HAN_DIGITS[mark], mark in "零〇"
            power = 10 if zero else power
        elif mark in HAN_POWERS:
            power = HAN_POWERS[mark]
            section, digit = section + (digit or 1) * power, 0
        elif mark in HAN_MYRIADS:
            total, section, digit = (total + (section + digit or 1)) * HAN_MYRIADS[mark], 0, 0
            power = HAN_MYRIADS[mark]
        else:
            return None
    # 三百五 is 350, but 三百零五 is 305.
    return Fraction(total + section + digit * (power // 10 if power > 10 else 1))


def _han_digits(text: str) -> Fraction | None:
    values = [HAN_DIGITS.get(mark) for mark in text]
    if None in values or (len(values) > 1 and any(mark in "俩仨每两" for mark in text)):
        return None
    return Fraction("".join(map(str, values)))


def _latin(text: str) -> Fraction | None:
    """English number words, and pinyin and Tibetan ones in Latin letters."""
    words = text.replace("-", " ").split()
    if words and all(word in PINYIN for word in words) and "a" not in words:
        return _pinyin(words)
    return _english(words) or _tibetan_latin(text)


def _english(words: list[str]) -> Fraction | None:
    half = Fraction(0)
    if words[-3:-1] == ["and", "a"] and words[-1] == "half":
        words, half = words[:-3], Fraction(1, 2)
    words = [word for word in words if word not in _ENGLISH_FILLERS]
    dozen = 1
    if words and words[-1] in ("dozen", "dozens"):
        words, dozen = words[:-1] or ["a"], 12
    if "half" in words:
        return Fraction(dozen, 2) if set(words) <= {"half", "a", "an"} else None
    if "quarter" in words:
        return Fraction(dozen, 4) if set(words) <= {"quarter", "a", "an"} else None
    if words and words[-1] in ("couple", "pair"):
        return Fraction(2 * dozen)
    total = section = 0
    for place, word in enumerate(words):
        if word in _ENGLISH_BEFORE_UNIT and place == 0:
            section = 1
        elif word == "hundred":
            section = (section or 1) * 100
        elif word == "thousand":
            total, section = (total + (section or 1)) * 1000, 0
        elif word in ENGLISH:
            section += ENGLISH[word]
        else:
            return None
    return (total + section + half) * dozen if words else None


def _pinyin(words: list[str]) -> Fraction | None:
    if words == ["ban"]:
        return Fraction(1, 2)
    total = digit = Fraction(0)
    for word in words:
        value = Fraction(PINYIN[word])
        if word in ("shi", "bai"):
            total, digit = total + (digit or 1) * value, Fraction(0)
        else:
            digit = value
    return total + digit


_HALVED = regex(rf"(?P<half>{TIBETAN_LATIN_HALF})(?: dang (?P<number>.+))?")
_EACH = ("re", "rer", "gang", "la")
_NUMERAL = regex(TIBETAN_LATIN_NUMERAL)


def _tibetan_latin(text: str) -> Fraction | None:
    """nyi shu tsa nga 25, gnyis brgya 200, gya dang ngapchu 150, che ka 1/2, che dang nyi 3/2."""
    if text in _EACH:
        return Fraction(1)
    if halved := _HALVED.fullmatch(text):
        whole = _tibetan_latin(halved["number"]) if halved["number"] else Fraction(1)
        return whole and whole - Fraction(1, 2)
    if not _NUMERAL.fullmatch(text):
        return None
    total = digit = 0
    for piece in _LATIN_PIECE.finditer(text):
        value = int(piece.lastgroup[1:]) if piece.lastgroup else 0
        if value in (10, 100):
            total, digit = total + (digit or 1) * value, 0
        elif value:
            digit = value if value < 10 else 0
            total += value - digit
    return Fraction(total + digit)


def _tibetan(text: str) -> Fraction | None:
    """ཉི་ཤུ་རྩ་གཅིག 21, བཅོ་ལྔ 15, ལྔ་བརྒྱ 500, བརྒྱ་ལྔ 105, སྟོང་ཕྲག་གཉིས 2,000."""
    one = _TIBETAN_ONES.get(text.removeprefix(_TIBETAN_HALF_WITH))
    if one and text.startswith(_TIBETAN_HALF_WITH):
        return one - Fraction(1, 2)
    if text in _TIBETAN_HALF:
        return Fraction(1, 2)
    if text in _TIBETAN_AFTER_UNIT:
        return Fraction(_TIBETAN_AFTER_UNIT[text])
    words = [word for word in _TIBETAN_CASE.sub("", text).split("\u0f0b") if word]
    if len(words) > 1 and words[-1] == "གཅིག" and words[-2] in _TIBETAN_POWERS:
        words.pop()  # སྟོང་གཅིག is a thousand: what is one more has དང or རྩ between.
    total = pending = 0
    phrag = 0
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        if word in _TIBETAN_POWERS:
            power = _TIBETAN_POWERS[word]
            if following == "ཕྲག":
                phrag = power
            else:
                total, pending = total + (pending or 1) * power, 0
        elif word in _TIBETAN_ONES:
            pending += _TIBETAN_ONES[word]
        elif word in _TIBETAN_ROUND:
            pending = _TIBETAN_ROUND[word]
        elif word in _TIBETAN_TEN and following == "ཕྲག" and not pending:
            phrag = 10
        elif word in _TIBETAN_TEN:
            pending = pending * 10 if pending and pending < 10 else pending + 10
            if word == "ཤུ" and place and words[place - 1] == "ཉི":
                pending = 20
        elif word in _TIBETAN_TENS:
            pending = _TIBETAN_TENS[word]  # སུམ་ཅུ་སོ་གཉིས names the ten twice
        elif word not in _TIBETAN_FILLERS:
            return None
    if phrag:
        return Fraction(total + phrag * (pending or 1))
    return Fraction(total + pending)


_WRITTEN_ONES = "零一二三四五六七八九"


def han_numeral(value: int) -> str:
    """How Chinese writes 0 … 99,999,999: the inverse of `read_number`."""
    if value < 10:
        return _WRITTEN_ONES[value]
    for power, sign in ((10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if value >= power:
            head, rest = divmod(value, power)
            written = "" if sign == "十" and head == 1 else han_numeral(head)
            if not rest:
                return written + sign
            gap = "零" if rest < power // 10 else ""
            inner = han_numeral(rest)
            if 10 <= rest < 20 and power > 10:
                inner = "一" + inner
            return written + sign + gap + inner
    raise ValueError(value)


def tibetan_numeral(value: int) -> str:
    """How Tibetan writes 1 … 99,999 in words: the inverse of `read_number`."""
    ones = {number: word for word, number in _TIBETAN_ONES.items()}
    if value in ones:
        return ones[value]
    if value < 20:
        stem = "བཅོ" if value in (15, 18) else "བཅུ"
        return stem if value == 10 else f"{stem}་{ones[value - 10]}"
    if value < 100:
        round_tens = ["ཉི་ཤུ", "སུམ་ཅུ", "བཞི་བཅུ", "ལྔ་བཅུ", "དྲུག་ཅུ", "བདུན་ཅུ", "བརྒྱད་ཅུ", "དགུ་བཅུ"]
        stems = ["ཉེར", "སོ", "ཞེ", "ང", "རེ", "དོན", "གྱ", "གོ"]
        tens, rest = divmod(value, 10)
        return f"{stems[tens - 2]}་{ones[rest]}" if rest else round_tens[tens - 2]
    for power, word in ((10**4, "ཁྲི"), (1000, "སྟོང"), (100, "བརྒྱ")):
        if value >= power:
            head, rest = divmod(value, power)
            written = word if head == 1 else f"{tibetan_numeral(head)}་{word}"
            return f"{written}་དང་{tibetan_numeral(rest)}" if rest else written
    raise ValueError(value)
