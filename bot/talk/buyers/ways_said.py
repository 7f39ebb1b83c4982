"""The way to pay that a message names."""

from __future__ import annotations

from collections.abc import Collection

from bot.language.reading import Reading
from bot.language.regex import regex
from bot.language.script import form_of

# What the ways of services are called; matched in the form of a text.
_SERVICES = {
    "wechatpay": r"微信(?!转)|\b(?:wechat|weixin)\b(?! transfer)|འཕྲིན་ཕྲན|སྐད་འཕྲིན|ཝེ་ཤིན",
    "telegram": r"刷卡|信用卡|\bcard\b|བྱང་བུ",
}
_NAMED = {way: regex(names) for way, names in _SERVICES.items()}
_APART = r"[^,.;!?\n།]{0,16}"
_PAYS = r"付|\bpay(?:s|ing|ment)?\b|སྤྲོད"
_PAID_BY = {
    way: regex(rf"(?:{names}){_APART}(?:{_PAYS})|(?:{_PAYS}){_APART}(?:{names})")
    for way, names in _SERVICES.items()
}
# Who cannot, or would rather not; but 能不能用微信 asks for it.
_NOT_BY = {
    way: regex(
        rf"(?<![能可是会])(?:没|不[用想能会要]|别)[^,.]{{0,3}}(?:{names})"
        rf"|(?:{names})[^,.]{{0,4}}(?:不了|不能|不行|没)"
        rf"|\b(?:no|not|without|don't|can't|cannot)\b[^,.]{{0,20}}(?:{names})"
        rf"|(?:{names})[^།]{{0,16}}(?:མེད|མི་ཐུབ|མི་དགོས)"
    )
    for way, names in _SERVICES.items()
}
# Not on delivery; but 能不能货到付款 asks for it.
_NOT_AT_DOOR = regex(
    r"(?<![能可是行好会要])(?:不要?|别|唔[要使]?)(?:用|想|选|走)?(?:货到|到付)"
    r"|\b(?:no|not|without|don't want)\b.{0,8}\b(?:cash on delivery|cod|pay(?:ing)? on delivery)\b"
    r"|འབྱོར་རྗེས་དངུལ[^།]{0,16}(?:མི་དགོས|མིན)"
)
_TRANSFER = regex(r"转[账帐]|\btransfer\b|དངུལ་བསྐུར")


def way_said(reading: Reading, ways: Collection[str], *, loosely: bool = False) -> str:
    """The way to pay, of those that there are, that a message names and does not refuse; '' for
    none.

    A name alone will do in what is about paying, and `loosely`.
    """
    marks, form = reading.marks, form_of(reading.text).text
    if "pay-cod" in marks:
        return "" if _NOT_AT_DOOR.search(form) else "cod"
    loosely = loosely or reading.intent == "payment"
    for way in ways:
        names = (_NAMED if loosely or "pay-transfer" in marks else _PAID_BY).get(way)
        if names and names.search(form) and not _NOT_BY[way].search(form):
            return way
    return "transfer" if "pay-transfer" in marks or (loosely and _TRANSFER.search(form)) else ""
