"""Who is there to start the runs that wait: a panel, a server, a terminal, a kernel.

Each holds a shared lock for as long as it lives. Whoever comes and finds nobody there
knows that the runs which still wait were left alone.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import weakref
from pathlib import Path

from ..rundir import files

THERE = "starters.lock"

_opened: weakref.WeakSet[Presence]


class Presence:
    """One session's place among those that start runs.

    Args:
        folder: the folder of the groups' records.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fd: int | None = None
        self._guard = threading.Lock()
        _opened.add(self)

    @property
    def there(self) -> bool:
        """Whether this session is one of them."""
        return self._fd is not None

    def come(self) -> bool:
        """Take our place; in our turn only (``GroupFiles.turn``).

        Returns:
            Whether somebody else is there.

        Raises:
            OSError: the lock cannot be made.
        """
        with self._guard:
            if self._fd is not None:
                return self._others(self._fd)
            with files.opened_dir(self._folder) as dir_fd:
                fd = files.open_regular(dir_fd, THERE, os.O_RDWR | os.O_CREAT)
            others = self._others(fd)
            self._fd = fd
            return others

    def go(self) -> bool:
        """Leave our place; in our turn only. Whether we were the last one there."""
        with self._guard:
            fd, self._fd = self._fd, None
            if fd is None:
                return False
            try:
                return not self._others(fd)
            finally:
                os.close(fd)

    def drop(self) -> None:
        """Close an inherited descriptor after a fork: the parent alone is there."""
        fd, self._fd = self._fd, None
        self._guard = threading.Lock()
        if fd is not None:
            with contextlib.suppress(OSError):
                os.close(fd)

    @staticmethod
    def _others(fd: int) -> bool:
        """Whether others hold the lock; ours is a shared one afterwards."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            fcntl.flock(fd, fcntl.LOCK_SH)
        return False


_opened = weakref.WeakSet()


def _after_fork() -> None:
    for presence in list(_opened):
        presence.drop()


os.register_at_fork(after_in_child=_after_fork)
