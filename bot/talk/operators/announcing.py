"""An operator tells everybody: written per language, looked at, sent, followed; and opting out."""

from __future__ import annotations

import zlib

import msgspec

from bot.messages import Card, Choice, Content, Lane, Outgoing, Policy
from bot.shop import announcements, people, timers
from bot.shop.announcements import AHEAD, GO_ON, LOOK_MS, Announcement, News
from bot.talk.turn import Turn

TEXT_MAX = 2_000  # characters
SOON_MS = 100  # where nothing has to be sent, as on a page, nothing has to be waited for
ASKED = "announcement"  # what the next message is taken for


def open(turn: Turn) -> None:
    """How the present announcement goes, or else what is written of the next."""
    last = announcements.latest(turn.unit.db)
    if last and last.state != "done" and not turn.state.news.texts:
        _show_progress(turn, last)
    elif turn.state.news.texts:
        _show_written(turn)
    else:
        new(turn)


def new(turn: Turn) -> None:
    """Asks for the text; what was begun before is forgotten."""
    turn.state.news, turn.state.asked = News(), ASKED
    turn.say("announce.write", choices=(turn.choice("button.news-drop", "news:drop"),))


def write(turn: Turn, language: str) -> None:
    """Takes a message as the announcement's text in the language that it is written in."""
    news = turn.state.news
    pictures = [file for file in turn.attachments if file.media_type.startswith("image/")]
    if pictures:
        news.picture = pictures[0].hash
    if len(turn.text) > TEXT_MAX:
        turn.say("announce.too-long", n=TEXT_MAX)
        return
    if turn.text:
        news.texts[language] = turn.text
    named = [line.product for line in turn.reading.lines if line.product]
    if named and not news.product:
        news.product = named[0]
    if news.texts:
        _show_written(turn)
    else:
        turn.say("announce.write", choices=(turn.choice("button.news-drop", "news:drop"),))


def _show_written(turn: Turn) -> None:
    """Which languages are there, and in which of them the others will read it."""
    turn.state.asked = ASKED
    news, locales = turn.state.news, turn.locales
    lines = []
    for tag in locales.languages:
        name = locales.name_of(tag, turn.language)
        if tag in news.texts:
            lines.append(f"✓ {name}")
            continue
        read = next((like for like in locales.order(tag) if like in news.texts), "")
        read = read or next(iter(news.texts))
        lines.append(
            turn.words("announce.reads", language=name, other=locales.name_of(read, turn.language))
        )
    turn.say(
        "announce.written",
        lines="\n".join(lines),
        choices=(
            turn.choice("button.news-preview", "news:show"),
            turn.choice("button.news-drop", "news:drop"),
        ),
    )


def preview(turn: Turn) -> None:
    """Shows the writer what each will get, then asks whether it may go out."""
    news = turn.state.news
    if not news.texts:
        turn.say("stale.nothing")
        return
    turn.state.asked = ASKED
    for language in news.texts:
        turn.out.append(Outgoing(turn.chat.id, content(turn, news, language)))
    count = announcements.count_recipients(turn.unit.db)
    turn.say(
        "announce.preview",
        n=count,
        choices=(
            turn.choice("button.news-send", f"news:send:{_digest(news)}", n=count),
            turn.choice("button.news-drop", "news:drop"),
        ),
    )


def content(turn: Turn, news: News, language: str) -> Content:
    """The announcement as those read it who have this language."""
    view = turn.in_language(language)
    product = view.product(news.product)
    choices: list[Choice] = []
    if product:
        choices.append(
            view.choice("button.news-order", f"p:{product.key}", name=view.name(product))
        )
    choices.append(view.choice("button.mute", "mute"))
    return Content(
        text=turn.locales.choose(news.texts, language),
        language=turn.locales.nearest(language),
        choices=tuple(choices),
        card=Card(kind="photo", picture=news.picture) if news.picture else None,
    )


