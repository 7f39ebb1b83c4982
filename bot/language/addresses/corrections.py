"""What a message puts right of a recipient: the phone, the name, the house, the road, the code.

Only what says itself which part it means is taken; all other parts stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec.structs import replace

from bot.language.addresses import chinese_corrections, roads, swaps
from bot.language.addresses.countries import REGION_CODE, country_of
from bot.language.addresses.divisions import LABEL, find_division
from bot.language.addresses.names import KIN, NO_NAME_WORDS, STREETY, is_lone_name, is_nickname
from bot.language.addresses.page import page_of
from bot.language.addresses.parts import JOINT, PHONE_MARK, sheet_of
from bot.language.addresses.recipient import Recipient, is_town, spliced
from bot.language.regex import regex
from bot.language.script import HAN

_LENGTH_MAX = 90  # characters; whoever corrects one part is brief
_SIGNS = r"[\s,.:;!/()#་།-]"
# What is said around the part that is put right.
_FILLERS = (
    r"(?:sorry|oops|ops|no|wait|wrong|actually|correct(?:ion)?|new|the|my|our|is|it'?s|it|that'?s|should|must|be"
    r"|can|could|you|would|like|want|i'?d|need|please|pls|instead|use|change|to|this|i|gave|meant|mean|typo|was|and|also|make|not|a|mistake|an|her|his|their|we|are|on|at|live|btw"
    r"|(?:mom|mum|mother|dad|father|wife|husband|sister|brother|son|daughter|friend|boss)(?:'s)?)\b"
    r"|不对|错[了咗]?|[写打填发搞输记]错[了咗]?|不是|就是|是|唔?系|应该|应为|改[成为到]?|换[成为]?|[我她他](?:们|[妈爸哥姐弟妹])?的|新的?|正确的?|请|麻烦"
    r"|一下|抱歉|不好意思|刚才|上面|那个|这个|[了的为哦哈啊呀吖用]|才对"
    r"|(?:ནོར་སོང|ནོར|འདུག|ཤག|བྱུང|མ་རེད|རེད|ཡིན|འདི|དེ|ངའི|ཁོང་གི|ཁོའི|མོའི|ལ|ཟེར|བརྗེ|དགོས|ནི|གསར་པ)"
    r"(?![\u0f40-\u0fbc])"
)
_ROMAN = r"(?:ngai|nga|yin|red?|nor|song)\b"  # Tibetan; names, too
_OF_PHONE = (
    r"(?:phone|telephone|number|tel|mobile|cell|contact|whatsapp|call)\b"
    r"|(?:kha ?par|ang|dianhua|shouji)\b"
    r"|电话|手机|号码?|联系方式|尾号\d*|打|ཁ་པར|ཨང|གྲངས"
)
_OF_PLACE = (
    r"(?:address|street|road|lane|alley|house|door|number|place)\b"
    r"|(?:send|ship|deliver|mail)(?: (?:it|them|that|this|everything|my order))? to\b"
    r"|收[件货]|[寄送发][到往去]|地址|楼层|[路街巷弄段区楼层室栋](?=[写打填搞]?错)|门牌号?|房间?号|[楼栋幢]号|单元号|街道|路名|ཁ་བྱང|སྡོད་གནས"
)
_PERSON = (
    r"(?:recipient|receiver|names?)\b|(?:收[件货]|联系)人|姓名|名字|人收|[寄发]给"
    r"|ལེན་མཁན(?:་གྱི)?(?:་མིང)?|མིང"
)
_AROUND_PERSON = regex(
    rf"(?:{_PERSON}|(?:person|details|send|ship|deliver|update|switch)\b|收[件货]信息|[人由让都个]"
    rf"|[我俺他她](?:的|们|家)?{KIN}|收(?=[, ])"
    rf"|[和跟](?=电话|手机|号码|{LABEL})|{_FILLERS}|{_OF_PHONE}|{_SIGNS}|[{PHONE_MARK}{LABEL}])*"
)
# The place stays: what follows a name, or its phone.
_STAYS = (
    rf"(?:地址|{LABEL}+)(?:还是)?[都也]?(?:不[变改换动]|一样|照旧|没变|原来的)|其[他它][都的]?不变"
    rf"|(?:to )?(?:the )?same (?:address\b|{LABEL}+)"
    rf"|(?:{LABEL}|the |address )*(?:stays|is|remains) the same\b"
    rf"|(?:ཁ་བྱང་|{LABEL}+)(?:ནི་)?(?:མི་བརྗེ|བརྗེ་མི་དགོས|སྔར་བཞིན)"
)
_SENT = r"(?:སྐུར|བསྐུར|སྐྱེལ|གཏོང)(?![\u0f40-\u0fbc])"  # to him, behind his name
_AFTER_NAME = regex(
    rf"(?:{_STAYS}|instead of [a-z .'-]{{2,40}}"
    rf"|(?<![a-z])(?:please|pls|thanks|thank you|instead|and|with|her|his|their|is|to)\b"
    rf"|(?<![a-z\u0f40-\u0fbc])(?:{_OF_PHONE})|[收了的吧哈哦]|也?[改换][成为]?|谢谢|麻烦|就行|就好"
    rf"|(?<![\u0f40-\u0fbc])(?:{_SENT}|(?:ལ|བརྗེ|རོགས|གནང|དགོས|ཡིན|རེད|དང)(?![\u0f40-\u0fbc]))"
    rf"|{_SIGNS}|[{PHONE_MARK}{LABEL}])*+"
)
_ANEW = regex(
    r"[新让错]|不对|应该是|\b(?:new|instead|update|switch|should|make it)\b"
    rf"|གསར་པ|ལ་{_SENT}|{_STAYS}"
)
_AROUND_PHONE = regex(
    rf"(?:in\b|[我她他把]|{_FILLERS}|{_ROMAN}|{_OF_PHONE}|{_SIGNS}|[{PHONE_MARK}{LABEL}])*+"
)
_BEFORE = regex(rf"(?:{_FILLERS}|{_ROMAN}|{_OF_PLACE}|{_SIGNS})*+")
_OLD_END = r"尾号\d*"
_END = (
    r"(?:last|ends?|ending|digits?|with|in|of|are|one|two|three|four)\b"
    r"|最?后[一两二三四五六几]?(?:位|个)(?:数字?)?|最后|末[尾几]位?|[一两二三四]位|མཐའ་མ(?:འི)?|མཇུག"
)
_OF_PHONE_BUT_ITS_END = _OF_PHONE.replace(_OLD_END, r"尾号(?:\d+(?=\D+\d))?")
_PHONE_END = regex(
    rf"(?P<words>(?:{_FILLERS}|{_OF_PHONE_BUT_ITS_END}|{_END}|{_SIGNS})*+)"
    rf"(?P<n>\d{{1,7}})(?:{_FILLERS}|{_END}|{_SIGNS})*+"
)
_SAYS_END = regex(r"\b(?:last|ends?|ending)\b|[后末尾]|མཐའ|མཇུག")
_SAYS_DIGIT = regex(r"\bdigit\b|位|最后")
_SAYS_PHONE = regex(r"\b(?:phone|mobile|cell|tel)\b|电话|手机|号码|尾号|ཁ་པར")
_CODE = regex(r"\+\d{1,3}")
_DIGITS = regex(r"\(?\d(?:[ ().-]{0,2}\d){7,11}")

_IS_WRONG = regex(
    r"\b(?:wrong|change|mistake|typo|correct|nor|brje)\b|错|不对|改|换|[少多漏][打写填]|ནོར|བརྗེ"
)
_PARTS = {
    "phone": regex(r"\b(?:phone|mobile|cell|tel|kha ?par)\b|电话|手机|ཁ་པར"),
    "name": regex(r"\b(?:name|recipient|receiver|ming)\b|姓名|名字|收[件货]人|མིང"),
    "door": regex(
        r"\b(?:house|street|door|flat|apartment|room|unit) (?:number|no)\b"
        r"|门牌|房间?号|[楼栋幢]号|单元号|སྒོ་?ཨང"
    ),
    "address": regex(r"\baddress\b|地址|ཁ་བྱང|སྡོད་གནས"),
}
_PARTS_ONLY = regex(
    rf"(?:[我她他把]|{_FILLERS}|{_ROMAN}|{_OF_PHONE}|{_OF_PLACE}|{_SIGNS}|(?:name|recipient|receiver|ming)\b"
    r"|(?:flat|apartment|room|unit)\b|སྒོ|姓名|名字|人|[少多漏][打写填]了?[一1]?[个位]?(?:数字?|\d)?|མིང)*+"
)

_NAME = regex(
    r"\b(?:name|recipient|receiver)(?:'s)?\b(?:[^\n\d,]{0,30}?\b(?:is|be|to)\b| ?:)(?: \bbe\b)? ?"
    r"(?P<en>[^\W\d_][^\d,!?]{1,40})$"
    r"|^(?:收[件货]人是?)?[我她他](?:的)?(?:妈妈?|爸爸?|哥哥?|弟弟?|姐姐?|妹妹?|老[婆公]|奶奶|爷爷|朋友|同[事学]|女儿|儿子)"
    r"(?:的名字)?叫(?P<kin>[^\d,!?]{2,12})$"
    r"|(?:收[件货]人|姓名|名字)(?:姓名|名字)?也?(?:[写打填搞]?错了?|不对)?[\s,:]*(?:应该)?"
    r"(?:是|叫|写|[改换][成为]?)*(?:我(?:老[婆公]|[妈爸]{1,2}|朋友|同事|[哥姐弟妹]{1,2}))?\s*(?P<zh>[^\d,!?]{2,12}?)(?:[了吧哈哦]|收|就[行好可])*$"
    r"|^(?:[\u0f40-\u0fbc་]{1,20}(?:འི|གི|ཀྱི|གྱི|ཡི)་|ལེན་མཁན་)?མིང(?:་(?:ལ|ནི|དེ|འདི))?"
    r"(?:་ནོར་(?:སོང|འདུག|བྱུང|ཤག))?[་།\s]+(?P<bo>[\u0f40-\u0fbc][\u0f40-\u0fbc་]*?)"
    r"(?:་(?:ཟེར|ཡིན|རེད|ཞུ)(?:་.*)?)?[་།]?$"
    r"|^(?:ngai |nga )?ming(?: la| ni)? (?P<latin>[a-z]{2,}(?: [a-z]{2,}){0,3}?)"
    r"(?: (?:yin|zer|red?|zhu))?$"
)
_ZIP = regex(
    r"(?:\bzip(?: ?code)?|\bpost ?code|\bpostal code|\bpin ?code|邮编|邮政编码|邮递区号)\D{0,20}?"
    r"(?P<zip>\d{3,6}|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2})$"
)
_ZIP_BEFORE = regex(r"\b(?:\d{5,6}|[a-z]{1,2}\d[a-z\d]? \d[a-z]{2})\b(?!.*\b\d{5,6}\b)")
_UNIT = regex(
    r"(?P<kind>apartment|apt|unit|flat|room|suite|ste|floor|ཁང་མིག)\.?"
    r"(?: (?:number|no\.?)|(?:་ཨང(?:་གྲངས)?)?་(?:ནི)?)?"
    r"(?: (?:is|should be))?[ :]{0,2}#?(?P<n>(?=[a-z]?-?\d)[\da-z-]{1,7})(?![\w-])"
)
_UNIT_OLD = regex(
    r"\b(?:apartment|apt|unit|flat|room|suite|ste|floor)\b\.? ?#?[\da-z-]{1,7}|ཁང་མིག[་ ]\d+"
)
_NUMBERS = (
    regex(r"不是(?P<old>[\da-z-]+)\D{0,3}?[,\s]*(?:应该|而)?是(?P<new>[\da-z-]+)\D{0,3}$"),
    regex(r"(?<![\d.])(?P<new>\d+[a-z]?)\b[^\d\n]{0,40}\bnot (?P<old>\d+[a-z]?)$"),
    regex(r"ཨང་?(?P<new>\d+)[^\d]{0,9}?[་\s]+(?P<old>\d+)་མ་རེད་?$"),
    regex(r"ཨང་?(?P<old>\d+)་?(?:མ་རེད|མིན)[་།\s]+(?:སྒོ་?)?(?:ཨང་?)?(?P<new>\d+)་?(?:རེད|ཡིན)?[་།]?$"),
)
_HOUSE = regex(r"(?P<n>\d+(?:-\d+)*)(?P<kind>号楼|号院|号|室|栋|幢|单元|楼|层)(?:才对|[了哦哈])?")
_ROOM = regex(
    r"第?(?:\d+(?:-\d+)*|[一二三四五六七八九十]{1,3})(?P<kind>号楼|栋|幢|座|单元|室)"
    r"(?:[, ]*\d+(?:-\d+)*(?:号|栋|幢|座|单元|室|楼|层)?)*"
)
_WRONG = regex(r"错|改|不对|门牌|地址|房")
_DOOR_TIBETAN = regex(
    r"(?:ཁང་པའི་|ཁྱིམ་གྱི་)?(?:སྒོ་|(?:ལམ|སྲང)་(?:ཆེན་)?)?ཨང་?(?:གྲངས་)?(?:ནི་)?(?P<n>\d+)་?(?:རེད|ཡིན)?[་།]?"
)
_TIBETAN_OLD = regex(r"(?<=ཨང་)\d+|(?<=ཨང)\d+")
# A number without what it is of behind it, when that was said before: 门牌号是15.
_BARE = regex(r"#?(?P<n>[a-z]?-?\d{1,5}(?:-\d+)*[a-z]?)(?![\w-])")
_SAYS_DOOR = regex(
    r"\b(?:street|house|door|building|address)\b|\bnumber (?:(?:is|should be|must be) )?$"
)
_KINDS = {
    "号": regex("门牌"),
    "室": regex("房间?号"),
    "号楼|栋|幢|座": regex("[楼栋幢]号"),
    "单元": regex("单元号"),
}
_DOOR = regex(r"(?<![\w#-])[a-z]?-?\d+[a-z]?(?!\w)")
_OF_DOORS = {
    "apt ": regex(r"\b(?:flat|apartment|room|unit)\b"),
    "房号是": regex("房间?号"),
    "楼号是": regex("[楼栋幢]号"),
    "单元号是": regex("单元号"),
}
# The number of a house and no more, in whatever words: it's 27a, 是27号.
_NUMBER_TOLD = regex(
    r"[^\d栋楼室单元层幢座路街巷道村]{0,12}(?P<n>\d{1,5}[a-z]?(?:-\d{1,4})?)号?[^\d栋楼室单元层幢座]{0,8}"
)
_STREET_ALONE = regex(
    r"(?:\d+[a-z]?,? [^\d,]+?(?: (?:section|sec\.?) \d)?|[^\d,]+ \d+[a-z]?)"
    r"(?:,? (?:apartment|apt|unit|flat|room|suite|floor)\.? ?#?[\da-z]+)?"
)
_TIBETAN_END = regex(r"[་།\s]*(?:རེད|ཡིན)?[་།\s]*\Z")
_NOT = regex(r",? not [\da-z]{1,5}[ .!]*$")
_ROAD = regex(rf"[路街道村里]|广场|小区|花园|[{HAN}]{{2}}[巷弄]")


def corrected(known: Recipient, text: str) -> Recipient | None:
    """The recipient with the part that a message puts right; None when it does no such thing."""
    if len(text) > _LENGTH_MAX:
        return None
    readers: list[Callable[[Recipient, str], Recipient | None]]
    readers = [_phone, _phone_end, _name, chinese_corrections.corrected, _person]
    if known.detail:
        readers += [_zip, _number, swaps.corrected, _unit, _house, _town, roads.named, _road]
    return next((found for read in readers if (found := read(known, text))), None)


def with_door(known: Recipient, text: str, wrong: str = "") -> Recipient | None:
    """The recipient with the number that is told when that of the house was asked for: 27号; of the
    room or another part, if it was that which was said to be `wrong`."""
    number = _NUMBER_TOLD.fullmatch(page_of(text).form)
    if number is None:
        return corrected(known, text)
    form = page_of(wrong).form
    of = next((part for part, words in _OF_DOORS.items() if words.search(form)), "门牌号是")
    return corrected(known, f"{of}{number['n']}")


def with_code(known: Recipient, text: str) -> Recipient | None:
    """The recipient with a postcode that came alone; None when it can be none there."""
    in_china = known.country in ("", "CN")
    if not re.fullmatch(r"\d{6}" if in_china else r"\d{5,6}", text.strip()):
        return None
    return _zip(known, f"zip {text.strip()}")


def wrong_part(text: str) -> str:
    """The part that is said to be wrong, or to be changed, without what it shall be: `name`,
    `phone`, `door`, `address`, or '' for none."""
    form = page_of(text).form
    if len(text) > _LENGTH_MAX or not _IS_WRONG.search(form) or not _PARTS_ONLY.fullmatch(form):
        return ""
    return next((part for part, words in _PARTS.items() if words.search(form)), "")


def _phone(known: Recipient, text: str) -> Recipient | None:
    """A phone number with nothing besides but that it is one."""
    sheet = sheet_of(page_of(text))
    bare = sheet.bare.replace(JOINT, " ")
    if sheet.phones:
        said = sheet.phones[-1].number if _AROUND_PHONE.fullmatch(bare) else ""
        return replace(known, phone=said) if said else None
    form = sheet.page.form.strip()
    if _CODE.fullmatch(form) and known.phone and not known.phone.startswith("+"):
        return replace(known, phone=form + known.phone.lstrip("0"))
    number = _DIGITS.search(form)
    abroad = known.country not in ("", "CN")
    if number is None or not (abroad or (len(number[0]) > 8 and number[0][0] != "1")):
        return None
    rest = form[: number.start()] + form[number.end() :]
    phone = re.sub(r"\D", "", number[0])
    if not abroad and (len(phone) < 9 or known.country == "CN"):
        return None
    return replace(known, phone=phone) if _AROUND_PHONE.fullmatch(rest) else None


def _phone_end(known: Recipient, text: str) -> Recipient | None:
    """尾号是35, my phone ends in 35: the rest of the number was right."""
    found = _PHONE_END.fullmatch(page_of(text).form)
    if found is None or len(found["n"]) >= len(known.phone):
        return None
    if not (_SAYS_END.search(found["words"]) and _SAYS_PHONE.search(found["words"])):
        return None
    if len(found["n"]) == 1 and not _SAYS_DIGIT.search(found["words"]):
        return None
    return replace(known, phone=known.phone[: -len(found["n"])] + found["n"])


def _name(known: Recipient, text: str) -> Recipient | None:
    page = page_of(text)
    found = _NAME.search(page.form.strip(" .!"))
    if found is None or not _BEFORE.fullmatch(page.form.strip(" .!")[: found.start()]):
        return None
    start, end = found.span(found.lastgroup or 0)
    lead = len(page.form) - len(page.form.lstrip(" .!"))
    name = page.shown[start + lead : end + lead].strip(" .!་།")
    return replace(known, name=name) if is_lone_name(name) or is_nickname(name) else None


def _person(known: Recipient, text: str) -> Recipient | None:
    """Somebody else, with the phone or without: 换收件人 李梅 13800138999，地址不变."""
    sheet = sheet_of(page_of(text))
    form = sheet.bare.replace(JOINT, " ")
    said = sheet.page.form
    names_person = re.search(_PERSON, said)
    is_new = _IS_WRONG.search(said) or _ANEW.search(form)
    if not is_new or not (sheet.phones or names_person):
        return None
    around = _AROUND_PERSON.match(form)
    start = around.end() if around else 0
    for end in range(start + 1, len(form) + 1):
        name = sheet.page.shown[start:end].strip(" .!་།")
        if _AFTER_NAME.fullmatch(form, end) and is_lone_name(name):
            is_place = not names_person and find_division(name)  # 改寄成都
            return None if is_place else _called(known, name, sheet.phone)
    return None


def _called(known: Recipient, name: str, phone: str) -> Recipient:
    return replace(known, name=name, phone=phone or known.phone)


def _zip(known: Recipient, text: str) -> Recipient | None:
    page = page_of(text)
    found = _ZIP.search(page.form.rstrip(" .!"))
    if found is None or not _BEFORE.fullmatch(page.form[: found.start()]):
        return None
    said = page.shown[found.start("zip") : found.end("zip")]
    before = _ZIP_BEFORE.search(page_of(known.detail).form)
    if before:
        return spliced(known, before.start(), before.end(), said)
    return known if known.country == "CN" else replace(known, detail=f"{known.detail} {said}")


def _number(known: Recipient, text: str) -> Recipient | None:
    """不是10号是12号, it's 351 and not 350: the one for the other."""
    page = page_of(text)
    for pattern in _NUMBERS:
        found = pattern.search(page.form.rstrip(" .!"))
        if found:
            old = rf"(?<![\da-z]){re.escape(found['old'])}(?![\d])"
            there = re.search(old, page_of(known.detail).form)
            said = page.shown[found.start("new") : found.end("new")]
            if there is None and "ཨང" in found[0]:
                there = _last(_TIBETAN_OLD, known.detail)
            return spliced(known, there.start(), there.end(), said) if there else None
    return None


