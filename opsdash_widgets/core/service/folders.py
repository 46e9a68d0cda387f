"""Folders as a file chooser may see them: below a few roots, and for who may launch."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from ..errors import FolderError, OpsdashError
from ..model import Actor, Capability, Environment, LaunchRequest, Role
from ..model.folder import FolderEntry, FolderPage, FolderRoot
from ..redaction import safe_text
from ..settings import Settings
from . import folder_reading as reading
from .gate import require

PAGE = 200
"""Entries of one page."""
_MOST_PAGE = 1_000
_LONGEST = 4_096  # PATH_MAX
_OFFERED = (("CONFIG_PATH", "Config"), ("RESULT_PATH", "Results"))
_ELSEWHERE = ("-", "~")
"""A path that begins so is the module's own business: a stream, somebody's home."""


class Folders:
    """What of the disk the forms of one actor show; ``service.folders``."""

    def __init__(
        self,
        settings: Settings,
        actor: Actor,
        environment: Callable[[LaunchRequest], Environment],
    ) -> None:
        self._settings = settings
        self._actor = actor
        self._environment = environment

    def roots(self, environment: str = "") -> tuple[FolderRoot, ...]:
        """The folders that may be looked into, those that are there, each once.

        Args:
            environment: the name of the environment that the run would have.

        Raises:
            PermissionDenied: the actor may not launch, so needs no paths.
            EnvironmentNotUsable: there is no such environment.
        """
        require(self._actor, Capability.LAUNCH)
        where = self._where(environment)
        named = [*self._own_roots(where), *_offered_roots(where)]
        known: dict[str, FolderRoot] = {}
        for name, path in named:
            lexical = os.path.normpath(Path(where.cwd, path).expanduser())
            if Path(lexical).is_dir():
                root = FolderRoot(name=name, path=lexical)
                known.setdefault(os.path.realpath(lexical), root)
        return tuple(known.values())

    def list_folder(
        self,
        path: str = "",
        *,
        environment: str = "",
        text: str = "",
        hidden: bool = False,
        offset: int = 0,
        limit: int = PAGE,
    ) -> FolderPage:
        """A part of a folder.

        Args:
            path: the folder, or what is in a field: a relative one starts at the run's
                working folder; of what is no folder, the nearest one above it that is
                there. The first root where empty.
            environment: the name of the environment that the run would have.
            text: a part of the names, or a pattern such as ``*.csv``.
            hidden: also the names that begin with a dot.
            offset: how many entries to pass over.
            limit: at most so many entries.

        Raises:
            PermissionDenied: the actor may not launch.
            FolderError: the path is outside the roots, or cannot be read.
            EnvironmentNotUsable: there is no such environment.
        """
        roots = self.roots(environment)
        cwd = self._where(environment).cwd
        if not roots:
            raise FolderError(
                "There is no folder that may be looked into.",
                "Set `file_roots`, or type the path.",
            )
        allowed = [root.path for root in roots]
        folder, selected = _nearest(_lexical(path, cwd, allowed[0]), allowed)
        root = reading.root_of(folder, allowed)
        if root is None:
            raise FolderError(
                f"{safe_text(folder)} is outside the folders that may be looked into.",
                "Choose one of those that are offered, or type the path.",
            )
        try:
            with reading.opened(folder, root) as descriptor:
                found = reading.names(
                    descriptor, folder, text=text, hidden=hidden, roots=allowed
                )
                wanted = found.found[max(0, offset) :][: min(limit, _MOST_PAGE)]
                entries = tuple(
                    _chosen(reading.described(descriptor, folder, name, allowed), cwd)
                    for name in wanted
                )
        except OSError as error:
            raise _unreadable(folder, error) from error
        return FolderPage(
            path=folder,
            value=_value(folder, cwd),
            parent=_parent(folder, allowed),
            root=root,
            roots=roots,
            entries=entries,
            offset=max(0, offset),
            total=len(found.found),
            unseen=found.unseen,
            selected=selected,
            notice="" if found.all_read else _TOO_MANY,
        )

    def check_path(
        self, path: str, *, kind: str = "any", must_exist: bool, environment: str = ""
    ) -> str:
        """What a person should know about a path in a field; empty for nothing.

        Nothing is opened, and nothing is said of a path outside the roots, nor to who
        may not launch.

        Args:
            path: as it is in the field.
            kind: ``file``, ``folder`` or ``any``.
            must_exist: the module reads it.
            environment: the name of the environment that the run would have.
        """
        if not path or path.startswith(_ELSEWHERE) or "://" in path:
            return ""
        try:
            roots = [root.path for root in self.roots(environment)]
            cwd = self._where(environment).cwd
            full = _lexical(path, cwd, cwd)
        except OpsdashError:
            return ""
        if reading.root_of(full, roots) is None:
            return ""
        return _remark(path, full, kind, must_exist)

    def _where(self, environment: str) -> Environment:
        return self._environment(LaunchRequest(module="", environment=environment))

    def _own_roots(self, where: Environment) -> list[tuple[str, str]]:
        configured = self._settings.file_roots
        if configured:
            return [(path.name or str(path), str(path)) for path in configured]
        project = str(self._settings.project)
        own = [("Working folder", where.cwd), ("Project", project)]
        if self._actor.role is Role.ADMIN:
            own.append(("Home", str(Path.home())))
        return own


_TOO_MANY = (
    f"It holds more than {reading.MOST_NAMES:,} names; not all of them were looked at."
)


def _unreadable(folder: str, error: OSError) -> FolderError:
    why = (error.strerror or str(error)).lower()
    return FolderError(
        f"{safe_text(folder)} cannot be read ({why}).",
        "Choose another folder, or type the path.",
    )


def _offered_roots(where: Environment) -> list[tuple[str, str]]:
    given = {name.upper(): value for name, value in where.variables.items()}
    return [(name, given[key]) for key, name in _OFFERED if given.get(key)]


def _lexical(path: str, cwd: str, otherwise: str) -> str:
    """An absolute path without ``.`` and ``..``.

    Raises:
        FolderError: it is no path at all.
    """
    if "\0" in path or not reading.is_text(path) or len(path) > _LONGEST:
        raise FolderError("This is not a path.", "Choose a folder from the list.")
    if not path:
        return otherwise
    joined = os.path.normpath(os.path.join(cwd, path))  # noqa: PTH118 - a Path would keep `..`
    return joined.replace("//", "/", 1) if joined.startswith("//") else joined


def _nearest(path: str, roots: list[str]) -> tuple[str, str]:
    """The folder to show for a path, and the name in it that was asked for."""
    selected = ""
    while reading.root_of(path, roots) is not None and not Path(path).is_dir():
        path, selected = str(Path(path).parent), Path(path).name
    return path, selected


def _parent(folder: str, roots: list[str]) -> str:
    above = str(Path(folder).parent)
    return above if above != folder and reading.root_of(above, roots) else ""


def _chosen(entry: FolderEntry, cwd: str) -> FolderEntry:
    if not entry.path:
        return entry
    return msgspec.structs.replace(entry, value=_value(entry.path, cwd))


def _value(path: str, cwd: str) -> str:
    """The text for a field: relative to the run's working folder where below it."""
    if path == cwd:
        return "."
    if not reading.is_below(path, cwd):
        return path
    relative = path[len(cwd.rstrip("/")) + 1 :]
    return f"./{relative}" if relative.startswith(_ELSEWHERE) else relative


def _remark(path: str, full: str, kind: str, must_exist: bool) -> str:
    shown = safe_text(path)
    found = Path(full)
    try:
        if kind == "file" and found.is_dir():
            return f"{shown} is a folder, not a file."
        if kind == "folder" and found.is_file():
            return f"{shown} is a file, not a folder."
        if must_exist and not found.exists():
            what = "file or folder" if kind == "any" else kind
            return f"There is no {what} {shown}."
    except OSError:
        return ""
    return ""
