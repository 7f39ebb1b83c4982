"""Questions that are told by their words: what is in a pack, how goods keep, when an order goes."""

from __future__ import annotations

from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Card, Choice
from bot.shop.catalogue import Product
from bot.shop.orders import Order
from bot.talk import desk, goods_cards
from bot.talk.buyers import asking, drafting, ordering, tracking
from bot.talk.turn import Turn

_PACK = r"(?:[袋包盒瓶罐]|礼盒)"
_PACKED = r"(?:bag|box|pack|packet|jar|bottle)"
_HEAVY = r"(?:多重|几重|多少重|几多重|净重|(?:装|有)?(?:多少|几)[克斤两公根条])"
_WEIGHT = regex(
    rf"{_PACK}.{{0,3}}{_HEAVY}|{_HEAVY}.{{0,2}}[一每1]{_PACK}"
    rf"|\bhow (?:heavy|big) (?:is|are)\b.{{0,12}}\b{_PACKED}"
    rf"|\b{_PACKED}\b.{{0,24}}\b(?:weighs?|holds?|contains?)\b|\bweight of .{{0,8}}\b{_PACKED}\b"
    rf"|\bhow (?:much|many)\b.{{0,24}}\bin (?:a|an|one|each) (?:gift )?{_PACKED}\b"
    r"|(?:ཁུག་མ|སྒམ|ཐུམ|ཤེལ་དམ)་.{0,24}(?:ལྗིད|(?:རྒྱ་མ|ཁེ|རྐང)་(?:ག་ཚོད|དུ་ཡོད))"
)
_BOXES = regex(r"礼盒|\bgift ?(?:box|set)|(?:ལག་རྟགས|སྐྱེས|ལེན)་.{0,6}སྒམ")
_WHICH = regex(r"[哪有没吗]|什么|\b(?:which|what|any|do|is|are|come)\b|ཡོད|གང")
_KEEPS = regex(
    r"冷藏|冷冻|冰箱|保质|保鲜|怎[么样]{1,2}(?:保存|存放|储存|收藏|放$)"
    r"|\b(?:refrigerat|fridge|freezer|shelf life)"
    r"|\bhow (?:do|should|to|can)\b.{0,12} (?:store|keep)\b|(?:གྲང|འཁྱགས?)་སྒམ|ཉར་(?:ཚགས|སྟངས)"
)
_ON_THE_WAY = regex(
    r"[发寄送运出路车]|宅配|\b(?:ship|sen[dt]|travel|truck|courier|post|deliver|arrive)"
    r"|བསྐུར|སྐུར|གཏོང|སྐྱེལ|ལམ"
)
_WHEN = regex(
    r"(?:今天|今日|明天|时候|几时|何时|多久|好久|哪天).{0,4}(?:发|寄|出货|到)"
    r"|\b(?:when|today|tomorrow|how soon)\b.*\b(?:ships?|shipped|sen[dt]|dispatch|post)"
    r"|\b(?:ships?|shipped|sen[dt]|dispatch|post)\w* .*\b(?:today|tomorrow)\b"
    r"|(?:དེ་རིང|སང་ཉིན|ག་དུས|ནམ་ཞིག)་.*(?:བསྐུར|སྐུར|གཏོང)"
)
# The same of goods that are in an order; and why it left in parts, or what is still to come.
_THERE = regex(
    r"(?:到货?|来|发|寄)了?(?:吗|没|么)|\b(?:in|here|arrived|sent|shipped) yet\b"
    r"|(?:འབྱོར|བསྐུར|སླེབས)་སོང་ངམ"
)
_HOW_LONG = regex(r"还[要得]?等?(?:几天|多久|好久)|\bhow (?:much|many) (?:longer|more days)\b")
_PARTED = regex(
    r"(?:怎么|为什么|为啥|咋).{0,4}分(?:开|成?[两二三几])"
    r"|\bwhy\b.{0,24}\b(?:(?:two|2|several|separate) (?:parcels|packages|parts|boxes)|separately)\b"
    r"|\bwhat(?: is|'s|s) (?:still|left|yet) (?:missing|to come|to be (?:sent|shipped))\b"
)
# How an order stands; 怎么样了 alone is of the one that is under way.
_HOW_IS = r"(?:怎么?样|咋样?|如何|[啥什]么?情况)(?:了|啦|呢|啊|呀|[?!. ])*$"
_OF_ORDER = regex(
    rf"(?:订单|[这那上我]的?一?单)(?:现在|目前|到底|是|都|又)*{_HOW_IS}"
    r"|\b(?:what|how) about (?:my|the|that) order\b|\bhow(?:'s| is| are) (?:my|the|that) orders?\b"
    r"|\b(?:status|news|update)\b.{0,12}\border\b|མངགས་ཐོ.{0,8}(?:གང་འདྲ|ག་འདྲ|ཇི་ལྟར|ག་རེ་བྱས)"
)
_ALONE = regex(rf"(?:现在|目前)?{_HOW_IS}")
_TO_FREE = regex(
    r"(?:差|再买|还要买|凑).{0,3}(?:多少|几多|几块).{0,4}(?:包邮|免运|免邮)"
    r"|\bhow much (?:more|extra|left)\b.*\bfree\b"
    r"|(?:རིན་མེད|སྐྱེལ་གླ).*ད་དུང་.*ག་ཚོད|ད་དུང་.*ག་ཚོད.*(?:རིན་མེད|སྐྱེལ་གླ)"
)
_NAMELESS = regex(
    r"匿名|[不莫别]要?(?:写|显示|留|印).{0,4}(?:寄件|发件|店名|店铺)|[寄发]件人.{0,4}写"
    r"|\banonym|\bdiscreet|\bplain pack|\bwithout (?:the |your )?(?:shop|store|sender).{0,10}\bname"
    r"|(?:མིང|མིང་བྱང)་མ་(?:བྲིས|འབྲི|འགོད)"
)


