"""Work beside the kernel: one daemon thread with its own asyncio loop.

The kernel's own loop stalls while a cell blocks, and a JupyterLab subshell's loop is
closed later, silently. So whatever follows something (a log, the registry, a timer)
runs here, and writes its traits and messages through a :class:`Coalescer`: a Jupyter
server drops comm messages above 1,000 a second, and the last state with them.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import contextvars
import logging
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

__all__ = ["Coalescer", "background_loop", "run_in_background", "write_traits"]

MESSAGES_PER_SECOND = 20.0
"""The most messages a widget sends in a second."""
_LAST_WORDS_S = 2.0
"""How long the interpreter's exit waits for what is under way."""

T = TypeVar("T")
_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())  # late output would land in a later cell


class _Background:
    """The thread, its loop, and the tasks that it keeps alive."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        self.tasks: set[Future[Any]] = set()
        # With the context: a bare thread has no "shell_parent" in ipykernel 7.0.
        self.thread = threading.Thread(
            target=contextvars.copy_context().run,
            args=(self._main,),
            name="opsdash-live",
            daemon=True,
        )
        self.thread.start()

    def _main(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.set_exception_handler(_note_trouble)
        try:
            self.loop.run_forever()
        finally:
            self.loop.close()

    def usable(self) -> bool:
        """Whether it is of this process (a fork has no threads) and alive."""
        return self.pid == os.getpid() and self.thread.is_alive()

    def stop(self) -> None:
        """Cancel what is under way and end the thread."""
        if not self.usable():
            return
        ending = asyncio.run_coroutine_threadsafe(_cancel_all(), self.loop)
        with contextlib.suppress(TimeoutError, RuntimeError):
            ending.result(_LAST_WORDS_S)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(_LAST_WORDS_S)


_background: _Background | None = None
_starting = threading.Lock()


def background_loop() -> asyncio.AbstractEventLoop:
    """The loop of the background thread, started on first use."""
    return _running().loop


def run_in_background(coroutine: Coroutine[Any, Any, T]) -> Future[T]:
    """Run a coroutine on the background loop; from any thread.

    Returns:
        Its future: ``result()`` waits (never on the background loop itself),
        ``cancel()`` cancels the coroutine. An error that nobody asks for is logged
        under ``opsdash_widgets.ui.live``.
    """
    background = _running()
    future = asyncio.run_coroutine_threadsafe(coroutine, background.loop)
    background.tasks.add(future)
    future.add_done_callback(background.tasks.discard)
    future.add_done_callback(_note_error)
    return future


def stop_background() -> None:
    """End the background thread; the next use starts a new one."""
    global _background
    with _starting:
        background, _background = _background, None
    if background is not None:
        background.stop()


atexit.register(stop_background)


class Coalescer:
    """Sends the latest values of many changes, at most so often.

    The first change goes out at once, later ones are merged until the next slot. All
    calls of ``send`` come from the background thread, one after the other.

    Args:
        send: gets the merged changes.
        per_second: the most calls in a second.
    """

    def __init__(
        self,
        send: Callable[[dict[str, Any]], None],
        per_second: float = MESSAGES_PER_SECOND,
    ) -> None:
        self._send = send
        self._pause_s = 1.0 / per_second
        self._lock = threading.Lock()
        self._changes: dict[str, Any] = {}
        self._scheduled = False
        self._free_at = 0.0

    def put(self, **changes: Any) -> None:
        """Take changes; from any thread."""
        with self._lock:
            self._changes.update(changes)
            if self._scheduled or not self._changes:
                return
            self._scheduled = True
        background_loop().call_soon_threadsafe(self._schedule)

    def _schedule(self) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(max(0.0, self._free_at - loop.time()), self._flush)

    def _flush(self) -> None:
        with self._lock:
            changes, self._changes = self._changes, {}
            self._scheduled = False
        self._free_at = asyncio.get_running_loop().time() + self._pause_s
        try:
            self._send(changes)
        except Exception:  # noqa: BLE001 — one widget's error must not end the others
            _log.exception("a change could not be sent")


def write_traits(widget: Any) -> Coalescer:
    """A coalescer that writes a widget's traits, all of one slot in one message."""

    def write(changes: dict[str, Any]) -> None:
        with widget.hold_sync():
            for name, value in changes.items():
                setattr(widget, name, value)

    return Coalescer(write)


def _running() -> _Background:
    global _background
    with _starting:
        if _background is None or not _background.usable():
            _background = _Background()
        return _background


async def _cancel_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _note_trouble(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    _log.error("%s", context["message"], exc_info=context.get("exception"))


def _note_error(future: Future[Any]) -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        _log.error("work in the background failed", exc_info=error)
