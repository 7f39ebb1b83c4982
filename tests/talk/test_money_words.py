"""What sellers say of money: whether it came or went back, how much of it, in all languages."""

from __future__ import annotations

from typing import Any

import pytest

from bot.talk.sellers import money_words
from bot.talk.sellers.money_words import Money, What
from bot.talk.turn import Turn
from tests.language.shop import reader

# What is said → what it is, then the sum or the share, and the marks of it that are set.
SAYINGS = {
    "到账560": "came 560",
    "入帳100，轉帳來的": "came 100 transfer",
    "500 came by bank transfer": "came 500 transfer",
    "དངུལ་ཁང་ནས་560འབྱོར་བྱུང་།": "came 560 transfer",
    "快递收了400": "came 400 cod",
    "快遞收了400": "came 400 cod",
    "the courier collected 400": "came 400 cod",
    "སྐྱེལ་མཁན་གྱིས་༤༠༠་འབྱོར་བྱུང་།": "came 400 cod",
    "订单 260720-158176 到账三百": "came 300",
    "已付款": "came",
    "Anna has paid": "came",
    "钱到了": "came all",
    "订单 260720-158176 的钱到了": "came all",
    "the money for order 260720-158176 is in": "came all",
    "錢收到了": "came all",
    "收到钱了": "came all",
    "到账了！": "came all",
    "已入帳": "came all",
    "money is in": "came all",
    "The payment has arrived.": "came all",
    "received the money": "came all",
    "དངུལ་འབྱོར་སོང་།": "came all",
    "等钱到了再发": "came",
    "send it when the money is in": "came",
    "松茸到了": "unsaid",
    "钱到了吗": "unsaid",
    "到账了一半": "came 1/2",
    "到賬了一半": "came 1/2",
    "half of it came": "came 1/2",
    "ཕྱེད་ཀ་འབྱོར་སོང་།": "came 1/2",
    "只收到一半": "came 1/2 only",
    "只到賬一半": "came 1/2 only",
    "only half came": "came 1/2 only",
    "ཕྱེད་ཀ་ལས་མ་འབྱོར།": "came 1/2 only",
    "只收到300": "came 300 only",
    "快遞只收了58": "came 58 only cod",
    "the courier only collected 58": "came 58 only cod",
    "༣༠༠་ལས་མ་འབྱོར།": "came 300 only",
    "点错了，只收到300": "came 300 only undoes",
    "少了20": "came 20 lacks",
    "快遞少收了20": "came 20 lacks cod",
    "short by 20": "came 20 lacks",
    "20ཉུང་བ་འདུག": "came 20 lacks",
    "没到账": "not come",
    "還沒到賬": "not come",
    "没收到钱": "not come",
    "the money has not come": "not come",
    "the buyer did not pay": "not come",
    "དངུལ་འབྱོར་མ་སོང་།": "not come",
    "300没到账": "not come 300",
    "才收58": "came 58 only",
    "才收到58": "came 58 only",
    "这单没付款": "not come",
    "這單沒付款": "not come",
    "this order has not been paid, they didn't pay": "not come",
    "没有": "none",
    "沒收到": "none",
    "nothing": "none",
    "མེད།": "none",
    "买家拒付": "refused",
    "買家不肯付錢": "refused",
    "the buyer refused to pay": "refused",
    "དངུལ་སྤྲོད་མ་འདོད།": "refused",
    "退50": "back 50 plain",
    "退他50": "back 50 plain",
    "refund him 50": "back 50 plain",
    "དངུལ་50ཕྱིར་སློག": "back 50 plain",
    "多的20退给他": "back 20 plain",
    "退一半": "back 1/2 plain",
    "refund half": "back 1/2 plain",
    "ཕྱེད་ཀ་ཕྱིར་སློག": "back 1/2 plain",
    "退款百分之十": "back 1/10 plain",
    "10% back": "back 1/10 plain",
    "全额退": "back 1 plain",
    "全額退": "back 1 plain",
    "full refund": "back 1 plain",
    "ཚང་མ་ཕྱིར་སློག": "back 1 plain",
    "退一部分": "back part plain",
    "refund part": "back part plain",
    "དངུལ་ཁག་ཅིག་ཕྱིར་སློག": "back part plain",
    "不对，只退58": "back 58 only",
    "不對，應該退60": "back 60 only",
    "no, refund only 58": "back 58 only",
    "མ་རེད། 58ཁོ་ན་ཕྱིར་སློག": "back 58 only",
    "退了他50": "sent back 50 plain",
    "已經退50給他了": "sent back 50 plain",
    "I've sent 50 back": "sent back 50 plain",
    "sent back 50 of it": "sent back 50 plain",
    "ཁོ་ལ་50ཕྱིར་སྤྲད་ཟིན།": "sent back 50 plain",
    "多付的20退了": "sent back 20 plain",
    "多付的20退給他了": "sent back 20 plain",
    "the extra 20 has been refunded": "sent back 20 plain",
    "ལྷག་པའི་20ཕྱིར་སློག་བྱས་ཟིན།": "sent back 20 plain",
    "还没退": "not back",
    "還沒退錢": "not back",
    "not refunded yet": "not back",
    "ད་དུང་ཕྱིར་སློག་བྱས་མེད།": "not back",
    "不用退了": "not back",
    "不用退錢了": "not back",
    "no need to refund": "not back",
    "ཕྱིར་སློག་མི་དགོས།": "not back",
    "撤回": "unsaid undoes",
    "undo that": "unsaid undoes",
    "ཕྱིར་བསྒྱུར།": "unsaid undoes",
    # All that were not paid are asked for, and none is spoken of.
    "没付款的单": "unsaid",
    "沒付款的單": "unsaid",
    "哪些没付款": "unsaid",
    "谁没付钱": "unsaid",
    "誰沒付錢": "unsaid",
    "who has not paid": "unsaid",
    "which orders have not been paid": "unsaid",
    "དངུལ་སྤྲད་མེད་པའི་མངགས་ཐོ་ཚང་མ།": "unsaid",
    "སུས་དངུལ་སྤྲད་མེད།": "unsaid",
    # Of goods, of a price, of somebody's own, asked, or of something else.
    "少了20根": "unsaid",
    "酥油退给扎西家": "unsaid",
    "the parcel came back": "unsaid",
    "All right, we wait until it is back": "unsaid",
    "the buyer did not get the parcel": "unsaid",
    "退货了": "unsaid",
    "未付款的订单": "unsaid",
    "钱退回来了": "unsaid",
    "退了吗": "unsaid",
    "has it been refunded?": "unsaid",
    "I want my money back": "unsaid",
}


