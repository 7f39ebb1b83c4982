"""The words of addresses and names in English and pinyin: which are of a street, which a name."""

from __future__ import annotations

import re

from bot.language.regex import regex

ROADS = (
    r"(?:roads?|rd|streets?|str?|ave(?:nue)?|blvd|boulevard|lane|alley|highway"
    r"|lu|jie|dajie|hengjie|dadao|hutong|xiang|nong|longtang)"
)
_HOUSES = (
    r"buildings?|bldg|units?|rooms?|rm|floor|block|blk|tower|villages?|town(?:ship)?|subdistrict"
    r"|gardens?|plaza|square|hotel|mansion|community|residence|apartments?|apt|flat|house|villa"
    r"|dorm(?:itory)?|school|univ(?:ersity)?|college|institute|academy|hospital|clinic|monastery"
    r"|temple|company|ltd|factory|station|market|mall|supermarket|cent(?:er|re)|office|bank"
    r"|quarter|campus|zone|area|hostel|shop|store|restaurant|cafe|gate|soho|phase|section"
    r"|cun|zhen|jiedao|shequ|xiaoqu|huayuan|jiayuan|gongyu|sushe|daxue|xueyuan|xuexiao|zhongxue"
    r"|xiaoxue|yiyuan|zhongxin|guangchang|dasha|gongsi|jiudian|binguan|fandian|shichang|shangchang"
    r"|chaoshi|gongyuan|gongyequ|kaifaqu|danyuan|yizhan|jiuba|si miao|shangdian"
)
# Words of a street that are names of people as well: Chen Jie, Grace Park.
_BOTH = regex(
    r"\b(?:lu|jie|xiang|nong|zhen|cun|lane|park|middle|north|south|east|west|house|banks?|gates?"
    r"|temple|hall|st|[a-z]{2,}(?:lu|jie))\b"
)
_STREET = regex(rf"\b(?:{ROADS}|no\.? ?\d+|(?:{_HOUSES}|park|hall|middle|north|south|east|west))\b")
_PINYIN_STREET = regex(
    r"\b\d+ ?(?:hao|dong|lou|shi|danyuan|ceng|nong)\b|\b[a-z]{2,}(?:lu|jie|dajie|dadao)(?= ?\d|\b)"
)
_HOUSE_END = regex(
    rf"\b(?:{ROADS}\b\.?(?: (?:north|south|east|west|middle|central)\b)?"
    r"|[a-z]{3,}(?:lu|jie|dadao)(?= ?\d)"
    rf"|(?:{_HOUSES})\b(?: [a-z]\b)?"
    r"|(?:[a-z]?\d+ ?|[a-z] |hao |(?:yi|er|san|si|wu|liu|qi|ba|jiu|shi) )"
    r"(?:hao|dong|lou|shi|ceng|men|zu|dui|zhuang|qu|duan|hu)\b|[a-z]?\d[\w-]*)"
)
_WORD = r"[^\W\d_][^\W\d_.]*(?:['.-][^\W\d_]+)*\.?"
_NAME = regex(rf"{_WORD}(?: {_WORD}){{0,3}}")
_NO_NAME = regex(
    r"\b(?:near|opposite|behind|next|inside|beside|close|of|the|by|at|on|in|from|with|front|above"
    r"|pang|pangbian|duimian|fujin|limian|yuan ?nei|nei|box|city|county|district|province|china"
    r"|new|old|nan|bei|xi|dongce|side|and|is|my)\b"
)
_SURNAMES = (
    "li|wang|zhang|liu|chen|yang|zhao|huang|zhou|wu|xu|sun|hu|zhu|gao|lin|he|guo|ma|luo|liang|song"
    "|zheng|xie|han|tang|feng|dong|cao|yuan|deng|peng|zeng|xiao|tian|pan|cai|jiang|yu|du|ye|cheng"
    "|wei|su|lu|lv|ding|ren|yao|shen|zhong|jin|cui|tan|fan|liao|shi|wen|qin|meng|jia|xia|fu|fang"
    "|zou|xiong|bai|qiu|hou|shao|long|wan|duan|lei|qian|yin|yan|niu|hong|gong|tao|ning|lai|qi|kong"
    "|mao|mo|shan|pu|hao|ai|ran|guan|bao|mu|ou|ouyang|sima|situ|zhuge|murong|zhan|nie|geng|ji|mei"
)
_GIVEN = (
    "tenzin|tenzing|danzeng|dorje|dorji|duojie|duoji|tashi|zhaxi|trashi|tsering|tsring|cering|ciren"
    "|cairen|zeren|pema|padma|baima|dolma|drolma|zhuoma|lhamo|lamu|lobsang|lobzang|luosang|losang"
    "|sonam|suolang|suonan|karma|gama|kelsang|kalsang|gesang|norbu|luobu|nima|nyima|dawa|phuntsok"
    "|pingcuo|wangmo|wangdu|wangdui|wangyal|yangzom|yangjin|yangchen|yangzong|rinchen|renqing|jigme"
    "|jimei|gyatso|jiacuo|gyaltsen|thubten|tudeng|gonpo|gongbu|gongbao|cairang|caiwen|sangye"
    "|sangjie|dechen|deji|choden|chodron|quzhen|penpa|bianba|migmar|mima|lhakpa|laba|phurbu|pubu"
    "|pasang|basang|yeshe|yeshi|yixi|ngawang|awang|jamyang|jamyong|jiayang|namgyal|wangchuk|kunga"
    "|gendun|gedun|shawo|samdup|tsomo|cuomu|kyi|ciwang|tsewang|dondrup|dunzhu|chime|qimei"
)
_TIBETAN = regex(_GIVEN)
_KNOWN = regex(rf"(?:(?:{_SURNAMES})(?= )|(?:{_GIVEN}|mr|mrs|ms|miss|dr)\b)")
# `zhang san renmin lu 5 hao`: a surname and what most have after it, or names of Tibetans.
_SHORT = "[^\\W\\d_aeiou]{0,2}[aeiou]{1,3}(?:n|ng|r)?(?= )"
_HEAD = regex(
    rf"(?:(?:{_SURNAMES}) (?:{_SHORT} {_SHORT}(?! (?:{ROADS})\b)|[^\W\d_]+)"
    rf"|(?:{_GIVEN})(?: (?:{_GIVEN}))?)(?= )"
)
_BEFORE_HOUSE = regex(
    rf"(?P<name>{_WORD}(?: {_WORD}){{0,2}}?)(?= (?:(?:no\.? ?|#)\d"
    rf"|\d+[a-z]?,? (?:[a-z]+ ){{1,3}}{ROADS}\b"
    r"|(?:room|rm|flat|apt|unit|building|bldg|block|floor)\b))"
)


