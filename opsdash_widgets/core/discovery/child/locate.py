"""Find the source file of a dotted name on a list of folders, importing nothing."""

from __future__ import annotations

import importlib.machinery
import os
from typing import Dict, NamedTuple, Sequence

_LOADERS = (
    (
        importlib.machinery.ExtensionFileLoader,
        importlib.machinery.EXTENSION_SUFFIXES,
    ),
    (importlib.machinery.SourceFileLoader, importlib.machinery.SOURCE_SUFFIXES),
    (
        importlib.machinery.SourcelessFileLoader,
        importlib.machinery.BYTECODE_SUFFIXES,
    ),
)


Finders = Dict[str, importlib.machinery.FileFinder]
"""Finders of folders by their paths, for as long as nothing in them changes."""


class Located(NamedTuple):
    """Where a dotted name leads.

    Attributes:
        path: the file that runs (a package's ``__main__``); empty where there is none.
        is_package: the name is a package.
        found: how many parts of the name exist.
        folders: where a package's modules are looked for.
        init: a package's ``__init__`` file, or empty.
    """

    path: str = ""
    is_package: bool = False
    found: int = 0
    folders: Sequence[str] = ()
    init: str = ""


def locate(name: str, paths: Sequence[str], finders: Finders | None = None) -> Located:
    """Where ``python -m name`` would find what it runs.

    Args:
        name: a dotted name.
        paths: the folders to look in.
        finders: those of the questions before this one.
    """
    if finders is None:
        finders = {}
    parts = name.split(".")
    folders: Sequence[str] = paths
    for count, part in enumerate(parts):
        spec = _find(part, folders, finders)
        if spec is None:
            return Located(found=count)
        origin = spec.origin if spec.has_location else None
        inner = spec.submodule_search_locations
        if inner is None:
            if count + 1 < len(parts):
                return Located(found=count + 1)
            return Located(path=origin or "", found=count + 1)
        folders = list(inner)
        init = origin or ""
    main = _find("__main__", folders, finders)
    path = main.origin if main is not None and main.has_location else None
    return Located(path or "", True, len(parts), folders, init)


def _find(
    part: str, folders: Sequence[str], finders: Finders
) -> importlib.machinery.ModuleSpec | None:
    """The first module of that name in the folders; else a namespace package."""
    if not part:
        return None
    portions: list[str] = []
    for folder in folders:
        spec = _find_in(part, folder or os.getcwd(), finders)
        if spec is None:
            continue
        if spec.loader is not None:
            return spec
        portions.extend(spec.submodule_search_locations or ())
    if not portions:
        return None
    namespace = importlib.machinery.ModuleSpec(part, None, is_package=True)
    namespace.submodule_search_locations = portions
    return namespace


def _find_in(
    part: str, folder: str, finders: Finders
) -> importlib.machinery.ModuleSpec | None:
    if folder in finders:
        return finders[folder].find_spec(part)
    if os.path.isdir(folder):
        # A finder of our own: the shared ones may remember a folder of a moment ago.
        finder = importlib.machinery.FileFinder(folder, *_LOADERS)
        finders[folder] = finder
        return finder.find_spec(part)
    if os.path.isfile(on_disk(folder)):
        return importlib.machinery.PathFinder.find_spec(part, [folder])
    return None


def content(path: str) -> bytes:
    """What a source file holds, in an archive on the path too.

    Raises:
        OSError: it cannot be read.
    """
    try:
        with open(path, "rb") as source:
            return source.read()
    except NotADirectoryError:
        import zipimport  # rarely needed

        return zipimport.zipimporter(on_disk(path)).get_data(path)


def on_disk(path: str) -> str:
    """The file that a path is, or the archive that it leads into."""
    shorter = path
    while shorter and not os.path.exists(shorter):
        above = os.path.dirname(shorter)
        shorter = above if above != shorter else ""
    return shorter if os.path.isfile(shorter) else path
