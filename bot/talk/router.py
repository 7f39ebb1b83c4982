"""Decides which dialogue answers an event. The one door into the talk."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence

from bot.language.lexicon import Words
from bot.language.locales import Locales
from bot.language.reading import ProductWords, Reader
from bot.language.regex import regex
from bot.messages import (
    Abilities,
    Address,
    Answer,
    Call,
    CallFailed,
    Choice,
    Export,
    Exported,
    Incoming,
    Message,
    Outgoing,
    ParcelNews,
    PreCheck,
    Press,
    Timer,
    Track,
    Watch,
)
from bot.shop import (
    catalogue,
    enquiries,
    orders,
    parcels,
    people,
    special_prices,
    ways_to_pay,
)
from bot.shop.catalogue import Catalogue
from bot.store.unit import Unit
from bot.talk import (
    arriving,
    charging,
    conversation,
    desk,
    languages,
    parcel_news,
    pressing,
    typed,
    waking,
    which_order,
)
from bot.talk.buyers import (
    beside_address,
    cancelling,
    changing,
    coming,
    conversing,
    for_others,
    how_sent,
    listed,
    missing,
    noting,
    of_all,
    of_named,
    ordering,
    owed,
    pay_wishes,
    paying,
    readdressing,
    replacing,
    rereading,
    rethinking,
    returning,
    sums_said,
    tracking,
    turned_up,
)
from bot.talk.operators import announcing, exporting, staffing, vouchering
from bot.talk.sellers import (
    expecting,
    goods,
    haggling,
    households,
    leaving,
    offers,
    overviews,
    own_orders,
    receipts,
    selling,
    stock_mistakes,
    stocking,
)
from bot.talk.turn import Turn

BUTTONS = Abilities(buttons=True, cards=True, pushed=False)
# Who a timer's turn belongs to.
NOBODY = people.Chat(0, people.Person(0, "buyer", ""), Address("", ""), "", 0, "{}")


class Talk:
    """Answers events. Holds nothing but caches: what is said and done is in the store."""

    def __init__(
        self,
        *,
        locales: Locales,
        words: Callable[[], Words],
        abilities: Mapping[str, Abilities],
        retry: Callable[[Unit, int], bool],
        entrances: Sequence[str] = (),
        ways: frozenset[str] = ways_to_pay.BY_HAND,
        trackers: Mapping[str, str] | None = None,
    ) -> None:
        """`entrances` are beginnings of links that take an invite's token; they may grow.

        `ways` are the ways to pay that are set up, `trackers` the services that follow parcels, by
        courier. `words` loads the words of all languages: when the first message is read, so that
        the shop stands without them.
        """
        orders.validate_moves()
        self._locales = locales
        self._words = words
        self._abilities = abilities
        self._retry = retry
        self._entrances = entrances
        self._ways = ways
        self._trackers = trackers or {}
        self._shelf: tuple[Catalogue, Reader] | None = None

    def shelf(self, db: sqlite3.Connection) -> tuple[Catalogue, Reader]:
        """The catalogue at its present version and the reader that knows its names."""
        version = catalogue.version(db)
        if self._shelf is None or self._shelf[0].version != version:
            shop = catalogue.load(db)
            self._shelf = (shop, Reader(self._words(), product_words(shop)))
        return self._shelf

    def answer(self, unit: Unit, event: Incoming) -> list[Outgoing | Call]:
        """Does what an event asks for, and returns what is to be said, to whom."""
        chat = NOBODY if isinstance(event, Timer | Answer) else self._chat(unit, event)
        turn = self._turn(unit, chat, event)
        if isinstance(event, Timer):
            waking.wake(turn, event)
        elif isinstance(event, Answer):
            _answered(turn, event)
        elif isinstance(event, PreCheck):
            receipts.check(turn, event)
        elif isinstance(event, Press):
            self._press(turn, event.value)
        else:
            self._hear(turn, event)
        expecting.serve_freed(turn)
        if isinstance(event, Message | Press):
            changing.go_on(turn)
            of_named.go_on(turn, _buyer_says)
            self._keep(turn)
        return turn.leaving

    def excuse(self, unit: Unit, event: Incoming, failed_id: int) -> list[Outgoing | Call]:
        """What is said when an event's unit failed: nothing is lost, a person will look at it."""
        chat = NOBODY
        if isinstance(event, Message | Press):
            chat = self._chat(unit, event)
        turn = self._turn(unit, chat, event)
        if chat.id:
            turn.say("failure.told", handed_over=True)
        text = event.text if isinstance(event, Message) else ""
        for other in people.staff_chats(unit, "seller", "operator"):
            view = turn.towards(other)
            choices = (view.choice("button.retry", f"retry:{failed_id}"),)
            turn.notify(other, "failure.staff", n=failed_id, text=text[:500], choices=choices)
        return turn.leaving

    def _chat(self, unit: Unit, event: Message | Press | PreCheck) -> people.Chat:
        """The chat of an event; a new one with what the channel knows of the person."""
        known = people.find_chat(unit, event.address)
        if known or isinstance(event, PreCheck):
            return known or people.open_chat(unit, event.address)
        return people.open_chat(
            unit, event.address, name=event.name, language=self._first_guess(event.language)
        )

    def _first_guess(self, tag: str) -> str:
        """Who has set another language than ours reads English most likely."""
        return self._locales.known(tag) or ("en" if tag else "")

    def _turn(self, unit: Unit, chat: people.Chat, event: Incoming) -> Turn:
        shop, reader = self.shelf(unit.db)
        shop = special_prices.priced(unit.db, shop, chat.person.id, unit.now)
        turn = Turn(
            unit=unit,
            locales=self._locales,
            catalogue=shop,
            reader=reader,
            chat=chat,
            abilities=self._abilities.get(chat.address.channel, BUTTONS),
            state=conversation.decode(chat.state),
            language=chat.language or self._locales.nearest(""),
            entrances=tuple(self._entrances),
            ways=ways_to_pay.offered(self._ways, chat.address.channel, shop.currency),
            trackers=self._trackers,
        )
        turn.see_sales()
        return turn

    def _keep(self, turn: Turn) -> None:
        """Stores what the chat remembers, with the choices offered last."""
        own = [sent.content.choices for sent in turn.out if sent.chat == turn.chat.id]
        if own:
            turn.state.offered = list(own[-1])
        turn.state.asked_by_seller = False
        if turn.staff:
            own_orders.note(turn)
        people.set_state(turn.unit, turn.chat.id, conversation.encode(turn.state))
        if turn.language != turn.chat.language:
            people.set_language(turn.unit, turn.chat.id, turn.language)

    def _hear(self, turn: Turn, event: Message) -> None:
        turn.text, turn.attachments = event.text.strip(), event.attachments
        if turn.staff:
            own_orders.end_old(turn)
        turn.message_id = event.id
        if picked := _picked(turn):
            self._press(turn, picked.value)
            return
        turn.hear(turn.text)
        listed.put_names(turn)
        rethinking.take_last(turn)
        rethinking.take_heads(turn)
        rereading.put_right(turn)
        if value := _meant_for_sure(turn) or _chosen(turn):
            self._press(turn, value)
            return
        said = [] if event.reply_to else typed.buttons(turn) or which_order.chosen(turn)
        if self._types(turn, said):
            return
        if self._for_others(turn, event):
            return
        if not (vouchering.is_code(turn.text) or parcels.is_bare_number(turn.text)):
            languages.follow(turn)
        haggling.tell_over(turn)
        if event.kind:
            arriving.something_else(turn, event.kind)
        elif turn.attachments and not turn.staff:
            _picture(turn, event.album)
        elif not turn.text:
            turn.say("empty")
        elif arriving.is_invite(turn.text):
            arriving.start(turn, turn.text)
        elif not turn.staff and (
            beside_address.take(turn, _buyer_says) or vouchering.take_code(turn)
        ):
            return
        elif not (
            turn.staff
            and (_speaks_of_work(turn) or typed.ask_older(turn) or _says_nothing_of_work(turn))
        ):
            _buyer_says(turn)

    def _for_others(self, turn: Turn, event: Message) -> bool:
        """What staff write for somebody else to read, which changes no language of theirs."""
        db = turn.unit.db
        said = bool(turn.text or turn.attachments)
        thread = event.reply_to and enquiries.of_message(db, turn.chat.id, event.reply_to)
        if thread and said:
            desk.in_thread(turn, thread)
            return True
        if not (turn.staff and said):
            return False
        if turn.state.enquiry:
            desk.reply(turn)
            return True
        if leaving.leave(turn):
            return True
        if turn.operates and turn.state.asked == announcing.ASKED:
            announcing.write(turn, languages.written_in(turn))
            return True
        return goods.take(turn, languages.written_in(turn))

    def _types(self, turn: Turn, buttons: Sequence[Choice]) -> bool:
        """Presses the one button whose words were typed; asks the staff which of several, or
        whether one is meant behind which other things came."""
        one = buttons[0] if len(buttons) == 1 else None
        if one and not (turn.staff and typed.is_overtaken(turn, one)):
            self._press(turn, one.value)
        elif buttons and turn.staff:
            typed.ask_which(turn, buttons)
        else:
            return False
        return True

    def _press(self, turn: Turn, value: str) -> None:
        verb, _, subject = value.partition(":")
        pressing.give_up(turn)
        haggling.tell_over(turn, value)
        if turn.staff and verb == "retry" and subject.isdecimal():
            done = self._retry(turn.unit, int(subject))
            turn.say("failure.retrying" if done else "stale.nothing")
        elif not pressing.press(turn, verb, subject):
            ordering.stale(turn)