def _last(pattern: re.Pattern[str], detail: str) -> re.Match[str] | None:
    return next(reversed(list(pattern.finditer(page_of(detail).form))), None)


def _unit(known: Recipient, text: str) -> Recipient | None:
    """Apt 12B, the flat is 7."""
    page = page_of(text)
    start = _past_fillers(page.form)
    found = _UNIT.match(page.form, start)
    if found is None or not _BEFORE.fullmatch(page.form, found.end()):
        return None
    kind = page.shown[found.start("kind") : found.end("kind")]
    said = f"{kind} {page.shown[found.start('n') : found.end('n')]}"
    old = _UNIT_OLD.search(page_of(known.detail).form)
    if old:
        return spliced(known, old.start(), old.end(), said)
    street, comma, rest = known.detail.partition(",")
    between = ", " if comma or street.isascii() else " "
    return replace(known, detail=f"{street}{between}{said}{comma}{rest}")


def _past_fillers(form: str) -> int:
    found = _BEFORE.match(form)
    said = found[0] if found else ""
    return len(said.removesuffix("new ").removesuffix("新"))  # New York, 新华路


def _house(known: Recipient, text: str) -> Recipient | None:
    """是2号, 门牌号是2号: the number of that kind in the street."""
    page = page_of(text)
    detail = page_of(known.detail).form
    start = _past_fillers(page.form)
    found = _HOUSE.fullmatch(page.form, start)
    tibetan = _DOOR_TIBETAN.fullmatch(page.form, start)
    if tibetan:
        old = _last(_TIBETAN_OLD, detail)
        said = page.shown[tibetan.start("n") : tibetan.end("n")]
        if old is None and not re.search(f"[{HAN}]", detail):
            return None
        return spliced(known, *old.span(), said) if old else _numbered(known, said, "号")
    bare = _BARE.match(page.form, start)
    if bare and _BEFORE.fullmatch(page.form, bare.end()):
        said = page.shown[bare.start("n") : bare.end("n")]
        kind = next((kind for kind, words in _KINDS.items() if words.search(page.form[:start])), "")
        if kind or _SAYS_DOOR.search(page.form[:start]):
            return _numbered(known, said, kind or "号")
    if found and _WRONG.search(page.form):
        olds = list(re.finditer(rf"\d+(?:-\d+)*(?={found['kind']})", detail))
        said = page.shown[found.start("n") : found.end("n")]
        if olds:
            return spliced(known, *olds[-1].span(), said)
        return replace(known, detail=known.detail + page.shown[found.start() : found.end("kind")])
    return _room(known, page.shown[start:].rstrip(" 。.!"))


