"""Noticing that logs grew: one poller for many files, on an asyncio loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from .line import LogLine
from .logfile import LogFile

VISIBLE_S = 0.05
"""How often a log that somebody looks at is polled (a poll is an ``fstat``)."""
HIDDEN_S = 0.5
"""How often any other log is polled."""
READ = 64 * 1024
"""The most bytes taken in at once, so that no log keeps the others waiting."""
FAR_BEHIND = 16 * 1024 * 1024
"""From so many bytes on a log is read in a thread, in larger steps."""
_STEP = 64 * 1024 * 1024
_BATCH = 1000
_EARLY_S = 0.005
"""A look that would come this much later may as well come now."""


class Subscription:
    """One log being followed.

    Attributes:
        log: the log.
        visible: whether somebody looks at it; may be set at any time.
    """

    def __init__(
        self, follower: Follower, log: LogFile, changed: Callable[[LogFile], None]
    ) -> None:
        self.log = log
        self.visible = True
        self._follower = follower
        self._changed = changed
        self._due = 0.0

    def close(self) -> None:
        """Stop following."""
        self._follower._subscriptions.discard(self)

    async def _poll(self, now: float, visible_s: float, hidden_s: float) -> None:
        if now < self._due:
            return
        self._due = now + (visible_s if self.visible else hidden_s) - _EARLY_S
        try:
            async for changed in _steps(self.log):
                if changed:
                    self._changed(self.log)
        except OSError:  # read again at the next look: one log must not end the others
            return


class Follower:
    """Polls many logs; one task of one loop, on which all its methods are called.

    Args:
        visible_s: seconds between two looks at a visible log.
        hidden_s: seconds between two looks at any other.
    """

    def __init__(self, visible_s: float = VISIBLE_S, hidden_s: float = HIDDEN_S):
        self._visible_s = visible_s
        self._hidden_s = hidden_s
        self._subscriptions: set[Subscription] = set()
        self._wanted = asyncio.Event()

    def add(self, log: LogFile, changed: Callable[[LogFile], None]) -> Subscription:
        """Follow a log; ``changed`` is called whenever it changed."""
        subscription = Subscription(self, log, changed)
        self._subscriptions.add(subscription)
        self._wanted.set()
        return subscription

    async def run(self) -> None:
        """Poll until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            if not self._subscriptions:
                self._wanted.clear()
                await self._wanted.wait()
            for subscription in tuple(self._subscriptions):
                await subscription._poll(loop.time(), self._visible_s, self._hidden_s)
            await asyncio.sleep(self._visible_s)


async def follow_lines(
    log: LogFile,
    *,
    poll_s: float = VISIBLE_S,
    start: int = 0,
    stop: asyncio.Event | None = None,
) -> AsyncIterator[list[LogLine]]:
    """Batches of lines as they are completed, from line ``start`` on.

    A line without its newline is held back until it gets one or ``stop`` is set.
    After the file was cut or replaced it begins again at the new file's first line.
    What was cut out of it before it was handed out comes as a gap.

    Args:
        log: the log.
        poll_s: seconds between two looks.
        start: number of the first line.
        stop: ends the iteration once everything written before was handed out.
    """
    at, generation = -1, log.generation
    while True:
        ending = stop is not None and stop.is_set()
        await _catch_up(log)
        if log.generation != generation:
            start, at, generation = 0, -1, log.generation
        if at < 0 and start <= log.index.complete:
            at = log.index.start_of(log.fd, start)
        while at >= 0:
            batch, at = log.complete_lines(at, _BATCH, ending=ending)
            if not batch:
                break
            yield batch
        if ending:
            return
        await _pause(poll_s, stop)


async def _pause(seconds: float, stop: asyncio.Event | None) -> None:
    if stop is None:
        await asyncio.sleep(seconds)
        return
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


async def _steps(log: LogFile) -> AsyncIterator[bool]:
    """Take in what was written; yields whether anything changed, at least once.

    More than once only where a log is far behind, so that its progress can be shown.
    """
    changed = log.refresh(READ)
    while log.behind:
        before = log.size
        if log.behind > FAR_BEHIND:
            yield True
            await asyncio.to_thread(log.refresh, _STEP)
        else:
            log.refresh(READ)
            await asyncio.sleep(0)
        if log.size == before:
            break
    yield changed


async def _catch_up(log: LogFile) -> None:
    async for _ in _steps(log):
        pass
