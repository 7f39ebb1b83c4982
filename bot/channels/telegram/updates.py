"""What an update of the Bot API means: an event for the inbox, a file to fetch for it, a press.

An update that means nothing here (a group's talk among people, a live position that moves) has
no event, and is acknowledged without one.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import telegram
from msgspec import Struct
from telegram import (
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    Contact,
    PreCheckoutQuery,
    SuccessfulPayment,
    Update,
    User,
    Venue,
)
from telegram import Message as Said
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.telegram import CHANNEL
from bot.messages import (
    Address,
    Blocked,
    ChatNews,
    Incoming,
    Message,
    Migrated,
    PaymentNotice,
    PreCheck,
    Press,
)

# What is asked for; everything else would only cost. Telegram keeps the setting.
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member", "pre_checkout_query")
# Commands of the menu, and the button that says the same.
COMMANDS = ("products", "orders", "human", "help")
NAME_MAX = 64
DOWNLOAD_MAX = 20 * 1024 * 1024  # bytes, of the public Bot API server


class FileToFetch(Struct, frozen=True):
    """A file that came with a message; a `reusable` one is sent on by its file_id."""

    file_id: str
    media_type: str
    size: int
    reusable: bool


class Read(Struct, frozen=True):
    """What was read in an update."""

    event: Incoming | ChatNews | None = None
    file: FileToFetch | None = None
    query: CallbackQuery | None = None


class Bot(Struct, frozen=True):
    """Who the bot is: its id and its name without the @."""

    id: int
    username: str


def key_of(bot: Bot, update_id: object) -> str:
    """The key of an update, the same whenever it is delivered."""
    return f"{CHANNEL}:{bot.id}:{update_id}"


def chat_of(raw: object) -> Address | None:
    """The private chat that a raw update comes from, as far as that can be told."""
    match raw:
        case {"message": {"chat": {"id": int(id)}}} | {
            "edited_message": {"chat": {"id": int(id)}}
        } if id > 0:
            return Address(CHANNEL, str(id))
    return None


class _User(msgspec.Struct):
    first_name: str
    last_name: str = ""
    language_code: str = ""


class _PrivateChat(msgspec.Struct, forbid_unknown_fields=True):
    id: int
    type: Literal["private"]
    first_name: str = ""
    last_name: str = ""
    username: str = ""


class _PlainText(msgspec.Struct, rename={"sender": "from"}, forbid_unknown_fields=True):
    message_id: int
    date: int
    chat: _PrivateChat
    sender: _User
    text: str
    entities: Any = None
    link_preview_options: Any = None


class _PlainTextUpdate(msgspec.Struct, forbid_unknown_fields=True):
    update_id: int
    message: _PlainText


def read_raw(raw: Any, bot: Bot, api: telegram.Bot) -> Read:
    """What an update means, as it came. Raises whatever is wrong with it.

    Nine of ten are plain text from one person: those need no more than is read here, which costs
    a tenth of what making all objects of the library does.
    """
    try:
        plain = msgspec.convert(raw, _PlainTextUpdate)
    except msgspec.ValidationError:
        return read(Update.de_json(raw, api), bot)
    said, who = plain.message, plain.message.sender
    name = f"{who.first_name} {who.last_name}".strip()[:NAME_MAX]
    given = {"name": name, "language": who.language_code}
    address = Address(CHANNEL, str(said.chat.id))
    ids = {"id": str(said.message_id)}
    return Read(_written(key_of(bot, plain.update_id), address, said.text, given, ids))


def read(update: Update, bot: Bot) -> Read:
    """What an update means."""
    key = key_of(bot, update.update_id)
    if update.callback_query:
        return Read(_pressed(key, update.callback_query), query=update.callback_query)
    if update.my_chat_member:
        return Read(_membership(key, update.my_chat_member))
    if update.pre_checkout_query:
        return Read(_about_to_pay(key, update.pre_checkout_query))
    said = update.message or update.edited_message
    if said is None:
        return Read()
    if said.successful_payment:
        return Read(_paid(key, said.successful_payment))
    if said.migrate_to_chat_id:
        return Read(Migrated(key, _address(said.chat), str(said.migrate_to_chat_id)))
    if said.chat.type != ChatType.PRIVATE:
        return Read(_in_group(key, said, bot))
    if update.edited_message:
        return Read(_edited(key, said))
    if not (said.text or said.caption or said.effective_attachment):
        return Read()  # A notice of the app's own, such as a pinned message.
    file = _file(said)
    return Read(_said(key, said, file), file)


def _pressed(key: str, query: CallbackQuery) -> Press | None:
    chat = query.message.chat if query.message else None
    if chat is None or chat.type != ChatType.PRIVATE or query.data is None:
        return None
    return Press(key, _address(chat), query.data, **_who(query.from_user))


def _about_to_pay(key: str, query: PreCheckoutQuery) -> PreCheck:
    address = Address(CHANNEL, str(query.from_user.id))
    asked = query.invoice_payload, query.total_amount, query.currency
    return PreCheck(key, address, query.id, *asked)


def _paid(key: str, paid: SuccessfulPayment) -> PaymentNotice:
    reference = paid.telegram_payment_charge_id
    sum = paid.total_amount, paid.currency
    return PaymentNotice(key, CHANNEL, paid.invoice_payload, reference, *sum)


def _membership(key: str, change: ChatMemberUpdated) -> Blocked | None:
    if change.chat.type != ChatType.PRIVATE:
        return None
    blocked = change.new_chat_member.status == ChatMemberStatus.BANNED
    return Blocked(key, _address(change.chat), blocked)


def _in_group(key: str, said: Said, bot: Bot) -> Press | None:
    """Who calls the bot in a group is asked to write to it alone: orders are nobody else's."""
    text = said.text or said.caption or ""
    command = text.startswith("/") and text.split()[0].lower().endswith(f"@{bot.username.lower()}")
    mention = f"@{bot.username.lower()}" in text.lower()
    if not (command or mention):
        return None
    return Press(key, _address(said.chat), "group", **_who(said.from_user))


