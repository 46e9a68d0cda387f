"""Find the modules that can be run, by reading sources; nothing is imported."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import ModuleNotFound
from ..model import Kind, ModuleListing
from .child.decide import decide
from .child.locate import Located, locate
from .child.reading import Reading
from .listing_cache import ListingCache, SourceFile
from .read_together import read_all

_KINDS = {str(kind): kind for kind in Kind}
_SKIPPED = {"__pycache__", "node_modules", "site-packages"}


def find_modules(
    packages: Sequence[str], roots: Sequence[Path], cache_dir: Path | None = None
) -> list[ModuleListing]:
    """The modules of the packages, in the order of the packages and then by name.

    Args:
        packages: dotted names of packages (or of single modules).
        roots: folders in which they are looked for, the first match counts.
        cache_dir: where readings are kept between processes; nowhere where None.

    Raises:
        ModuleNotFound: a package is in none of the folders.
    """
    cache = ListingCache(cache_dir)
    files = [
        (package, file)
        for package in packages
        for file in sorted(files_of(package, roots))
    ]
    said = {file: cache.known(file) for _, file in files}
    unread = [file for file, read in said.items() if read is None]
    readings = read_all(unread, [str(root) for root in roots])
    for file, read in zip(unread, readings, strict=True):
        cache.learn(file, read)
    cache.keep()
    fresh = dict(zip(unread, readings, strict=True))
    return [_row(file, package, said[file] or fresh[file]) for package, file in files]


def listing(module: str, roots: Sequence[Path]) -> ModuleListing:
    """One module by its dotted name, also from our own interpreter's path.

    Raises:
        ModuleNotFound: it is not there, or is a package that cannot be run.
    """
    paths = [*(str(root) for root in roots), *(path for path in sys.path if path)]
    found = locate(module, paths)
    if not found.path:
        raise _not_there(module, found, roots)
    read = decide(module, found, paths)
    mtime_ns = 0
    with contextlib.suppress(OSError):
        mtime_ns = Path(found.path).stat().st_mtime_ns
    return ModuleListing(
        name=module,
        package=module.rpartition(".")[0] or module,
        title=read.title,
        path=found.path,
        mtime_ns=mtime_ns,
        kind=Kind(read.kind),
        error=_sentence(found.path, read),
    )


def _not_there(module: str, found: Located, roots: Sequence[Path]) -> ModuleNotFound:
    if found.is_package:
        return ModuleNotFound(
            module,
            f"`{module}` is a package without a `__main__` module: it cannot be run.",
            "Choose one of the modules in it.",
        )
    return ModuleNotFound(
        module,
        f"There is no module `{module}` in {_first(roots)}, nor is it installed.",
        "Check its name and the folder of the project.",
    )


def _first(roots: Sequence[Path]) -> str:
    """The folder that the user knows: the rest is where packages are installed."""
    return str(roots[0]) if roots else "no folder"


def located(package: str, roots: Sequence[Path]) -> Located:
    """Where a dotted name leads, below the folders; the first match counts."""
    return locate(package, [str(root) for root in roots])


def files_of(package: str, roots: Sequence[Path]) -> Iterator[SourceFile]:
    """The source files of a package that can hold modules, or of a single module.

    Raises:
        ModuleNotFound: it is in none of the folders.
    """
    found = located(package, roots)
    if not found.is_package and not found.path:
        raise ModuleNotFound(
            package,
            f"There is no package `{package}` in {_first(roots)}, nor is it installed.",
            "Check its name, and `runners_package` in opsdash.toml.",
        )
    if not found.is_package:
        status = Path(found.path).stat()
        yield SourceFile(package, found.path, status.st_mtime_ns, status.st_size)
    for folder in found.folders:
        yield from _walk(package, folder)


def _walk(package: str, folder: str) -> list[SourceFile]:
    """Every source file below a folder; links to folders are not followed."""
    found: list[SourceFile] = []
    waiting = [(package, folder)]
    while waiting:
        package, folder = waiting.pop()
        try:
            with os.scandir(folder) as listed:
                entries = list(listed)
        except OSError:
            continue
        init = ""
        for entry in entries:
            if entry.name == "__init__.py":
                init = entry.path
            elif not entry.name.endswith(".py") and _is_inner(entry):
                waiting.append((f"{package}.{entry.name}", entry.path))
        for entry in entries:
            name = entry.name
            if name.endswith(".py") and name != "__init__.py":
                _add(found, package, entry, init)
    return found


def _add(
    found: list[SourceFile], package: str, entry: os.DirEntry[str], init: str
) -> None:
    stem = entry.name[:-3]
    if not stem.isidentifier():
        return
    try:
        status = entry.stat()
    except OSError:
        return
    is_main = stem == "__main__"
    dotted = package if is_main else f"{package}.{stem}"
    size, mtime_ns = status.st_size, status.st_mtime_ns
    found.append(SourceFile(dotted, entry.path, mtime_ns, size, is_main, init))


def inner_folders(folder: str) -> Iterator[str]:
    """The folders in a folder that can hold modules of its package."""
    with os.scandir(folder) as entries:
        found = [entry.path for entry in entries if _is_inner(entry)]
    yield from found


def _is_inner(entry: os.DirEntry[str]) -> bool:
    """Whether a folder can hold modules of the package."""
    named = entry.name.isidentifier() and entry.name not in _SKIPPED
    return named and entry.is_dir(follow_symlinks=False)


def _row(file: SourceFile, package: str, read: Reading) -> ModuleListing:
    return ModuleListing(
        name=file.name,
        package=package,
        title=read.title,
        path=file.path,
        mtime_ns=file.mtime_ns,
        kind=_KINDS[read.kind],
        error=_sentence(file.path, read) if read.error else "",
    )


def _sentence(path: str, read: Reading) -> str:
    return f"{Path(path).name}: {read.error}" if read.error else ""