def _buyer_says(turn: Turn) -> None:
    """Does what somebody says who buys, or of the orders that are named each for itself."""
    if not (
        of_named.take(turn, _buyer_says)
        or of_all.take(turn)
        or returning.take(turn)
        or tracking.take_number(turn)
        or replacing.take(turn)
        or how_sent.take(turn)
        or cancelling.answers(turn)
        or pay_wishes.take(turn)
        or owed.take(turn)
        or sums_said.take(turn)
        or offers.take(turn)
        or noting.take(turn)
        or for_others.take(turn)
        or readdressing.take_both(turn)
        or readdressing.take(turn)
        or ordering.take_recipient(turn)
        or turned_up.take(turn)
        or coming.take_back(turn)
        or missing.take(turn)
        or changing.take(turn)
    ):
        conversing.converse(turn)


def product_words(shop: Catalogue) -> list[ProductWords]:
    """What the reader has to know of the goods."""
    return [
        ProductWords(
            key=product.key,
            unit=product.unit,
            words=product.words,
            grades={grade.key: grade.words for grade in product.grades if grade.key},
        )
        for product in shop.products.values()
    ]


def _picked(turn: Turn) -> Choice | None:
    """Where there are no buttons, a typed number picks one of the choices offered last."""
    if turn.abilities.buttons or turn.state.asked == "quantity" or not turn.text.isdecimal():
        return None
    place = int(turn.text[:4])
    return turn.state.offered[place - 1] if 0 < place <= len(turn.state.offered) else None


