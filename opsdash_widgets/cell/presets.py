"""``ops.presets(module)``: values that are kept under a name, and launched by it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict, overload

from ..core.command import form_values, overridden
from ..core.errors import PresetError, PresetNotFound
from ..core.model import (
    Preset,
    PresetCheck,
    PresetDrift,
    PresetListing,
    SavedPreset,
    values_by_path,
)
from ..core.redaction import escape_html, safe_text
from ..core.service import Preview, Service
from .handle import RunHandle
from .launch import launched
from .session import service


def presets(module: str) -> PresetList:
    """The presets of a module: those of your home folder and those of the project.

    Raises:
        OpsdashError: that is no module's name, or the folder cannot be read.
    """
    opened = service()
    opened.presets.list(module)
    return PresetList(opened, module)


class PresetHandle:
    """One preset as it was read; ``launch()`` runs it."""

    def __init__(self, opened: Service, saved: SavedPreset) -> None:
        self._service = opened
        self._saved = saved

    @property
    def record(self) -> Preset:
        """The whole record."""
        return self._saved.preset

    @property
    def name(self) -> str:
        """What it is called."""
        return self.record.name

    @property
    def module(self) -> str:
        """The module's dotted name."""
        return self.record.module

    @property
    def description(self) -> str:
        """What it is for."""
        return self.record.description

    @property
    def place(self) -> str:
        """``own``, or ``project`` for one that the project shares (read only)."""
        return self._saved.place

    @property
    def values(self) -> dict[str, Any]:
        """Field -> value; a subcommand's fields follow its name and a space."""
        return values_by_path(self.record.given)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What was left out when it was saved: give it at the launch."""
        return self.record.secrets

    def launch(
        self,
        *,
        extra_args: Iterable[str] = (),
        environment: str = "",
        interpreter: str | os.PathLike[str] = "",
        cwd: str | os.PathLike[str] = "",
        requested_by: str = "",
        confirmed: bool = False,
        **overrides: Any,
    ) -> RunHandle:
        """Launch it as a detached run.

        Args:
            extra_args: arguments as on a command line, in place of the preset's.
            environment: in place of the preset's.
            interpreter: overrides the environment's Python.
            cwd: overrides the environment's working directory.
            requested_by: who asked; your user name where empty.
            confirmed: launch in a production environment without being asked.
            **overrides: arguments by name, in place of the preset's; ``None`` takes
                one back to its default.

        Raises:
            OpsdashError: the run was not launched; the message says what to do.
        """
        where = _Where(
            environment=environment or self.record.environment,
            interpreter=os.fspath(interpreter),
            cwd=str(Path(cwd).absolute()) if cwd else "",
        )
        preset = self._service.presets.with_arguments(self.record, tuple(extra_args))
        values = preset.given
        if overrides:
            spec = self._service.module_spec(self.module, **where)
            values = overridden(spec, values, overrides)
        request = self._service.presets.request(
            preset,
            values=values,
            requested_by=requested_by,
            confirmed=confirmed,
            **where,
        )
        return launched(request)

    def dry_run(self) -> Preview:
        """Everything that a launch would use; nothing is run.

        Raises:
            OpsdashError: as ``launch`` would.
        """
        return self._service.presets.dry_run(self.record)

    def validate(self) -> PresetCheck:
        """Whether the module would take it.

        Raises:
            OpsdashError: it cannot be told.
        """
        return self._service.presets.validate(self.record)

    def compare(self) -> PresetDrift:
        """Which fields of the form went, came and changed since it was saved.

        Raises:
            ModuleError: the module's form cannot be read.
        """
        return self._service.presets.compare(self.record)

    def rename(self, new: str) -> PresetHandle:
        """Give it another name.

        Raises:
            PresetError: there is one of that name, or it is the project's.
        """
        self._saved = self._service.presets.rename(self.module, self.name, new)
        return self

    def delete(self) -> None:
        """Take it away; ``ops.presets(module).restore(name)`` brings it back.

        Raises:
            PresetNotFound: it is not there, or it is the project's.
        """
        self._service.presets.delete(self.module, self.name)

    def export(self, path: str | os.PathLike[str]) -> Path:
        """Write it to a file, as JSON; a folder gets a file of its name.

        Raises:
            PresetError: the file cannot be written.
        """
        data = self._service.presets.export(self.module, self.name, self.place)
        return _written(Path(path), f"{self.name}.json", data)

    def __repr__(self) -> str:
        shown = ", ".join(f"{key}={value!r}" for key, value in self.values.items())
        return safe_text(f"<Preset {self.name} · {self.module} · {shown or 'empty'}>")


class _Where(TypedDict):
    """Where a preset is launched."""

    environment: str
    interpreter: str
    cwd: str


class PresetList(Sequence[PresetHandle]):
    """The presets of one module, by name; read anew each time."""

    def __init__(self, opened: Service, module: str) -> None:
        self._service = opened
        self.module = module

    @property
    def names(self) -> list[str]:
        """Their names; one's own preset stands before the project's of that name."""
        return list(dict.fromkeys(row.name for row in self._rows()))

    @overload
    def __getitem__(self, place: int | str) -> PresetHandle: ...
    @overload
    def __getitem__(self, place: slice) -> list[PresetHandle]: ...
    def __getitem__(
        self, place: int | str | slice
    ) -> PresetHandle | list[PresetHandle]:
        if isinstance(place, slice):
            return [self[name] for name in self.names[place]]
        name = place if isinstance(place, str) else self.names[place]
        return PresetHandle(
            self._service, self._service.presets.load(self.module, name)
        )

    def save(
        self,
        name: str,
        *,
        values: Mapping[str, Any] | None = None,
        description: str = "",
        environment: str = "",
        extra_args: Iterable[str] = (),
        variables: Mapping[str, str] | None = None,
        **arguments: Any,
    ) -> PresetHandle:
        """Save values under a name, in place of your own preset of that name.

        Args:
            name: what to call it.
            values: arguments by name, for names that this method takes itself.
            description: what it is for.
            environment: the environment to run it in; the chosen one where empty.
            extra_args: further arguments.
            variables: environment variables over those of the environment.
            **arguments: the module's arguments by name: ``paths=200_000``.

        Raises:
            OpsdashError: nothing was saved; the message says what to do.
        """
        spec = self._service.module_spec(self.module, environment=environment)
        before = self._own(name)
        preset = Preset(
            name=name,
            module=self.module,
            description=description,
            values=form_values(spec, {**(values or {}), **arguments}),
            extra_args=tuple(extra_args),
            variables=dict(variables or {}),
            environment=environment,
            created=before.preset.created if before else 0.0,
        )
        expected = before.fingerprint if before else ""
        return self._handle(self._service.presets.save(preset, expected, spec))

    def generate(self, name: str = "default") -> PresetHandle:
        """Save a preset of every argument with its default.

        Raises:
            OpsdashError: there is one of that name, or the form cannot be read.
        """
        made = self._service.presets.generate(self.module, name)
        return self._handle(self._service.presets.save(made))

    def import_(
        self, path: str | os.PathLike[str], *, overwrite: bool = False
    ) -> list[PresetHandle]:
        """Save the presets of a file that ``export`` wrote, all or none.

        Args:
            path: the file.
            overwrite: replace presets of the same name.

        Raises:
            PresetError: it holds none, or one whose name is there already.
        """
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            raise PresetError(
                f"{path} cannot be read ({error.strerror or error}).",
                "Correct the path.",
            ) from error
        found = self._service.presets.import_(
            data, self.module, title=os.fspath(path), overwrite=overwrite
        )
        return [self._handle(saved) for saved in found]

    def export(self, path: str | os.PathLike[str]) -> Path:
        """Write all of them to a file, as JSON; a folder gets a file of their module.

        Raises:
            PresetError: the file cannot be written.
        """
        data = self._service.presets.export(self.module)
        return _written(Path(path), f"{self.module}.presets.json", data)

    def restore(self, name: str) -> PresetHandle:
        """Bring a deleted preset back.

        Raises:
            PresetError: none was deleted, or there is one of that name again.
        """
        return self._handle(self._service.presets.restore(self.module, name))

    def recent(self) -> dict[str, list[Any]]:
        """Field -> what it was given in the newest runs, the newest first."""
        found = self._service.presets.recent(self.module)
        return {path: list(values) for path, values in found.items()}

    def _handle(self, saved: SavedPreset) -> PresetHandle:
        return PresetHandle(self._service, saved)

    def _own(self, name: str) -> SavedPreset | None:
        try:
            return self._service.presets.load(self.module, name, "own")
        except PresetNotFound:
            return None

    def _rows(self) -> tuple[PresetListing, ...]:
        return self._service.presets.list(self.module)

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[PresetHandle]:
        rows = [row.name for row in self._rows() if not row.problem]
        return (self[name] for name in dict.fromkeys(rows))

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __repr__(self) -> str:
        lines = [safe_text("  ".join(_row(row)).rstrip()) for row in self._rows()]
        return "\n".join(lines) or f"No presets for {self.module} yet."

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
        body = "".join(
            "<tr>"
            + "".join(f"<td>{escape_html(safe_text(cell))}</td>" for cell in _row(row))
            + "</tr>"
            for row in self._rows()
        )
        if not body:
            return f"<p>{escape_html(repr(self))}</p>"
        return f"<table><tr>{head}</tr>{body}</table>"


_COLUMNS = ("name", "description", "place", "saved by", "saved")


def _row(row: PresetListing) -> tuple[str, ...]:
    moment = time.strftime("%Y-%m-%d %H:%M", time.localtime(row.modified))
    return (
        row.name,
        row.problem or row.description,
        row.place,
        row.requested_by,
        moment if row.modified else "",
    )


def _written(path: Path, name: str, data: bytes) -> Path:
    target = path / name if path.is_dir() else path
    try:
        target.write_bytes(data)
    except OSError as error:
        raise PresetError(
            f"{target} cannot be written ({error.strerror or error}).",
            "Choose a folder of yours.",
        ) from error
    return target
