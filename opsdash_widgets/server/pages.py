"""Which kernel has an open page, and the line on which a page hears how its kernel is.

A page holds one WebSocket per kernel. Through it the page hears at once that its kernel
has died, and the server knows which kernels nobody looks at any more: Voila's own
beacon ends the kernel of a tab that is closed, but not of a browser that was killed.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado.websocket import WebSocketClosedError, WebSocketHandler

SWEEP_EVERY_S = 2.0


class Pages:
    """The open pages, by kernel."""

    def __init__(self) -> None:
        self._sockets: dict[str, set[PageSocket]] = {}

    def kernel_ids(self) -> set[str]:
        """The kernels that a page is open for."""
        return set(self._sockets)

    def opened(self, kernel_id: str, socket: PageSocket) -> None:
        """Note that a page of the kernel is open."""
        self._sockets.setdefault(kernel_id, set()).add(socket)

    def closed(self, kernel_id: str, socket: PageSocket) -> None:
        """Note that a page of the kernel went away."""
        sockets = self._sockets.get(kernel_id, set())
        sockets.discard(socket)
        if not sockets:
            self._sockets.pop(kernel_id, None)

    def tell_ended(self, kernel_id: str) -> None:
        """Let the kernel's pages say that it is gone."""
        for socket in tuple(self._sockets.get(kernel_id, ())):
            socket.tell("ended")

    def forget(self) -> None:
        """Tell no page anything any more: the server is about to end."""
        self._sockets.clear()


class PageSocket(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """``/opsdash/page/<kernel id>``: held open by a page for as long as it is shown."""

    kernel_id = ""

    def set_default_headers(self) -> None:
        """None: they make no sense on a WebSocket."""

    def open(self, kernel_id: str) -> None:
        """Note the page, and say at once if its kernel is gone already."""
        super().open()
        self.kernel_id = kernel_id
        self.settings["opsdash_pages"].opened(kernel_id, self)
        alive = kernel_id in self.settings["kernel_manager"].list_kernel_ids()
        self.tell("alive" if alive else "ended")

    def on_message(self, message: str | bytes) -> None:
        """Ignore what a page sends: it only listens here."""

    def on_close(self) -> None:
        """Forget the page."""
        self.settings["opsdash_pages"].closed(self.kernel_id, self)

    def tell(self, kernel: str) -> None:
        """Send how the kernel is: ``alive`` or ``ended``."""
        try:
            self.write_message(json.dumps({"kernel": kernel}))
        except WebSocketClosedError:
            self.on_close()


async def end_abandoned(
    pages: Pages,
    candidates: Callable[[], Iterable[str]],
    end: Callable[[str], Awaitable[Any]],
    *,
    after_s: float,
    every_s: float = SWEEP_EVERY_S,
) -> None:
    """Until cancelled, end every kernel that has had no page for ``after_s`` seconds.

    Args:
        pages: the open pages.
        candidates: the ids of the kernels that belong to a page.
        end: ends a kernel.
        after_s: long enough for a page to load and for a connection to come back.
        every_s: how often to look.
    """
    alone_since: dict[str, float] = {}
    while True:
        now, shown = time.monotonic(), pages.kernel_ids()
        ids = [kernel_id for kernel_id in candidates() if kernel_id not in shown]
        alone_since = {one: alone_since.get(one, now) for one in ids}
        for kernel_id, since in alone_since.items():
            if now - since >= after_s:
                await end(kernel_id)
        await asyncio.sleep(every_s)
