"""What a view may ask of a log, checked, and the answers in the form it reads."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any, NamedTuple

from ...core.follow import LogFile, LogLine
from ...core.follow.search import Wanted

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
    return log.line_count if space == "all" else log.stream_lines().count(space)


def rows(log: LogFile, space: str, start: int, count: int) -> list[LogLine]:
    """The lines of some rows."""
    if space == "all":
        return log.lines(start, count)
    return log.steady(
        lambda: log.lines_at(log.stream_lines().numbers(space, start, count))
    )


def row_of(log: LogFile, space: str, number: int) -> int:
    """The row that a line has or would have; use it within ``LogFile.steady``."""
    return number if space == "all" else log.stream_lines().rows_before(space, number)


def encoded(lines: list[LogLine]) -> list[list[Any]]:
    """Lines as short lists: number, text, stream, time, cut, styles.

    Where something was cut out also: lines lost before, and a gap's bytes and lines.
    """
    return [_encoded(line) for line in lines]


def _encoded(line: LogLine) -> list[Any]:
    content = [
        line.number,
        line.text,
        _STREAMS[line.stream],
        line.time,
        1 if line.cut else 0,
        line.styles,
    ]
    if line.gap is not None:
        return [*content, line.lost, line.gap]
    return [*content, line.lost] if line.lost else content


class Matches(NamedTuple):
    """Rows that match.

    Attributes:
        rows: their numbers.
        cuts: ``LogFile.cuts`` for which they are right.
        until: lines looked at, of all that were printed.
        full: whether there may be more.
    """

    rows: list[int]
    cuts: int
    until: int
    full: bool


def found(
    log: LogFile, request: Request, space: str, first: int, cancel: threading.Event
) -> Matches:
    """What a search finds from a line on, as all that were printed are numbered."""
    wanted = Wanted(request.text("pattern"), request.flag("regex"), False)
    wanted = wanted._replace(ignore_case=not request.flag("case"))
    start, until = log.steady(lambda: (log.index.line_printed(first), printed(log)))
    lines = log.find(wanted, MOST_FOUND, start, cancel.is_set)

    def place() -> list[int]:
        numbers = lines.numbers_now(log)
        if space == "all":
            return numbers
        streams = log.stream_lines()
        placed = [streams.row(space, number) for number in numbers]
        return [row for row in placed if row is not None]

    with log.lock:
        return Matches(
            log.steady(place), log.cuts, until, len(lines.places) >= MOST_FOUND
        )


def printed(log: LogFile) -> int:
    """Lines that were printed, those that are gone and one without its end too."""
    return log.index.printed + log.line_count - log.index.complete


def copied(log: LogFile, space: str, start: int, count: int) -> tuple[str, bool]:
    """(text of some rows uncut, whether all of it is there); within ``steady``."""
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
