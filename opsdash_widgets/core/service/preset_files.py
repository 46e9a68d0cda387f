"""Presets as files, for one actor: list, load, save, rename, delete, exchange."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from .. import presets
from ..errors import OpsdashError, PresetError
from ..model import (
    Actor,
    Capability,
    FormValues,
    LaunchRequest,
    ModuleSpec,
    Preset,
    PresetListing,
    SavedPreset,
)
from ..ports import RunStore
from ..settings import Settings
from .audit import AuditLog
from .gate import require
from .launcher import Launcher

T = TypeVar("T")


class PresetFiles:
    """What ``Presets`` does with files; viewers read, operators edit."""

    def __init__(
        self,
        settings: Settings,
        actor: Actor,
        audit: AuditLog,
        launcher: Launcher,
        runs: RunStore,
    ) -> None:
        self._store = presets.PresetStore(settings.home, settings.project)
        self._actor = actor
        self._audit = audit
        self._launcher = launcher
        self._runs = runs
        self._packages = settings.runners_package

    # Reading

    def list(self, module: str) -> tuple[PresetListing, ...]:
        """The presets of a module, by name; also those that cannot be read.

        Raises:
            PresetError: the folder cannot be read, or is a link.
        """
        require(self._actor, Capability.SEE)
        return self._store.listings(module)

    def load(self, module: str, name: str, place: str = "") -> SavedPreset:
        """A preset; one's own goes before the project's of the same name.

        Raises:
            PresetNotFound: there is none.
            PresetError: it cannot be read; the message names file and line.
        """
        require(self._actor, Capability.SEE)
        return self._store.load(module, name, place)

    def request(
        self,
        preset: Preset,
        *,
        values: FormValues | None = None,
        environment: str = "",
        interpreter: str = "",
        cwd: str = "",
        requested_by: str = "",
        confirmed: bool = False,
    ) -> LaunchRequest:
        """The launch that a preset stands for.

        Args:
            preset: the preset.
            values: take the place of the preset's own.
            environment: in place of the preset's.
            interpreter: overrides the environment's.
            cwd: overrides the environment's.
            requested_by: who asks; the actor where empty.
            confirmed: the user has confirmed what asks for it.
        """
        tokens = tuple(f"{name}={value}" for name, value in preset.tokens.items())
        return LaunchRequest(
            module=preset.module,
            values=preset.given if values is None else values,
            extra_args=(*tokens, *preset.extra_args),
            environment=environment or preset.environment,
            interpreter=interpreter,
            cwd=cwd,
            variables=preset.variables,
            requested_by=requested_by,
            confirmed=confirmed,
        )

    # Editing

    def save(
        self, preset: Preset, expected: str = "", spec: ModuleSpec | None = None
    ) -> SavedPreset:
        """Write a preset; secrets are left out, and the preset says so.

        Args:
            preset: what to write.
            expected: the fingerprint of what it replaces; empty for a new one.
            spec: the module's form; asked for where it is not given.

        Raises:
            PermissionDenied: the actor may not.
            PresetError: somebody else has saved one of that name meanwhile, its name
                cannot be one, or it cannot be written.
        """

        def write() -> SavedPreset:
            return self._store.save(self._clean(preset, spec), expected)

        return self._edit("save preset", preset.module, preset.name, write)

    def rename(self, module: str, name: str, new: str) -> SavedPreset:
        """Give one's own preset another name.

        Raises:
            PermissionDenied: the actor may not.
            PresetNotFound: there is none.
            PresetError: there is one of the new name, or it cannot be a name.
        """
        return self._edit(
            "rename preset", module, name, lambda: self._store.rename(module, name, new)
        )

    def delete(self, module: str, name: str) -> None:
        """Take one's own preset away; ``restore`` brings it back.

        Raises:
            PermissionDenied: the actor may not.
            PresetNotFound: there is none.
        """
        self._edit(
            "delete preset", module, name, lambda: self._store.delete(module, name)
        )

    def restore(self, module: str, name: str) -> SavedPreset:
        """Bring a deleted preset back.

        Raises:
            PermissionDenied: the actor may not.
            PresetNotFound: none of that name was deleted.
            PresetError: there is one of that name again.
        """
        return self._edit(
            "restore preset", module, name, lambda: self._store.restore(module, name)
        )

    # Exchanging

    def export(self, module: str, name: str = "", place: str = "") -> bytes:
        """A preset as JSON, or all of a module's that can be read.

        Raises:
            PresetNotFound: there is none.
            PresetError: it cannot be read.
        """
        if name:
            return presets.encode_preset(self.load(module, name, place).preset)
        rows = [row for row in self.list(module) if not row.problem]
        found = [self.load(module, row.name, row.place).preset for row in rows]
        return presets.encode_bundle(found)

    def import_(
        self, data: bytes, module: str = "", *, title: str = "", overwrite: bool = False
    ) -> tuple[SavedPreset, ...]:
        """Save the presets of a file that ``export`` gave, all or none.

        Args:
            data: the file's bytes.
            module: the only module that is let in, where one is named.
            title: what the file is called in an error.
            overwrite: replace presets of the same name.

        Raises:
            PermissionDenied: the actor may not.
            PresetError: the file holds no preset, one for another module, or one whose
                name is there already; nothing was saved.
        """
        require(self._actor, Capability.EDIT_PRESETS)
        found = presets.decode_bundle(data, title or "The file")
        for preset in found:
            presets.check_name(preset.name)
            presets.check_module(preset.module)
            if module and preset.module != module:
                raise PresetError(
                    f"{preset.name} is a preset for {preset.module}, not {module}.",
                    f"Import it with {preset.module}.",
                )
        known = [self._fingerprint(preset) for preset in found]
        taken = [p.name for p, now in zip(found, known, strict=True) if now]
        if taken and not overwrite:
            raise PresetError(
                f"There is a preset {', '.join(taken)} already; nothing was imported.",
                "Rename or delete it first, or let the import replace it.",
            )
        return tuple(
            self.save(preset, now) for preset, now in zip(found, known, strict=True)
        )

    def _fingerprint(self, preset: Preset) -> str:
        names = {row.name for row in self._store.listings(preset.module)}
        name = presets.check_name(preset.name)
        if name not in names:
            return ""
        try:
            return self._store.load(preset.module, name, presets.OWN).fingerprint
        except PresetError:
            return ""  # the project's, or one that cannot be read: saving says so

    def _clean(self, preset: Preset, spec: ModuleSpec | None) -> Preset:
        """As it may be written: no secrets, and the form of now beside it."""
        if spec is None:
            spec = self._spec_if_any(preset)
        clean = presets.without_secrets(preset, spec)
        fields = preset.fields if spec is None else presets.fields_of(spec, clean.given)
        return msgspec.structs.replace(
            clean,
            fields=fields,
            requested_by=preset.requested_by or self._actor.name,
        )

    def _spec(self, preset: Preset) -> ModuleSpec:
        request = self.request(preset)
        return self._launcher.probe(request, self._launcher.environment(request))

    def _spec_if_any(self, preset: Preset) -> ModuleSpec | None:
        try:
            return self._spec(preset)
        except OpsdashError:
            return None

    def _edit(self, action: str, module: str, name: str, work: Callable[[], T]) -> T:
        """Do what an operator may, and put it on record, done or refused."""
        try:
            require(self._actor, Capability.EDIT_PRESETS)
            done = work()
        except OpsdashError as error:
            outcome = type(error).__name__
            self._audit.record(self._actor, action, outcome, module=module, preset=name)
            raise
        self._audit.record(self._actor, action, "done", module=module, preset=name)
        return done