def _chosen(turn: Turn) -> str:
    """The button for goods that a seller typed; none where she says that it was another amount."""
    return "" if turn.staff and stock_mistakes.is_said(turn) else stocking.chosen(turn)


def _meant_for_sure(turn: Turn) -> str:
    """ "Yes" is the one button of the last message that says that what was written is meant."""
    if "yes" not in turn.reading.marks or turn.reading.lines:
        return ""
    values = [choice.value for choice in turn.state.offered]
    found = [value for value in values if value.startswith(pressing.SURE)]
    return found[0] if len(found) == 1 else ""


def _picture(turn: Turn, album: str) -> None:
    """A picture is the proof of a payment that is waited for, else a person looks at it.

    Of an album only the first is answered.
    """
    if album and album == turn.state.album:
        desk.hand_over(turn, told=True)
        return
    turn.state.album = album
    if returning.take(turn):
        return
    asks = turn.reading.intent in ("aftersales", "human") and not sums_said.says_sum(turn)
    found = [] if asks else paying.waiting(turn) or paying.claimed(turn)
    if not found and turn.reading.intent == "payment":
        found = paying.called_off(turn)
    if found:
        sums_said.beside_proof(turn, found[0], turn.attachments[0].hash)
    else:
        desk.picture(turn)


def _says_nothing_of_work(turn: Turn) -> bool:
    """Tells staff who have bought nothing what they can say, where a buyer's orders would be meant;
    False for anything else."""
    of_orders = turn.reading.intent in _OF_ORDERS and not turn.reading.lines
    is_buyer = turn.state.draft.lines or orders.last_of(turn.unit.db, turn.chat.person.id)
    if not of_orders or is_buyer:
        return False
    overviews.help(turn)
    return True


