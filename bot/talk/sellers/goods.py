"""What is sold, as it is changed in the chat: names, nicknames, texts and pictures by whoever sells
here; what is sold at all by operators.
"""

from __future__ import annotations

from msgspec import structs

from bot.messages import Choice
from bot.shop import catalogue, catalogue_edits
from bot.shop.catalogue import PRICE_MINOR_MAX, Product
from bot.shop.catalogue_edits import Unfitting
from bot.talk import goods_cards
from bot.talk.buyers import asking
from bot.talk.conversation import NewProduct
from bot.talk.sellers import pricing
from bot.talk.turn import Turn

# What can be written anew of a product, and what is asked for then.
FIELDS = ("name", "about", "word", "picture")


def listing(turn: Turn) -> None:
    """Everything that is or was sold, to choose from."""
    asking.everything(turn)
    choices = [
        Choice(turn.name(product), f"goods:{key}")
        for key, product in turn.catalogue.products.items()
    ]
    retired = catalogue_edits.retired(turn.unit.db) if turn.operates else []
    for product in retired:
        label = turn.words("button.resting", name=turn.name(product))
        choices.append(Choice(label, f"sell:{product.key}"))
    if turn.operates:
        choices.append(turn.choice("button.new-product", "new-product"))
    # The staff's choices in the place of the buyer's.
    shown = turn.out[-1]
    content = structs.replace(
        shown.content, text=turn.words("goods.choose"), choices=tuple(choices)
    )
    turn.out[-1] = structs.replace(shown, content=content)


def show(turn: Turn, key: str) -> None:
    """A product and all that can be changed of it."""
    product = turn.product(key)
    if product is None:
        turn.say("stale.nothing")
        return
    turn.state.about, turn.state.asked = key, ""
    choices = [
        turn.choice("button.set-price", f"price:{key}"),
        turn.choice("button.restock", f"in:{key}"),
        turn.choice("button.moves", f"moves:{key}"),
        turn.choice("button.flash", f"flash:{key}"),
        turn.choice("button.expect", f"expect:{key}"),
        *(turn.choice(f"button.edit-{field}", f"edit:{field}:{key}") for field in FIELDS),
    ]
    if turn.operates:
        choices.append(turn.choice("button.rest", f"rest:{key}"))
    turn.say(
        "goods.product",
        name=turn.name(product),
        words=turn.locales.joined(turn.language, _words(turn, product)),
        card=goods_cards.product_card(turn, product),
        choices=tuple(choices),
    )


def _words(turn: Turn, product: Product) -> list[str]:
    """What buyers may call it, in the operator's language."""
    return list(product.words.get(turn.language, ()))[:8] or [turn.name(product)]


def ask(turn: Turn, field: str, key: str) -> None:
    """Asks for the new name, text, nickname or picture of a product."""
    product = turn.product(key)
    if product is None or field not in FIELDS:
        turn.say("stale.nothing")
        return
    turn.state.about, turn.state.asked = key, f"edit-{field}"
    turn.say(f"goods.ask-{field}", name=turn.name(product))


def take(turn: Turn, language: str) -> bool:
    """Takes what was asked for; False when nothing was, or this is no answer to it.

    A text counts for the language that it is written in.
    """
    asked = turn.state.asked
    if asked.startswith("new-product-"):
        return _take_new(turn, asked.removeprefix("new-product-"), language)
    product = turn.product(turn.state.about)
    field = asked.removeprefix("edit-")
    if product is None or not asked.startswith("edit-"):
        return False
    if field == "picture":
        return _take_picture(turn, product)
    if not turn.text:
        return False
    try:
        _EDITS[field](turn.unit, product, language, turn.text, turn.chat.person)
    except Unfitting as fault:
        turn.say(f"goods.{fault.what}", text=turn.text[:60], name=_other(turn, fault.product))
        return True
    turn.state.asked = ""
    turn.say(
        "goods.changed",
        name=turn.name(product),
        text=turn.text,
        language=turn.locales.name_of(language, turn.language),
        choices=(turn.choice("button.more-of-product", f"goods:{product.key}"),),
    )
    return True


_EDITS = {
    "name": catalogue_edits.set_name,
    "about": catalogue_edits.set_about,
    "word": catalogue_edits.add_word,
}


def _other(turn: Turn, key: str) -> str:
    product = turn.product(key)
    return turn.name(product) if product else ""


def _take_picture(turn: Turn, product: Product) -> bool:
    pictures = [file for file in turn.attachments if file.media_type.startswith("image/")]
    if not pictures:
        return False
    catalogue_edits.set_picture(turn.unit, product, pictures[0].hash, turn.chat.person)
    turn.state.asked = ""
    turn.say(
        "goods.picture-set",
        name=turn.name(product),
        choices=(turn.choice("button.more-of-product", f"goods:{product.key}"),),
    )
    return True


def rest(turn: Turn, key: str) -> None:
    """A product is sold no more, until it is put on sale again."""
    product = turn.product(key)
    if product is None or len(turn.catalogue.products) == 1:
        turn.say("stale.nothing")
        return
    catalogue_edits.set_sold(turn.unit, key, False, turn.chat.person)
    undo = (turn.choice("button.undo", f"sell:{key}"),)
    turn.say("goods.rests", name=turn.name(product), choices=undo)


def sell(turn: Turn, key: str) -> None:
    """A product is sold again."""
    found = {product.key: product for product in catalogue_edits.retired(turn.unit.db)}
    if key not in found:
        turn.say("stale.nothing")
        return
    catalogue_edits.set_sold(turn.unit, key, True, turn.chat.person)
    choices = (turn.choice("button.more-of-product", f"goods:{key}"),)
    turn.say("goods.sold-again", name=turn.name(found[key]), choices=choices)


def new(turn: Turn) -> None:
    """A new product: its name first."""
    turn.state.product, turn.state.asked = NewProduct(), "new-product-name"
    turn.say("goods.new-name")


def new_unit(turn: Turn, unit: str) -> None:
    """Whether the new product is sold by weight or by the piece."""
    if not turn.state.product.name or unit not in ("g", "pc"):
        turn.say("stale.nothing")
        return
    turn.state.product.unit, turn.state.asked = unit, "new-product-price"
    turn.say(f"goods.new-price-{unit}", name=turn.state.product.name)


def _take_new(turn: Turn, wanted: str, language: str) -> bool:
    new = turn.state.product
    if wanted == "name" and turn.text:
        taken = catalogue_edits.owner_of(turn.catalogue, turn.text)
        if taken:
            turn.say("goods.taken", text=turn.text[:60], name=_other(turn, taken))
            return True
        new.name, new.language, turn.state.asked = turn.text[:60], language, "new-product-unit"
        choices = (
            turn.choice("button.by-weight", "new-unit:g"),
            turn.choice("button.by-piece", "new-unit:pc"),
        )
        turn.say("goods.new-unit", name=new.name, choices=choices)
        return True
    if wanted == "price":
        said = pricing.sum_said(turn)
        if not 0 < said <= PRICE_MINOR_MAX:
            return False
        usual = 1 if new.unit == "pc" else turn.locales.usual_grams(turn.language)
        key = catalogue_edits.add_product(
            turn.unit,
            names={new.language: new.name},
            measure=new.unit,
            price=catalogue.Price(said, usual),
            by=turn.chat.person,
        )
        turn.state.product, turn.state.asked = NewProduct(), ""
        choices = (
            turn.choice("button.restock", f"in:{key}"),
            turn.choice("button.more-of-product", f"goods:{key}"),
        )
        turn.say("goods.added", name=new.name, price=turn.money(said), choices=choices)
        return True
    return False