def money(text: str) -> Money:
    none: Any = None
    read = reader().read(text)
    said = Turn(none, none, none, reader(), none, none, none, "en", text=text, reading=read)
    return money_words.read(said, named=lambda _: [])


def told(said: Money) -> str:
    sum = said.share or (said.minor / 100 if said.minor else None)
    sum = None if said.what is What.UNSAID else sum
    marks = ("part", "only", "lacks", "undoes")
    found = [each for each in marks if getattr(said, each)]
    is_back = said.what in (What.BACK, What.SENT)
    ends = [said.way, "plain" if said.plain and is_back else ""]
    ends += ["all"] if said.is_in else []
    number = "" if sum is None else f"{sum:g}" if isinstance(sum, float) else str(sum)
    return " ".join(filter(None, [said.what, number, *found, *ends]))


@pytest.mark.parametrize("text, meant", SAYINGS.items())
def test_what_is_said_of_money_is_read(text: str, meant: str) -> None:
    assert told(money(text)) == meant


def test_a_share_is_of_the_whole_and_what_lacks_is_taken_off_it() -> None:
    assert money("退一半").of(56_000) == 28_000
    assert money("少了20").of(56_000) == 54_000
    assert money("少了20").of(1_000) == 0
    assert money("退50").of(56_000) == 5_000
    assert money("退").of(56_000) == 0
