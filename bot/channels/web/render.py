"""HTML out of templates and views. Every value is escaped unless it is `Html` already."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from string import Template

from bot.channels.web.views import View
from bot.messages import Attachment, Card, Choice, Copyable

FOLDER = Path(__file__).with_name("page")
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}

Words = Callable[[str], str]  # A text's id → the text in the page's language.


class Html(str):
    """Text that is markup and must not be escaped again."""

    __slots__ = ()


def fill(template: str, **values: object) -> Html:
    """The template with `$name` replaced by the value, escaped unless it is `Html`."""
    safe = {name: _safe(value) for name, value in values.items()}
    return Html(Template(template).substitute(safe))


def _safe(value: object) -> str:
    return value if isinstance(value, Html) else html.escape(str(value))


def joined(parts: Iterable[Html]) -> Html:
    """Markup after markup."""
    return Html("".join(parts))


class Page:
    """The page's files, read once: templates, and what is served under /static/ by its hash."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._templates = {path.stem: path.read_text("utf-8") for path in folder.glob("*.html")}
        self.files = {
            path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in MEDIA_TYPES
        }
        self.hashes = {name: sha256(data).hexdigest()[:16] for name, data in self.files.items()}

    def show(self, template: str, language: str, words: Words, **values: object) -> Html:
        """A whole page. `$t_some_id` in a template is the text with the id `web.some-id`."""
        source = self._templates[template]
        return fill(
            source,
            **_texts(source, words),
            **self._links(),
            lang=language,
            **values,
        )

    def _links(self) -> dict[str, str]:
        return {
            f"url_{name.replace('.', '_')}": f"/static/{name}?v={hash}"
            for name, hash in self.hashes.items()
        }


def _texts(source: str, words: Words) -> dict[str, str]:
    names = {name for name in Template(source).get_identifiers() if name.startswith("t_")}
    return {name: words(f"web.{name[2:].replace('_', '-')}") for name in names}


def conversation(views: list[View], words: Words) -> Html:
    """The lines of a chat; the last choices offered are the live ones while unanswered."""
    offering = [view.seq for view in views if view.choices]
    answered = [view.seq for view in views if view.mine]
    live = offering[-1] if offering and offering[-1] > max(answered, default=0) else 0
    return joined(line(view, words, live=view.seq == live) for view in views)


_LINE = """<article class="line $side$live" data-seq="$seq" data-at="$at"$key>
<h3 class="unseen">$who</h3><div class="bubble$wide"$lang>$inside</div>$choices
<p class="meta"><time datetime="$moment"></time>$tick</p></article>"""


def line(view: View, words: Words, *, live: bool = False) -> Html:
    """One line of the conversation."""
    moment = datetime.fromtimestamp(view.at / 1000, UTC)
    text = fill('<p class="text">$text</p>', text=view.text) if view.text else Html("")
    pictures = joined(_picture(hash, words) for hash in view.pictures)
    files = joined(_file(file) for file in view.files)
    return fill(
        _LINE,
        side="mine" if view.mine else "theirs",
        live=" live" if live else "",
        wide=" carded" if view.card else "",
        seq=view.seq,
        at=view.at,
        key=fill(' data-key="$key"', key=view.key) if view.key else Html(""),
        who=words("web.you" if view.mine else "web.shop"),
        lang=fill(' lang="$lang"', lang=view.lang) if view.lang else Html(""),
        inside=Html(
            pictures + text + files + (card(view.card, view.seq, words) if view.card else "")
        ),
        choices=_choices(view.choices, view.lang),
        moment=f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        tick=fill('<span class="tick" title="$t">✓</span>', t=words("web.sent"))
        if view.mine
        else Html(""),
    )


def _picture(hash: str, words: Words) -> Html:
    return fill(
        '<a class="picture" href="files/$hash" target="_blank" rel="noopener">'
        '<img src="files/$hash" alt="$alt" loading="lazy"></a>',
        hash=hash,
        alt=words("web.picture"),
    )


def _file(file: Attachment) -> Html:
    return fill(
        '<p class="file"><a href="files/$hash" download="$name">$name</a></p>',
        hash=file.hash,
        name=file.name,
    )


def _choices(choices: tuple[Choice, ...], language: str) -> Html:
    if not choices:
        return Html("")
    buttons = joined(
        fill(
            '<button form="press" name="press" value="$value">$label</button>',
            value=choice.value,
            label=choice.label,
        )
        for choice in choices
    )
    return fill('<div class="choices" lang="$lang">$buttons</div>', lang=language, buttons=buttons)


_CARD = (
    '<section class="card $kind">$picture'
    '<div class="inner">$title$table$way$qr$copy$notes</div></section>'
)
_PICTURE = '<img class="product-picture" src="files/$hash" alt="" loading="lazy">'
_QR = '<img class="qr" src="qr/$seq.png" alt="$alt" width="232" height="232">'


def card(card: Card, seq: int, words: Words) -> Html:
    """A card: what is looked at rather than read."""
    nothing = Html("")
    return fill(
        _CARD,
        kind=card.kind,
        picture=_card_picture(card, words) if card.picture else nothing,
        title=fill("<h4>$title</h4>", title=card.title) if card.title else nothing,
        table=_table(card),
        way=_way(card, words),
        qr=fill(_QR, seq=seq, alt=words("web.qr")) if card.qr else nothing,
        copy=_copyables(card.copyables, words),
        notes=_notes(card.notes),
    )


def _card_picture(card: Card, words: Words) -> Html:
    """A product's picture fills its frame; a receipt is shown whole, and opens by itself."""
    if card.kind == "product":
        return fill(_PICTURE, hash=card.picture)
    return _picture(card.picture or "", words)


def _table(card: Card) -> Html:
    if not card.table:
        return Html("")
    heads = _row(card.table[0], "th") if card.heads else Html("")
    rows = joined(_row(row, "td") for row in card.table[1 if card.heads else 0 :])
    head = fill("<thead>$row</thead>", row=heads) if heads else Html("")
    return fill("<table>$head<tbody>$rows</tbody></table>", head=head, rows=rows)


def _row(cells: tuple[str, ...], tag: str) -> Html:
    scope = ' scope="col"' if tag == "th" else ""
    inside = joined(fill(f"<{tag}{scope}>$cell</{tag}>", cell=cell) for cell in cells)
    return fill("<tr>$cells</tr>", cells=inside)


def _way(card: Card, words: Words) -> Html:
    if not card.stations:
        return Html("")
    steps = joined(
        fill(
            '<li class="$state"$current><span>$name</span></li>',
            state="done" if place < card.reached else "ahead",
            current=Html(' aria-current="step"') if place == card.reached - 1 else Html(""),
            name=name,
        )
        for place, name in enumerate(card.stations)
    )
    label = words("web.way")
    return fill('<ol class="way" aria-label="$label">$steps</ol>', label=label, steps=steps)


def _copyables(copyables: tuple[Copyable, ...], words: Words) -> Html:
    if not copyables:
        return Html("")
    rows = joined(
        fill(
            "<div><dt>$label</dt><dd><output>$value</output>"
            '<button type="button" class="copy" data-copy="$value" aria-label="$copy $label">'
            "$copy</button></dd></div>",
            label=item.label,
            value=item.value,
            copy=words("web.copy"),
        )
        for item in copyables
    )
    return fill('<dl class="copyables">$rows</dl>', rows=rows)


def _notes(notes: tuple[str, ...]) -> Html:
    if not notes:
        return Html("")
    items = joined(fill("<li>$note</li>", note=note) for note in notes)
    return fill("<ul>$items</ul>", items=items)
