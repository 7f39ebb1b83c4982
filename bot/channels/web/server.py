"""Serves the application with uvicorn, started and stopped by the service and by nobody else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

GRACE_SECONDS = 4  # Of the 5 that stopping may take; what is still running then is cut off.
BACKLOG = 1024


class ListenError(OSError):
    """The address cannot be listened at; its message is one line for the operator."""


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the service stops it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one. Raises ListenError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ListenError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise ListenError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    return listener


async def serve(
    app: Starlette,
    host: str,
    port: int,
    stopping: asyncio.Event,
    *,
    ready: Callable[[int], None] | None = None,
    listener: socket.socket | None = None,
) -> int:
    """Serves until `stopping` is set; returns the port that was served.

    `ready` is called with the port once the server answers. A `listener` made by `listen` before
    anything else was started may be handed in; it is closed at the end. Raises ListenError. After
    `stopping`, open event streams end at once and requests under way have `GRACE_SECONDS`.
    """
    listener = listener or listen(host, port)
    bound: int = listener.getsockname()[1]
    closing: asyncio.Event = app.state.web.closing
    server = _Server(_config(app))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    stop = asyncio.create_task(stopping.wait())
    try:
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        if ready and server.started:
            ready(bound)
        await asyncio.wait({serving, stop}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        closing.set()
        server.should_exit = True
        stop.cancel()
        try:
            await asyncio.shield(serving)
        finally:
            listener.close()
    return bound


def _config(app: Starlette) -> uvicorn.Config:
    """No access log (addresses may hold tokens), no believed proxy, no lifespan, no websockets."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
