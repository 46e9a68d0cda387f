"""Which Python runs a module and what is installed for it; asked once, then kept."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from .asking import ask
from .distributions import Folder, digest_of, distributions, look_into
from .records import Interpreter, Packages

TIMEOUT_S = 2.0
"""How long an interpreter may take to say what it is."""
SETTLED_NS = 50_000_000
"""A file that was changed so lately may change again without another time of change."""

_FORMAT = 1
_NEVER = (-1, -1)
_MARK = "opsdash-interpreter:"
# Nothing is imported: the working folder is on the path of a program given by -c.
_PROGRAM = f"""
import sys
site = sys.modules.get("site")
told = [sys.implementation.name, sys.version.split()[0], sys.path]
told.append(getattr(site, "USER_SITE", None) or "")
print("\\n{_MARK}" + ascii(told))
"""
_FLAGS = ("-E", "-B", "-X", "utf8", "-c", _PROGRAM)
"""What is installed does not depend on the variables of a run (``PYTHONPATH`` …)."""

Stamp = tuple[int, int]
"""When a file was changed, in nanoseconds, and how long it is."""


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What an interpreter said, and what was found in its folders.

    Attributes:
        format: version of this format.
        interpreter: what it is.
        folders: of its path, in order.
        asked: marks of the files that its path depends on.
        seen: marks of its folders.
        packages: what is installed there.
    """

    format: int
    interpreter: Interpreter
    folders: tuple[str, ...]
    asked: dict[str, Stamp]
    seen: dict[str, Stamp]
    packages: Packages


class Place(NamedTuple):
    """Where interpreters are asked, and where the answers are kept.

    Attributes:
        cwd: the run's working folder: a launcher script may choose a Python by it.
        variables: the run's, over our own.
        home: the home folder.
    """

    cwd: str
    variables: Mapping[str, str]
    home: Path


def interpreter_state(path: str, place: Place) -> tuple[Interpreter, Packages]:
    """What an interpreter is and what is installed for it, as far as can be known."""
    kept_in = _file(path, place.home)
    kept = _load(kept_in)
    if kept is None or not _holds(kept.asked):
        return _learn(path, place, kept_in)
    if _holds(kept.seen) and _is_there(_list_file(place.home, kept.packages.digest)):
        return kept.interpreter, kept.packages
    began = time.time_ns()
    seen = _stamps(kept.folders, began)
    found = [(folder, look_into(folder)) for folder in kept.folders]
    if not set(_path_files(found)) <= kept.asked.keys():
        return _learn(path, place, kept_in)
    packages = _listed(found, place.home)
    kept = msgspec.structs.replace(kept, seen=seen, packages=packages)
    _save(kept_in, kept)
    return kept.interpreter, packages


def _learn(path: str, place: Place, kept_in: Path) -> tuple[Interpreter, Packages]:
    """Ask the interpreter, look into its folders, and keep both."""
    began = time.time_ns()
    told = _told(path, place)
    if told is None:
        return Interpreter(path=path), Packages()
    implementation, version, folders, user_site = told
    interpreter = Interpreter(path=path, implementation=implementation, version=version)
    seen = _stamps(folders, began)
    found = [(folder, look_into(folder)) for folder in folders]
    packages = _listed(found, place.home)
    if not _is_script(path):
        beside = Path(path).parent
        configs = (beside / "pyvenv.cfg", beside.parent / "pyvenv.cfg")
        depends = [path, *map(str, configs), *_path_files(found)]
        if user_site not in folders:  # it would be on the path if it were there
            depends.append(user_site)
        kept = _Kept(
            format=_FORMAT,
            interpreter=interpreter,
            folders=folders,
            asked=_stamps(depends, began),
            seen=seen,
            packages=packages,
        )
        _save(kept_in, kept)
    return interpreter, packages


def _told(path: str, place: Place) -> tuple[str, str, tuple[str, ...], str] | None:
    """Implementation, version, path and user's folder, in an interpreter's words."""
    try:
        answer = ask(
            [path, *_FLAGS],
            cwd=place.cwd,
            variables={**os.environ, **place.variables},
            timeout_s=TIMEOUT_S,
        )
        line = answer.text.rpartition(_MARK)[2].splitlines()[0]
        implementation, version, folders, user_site = ast.literal_eval(line)
        folders = tuple(one for one in folders if os.path.isdir(one))  # noqa: PTH112 - "" is no path
        return str(implementation), str(version), folders, str(user_site)
    except (OSError, ValueError, SyntaxError, IndexError, TypeError):
        return None


def _is_script(path: str) -> bool:
    """Whether it chooses another Python at each start (a shim): that is not kept."""
    with contextlib.suppress(OSError), Path(path).open("rb") as file:
        return file.read(2) == b"#!"
    return True


def _path_files(found: Iterable[tuple[str, Folder]]) -> list[str]:
    """The files that add folders to the path."""
    return [f"{folder}/{name}" for folder, seen in found for name in seen.paths]


def _listed(found: Iterable[tuple[str, Folder]], home: Path) -> Packages:
    """The digest of what was found; the whole list is kept once for each."""
    installed = distributions(found)
    digest = digest_of(installed)
    path = _list_file(home, digest)
    if not _is_there(path):
        record = {"schema": "packages/1", "digest": digest, "packages": installed}
        _write(path, msgspec.json.format(msgspec.json.encode(record)))
    return Packages(digest=digest, count=len(installed))


def _list_file(home: Path, digest: str) -> Path:
    return home / "logs" / "packages" / f"{digest}.json"


def _is_there(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110 - Path.exists raises what this forgives


def _file(path: str, home: Path) -> Path:
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:32]
    return home / "cache" / "interpreters" / f"{name}.json"


def _load(path: Path) -> _Kept | None:
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
        return kept if kept.format == _FORMAT else None
    return None


def _save(path: Path, kept: _Kept) -> None:
    with contextlib.suppress(UnicodeEncodeError):  # a folder whose name is no text
        _write(path, msgspec.json.encode(kept))


def _write(path: Path, data: bytes) -> None:
    """Replace a file as a whole, 0600; one that cannot be written is no error."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem[:16]}-")
        try:
            with os.fdopen(handle, "wb") as written:
                written.write(data)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)


def _holds(stamps: Mapping[str, Stamp]) -> bool:
    return all(_stamp(path) == seen for path, seen in stamps.items())


def _stamps(paths: Iterable[str], began_ns: int) -> dict[str, Stamp]:
    """The marks of files; one that was changed just now has no mark that holds."""
    marks = {path: _stamp(path) for path in paths}
    return {
        path: mark if mark[0] < began_ns - SETTLED_NS else _NEVER
        for path, mark in marks.items()
    }


def _stamp(path: str) -> Stamp:
    """When a file was changed and how long it is; (0, 0) where it is not there."""
    try:
        status = os.stat(path)  # noqa: PTH116 - half the time of Path.stat
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)
