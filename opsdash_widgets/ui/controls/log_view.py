"""One drawing of a LogTail in one browser, as the kernel knows it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import NamedTuple

from ...core.follow import LogFile
from .log_requests import Request, row_of

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
REMEMBERED = 8
"""Earlier countings of the rows that a request may still be in."""


class Place(NamedTuple):
    """How the rows were numbered that a view was told of.

    Attributes:
        cuts: ``LogFile.cuts`` then.
        printed: the line that was the next to be printed …
        row: … and the row that it would have.
        lost: what separated a line's number at the end from its printed one.
    """

    cuts: int = 0
    printed: int = 0
    row: int = 0
    lost: int = 0

    @classmethod
    def now(cls, log: LogFile, space: str) -> Place:
        """Within ``LogFile.steady``."""
        row = row_of(log, space, log.index.complete)
        lost = log.index.lost(log.line_count)
        return cls(log.cuts, log.index.printed, row, lost)

    def moved(self, log: LogFile, space: str) -> tuple[int, int]:
        """By how much rows and lines at the end have lower numbers now."""
        row = row_of(log, space, log.index.line_printed(self.printed))
        return self.row - row, log.index.lost(log.line_count) - self.lost

    def row_now(self, log: LogFile, space: str, row: int) -> int:
        """The number that a row has now, or its gap's."""
        cuts = log.index.cuts
        if self.cuts == log.cuts or not cuts:
            return row
        gap = row_of(log, space, cuts[-1].line)
        return row if row <= gap else max(gap, row - self.moved(log, space)[0])


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
        self.place = Place()
        self._places: dict[int, Place] = {}
        self._timer: asyncio.TimerHandle | None = None
        self.search: Request | None = None
        self.cancel = threading.Event()
        self.stop_search()

    def start_over(self) -> None:
        """Forget what the view has."""
        self.known = None
        self.count = 0
        self.place = Place()
        self._places.clear()
        self.stop_search()

    def tell(self, known: tuple[int, int, str], place: Place, count: int) -> None:
        """Note what is being sent: of which log, how its rows are counted, how many."""
        if self.known != known:
            self._places.clear()
        self.known, self.place, self.count = known, place, count
        self._places[place.cuts] = place
        while len(self._places) > REMEMBERED:
            del self._places[next(iter(self._places))]

    def place_at(self, cuts: int) -> Place:
        """How the rows were counted that a browser knew when it asked."""
        return self._places.get(cuts, self.place)

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
