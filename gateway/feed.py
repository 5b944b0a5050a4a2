"""The way from a commit to a browser.

The event table is the queue: a listener holds nothing but the id of the last event it has sent, so
a slow one costs no memory; one that falls too far behind is told to fetch everything anew.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool

from gateway.store.database import Database
from gateway.store.events import Event, events_after, span

BEAT_S: Final = 5.0
BEHIND: Final = 500


@dataclass(frozen=True, slots=True)
class Resync:
    """Fetch everything anew; the feed goes on after ``id``."""

    id: int


@dataclass(frozen=True, slots=True)
class Beat:
    """The stream is alive, and has told everything up to ``id``."""

    id: int


class Feed:
    """Wakes the listeners of one event loop; ``wake`` may be called from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()
        self._closed = False

    def attach(self) -> None:
        """To be called once from the event loop that serves the listeners."""
        self._loop = asyncio.get_running_loop()

    def wake(self) -> None:
        """Something was committed."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ring)

    def close(self) -> None:
        """Ends every listener's stream."""
        self._closed = True
        self.wake()

    async def listen(self, last_id: int | None) -> AsyncIterator[Event | Resync | Beat]:
        """Everything after ``last_id``, or after now, for ever; a beat first, then every 5 s."""
        position, known = await run_in_threadpool(self._start, last_id)
        if not known:
            yield Resync(position)
        beat_at_s = 0.0
        while not self._closed:
            if time.monotonic() >= beat_at_s:
                yield Beat(position)
                beat_at_s = time.monotonic() + BEAT_S
            changed = self._changed
            events = await run_in_threadpool(self._after, position)
            if len(events) > BEHIND:
                _, position = await run_in_threadpool(self._span)
                yield Resync(position)
                continue
            for event in events:
                yield event
                position = event.id
            if not events:
                await _set_within(changed, beat_at_s - time.monotonic())

    def _start(self, last_id: int | None) -> tuple[int, bool]:
        """Where to begin, and whether nothing between is missing."""
        oldest, newest = self._span()
        if last_id is None:
            return newest, True
        known = oldest - 1 <= last_id <= newest
        return (last_id, True) if known else (newest, False)

    def _span(self) -> tuple[int, int]:
        with self._database.read() as connection:
            return span(connection)

    def _after(self, position: int) -> list[Event]:
        with self._database.read() as connection:
            return events_after(connection, position, BEHIND + 1)

    def _ring(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


async def _set_within(changed: asyncio.Event, limit_s: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(changed.wait(), limit_s)
