"""What a view may ask of a log, checked, and the answers in the form it reads."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from ...core.follow import LogFile, LogLine

SPACES = ("all", "out", "err")
"""What rows are counted in: all lines, or those of one stream."""
MOST_FOUND = 10_000
MOST_COPIED = 5_000_000
"""Characters that one copy may have; above it the file is to be downloaded."""
_LONGEST = 1000
_STREAMS = {"mixed": 0, "out": 1, "err": 2}


class Request:
    """A message from a browser; anything in it may be wrong.

    Args:
        content: the message.
    """

    def __init__(self, content: dict[str, Any]) -> None:
        self._content = content
        self.kind = self.text("kind")
        self.view = self.text("view")

    def text(self, name: str) -> str:
        """A text of at most 1,000 characters, empty where there is none."""
        value = self._content.get(name)
        return value[:_LONGEST] if isinstance(value, str) else ""

    def flag(self, name: str) -> bool:
        """Whether something is asked for."""
        return self._content.get(name) is True

    def number(self, name: str, most: int = 2**53) -> int:
        """A count from 0 to ``most``."""
        value = self._content.get(name)
        return min(max(0, value), most) if isinstance(value, int) else 0

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of some texts, the first where it is none of them."""
        value = self.text(name)
        return value if value in choices else choices[0]

    def reply(self, **content: Any) -> dict[str, Any]:
        """The answer to it."""
        answer = {"kind": self.kind, "view": self.view}
        return {**answer, "request": self.number("request"), **content}


def rows_count(log: LogFile, space: str) -> int:
    """How many rows there are."""
    if space == "all":
        return log.line_count
    with log.lock:
        return log.stream_lines().count(space)


def rows(log: LogFile, space: str, start: int, count: int) -> list[LogLine]:
    """The lines of some rows."""
    if space == "all":
        return log.lines(start, count)
    with log.lock:
        return log.lines_at(log.stream_lines().numbers(space, start, count))


def encoded(lines: list[LogLine]) -> list[list[Any]]:
    """Lines as short lists: number, text, stream, time, cut, styles."""
    return [
        [
            line.number,
            line.text,
            _STREAMS[line.stream],
            line.time,
            1 if line.cut else 0,
            line.styles,
        ]
        for line in lines
    ]


def found(
    log: LogFile, request: Request, space: str, first: int, cancel: threading.Event
) -> tuple[list[int], int, bool]:
    """(rows that match, lines looked at, whether there may be more)."""
    until = log.line_count
    numbers = log.search(
        request.text("pattern"),
        regex=request.flag("regex"),
        ignore_case=not request.flag("case"),
        limit=MOST_FOUND,
        start=first,
        cancelled=cancel.is_set,
    )
    full = len(numbers) >= MOST_FOUND
    if space != "all":
        with log.lock:
            lines = log.stream_lines()
            placed = [lines.row(space, number) for number in numbers]
        numbers = [row for row in placed if row is not None]
    return numbers, until, full


def copied(log: LogFile, space: str, start: int, count: int) -> tuple[str, bool]:
    """(text of some rows uncut, whether all of it is there)."""
    texts: list[str] = []
    room = MOST_COPIED
    while count > 0:
        lines = rows(log, space, start, min(count, 500))
        if not lines:
            break
        for line in lines:
            whole = log.whole_line(line.number) if line.cut else line
            if len(whole.text) > room:
                return "\n".join(texts), False
            texts.append(whole.text)
            room -= len(whole.text) + 1
        start, count = start + len(lines), count - len(lines)
    return "\n".join(texts), True
