"""What people and shops write before the parts of an address: 收货人：, 电话, Tel, མིང་།."""

from __future__ import annotations

from msgspec import Struct

from bot.language.addresses.names import KIN
from bot.language.regex import regex
from bot.language.script import HAN

NAME, PHONE, ADDRESS, POST, REMARK = "name", "phone", "address", "post", "remark"
SENDER = "sender"

_ALONE = rf"(?<![{HAN}])"  # 收：, 址：: only where no word goes before
_SYLLABLE = r"(?<![\u0f40-\u0fbc\u0f0b])"  # a Tibetan word begins here
_WORDS: dict[str, tuple[str, ...]] = {
    NAME: (
        r"收\s{0,6}[件货]\s{0,6}人(?:姓名|名字|信息)?|收货(?=\s?:)|收件(?=\s?:)",
        rf"{_ALONE}收(?=\s?:)|姓\s{{0,6}}名|联系人|名字",
        rf"{_ALONE}我?叫(?=[{HAN}·]{{2,6}}(?:就行|就好|即可|[\s,.]|$))",
        rf"[寄发送邮]给(?:[我俺](?:的|们|家)?{KIN})?[ ,:]*(?![我你您他她它咱俺们])"
        rf"(?=[{HAN}·]{{2,6}}[\s,.;]*\x00|[{HAN}·]{{2,4}}[\s,])",
        r"\b(?:receiver|recipient|consignee|addressee|attn|attention(?=\s?:)|contact person"
        r"|(?:contact|to|for)(?=\s?:)|contact(?=(?: [a-z'-]{2,20}){1,4}[\s,:(-]{0,4}\x00))\b",
        r"\b(?:(?:full|my|contact|(?:receiver|recipient|customer)(?:'s)?) )*name\b(?: is\b)?",
        r"\b(?:shou ?(?:jian|huo) ?ren|lian ?xi ?ren|xing ?ming|(?:wo (?:jiao|de ming ?zi shi)))\b",
        r"\bngai ming\b(?: la\b| ni\b)?",
        rf"{_SYLLABLE}(?:(?:དངོས་པོ་)?(?:ལེན་མཁན|བསྡུ་ལེན་པ)(?:འི|་གྱི)?(?:་མིང)?|(?:ངའི་|རུས་)?མིང)"
        r"(?:་(?:ནི|ལ)(?=[\s་])|(?=་?[\s:\u0f0d]|་?$))",
    ),
    SENDER: (
        r"[寄发]\s{0,6}[件货]\s{0,6}人(?:姓名|信息)?|[寄发]件(?=\s?:)",
        r"\b(?:sender|from)(?=\s?:)",
    ),
    PHONE: (
        r"(?:联系|收[件货]人)?(?<![打个回])电\s{0,6}话(?:号码)?|座机(?:号码)?",
        rf"(?:联系)?手\s{{0,6}}机(?:号码|号)?|联系方式|{_ALONE}电(?=\s?:)",
        r"\b(?:(?:my|her|his|the|contact|mobile|cell|tel) )*"
        r"(?:(?:cell|tele)?phone(?:,? (?:number|no\.?))?|tel(?! aviv)|mobile(?!, al)|cell"
        r"|whatsapp)\b"
        r"(?: (?:number|no)\b)?\.?(?: is\b)?",
        # Only right before a number do these mean it.
        r"\b(?:(?:my|her|his|the|contact|call) )*(?:ph|mob|hp|[tmp]|contact"
        r"|(?:call|reach)(?: (?:me|him|her))?(?: at| on)?"
        r"|number|no|num|nr|wechat|weixin)\b\.?(?: is\b)?(?=[\s:.(#-]{0,4}\x00)",
        r"\b(?:lian ?xi )?(?:dian ?hua|shou ?ji)(?: ?hao)?(?: ?ma)?"
        r"(?=(?: shi)?[\s:]{0,3}[:\x00])(?: shi)?",
        r"\bkha ?par\b(?: ang\b)?",
        rf"(?:{_SYLLABLE}(?:ང|ཁོ|མོ|ཨ་མ|ཨ་ཕ|པཱ་ལགས|ཨ་མ་ལགས|ཁོང|མོ་རང|ཁོ་རང)(?:འི|་གི|་ཀྱི)་)?"
        r"(?:ལག་ཐོགས་)?ཁ་པར(?:་ཨང་གྲངས|་ཨང)?(?:་(?:དང་)?(?:ཁ་བྱང|མིང|ས་གནས))?(?:་ནི(?=[\s་]))?",
    ),
    ADDRESS: (
        r"收[货件]地址|邮寄地址|详细地址|街道地址|(?:我的|家庭|公司)?地\s{0,6}址|所在地区|收货地区",
        rf"所在地(?=\s?:)|省市区(?=\s?:)|{_ALONE}地区(?=\s{{0,3}}:)|{_ALONE}址(?=\s?:)",
        r"寄到|寄往|寄去|寄送到|送到|发到|发往|邮寄到",
        r"ship(?:ping)? address|(?:ship(?:ping)?|deliver|send)(?: (?:it|them|all|both|everything"
        r"|of|these|those|this|that|the|my|orders?|parcels?|packages?|whole|lot|rest|two|three|four"
        r"|five))* to\b",
        r"\b(?:my )?address\b(?: is\b| (?:in)?to\b)?|\baddr\b\.?|\badd\.?(?=\s?:| - )"
        r"|(?<=\x00 )add(?= )",
        r"\b(?:wo de |shou ?huo )?di ?zhi(?=\s?:| shi\b)(?: shi\b)?"
        r"|\b(?:qing )?(?:ji|fa) ?dao(?=\s?:| )",
        rf"{_SYLLABLE}(?:ངའི་)?(?:ས་གནས|ཁ་བྱང|སྡོད་གནས|སྡོད་ས|གནས་ཡུལ)(?:་ཞིབ་ཕྲ)?"
        r"(?:་ནི(?=[\s་])|(?=་?[\s:\u0f0d]))",
    ),
    POST: (r"(?:邮政编码|邮编|\bzip(?: ?code)?\b|\bpost(?:al)? ?code\b)\s{0,3}:?\s{0,3}\d{3,6}",),
    REMARK: (r"(?:备注|留言|买家留言|订单备注|\bnotes?)(?=\s?:)",),
}
_LABEL = regex(
    r"[\[(]?(?:"
    + "|".join(f"(?P<{kind}>{'|'.join(words)})" for kind, words in _WORDS.items())
    + r")[\])]?་?[\s\u0f0d]{0,4}(?:(?:是|为|[都请要]?[改换][成为到])(?=\s?[:,\x00]|\s?\w))?"
    r"\s{0,3}[:/=]?[\s]{0,4}"
)


class Label(Struct, frozen=True):
    """A label, and where it stood with the colon and blanks after it."""

    kind: str
    start: int
    end: int


def labels_in(form: str) -> list[Label]:
    """The labels of a text in their order."""
    return [
        Label(match.lastgroup or NAME, match.start(), match.end())
        for match in _LABEL.finditer(form)
    ]
