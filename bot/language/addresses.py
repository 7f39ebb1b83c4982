"""Reading where a parcel goes out of what people paste: name, phone and address in any order.

Mainland divisions come from a packed table (see `divisions_pack`), loaded at the first use. What is
not there stays empty; nothing raises, and the time is linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.language.divisions import BEYOND, Division, find_division
from bot.language.script import HAN, TSHEG, form_of

TEXT_MAX = 2_000  # characters looked at; no address is longer


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a parcel and where; what is unknown is empty.

    `country` is ISO 3166 alpha-2, `CN` for the mainland. Abroad the whole address is `detail`.
    """

    name: str = ""
    phone: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    detail: str = ""
    country: str = ""


# Mainland mobiles are looked for first: `502 138 0013 8000` holds one behind a room number.
_MOBILE = re.compile(r"(?<![\d.])(?:\+?\(?86\)?[- ]?)?(?P<cn>1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)")
_PHONES = re.compile(
    r"(?<![\d.])(?:"
    r"(?P<intl>\+(?!86)\d{1,3}[- .]?(?:\(\d{1,4}\)[- .]?)?\d{1,5}(?:[- .]?\d{2,5}){1,4})"
    r"|(?P<tw>09\d{2}[- ]?\d{3}[- ]?\d{3})"
    r"|(?P<us>\(?\d{3}\)?[- .]\d{3}[- .]\d{4})"
    r"|(?P<land>0\d{2,3}[- ]?\d{7,8})"
    r")(?!\d)"
)
_EIGHT_DIGITS = re.compile(r"(?<![\d.])(?P<any>[2-9]\d{3}[ -]?\d{4})(?![\d-])")
_EIGHT_DIGITS_THERE = re.compile(r"香港|九龙|新界|澳门|hong kong|macau|macao")
_LABELLED_PHONE = re.compile(
    r"(?:电话|手机号码|手机号|手机|联系方式|phone(?: number)?|tel(?:ephone)?|mobile|cell|whatsapp"
    r"|ཁ་པར་(?:ཨང་གྲངས་)?)[ ་]*[:：]?[ ]*(?P<any>\+?\d[\d -]{5,17}\d)",
    re.IGNORECASE,
)


def read_phone(text: str) -> str | None:
    """The phone number in a text: digits, with a leading + when it is foreign. None if none."""
    found = _phone(form_of(text[:TEXT_MAX]).text)
    return found[0] if found else None


def _phone(form: str) -> tuple[str, int, int] | None:
    match = _MOBILE.search(form) or _PHONES.search(form) or _LABELLED_PHONE.search(form)
    if match is None and _EIGHT_DIGITS_THERE.search(form):
        match = _EIGHT_DIGITS.search(form)
    if match is None:
        return None
    kind = match.lastgroup or "any"
    number = re.sub(r"\D", "", match[kind])
    if kind == "intl" or (kind == "any" and match[kind].startswith("+")):
        number = "+" + number
    start, end = match.span() if kind != "any" else match.span("any")
    return number, start, end


# -- names ---------------------------------------------------------------------------------------