def _numbered(known: Recipient, said: str, kind: str) -> Recipient:
    """With that number of the house, or of what else there are numbers of."""
    form = page_of(known.detail).form
    if re.search(f"[{HAN}]", form):
        bare = chinese_corrections.ROOM if kind == "室" else ""
        old = _last(re.compile(rf"\d+(?:-\d+)*(?=(?:{kind})(?![楼院])){bare}"), form)
        if old:
            return spliced(known, *old.span(), said)
        return replace(known, detail=f"{known.detail}{said}{kind.partition('|')[0]}")
    pieces = [one for one in re.finditer("[^,]+", form) if not _UNIT_OLD.match(one[0].strip())]
    streets = [piece for piece in pieces if STREETY.search(piece[0])] or pieces[:1]
    there = next((old for piece in streets if (old := _DOOR.search(form, *piece.span()))), None)
    if there:
        return spliced(known, *there.span(), said)
    return replace(known, detail=f"{said} {known.detail}")


def _room(known: Recipient, said: str) -> Recipient | None:
    """3单元302, 301室: in the place of the like, or behind the street."""
    found = _ROOM.fullmatch(page_of(said).form)
    if found is None:
        return None
    old = re.search(rf"\s*\d+(?:-\d+)*{found['kind']}\S*$", page_of(known.detail).form)
    street = known.detail[: old.start()] if old else known.detail
    return replace(known, detail=f"{street} {said}")


