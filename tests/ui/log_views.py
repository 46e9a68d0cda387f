"""A browser's view of a LogTail, as far as its kernel can tell."""

from __future__ import annotations

import itertools
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from opsdash_widgets.ui.controls.log_tail import LogTail

PATIENCE_S = 20
Message = dict[str, Any]


class Browser:
    """A view of a control: speaks to it as our TypeScript does, and hears it."""

    def __init__(
        self, tail: LogTail, name: str = "v1", acknowledge: bool = True
    ) -> None:
        self.tail, self.name, self.acknowledge = tail, name, acknowledge
        self.heard: list[tuple[Message, list[bytes]]] = []
        self.news = threading.Condition()
        self.requests = itertools.count(1)

    def send(self, kind: str, **content: Any) -> int:
        request = next(self.requests)  # also by the thread that hears
        message = {"kind": kind, "view": self.name, "request": request}
        self.tail._dispatch(self.tail, {**message, **content}, [])
        return request

    def watch(self, **content: Any) -> Browser:
        usual = {"space": "all", "following": True, "visible": True, "again": False}
        self.send("watch", **{**usual, **content})
        return self

    def hear(self, message: Message, buffers: list[bytes]) -> None:
        if message["view"] != self.name:
            return
        with self.news:
            self.heard.append((message, buffers))
            self.news.notify_all()
        if message["kind"] == "tail" and self.acknowledge:
            self.send("ack", seq=message["seq"])

    def until(self, wanted: Callable[[Message], bool]) -> Message:
        """The first message, of those heard so far or later, that is wanted."""

        def first() -> Message | None:
            return next((one for one, _ in self.heard if wanted(one)), None)

        with self.news:
            assert self.news.wait_for(lambda: first() is not None, PATIENCE_S)
            found = first()
            assert found is not None
            return found

    def answer(self, kind: str, **content: Any) -> Message:
        request = self.send(kind, **content)
        return self.until(lambda one: one.get("request") == request)

    def tail_with(self, text: str) -> Message:
        def holds(message: Message) -> bool:
            lines = message["lines"] if message["kind"] == "tail" else []
            return any(text in line[1] for line in lines)

        return self.until(holds)


def write(run: Path, text: str, stream: int = 1) -> None:
    with (run / "output.log").open("ab") as out, (run / "output.idx").open("ab") as idx:
        idx.write(struct.pack("<QQQ", out.tell(), 10**9, stream))
        out.write(text.encode())