_LABELS = re.compile(
    r"(?:收\s?[件货]\s?人(?:姓名)?|收货(?=[:：])|姓\s?名|联系人|名字|收件(?=[:：])|receiver|recipient"
    r"|(?:full |my )?name(?: is)?|attn)\s*[:：是]?\s*(?P<name>)"
    r"|(?:收[货件]地址|详细地址|所在地区|收货地区|寄到|寄往|寄去|送到|发到|邮寄到|地址"
    r"|ship(?:ping)? (?:it |them )?(?:to|address)|deliver(?: it)? to|send (?:it |them )?to|(?:my )?address(?: is)?"  # noqa: E501
    r"|addr|邮寄地址)\s*[:：是]?\s*(?P<address>)"
    r"|(?:联系电话|手机号码|手机号|手机|电话号码|电话|联系方式|phone(?: number)?|tel|mobile|ཁ་པར)\s*[:：是]?\s*(?P<phone>)"  # noqa: E501
    r"|(?:邮政编码|邮编|zip(?: code)?)\s*[:：]?\s*\d{5,6}(?P<post>)",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(r"(先生|女士|小姐|太太|收|老师|同学|\(收\)|亲收)$")
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪"
    "严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴"
    "席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄"
    "盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗"
    "应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺欧上司东诸尉皇令"
)
_TIBETAN_NAMES = (
    "扎西|卓玛|才让|次仁|尼玛|达瓦|多吉|央金|桑吉|格桑|洛桑|丹增|平措|索朗|旦增|白玛|拉姆|边巴|巴桑|普布|强巴|旺堆|仁青|仁增|"
    "土登|顿珠|德吉|曲珍|措姆|贡布|嘉措|加措|吉美|晋美|才旦|才仁|次旦|次旺|旺姆|旺杰|南杰|朗杰|公保|桑杰|拉毛|卓嘎|云丹|阿旺|"
    "益西|江白|罗布|加央|嘎玛|噶玛|泽仁|泽让|泽旺|拥忠|四郎|俄色|降央|向巴|更登|更桑|尕藏|东周|看着|久美|拉珍|玉珍|群培|其美|赤列|桑珠|"
    "西热|喜饶|华青|华旦|彭措|仓决|仓央|伦珠|坚赞|丹巴|丹珠|班玛|柔旦|索南|万玛|完玛|杨金|羊措|卓么|吉"
)
_TIBETAN_NAME = re.compile(rf"(?:{_TIBETAN_NAMES}){{1,3}}(?:[{HAN}])?")
_HAN_NAME = re.compile(rf"[{HAN}]{{2,4}}(?:·[{HAN}]{{2,6}})?")
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z.'-]{1,20}(?: [A-Za-z][A-Za-z.'-]{0,20}){0,3}")
_TIBETAN_SCRIPT_NAME = re.compile(r"[\u0f40-\u0fbc]+(?:\u0f0b[\u0f40-\u0fbc]+){0,5}\u0f0b?")
_NO_NAME = re.compile(
    r"[要买来斤克两根盒袋包钱寄发货了吗的地址电话手机这那一个]|老板|你好|您好|谢谢|麻烦|松茸|虫草|微信|快递|顺丰|中通|尽快|直接|就行|可以|这里|付款|\d"
)
_STREETY = re.compile(
    r"[路街道巷弄胡同段号栋幢楼室单元层村镇乡组屯庄苑寓厦园店庙寺厂院校站场]|小区|花园|大厦|广场|市场|宿舍|公司|驿站|广场|བར|ལམ|ཨང"
    r"|\b(?:st|street|rd|road|ave|avenue|blvd|lane|ln|drive|dr|court|ct|way|apt|suite|unit|po box|flat|strasse|str)\b",  # noqa: E501
    re.IGNORECASE,
)


def read_name(text: str) -> str | None:
    """The name that a text consists of, or names by a label (我叫扎西). None if it is no name."""
    shown = text[:TEXT_MAX].strip(" \n\t,，.。!！:：།")
    shown = re.sub(
        r"^(?:我叫|我是|叫我|我的名字(?:是|叫)|名字(?:是|叫)?|姓名|收[件货]人|my name is|i am|i'm|name)[\s:：是]*",  # noqa: E501
        "",
        shown,
        flags=re.IGNORECASE,
    )
    return shown if _is_name(shown) else None


def _is_name(shown: str) -> bool:
    titled = _HONORIFIC.search(shown.strip())
    shown = _HONORIFIC.sub("", shown.strip()).strip()
    if titled and len(shown) == 1:
        return form_of(shown).text in _SURNAMES
    if not shown or _NO_NAME.search(form_of(shown).text) or len(shown) > 60:
        return False
    if _TIBETAN_NAME.fullmatch(shown):
        return True
    if _HAN_NAME.fullmatch(shown):
        return form_of(shown).text[0] in _SURNAMES or "·" in shown
    if _TIBETAN_SCRIPT_NAME.fullmatch(shown):
        return True
    return bool(_LATIN_NAME.fullmatch(shown)) and len(shown.split()) <= 4


def _may_be_name(shown: str) -> bool:
    """Whether this can be a name whose first character is no Han surname: 巴特尔, 阿依古丽."""
    bare = _HONORIFIC.sub("", shown)
    return (
        bool(_HAN_NAME.fullmatch(bare))
        and not _STREETY.search(bare)
        and (not _NO_NAME.search(form_of(bare).text))
    )


# -- the whole -----------------------------------------------------------------------------------

