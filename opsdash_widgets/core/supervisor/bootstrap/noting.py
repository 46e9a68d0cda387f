"""Notes which stream a Python job writes, where and when: ``output.idx``.

Standard library only, Python 3.8 and newer, as all of the bootstrap.
"""

from __future__ import annotations

import atexit
import fcntl
import io
import os
import sys
import time

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from typing import Any, List, Optional

NOTE_EVERY_NS = 10_000_000
"""A span of one stream gets a new time at most this often."""

RECORD = 24
"""Bytes of a record of ``output.idx``: offset, nanoseconds, stream."""

TAIL = 64 * RECORD
"""How far back a record may stand after one of a higher offset."""

KEPT = io.DEFAULT_BUFFER_SIZE
"""Bytes that ``BufferedWriter`` keeps at most of a write that failed."""

INDEX_FD = 241
"""Where ``output.idx`` is open, if the limit on open files allows."""

UNKNOWN, STDOUT, STDERR = range(3)


def note_output(run_dir: str) -> List[NotedFile]:
    """Replace the standard streams by line-buffered ones that note their writes.

    Returns:
        The streams that note; none where the directory is gone.
    """
    path = os.path.join(run_dir, "output.log")
    try:
        log = os.stat(path)
        index = _IndexFile(os.path.join(run_dir, "output.idx"))
    except OSError:
        return []
    streams = index.streams
    for name, fd, stream in (("stdout", 1, STDOUT), ("stderr", 2, STDERR)):
        old = getattr(sys, name)
        if old is None or not os.path.samestat(os.fstat(fd), log):
            continue
        raw = NotedFile(fd, stream, index, path, log)
        new = io.TextIOWrapper(
            io.BufferedWriter(raw),
            encoding=old.encoding,
            errors=old.errors,
            newline="\n",
            line_buffering=True,
        )
        new.mode = "w"  # type: ignore[misc]  # as the interpreter's own have it
        setattr(sys, name, new)
        setattr(sys, "__" + name + "__", new)
        streams.append(raw)
    atexit.register(_close_spans, streams)
    return streams


def _close_spans(streams: List[NotedFile]) -> None:
    for stream in streams:
        stream.close_span()


