"""The lines of one stream alone: which they are and how many.

Lines come in runs of one kind, so that a log of millions of lines takes a few numbers.
A line that both streams wrote to, or of which the stream is not known, belongs to both:
a filter never hides what it cannot place.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING

from .attribution import ERR, OUT, STREAM_NAMES

if TYPE_CHECKING:
    from .logfile import LogFile

_READ = 256 * 1024
_BIT = {OUT: 1, ERR: 2}
_BOTH = 3
_SIDES = {"out": 1, "err": 2}


class StreamLines:
    """Numbers of the lines of ``out`` and of ``err``; call under the log's lock."""

    def __init__(self, log: LogFile) -> None:
        self._log = log
        self._index = log.index
        self._forget()

    def _forget(self) -> None:
        self._firsts = array("Q")  # the line number with which each run begins
        self._kinds = array("B")
        self._before = {"out": array("Q"), "err": array("Q")}  # rows before each run
        self._line = 0  # lines placed
        self._offset = 0  # where the next one begins

    def refresh(self) -> None:
        """Place the lines that were completed since."""
        log = self._log
        if self._index is not log.index:
            self._index = log.index
            self._forget()
        lowest = log.attribution.take_lowest()
        if lowest is not None and lowest < self._offset:
            self._go_back(lowest)
        while self._offset < log.size and self._place():
            pass

    def count(self, stream: str) -> int:
        """How many lines a stream has."""
        return self._placed(stream) + (1 if self._open_line_is(stream) else 0)

    def numbers(self, stream: str, start: int, count: int) -> list[int]:
        """Line numbers of rows ``start`` to ``start + count`` of a stream."""
        found: list[int] = []
        run = max(0, bisect_right(self._before[stream], start) - 1)
        row = start
        while run < len(self._firsts) and len(found) < count:
            if self._kinds[run] & _SIDES[stream]:
                first = self._firsts[run] + row - self._before[stream][run]
                last = min(self._end(run), first + count - len(found))
                found += range(first, last)
                row += max(0, last - first)
            run += 1
        if len(found) < count and self._open_line_is(stream):
            found += [self._line] if row <= self._placed(stream) else []
        return found

    def rows_before(self, stream: str, number: int) -> int:
        """Rows of a stream before a line: the row that it has or would have."""
        if number >= self._line:
            return self._placed(stream)
        run = bisect_right(self._firsts, number) - 1
        inside = number - self._firsts[run] if self._kinds[run] & _SIDES[stream] else 0
        return self._before[stream][run] + inside

    def row(self, stream: str, number: int) -> int | None:
        """The row of a line number in a stream, ``None`` where it is not of it."""
        if number >= self._line:
            return self._placed(stream) if self._open_line_is(stream) else None
        run = bisect_right(self._firsts, number) - 1
        if run < 0 or not self._kinds[run] & _SIDES[stream]:
            return None
        return self._before[stream][run] + number - self._firsts[run]

    def _end(self, run: int) -> int:
        return self._firsts[run + 1] if run + 1 < len(self._firsts) else self._line

    def _placed(self, stream: str) -> int:
        if not self._firsts:
            return 0
        before = self._before[stream][-1]
        last = self._line - self._firsts[-1]
        return before + (last if self._kinds[-1] & _SIDES[stream] else 0)

    def _open_line_is(self, stream: str) -> bool:
        """Whether there is a last line without a newline, of this stream."""
        if self._log.line_count <= self._line or self._offset >= self._log.size:
            return False
        found = self._log.attribution.stream(self._offset, self._log.size)
        return found in (stream, STREAM_NAMES[0])

    def _place(self) -> bool:
        """Place the lines of the next block; whether there was a whole one."""
        start, length = self._offset, _READ
        data = self._log.read(start, length)
        while b"\n" not in data:
            if start + len(data) >= self._log.size:
                return False
            length *= 4
            data = self._log.read(start, length)
        data = data[: data.rfind(b"\n") + 1]
        mask = 0
        for low, high, stream in self._log.attribution.spans(start, start + len(data)):
            bit = _BIT.get(stream, _BOTH)
            newlines = data.count(b"\n", low - start, high - start)
            if newlines:
                self._add(mask | bit, 1)
                self._add(bit, newlines - 1)
                mask = 0
            if data[high - start - 1] != 0x0A:
                mask |= bit
        self._offset += len(data)
        return True

    def _add(self, kind: int, lines: int) -> None:
        if lines <= 0:
            return
        if not self._kinds or self._kinds[-1] != kind:
            for stream, before in self._before.items():
                before.append(self._placed(stream))
            self._firsts.append(self._line)
            self._kinds.append(kind)
        self._line += lines

    def _go_back(self, offset: int) -> None:
        """Forget the line of a byte and all after it: more is known about them now."""
        log = self._log
        line = log.index.line_of(log.fd, offset)
        while self._firsts and self._firsts[-1] >= line:
            self._firsts.pop()
            self._kinds.pop()
            for before in self._before.values():
                before.pop()
        self._line = line
        self._offset = log.index.start_of(log.fd, line)
