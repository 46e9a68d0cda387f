"""Asking whether a lock of the run directory is held, without taking it."""

from __future__ import annotations

import fcntl
import os

from .files import open_regular


def is_held(dir_fd: int, name: str) -> bool:
    """Whether somebody holds the exclusive lock on a file.

    A shared lock is taken for an instant: askers do not disturb each other, and a
    supervisor gets its lock from its launcher, who waits for it.
    """
    try:
        fd = open_regular(dir_fd, name)
    except OSError:
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
