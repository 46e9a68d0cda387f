"""The folders and files of presets, opened so that nothing leads elsewhere.

A folder or a file that is a link is refused: only the home folder itself, and the
project's, may be reached through one.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from ..errors import PresetError
from ..rundir import files
from .decoding import LARGEST, refuse_large

FOLDER = "presets"
"""What the folder is called, in the home folder and beside ``opsdash.toml``."""
_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


@contextlib.contextmanager
def opened_folder(root: Path, module: str, *, make: bool = False) -> Iterator[int]:
    """A descriptor of a module's folder of presets.

    Args:
        root: the home folder, or the project's.
        module: the module's name, checked.
        make: make it where it is not there, for its owner alone.

    Raises:
        FileNotFoundError: it is not there.
        PresetError: it cannot be opened or made, or it is a link.
    """
    with contextlib.ExitStack() as stack:
        try:
            fd = os.open(root, _OPEN)
            stack.callback(os.close, fd)
            for name in (FOLDER, module):
                if make:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(name, 0o700, dir_fd=fd)
                fd = os.open(name, _OPEN | os.O_NOFOLLOW, dir_fd=fd)
                stack.callback(os.close, fd)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise unusable(root / FOLDER / module, error) from error
        yield fd


@contextlib.contextmanager
def locked(dir_fd: int) -> Iterator[None]:
    """Hold a folder against other writers of this package."""
    fd = os.open(".", _OPEN, dir_fd=dir_fd)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def names(dir_fd: int) -> list[str]:
    """The names of what is in a folder."""
    return os.listdir(dir_fd)


def read_file(dir_fd: int, name: str, path: Path) -> bytes:
    """The bytes of a preset's file.

    Raises:
        FileNotFoundError: it is not there.
        PresetError: it is a link, no file, too large, or cannot be read.
    """
    try:
        fd = files.open_regular(dir_fd, name)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise unusable(path, error) from error
    with os.fdopen(fd, "rb") as opened:
        refuse_large(os.fstat(fd).st_size, str(path))
        return opened.read(LARGEST + 1)


def unusable(path: Path, error: OSError) -> PresetError:
    """The error of a file or folder that is not used as it is."""
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return PresetError(
            f"{path} is a link, or no folder: it is not followed.",
            "Put the folder itself there, with the presets in it.",
        )
    return PresetError(
        f"{path} cannot be used ({error.strerror or error}).",
        "Make it a file or folder of your own that you may write.",
    )
