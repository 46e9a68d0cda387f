"""Presets, lists of packages and caches: what their files hold."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Callable, Iterator

import msgspec

from ...errors import PresetError
from ...presets.decoding import LARGEST, SCHEMA, decode_preset
from ...presets.names import check_name
from ...rundir import files
from .findings import SETS_ASIDE, Counts, Trouble, trouble
from .home import Home, listed, lstat
from .layout import (
    CACHE,
    PACKAGES,
    PRESETS,
    STARTING,
    cache_of,
    examine_folder,
    presets_of,
)

_ENDING = ".json"
_LISTINGS = "listings.msgpack"


def examine_presets(home: Home, counts: Counts) -> Iterator[Trouble]:
    """What is wrong with one's own presets."""
    yield from examine_folder(home, PRESETS)
    for module in _folders(home, "presets"):
        if not PRESETS.folders.fullmatch(module):
            continue
        yield from examine_folder(home, presets_of(module))
        with contextlib.suppress(OSError), home.folder("presets", module) as fd:
            for name in listed(fd):
                if name.endswith(_ENDING) and not name.startswith("."):
                    yield from _preset(home, fd, module, name, counts)


def _preset(
    home: Home, fd: int, module: str, name: str, counts: Counts
) -> Iterator[Trouble]:
    data = files.read_bytes(fd, name, LARGEST + 1)
    if data is None:
        return  # gone, or no file: the latter is told of where it stands
    counts.presets += 1
    parts = ("presets", module, name)
    try:
        check_name(name.removesuffix(_ENDING))
        decode_preset(data, name)
    except PresetError as error:
        newer = _schema(data) not in ("", SCHEMA)
        yield trouble(
            "newer" if newer else "preset",
            "/".join(parts),
            "It was written by a newer version of opsdash_widgets."
            if newer
            else f"The preset cannot be read. {error.message}",
            "Update opsdash_widgets."
            if newer
            else "Correct it by hand, or let `opsdash doctor --fix` move it to "
            "set-aside/.",
            repair=None if newer else lambda: home.set_aside(*parts),
        )


def _schema(data: bytes) -> str:
    """The schema that a preset says it has, if it is one of a preset."""
    with contextlib.suppress(ValueError, RecursionError):
        raw = json.loads(data)
        schema = raw.get("schema") if isinstance(raw, dict) else None
        if isinstance(schema, str) and schema.startswith("preset/"):
            return schema
    return ""


def examine_cache(home: Home) -> Iterator[Trouble]:
    """What is wrong with the caches; what is damaged is made again when needed."""
    yield from examine_folder(home, CACHE)
    for folder in _folders(home, "cache"):
        yield from examine_folder(home, cache_of(folder))
        with contextlib.suppress(OSError), home.folder("cache", folder) as fd:
            for name in listed(fd):
                if not _is_sound(fd, folder, name):
                    yield _damaged(home, ("cache", folder, name))


def _is_sound(fd: int, folder: str, name: str) -> bool:
    """Whether a cached file can be read; what only another version knows is."""
    seen = lstat(fd, name)
    if name.startswith(".") or seen is None or not stat.S_ISREG(seen.st_mode):
        return True
    decode: Callable[[bytes], object]
    if (folder, name) == ("modules", _LISTINGS):
        decode = msgspec.msgpack.decode
    elif name.endswith(_ENDING):
        decode = msgspec.json.decode
    else:
        return True
    data = files.read_bytes(fd, name, files.REQUEST)
    try:
        decode(data or b"")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True


def examine_packages(home: Home) -> Iterator[Trouble]:
    """Lists of packages that are not what their names say; runs refer to them."""
    yield from examine_folder(home, STARTING)
    yield from examine_folder(home, PACKAGES)
    with contextlib.suppress(OSError), home.folder(*PACKAGES.parts) as fd:
        for name in listed(fd):
            if PACKAGES.files.fullmatch(name) and not _is_list(fd, name):
                yield _damaged_list(home, (*PACKAGES.parts, name))


class _List(msgspec.Struct, frozen=True):
    """What of a list of packages says which one it is."""

    digest: str


def _is_list(fd: int, name: str) -> bool:
    data = files.read_bytes(fd, name, files.REQUEST)
    if data is None:
        return True  # gone, or no file: the latter is told of where it stands
    found = files.decode(data, _List)
    return found is not None and found.digest == name.removesuffix(_ENDING)


def _damaged_list(home: Home, parts: tuple[str, ...]) -> Trouble:
    return trouble(
        "packages",
        "/".join(parts),
        "A list of packages is damaged; runs refer to it.",
        f"{SETS_ASIDE} The next run that has the same packages writes it anew.",
        repair=lambda: home.set_aside(*parts),
    )


def _damaged(home: Home, parts: tuple[str, ...]) -> Trouble:
    def repair() -> str:
        with home.folder(*parts[:-1]) as fd:
            os.unlink(parts[-1], dir_fd=fd)
        return "It was removed; it is made again when it is needed."

    return trouble(
        "cache",
        "/".join(parts),
        "A cache is damaged.",
        "`opsdash doctor --fix` removes it; it is made again when it is needed.",
        repair=repair,
    )


def _folders(home: Home, name: str) -> list[str]:
    with contextlib.suppress(OSError), home.folder(name) as fd:
        return [
            each
            for each in listed(fd)
            if (seen := lstat(fd, each)) is not None and stat.S_ISDIR(seen.st_mode)
        ]
    return []
