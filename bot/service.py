"""Puts the parts of a shop together, starts them, and stops them on every path."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from bot.channels import telegram, terminal
from bot.channels.web import context as web_context
from bot.language.lexicon import load_words
from bot.language.locales import Locales
from bot.messages import Abilities, Address
from bot.post.bell import Bell
from bot.post.calls import Caller, Service
from bot.post.clock import Clock
from bot.post.inbox import Inbox
from bot.post.outbox import Sender
from bot.post.pace import TELEGRAM as TELEGRAM_PACE
from bot.post.workbooks import Workbooks
from bot.settings import Settings, SettingsError
from bot.shop import catalogue, people
from bot.shop.catalogue import Parsed
from bot.shop.catalogue_files import read_catalogue, store_pictures
from bot.shop.ways_to_pay import BY_HAND
from bot.store.errors import ShopRunning
from bot.store.files import Files
from bot.store.lock import lock_clock
from bot.store.queries import load
from bot.store.sqlite import Store
from bot.store.unit import Unit
from bot.talk.operators import exporting
from bot.talk.router import Talk

if TYPE_CHECKING:
    from starlette.routing import Route

    from bot.channels.telegram.channel import Telegram

log = logging.getLogger(__name__)
queries = load(__file__)

DEMO = Path(__file__).with_name("demo") / "catalogue.toml"
# New objects between two looks of the garbage collector; Python's own 700 cost a tenth of the time.
GARBAGE_THRESHOLD = 20_000
ROLES = ("buyer", "seller", "operator")

# What each channel can do; here a new channel gets its line.
ABILITIES: Mapping[str, Abilities] = {
    web_context.CHANNEL: web_context.ABILITIES,
    terminal.CHANNEL: terminal.ABILITIES,
    telegram.CHANNEL: telegram.ABILITIES,
}


class Shop(Struct, frozen=True):
    """An open shop: its parts, ready to take events."""

    settings: Settings
    store: Store
    files: Files
    locales: Locales
    talk: Talk
    bell: Bell
    inbox: Inbox
    entrances: list[str]  # beginnings of links that take an invite's token, one for each channel

    async def name(self, language: str) -> str:
        """The shop's name in a language."""
        names = await self.store.read(lambda db: self.talk.shelf(db)[0].names)
        return self.locales.choose(names, language)


def utc_ms() -> int:
    """The time, in UTC milliseconds."""
    return time.time_ns() // 1_000_000


@asynccontextmanager
async def open_shop(
    settings: Settings, *, clock: Callable[[], int] = utc_ms, ids: Random | None = None
) -> AsyncIterator[Shop]:
    """Opens the shop for the block, made and furnished with its first catalogue when need be.

    Raises SettingsError, CatalogueErrors or StoreError, and then has made no new database.
    """
    locales = Locales()
    entrances: list[str] = []
    first = None if settings.database.exists() else first_catalogue(settings)
    async with await Store.open(
        settings.database, clock=clock, ids=ids or SystemRandom(), zone=settings.timezone
    ) as store:
        files = Files(settings.files)
        await _furnish(store, files, settings, first)
        await store.run(lambda unit: _appoint(unit, settings))
        talk = Talk(
            locales=locales,
            words=cache(load_words),
            abilities=ABILITIES,
            retry=retry_soon,
            entrances=entrances,
            ways=ways_set_up(settings),
            trackers=_trackers(settings),
        )
        bell = Bell()
        inbox = Inbox(store, talk.answer, talk.excuse, ABILITIES, bell)
        yield Shop(settings, store, files, locales, talk, bell, inbox, entrances)


def ways_set_up(settings: Settings) -> frozenset[str]:
    """The ways to pay that need nothing, and those whose service the settings name."""
    services = {"telegram": settings.telegram_provider_token, "wechatpay": settings.wechatpay}
    return BY_HAND | {way for way, named in services.items() if named}


def first_catalogue(settings: Settings) -> Parsed:
    """What a new shop sells: the catalogue of the settings, or the demo's.

    Raises CatalogueErrors or SettingsError.
    """
    parsed = read_catalogue(settings.catalogue or DEMO)
    check_currency(settings, parsed.currency)
    return parsed


