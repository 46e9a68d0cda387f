"""Notes how a Python job ends, as the last thing it does: ``exit.note``.

A supervisor learns the exit code from the kernel. Should it be killed, the job's own
note is what is left: ``PID CODE WALL_NS BOOT_NS``, the code negative for a signal. Its
place on the disk is taken at the start: a full disk cannot lose it.

Standard library only, Python 3.8 and newer, as all of the bootstrap.
"""

from __future__ import annotations

import atexit
import os
import sys
import time

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from typing import Any, NoReturn, Optional

SIZE = 96
"""Bytes of the note, with the blanks behind it."""

FLAGS = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_INTERRUPTED = -2
"""Python ends itself by SIGINT where nobody has caught ``KeyboardInterrupt``."""
_EXCEPTION = 1
_LONG = 1 << 63


class ExitNote:
    """The note of this process; its children by ``fork`` write none.

    Made before anything else asks ``atexit``, it is written after everything else.
    """

    def __init__(self, run_dir: str) -> None:
        self._path = os.path.join(run_dir, "exit.note")
        self._pid = os.getpid()
        self._code: Optional[int] = None
        self._write(b"")
        self._leave = os._exit
        os._exit = self._leave_at_once
        atexit.register(self._at_exit)

    def raised(self, error: BaseException) -> None:
        """Say what the module has raised: it is how Python will end."""
        if isinstance(error, SystemExit):
            self._code = code_of(error.code)
        elif isinstance(error, KeyboardInterrupt):
            self._code = _INTERRUPTED
        else:
            self._code = _EXCEPTION

    def returned(self) -> None:
        """Say that the module has come to its end."""
        self._code = 0

    def _at_exit(self) -> None:
        if self._code is None or os.getpid() != self._pid:
            return
        try:
            for stream in (sys.stdout, sys.stderr):
                if stream is not None and not stream.closed:
                    stream.flush()
        except (OSError, ValueError, AttributeError):
            return  # Python will exit with another code, or will not: nobody knows
        self._write_code(self._code)

    def _leave_at_once(self, status: int) -> NoReturn:
        """``os._exit``, which runs no ``atexit``."""
        if os.getpid() == self._pid and isinstance(status, int):
            self._write_code(status & 0xFF)
        self._leave(status)

    def _write_code(self, code: int) -> None:
        now = time.time_ns(), time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        self._write(b"%d %d %d %d" % (self._pid, code, *now))

    def _write(self, text: bytes) -> None:
        try:
            fd = os.open(self._path, FLAGS, 0o600)
        except OSError:  # the run directory is gone
            return
        try:
            os.write(fd, text.ljust(SIZE - 1) + b"\n")
        except OSError:
            return
        finally:
            os.close(fd)


def code_of(status: Any) -> int:
    """The exit code that ``SystemExit`` of a value ends with."""
    if status is None:
        return 0
    if not isinstance(status, int):
        return _EXCEPTION  # Python prints it
    return status & 0xFF if -_LONG <= status < _LONG else 0xFF
