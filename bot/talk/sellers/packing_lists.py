"""What waits to be packed and sent, as a list and as a table for labels: 面单, packing list.

The sheets come after the answer, which says what is to be taken from the shelves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bot.language.regex import regex
from bot.language.script import form_of
from bot.messages import Export
from bot.shop import exports
from bot.shop.exports import ToPack
from bot.talk.turn import Turn

NAME = "packing"
SAID_MAX = 80  # characters; what is longer is about something else
# What is asked for by its name, and what only with a word that it shall be a table.
_LISTS = regex(
    r"面单(?!号)|(?:打包|拣货|配货|备货|装箱|发货|出货|寄件|快递)(?:清单|明细|列表|单(?!号))|寄件标签"
    r"|\b(?:(?:shipping|address|parcel|delivery|mailing) )?labels?\b|\bwaybills?\b"
    r"|\b(?:packing|pick(?:ing)?|shipping) (?:lists?|slips?|sheets?)\b"
    r"|ཐུམ་སྒྲིལ་(?:གྱི་|བྱེད་རྒྱུའི་)?(?:ཐོ་གཞུང|ཐོ|རེའུ་མིག)|(?:ཁ་བྱང་(?:གི་)?)?སྦྱར་བྱང"
)
_WAITING = regex(
    r"(?:待|要|该|没|未)(?:打包|发货|出货|发|寄|包)的?(?:订单|单子?|货|包裹)?"
    r"|\b(?:orders?|parcels?|goods|what)?"
    r"(?: (?:i|we|is|are|that|still|needs?|have|has|waiting))*"
    r" to (?:be )?(?:pack|packed|ship|shipped|send|sent)\b"
    r"|(?:བསྐུར|གཏོང|ཐུམ་སྒྲིལ་བྱེད)་རྒྱུའི་(?:མངགས་ཐོ|ཅ་ལག|ཟོག)?"
)
_PRINTED = regex(
    r"打印|列印|印出|导[出个一]|汇出|\b(?:print|export|download|sheet|list)\b|པར|ཕྱིར་(?:འདོན|བཏོན)"
)
_AROUND = regex(
    r"[\s,.!?:;、་།-]|打印?|列?印|导|汇?出|下载|发|给|我们?|来|要|想|看|一[下份个张]|[今本]|[天日]|现在|所有|全部"
    r"|[都的和把帮请成做吧啊呢拿调弄表单]|订单|麻烦|谢谢|整理|生成|需要"
    r"|\b(?:please|pls|can|could|you|i|we|need|want|give|send|me|us|the|an?|all|of|my|our|today(?:'?s)?"
    r"|now|print|export|download|get|show|make|out|for|as|sheet|file|new|orders?|list|and|some|to"
    r"|have)\b"
    r"|(?<![\u0f40-\u0fbc])(?:པར|འདེབས|བཏབ|རྒྱོབས|བརྒྱབ|ཕྱིར|འདོན|བཏོན|བྱེད|གནང|རོགས|དགོས|དེ|རིང|གི|གྱི|ངར?|ལ"
    r"|ཚང|མ|བཟོ|བཟོས|སྐུར|སྟོན|དང|ད|ལྟ|མངགས|ཐོ)(?![\u0f40-\u0fbc])"
)


def is_meant(turn: Turn) -> bool:
    """Whether a message asks for the labels and the list of what waits, and for nothing else."""
    form = form_of(turn.text).text
    wanted = _LISTS.search(form) or (_WAITING.search(form) and _PRINTED.search(form))
    rest = _AROUND.sub("", _WAITING.sub("", _LISTS.sub("", form))) if wanted else form
    return not rest and len(turn.text) <= SAID_MAX


def wanted(turn: Turn) -> Export | None:
    """The sheets that the service shall write; None when nothing waits. Both are said."""
    found = exports.waiting(turn.unit.db)
    if not found:
        turn.say("packing.nothing")
        return None
    turn.say("packing.begun", n=len(found), lines="\n".join(_goods_of(turn, found)))
    name = f"{NAME}-{turn.unit.here.date()}"
    return Export(turn.chat.id, "", "", name, turn.locales.nearest(turn.language))


def _goods_of(turn: Turn, found: Iterable[ToPack]) -> list[str]:
    """All goods of some orders, together."""
    amounts = Counter[tuple[str, str]]()
    names: dict[tuple[str, str], str] = {}
    for line in (line for each in found for line in each.order.lines):
        amounts[line.product, line.grade] += line.amount
        names[line.product, line.grade] = line.name
    return [_line(turn, *key, names[key], amount) for key, amount in amounts.items()]


def _line(turn: Turn, key: str, grade: str, name: str, amount: int) -> str:
    """So much of something that is sold, or was."""
    product = turn.product(key)
    if product is None or all(each.key != grade for each in product.grades):
        return f"{name} {turn.locales.number(turn.language, amount)}"
    return f"{turn.name(product, grade)} {turn.quantity(product, amount, product.unit)}"
