"""Processes by pid and start: an own reading of ``/proc``, and signals that miss none.

Nothing is ever looked for by its name.
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MARK = "OPSDASH_FAULTS_MARK"
"""A variable that whatever one chapter of the bench starts inherits."""


class Process(NamedTuple):
    """A process for ever: pids are used again, pids with their start are not."""

    pid: int
    ticks: int

    @property
    def alive(self) -> bool:
        """Whether it still runs; a zombie does not."""
        fields = _stat(self.pid)
        return (
            bool(fields)
            and fields[0] not in (b"Z", b"X")
            and int(fields[19]) == self.ticks
        )

    @property
    def exists(self) -> bool:
        """Whether it is there at all, a zombie included."""
        fields = _stat(self.pid)
        return bool(fields) and int(fields[19]) == self.ticks

    def send(self, number: signal.Signals) -> bool:
        """Send it a signal; whether it was there to get it."""
        try:
            handle = os.pidfd_open(self.pid)
        except OSError:
            return False
        try:
            if not self.alive:
                return False
            signal.pidfd_send_signal(handle, number)
        except OSError:
            return False
        finally:
            os.close(handle)
        return True

    def kill(self) -> bool:
        """SIGKILL it; whether it was alive."""
        return self.send(signal.SIGKILL)


def now() -> float:
    """Boot time, seconds: what the ledgers are written in too."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def of_pid(pid: int) -> Process | None:
    """The process that has a pid now."""
    fields = _stat(pid)
    return Process(pid, int(fields[19])) if fields else None


def marked(mark: str) -> Iterator[tuple[Process, dict[str, str]]]:
    """All living processes that have inherited a mark, with their environment."""
    wanted = f"{MARK}={mark}".encode()
    for path in Path("/proc").iterdir():
        if not path.name.isdigit():
            continue
        try:
            entries = (path / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        process = of_pid(int(path.name)) if wanted in entries else None
        if process is not None and process.alive:
            pairs = (entry.partition(b"=") for entry in entries)
            yield process, {k.decode(): os.fsdecode(v) for k, _, v in pairs}


def holds_lock(path: Path) -> bool:
    """Whether somebody holds the lock on a file."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


def _stat(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return []
