"""Reading a folder below a root: never through a link that leads out of it.

A path is first resolved; what it resolves to must lie below a root. Then it is opened
name by name from the root's descriptor without following any link, so that a link that
is put there meanwhile opens nothing.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from ..model.folder import EntryKind, FolderEntry
from ..redaction import safe_text

MOST_NAMES = 200_000
"""So many names of one folder are looked at."""
_MOST_LINKS = 1_000
"""So many links of one folder are followed to tell whether they are folders."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Names(NamedTuple):
    """The names of a folder, sorted.

    Attributes:
        found: the names.
        unseen: how many hidden ones were left out.
        all_read: the folder has no more names than were looked at.
    """

    found: list[str]
    unseen: int
    all_read: bool


def root_of(path: str, roots: Sequence[str]) -> str | None:
    """The innermost of the roots that a resolved path lies below."""
    real = os.path.realpath(path)
    inside = [root for root in roots if is_below(real, os.path.realpath(root))]
    return max(inside, key=len, default=None)


def is_below(path: str, root: str) -> bool:
    """Whether an absolute path is a root or lies below it."""
    return path == root or path.startswith(root.rstrip("/") + "/")


@contextlib.contextmanager
def opened(path: str, root: str) -> Iterator[int]:
    """A descriptor of a folder below a root.

    Raises:
        OSError: it is not there, cannot be read, is no folder, or has become a link.
    """
    real, base = os.path.realpath(path), os.path.realpath(root)
    descriptor = os.open(base, _FOLDER)
    try:
        for part in Path(real).relative_to(base).parts:
            inner = os.open(part, _FOLDER, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


def names(
    descriptor: int, folder: str, *, text: str, hidden: bool, roots: Sequence[str]
) -> Names:
    """The names in a folder that are asked for, folders first.

    Args:
        descriptor: the folder's.
        folder: its absolute path.
        text: a part of the name, or a pattern with ``*`` or ``?``.
        hidden: also those that begin with a dot, and compiled modules.
        roots: a link to a folder counts as one where it stays below these.
    """
    found: list[tuple[bool, str]] = []
    seen = links = unseen = 0
    with os.scandir(descriptor) as entries:
        for entry in entries:
            seen += 1
            if seen > MOST_NAMES:
                break
            if not _matches(entry.name, text):
                continue
            if is_hidden(entry.name) and not hidden:
                unseen += 1
                continue
            is_folder = entry.is_dir(follow_symlinks=False)
            if entry.is_symlink() and links < _MOST_LINKS:
                links += 1
                path = f"{folder.rstrip('/')}/{entry.name}"
                is_folder = root_of(path, roots) is not None and Path(path).is_dir()
            found.append((not is_folder, entry.name))
    found.sort(key=lambda each: (each[0], each[1].casefold(), each[1]))
    return Names([name for _, name in found], unseen, seen <= MOST_NAMES)


def is_hidden(name: str) -> bool:
    """Whether a name is left out unless asked for: compiled modules are, too."""
    return name.startswith(".") or name == "__pycache__"


def described(
    descriptor: int, folder: str, name: str, roots: Sequence[str]
) -> FolderEntry:
    """One name of a folder; what a link leads to is looked at only below the roots.

    Args:
        descriptor: the folder's.
        folder: its absolute path.
        name: the name in it.
        roots: what may be looked into.
    """
    path = f"{folder.rstrip('/')}/{name}"
    said: dict[str, Any] = {
        "name": safe_text(os.fsencode(name).decode("utf-8", "replace")),
        "kind": EntryKind.OTHER,
        "hidden": is_hidden(name),
    }
    try:
        status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
        if stat.S_ISLNK(status.st_mode):
            said["link"] = True
            if root_of(path, roots) is None:
                return FolderEntry(**said, why="leads elsewhere")
            status = Path(path).stat()
    except OSError as error:
        why = "leads nowhere" if said.get("link") else error.strerror or "unreadable"
        return FolderEntry(**said, why=why.lower())
    said.update(kind=_kind(status.st_mode), modified=status.st_mtime)
    if said["kind"] is EntryKind.OTHER:
        return FolderEntry(**said, why="not a file")
    if not is_text(name):
        return FolderEntry(**said, why="its name is not UTF-8")
    if said["kind"] is EntryKind.FILE:
        said["size"] = status.st_size
    return FolderEntry(**said, path=path)


def _kind(mode: int) -> EntryKind:
    if stat.S_ISDIR(mode):
        return EntryKind.FOLDER
    return EntryKind.FILE if stat.S_ISREG(mode) else EntryKind.OTHER


def _matches(name: str, text: str) -> bool:
    if not text:
        return True
    wanted, known = text.casefold(), name.casefold()
    if "*" in wanted or "?" in wanted:
        return fnmatchcase(known, wanted)
    return wanted in known


def is_text(name: str) -> bool:
    """Whether a name is UTF-8, and no half of a character."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
