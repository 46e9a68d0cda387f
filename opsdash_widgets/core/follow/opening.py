"""Opening a run's files without being led elsewhere.

A run directory is writable by the job, so a name in it may be anything by now: a link
to another file, a FIFO that would hang the reader, a device.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class Refused(Exception):
    """A file or folder is there, but not one that is read; the text says why."""


def open_folder(folder: Path) -> int:
    """A descriptor of a folder; neither it nor its parent may be a link.

    Raises:
        FileNotFoundError: there is none.
        Refused: it is a link, no folder, or another user's.
    """
    absolute = Path(os.path.abspath(folder))  # noqa: PTH100 — resolve() follows links
    try:
        parent = os.open(absolute.parent, _FOLDER)
    except (NotADirectoryError, OSError) as error:
        raise _refusal(absolute.parent, error) from error
    try:
        descriptor = os.open(absolute.name or ".", _FOLDER, dir_fd=parent)
    except OSError as error:
        raise _refusal(absolute, error) from error
    finally:
        os.close(parent)
    return _checked(descriptor, absolute.name, stat.S_ISDIR)


def open_file(folder: int, name: str) -> int:
    """A descriptor for reading a regular file of ours in an opened folder.

    Never waits, whatever the name stands for.

    Raises:
        FileNotFoundError: there is none.
        Refused: it is a link, no regular file, or another user's.
    """
    try:
        descriptor = os.open(name, _FILE, dir_fd=folder)
    except OSError as error:
        raise _refusal(Path(name), error) from error
    return _checked(descriptor, name, stat.S_ISREG)


def _checked(descriptor: int, name: str, is_wanted: Callable[[int], bool]) -> int:
    info = os.fstat(descriptor)
    problem = ""
    if not is_wanted(info.st_mode):
        problem = f"{name} is not a regular file, so it is not read."
    elif info.st_uid != os.geteuid():
        problem = f"{name} belongs to another user, so it is not read."
    if problem:
        os.close(descriptor)
        raise Refused(problem)
    return descriptor


def _refusal(path: Path, error: OSError) -> OSError | Refused:
    if isinstance(error, FileNotFoundError):
        return error
    if path.is_symlink():
        return Refused(f"{path.name} is a link, so it is not read.")
    return Refused(f"{path.name} cannot be opened ({error.strerror}).")
