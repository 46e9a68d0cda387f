"""Notice that sources have changed, by looking at times and sizes now and then.

Nothing of the kernel's is used that a network file system would not tell of. A folder's
time tells of modules that came and went; for those that were written in place, a share
of the files is looked at each time: 5,000 modules cost a few milliseconds a second.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import ModuleNotFound
from ..model import ModuleSpec
from . import spec_cache
from .finder import files_of, inner_folders, located
from .spec_cache import Stamp, stamp

SHARES = 4
"""In how many looks every file of the packages has been looked at."""


class ModuleWatch:
    """What one module's spec came from, and the last spec that came from it.

    Args:
        cache_dir: where specs are kept.
        key: of the module in its environment.
        source: the module's own file, watched also where no spec is known yet; may be
            empty.
    """

    def __init__(self, cache_dir: Path, key: spec_cache.Key, source: str = "") -> None:
        self._cache_dir = cache_dir
        self._key = key
        self._seen: dict[str, Stamp] = {source: stamp(source)} if source else {}
        self.last: ModuleSpec | None = None
        self.renew()

    def renew(self) -> None:
        """Take over what a probe has kept since: it may have imported other files."""
        kept = spec_cache.kept(self._cache_dir, self._key)
        if kept is not None:
            self.last = kept.spec
            self._seen.update(kept.stamps)

    def changed(self) -> bool:
        """Whether any of the files has changed since this was asked before."""
        now = {path: stamp(path) for path in self._seen}
        changed = now != self._seen
        self._seen = now
        return changed


class PackagesWatch:
    """Whether modules of packages came, went or changed; the first look says no.

    Args:
        packages: dotted names of packages, or of single modules.
        roots: folders in which they are looked for.
    """

    def __init__(self, packages: Sequence[str], roots: Sequence[Path]) -> None:
        self.packages = tuple(packages)
        self._roots = tuple(roots)
        self._turn = 0
        self._folders: dict[str, int] = {}
        self._files: list[tuple[str, Stamp]] = []
        self._missing: list[str] = []
        self._walk()

    def changed(self) -> bool:
        """Whether something has changed since this was asked before."""
        if self._has_changed():
            self._walk()
            return True
        return False

    def _has_changed(self) -> bool:
        if any(_time(path) != time for path, time in self._folders.items()):
            return True
        if any(self._is_there(package) for package in self._missing):
            return True
        share = self._files[self._turn % SHARES :: SHARES]
        self._turn += 1
        return any(stamp(path) != seen for path, seen in share)

    def _walk(self) -> None:
        self._folders, self._files, self._missing = {}, [], []
        for package in self.packages:
            try:
                found = list(files_of(package, self._roots))
            except (ModuleNotFound, OSError):
                self._missing.append(package)
                continue
            self._files += [(f.path, (f.mtime_ns, f.size)) for f in found]
            for folder in located(package, self._roots).folders:
                for path in _folders_below(folder):
                    self._folders[path] = _time(path)

    def _is_there(self, package: str) -> bool:
        found = located(package, self._roots)
        return bool(found.path or found.is_package)


def _folders_below(folder: str) -> Iterator[str]:
    yield folder
    with contextlib.suppress(OSError):
        for inner in inner_folders(folder):
            yield from _folders_below(inner)


def _time(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - half the time of Path.stat
    except OSError:
        return 0
