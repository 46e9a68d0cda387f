"""What LogTail does on the background loop: watch the file, serve each view.

A view is one drawing of the control in one browser. It says every ten seconds that it
is watched, and gets at most ten messages a second, two of them unacknowledged. What it
asks for is answered to it alone. All methods run on the background loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ...core.errors import OpsdashError
from ...core.follow import Follower, LogFile, Subscription
from .log_requests import (
    SPACES,
    Request,
    copied,
    encoded,
    found,
    printed,
    row_of,
    rows,
    rows_count,
)
from .log_view import LogView, Place

Post = Callable[[dict[str, Any], list[bytes] | None], None]

TAIL = 120
"""Lines at the end that a following view gets."""
OVERLAP = 20
"""Lines that were sent before and are sent again: their stream may be known by now."""
CHUNK = 512 * 1024
"""Bytes of one piece of a download."""
CHUNKS_IN_FLIGHT = 4
PATIENCE_S = 60.0
"""A download whose browser does not answer for so long has ended."""
SEARCH_AGAIN_S = 1.0
"""How often lines that are new are searched for what is being searched."""

_NOTHING_FOUND: dict[str, Any] = {"rows": [], "cuts": -1, "more": False, "first": 0}

_followers: dict[asyncio.AbstractEventLoop, tuple[Follower, asyncio.Task[None]]] = {}


def shared_follower() -> Follower:
    """The one poller of the running loop."""
    loop = asyncio.get_running_loop()
    for other in [known for known in _followers if known.is_closed()]:
        del _followers[other]
    if loop not in _followers:
        follower = Follower()
        _followers[loop] = (follower, loop.create_task(follower.run()))
    return _followers[loop][0]


class LogSession:
    """One LogTail's log and views.

    Args:
        post: sends a message to all views of the control.
        note_lines: is told how many lines there are.
    """

    def __init__(self, post: Post, note_lines: Callable[[int], None]) -> None:
        self._post = post
        self._note_lines = note_lines
        self._log: LogFile | None = None
        self._subscription: Subscription | None = None
        self._views: dict[str, LogView] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._epoch = 0

    def show(self, log: LogFile | None) -> None:
        """Show another log, or none."""
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None
        self._log = log
        self._epoch += 1
        for view in self._views.values():
            view.start_over()
        if log is not None:
            self._subscription = shared_follower().add(log, self._changed)
            self._tell_visible()
        self._changed(log)

    def close(self) -> None:
        """Stop following."""
        self._views.clear()
        for task in self._tasks:
            task.cancel()
        self.show(None)

    def take(self, content: dict[str, Any]) -> None:
        """Do what a browser's message asks for; what makes no sense is dropped."""
        request = Request(content)
        if request.view and request.kind in KINDS:
            KINDS[request.kind](self, request)

    # Watching.

    def _watch(self, request: Request) -> None:
        now = asyncio.get_running_loop().time()
        view = self._views.setdefault(request.view, LogView(request.view))
        fresh = not view.is_watched(now) or view.seq == 0
        view.pinged = now
        space = request.choice("space", SPACES)
        fresh = fresh or view.space != space
        fresh = fresh or view.following != request.flag("following")
        view.space, view.visible = space, request.flag("visible")
        view.following = request.flag("following")
        if request.flag("again"):
            view.start_over()
        if fresh or request.flag("again"):
            self._push_soon(view)
        self._tell_visible()

    def _leave(self, request: Request) -> None:
        view = self._views.pop(request.view, None)
        if view is not None:
            view.forget_timer()
        self._tell_visible()

    def _acknowledge(self, request: Request) -> None:
        view = self._views.get(request.view)
        if view is not None:
            view.acknowledged = max(view.acknowledged, request.number("seq"))
            if view.stale and view.may_send(asyncio.get_running_loop().time()):
                view.forget_timer()  # it waits as if nobody listened
                self._push_soon(view)

    def _tell_visible(self) -> None:
        if self._subscription is not None:
            now = asyncio.get_running_loop().time()
            self._subscription.visible = any(
                view.is_watched(now) for view in self._views.values()
            )

    def _changed(self, log: LogFile | None) -> None:
        if log is not self._log:
            return
        self._note_lines(log.line_count if log else 0)
        now = asyncio.get_running_loop().time()
        for view in self._views.values():
            if view.is_watched(now):
                self._push_soon(view)
        self._tell_visible()

    def _push_soon(self, view: LogView) -> None:
        view.push_later(self._push, views=len(self._views))

    def _push(self, view: LogView) -> None:
        loop = asyncio.get_running_loop()
        if not view.is_watched(loop.time()):
            return
        if not view.may_send(loop.time()):
            view.stale = True
            self._push_soon(view)
            return
        self._send_tail(view)
        self._search_new_lines(view)

    def _send_tail(self, view: LogView) -> None:
        view.stale = False
        view.seq += 1
        view.sent_at = asyncio.get_running_loop().time()
        self._post({**self._tail(view), "seq": view.seq}, None)

    def _renumber(self, view: LogView | None) -> None:
        """Rows of an answer are counted anew: the view has to know that before."""
        if self._log is None or view is None or view.seq == 0:
            return
        if view.place.cuts != self._log.cuts:
            self._send_tail(view)

    def _tail(self, view: LogView) -> dict[str, Any]:
        """What changed at the end, as a following or a paused view wants it."""
        log = self._log
        message = {"kind": "tail", "view": view.name, "epoch": self._epoch}
        if log is None:
            return {**message, "source": False, "count": 0, "start": 0, "lines": []}
        with log.lock:
            end, place, count = log.steady(lambda: self._end(log, view))
            view.tell((self._epoch, log.generation, view.space), place, count)
            return {**message, **end}

    def _end(self, log: LogFile, view: LogView) -> tuple[dict[str, Any], Place, int]:
        """What a view is told, where it is then, and how many rows it has."""
        count, place = rows_count(log, view.space), Place.now(log, view.space)
        start, moved = max(0, count - TAIL), (0, 0)
        if view.known == (self._epoch, log.generation, view.space):
            if place.cuts != view.place.cuts:
                moved = view.place.moved(log, view.space)
            start = max(start, min(count, view.count - moved[0] - OVERLAP))
        cuts = log.index.cuts
        end = {
            "source": True,
            "generation": log.generation,
            "space": view.space,
            "count": count,
            "total": log.line_count,
            "printed": printed(log),
            "size": log.size,
            "behind": log.behind,
            "notice": log.notice,
            "start": start,
            "lines": encoded(rows(log, view.space, start, TAIL))
            if view.following
            else [],
            "cuts": place.cuts,
            "moved": moved,
            "gone": log.gone,
            "gap": row_of(log, view.space, cuts[-1].line) if cuts else -1,
        }
        return end, place, count

    # Answering.

    def _page(self, request: Request) -> None:
        space = request.choice("space", SPACES)
        start, count = request.number("start"), request.number("count", 1000)
        if (log := self._log) is None:
            return
        with log.lock:
            lines = encoded(rows(log, space, start, count))
            generation, cuts = log.generation, log.cuts
        self._renumber(self._views.get(request.view))
        self._answer(
            request,
            start=start,
            lines=lines,
            space=space,
            generation=generation,
            cuts=cuts,
        )

    def _row(self, request: Request) -> None:
        space, number = request.choice("space", SPACES), request.number("number")
        if (log := self._log) is None:
            return
        row = log.steady(lambda: row_of(log, space, log.index.line_printed(number)))
        self._renumber(self._views.get(request.view))
        self._answer(request, row=row)

    def _whole(self, request: Request) -> None:
        if (log := self._log) is None:
            return
        number = request.number("number")
        try:
            line = log.steady(lambda: log.whole_line(log.index.line_printed(number)))
        except IndexError:
            return
        self._answer(request, lines=encoded([line]))

    def _copy(self, request: Request) -> None:
        if (log := self._log) is not None:
            view = self._views.get(request.view) or LogView(request.view)
            place = view.place_at(request.number("cuts"))
            self._spawn(self._copied(log, request, place))

    async def _copied(self, log: LogFile, request: Request, place: Place) -> None:
        space = request.choice("space", SPACES)
        first, count = request.number("start"), request.number("count")

        def read() -> tuple[str, bool]:
            start, end = (place.row_now(log, space, row) for row in (first, last))
            return copied(log, space, start, end - start)

        last = first + count
        text, complete = await asyncio.to_thread(log.steady, read)
        self._answer(request, text=text, complete=complete)

    def _search(self, request: Request) -> None:
        view, log = self._views.get(request.view), self._log
        if view is None:
            return
        view.stop_search()
        if log is None or not request.text("pattern"):
            return
        view.search, view.searched = request, 0
        self._spawn(self._searched(log, view, request))

    def _search_new_lines(self, view: LogView) -> None:
        log, request = self._log, view.search
        now = asyncio.get_running_loop().time()
        if log is None or request is None or view.searching or view.search_ended:
            return
        if now - view.searched_at > SEARCH_AGAIN_S and printed(log) > view.searched:
            self._spawn(self._searched(log, view, request))

    async def _searched(self, log: LogFile, view: LogView, request: Request) -> None:
        view.searching = True
        first, cancel = view.searched, view.cancel
        try:
            matches = await asyncio.to_thread(
                found, log, request, view.space, first, cancel
            )
        except OpsdashError as error:
            if not cancel.is_set():
                view.search_ended = True
                self._answer(request, **_NOTHING_FOUND, error=str(error))
            return
        finally:
            if view.cancel is cancel:
                view.searching = False
        if cancel.is_set():
            return
        # The last line may still grow: it is looked at again.
        view.searched = max(first, matches.until - 1)
        view.searched_at = asyncio.get_running_loop().time()
        view.search_ended = matches.full
        if matches.rows or first == 0:
            self._renumber(view)
            self._answer(
                request,
                rows=matches.rows,
                cuts=matches.cuts,
                more=matches.full,
                first=first,
                error="",
            )

    def _download(self, request: Request) -> None:
        view, log = self._views.get(request.view), self._log
        if view is not None and log is not None:
            view.chunks = 0
            self._spawn(self._downloaded(log, view, request))

    async def _downloaded(self, log: LogFile, view: LogView, request: Request) -> None:
        space = request.choice("space", SPACES)
        name = log.run_dir.name + ("" if space == "all" else f".{space}") + ".log"
        pieces, sent = log.export(space), 0
        while True:
            chunk = await asyncio.to_thread(_joined, pieces)
            sent += 1
            last = len(chunk) < CHUNK
            message = request.reply(index=sent, last=last, name=name)
            self._post(message, [chunk])
            if last:
                return
            while sent - view.chunks >= CHUNKS_IN_FLIGHT:
                view.chunk_taken.clear()
                async with asyncio.timeout(PATIENCE_S):
                    await view.chunk_taken.wait()

    def _chunk_taken(self, request: Request) -> None:
        view = self._views.get(request.view)
        if view is not None:
            view.chunks = max(view.chunks, request.number("index"))
            view.chunk_taken.set()

    def _answer(self, request: Request, **content: Any) -> None:
        self._post(request.reply(epoch=self._epoch, **content), None)

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _joined(pieces: Any) -> bytes:
    chunk = bytearray()
    for piece in pieces:
        chunk += piece
        if len(chunk) >= CHUNK:
            break
    return bytes(chunk)


KINDS: dict[str, Callable[[LogSession, Request], None]] = {
    "watch": LogSession._watch,
    "leave": LogSession._leave,
    "ack": LogSession._acknowledge,
    "page": LogSession._page,
    "row": LogSession._row,
    "whole": LogSession._whole,
    "copy": LogSession._copy,
    "search": LogSession._search,
    "download": LogSession._download,
    "chunk_taken": LogSession._chunk_taken,
}
"""What a browser may ask for."""