class _IndexFile:
    """``output.idx``, on a descriptor that the job may close or reuse unharmed.

    Raises:
        OSError: the file cannot be opened.
    """

    def __init__(self, path: str) -> None:
        fd = os.open(
            path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600
        )
        seen = os.fstat(fd)
        self._file = (seen.st_dev, seen.st_ino)
        self._path = path
        self._fd = _out_of_the_way(fd)
        self.streams: List[NotedFile] = []

    def append(self, *numbers: int) -> None:
        """Append one record, as a whole or not at all."""
        record = b"".join(number.to_bytes(8, "little") for number in numbers)
        try:
            if self._is_ours() and os.write(self._fd, record) == len(record):
                return
        except OSError:
            pass  # a full disk, as where it took a part
        self._end_last()

    def _end_last(self) -> None:
        """Have the last span know nothing: the next was not taken by the disk.

        It would go on for ever otherwise, over what another stream wrote. A part of the
        next would shift all that follow.
        """
        try:
            fd = os.open(self._path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            return
        try:
            seen = os.fstat(fd)
            if (seen.st_dev, seen.st_ino) == self._file:
                _forget_last_span(fd, seen.st_size // RECORD * RECORD)
        except OSError:
            return
        finally:
            os.close(fd)

    def clear(self) -> None:
        """Forget all records and spans: what they speak of is gone."""
        for stream in self.streams:
            stream.forget()
        try:
            if self._is_ours():
                os.ftruncate(self._fd, 0)
        except OSError:
            return

    def _is_ours(self) -> bool:
        """Whether the number still means this file: a job may close what it finds."""
        seen = os.fstat(self._fd)
        return (seen.st_dev, seen.st_ino) == self._file


def _forget_last_span(fd: int, size: int) -> None:
    """Overwrite the stream of the records with the highest offset among the last."""
    os.ftruncate(fd, size)
    first = max(0, size - TAIL)
    tail = os.pread(fd, TAIL, first)
    offsets = [
        int.from_bytes(tail[at : at + 8], "little")
        for at in range(0, len(tail), RECORD)
    ]
    for number, offset in enumerate(offsets):
        if offset == max(offsets):
            place = first + (number + 1) * RECORD - 8
            os.pwrite(fd, UNKNOWN.to_bytes(8, "little"), place)


def _out_of_the_way(fd: int) -> int:
    """The same file on a high number, where programs expect no open file."""
    for place in (INDEX_FD, INDEX_FD // 2, INDEX_FD // 4):
        try:
            high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, place)
        except OSError:  # beyond the limit on open files
            continue
        os.close(fd)
        return high
    return fd


class NotedFile(io.FileIO):
    """A raw stream that notes in ``output.idx`` where and when its writes went.

    A write whose start is the end of this stream's previous one needs no new record:
    nobody else wrote in between. So no lock is needed between streams, threads and
    processes, and what others wrote is never taken for ours.
    """

    def __init__(
        self, fd: int, stream: int, index: _IndexFile, path: str, log: os.stat_result
    ) -> None:
        super().__init__(fd, "wb", closefd=False)
        self.name = "<stdout>" if stream == STDOUT else "<stderr>"
        self._fd, self._stream, self._index, self._path = fd, stream, index, path
        self._log = (log.st_dev, log.st_ino)
        self._end = -1
        self._noted = 0
        self._before = 0
        self._flight = b""

    def write(self, data: Any) -> Optional[int]:  # type: ignore[override]  # as FileIO
        """Write, and note it where the span or its time is new.

        A signal's handler may raise between the system call and our return, unlike in
        ``FileIO``, which is C. ``BufferedWriter`` keeps what it has not been told to be
        written, and would write it twice.
        """
        if self._flight:
            written = self._already_written(data)
            if written:
                return written
        self._before = self._end if self._end >= 0 else self._position()
        self._flight = bytes(data) if len(data) <= KEPT else b""
        try:
            count = os.write(self._fd, data)
        except BlockingIOError:  # the job has put such a pipe there: as FileIO has it
            self._flight = b""
            return None
        now = time.time_ns()
        try:
            end = os.lseek(self._fd, 0, os.SEEK_CUR)
        except OSError:  # the job has put a pipe or a terminal in this place
            self._flight = b""
            return count
        start, previous = end - count, self._end
        if start != previous or now - self._noted > NOTE_EVERY_NS:
            seen = os.fstat(self._fd)
            if (seen.st_dev, seen.st_ino) == self._log:
                self._note(start, now)
            else:
                end = -1  # redirected for a while, as a test runner does
        self._end = end
        self._flight = b""
        return count

    def _already_written(self, data: Any) -> int:
        """How much of what is to be written an interrupted call has written.

        Only its own writes move this description's position. Others may have moved the
        end of the file in between, so by how much says nothing but that a short way is
        a part.
        """
        flight, self._flight = self._flight, b""
        moved = self._position() - self._before
        if not moved or bytes(data[: len(flight)]) != flight:
            return 0
        return moved if 0 < moved < len(flight) else len(flight)

    def _position(self) -> int:
        try:
            return os.lseek(self._fd, 0, os.SEEK_CUR)
        except OSError:  # the job has put a pipe or a terminal in this place
            return -1

    def _note(self, start: int, now: int) -> None:
        if start < self._end:
            self._index.clear()  # the job has truncated its output
        if start != self._end:
            self.close_span()
        self._index.append(start, now, self._stream)
        self._noted = now

    def forget(self) -> None:
        """Know nothing of where the last write ended."""
        self._end = -1

    def close_span(self) -> None:
        """Note that nothing is known of what follows the last write."""
        if self._end >= 0:
            self._index.append(self._end, self._noted, UNKNOWN)
            self._end = -1

    def reopen(self) -> None:
        """Replace the inherited description by one of this process's own."""
        self._end = -1
        try:
            seen = os.fstat(self._fd)
            if (seen.st_dev, seen.st_ino) == self._log:
                fd = os.open(self._path, os.O_WRONLY | os.O_APPEND)
                os.dup2(fd, self._fd)
                os.close(fd)
        except OSError:
            return
