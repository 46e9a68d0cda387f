"""The lines of one stream alone: which they are and how many.

Lines come in runs of one kind, so that a log of millions of lines takes a few numbers.
A line that both streams wrote to, or of which the stream is not known, belongs to both,
and so does a gap: a filter never hides what it cannot place.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING

from .attribution import ERR, OUT, STREAM_NAMES
from .index import Cut

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
        self._cuts: tuple[Cut, ...] = ()  # what was gone when they were placed

    def refresh(self) -> None:
        """Place the lines that were completed since."""
        log = self._log
        if self._index is not log.index:
            self._index = log.index
            self._forget()
        self._use_cuts(tuple(log.index.cuts))
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
        start = self._offset
        cut = self._index.cut_at(start)
        if cut is not None:
            self._add(_BOTH, 1)
            self._offset = cut.end
            return True
        end = self._index.span_of(start).end
        data = self._log.read(start, min(_READ, end - start))
        data = data[: data.rfind(b"\n") + 1]
        if not data:
            return self._place_long(start)
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

    def _place_long(self, start: int) -> bool:
        """Place a line that is longer than a block, or that a gap tore apart."""
        log = self._log
        end = self._index.end_of(log.fd, start)
        if end >= log.size:
            return False
        mask = 0
        for _, _, stream in log.attribution.spans(start, end):
            mask |= _BIT.get(stream, _BOTH)
        self._offset = self._index.behind(end)
        self._add(mask, 1)
        return True

    def _use_cuts(self, cuts: tuple[Cut, ...]) -> None:
        """Follow what was cut out since: lines that moved up are not read again."""
        known, self._cuts = self._cuts, cuts
        if known == cuts:
            return
        if _only_grew(known, cuts) and self._offset >= cuts[-1].end:
            self._remove(known[-1].line + 1, cuts[-1].after - known[-1].after)
            # What was read while it was being cut out had no newlines any more.
            if self._line == self._index.line_of(self._log.fd, self._offset):
                return
        same = sum(one == other for one, other in zip(known, cuts, strict=False))
        changed = min(cut.start for cut in (*known[same:], *cuts[same:]))
        if changed < self._offset:
            self._go_back(max(0, changed - 1))

    def _remove(self, first: int, count: int) -> None:
        """Take out lines; those behind them move up."""
        low, high = self._parted(first), self._parted(first + count)
        for stream, before in self._before.items():
            ends = (*before, self._placed(stream))
            gone = ends[high] - ends[low]
            before[low:] = array("Q", (rows - gone for rows in before[high:]))
        self._firsts[low:] = array("Q", (line - count for line in self._firsts[high:]))
        self._kinds[low:] = self._kinds[high:]
        self._line -= count

    def _parted(self, line: int) -> int:
        """See to it that a run begins with a line; which one."""
        run = bisect_right(self._firsts, line) - 1
        if line >= self._line or run < 0:
            return len(self._firsts) if line >= self._line else 0
        inside = line - self._firsts[run]
        if inside == 0:
            return run
        for stream, before in self._before.items():
            rows = inside if self._kinds[run] & _SIDES[stream] else 0
            before.insert(run + 1, before[run] + rows)
        self._firsts.insert(run + 1, line)
        self._kinds.insert(run + 1, self._kinds[run])
        return run + 1

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


def _only_grew(old: tuple[Cut, ...], new: tuple[Cut, ...]) -> bool:
    """Whether the last cut took more of what follows it, and nothing else changed."""
    if not old or len(old) != len(new) or old[:-1] != new[:-1]:
        return False
    return old[-1].start == new[-1].start and old[-1].after <= new[-1].after