# What it costs to look closely is paid only by texts that have one of these.
_HINT = re.compile(
    r"\d{6}|[省市区县州路街号村镇乡栋]|自治|地址|收[件货]|寄到|\b(?:ship|deliver|send) (?:it |them )?to\b|address|street|\bst\b|\brd\b|\bave\b|avenue|road|\bname\b|\+\d{2} ?\d",  # noqa: E501
    re.IGNORECASE,
)
_COUNTRIES = {
    "日本": "JP", "japan": "JP", "韩国": "KR", "korea": "KR", "新加坡": "SG", "singapore": "SG",
    "马来西亚": "MY", "malaysia": "MY", "美国": "US", "usa": "US", "united states": "US", "u.s.a": "US",  # noqa: E501
    "加拿大": "CA", "canada": "CA", "英国": "GB", "united kingdom": "GB", "uk": "GB", "england": "GB",  # noqa: E501
    "澳大利亚": "AU", "澳洲": "AU", "australia": "AU", "德国": "DE", "germany": "DE", "deutschland": "DE",  # noqa: E501
    "法国": "FR", "france": "FR", "瑞士": "CH", "switzerland": "CH", "意大利": "IT", "italy": "IT",
    "荷兰": "NL", "netherlands": "NL", "西班牙": "ES", "spain": "ES", "尼泊尔": "NP", "nepal": "NP",
    "印度": "IN", "india": "IN", "不丹": "BT", "bhutan": "BT", "泰国": "TH", "thailand": "TH", "越南": "VN",  # noqa: E501
    "vietnam": "VN", "新西兰": "NZ", "new zealand": "NZ", "hong kong": "HK", "香港": "HK", "macau": "MO",  # noqa: E501
    "macao": "MO", "澳门": "MO", "taiwan": "TW", "台湾": "TW", "china": "CN", "中国": "CN", "奥地利": "AT",  # noqa: E501
    "austria": "AT", "belgium": "BE", "比利时": "BE", "sweden": "SE", "瑞典": "SE", "norway": "NO",
    "denmark": "DK", "finland": "FI", "ireland": "IE", "portugal": "PT", "poland": "PL", "mongolia": "MN",  # noqa: E501
    "蒙古国": "MN", "indonesia": "ID", "印度尼西亚": "ID", "philippines": "PH", "菲律宾": "PH", "brazil": "BR",  # noqa: E501
    "mexico": "MX", "russia": "RU", "俄罗斯": "RU",
}  # fmt: skip
_COUNTRY = re.compile(
    "|".join(
        rf"\b{re.escape(name)}\b" if name.isascii() else name
        for name in sorted(_COUNTRIES, key=len, reverse=True)
    )
)
_BRACKETED = re.compile(r"\(([^()]{0,30}\x00[^()]{0,30})\)")
_POSTCODE = re.compile(r"(?:^|[\s,])\d{6}(?=$|[\s,])")
_US_ZIP = re.compile(r"\b[a-z]{2}[, ]+\d{5}(?:-\d{4})?\b")
_SEPARATORS = re.compile(r"[\n,;|/。！？!?，；、]+|\s{1,3}|\u0f0d|\.\s|\.$")
_LOOSE_SEPARATORS = re.compile(r"[\n;|。；]+|\s{2,}")
_BLANK = "\x00"


def read_recipient(text: str) -> Recipient:
    """What of name, phone and address a text holds; the rest is empty. Never raises."""
    text = text[:TEXT_MAX]
    return recipient_in(text, form_of(text).text)


def recipient_in(text: str, form: str) -> Recipient:
    """As `read_recipient`, for a text whose form is known already."""
    text, form = text[:TEXT_MAX], form[:TEXT_MAX]
    if not _HINT.search(form):
        return Recipient()
    phone, form = _take_phone(form)
    # 27号（扎西 138…）: what stands in brackets with the phone stands beside the address.
    form = _BRACKETED.sub(r"\n\1\n", form)
    division = find_division(form) if any("\u4e00" <= mark <= "\u9fff" for mark in form) else None
    if division is None:
        return _foreign(text, form, phone)
    name, detail = _name_and_detail(form, division)
    if not division.full and not (_STREETY.search(detail) or phone):
        return Recipient(name=name, phone=phone)
    province, city, district = division.place
    return Recipient(
        _as_typed(name, text),
        phone,
        province,
        city,
        district,
        _as_typed(detail, text),
        BEYOND.get(province, "CN"),
    )


