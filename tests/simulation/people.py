"""The people of the simulation: what they are like, and what they do next.

They know only what they were shown. Whoever has buttons presses them; on the phone they type the
number of a choice, as its list says.
"""

from __future__ import annotations

from hashlib import sha256
from random import Random

from bot.messages import Address, Attachment, Choice, Content, Incoming, Message, Press

ASKS = {
    "zh": ("虫草怎么卖", "松茸多少钱一斤", "有羊肚菌吗", "包邮吗", "是野生的吗", "怎么付款"),
    "en": ("how much is the cordyceps?", "do you have morels?", "do you ship to Japan?", "hello"),
}
ORDERS = {
    "zh": (
        "要{n}根{g}虫草",
        "来{n}根{g}虫草 货到付款",
        "来{k}斤羊肚菌",
        "要{k}斤牛肉干和{n}根{g}虫草，再来一斤花椒",
        "来{k}斤5-7的松茸",
        "再来{n}根{g}的",
        "来点牛肉干",
        "虫草",
    ),
    "en": (
        "I'll take {n} pieces of the medium cordyceps",
        "{k} kg of morels please",
        "2 kg of yak jerky and {n} large cordyceps",
        "{k} kg of the 5-7 matsutake please",
    ),
}
ADDRESSES = (
    "扎西 13800138000 四川省成都市武侯区人民南路四段27号3栋502",
    "才让 13900002222 青海省玉树州玉树市结古镇民主路5号",
    "王强 13900003333 新疆维吾尔自治区喀什地区喀什市人民东路8号",
    "卓玛 13900001111 西藏自治区拉萨市城关区北京东路12号",
    "成都市武侯区",
    "Tashi 13800138000 四川省成都市武侯区人民南路四段27号3栋502",
    "Tashi, 13800138000, Room 502, 27 Renmin South Road, Wuhou District, Chengdu, Sichuan, China",
)
WORDS = {
    "confirm": ("确认", "好的", "yes"),
    "paid": ("已转账", "I have paid", "已付款"),
    "track": ("到哪了", "where is my parcel?"),
    "mine": ("我的订单", "my orders"),
    "received": ("收到了", "got it, thanks!"),
    "cancel": ("取消", "取消订单", "不要了，取消订单", "cancel my order"),
    "again": ("跟上次一样再来一份", "same as last time"),
    "change": ("改成30根", "改成3斤", "不要虫草了，要2斤牛肉干", "中等的"),
    "other-way": ("货到付款", "我转账吧"),
    "back": ("返回", "back"),
    "human": ("转人工", "收到的花椒都发霉了，怎么办"),
}
NONSENSE = ("asdf qwer zxcv", "门口那棵树今年开花了没", "👍", "？", "", "2", "啊" * 3900, "1380013")
WAY = ("ask", "order", "address", "confirm", "paid", "track", "received")
ASIDE = (*WORDS, "ask", "order", "pick", "old", "nonsense", "forged")
WORK = {"paid-in": 9, "accept": 9, "pack": 9, "ship": 6, "send": 9, "refunded": 5, "not-paid": 2}
STAFF_WORDS = (
    "待办",
    "库存",
    "打包好了",
    "to do",
    "你好",
    "松茸到货20斤",
    "羊肚菌到货3斤",
    "中等虫草改成{n}元",
    "中等虫草到货{n}根",
    "大的虫草进货{n}根",
    "SF{track}",
    "{order} SF{track}",
    "{track}",
    "{order}",
)


class Actor:
    """Somebody in a chat. `queue` holds what they sent and was not acknowledged yet."""

    def __init__(self, role: str, name: str, channel: str, rng: Random) -> None:
        self.role = role
        self.name = name
        self.address = Address(channel, name)
        self.rng = rng
        self.haste = rng.uniform(0.2, 1.0)
        self.language = rng.choice(("zh", "zh", "en"))
        self.seen = 0
        self.events = 0
        self.queue: list[Incoming] = []
        self.known: list[Incoming] = []
        self.offers: tuple[Choice, ...] = ()
        self.old: list[Choice] = []

    def hear(self, content: Content) -> None:
        """A message arrived."""
        if content.choices:
            self.offers = content.choices
            self.old = [*self.old[-40:], *content.choices]

    def act(self) -> None:
        """Does the next thing they feel like."""
        raise NotImplementedError

    def say(self, text: str, picture: str = "") -> None:
        """Writes something, or sends a picture with it."""
        proof = (Attachment(sha256(picture.encode()).hexdigest(), "image/png"),) if picture else ()
        self.queue.append(Message(self._key(), self.address, text, proof))

    def press(self, choice: Choice) -> None:
        """Takes a choice, in the way their channel has."""
        if self.address.channel != "phone":
            self.queue.append(Press(self._key(), self.address, choice.value))
        elif choice in self.offers:
            self.say(str(self.offers.index(choice) + 1))
        else:
            self.say(choice.label)

    def offered(self, *verbs: str) -> list[Choice]:
        """The choices of the latest message that do one of these."""
        return [choice for choice in self.offers if choice.value.partition(":")[0] in verbs]

    def _key(self) -> str:
        self.events += 1
        return f"{self.name}:{self.events}"