def check_currency(settings: Settings, currency: str) -> None:
    """Raises SettingsError when the settings name another currency than the catalogue is in.

    Prices are never converted, and an order in the wrong currency cannot be taken back.
    """
    if settings.currency not in (None, currency):
        raise SettingsError(
            f"SHANHUO_CURRENCY: is {settings.currency}, but the catalogue is in {currency}"
        )


def retry_soon(unit: Unit, failed_id: int) -> bool:
    """Has a failed event taken up again; False when there is no such any more."""
    return queries.retry_now(unit.db, id=failed_id, now=unit.now) is not None


async def _furnish(store: Store, files: Files, settings: Settings, first: Parsed | None) -> None:
    """Takes the first catalogue over, unless there is one."""
    if await store.read(catalogue.version):
        shop = await store.read(catalogue.load)
        check_currency(settings, shop.currency)
        return
    parsed = store_pictures(first or first_catalogue(settings), files)

    def take_over(unit: Unit) -> None:
        # Another process may have been first.
        if not catalogue.version(unit.db):
            catalogue.replace(unit, parsed, by=None)

    await store.run(take_over)


def _appoint(unit: Unit, settings: Settings) -> None:
    """The operators whom the settings name have that role, from before their first word."""
    for channel, id in settings.operators:
        chat = people.open_chat(unit, Address(channel, id), role="operator")
        people.set_role(unit, chat.person, "operator", by=None)


async def run(
    settings: Settings,
    stopping: asyncio.Event,
    announce: Callable[[str, Mapping[str, str]], None],
    *,
    with_links: bool = True,
) -> None:
    """Serves the shop until `stopping` is set.

    `announce` is called for each channel once it answers, with its address and the links by role.
    Raises ShopRunning, ListenError, SettingsError for a token that Telegram does not accept, and
    what `open_shop` raises.
    """
    # Only here: the other commands start without a web server.
    from bot.channels.web.server import listen

    if settings.database.exists():
        with lock_clock(settings.database):
            pass  # A second run says that, rather than that its port is taken.
    listener = listen(*settings.web_listen)
    with listener:
        async with AsyncExitStack() as stack:
            shop = await stack.enter_async_context(open_shop(settings))
            on_telegram = await _open_telegram(shop, stack)
            port = listener.getsockname()[1]
            address = settings.web_address or local_address(settings.web_listen[0], port)
            shop.entrances.append(f"{address}/i/")
            links = await invite_links(shop.store, f"{address}/i/", *ROLES) if with_links else {}

            async def announce_telegram(username: str) -> None:
                address = f"https://t.me/{username}"
                shop.entrances.append(f"{address}?start=")
                told = {}
                if with_links:
                    staff = await invite_links(shop.store, f"{address}?start=", *ROLES[1:])
                    told = {"buyer": address} | staff
                announce(address, told)

            routes = on_telegram.routes if on_telegram else []
            callers, told = _services(shop)
            routes += told
            clock = Clock(shop.store, shop.inbox)
            works: list[Coroutine[Any, Any, None]] = [clock.run(), shop.bell.watch(shop.store)]
            works += [caller.run() for caller in callers]
            if on_telegram:
                works += [on_telegram.run(announce_telegram), _sender(shop, on_telegram).run()]
            try:
                async with asyncio.TaskGroup() as group:
                    helpers = [group.create_task(work) for work in works]

                    def ready() -> None:
                        announce(address, links)
                        helpers.append(group.create_task(_prepare_to_read(shop)))

                    await _serve_web(shop, listener, stopping, ready, routes)
                    for helper in helpers:
                        helper.cancel()
            except* ShopRunning as running:
                raise running.exceptions[0] from None
            except* telegram.TokenRefused as refused:
                reason = refused.exceptions[0]
                raise SettingsError(f"SHANHUO_TELEGRAM_TOKEN: {reason}") from None