def place_named(text: str, said: str = "") -> Recipient:
    """The place that a question names (新疆能发吗, do you ship to Japan), nothing but the place.

    `said` is what a word of words.toml told of it, such as GB for London, or 西藏自治区/拉萨市.
    """
    if said:
        province, _, city = said.partition("/") if not said.isascii() else ("", "", "")
        return Recipient(province=province, city=city, country=said if said.isascii() else "CN")
    form = form_of(text[:TEXT_MAX]).text
    division = find_division(form)
    if division:
        province, city, district = division.place
        country = BEYOND.get(province, "CN")
        return Recipient(province=province, city=city, district=district, country=country)
    countries = _COUNTRY.findall(form)
    return Recipient(country=_COUNTRIES[countries[-1]] if countries else "")


def is_delivery(recipient: Recipient) -> bool:
    """Whether this looks like a pasted address or contact, rather than a town in a question."""
    placed = recipient.province or recipient.city or recipient.country
    street = bool(_STREETY.search(recipient.detail)) and bool(
        re.search(r"[\d一二三四五六七八九十]", recipient.detail) or len(recipient.detail) >= 5
    )
    if placed and street:
        return bool(recipient.phone or recipient.name) or bool(
            re.search(r"\d|[村镇乡寺校院店司厦苑]|小区|花园|广场|公司|驿站|宿舍", recipient.detail)
        )
    return bool(recipient.phone and (recipient.name or (placed and recipient.detail)))


def _take_phone(form: str) -> tuple[str, str]:
    found = _phone(form)
    if found is None:
        return "", form
    number, start, end = found
    if form[end : end + 1] == TSHEG:
        end += 1
    return number, form[:start] + "\n" + _BLANK + "\n" + form[end:]


def _name_and_detail(form: str, division: Division) -> tuple[str, str]:
    """The name and the street, out of what is left around the division's names."""
    before, after = form[: division.start], form[division.end :]
    named = _labelled_name(form)
    head = re.split(r"[\n,;|]|\s(?=\x00)", after, maxsplit=1)
    street, tail = head[0], (head[1] if len(head) > 1 else "")
    street, extra_name = _split_name_off(street)
    pieces = [*_pieces(before), *_pieces(tail)]
    name = named or extra_name or _best_name(form, pieces)
    details = [street] if street else []
    for piece in _pieces(tail):
        if piece != name and not _is_name(piece) and _is_street(piece):
            details.append(piece)
    if not details:
        details = [
            piece
            for piece in _pieces(before)
            if piece != name and _is_street(piece) and re.search(r"\d", piece)
        ]
    detail = " ".join(details).strip(" ,.:;-")
    detail = re.sub(r"(?:收|谢谢|谢谢老板)$", "", detail)
    detail = _POSTCODE.sub("", detail).strip(" ,")
    return _without_receipt(name), detail


def _without_receipt(name: str) -> str:
    """扎西收 and 扎西（收） are addressed to 扎西; a title stays."""
    return re.sub(r"\s*[(（]?(?:收|亲收)[)）]?$", "", name).strip()


def _is_street(piece: str) -> bool:
    return bool(_STREETY.search(piece)) and not re.search(r"[斤克]|虫草|松茸|多少|谢谢", piece)


_LATIN_BLANK = re.compile(r"(?<=[a-z.'-]) (?=[a-z])")
_JOINT = "\x01"


def _pieces(text: str) -> list[str]:
    """What separators leave, without labels."""
    plain = _LABELS.sub("\n", text).replace(_BLANK, "\n")
    plain = _LATIN_BLANK.sub(_JOINT, plain)  # Anna Lee is one name.
    pieces = (piece.replace(_JOINT, " ").strip(" :.\u0f0b()") for piece in _SEPARATORS.split(plain))
    return [piece for piece in pieces if piece]


def _labelled_name(form: str) -> str:
    for label in _LABELS.finditer(form):
        if label.lastgroup == "name":
            value = re.split(
                r"[\n,;|\x00]|\s{2,}|\s(?=[\d+]|电话|手机|地址|phone|address)",
                form[label.end() :].lstrip(),
                maxsplit=1,
            )[0]
            value = value.strip(" :.")
            if value and len(value) <= 40 and not any(mark.isdigit() for mark in value):
                words = value.split()
                return words[0] if words and "\u4e00" <= words[0][0] <= "\u9fff" else value
    return ""