class Buyer(Actor):
    """A buyer, with habits of their own: honest or not, sure or not, clear or not."""

    def __init__(self, name: str, channel: str, rng: Random) -> None:
        super().__init__("buyer", name, channel, rng)
        self.honesty = rng.choice((0.2, 0.7, 1.0))
        self.whims = rng.choice((0.02, 0.1, 0.4))
        self.plan: list[str] = []

    def act(self) -> None:
        if not self.plan:
            self.plan = [wish for wish in WAY if self.rng.random() > self.whims / 3]
        if self.rng.random() < self.whims:
            self._do(self.rng.choice(ASIDE))
        else:
            self._do(self.plan.pop(0))

    def _do(self, wish: str) -> None:
        rng = self.rng
        if wish == "order":
            text = rng.choice(ORDERS[self.language])
            amounts = {"n": rng.choice((1, 5, 20, 50, 5000)), "k": rng.choice((1, 2, 40))}
            self.say(text.format(g=rng.choice(("大的", "中等", "小的")), **amounts))
        elif wish in ("ask", "address", "nonsense"):
            said = {"ask": ASKS[self.language], "address": ADDRESSES, "nonsense": NONSENSE}
            self.say(rng.choice(said[wish]))
        elif wish == "old" and self.old:
            self.press(rng.choice(self.old))
        elif wish == "pick" and self.offers:
            self.press(rng.choice(self.offers))
        elif wish == "forged":
            forged = rng.choice(("", "ok:0:0", "n:gold:x:1:pc", "price:honey::1", "retry:1", "p:"))
            self.press(Choice("forged", forged))
        elif wish == "confirm":
            self._confirm()
        elif wish == "paid" and rng.random() < self.honesty:
            self._pay()
        else:
            verb = {"received": "got", "again": "again", "cancel": "cancel", "track": "track"}
            found = self.offered(verb.get(wish, "?"))
            texts = WORDS.get(wish, WORDS["track"])
            self.press(rng.choice(found)) if found else self.say(rng.choice(texts))

    def _confirm(self) -> None:
        """Confirms when it is offered; answers what is asked first, and comes back to it."""
        ready, open_ones = self.offered("ok"), self.offered("g", "n")
        if ready and self.rng.random() < 0.8:
            self.press(ready[0])
        elif ready:
            self.say(self.rng.choice(WORDS["confirm"]))
        else:
            self.press(self.rng.choice(open_ones)) if open_ones else self._do("address")
            if self.rng.random() < 0.8:
                self.plan.insert(0, "confirm")

    def _pay(self) -> None:
        found, way = self.offered("paid"), self.rng.random()
        if way < 0.3:
            self.say("", picture=f"receipt {self.rng.randrange(30)}")
        elif found and way < 0.7:
            self.press(found[0])
        else:
            self.say(self.rng.choice(WORDS["paid"]))


class Staff(Actor):
    """A seller or an operator, who works through what comes up, and errs."""

    def __init__(self, role: str, name: str, channel: str, rng: Random) -> None:
        super().__init__(role, name, channel, rng)
        self.tasks: list[tuple[Choice, ...]] = []
        self.packed = False

    def hear(self, content: Content) -> None:
        super().hear(content)
        if content.choices:
            self.tasks = [*self.tasks[-60:], content.choices]

    def act(self) -> None:
        words = "SF{track}" if self.packed else self.rng.choice(STAFF_WORDS)
        if not self.packed and self.tasks and self.rng.random() < 0.75:
            choices = self.tasks.pop(self.rng.randrange(len(self.tasks)))
            weights = [WORK.get(choice.value.partition(":")[0], 1) for choice in choices]
            chosen = self.rng.choices(choices, weights)[0]
            self.packed = chosen.value.partition(":")[0] in ("pack", "ship")
            self.press(chosen)
            return
        self.packed = False
        orders = [c.value.split(":")[1] for c in self.old if c.value.partition(":")[0] in WORK]
        self.say(
            words.format(
                n=self.rng.randrange(1, 60),
                track=self.rng.randrange(10**12, 10**13),
                order=self.rng.choice(orders or ["260720-000000"]),
            )
        )
