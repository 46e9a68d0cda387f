"""Remember what the sources said, by path, time of change and size."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from pathlib import Path
from typing import NamedTuple

import msgspec

from .child.reading import BROKEN, Reading

_FORMAT = 3
_Entry = tuple[int, int, Reading]
_lock = threading.Lock()
_memory: dict[str, _Entry] = {}
_loaded: set[Path] = set()


class SourceFile(NamedTuple):
    """One source file of a package, as the walk saw it.

    Attributes:
        name: dotted name of the module.
        path: the file.
        mtime_ns: its time of change.
        size: bytes in it.
        is_main: it is a package's ``__main__``, which runs whatever it holds.
        init: the package's ``__init__`` beside it, or empty.
    """

    name: str
    path: str
    mtime_ns: int
    size: int
    is_main: bool = False
    init: str = ""


def correct_kind(path: str, kind: str, cache_dir: Path | None) -> None:
    """Take the kind of a listed module from its own parser: its source may not tell."""
    with _lock:
        entry = _memory.get(path)
        if entry is None or entry[2].kind in (kind, BROKEN):
            return
    cache = ListingCache(cache_dir)
    read = entry[2]._replace(kind=kind)
    cache.learn(SourceFile("", path, entry[0], entry[1]), read)
    cache.keep()


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """The file of a cache."""

    format: int
    entries: dict[str, _Entry]


class ListingCache:
    """Readings of this process, and of the processes before where a folder is given."""

    def __init__(self, cache_dir: Path | None) -> None:
        self._file = cache_dir / "listings.msgpack" if cache_dir else None
        self._grew = False
        if self._file is not None and self._file not in _loaded:
            self._load(self._file)

    def known(self, file: SourceFile) -> Reading | None:
        """What a file said, where it has not changed since."""
        entry = _memory.get(file.path)
        if entry is not None and entry[:2] == (file.mtime_ns, file.size):
            return entry[2]
        return None

    def learn(self, file: SourceFile, read: Reading) -> None:
        """Remember what a file says."""
        with _lock:
            _memory[file.path] = (file.mtime_ns, file.size, read)
        self._grew = True

    def keep(self) -> None:
        """Write what is new to disk; a cache that cannot be written is no error."""
        if self._file is None or not self._grew:
            return
        with _lock:
            data = msgspec.msgpack.encode(_Kept(_FORMAT, _memory))
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self._file.parent, prefix=".listings-")
            with os.fdopen(handle, "wb") as written:
                written.write(data)
            Path(name).replace(self._file)

    def _load(self, file: Path) -> None:
        _loaded.add(file)
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            kept = msgspec.msgpack.decode(file.read_bytes(), type=_Kept)
            if kept.format == _FORMAT:
                with _lock:
                    for path, entry in kept.entries.items():
                        _memory.setdefault(path, entry)
