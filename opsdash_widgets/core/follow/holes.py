"""What the log limit cut out of ``output.log``.

``output.holes`` is written by the supervisor, each record *before* its bytes are given
back: fixed records ``<QQQ``: start, end (the bytes from start to before end are gone),
newlines among them. So whoever reads bytes and looks here afterwards knows whether they
were the job's own.
"""

from __future__ import annotations

import os
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from operator import attrgetter
from typing import NamedTuple

from .opening import Refused, open_file

HOLES = "output.holes"
RECORD = struct.Struct("<QQQ")
_PIECE = RECORD.size * 65_536


class Hole(NamedTuple):
    """Bytes that are gone, and how many newlines were among them."""

    start: int
    end: int
    lines: int


class Holes:
    """The holes of one log, ascending, none touching another.

    The file grows; it becomes shorter where a hole could not be punched after all.

    A record counts where it can be true of the log; what is none (garbage, a record
    that is not whole yet, another file under the name) is passed over.

    Attributes:
        all: the holes.
    """

    def __init__(self) -> None:
        self._fd = -1
        self._forget()

    def _forget(self) -> None:
        self._read = 0
        self.all: list[Hole] = []

    @property
    def opened(self) -> bool:
        """Whether there is a file: looking at it again is one ``fstat``."""
        return self._fd >= 0

    def refresh(self, folder: int, length: Callable[[], int]) -> bool:
        """Read what was appended; whether any hole is another one now.

        Args:
            folder: descriptor of the run directory.
            length: the log's length, asked for after the records were read.
        """
        if self._fd < 0:
            if not os.access(HOLES, os.F_OK, dir_fd=folder):
                return False  # as nearly always, and cheaper than an exception
            try:
                self._fd = open_file(folder, HOLES)
            except (OSError, Refused):
                return False
        size = os.fstat(self._fd).st_size // RECORD.size * RECORD.size
        before = None
        if size < self._read:
            before = self.all
            self._forget()
        changed = False
        while self._read < size:
            data = os.pread(self._fd, min(_PIECE, size - self._read), self._read)
            data = data[: len(data) // RECORD.size * RECORD.size]
            if not data:
                break
            self._read += len(data)
            end = length()
            for record in RECORD.iter_unpack(data):
                changed = self._take(Hole(*record), end) or changed
        return changed if before is None else before != self.all

    def cover(self, start: int, end: int) -> bool:
        """Whether all bytes from start to before end are gone."""
        at = bisect_right(self.all, start, key=attrgetter("start")) - 1
        return at >= 0 and end <= self.all[at].end

    def close(self) -> None:
        """Forget everything and release the file."""
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1
        self._forget()

    def _take(self, hole: Hole, length: int) -> bool:
        if not hole.start < hole.end <= length or hole.lines > hole.end - hole.start:
            return False
        first = bisect_left(self.all, hole.start, key=attrgetter("end"))
        last = bisect_right(self.all, hole.end, key=attrgetter("start"))
        touched = self.all[first:last]
        if len(touched) == 1 and _holds(touched[0], hole):
            return False
        start = min([hole.start, *(other.start for other in touched)])
        end = max([hole.end, *(other.end for other in touched)])
        known = sum(other.lines for other in touched if not _holds(hole, other))
        lines = min(end - start, hole.lines + known)
        self.all[first:last] = [Hole(start, end, lines)]
        return True


def _holds(outer: Hole, inner: Hole) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def last_end(folder: int, length: int) -> int:
    """Behind which byte nothing is cut out of a log of a length."""
    holes = Holes()
    try:
        holes.refresh(folder, lambda: length)
        return holes.all[-1].end if holes.all else 0
    finally:
        holes.close()


def gap_words(size: int, lines: int | None) -> str:
    """What stands in the place of bytes that are gone.

    Args:
        size: how many bytes.
        lines: how many lines were among them, ``None`` where that is not known.
    """
    what = amount(size)
    if lines:
        what += f" and {lines:,} {'line' if lines == 1 else 'lines'}"
    return f"… {what} cut out here by the log limit …"


def amount(size: int) -> str:
    """Bytes as people say them, and as the view of a log does: ``1.2 GB``."""
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if round(value) < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:,.{0 if unit == 'B' or value >= 99.95 else 1}f} {unit}"