def is_street_in_latin(form: str) -> bool:
    """Whether a text has a word of a street or a house, in English or in pinyin."""
    form = form.lower()
    return bool(_STREET.search(form) or _PINYIN_STREET.search(form))


def is_known_name(form: str) -> bool:
    """Whether a text begins as a Chinese or Tibetan name does, or with a title."""
    return bool(_KNOWN.match(form))


def is_tibetan_name(form: str) -> bool:
    """Whether a text is one of the names that Tibetans have: Nima, Wangmo."""
    return bool(_TIBETAN.fullmatch(form))


def is_whereabouts(form: str) -> bool:
    """Whether a text has a word that no name has: near, behind, fujin."""
    return bool(_NO_NAME.search(form))


def is_house(form: str, beside: bool = False) -> bool:
    """Whether a text is of a street and no name; of what can be both, a phone beside tells."""
    if not is_street_in_latin(form):
        return False
    if re.search(r"\d", form) or len(form.split()) > 4 or is_street_in_latin(_BOTH.sub("x", form)):
        return True
    return not (beside or is_known_name(form))


def tail_name(form: str) -> tuple[int, int] | None:
    """The name after the last word of a house: `45 hao 3 lou zhaxi duojie`."""
    for end in sorted({match.end() for match in _ends(form)}, reverse=True):
        start = end + len(form[end:]) - len(form[end:].lstrip(" .,-"))
        said = form[start:]
        if start > end and _is_whole_name(said):
            return start, len(form)
    return None


def _ends(form: str) -> list[re.Match[str]]:
    found, at = [], 0
    while match := _HOUSE_END.search(form, at):
        found.append(match)
        at = match.start() + 1
    return found


def _is_whole_name(said: str) -> bool:
    """Whether these words can be a name; one short syllable is the end of one."""
    if not _NAME.fullmatch(said) or _NO_NAME.search(said) or is_house(said, beside=True):
        return False
    return " " in said or len(re.findall(r"[aeiou\u00e0-\u017f]+", said)) > 1


def head_name(form: str) -> tuple[int, int] | None:
    """The name before the street: `Li Wei No. 27 Renmin Road`, `zhang san renmin lu 5 hao`."""
    match = _BEFORE_HOUSE.match(form)
    if match and not is_street_in_latin(match["name"]) and not _NO_NAME.search(match["name"]):
        return (0, match.end()) if " " in match["name"] or is_known_name(match["name"]) else None
    match = _HEAD.match(form)
    return match.span() if match and re.search(rf"\w \b{ROADS}\b", form[match.end() :]) else None
