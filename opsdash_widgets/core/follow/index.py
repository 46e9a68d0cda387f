"""Where the lines of a growing file begin: newline counts per 256 KiB.

An index of a 5 GB file takes 164 KB; finding a line reads one chunk.
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left, bisect_right

CHUNK = 256 * 1024
"""Bytes per count."""
_FINE = 4096
"""Below this many bytes newlines are searched one by one."""
KEY_MARK = b" PRIVATE KEY"
"""Marks a line that may begin a key of several lines (see ``redaction``)."""


class LineIndex:
    """Line starts of one file, for the bytes that were taken in so far.

    Args:
        chunk: bytes per count.

    Attributes:
        size: bytes taken in.
        newlines: newlines among them.
        key_marks: offsets of ``KEY_MARK``, ascending.
        has_escapes: whether an escape character was seen.
    """

    def __init__(self, chunk: int = CHUNK) -> None:
        self._step = chunk
        self.size = 0
        self.newlines = 0
        self.key_marks = array("Q")
        self.has_escapes = False
        self._ends_with_newline = True
        self._counts = array("Q")  # newlines up to the end of each full chunk
        self._seam = b""  # the last bytes, for a mark that two reads share
        self._buffer = bytearray(self._step)
        self._cached: tuple[int, bytes] = (-1, b"")

    @property
    def line_count(self) -> int:
        """Lines; a last one without a newline counts."""
        return self.newlines + (0 if self._ends_with_newline else 1)

    def extend(self, fd: int, upto: int, limit: int | None = None) -> int:
        """Take in bytes that were appended, at most ``limit``; how many there were."""
        begun = self.size
        if limit is not None:
            upto = min(upto, begun + limit)
        while self.size < upto:
            room = self._step - self.size % self._step
            view = memoryview(self._buffer)[: min(room, upto - self.size)]
            got = os.preadv(fd, [view], self.size)
            if got == 0:
                break
            self._take(got)
        return self.size - begun

    def _take(self, got: int) -> None:
        data = self._buffer
        self.newlines += data.count(b"\n", 0, got)
        self._mark_keys(got)
        if not self.has_escapes:
            self.has_escapes = data.find(b"\x1b", 0, got) >= 0
        self._ends_with_newline = data[got - 1] == 0x0A
        self.size += got
        if self.size % self._step == 0:
            self._counts.append(self.newlines)

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

    def start_of(self, fd: int, line: int) -> int:
        """Offset of a line's first byte; the size for a line beyond the last."""
        if line <= 0:
            return 0
        if line > self.newlines:
            return self.size
        chunk = bisect_left(self._counts, line)
        before = self._counts[chunk - 1] if chunk else 0
        at = _nth_newline(self._chunk(fd, chunk), line - before)
        return self.size if at < 0 else chunk * self._step + at + 1

    def end_of(self, fd: int, start: int) -> int:
        """Offset of the newline that ends the line of a byte, or the size."""
        chunk = start // self._step
        at = self._chunk(fd, chunk).find(b"\n", start % self._step)
        if at < 0 and chunk < len(self._counts):
            # The next chunk whose count is higher; there may be none before the tail.
            chunk = bisect_right(self._counts, self._counts[chunk])
            at = self._chunk(fd, chunk).find(b"\n")
        return self.size if at < 0 else chunk * self._step + at

    def line_of(self, fd: int, offset: int) -> int:
        """Number of the line that holds a byte."""
        chunk = offset // self._step
        before = self._counts[chunk - 1] if chunk else 0
        return before + self._chunk(fd, chunk).count(b"\n", 0, offset % self._step)

    def line_start(self, fd: int, offset: int) -> int:
        """Offset of the first byte of the line that holds a byte."""
        return self.start_of(fd, self.line_of(fd, offset))

    def _chunk(self, fd: int, number: int) -> bytes:
        if self._cached[0] == number:
            return self._cached[1]
        start = number * self._step
        data = os.pread(fd, max(0, min(self._step, self.size - start)), start)
        if len(data) == self._step:  # the tail still grows
            self._cached = (number, data)
        return data


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