def _split_name_off(street: str) -> tuple[str, str]:
    """人民南路27号 扎西 → the street and the name after the last blank, if it is one."""
    pieces = street.strip().split()
    plain = [_LABELS.sub("", piece).strip(" :") for piece in pieces]
    plain = [piece for piece in plain if piece]
    for at in (len(plain) - 1, 0) if len(plain) > 1 else ():
        is_last = at == len(plain) - 1 and street.rstrip().endswith(plain[at])
        named = _is_name(plain[at]) or (is_last and _may_be_name(plain[at]))
        if named and not _STREETY.search(plain[at]):
            return " ".join(plain[:at] + plain[at + 1 :]), plain[at]
    return " ".join(plain), ""


def _best_name(form: str, pieces: list[str]) -> str:
    """The name nearest to the phone: phones and names are typed side by side."""
    phone = form.find(_BLANK)
    names = [piece for piece in pieces if _is_name(piece) and not _STREETY.search(piece)]
    if not names and phone >= 0:
        names = [piece for piece in pieces if _may_be_name(piece)]
    if not names:
        return ""
    if phone < 0:
        return names[0] if _HONORIFIC.search(names[0]) or _TIBETAN_NAME.fullmatch(names[0]) else ""
    return min(names, key=lambda name: abs(form.find(name) - phone))


def _foreign(text: str, form: str, phone: str) -> Recipient:
    """An address without Chinese divisions: kept as it is, with its country when it is named."""
    named = _labelled_name(form)
    countries = _COUNTRY.findall(form)
    country = _COUNTRIES[countries[-1]] if countries else ""
    labelled = next(
        (label for label in _LABELS.finditer(form) if label.lastgroup == "address"), None
    )
    detail = ""
    if labelled:
        detail = _up_to_label(form[labelled.end() :])
    elif re.search(r"\d", form) and (
        (phone and country)
        or (_STREETY.search(form) and (phone or named or country or _US_ZIP.search(form)))
    ):
        detail = _street_lines(form, named)
    if not country and _US_ZIP.search(form):
        country = "US"
    if not re.search(r"\d", detail) and not _STREETY.search(detail):
        detail = ""
    first = form.strip().partition(",")[0].strip()
    if not named and phone and "," in form and _is_name(first):
        named = first  # Where parts are set off by commas, the name leads.
    name = named or (_best_name(form, _pieces_loose(form)) if phone else "")
    if not detail and not phone:
        country = ""
    return Recipient(
        _as_typed(_without_receipt(name), text),
        phone,
        "",
        "",
        "",
        _as_typed(detail, text),
        country if detail else "",
    )


def _up_to_label(rest: str) -> str:
    """An address ends where the next label or the phone begins."""
    following = _LABELS.search(rest)
    stop = min(following.start() if following else len(rest), (rest + _BLANK).find(_BLANK))
    return " ".join(rest[:stop].split()).strip(" ,.;:-")


def _street_lines(form: str, name: str) -> str:
    lines = [line.strip(" ,.;:") for line in re.split(r"[\n;,\x00]", _LABELS.sub("\n", form))]
    lines = [line for line in lines if line and line != name and not _COUNTRY.fullmatch(line)]
    named = next((line for line in lines[:1] + lines[-1:] if _is_name(line)), None)
    return ", ".join(line for line in lines if line != named)


def _pieces_loose(form: str) -> list[str]:
    plain = _LABELS.sub("\n", form).replace(_BLANK, "\n")
    found = []
    for line in re.split(r"[\n,;|]", plain):
        if not _COUNTRY.fullmatch(line.strip(" :.\u0f0b")):
            found.append(line.strip(" :.\u0f0b"))
        found += [piece for piece in line.split() if not piece.isascii()]
    return [piece for piece in found if piece]


def _as_typed(part: str, text: str) -> str:
    """The part as the person typed it where that can be found again, letters' case and script."""
    part = part.strip().strip("\x00").strip()
    if not part:
        return ""
    at = text.lower().find(part)
    if at >= 0 and len(text) == len(text.lower()):
        return text[at : at + len(part)]
    form = form_of(text).text
    at = form.find(part)
    if at >= 0 and len(form) == len(text):
        return text[at : at + len(part)]
    return part
