"""A log that grows too long: its middle is cut out, its offsets stay valid.

``fallocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE)``, fallocate(2), gives the
space back and leaves the size. What was cut out stands in ``output.holes`` before it
is: start, end and the lines in between, ``<QQQ``.
"""

from __future__ import annotations

import errno
import os

from . import records

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from typing import Any

NAME = "output.holes"
RECORD = 24
KEEP_SIZE, PUNCH_HOLE = 1, 2
"""``<linux/falloc.h>``"""

HEAD = 4
"""A quarter of what is kept is the beginning of the log."""
SLACK = 8
"""It is cut again when it has grown by an eighth of what is kept."""
LONGEST_LINE = 64 << 10
"""How far the end of a line is looked for."""
CHUNK = 1 << 20
MOST_AT_ONCE = 256 << 20
"""It is cut in pieces, and their lines are counted: a stop does not wait for long."""

_NOWHERE = 1 << 63

# A job may have put a link or a FIFO in a file's place.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
_WRITE = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK


class LogCap:
    """Keeps the log of a run short.

    Args:
        dir_fd: the run directory.
        fd: the log, open for writing.
        keep: bytes of it that are kept; 0 keeps all.
    """

    def __init__(self, dir_fd: int, fd: int, keep: int) -> None:
        self._dir_fd = dir_fd
        self._fd = fd
        self._keep = keep
        self._slack = max(keep // SLACK, CHUNK // 16)
        self._failed_at = -self._slack
        self._start = self._end = self._cuts = 0
        if keep:
            self._start, self._end, self._cuts = _known_hole(dir_fd)

    def trim(self, size: int) -> None:
        """Cut the middle out of a log of that size if it is too long."""
        if not self._keep:
            return
        if size < self._end:  # the job has truncated it: there is no hole any more
            self._start = self._end = self._cuts = 0
            self._unnote()
            self._failed_at = -self._slack
        held = size - (self._end - self._start)
        if held <= self._keep + self._slack or size < self._failed_at + self._slack:
            return
        try:
            self._cut(size)
        except OSError as error:
            if self._failed_at < 0:
                records.complain(f"the log cannot be shortened: {error.strerror}")
            if error.errno == errno.EOPNOTSUPP:
                self._keep = 0  # a file system without holes learns none
            self._failed_at = size  # a full disk: once the log grows again, it is not

    def _cut(self, size: int) -> None:
        log = os.open("output.log", _READ, dir_fd=self._dir_fd)
        try:
            if not os.path.samestat(os.fstat(log), os.fstat(self._fd)):
                return  # the job has put another file there
            head = self._keep // HEAD
            start = self._end or _behind_line(log, head, size)
            end = min(size - (self._keep - head), start + MOST_AT_ONCE)
            end = _behind_line(log, end, size)
            if end <= start:
                return
            self._note(start, end, _lines(log, start, end))
        finally:
            os.close(log)
        try:
            _punch(self._fd, start, end - start)
        except OSError:
            self._unnote(self._cuts)
            raise
        self._start, self._end = self._start or start, end
        self._cuts += 1

    def _note(self, *numbers: int) -> None:
        fd = records.open_append(self._dir_fd, NAME)
        try:
            if not records.append_record(fd, *numbers):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finally:
            os.close(fd)

    def _unnote(self, keep: int = 0) -> None:
        """Keep so many records, and forget those behind."""
        try:
            fd = os.open(NAME, _WRITE, dir_fd=self._dir_fd)
        except OSError:
            return
        try:
            os.ftruncate(fd, min(keep, os.fstat(fd).st_size // RECORD) * RECORD)
        except OSError:  # a FIFO
            return
        finally:
            os.close(fd)


def _known_hole(dir_fd: int) -> tuple[int, int, int]:
    """Start and end of the hole that an earlier supervisor has cut, and its cuts."""
    try:
        fd = os.open(NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=dir_fd)
    except OSError:
        return 0, 0, 0
    try:
        last = os.fstat(fd).st_size // RECORD * RECORD - RECORD
        if last < 0:
            return 0, 0, 0
        first, final = os.pread(fd, RECORD, 0), os.pread(fd, RECORD, last)
    except OSError:  # a folder
        return 0, 0, 0
    finally:
        os.close(fd)
    start, end = first[:8], final[8:16]
    return (
        int.from_bytes(start, "little"),
        int.from_bytes(end, "little"),
        last // RECORD + 1,
    )


def _punch(fd: int, start: int, length: int) -> None:
    """Give the space of a span back.

    Raises:
        OSError: the file system, or the interpreter's build, cannot.
    """
    try:
        import _ctypes  # loaded already, by ``process.become_subreaper``

        simple_data: Any = _ctypes._SimpleCData

        class Offset(simple_data):  # type: ignore[misc]  # as ``ctypes.c_longlong``
            _type_ = "q"

        this_program: Any = None
        fallocate = _ctypes.dlsym(_ctypes.dlopen(this_program, 0), "fallocate")
        mode = KEEP_SIZE | PUNCH_HOLE
        span = (Offset(start), Offset(length))
        result = _ctypes.call_function(fallocate, (fd, mode, *span))
    except (ImportError, AttributeError):
        result = -1
    if result:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))


def _behind_line(log: int, offset: int, size: int) -> int:
    """The end of the line that an offset is in, if it is near; else the offset."""
    data = os.pread(log, min(LONGEST_LINE, max(0, size - offset)), offset)
    at = data.find(b"\n")
    return offset + at + 1 if at >= 0 else offset


def _lines(log: int, start: int, end: int) -> int:
    count = 0
    while (start := _data_from(log, start)) < end:
        data = os.pread(log, min(CHUNK, end - start), start)
        if not data:
            break
        count += data.count(b"\n")
        start += len(data)
    return count


def _data_from(log: int, offset: int) -> int:
    """Where there is data again: a job may have left out a terabyte; lseek(2)."""
    try:
        return os.lseek(log, offset, os.SEEK_DATA)
    except OSError as error:
        return _NOWHERE if error.errno == errno.ENXIO else offset
