"""Which stream output came from, where the job does not say so itself.

fd 1 and fd 2 of the job are two descriptions of one file, opened for appending: after
a write a description's position is the end of that write. Sampling both positions
tells who wrote last; what two streams wrote between two samples is *mixed*.

Record format (``output.idx``, ``output.fpos``): ``<QQQ`` = offset, wall-clock
nanoseconds since the epoch, stream. Bytes from the offset on, until the next record's
offset, belong to the stream.
"""

from __future__ import annotations

import os
import time

from . import records

UNKNOWN, STDOUT, STDERR, MIXED = range(4)

REFRESH_NS = 1_000_000_000
"""A span of one stream gets a new time at least this often."""


class Sampler:
    """Samples the positions of the job's two output descriptions.

    Attributes:
        size: how long the output was at the last sample, bytes.
    """

    def __init__(self, out_fd: int, err_fd: int, record_fd: int) -> None:
        self._fds = (out_fd, err_fd)
        self._record_fd = record_fd
        self.size = 0
        self._last = (UNKNOWN, 0)

    def sample(self) -> bool:
        """Take a sample; whether there was new output."""
        if os.fstat(self._fds[0]).st_size == self.size:
            return False
        size, out, err, consistent = self._look()
        if size < self.size:
            self._start_over()
        if size == self.size:
            return False
        start, self.size = self.size, size
        if not consistent or (out > start and err > start):
            first = max(out, err) if not consistent else min(out, err)
            self._record(start, MIXED)
            start = first
        if start < max(out, err):
            self._record(start, STDOUT if out > err else STDERR)
            start = max(out, err)
        if start < size:  # written through a third description
            self._record(start, UNKNOWN)
        return True

    def _look(self) -> tuple[int, int, int, bool]:
        """Size and both positions, and whether they belong to one moment."""
        before = self._positions()
        for _ in range(3):
            size = os.fstat(self._fds[0]).st_size
            after = self._positions()
            if before == after:
                return size, *_within(size, after), True
            before = after
        out, err = _within(os.fstat(self._fds[0]).st_size, before)
        return max(out, err), out, err, False

    def _start_over(self) -> None:
        """The job has truncated its output: what was noted speaks of what is gone."""
        self.size = 0
        self._forget()

    def _forget(self) -> None:
        self._last = (UNKNOWN, 0)
        try:
            os.ftruncate(self._record_fd, 0)
        except OSError:  # there was no space for the file
            return

    def _positions(self) -> tuple[int, int]:
        out, err = (os.lseek(fd, 0, os.SEEK_CUR) for fd in self._fds)
        return out, err

    def _record(self, offset: int, stream: int) -> None:
        now = time.time_ns()
        last_stream, last_ns = self._last
        if stream == last_stream and now - last_ns < REFRESH_NS:
            return
        if records.append_record(self._record_fd, offset, now, stream):
            self._last = (stream, now)
        else:  # a full disk: nothing rather than what the last record would say of it
            self._forget()


def _within(size: int, positions: tuple[int, int]) -> tuple[int, int]:
    """Positions beyond the end are of before the job truncated its output."""
    out, err = (place if place <= size else 0 for place in positions)
    return out, err