async def _open_telegram(shop: Shop, stack: AsyncExitStack) -> Telegram | None:
    settings = shop.settings
    if settings.telegram_token is None:
        return None
    # Only here: a shop without Telegram starts without its library.
    from bot.channels.telegram.channel import Parts, Setup, open_telegram

    setup = Setup(
        settings.telegram_token,
        settings.telegram_api,
        settings.telegram_webhook,
        settings.telegram_provider_token,
    )
    parts = Parts(
        shop.store, shop.inbox, shop.files, shop.locales.languages, shop.locales.text, shop.name
    )
    return await stack.enter_async_context(open_telegram(setup, parts))


def _services(shop: Shop) -> tuple[list[Caller], list[Route]]:
    """What calls the services that the settings name, and the routes by which they tell things."""
    settings = shop.settings
    found: list[tuple[str, Service, Route]] = []
    address = settings.web_address or ""
    # Only here: a shop without a service starts without its library.
    if settings.wechatpay:
        from bot.payments import wechatpay

        setup = wechatpay.Setup(**_named(settings.wechatpay))
        pay = wechatpay.WechatPay(setup, address, shop.store.now)
        found.append((wechatpay.KEY, pay.ask, pay.route(shop.inbox.take)))
    if settings.kuaidi100:
        from bot.couriers import kuaidi100

        follow = kuaidi100.Kuaidi100(kuaidi100.Setup(**_named(settings.kuaidi100)), address)
        found.append((kuaidi100.KEY, follow.ask, follow.route(shop.inbox.take)))
    clock = shop.store.now
    callers = [
        Caller(shop.store, shop.inbox.take, key, service, clock) for key, service, _ in found
    ]
    return [*callers, workbooks(shop)], [route for _, _, route in found]


def workbooks(shop: Shop) -> Caller:
    """What has the tables written that staff ask for."""
    settings = shop.settings
    service = Workbooks(settings.database, shop.files, settings.timezone, shop.locales)
    return Caller(shop.store, shop.inbox.take, exporting.SERVICE, service.ask, shop.store.now)


def _named(account: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in account.items()}


def _trackers(settings: Settings) -> dict[str, str]:
    """The service that follows a courier's parcels, by the courier."""
    if not settings.kuaidi100:
        return {}
    from bot.couriers import kuaidi100

    return dict.fromkeys(kuaidi100.COMPANIES, kuaidi100.KEY)


def _sender(shop: Shop, on_telegram: Telegram) -> Sender:
    """What takes the outbox's rows to the channels that are sent to."""
    return Sender(
        shop.store,
        {telegram.CHANNEL: on_telegram.send},
        {telegram.CHANNEL: TELEGRAM_PACE},
        shop.store.now,
        shop.bell,
        telegram.WINDOW,
    )


async def _serve_web(
    shop: Shop,
    listener: socket.socket,
    stopping: asyncio.Event,
    ready: Callable[[], None],
    routes: Sequence[Route],
) -> None:
    from bot.channels.web.app import build, serve

    settings = shop.settings
    app = build(
        web_context.WebContext(
            store=shop.store,
            inbox=shop.inbox,
            bell=shop.bell,
            files=shop.files,
            clock=shop.store.now,
            ids=shop.store.ids,
            texts=shop.locales.text,
            languages=shop.locales.languages,
            known_language=shop.locales.known,
            shop_name=shop.name,
            secure_cookies=(settings.web_address or "").startswith("https:"),
        ),
        routes,
    )
    host, port = settings.web_listen
    await serve(app, host, port, stopping, ready=lambda _: ready(), listener=listener)


async def _prepare_to_read(shop: Shop) -> None:
    """Makes the reader of messages, so that the first one does not wait for it."""
    await shop.store.read(shop.talk.shelf)
    gc.freeze()  # What is here now stays: the collector need not walk it again and again.
    gc.set_threshold(GARBAGE_THRESHOLD)


def local_address(host: str, port: int) -> str:
    """The address of the page on this machine."""
    if host in ("0.0.0.0", "::", ""):
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def invite_links(store: Store, before: str, *roles: str) -> dict[str, str]:
    """A one-time link for each role, with what stands `before` its token.

    Whoever opens it first has the role.
    """

    def invite(unit: Unit) -> dict[str, str]:
        return {role: f"{before}{people.invite(unit, role)}" for role in roles}

    return await store.run(invite)
