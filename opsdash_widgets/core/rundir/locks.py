"""The locks of a run directory: taking one, and asking whether one is held."""

from __future__ import annotations

import fcntl
import os
import time

from .files import open_if_ours, open_regular

POLL_S = 0.005
"""How often a lock is tried that somebody else holds."""


def is_held(dir_fd: int, name: str) -> bool:
    """Whether somebody holds the exclusive lock on a file.

    A shared lock is taken for an instant: askers do not disturb each other, and a
    supervisor gets its lock from its launcher, who waits for it.

    Raises:
        OSError: it cannot be known now (too many open files, no locks …).
    """
    fd = open_if_ours(dir_fd, name)
    if fd is None:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


def take(dir_fd: int, name: str) -> int:
    """Create the lock file where needed, lock it, and give the open descriptor.

    Raises:
        OSError: the file cannot be made.
    """
    fd = open_regular(dir_fd, name, os.O_RDWR | os.O_CREAT)
    fcntl.flock(fd, fcntl.LOCK_EX)
    return fd


def take_within(fd: int, seconds: float) -> bool:
    """Lock an open file, waiting so long at most; whether it is locked now."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_S)
        else:
            return True
