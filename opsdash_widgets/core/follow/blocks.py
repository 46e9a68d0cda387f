"""A log as bytes, in order, for whoever copies it: what is there and what is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .line import Gap
from .pages import gap_text, gaps

if TYPE_CHECKING:
    from .logfile import LogFile

READ = 256 * 1024
"""The most bytes of one block."""


class Block(NamedTuple):
    """What stands at a place of a log.

    Attributes:
        start: the place.
        end: where the next block begins.
        data: the bytes, or what stands for bytes that were never written.
        gap: what is gone, where it is; then there is no data.
    """

    start: int
    end: int
    data: bytes
    gap: Gap | None = None

    @property
    def is_written(self) -> bool:
        """Whether the data are the job's own bytes."""
        return len(self.data) == self.end - self.start


def block(log: LogFile, start: int, end: int) -> Block:
    """The block that begins at a byte and ends before another; not an empty one."""
    return log.steady(lambda: _block(log, start, end))


def _block(log: LogFile, start: int, end: int) -> Block:
    cut = log.index.cut_at(start)
    if cut is not None:
        # Who comes to the middle of a cut was overtaken, and has read a part of it.
        lines = cut.after - cut.before if start == cut.start else None
        return Block(start, cut.end, b"", Gap(cut.end - start, lines))
    end = min(end, log.index.span_of(start).end)
    low, high = next(gaps(log.fd, start, end), (end, end))
    if low == start:
        return Block(start, high, gap_text(high - low))
    low = min(low, start + READ)
    return Block(start, low, log.read(start, low - start))
