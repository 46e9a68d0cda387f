"""Find the modules that can be run, by reading sources; nothing is imported."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..errors import ModuleNotFound
from ..model import Kind, ModuleListing
from . import listing_cache
from .child import reading
from .child.decide import decide
from .child.locate import Located, locate
from .child.reading import Reading

_SKIPPED = {"__pycache__", "node_modules", "site-packages"}


class _File(NamedTuple):
    """One source file of a package, as the walk saw it."""

    name: str
    path: str
    mtime_ns: int
    size: int
    is_main: bool
    init: str = ""


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
    known = listing_cache.opened(cache_dir)
    found: list[ModuleListing] = []
    for package in packages:
        files = sorted(_files_of(package, roots))
        readings = known.read([(f.path, f.mtime_ns, f.size, f.is_main) for f in files])
        found.extend(
            _row(file, package, read)
            for file, read in zip(files, readings, strict=True)
        )
    known.keep()
    return found


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
    looked = ", ".join(str(root) for root in roots) or "no folder"
    return ModuleNotFound(
        module,
        f"There is no module `{module}` in {looked}, nor is it installed.",
        "Check its name and the folder of the project.",
    )


def _files_of(package: str, roots: Sequence[Path]) -> Iterator[_File]:
    found = locate(package, [str(root) for root in roots])
    if not found.is_package and not found.path:
        looked = ", ".join(str(root) for root in roots) or "no folder"
        raise ModuleNotFound(
            package,
            f"There is no package `{package}` in {looked}.",
            "Correct `runners_package` in opsdash.toml, or create the package.",
        )
    if not found.is_package:
        status = Path(found.path).stat()
        yield _File(package, found.path, status.st_mtime_ns, status.st_size, False)
    for folder in found.folders:
        yield from _walk(package, folder)


def _walk(package: str, folder: str) -> Iterator[_File]:
    """Every source file below a folder; links to folders are not followed."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    init = next((entry.path for entry in entries if entry.name == "__init__.py"), "")
    for entry in entries:
        name = entry.name
        if name.endswith(".py"):
            stem = name[:-3]
            if stem == "__init__" or not stem.isidentifier():
                continue
            is_main = stem == "__main__"
            dotted = package if is_main else f"{package}.{stem}"
            with contextlib.suppress(OSError):
                status = entry.stat()
                yield _File(
                    dotted,
                    entry.path,
                    status.st_mtime_ns,
                    status.st_size,
                    is_main,
                    init,
                )
        elif _is_inner(entry):
            yield from _walk(f"{package}.{name}", entry.path)


def _is_inner(entry: os.DirEntry[str]) -> bool:
    """Whether a folder can hold modules of the package."""
    named = entry.name.isidentifier() and entry.name not in _SKIPPED
    return named and entry.is_dir(follow_symlinks=False)


def _row(file: _File, package: str, read: Reading) -> ModuleListing:
    title = read.title
    if file.is_main and not title and file.init:
        title = reading.read_file(file.init, known_good=True).title
    return ModuleListing(
        name=file.name,
        package=package,
        title=title,
        path=file.path,
        mtime_ns=file.mtime_ns,
        kind=Kind(read.kind),
        error=_sentence(file.path, read),
    )


def _sentence(path: str, read: Reading) -> str:
    return f"{Path(path).name}: {read.error}" if read.error else ""
