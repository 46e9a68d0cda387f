"""Presets and the forms of their modules: make, compare, check, launch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from .. import presets
from ..errors import ValuesError
from ..model import (
    Capability,
    ModuleSpec,
    Preset,
    PresetCheck,
    PresetDrift,
    RunQuery,
)
from . import launching
from .gate import require
from .preset_files import PresetFiles
from .preview import Preview

MOST_RUNS = 100
"""The newest runs of a module in which recent values are looked for."""
ACCEPTED, REFUSED = "accepted", "refused"
"""Words of ``Preview.verdict``."""


class Presets(PresetFiles):
    """The presets of all modules, for one actor; ``service.presets``.

    Viewers read, operators edit. Methods may be called from any thread; those that
    need the module's form may run the probe, which takes seconds at worst.
    """

    # Reading

    def recent(
        self, module: str, spec: ModuleSpec | None = None
    ) -> Mapping[str, Sequence[Any]]:
        """Field path -> what it was given lately, the newest first, no secrets."""
        require(self._actor, Capability.SEE)
        page = self._runs.page(RunQuery(modules=(module,), limit=MOST_RUNS))
        return presets.recent_values(page.runs, spec)

    def generate(
        self,
        module: str,
        name: str = "default",
        *,
        environment: str = "",
        command: Sequence[str] = (),
    ) -> Preset:
        """A preset of every argument with its default; it is not saved.

        Args:
            module: dotted name.
            name: what to call it.
            environment: name of the environment whose Python is asked.
            command: the subcommands to go down, outermost first.

        Raises:
            ModuleError: the module's parser cannot be read.
        """
        require(self._actor, Capability.SEE)
        preset = Preset(name=name, module=module, environment=environment)
        spec = self._spec(preset)
        values = presets.default_values(spec, command)
        fields = presets.fields_of(spec, values)
        return msgspec.structs.replace(preset, values=values, fields=fields)

    def compare(self, preset: Preset, spec: ModuleSpec | None = None) -> PresetDrift:
        """Which fields went, came and changed since the preset was saved.

        Raises:
            ModuleError: no spec was given, and the module's parser cannot be read.
        """
        require(self._actor, Capability.SEE)
        return presets.compare(preset, spec or self._spec(preset))

    # Checking and launching

    def with_arguments(self, preset: Preset, argv: Sequence[str]) -> Preset:
        """A preset with arguments, as on a command line, in the place of its own.

        Raises:
            ModuleError: the module's parser cannot be read.
        """
        require(self._actor, Capability.SEE)
        if not argv:
            return preset
        return presets.with_arguments(preset, argv, self._spec(preset))

    def dry_run(self, preset: Preset) -> Preview:
        """Everything that a launch of the preset would use; nothing is run.

        What the module's own parser says is in it, for an actor who might launch it.

        Raises:
            OpsdashError: as a launch would, but for what only the parser refuses.
        """
        require(self._actor, Capability.SEE)
        request = self.request(preset)
        return self._launcher.preview(request, validate=self._may_ask(preset.module))

    def validate(self, preset: Preset, spec: ModuleSpec | None = None) -> PresetCheck:
        """Whether the module would take the preset, as far as can be told.

        Raises:
            OpsdashError: it cannot be told (the module cannot be read …).
        """
        drift = self.compare(preset, spec)
        try:
            preview = self.dry_run(preset)
        except ValuesError as error:
            return _refused(error.message, error.fields, drift, preset)
        if preview.verdict == REFUSED:
            said = preview.verdict_message
            fields = dict.fromkeys(preview.verdict_fields or ("",), said)
            return _refused(said, fields, drift, preset)
        told = [drift.sentence, _accepted(preview)]
        message = " ".join(one for one in told if one)
        return PresetCheck(accepted=True, message=message, drift=drift)

    def _may_ask(self, module: str) -> bool:
        """Whether the module's parser may be asked: its converters run for that."""
        may = self._actor.role.capabilities
        if launching.is_configured(module, self._packages):
            return Capability.LAUNCH in may
        return Capability.LAUNCH_ANY_MODULE in may


def _accepted(preview: Preview) -> str:
    if preview.verdict in ("", ACCEPTED):
        return "The module takes it."
    return f"Its form takes it. {preview.verdict_message}"


def _refused(
    message: str, fields: Mapping[str, str], drift: PresetDrift, preset: Preset
) -> PresetCheck:
    """A refusal, unless only secrets are missing: they are given at the launch."""
    wrong = {path: said for path, said in fields.items() if path not in preset.secrets}
    if fields and not wrong:
        names = ", ".join(preset.secrets)
        told = f"The module takes it, once it is given {names}: secrets are not kept."
        return PresetCheck(accepted=True, message=told, drift=drift)
    return PresetCheck(accepted=False, message=message, fields=wrong, drift=drift)
