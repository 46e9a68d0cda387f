"""A home folder that is looked into and repaired without being led out of it.

Every folder below the home is opened from the one above it, never through a link; a
mode is changed on the very file that was looked at.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from ...rundir import files

ASIDE = "set-aside"
"""Where things are moved to that do not belong where they were."""

SETTLED_S = 60.0
"""What was changed within this time may be about to get its right form or its name."""

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_BELOW = _DIRECTORY | os.O_NOFOLLOW
_NAMES_TRIED = 100


class Home:
    """An open home folder.

    Args:
        path: where it is; it alone may be a link.

    Attributes:
        owner: the user id that it belongs to.
        mode: its permission bits.

    Raises:
        OSError: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd = os.open(path, _DIRECTORY)
        self._stamp = ""
        self.refresh()

    def refresh(self) -> None:
        """Look at its owner and its mode again."""
        seen = os.fstat(self._fd)
        self.owner, self.mode = seen.st_uid, stat.S_IMODE(seen.st_mode) & 0o777

    def close(self) -> None:
        """Release it."""
        os.close(self._fd)

    @property
    def is_ours(self) -> bool:
        """Whether it belongs to who we are."""
        return self.owner == os.geteuid()

    @property
    def is_usable(self) -> bool:
        """Whether its owner may do all that a home is for."""
        return self.mode & 0o700 == 0o700

    @property
    def is_shared(self) -> bool:
        """Whether others were let in to write: what they own is theirs."""
        return bool(self.mode & 0o022)

    @contextlib.contextmanager
    def folder(self, *parts: str) -> Iterator[int]:
        """A descriptor of a folder below the home.

        Raises:
            OSError: it is not there, is no folder, or a link is on the way.
        """
        fd = os.open(".", _DIRECTORY, dir_fd=self._fd)
        try:
            for part in parts:
                below = os.open(part, _BELOW, dir_fd=fd)
                os.close(fd)
                fd = below
            yield fd
        finally:
            os.close(fd)

    def set_aside(self, *parts: str) -> str:
        """Move a file or a folder out of the way, whatever it is.

        Returns:
            The sentence that says so.

        Raises:
            OSError: it cannot be moved; what is gone by now is ``FileNotFoundError``.
        """
        *folders, name = parts
        with self.folder(*folders) as source, self.aside(*folders) as target:
            free = _free_name(target, name)
            os.rename(name, free, src_dir_fd=source, dst_dir_fd=target)
        return moved("/".join((*folders, free)), self._stamp)

    @contextlib.contextmanager
    def aside(self, *parts: str) -> Iterator[int]:
        """A folder below ``set-aside/<time>``, made where it is not there.

        Raises:
            OSError: it cannot be made.
        """
        with contextlib.ExitStack() as stack:
            fd = stack.enter_context(self.folder())
            fd = stack.enter_context(_made(fd, ASIDE))
            if not self._stamp:
                self._stamp = _new_folder(fd)
            for part in (self._stamp, *parts):
                fd = stack.enter_context(_made(fd, part))
            yield fd

    def write_aside(self, name: str, data: bytes) -> str:
        """Keep data in ``set-aside/<time>``; the sentence that says so.

        Raises:
            OSError: it cannot be written.
        """
        with self.aside() as fd:
            free = _free_name(fd, name)
            files.write_atomic(fd, free, data)
        return f"What it held is kept in {ASIDE}/{self._stamp}/{free}."


def moved(path: str, stamp: str) -> str:
    """Where something is now, one sentence."""
    return f"It was moved to {ASIDE}/{stamp}/{path}."


def is_settled(status: os.stat_result) -> bool:
    """Whether nobody has changed a file lately; a clock may have been set back."""
    return abs(time.time() - status.st_mtime) > SETTLED_S


def listed(dir_fd: int) -> list[str]:
    """The names in an open folder, in order."""
    return sorted(os.listdir(dir_fd))


def lstat(dir_fd: int, name: str) -> os.stat_result | None:
    """What a name stands for, links not followed; ``None`` where it is gone."""
    try:
        return os.stat(name, dir_fd=dir_fd, follow_symlinks=False)
    except FileNotFoundError:
        return None


def chmod(dir_fd: int, name: str, mode: int) -> None:
    """Change the mode of a file or a folder, never through a link.

    Nothing is opened for it: closing a registry that is in use would drop its locks.

    Raises:
        OSError: it cannot be changed.
    """
    fd = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=dir_fd)
    try:
        if stat.S_ISLNK(os.fstat(fd).st_mode):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), name)
        os.chmod(f"/proc/self/fd/{fd}", mode)  # noqa: PTH101 - no path, a descriptor
    finally:
        os.close(fd)


def word_of(mode: int) -> str:
    """What kind of thing a mode says that it is."""
    kinds = {
        stat.S_IFREG: "a file",
        stat.S_IFDIR: "a folder",
        stat.S_IFLNK: "a link",
        stat.S_IFIFO: "a FIFO",
        stat.S_IFSOCK: "a socket",
    }
    return kinds.get(stat.S_IFMT(mode), "a device")


def _new_folder(aside: int) -> str:
    """Make the folder of this time: its name, which nobody else has taken."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    for name in (stamp, *(f"{stamp}-{number}" for number in range(2, _NAMES_TRIED))):
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, 0o700, dir_fd=aside)
            return name
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), stamp)


def _free_name(dir_fd: int, name: str) -> str:
    for free in (name, *(f"{name}~{number}" for number in range(2, _NAMES_TRIED))):
        if lstat(dir_fd, free) is None:
            return free
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)


@contextlib.contextmanager
def _made(dir_fd: int, name: str) -> Iterator[int]:
    """A folder below another, made where it is not there."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, 0o700, dir_fd=dir_fd)
    fd = os.open(name, _BELOW, dir_fd=dir_fd)
    try:
        yield fd
    finally:
        os.close(fd)