def _edited(key: str, said: Said) -> Message | None:
    """A corrected text is said anew; a place that moves and buttons that changed are not."""
    text = said.text or said.caption
    return Message(key, _address(said.chat), text, **_who(said.from_user)) if text else None


def _said(key: str, said: Said, file: FileToFetch | None) -> Incoming:
    address, who = _address(said.chat), _who(said.from_user)
    ids: dict[str, Any] = {"id": str(said.message_id)}
    if said.reply_to_message:
        ids["reply_to"] = str(said.reply_to_message.message_id)
    if said.text:
        return _written(key, address, said.text, who, ids)
    text = said.caption or ""
    return Message(
        key,
        address,
        text or _in_words(said),
        album=said.media_group_id or "",
        kind="" if text and not file else _kind(said, file),
        **who,
        **ids,
    )


def _written(
    key: str, address: Address, text: str, who: dict[str, Any], ids: dict[str, Any]
) -> Incoming:
    command = _command(text) if text.startswith("/") else None
    if command:
        return Press(key, address, command, **who)
    return Message(key, address, text, **who, **ids)


def _command(text: str) -> str | None:
    """What a command presses; None when it is no command of ours."""
    name, _, rest = text[1:].partition(" ")
    name = name.partition("@")[0].lower()
    if name == "start":
        return f"start:{rest.strip()}"
    return name if name in COMMANDS else None


def _in_words(said: Said) -> str:
    """What came instead of words, as words where these say all of it."""
    if said.contact:
        return _contact(said.contact)
    if said.venue:
        return _venue(said.venue)
    if said.sticker:
        return said.sticker.emoji or ""
    return ""


def _contact(contact: Contact) -> str:
    name = " ".join(part for part in (contact.first_name, contact.last_name) if part)
    return f"{name} {contact.phone_number}"


def _venue(venue: Venue) -> str:
    return f"{venue.address} {venue.title}".strip()


def _kind(said: Said, file: FileToFetch | None) -> str:
    """What it is when it is neither text nor a picture."""
    if file:
        return "" if file.media_type.startswith("image/") else file.media_type.partition("/")[0]
    if said.location and not said.venue:
        return "location"
    if said.contact or said.venue or said.sticker:
        return ""
    return "unknown"


def _file(said: Said) -> FileToFetch | None:
    """The file of a message; of a photo's sizes the largest."""
    if said.photo:
        photo = said.photo[-1]
        return FileToFetch(photo.file_id, "image/jpeg", photo.file_size or 0, True)
    if said.voice:
        kind = said.voice.mime_type or "audio/ogg"
        return FileToFetch(said.voice.file_id, kind, said.voice.file_size or 0, True)
    if said.video:
        kind = said.video.mime_type or "video/mp4"
        return FileToFetch(said.video.file_id, kind, said.video.file_size or 0, True)
    other = said.document or said.audio or said.video_note or said.animation
    if other is None:
        return None
    kind = getattr(other, "mime_type", None) or "application/octet-stream"
    return FileToFetch(other.file_id, kind, other.file_size or 0, False)


def _address(chat: Chat) -> Address:
    return Address(CHANNEL, str(chat.id))


def _who(user: User | None) -> dict[str, Any]:
    """What Telegram knows of a person: first guesses, kept only where we know nothing."""
    if user is None:
        return {}
    return {"name": (user.full_name or "")[:NAME_MAX], "language": user.language_code or ""}