def _town(known: Recipient, text: str) -> Recipient | None:
    """Portland, OR 97205: in the place of the town with its code, or behind the street."""
    page = page_of(text)
    start = _past_fillers(page.form)
    code = REGION_CODE.search(page.form, start)
    town = page.form[start : code.start()] if code else ""
    if code is None or page.form[code.end() :].strip(" .!") or re.search(r"\d", town):
        return None
    if town.count(",") > 1 or NO_NAME_WORDS.search(town):
        return None
    said = page.shown[start : code.end()]
    pieces = [piece.strip() for piece in known.detail.split(",")]
    at = next((i for i, one in enumerate(pieces) if REGION_CODE.search(page_of(one).form)), None)
    old = None if at is None or town else REGION_CODE.search(page_of(pieces[at]).form)
    if at is not None and old:  # the state and the code alone
        pieces[at:] = [pieces[at][: old.start()] + said]
        return replace(known, detail=", ".join(pieces))
    if at is not None:
        alone = REGION_CODE.fullmatch(page_of(pieces[at]).form)
        pieces = pieces[: at - bool(alone)]
    elif known.country not in ("", "US", "CA"):
        return None
    detail = ", ".join([*pieces, said])
    return replace(known, detail=detail, country=country_of(page_of(detail).form, ""))


