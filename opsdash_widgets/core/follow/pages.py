"""Reading lines by their number, none of them longer than need be."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from ..redaction import PEM_BEGIN, PEM_END, PemState
from .index import Cut, LineIndex
from .line import CAP

BLOCK = 64 * 1024
"""Bytes of one read of a page."""
READ = 2 * CAP
"""Bytes of a long line that are read: more than is shown, so that a secret at the cut
is seen whole."""
NEAR = 1000
"""So many lines ahead are walked over; further ones are looked up in the index."""
KEY_REACH = 128 * 1024
"""Bytes before a page in which a private key that reaches into it may begin."""
_BEGIN = "-----BEGIN PRIVATE KEY-----"
"""The first line that a key which reaches out of a gap has lost."""


class RawLine(NamedTuple):
    """One line's place in the file and its bytes (of a long one only a part).

    Attributes:
        behind: where the next line begins.
        cut: what is gone, where this is no line of the run's.
    """

    number: int
    start: int
    end: int
    data: bytes
    behind: int
    cut: Cut | None = None


class Pages:
    """Lines of the indexed part of a file; ascending access is the cheap one."""

    def __init__(self, fd: int, index: LineIndex, read: int = READ) -> None:
        self._fd = fd
        self._index = index
        self._is_cut = bool(index.cuts)
        self._read = read
        self._number = self._start = 0
        self._block = b""
        self._block_at = 0

    def raw(self, number: int) -> RawLine:
        """The line of a number that is known to exist."""
        if not self._number <= number <= self._number + NEAR:
            self._number = number
            self._start = self._index.start_of(self._fd, number)
        while self._number < number:
            self._start = self._behind(self._start)
            self._number += 1
        start = self._start
        cut = self._index.cut_at(start) if self._is_cut else None
        if cut is not None:
            return RawLine(number, start, cut.end, b"", cut.end, cut)
        end = self._end(start)
        behind = self._index.behind(end) if self._is_cut else end + 1
        return RawLine(number, start, end, self._data(start, end), behind)

    def keys_before(self, start: int) -> PemState:
        """Whether the line that begins at an offset lies in a private key."""
        state, marks = PemState(), self._index.key_marks
        begun = self._index.span_of(start).start
        low = max(begun, start - KEY_REACH)
        first = bisect_left(marks, low)
        if first == len(marks):
            return state
        if 0 < low == begun and self._ends_a_key(low, marks[first]):
            state.inside(_BEGIN)
            at = low
        elif marks[first] < start:
            at = self._index.line_start(self._fd, marks[first])
        else:
            return state
        while at < start:
            end = self._end(at)
            state.inside(self._data(at, end).decode("utf-8", "replace"))
            at = self._index.behind(end)
        return state

    def _ends_a_key(self, low: int, mark: int) -> bool:
        """Whether the first mark behind a gap ends a key whose beginning is gone."""
        if mark - low > KEY_REACH:
            return False
        at = self._index.line_start(self._fd, mark)
        line = self._data(at, self._end(at)).decode("utf-8", "replace")
        begin, end = PEM_BEGIN.search(line), PEM_END.search(line)
        return end is not None and (begin is None or end.start() < begin.start())

    def _behind(self, start: int) -> int:
        """Where the line begins that follows the one of an offset."""
        if not self._is_cut:
            return self._end(start) + 1
        cut = self._index.cut_at(start)
        return cut.end if cut else self._index.behind(self._end(start))

    def _end(self, start: int) -> int:
        at = -1
        if self._block_at <= start < self._block_at + len(self._block):
            at = self._block.find(b"\n", start - self._block_at)
        if at < 0:
            self._block_at = start
            count = min(BLOCK, max(0, self._index.span_of(start).end - start))
            self._block = os.pread(self._fd, count, start)
            at = self._block.find(b"\n")
        if at < 0:
            return self._index.end_of(self._fd, start)
        return self._block_at + at

    def _data(self, start: int, end: int) -> bytes:
        if end - start > self._read:
            return self._long(start, end)
        low = start - self._block_at
        if low >= 0 and end - self._block_at <= len(self._block):
            return self._block[low : end - self._block_at]
        return os.pread(self._fd, end - start, start)

    def _long(self, start: int, end: int) -> bytes:
        """What a long line shows: a gap as such, the last frames, or its beginning."""
        for low, high in gaps(self._fd, start, end):
            before = os.pread(self._fd, min(self._read, low - start), start)
            after = os.pread(self._fd, min(self._read, end - high), high)
            return before + gap_text(high - low) + after
        last = os.pread(self._fd, self._read, end - self._read)
        frame = last.find(b"\r", 0, -1)
        if frame >= 0:
            return last[frame:]
        return os.pread(self._fd, self._read, start)


def gaps(fd: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """(from, to) of what was left out of a file (holes), between two offsets."""
    at = start
    while at < end:
        try:
            low = os.lseek(fd, at, os.SEEK_HOLE)
            if low >= end:
                return
            high = _next_data(fd, low, end)
        except OSError:  # the file system does not know about holes
            return
        yield low, high
        at = high


def _next_data(fd: int, at: int, end: int) -> int:
    try:
        return min(end, os.lseek(fd, at, os.SEEK_DATA))
    except OSError:  # ENXIO: nothing but hole until the end
        return end


def gap_text(count: int) -> bytes:
    """The text that stands for bytes that were left out."""
    return f" … {count / 1e6:,.1f} MB left out … ".encode()
