"""Keep the specs of modules on disk for as long as nothing they came from changed."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ..model import ModuleSpec
from .refining import is_dynamic

_FORMAT = 1
_NEVER = (-1, -1)
_INSTALLED = ("site-packages", "dist-packages")


class Key(NamedTuple):
    """What a spec depends on besides files.

    Attributes:
        module: dotted name.
        interpreter: the Python that is asked.
        folder: the folder it is started in.
        variables: environment variables over our own.
    """

    module: str
    interpreter: str
    folder: str
    variables: dict[str, str]

    @property
    def digest(self) -> str:
        """A file name for the key."""
        parts = (_FORMAT, _child_version(), *self[:3], sorted(self.variables.items()))
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


Stamp = tuple[int, int]
"""When a file was changed, in nanoseconds, and how long it is."""


class Kept(msgspec.Struct, frozen=True):
    """One kept spec, with the marks of the files that it came from."""

    stamps: dict[str, Stamp]
    spec: ModuleSpec


def kept(cache_dir: Path, key: Key) -> Kept | None:
    """The spec that was kept last, whether or not it still holds."""
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(_file(cache_dir, key).read_bytes(), type=Kept)
    return None


def load(
    cache_dir: Path, key: Key, choices_s: float | None = None
) -> ModuleSpec | None:
    """The kept spec, unless a file that it came from has changed.

    Args:
        cache_dir: where specs are kept.
        key: what the spec depends on besides files.
        choices_s: choices that the module computes may be so old, in seconds; any age
            where None.
    """
    try:
        path = _file(cache_dir, key)
        data = path.read_bytes()
        entry = msgspec.json.decode(data, type=Kept)
        age_s = time.time() - path.stat().st_mtime
    except (OSError, msgspec.MsgspecError):
        return None
    # A clock that was set back makes an age negative: that is no young one.
    old = choices_s is not None and not 0 <= age_s <= choices_s
    if old and is_dynamic(entry.spec.parser):
        return None
    if all(stamp(path) == seen for path, seen in entry.stamps.items()):
        return entry.spec
    return None


def save(
    cache_dir: Path, key: Key, spec: ModuleSpec, reply: dict[str, Any], asked_ns: int
) -> None:
    """Keep a spec; a cache that cannot be written is no error.

    Args:
        cache_dir: where specs are kept.
        key: what the spec depends on besides files.
        spec: the spec.
        reply: the probe's, with the files that were read.
        asked_ns: when the probe began, in nanoseconds since the epoch.
    """
    folders = [
        path
        for path in reply.get("folders", ())
        if path.endswith(_INSTALLED)  # what is installed there has changed
    ]
    stamps = _stamps([key.interpreter, *reply.get("files", ()), *folders], asked_ns)
    data = msgspec.json.encode(Kept(stamps, spec))
    with contextlib.suppress(OSError):
        cache_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=cache_dir, prefix=".spec-")
        try:
            with os.fdopen(handle, "wb") as written:
                written.write(data)
            Path(name).replace(_file(cache_dir, key))
        except OSError:
            Path(name).unlink(missing_ok=True)


def _file(cache_dir: Path, key: Key) -> Path:
    return cache_dir / f"{key.digest}.json"


def _stamps(paths: Iterable[str], before_ns: int) -> dict[str, Stamp]:
    """The marks of files; one that was written meanwhile has no mark that holds."""
    marks = {path: stamp(path) for path in paths}
    return {
        path: mark if mark[0] < before_ns else _NEVER for path, mark in marks.items()
    }


def stamp(path: str) -> Stamp:
    """When a file was changed and how long it is; (0, 0) where it is not there."""
    try:
        status = os.stat(path)  # noqa: PTH116 - half the time of Path.stat
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


@functools.cache
def _child_version() -> str:
    """A mark of the probe's own code: another probe may say more."""
    folder = Path(__file__).parent / "child"
    marks = [path.stat().st_mtime_ns for path in sorted(folder.glob("*.py"))]
    return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]
