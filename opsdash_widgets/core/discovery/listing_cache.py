"""Remember what the sources said, by path, time of change and size."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import msgspec

from .child import reading
from .child.reading import Reading

_FORMAT = 1
_File = tuple[str, int, int, bool]
"""Path, time of change in ns, size, and whether it runs whatever it holds."""
_Entry = tuple[int, int, Reading]
_lock = threading.Lock()
_memory: dict[str, _Entry] = {}
_loaded: set[Path] = set()


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

    def read(self, files: Sequence[_File]) -> list[Reading]:
        """What the files say, read only where they have changed."""
        return [self._read_one(file) for file in files]

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

    def _read_one(self, file: _File) -> Reading:
        path, mtime_ns, size, runnable = file
        known = _memory.get(path)
        if known is not None and known[0] == mtime_ns and known[1] == size:
            return known[2]
        read = reading.read_file(path, runnable)
        with _lock:
            _memory[path] = (mtime_ns, size, read)
        self._grew = True
        return read

    def _load(self, file: Path) -> None:
        _loaded.add(file)
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            kept = msgspec.msgpack.decode(file.read_bytes(), type=_Kept)
            if kept.format == _FORMAT:
                with _lock:
                    for path, entry in kept.entries.items():
                        _memory.setdefault(path, entry)


def opened(cache_dir: Path | None) -> ListingCache:
    """The cache of a folder, or of this process alone."""
    return ListingCache(cache_dir)
