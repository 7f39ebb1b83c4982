"""A server that speaks Kuaidi100's query and subscription, in the formats of its documentation."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

CUSTOMER, KEY = "EC81ACF72A8C5D9B8A5F6D3E9B4C7A10", "JAnUYlNl1234"

# As the documentation of the query shows them, shortened.
STEPS: dict[str, list[dict[str, str]]] = {
    "out": [
        {
            "time": "2026-11-24 08:12:30",
            "ftime": "2026-11-24 08:12:30",
            "context": "【成都市】快件正在派送中，派送员：张师傅，电话：138****8000",
            "areaName": "四川,成都市",
            "status": "派件",
        },
        {
            "time": "2026-11-23 21:40:02",
            "ftime": "2026-11-23 21:40:02",
            "context": "【成都市】快件已到达 成都转运中心",
            "areaName": "四川,成都市",
            "status": "在途",
        },
    ],
    "waiting": [
        {
            "time": "2026-11-24 09:40:00",
            "ftime": "2026-11-24 09:40:00",
            "context": "快件已存放至人民南路四段27号丰巢柜，取件码 81246075，请及时取件",
            "areaName": "四川,成都市",
            "status": "投柜或驿站",
            "statusCode": "501",
        }
    ],
    "signed": [
        {
            "time": "2026-11-24 10:02:00",
            "ftime": "2026-11-24 10:02:00",
            "context": "【成都市】已签收，签收人：本人",
            "areaName": "四川,成都市",
            "status": "签收",
        }
    ],
}


def result(company: str, number: str, state: str, steps: str) -> dict[str, Any]:
    """What a query answers, and a push brings as its last result."""
    return {
        "message": "ok",
        "nu": number,
        "ischeck": "1" if state == "3" else "0",
        "com": company,
        "status": "200",
        "data": STEPS[steps],
        "state": state,
        "condition": "F00",
    }


def md5(text: str) -> str:
    """Upper case, as it wants it."""
    return hashlib.md5(text.encode()).hexdigest().upper()


@dataclass
class Server:
    """What it knows by number, what it was asked, and what the next is answered with instead."""

    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    queries: list[dict[str, Any]] = field(default_factory=list)
    watched: list[dict[str, Any]] = field(default_factory=list)
    instead: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    address: str = ""

    async def __aenter__(self) -> Server:
        app = web.Application()
        app.router.add_post("/poll/query.do", self._query)
        app.router.add_post("/poll", self._watch)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.address = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _query(self, request: web.Request) -> web.Response:
        form = await request.post()
        param = str(form["param"])
        if form["sign"] != md5(param + KEY + CUSTOMER) or form["customer"] != CUSTOMER:
            told = {"result": False, "returnCode": "503", "message": "验证签名失败"}
            return self._answer(told)
        asked = json.loads(param)
        self.queries.append(asked)
        none = {"result": False, "returnCode": "500", "message": "查询无结果，请隔段时间再查"}
        return self._answer(self.known.get(asked["num"], none))

    async def _watch(self, request: web.Request) -> web.Response:
        form = await request.post()
        assert form["schema"] == "json"
        self.watched.append(json.loads(str(form["param"])))
        return self._answer({"result": True, "returnCode": "200", "message": "提交成功"})

    def _answer(self, told: dict[str, Any]) -> web.Response:
        told = self.instead.pop(0) if self.instead else told
        text = json.dumps(told, ensure_ascii=False)
        return web.Response(text=text, status=self.status, content_type="application/json")
