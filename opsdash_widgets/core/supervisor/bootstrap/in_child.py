"""Runs a module as ``python -m`` would, with its output noted and SIGTERM heard.

Standard library only, Python 3.8 and newer: it runs in the interpreter of the job,
which need not have our package.
"""

from __future__ import annotations

import _thread
import atexit
import fcntl
import io
import os
import runpy
import sys
import time

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Any, Callable, Dict, List, NoReturn, Optional, Type

    ExceptHook = Callable[
        [Type[BaseException], BaseException, Optional[TracebackType]], Any
    ]

try:
    import _signal  # type: ignore[import-not-found]  # ``signal`` imports enum
except ImportError:  # another implementation of Python
    import signal as _signal

signal: Any = _signal

NOTE_EVERY_NS = 10_000_000
"""A span of one stream gets a new time at most this often."""

RECORD = 24
"""Bytes of a record of ``output.idx``: offset, nanoseconds, stream."""

TAIL = 64 * RECORD
"""How far back a record may stand after one of a higher offset."""

INDEX_FD = 241
"""Where ``output.idx`` is open, if the limit on open files allows."""

UNKNOWN, STDOUT, STDERR = range(3)


def run(argv: List[str], safe_path: bool) -> None:
    """Run a module.

    Args:
        argv: ``[script, run_dir, secrets_fd, module, argument, …]``.
        safe_path: leave the working directory off ``sys.path``, as ``-P`` asks.
    """
    run_dir, secrets_fd, module, arguments = argv[1], argv[2], argv[3], argv[4:]
    if secrets_fd != "-":
        _fill_in_secrets(arguments, int(secrets_fd))
    _note_output(run_dir)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _exit_on_sigterm)
    _look_like_dash_m(module, arguments)
    if not safe_path:
        sys.path.insert(0, _working_directory())
    try:
        runpy._run_module_as_main(module)  # type: ignore[attr-defined]  # what -m calls
    except BaseException:
        sys.excepthook = _without_our_frames(sys.excepthook)
        raise  # the interpreter knows best how to end


def _working_directory() -> str:
    try:
        return os.getcwd()
    except OSError:  # it was removed meanwhile
        return ""


def _look_like_dash_m(module: str, arguments: List[str]) -> None:
    """Leave argv and ``__main__`` as ``python -m module`` has them."""
    sys.argv = ["-m", *arguments]
    if hasattr(sys, "orig_argv"):
        sys.orig_argv = [sys.executable, "-m", module, *arguments]
    main = vars(sys.modules["__main__"])
    for name in [name for name in main if not name.startswith("__")]:
        del main[name]


def _fill_in_secrets(arguments: List[str], fd: int) -> None:
    """Put the values that must not be on a command line into their places."""
    import json

    with os.fdopen(fd, "rb") as pipe:
        for place, value in json.loads(pipe.read() or b"[]"):
            arguments[place] = value


def _exit_on_sigterm(number: int, _: Optional[FrameType]) -> NoReturn:
    """End by ``SystemExit``, so that ``finally`` and ``atexit`` run; hear it once."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _without_our_frames(hook: ExceptHook) -> ExceptHook:
    """The hook in use (the module may have set one), shown the module's frames only."""

    def shown(
        kind: Type[BaseException],
        error: BaseException,
        traceback: Optional[TracebackType],
    ) -> None:
        sys.excepthook = hook
        while traceback and not _is_runpy(traceback.tb_frame.f_code.co_filename):
            traceback = traceback.tb_next
        hook(kind, error.with_traceback(traceback), traceback)

    return shown


def _is_runpy(path: str) -> bool:
    return path == runpy.__file__ or path.startswith("<frozen runpy")


def _note_output(run_dir: str) -> None:
    """Replace the standard streams by line-buffered ones that note their writes."""
    path = os.path.join(run_dir, "output.log")
    index_path = os.path.join(run_dir, "output.idx")
    try:
        log = os.stat(path)
        index = _IndexFile(index_path)
    except OSError:
        return  # the directory is gone: the job still runs, its streams are whole
    streams = index.streams
    for name, fd, stream in (("stdout", 1, STDOUT), ("stderr", 2, STDERR)):
        old = getattr(sys, name)
        if old is None or not os.path.samestat(os.fstat(fd), log):
            continue
        raw = NotedFile(fd, stream, index, (log.st_dev, log.st_ino))
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
    guard = _ForkGuard(streams, path)
    os.register_at_fork(
        before=guard.before,
        after_in_parent=guard.in_parent,
        after_in_child=guard.in_child,
    )


def _close_spans(streams: List[NotedFile]) -> None:
    for stream in streams:
        stream.close_span()


class _ForkGuard:
    """Keeps SIGTERM from a forked child until it has its default action back.

    A child that gets it between the two would run our handler inside a fork hook,
    where an exception is dropped: ``Process.terminate()`` would be lost. (Python before
    3.10 starts programs by a ``fork`` without hooks: there it can still be lost.)
    """

    def __init__(self, streams: List[NotedFile], path: str) -> None:
        self._streams = streams
        self._path = path
        self._masks: Dict[int, Any] = {}

    def before(self) -> None:
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        self._masks[_thread.get_ident()] = blocked

    def in_parent(self) -> None:
        mask = self._masks.pop(_thread.get_ident())
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def in_child(self) -> None:
        if signal.getsignal(signal.SIGTERM) is _exit_on_sigterm:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for stream in self._streams:  # their own descriptions: exact offsets
            stream.reopen(self._path)
        self.in_parent()


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

    def __init__(self, fd: int, stream: int, index: _IndexFile, log: Any) -> None:
        super().__init__(fd, "wb", closefd=False)
        self.name = "<stdout>" if stream == STDOUT else "<stderr>"
        self._fd, self._stream, self._index, self._log = fd, stream, index, log
        self._end = -1
        self._noted = 0

    def write(self, data: Any) -> Optional[int]:  # type: ignore[override]  # as FileIO
        """Write, and note it where the span or its time is new."""
        try:
            count = os.write(self._fd, data)
        except BlockingIOError:  # the job has put such a pipe there: as FileIO has it
            return None
        now = time.time_ns()
        try:
            end = os.lseek(self._fd, 0, os.SEEK_CUR)
        except OSError:  # the job has put a pipe or a terminal in this place
            return count
        start, previous = end - count, self._end
        if start != previous or now - self._noted > NOTE_EVERY_NS:
            seen = os.fstat(self._fd)
            if (seen.st_dev, seen.st_ino) != self._log:
                self._end = -1  # redirected for a while, as a test runner does
                return count
            self._note(start, now)
        self._end = end
        return count

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

    def reopen(self, path: str) -> None:
        """Replace the inherited description by one of this process's own."""
        self._end = -1
        try:
            seen = os.fstat(self._fd)
            if (seen.st_dev, seen.st_ino) == self._log:
                fd = os.open(path, os.O_WRONLY | os.O_APPEND)
                os.dup2(fd, self._fd)
                os.close(fd)
        except OSError:
            return
