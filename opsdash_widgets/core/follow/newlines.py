"""How many newlines a growing file has up to any byte: counts per 256 KiB.

The counts of a 5 GB file take 164 KB; finding a newline reads one chunk. Bytes that are
gone keep their newlines in the counts, so what was counted once stays right when a hole
is punched into it; only the bytes of a hole may not be looked at any more.
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left, bisect_right
from typing import NamedTuple

CHUNK = 256 * 1024
"""Bytes per count."""
_FINE = 4096
"""Below this many bytes newlines are searched one by one."""
KEY_MARK = b" PRIVATE KEY"
"""Marks a line that may begin a key of several lines (see ``redaction``)."""


class Span(NamedTuple):
    """Bytes without a hole in them.

    Attributes:
        start: the first.
        end: one behind the last.
        newlines: newlines before the first, those that are gone included.
        line: number of the line that begins with the first.
    """

    start: int
    end: int
    newlines: int
    line: int


class Counted(NamedTuple):
    """How far a file was counted, to go back there."""

    size: int
    total: int
    chunks: int
    marks: int
    has_escapes: bool
    ends_with_newline: bool
    seam: bytes


class Newlines:
    """The newlines of one file, for the bytes that were taken in so far.

    Args:
        chunk: bytes per count.

    Attributes:
        size: bytes taken in.
        total: newlines among them.
        key_marks: offsets of ``KEY_MARK``, ascending.
        has_escapes: whether an escape character was seen.
        ends_with_newline: whether no line is open at the end.
    """

    def __init__(self, chunk: int = CHUNK) -> None:
        self._step = chunk
        self.size = 0
        self.total = 0
        self.key_marks = array("Q")
        self.has_escapes = False
        self.ends_with_newline = True
        self._counts = array("Q")  # newlines up to the end of each full chunk
        self._seam = b""  # the last bytes, for a mark that two reads share
        self._buffer = bytearray(self._step)
        self._cached: tuple[int, int, bytes] = (0, 0, b"")

    def extend(self, fd: int, upto: int, far: int) -> None:
        """Take in bytes that were appended; up to ``far`` what was never written."""
        while self.size < upto:
            room = self._step - self.size % self._step
            view = memoryview(self._buffer)[: min(room, upto - self.size)]
            got = os.preadv(fd, [view], self.size)
            if got == 0:
                break
            self._take(got)
            if self._buffer[0] == 0 and self._buffer.count(0, 0, got) == got:
                self._leap(fd, far)

    def skip(self, to: int, newlines: int) -> None:
        """Pass over bytes that are gone, with the newlines that they had."""
        self.total += newlines
        chunks = to // self._step - len(self._counts)
        self._counts.extend([self.total] * chunks)
        self.size = to
        self.ends_with_newline = True
        self._seam = b""

    def counted(self) -> Counted:
        """Where it stands now."""
        return Counted(
            self.size,
            self.total,
            len(self._counts),
            len(self.key_marks),
            self.has_escapes,
            self.ends_with_newline,
            self._seam,
        )

    def go_back(self, to: Counted) -> None:
        """Forget what was counted since."""
        self.size, self.total = to.size, to.total
        del self._counts[to.chunks :], self.key_marks[to.marks :]
        self.has_escapes = to.has_escapes
        self.ends_with_newline = to.ends_with_newline
        self._seam = to.seam

    def behind(self, fd: int, nth: int, span: Span) -> int:
        """Offset behind the n-th newline of all, or the end of its span without it."""
        chunk = bisect_left(self._counts, nth)
        low, before = self._first_of(chunk, span)
        at = _nth_newline(self._bytes(fd, low, chunk, span), nth - before)
        return span.end if at < 0 else low + at + 1

    def next(self, fd: int, offset: int, span: Span) -> int:
        """The first newline from an offset on, or the end of its span."""
        chunk = offset // self._step
        low, _ = self._first_of(chunk, span)
        at = self._bytes(fd, low, chunk, span).find(b"\n", offset - low)
        if at < 0 and chunk < len(self._counts):
            # The next chunk whose count is higher; there may be none before the end.
            chunk = bisect_right(self._counts, self._counts[chunk])
            low = chunk * self._step
            at = self._bytes(fd, low, chunk, span).find(b"\n")
        return span.end if at < 0 else low + at

    def before(self, fd: int, offset: int, span: Span) -> int:
        """Newlines before an offset, those that are gone included."""
        chunk = offset // self._step
        low, before = self._first_of(chunk, span)
        return before + self._bytes(fd, low, chunk, span).count(b"\n", 0, offset - low)

    def between(self, fd: int, start: int, end: int, span: Span) -> int | None:
        """Newlines between two bytes of a span, ``None`` where they are not near."""
        chunk = start // self._step
        if start < span.start or end > span.end or end // self._step != chunk:
            return None
        low, _ = self._first_of(chunk, span)
        data = self._bytes(fd, low, chunk, span)
        return data.count(b"\n", start - low, end - low)

    def before_start(self, fd: int, span: Span) -> int | None:
        """Newlines before a span's first byte, counted back from what follows it.

        ``None`` where the span ends within the chunk: then nobody counted there.
        """
        chunk = span.start // self._step
        high = min((chunk + 1) * self._step, self.size)
        if span.end < high:
            return None
        behind = self._counts[chunk] if chunk < len(self._counts) else self.total
        return behind - self._bytes(fd, span.start, chunk, span).count(b"\n")

    def _first_of(self, chunk: int, span: Span) -> tuple[int, int]:
        """Where a span begins in a chunk, and the newlines before that."""
        low = chunk * self._step
        if low <= span.start:
            return span.start, span.newlines
        return low, self._counts[chunk - 1]

    def _bytes(self, fd: int, low: int, chunk: int, span: Span) -> bytes:
        """A span's bytes in a chunk."""
        high = min((chunk + 1) * self._step, span.end)
        if low >= high:
            return b""
        if self._cached[:2] != (low, high):
            data = os.pread(fd, high - low, low)
            if len(data) < high - low:
                return data
            self._cached = (low, high, data)
        return self._cached[2]

    def _leap(self, fd: int, far: int) -> None:
        """Pass over what was left out of a sparse file: nothing but NULs."""
        try:
            data = os.lseek(fd, self.size, os.SEEK_DATA)
        except OSError:  # nothing but a hole until the end, or not known to this disk
            return
        if data > self.size:
            self.skip(min(data, far), 0)
            self.ends_with_newline = False

    def _take(self, got: int) -> None:
        data = self._buffer
        self.total += data.count(b"\n", 0, got)
        self._mark_keys(got)
        if not self.has_escapes:
            self.has_escapes = data.find(b"\x1b", 0, got) >= 0
        self.ends_with_newline = data[got - 1] == 0x0A
        self.size += got
        if self.size % self._step == 0:
            self._counts.append(self.total)

    def _mark_keys(self, got: int) -> None:
        overlap = len(KEY_MARK) - 1
        seam = self._seam + self._buffer[: min(overlap, got)]
        if (at := seam.find(KEY_MARK)) >= 0:
            self.key_marks.append(self.size - len(self._seam) + at)
        at = self._buffer.find(KEY_MARK, 0, got)
        while at >= 0:
            self.key_marks.append(self.size + at)
            at = self._buffer.find(KEY_MARK, at + 1, got)
        self._seam = bytes(self._seam + self._buffer[max(0, got - overlap) : got])[
            -overlap:
        ]


def _nth_newline(data: bytes, nth: int) -> int:
    """Position of the n-th newline (from 1), or -1."""
    low, high = 0, len(data)
    while high - low > _FINE:
        middle = (low + high) // 2
        count = data.count(b"\n", low, middle)
        if nth <= count:
            high = middle
        else:
            nth, low = nth - count, middle
    at = low - 1
    for _ in range(nth):
        at = data.find(b"\n", at + 1)
        if at < 0:
            break
    return at