_OF_ORDERS = ("aftersales", "payment", "track", "cancel")


def _speaks_of_work(turn: Turn) -> bool:
    """Does what staff say of their work, be it behind a greeting, and leaves what they are asked
    as buyers; False when it is nothing of that."""
    text = turn.text
    if rest := _GREETING.sub("", text):
        turn.hear(rest)
    done = _staff_says(turn)
    if done:
        own_orders.leave(turn)
    elif rest != text:
        turn.hear(text)
    return done


_GREETING = regex(
    r"^(?:(?:大家)?(?:早(?:上好|安|啊|呀)?|[晚上中下]午?上?好|晚安)|[你您]们?好[啊呀]?|大家好|哈[啰囉喽嘍]|嗨"
    r"|(?:hi|hello|hey|good (?:morning|afternoon|evening|day))(?: (?:all|everyone|there))?\b"
    r"|(?:བཀྲ་ཤིས|སྔ་དྲོ|ཞོགས་པ|དགོང་མོ)་བདེ་ལེགས)[\s,.!~，。！、།་]+",
    re.IGNORECASE,
)


def _staff_says(turn: Turn) -> bool:
    """Does what a seller or an operator says of their work; False when it is nothing of that."""
    if exporting.take(turn):
        return True
    marks = turn.reading.marks
    said = next((mark for mark in _OPERATORS_MARKS if mark in marks), None)
    if said and turn.operates:
        _OPERATORS_MARKS[said](turn)
        return True
    if "goods" in marks:
        goods.listing(turn)
        return True
    return selling.answer(turn) or stocking.ask_work(turn)


_OPERATORS_MARKS: dict[str, Callable[[Turn], None]] = {
    "invite-operator": lambda turn: staffing.invite(turn, "operator"),
    "invite-seller": lambda turn: staffing.invite(turn, "seller"),
    "announce": announcing.open,
    "people": staffing.listing,
    "new-product": goods.new,
    "history": staffing.history,
    "households": households.listing,
    "voucher": vouchering.listing,
}


def _answered(turn: Turn, event: Answer) -> None:
    """What an outside service says."""
    if isinstance(event, ParcelNews):
        parcel_news.take(turn, event)
    elif isinstance(event, Exported):
        exporting.answered(turn, event)
    elif isinstance(event, CallFailed) and isinstance(event.request, Export):
        exporting.failed(turn, event.request)
    elif isinstance(event, CallFailed) and isinstance(event.request, Track | Watch):
        return  # It is looked for again by and by; the seller and the buyer need not know.
    else:
        charging.answered(turn, event)