def _road(known: Recipient, text: str) -> Recipient | None:
    """It's 351 5th Ave, 地址改成香港中路12号: the road and the number, in the same town."""
    page = page_of(text)
    start = _past_fillers(page.form)
    end = _NOT.search(page.form)
    said = page.shown[start : end.start() if end else None].strip(" ,.!。，！")
    said = _TIBETAN_END.sub("", said)
    form = page_of(said).form
    if is_town(known.detail) and known.country not in ("", "CN"):
        return None  # There is no street yet.
    alone = _STREET_ALONE.fullmatch(form) or roads.is_alone(form)
    whole = known.name and known.phone and alone
    is_street = STREETY.search(form) and re.search(r"\d", form) and form.count(",") < 2
    if not (start or whole) or not is_street:
        return None
    if NO_NAME_WORDS.search(form) or sheet_of(page_of(said)).phones:
        return None
    from bot.language.addresses.reading import recipient_read

    if re.search(f"[{HAN}]", form):
        is_road = _ROAD.search(form) and not roads.SAID.search(form)
        return roads.on_road(known, said) if is_road else None
    there = recipient_read(said)
    if there.province or there.country:
        return None
    pieces = [piece.strip() for piece in known.detail.split(",")]
    at = next((i for i, piece in enumerate(pieces) if _alike(piece, said)), None)
    if at is None or _UNIT_OLD.search(form):  # The old flat goes with the old street.
        pieces = [one for one in pieces if not swaps.is_flat(page_of(one).form)]
    if at is None:
        streets = [i for i, piece in enumerate(pieces) if STREETY.search(piece)]
        at = streets[0] if streets else 0
    return replace(known, detail=", ".join([*pieces[:at], said, *pieces[at + 1 :]]))


def _alike(piece: str, said: str) -> bool:
    """Whether two pieces of an address have a word in common that is no kind of street."""
    both = [set(re.findall(r"[^\W_]{3,}", page_of(each).form)) for each in (piece, said)]
    return any(not STREETY.fullmatch(word) for word in both[0] & both[1])