# Goods that are called only by what they are, be it dried or fresh; matched in the form of a text.
_MUSHROOM = regex(r"蘑菇|菌[子类]|菇|\b(?:mushrooms?|fungi|fungus)\b|ཤ་མོ|ཤ་ཤ")
_FRESH = regex(r"鲜|\bfresh\b|གསར་པ|རློན|སོས་པ")
_DRIED = regex(r"干|\b(?:dry|dried)\b|སྐམ")
# And fresh?, 鲜的有吗: of other goods than were talked of, and not whether these are fresh.
_OTHERS_FRESH = regex(
    r"(?:那|有没有|有)?(?:新?鲜|湿)的?(?:有|呢|卖|多少钱|怎么卖|还)*(?:吗|么|没|没有)?[?? ]*"
    r"|(?:and|or|what about|how about|any|do you (?:also )?(?:have|sell)|have you(?: got)?|got)\b"
    r"(?: any| the| some)? fresh(?: ones?)?[? ]*|་?(?:གསར་པ|རློན་པ|སོས་པ)་(?:ནི|.{0,6}ཡོད).*"
)
_BRIEF = 30  # characters of such a question


def take(turn: Turn) -> bool:
    """Answers such a question; False when it is none of these."""
    form = form_of(turn.text).text
    if turn.staff:
        return False
    return (
        _tells_nobody(turn, form)
        or _tell_packs(turn, form)
        or _tell_boxes(turn, form)
        or _tell_keeping(turn, form)
        or _tell_order(turn, form)
        or _tell_state(turn, form)
        or _tell_missing(turn, form)
        or _tell_kind(turn, form)
    )


def _tells_nobody(turn: Turn, form: str) -> bool:
    """A parcel that does not say from whom it is: the seller knows whether that can be."""
    if turn.reading.intent in ("track", "aftersales") or not _NAMELESS.search(form):
        return False
    desk.hand_over(turn)
    if any(line.quantity for line in turn.reading.lines):
        drafting.fill(turn)
    return True


def _tell_packs(turn: Turn, form: str) -> bool:
    """How much is in a pack of what is asked about."""
    if turn.reading.intent in ("order", "aftersales", "track") or not _WEIGHT.search(form):
        return False
    products = asking.asked_about(turn) or list(turn.catalogue.products.values())
    products = [product for product in products if product.packs]
    if not products:
        return False
    meant = {pack for pack, word in asking.PACKS.items() if word.search(form)}
    if len(products) == 1:
        turn.state.about = products[0].key
        turn.state.priced = turn.state.priced or asking.in_packs(turn, products[0])
    lines = [
        _line(turn, product, pack)
        for product in products
        for pack in (meant & product.packs.keys() or product.packs)
    ]
    turn.say("asking.packs", lines="\n".join(lines), choices=_buttons(turn, products))
    return True


def _line(turn: Turn, product: Product, pack: str) -> str:
    told = goods_cards.pack_lines(turn, product, (pack,))[0]
    return turn.words("asking.pack-line", name=turn.name(product), pack=told)


def _buttons(turn: Turn, products: list[Product]) -> tuple[Choice, ...]:
    return tuple(Choice(turn.name(product), f"p:{product.key}") for product in products)


def _tell_boxes(turn: Turn, form: str) -> bool:
    """What comes in a gift box, when that is asked of nothing, or of what does not."""
    asks = turn.reading.intent in ("stock", "product", "help") and _WHICH.search(form)
    if not asks or not _BOXES.search(form):
        return False
    boxed = [each for each in turn.catalogue.products.values() if "box" in each.packs]
    named = [turn.product(line.product) for line in turn.reading.lines if line.product]
    if not boxed or any(product in boxed for product in named):
        return False
    product = next((each for each in named if each), None)
    turn.say(
        "asking.no-box" if product else "asking.boxes",
        name=turn.name(product) if product else "",
        lines="\n".join(_line(turn, each, "box") for each in boxed),
        choices=_buttons(turn, boxed),
    )
    return True


