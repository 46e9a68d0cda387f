"""Which stream a span of ``output.log`` belongs to, and when it was written.

``output.idx`` is written by the job's bootstrap, ``output.fpos`` by the supervisor's
samples; both hold fixed records ``<QQQ``: offset, wall-clock ns, stream. A record
speaks for the bytes from its offset to the next record's. The bootstrap's word wins;
where it does not know, the sample decides; where neither knows, it is *mixed*.
"""

from __future__ import annotations

import os
import sys
from array import array
from bisect import bisect_left, bisect_right
from itertools import pairwise

from .opening import Refused, open_file

RECORD = 24
"""Bytes of a record: three little-endian unsigned 64-bit numbers."""
UNKNOWN, OUT, ERR, MIXED = 0, 1, 2, 3
STREAM_NAMES = ("mixed", "out", "err", "mixed")
_PIECE = RECORD * 65_536


class Records:
    """The records of one file, by offset, read as they are appended."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._fd = -1
        self._forget()

    def _forget(self) -> None:
        self._read = 0
        self.offsets = array("Q")
        self.times = array("Q")
        self.streams = array("Q")
        self.lowest: int | None = None  # the lowest new offset since it was taken

    def refresh(self, folder: int) -> bool:
        """Read what was appended; whether there was anything."""
        if self._fd < 0:
            try:
                self._fd = open_file(folder, self._name)
            except (OSError, Refused):
                return False
        size = os.fstat(self._fd).st_size // RECORD * RECORD
        if size < self._read:
            self.close()
            return self.refresh(folder)
        grown = size > self._read
        while self._read < size:
            data = os.pread(self._fd, min(_PIECE, size - self._read), self._read)
            data = data[: len(data) // RECORD * RECORD]
            if not data:
                break
            self._read += len(data)
            self._append(data)
        return grown

    def close(self) -> None:
        """Forget everything and release the file."""
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1
        self._forget()

    def _append(self, data: bytes) -> None:
        numbers = array("Q", data)
        if sys.byteorder == "big":
            numbers.byteswap()
        offsets = numbers[0::3]
        lowest = min(offsets)
        self.lowest = lowest if self.lowest is None else min(self.lowest, lowest)
        self.offsets += offsets
        self.times += numbers[1::3]
        self.streams += numbers[2::3]
        first = bisect_left(self.offsets, lowest, 0, len(self.offsets) - len(offsets))
        if not _ascending(self.offsets[first:]):
            self._sort(first)

    def _sort(self, first: int) -> None:
        """By offset; at equal offsets a known stream goes last, so that it decides."""
        rows = sorted(
            zip(
                self.offsets[first:],
                self.streams[first:],
                self.times[first:],
                strict=True,
            ),
            key=lambda row: (row[0], row[1] != UNKNOWN, row[2]),
        )
        self.offsets[first:] = array("Q", (row[0] for row in rows))
        self.streams[first:] = array("Q", (row[1] for row in rows))
        self.times[first:] = array("Q", (row[2] for row in rows))

    def spans(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """(from, to, stream) that together cover ``start`` to ``end``."""
        spans: list[tuple[int, int, int]] = []
        at = bisect_right(self.offsets, start) - 1
        stream = self.streams[at] if at >= 0 else UNKNOWN
        begun = start
        for row in range(at + 1, bisect_left(self.offsets, end, max(at + 1, 0))):
            if self.offsets[row] > begun:
                spans.append((begun, self.offsets[row], stream))
                begun = self.offsets[row]
            stream = self.streams[row]
        spans.append((begun, end, stream))
        return spans

    def latest(self, offset: int) -> tuple[int, int] | None:
        """(offset, ns) of the last record at or before an offset."""
        at = bisect_right(self.offsets, offset) - 1
        return (self.offsets[at], self.times[at]) if at >= 0 else None


class Attribution:
    """The two sources together."""

    def __init__(self) -> None:
        self._noted = Records("output.idx")
        self._sampled = Records("output.fpos")

    def refresh(self, folder: int) -> bool:
        """Read what was appended to either; whether there was anything."""
        noted = self._noted.refresh(folder)
        return self._sampled.refresh(folder) or noted

    def take_lowest(self) -> int | None:
        """From which offset on more is known since this was last asked, or ``None``."""
        both = (self._noted, self._sampled)
        lowest = [source.lowest for source in both if source.lowest is not None]
        for source in both:
            source.lowest = None
        return min(lowest, default=None)

    def close(self) -> None:
        """Release both files."""
        self._noted.close()
        self._sampled.close()

    def spans(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """(from, to, stream) covering ``start`` to ``end``; the stream is never 0."""
        found: list[tuple[int, int, int]] = []
        for begin, until, stream in self._noted.spans(start, end):
            if stream == UNKNOWN:
                found += [
                    (low, high, sampled or MIXED)
                    for low, high, sampled in self._sampled.spans(begin, until)
                ]
            else:
                found.append((begin, until, min(stream, MIXED)))
        return found

    def stream(self, start: int, end: int) -> str:
        """``out``, ``err`` or ``mixed`` for a span of at least one byte."""
        streams = {stream for _, _, stream in self.spans(start, max(end, start + 1))}
        return STREAM_NAMES[streams.pop()] if len(streams) == 1 else "mixed"

    def time(self, offset: int) -> float | None:
        """When the byte at an offset was written, seconds since the epoch."""
        known = (self._noted.latest(offset), self._sampled.latest(offset))
        latest = [record for record in known if record is not None]
        return max(latest, key=lambda record: record[0])[1] / 1e9 if latest else None


def _ascending(offsets: array[int]) -> bool:
    return all(left < right for left, right in pairwise(offsets))
