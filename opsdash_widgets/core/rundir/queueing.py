"""Runs that wait for their turn: a run directory without a supervisor.

Such a run is started by whoever gets its lock, so that it starts once whoever tries. A
lock that nobody holds and no supervisor has signed was dropped at the moment of
starting: the job never began, and the run still waits.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from ..errors import StopError
from ..model import RunSpec
from . import files, locks, processes
from .create import making, not_made, run_dir_path, sync_folder
from .facts import BEFORE_START, ExitRecord

LOCK = "lock"
AT_ONCE = 16
"""How many directories are made at a time."""
ASKER_S = 0.05
"""How long somebody who only asks whether the lock is held may keep it."""


def queue_run_dirs(runs_dir: Path, specs: Iterable[RunSpec]) -> list[Path]:
    """Make the directories of runs that wait; all are on disk when this returns.

    Raises:
        LaunchError: one cannot be made; others may be there.
    """

    def make(spec: RunSpec) -> Path:
        path = run_dir_path(runs_dir, spec.run_id)
        with making(runs_dir, spec) as folder:
            return folder.rename(path)

    # A disk writes many files at once about as fast as one: it is waited for together.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        paths = list(pool.map(make, specs))
    try:
        sync_folder(runs_dir)
    except OSError as error:
        raise not_made(runs_dir, error) from error
    return paths


def take_turn(run_dir: Path) -> int | None:
    """The lock of a run that waits, for its supervisor.

    Returns:
        A descriptor that holds the lock; ``None`` where the run was started or ended
        by somebody else.

    Raises:
        RunGone: the directory is not there.
        RunUnreadable: it cannot be read now.
    """
    with files.own_folder(run_dir) as dir_fd:
        fd = _lock_made_now(dir_fd)
        if fd is None:
            fd = _lock_left_behind(dir_fd)
        if fd is not None and _has_begun(dir_fd):
            os.close(fd)
            return None
        return fd


def drop_turn(lock: int) -> None:
    """Give a turn back: the run waits again."""
    os.close(lock)


def end_before_start(run_dir: Path, *, by: str) -> bool:
    """Write the end of a run that waits, so that nobody starts it.

    Returns:
        Whether it is ended; false where somebody has started it or ended it before.

    Raises:
        RunGone: the directory is not there.
        RunUnreadable: it cannot be read now.
        StopError: the record cannot be written.
    """
    return _end(run_dir, stop={"rung": BEFORE_START, "by": by})


def end_unstartable(run_dir: Path, message: str) -> bool:
    """As ``end_before_start``, for a run that can never be started.

    Args:
        run_dir: its directory.
        message: why not.
    """
    error = {"errno": None, "message": message.rstrip("."), "what": "supervisor"}
    return _end(run_dir, exec_error=error)


def _end(run_dir: Path, **what: Any) -> bool:
    lock = take_turn(run_dir)
    if lock is None:
        return False
    record = ExitRecord(
        ended=time.time(),
        ended_boot=time.clock_gettime(time.CLOCK_BOOTTIME),
        boot_id=processes.boot_id(),
        **what,
    )
    try:
        with files.opened_dir(run_dir) as dir_fd:
            files.write_atomic(dir_fd, "exit.json", msgspec.json.encode(record))
            with contextlib.suppress(FileNotFoundError):
                os.unlink("exit.slot", dir_fd=dir_fd)
    except OSError as error:
        raise StopError(
            f"The end of run {run_dir.name} could not be written: {error.strerror}.",
            "Free some space or make its folder writable, then try again.",
        ) from error
    finally:
        os.close(lock)
    return True


def _lock_made_now(dir_fd: int) -> int | None:
    """The lock, made and held in one step; None where there is one already."""
    name = f".{LOCK}.{secrets.token_hex(4)}"
    fd = files.open_regular(dir_fd, name, os.O_RDWR | os.O_CREAT | os.O_EXCL)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        os.link(name, LOCK, src_dir_fd=dir_fd, dst_dir_fd=dir_fd)
    except FileExistsError:
        os.close(fd)
        return None
    except OSError:
        os.close(fd)
        raise
    finally:
        with contextlib.suppress(OSError):
            os.unlink(name, dir_fd=dir_fd)
    return fd


def _lock_left_behind(dir_fd: int) -> int | None:
    """A lock that is there and free, of a starter that died before it started."""
    try:
        fd = files.open_regular(dir_fd, LOCK, os.O_RDWR)
    except OSError as error:
        if error.errno == errno.ENOENT:
            return None
        raise
    if locks.take_within(fd, ASKER_S):
        return fd
    os.close(fd)
    return None


def _has_begun(dir_fd: int) -> bool:
    """Whether a supervisor has signed the lock, or the run has a process or an end."""
    signed = os.stat(LOCK, dir_fd=dir_fd, follow_symlinks=False).st_size > 0
    return signed or any(
        files.exists(dir_fd, name) for name in ("exit.json", "child.json")
    )
