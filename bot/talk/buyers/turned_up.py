"""What was taken for lost, or said to come back, and reaches the buyer after all."""

from __future__ import annotations

from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Choice
from bot.shop import follow_ups, parcels, parts, refunds, undelivered, unsettled
from bot.shop import found as goods_found
from bot.shop.orders import Order, State
from bot.shop.parcel_states import ParcelState
from bot.talk import desk, loss_notices, order_buttons
from bot.talk.buyers import tracking
from bot.talk.turn import Turn

# All are matched in the form of a text. Said while goods are to be sent once more: these are there.
_CAME = regex(
    r"(?<!没)(?<!没有)(?<!未)(?:收到|签收|拿到|送到|到)货?[了啦咯]|已经?(?:收到|签收|拿到)|收到[^,.]{1,6}了"
    r"|\b(?:has|have|is|are|it's|just|finally|already) (?:\w+ ){0,2}(?:arrived|come|came|here)\b"
    r"|\b(?:parcel|package|it) (?:arrived|came)\b|\bi (?:have |just )*(?:got|received) (?!your)"
    r"|(?:འབྱོར|སླེབས|ཐོབ)་(?:བྱུང|སོང|ཟིན|ཚར|འདུག)"
)
_NOT_SO = regex(
    r"(?:还|都|也)?[没未](?:有)?(?:收到|到|拿)|什么时候|几时|何时|多久|怎么|哪|[吗么?]"
    r"|[钱款]|\b(?:when|where|how|why|not yet|money|refund)\b"
    r"|\b(?:n't|not|never) (?:\w+ )?(?:arrived|come|received|got)\b"
    r"|(?:མ|མི)་(?:འབྱོར|སླེབས|ཐོབ)|ག་དུས|ག་པར|དངུལ|ངམ|དམ|གམ"
)
OF_NEWS = regex(
    r"消息|通知|广告|推送|短信|[资简]讯|促销|活动|优惠|报价|提醒|推广|邮件|订阅|群发|骚扰"
    r"|messag|\b(?:notif|news|ad(?:s|vert)|promo|alert|offer|texts?\b|mails?\b|spam|sms|updat"
    r"|deals?\b|marketing|subscri|inbox)|བརྡ|འཕྲིན|བསྒྲགས|ཁྱབ|གསལ་འདེབས|གནས་ཚུལ|གསར་འགྱུར"
)
_FIRST = regex(
    r"先前|之前|原来|原先|第一|头一|那个|丢|\b(?:first|old|lost|original|earlier|missing)\b"
    r"|བོར|སྔོན|དང་པོ"
)


def take(turn: Turn) -> bool:
    """A part that was lost, and goes out again with the rest, is there: the staff hear of it before
    it does; False when nothing is said of that."""
    reading = turn.reading
    text = reading.masked if reading.product else form_of(turn.text).text
    complains = any(topic == "aftersales" for topic, _ in reading.topics)
    says_so = _CAME.search(text) and not (_NOT_SO.search(text) or OF_NEWS.search(text))
    if turn.staff or complains or not says_so:
        return False
    order = next((each for each in tracking.mine(turn) if _is_lost_part(turn, each, text)), None)
    if order is None:
        return False
    turn.say("track.found", number=order.number, handed_over=True)
    desk.hand_over(
        turn,
        told=True,
        order=order,
        gist=lambda view: view.words("staff.buyer-has-it", number=order.number),
        more=lambda view: order_buttons.for_staff(view, order),
    )
    return True


def _is_lost_part(turn: Turn, order: Order, text: str) -> bool:
    """Whether a part of an order was lost that may be spoken of, and has not left again."""
    db, named = turn.unit.db, {line.product for line in turn.reading.lines if line.product}
    if order.state not in parts.OPEN:
        may_be = undelivered.may_be_found(db, order)
        lost = {product for each in may_be if each.fate == "lost" for product, _ in each.goods}
        return bool(lost) and named <= lost and bool(named or _FIRST.search(text))
    if not named <= {line.product for line in order.lines}:
        return False
    sent, known = {product for product, _ in parts.gone(db, order)}, parcels.of_order(db, order.id)
    if not sent:
        return bool(known)
    is_it = bool(named) and sent.isdisjoint(named)
    return (is_it or bool(_FIRST.search(text))) and any(
        each.state is ParcelState.LOST for each in known
    )


def lost_last(turn: Turn) -> Order | None:
    """The order that is meant by who says that theirs is there, if it is taken for lost."""
    order = tracking.meant(turn, refunds.HAVE_LEFT)
    return order if order and follow_ups.is_lost(turn.unit.db, order) else None


def lost_came(turn: Turn, order: Order) -> None:
    """What was taken for lost is there: a seller decides what becomes of its money or goods."""
    unsettled.note(turn.unit, order)
    turn.say("track.found", number=order.number, handed_over=True)
    loss_notices.buyer_has_it(turn, order)


def did_not_go_back(turn: Turn) -> bool:
    """What is said to come back is there: the staff hear of it; False when nothing is said to."""
    order = tracking.meant(turn, (State.RETURNING,))
    if order is None or not goods_found.may_go_on(turn.unit.db, order):
        return False

    def more(view: Turn) -> tuple[Choice, ...]:
        return (view.choice("button.goes-on", f"goes-on:{order.number}"),)

    desk.hand_over(turn, order=order, more=more)
    return True
