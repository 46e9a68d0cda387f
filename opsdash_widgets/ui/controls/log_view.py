"""One drawing of a LogTail in one browser, as the kernel knows it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from .log_requests import Request

UNWATCHED_S = 30.0
"""A view that has not spoken for so long is not watched (it speaks every 10 s)."""
SLOT_S = 0.1
"""The least time between two messages to one view …"""
SHARED_SLOT_S = 0.05
"""… and between two messages of the control, whose views share twenty a second."""
IN_FLIGHT = 2
"""Messages that may be unacknowledged."""
DEAF_S = 0.5
"""While a cell blocks the kernel no acknowledgement arrives: then one message in so
many seconds goes out all the same."""


class LogView:
    """What one view sees, and what was sent to it.

    Args:
        name: what it calls itself.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.space = "all"
        self.following = True
        self.visible = True
        self.pinged = 0.0
        self.seq = 0
        self.acknowledged = 0
        self.sent_at = 0.0
        self.stale = False
        self.chunks = 0
        self.chunk_taken = asyncio.Event()
        self.known: tuple[int, int, str] | None = None
        self.count = 0
        self._timer: asyncio.TimerHandle | None = None
        self.search: Request | None = None
        self.cancel = threading.Event()
        self.stop_search()

    def start_over(self) -> None:
        """Forget what the view has."""
        self.known = None
        self.count = 0
        self.stop_search()

    def stop_search(self) -> None:
        """Cancel what is being searched."""
        self.cancel.set()
        self.cancel = threading.Event()
        self.search = None
        self.searching = self.search_ended = False
        self.searched = 0
        self.searched_at = 0.0

    def is_watched(self, now: float) -> bool:
        """Whether somebody looks at it."""
        return self.visible and now - self.pinged < UNWATCHED_S

    def may_send(self, now: float) -> bool:
        """Whether a message may go out now."""
        in_flight = self.seq - self.acknowledged
        return in_flight < IN_FLIGHT or now - self.sent_at >= DEAF_S

    def push_later(self, push: Callable[[LogView], None], views: int) -> None:
        """Push in the next free slot, once however often it is asked for."""
        if self._timer is not None:
            return
        loop = asyncio.get_running_loop()
        slot = max(SLOT_S, SHARED_SLOT_S * views)
        if self.stale and self.seq - self.acknowledged >= IN_FLIGHT:
            slot = DEAF_S

        def fire() -> None:
            self._timer = None
            push(self)

        self._timer = loop.call_later(max(0.0, self.sent_at + slot - loop.time()), fire)

    def forget_timer(self) -> None:
        """Do not push any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
