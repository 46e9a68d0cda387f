"""What a file chooser shows: a page of one folder, and the folders to start from."""

from __future__ import annotations

import enum

import msgspec


class EntryKind(enum.StrEnum):
    """What stands in a folder, as far as a chooser cares."""

    FOLDER = "folder"
    FILE = "file"
    OTHER = "other"
    """A FIFO, a socket, a device, or a link that leads nowhere."""


class FolderRoot(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that may be looked into, with all that is below it.

    Attributes:
        name: what it is to the user: ``Project``, ``Results`` …
        path: absolute path.
    """

    name: str
    path: str


class FolderEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One name in a folder.

    Attributes:
        name: as it is shown: control characters and what is no UTF-8 are replaced.
        kind: what it is; a link is what it leads to.
        path: where to look next, for a folder: its absolute path.
        value: the text that a field gets for it; empty where it cannot be chosen.
        why: why it cannot be chosen, a few words.
        size: bytes, of a file.
        modified: seconds since the epoch; 0 where it is not known.
        hidden: its name begins with a dot.
        link: it is a link.
    """

    name: str
    kind: EntryKind
    path: str = ""
    value: str = ""
    why: str = ""
    size: int = 0
    modified: float = 0.0
    hidden: bool = False
    link: bool = False


class FolderPage(msgspec.Struct, frozen=True, kw_only=True):
    """A part of one folder: folders first, then files, by name.

    Attributes:
        path: the folder, absolute.
        value: the text that a field gets for the folder itself.
        parent: the folder above it; empty at a root.
        root: the path of the root that it is below.
        roots: the folders to start from.
        entries: this part of it.
        offset: how many entries stand before this part.
        total: how many there are in all, of those asked for.
        unseen: how many hidden ones were left out.
        selected: the name in it that was asked for; may be empty, or not there yet.
        notice: what to know about the folder, one sentence; may be empty.
    """

    path: str
    value: str
    parent: str
    root: str
    roots: tuple[FolderRoot, ...]
    entries: tuple[FolderEntry, ...]
    offset: int = 0
    total: int = 0
    unseen: int = 0
    selected: str = ""
    notice: str = ""