def send(turn: Turn, digest: str) -> None:
    """Begins to send what was previewed; a button from before a change shows it again."""
    news = turn.state.news
    if not news.texts or digest != _digest(news):
        preview(turn)
        return
    last = announcements.latest(turn.unit.db)
    if last and last.state != "done":
        turn.say("announce.another-runs")
        _show_progress(turn, last)
        return
    started = announcements.start(turn.unit, news, turn.chat.id, by=turn.chat.person)
    turn.state.news = News()
    turn.say(
        "announce.started",
        n=started.recipients,
        choices=(
            turn.choice("button.news-progress", f"news:of:{started.id}"),
            turn.choice("button.news-pause", f"news:pause:{started.id}"),
        ),
    )


def drop(turn: Turn) -> None:
    """Forgets what was written."""
    turn.state.news = News()
    turn.say("announce.dropped")


def control(turn: Turn, verb: str, id: int) -> None:
    """Pauses, resumes, sends the doubtful ones again; then shows how far it is."""
    by = turn.chat.person
    if verb == "pause":
        announcements.pause(turn.unit, id, by=by)
    elif verb == "on":
        announcements.resume(turn.unit, id, by=by)
    elif verb == "again":
        announcements.send_unknown(turn.unit, id, by=by)
    announced = announcements.find(turn.unit.db, id)
    if announced is None:
        turn.say("stale.nothing")
    else:
        _show_progress(turn, announced)


def press(turn: Turn, subject: str) -> None:
    """An operator's buttons, all under `news`."""
    verb, _, rest = subject.partition(":")
    if verb == "":
        open(turn)
    elif verb == "new":
        new(turn)
    elif verb == "show":
        preview(turn)
    elif verb == "send":
        send(turn, rest)
    elif verb == "drop":
        drop(turn)
    elif rest.isdecimal():
        control(turn, verb, int(rest[:18]))
    else:
        turn.say("stale.nothing")


def go_on(turn: Turn, id: int) -> None:
    """Puts the next rows into the outbox; when all have been seen to, says so to who wrote it."""
    announced = announcements.find(turn.unit.db, id)
    if announced is None or announced.state != "sending":
        return
    waiting = announcements.progress(turn.unit.db, announced).waiting
    room = AHEAD - waiting
    told = announcements.take_recipients(turn.unit, announced, room) if room > 0 else []
    contents: dict[str, Content] = {}
    for chat_id, language in told:
        if language not in contents:
            contents[language] = content(turn, announced.news, language)
        turn.out.append(
            Outgoing(
                chat_id,
                contents[language],
                lane=Lane.ANNOUNCEMENT,
                policy=Policy.ONCE,
                announcement=id,
            )
        )
    if told or waiting or room <= 0:
        pause = LOOK_MS if waiting or room <= 0 else SOON_MS
        timers.set_timer(turn.unit, GO_ON, str(id), turn.unit.now + pause)
        return
    announcements.finish(turn.unit, id)
    chat = people.chat(turn.unit, announced.chat_id)
    _show_progress(turn.towards(chat), announced, done=True)


def _show_progress(turn: Turn, announced: Announcement, *, done: bool = False) -> None:
    found = announcements.progress(turn.unit.db, announced)
    state = "done" if done else announced.state
    choices: list[Choice] = []
    id = announced.id
    if state == "sending":
        choices.append(turn.choice("button.news-progress", f"news:of:{id}"))
        choices.append(turn.choice("button.news-pause", f"news:pause:{id}"))
    elif state == "paused":
        choices.append(turn.choice("button.news-resume", f"news:on:{id}"))
    else:
        if found.unknown:
            choices.append(turn.choice("button.news-again", f"news:again:{id}", n=found.unknown))
        choices.append(turn.choice("button.news-new", "news:new"))
    turn.say(
        f"announce.{state}",
        told=found.told,
        all=announced.recipients,
        failed=found.failed,
        unknown=found.unknown,
        choices=tuple(choices),
    )


def mute(turn: Turn) -> None:
    """No more announcements; news of one's own orders still come."""
    announcements.mute(turn.unit, turn.chat.id)
    turn.say("muted", choices=(turn.choice("button.unmute", "unmute"),))


def unmute(turn: Turn) -> None:
    """Announcements again."""
    announcements.unmute(turn.unit, turn.chat.id)
    turn.say("unmuted", choices=(turn.choice("button.mute", "mute"),))


def _digest(news: News) -> str:
    """What a button was about, so that it does nothing once that has changed."""
    return f"{zlib.crc32(msgspec.json.encode(news)):08x}"
