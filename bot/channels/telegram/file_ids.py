"""What Telegram calls the files that it has, so that none is uploaded twice.

A file_id belongs to one bot and may be used again for ever, for the same kind of message.
"""

from __future__ import annotations

from collections import OrderedDict

from bot.store.queries import load
from bot.store.sqlite import Store

_sql = load(__file__)

KEPT_IN_MEMORY = 1000


class FileIds:
    """The file_ids of one bot by the SHA-256 of what is in the file."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id
        self._known: OrderedDict[str, str] = OrderedDict()

    async def find(self, hash: str) -> str | None:
        """The file_id, None when Telegram does not have the file."""
        if hash in self._known:
            self._known.move_to_end(hash)
            return self._known[hash]
        found: str | None = await self._store.read(
            lambda db: _sql.find(db, bot_id=self._bot_id, hash=hash)
        )
        if found:
            self._remember(hash, found)
        return found

    async def keep(self, hash: str, file_id: str) -> None:
        """Remembers a file_id for good. Raises StoreError."""
        await self._store.run(
            lambda unit: _sql.keep(unit.db, bot_id=self._bot_id, hash=hash, file_id=file_id)
        )
        self._remember(hash, file_id)

    async def forget(self, hash: str) -> None:
        """Forgets a file_id that Telegram no longer takes. Raises StoreError."""
        self._known.pop(hash, None)
        await self._store.run(lambda unit: _sql.forget(unit.db, bot_id=self._bot_id, hash=hash))

    def _remember(self, hash: str, file_id: str) -> None:
        self._known[hash] = file_id
        while len(self._known) > KEPT_IN_MEMORY:
            self._known.popitem(last=False)