def _tell_keeping(turn: Turn, form: str) -> bool:
    """How goods are kept at home, which is not how they are sent: of those that are named, wished
    for, talked of, or were ordered last."""
    kept = turn.reading.intent in ("shipping", "product") and _KEEPS.search(form)
    if not kept or _ON_THE_WAY.search(form) or any(line.quantity for line in turn.reading.lines):
        return False
    products = _kept(turn)
    if not products:
        asking.product(turn)
        return True
    lines = [
        turn.words(
            "asking.keeping-line",
            name=turn.name(product),
            text=turn.locales.choose(product.storage, turn.language),
            keeps=turn.words("product.shelf-life", n=product.shelf_life_days),
        )
        for product in products
    ]
    if len(products) == 1:
        turn.state.about = products[0].key
    turn.say("asking.keeping", lines="\n".join(lines))
    return True


def _kept(turn: Turn) -> list[Product]:
    named = [line.product for line in turn.reading.lines if line.product]
    wished = [line.product for line in turn.state.draft.lines]
    ordered = [line.product for order in tracking.mine(turn)[:1] for line in order.lines]
    about = [turn.state.about] if turn.state.about else []
    keys = named or wished or about or ordered
    found = (turn.product(key) for key in dict.fromkeys(keys))
    return [product for product in found if product]


def _tell_order(turn: Turn, form: str) -> bool:
    """How an order stands, whatever else could be asked so."""
    under_way = tracking.open_one(turn) and "了" in form and not turn.state.priced
    asks = _OF_ORDER.search(form) or (under_way and _ALONE.fullmatch(form))
    known = tracking.mine(turn) or not turn.state.draft.lines
    if not (asks and known) or turn.reading.lines or "my-orders" in turn.reading.marks:
        return False
    tracking.track(turn)
    return True


def _tell_state(turn: Turn, form: str) -> bool:
    """When it is sent, asked by who has ordered and is not about to order more."""
    reading, elsewhere = turn.reading, turn.reading.recipient or "abroad" in turn.reading.found
    parted = _PARTED.search(form)
    lines = () if parted else reading.lines
    named = {line.product for line in lines}
    goods = {line.product for line in lines if not line.quantity}
    of_goods = goods and (_THERE.search(form) or tracking.SOON.search(form))
    said = parted or of_goods or _WHEN.search(form) or _HOW_LONG.search(form)
    asks = said and (parted or reading.intent not in ("aftersales", "cancel", "order"))
    if not asks or elsewhere or turn.state.draft.lines:
        return False
    order = next((each for each in tracking.under_way(turn) if _has(each, goods)), None)
    if order is None or named != goods:
        return False
    tracking.show(turn, order) if parted else tracking.tell_when(turn, order)
    return True


def _has(order: Order, goods: set[str | None]) -> bool:
    return goods <= {line.product for line in order.lines}


def _tell_missing(turn: Turn, form: str) -> bool:
    """How much the draft is short of free shipping, wherever it goes: that is not known yet."""
    goods, place = ordering.quoted(turn).goods_minor, turn.state.draft.recipient
    known = place.province or place.country or "abroad" in turn.reading.found
    if not goods or known or not _TO_FREE.search(form):
        return False
    rows = []
    for zone in turn.catalogue.zones:
        if zone.free_from_minor is not None:
            missing = zone.free_from_minor - goods
            id = "shipping.to-free" if missing > 0 else "order.shipping-free"
            told = turn.words(id, money=turn.money(missing))
            rows.append((turn.locales.choose(zone.names, turn.language), told))
    card = Card(kind="product", title=turn.words("shipping.title"), table=tuple(rows))
    turn.say("shipping.missing", money=turn.money(goods), card=card)
    return True


def _tell_kind(turn: Turn, form: str) -> bool:
    """The mushrooms that there are, dried or fresh, or what is fresh beside what was talked of."""
    talked = bool(turn.state.about or turn.state.talked)
    if turn.reading.lines or len(form) > _BRIEF or "unknown-goods" in turn.reading.marks:
        return False
    if talked and _OTHERS_FRESH.fullmatch(form):
        found = [each for each in turn.catalogue.products.values() if each.fresh]
    elif turn.reading.intent in ("stock", "product", "price", "help") and _MUSHROOM.search(form):
        found = [each for each in turn.catalogue.products.values() if _is_mushroom(each)]
        if _FRESH.search(form) or _DRIED.search(form):
            found = [each for each in found if each.fresh == bool(_FRESH.search(form))]
    else:
        return False
    for product in found:
        asking.show(turn, product)
    shown = [product.key for product in found]
    turn.state.talked = list(dict.fromkeys([*turn.state.talked, *shown]))[-drafting.LINES_MAX :]
    return bool(found)


def _is_mushroom(product: Product) -> bool:
    """Whether it is called so in more than one language."""
    said = [any(map(_MUSHROOM.search, words)) for words in product.words.values()]
    return sum(said) > 1
