"""What buyers say of goods of an order: that these came and those did not, or why they wait."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from bot.language.regex import regex
from bot.language.script import form_of
from bot.language.weighing import GOODS
from bot.shop import follow_ups, orders, parcels, parts, refunds
from bot.shop.orders import Order, State
from bot.talk import desk
from bot.talk.buyers import changing, coming, tracking
from bot.talk.turn import Turn

# All are matched in what was read, where GOODS stands for the name of any.
_CLAUSE_END = regex(
    r"[,.!?;。།]+|(?<=[\u4e00-\u9fff])\s+|但是?|可是|不过|\b(?:but|and|while|although)\b"
    r"|(?<=[了到])(?=还?没)"
)
_LACKS = regex(
    r"[没未冇]有?(?:收|到|看|见|拿|来|发|寄|送)|(?:怎么|为什么|为啥|咋)(?:还|都|一直)?不(?:发|寄|送|到|来)"
    r"|(?:n't|\bnot|\bnever)\b.{0,20}\b(?:arrived?|c[oa]me|received?|got|sent|shipped|here)\b"
    r"|(?:མ|མི)་(?:འབྱོར|སླེབས|ཐོབ|བསྐུར|བཏང|སྐུར)"
)
# The same beside what came.
_LACKS_TOO = regex(
    rf"{GOODS}(?:还|都|也|却|又)*(?:没有?|呢)$|[没未冇]有?{GOODS}|{GOODS}[^,.]{{0,3}}[去在]哪"
    rf"|\b(?:not|n't)(?: yet)?$|^not (?:the |my )?{GOODS}|\bmissing|\bwhere(?: is|'s)\b"
    r"|(?:མི་འདུག|མེད|ནི|ག་པར)་?$"
)
_HAS = regex(
    r"收到|签收|拿到|到货?[了啦]|来了|有了|\b(?:got|received|arrived|came|come|here|have)\b"
    r"|(?:འབྱོར|སླེབས|ཐོབ)"
)
_ONLY = regex(
    rf"(?:只|才|就)(?:给我|有)?(?:收到|到|来|拿到|发|寄|有)了?{GOODS}"
    rf"|\bonly (?:got|received|sent|have) (?:the |my )?{GOODS}"
    rf"|\bonly (?:the )?{GOODS} (?:came|arrived|has)|{GOODS}[་ ]?(?:ཁོ་ན|མ་གཏོགས|ལས)"
)
_WONDERS = regex(
    r"怎么|为什么|为啥|咋|收到|拿到|\b(?:how come|why|got|received|came|arrived)\b|འབྱོར"
)
_REMINDS = regex(r"(?:别|不要|莫)(?:再|给我)?(?:忘|漏)|\b(?:don'?t|do not) forget\b|མ་བརྗེད")
_SUPPOSES = regex(r"要是|如果|的话|\bif\b|གལ་ཏེ")


def take(turn: Turn) -> bool:
    """Where goods are that have not come: how their order stands, or a person looks for them; False
    when the message says nothing of that."""
    found = None if turn.staff or turn.state.draft.lines or _is_else(turn) else _said(turn)
    if found is None:
        return False
    came, lacking = found
    order = next((each for each in tracking.mine(turn) if _is_of(turn, each, lacking)), None)
    if order is None or not came <= {line.product for each in _mine(turn) for line in each.lines}:
        return False
    if not lacking:  # Only these came.
        sent = {product for product, _ in parts.gone(turn.unit.db, order)}
        lacking = {line.product for line in order.lines} - came - sent
    _tell(turn, order, came, lacking)
    return True


def _is_else(turn: Turn) -> bool:
    """Whether it is about money, or something shall be otherwise."""
    reading, form = turn.reading, form_of(turn.text).text
    calls_off = any(topic.startswith("cancel") for topic, _ in reading.topics)
    wishes = reading.recipient or (calls_off and not _REMINDS.search(reading.masked))
    changes = changing.CHANGES.search(turn.text) or _SUPPOSES.search(form)
    return bool(wishes or changes or "abuse" in reading.marks or coming.OF_ELSE.search(form))


def _said(turn: Turn) -> tuple[set[str], set[str]] | None:
    """The goods that are said to have come, and not to have; None when nothing lacks."""
    reading = turn.reading
    products = [line.product for line in reading.lines if line.product]
    if not products or reading.masked.count(GOODS) != len(products):
        return None
    came, lacking, perhaps = set[str](), set[str](), set[str]()
    left = iter(products)
    if _ONLY.search(reading.masked) and _WONDERS.search(reading.masked):
        return set(products), set()
    if _REMINDS.search(reading.masked):
        return set(), set(products)
    for clause in _CLAUSE_END.split(reading.masked):
        named = set(islice(left, clause.count(GOODS)))
        if _LACKS.search(clause):
            lacking |= named
        elif _LACKS_TOO.search(clause.strip()):
            perhaps |= named
        elif _HAS.search(clause):
            came |= named
    lacking |= perhaps if came else set()
    calls_off = reading.refused and reading.intent != "track"  # Not sent is no refusal.
    plain = came or not (calls_off or any(line.quantity for line in reading.lines))
    return (came, lacking) if lacking and plain else None


def _mine(turn: Turn) -> Iterator[Order]:
    """The person's orders that are under way, or have come."""
    waiting = (*follow_ups.UNSENT, *refunds.HAVE_LEFT)
    return (each for each in tracking.mine(turn) if each.state in waiting)


def _is_of(turn: Turn, order: Order, lacking: set[str]) -> bool:
    """Whether goods that have not come can be of an order; all of it has, if long enough ago."""
    named = orders.find(turn.unit.db, turn.text)
    waits = order.state in tracking.OPEN or coming.came_lately(turn, order)
    return waits and named in (None, order) and lacking <= {line.product for line in order.lines}


def _tell(turn: Turn, order: Order, came: set[str], lacking: set[str]) -> None:
    """How it stands. A person sees to what counts as delivered, and to who asks once more."""
    db, state = turn.unit.db, order.state
    waits = bool(lacking) and {key[0] for key in parts.rest(db, order)} >= lacking
    several = len(parcels.of_order(db, order.id)) > 1
    own = came & {line.product for line in order.lines}
    if state is State.DELIVERED and lacking == {line.product for line in order.lines}:
        coming.pass_on(turn, order)
    elif state is State.DELIVERED or (state is State.SHIPPED and own and not several):
        desk.hand_over(turn, "desk.aftersales", order=order, intent="aftersales")
    elif state is State.SHIPPED and own:
        coming.rest_is_out(turn, order)
    elif orders.is_in_parts(db, order) and not waits:
        coming.part_is_out(turn, order)
    elif coming.is_known(turn, order):
        desk.hand_over(turn, "desk.passed-on", order=order, intent="track")
    else:
        tracking.show(turn, order)
