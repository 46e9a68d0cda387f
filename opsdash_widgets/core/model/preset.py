"""A preset: the values that somebody keeps for one module, under a name."""

from __future__ import annotations

from typing import Any

import msgspec

from .launch import FormValues


class PresetField(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One field of the module's form as it was when the preset was saved.

    Attributes:
        path: the subcommands that lead to it and its id, joined by single spaces.
        takes: what it took, in words (``int``, ``one of a, b``, ``flag``).
        default: the ``repr`` of its default; empty where it had none to compare.
        required: it had to be given.
    """

    path: str
    takes: str = ""
    default: str = ""
    required: bool = False


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """Values of one module's form, with where and for whom it is to be run.

    Secrets are never in it. What is ``null`` in ``values`` is listed, not given: it
    stays out of the command line as if it were absent.

    Attributes:
        schema: name and version of this format.
        name: what it is called; unique among the module's presets.
        module: dotted name.
        description: what it is for, in the words of whoever saved it.
        values: the form's values.
        extra_args: further arguments, already split.
        tokens: date tokens (``COB_DATE`` …) of a module without a parser.
        variables: environment variables over those of the environment.
        environment: name of the environment; empty for whichever is chosen.
        requested_by: who saved it.
        created: wall time of the first save, seconds since the epoch.
        modified: wall time of the last one.
        secrets: fields and variables whose values were left out, by their paths.
        fields: the module's form at the last save, along the chosen subcommands.
    """

    name: str
    module: str
    schema: str = "preset/1"
    description: str = ""
    values: FormValues = FormValues()
    extra_args: tuple[str, ...] = ()
    tokens: dict[str, str] = {}
    variables: dict[str, str] = {}
    environment: str = ""
    requested_by: str = ""
    created: float = 0.0
    modified: float = 0.0
    secrets: tuple[str, ...] = ()
    fields: tuple[PresetField, ...] = ()

    @property
    def given(self) -> FormValues:
        """Its values without those that are only listed (``null``)."""
        return without_nulls(self.values)


class SavedPreset(msgspec.Struct, frozen=True, kw_only=True):
    """A preset as it was read from its file.

    Attributes:
        preset: what the file holds.
        place: ``own`` (the home folder) or ``project`` (beside ``opsdash.toml``).
        path: the file.
        fingerprint: of the file's bytes; a save gives it back, so that it is refused
            when somebody else has saved meanwhile.
    """

    preset: Preset
    place: str = "own"
    path: str = ""
    fingerprint: str = ""


class PresetListing(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a module's presets.

    Attributes:
        name: what it is called.
        module: dotted name.
        place: ``own`` or ``project``; those of the project are read only.
        description: what it is for.
        requested_by: who saved it.
        modified: wall time of the last save, seconds since the epoch.
        problem: why it cannot be read, one sentence; empty where it can.
    """

    name: str
    module: str
    place: str = "own"
    description: str = ""
    requested_by: str = ""
    modified: float = 0.0
    problem: str = ""


class PresetDrift(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a module's form differs from the one that a preset was saved for.

    Attributes:
        went: paths of fields that are no more.
        came: paths of fields that are new.
        changed: path -> what is different now, in words.
        lost: those of ``went`` (or of a vanished subcommand) that the preset gives.
        missing: fields that have become required and that the preset does not give.
    """

    went: tuple[str, ...] = ()
    came: tuple[str, ...] = ()
    changed: dict[str, str] = {}
    lost: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether the form is as it was."""
        return not (self.went or self.came or self.changed or self.lost)

    @property
    def sentence(self) -> str:
        """All of it in one sentence; empty where the form is as it was."""
        parts = [
            f"{_named(self.went)} went" if self.went else "",
            f"{_named(self.came)} came" if self.came else "",
            f"{_named(tuple(self.changed))} changed" if self.changed else "",
        ]
        told = ", ".join(part for part in parts if part)
        return f"Saved for an older form: {told}." if told else ""


class PresetCheck(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether a preset would be accepted, without running anything.

    Attributes:
        accepted: nothing speaks against it.
        message: one sentence.
        fields: path -> what is wrong with its value.
        drift: how the form differs from the one it was saved for.
    """

    accepted: bool
    message: str
    fields: dict[str, str] = {}
    drift: PresetDrift = PresetDrift()


def without_nulls(values: FormValues) -> FormValues:
    """A form's values without those that are ``null``, at every depth."""
    return FormValues(
        name=values.name,
        values={key: one for key, one in values.values.items() if one is not None},
        command=None if values.command is None else without_nulls(values.command),
    )


def values_by_path(values: FormValues | None) -> dict[str, Any]:
    """Field path -> value, for every level of a form's values."""
    found: dict[str, Any] = {}
    prefix = ""
    while values is not None:
        found |= {f"{prefix}{key}": value for key, value in values.values.items()}
        values = values.command
        prefix = f"{prefix}{values.name} " if values is not None else ""
    return found


_NAMED = 4


def _named(paths: tuple[str, ...]) -> str:
    shown = ", ".join(paths[:_NAMED])
    rest = len(paths) - _NAMED
    return f"{shown} and {rest} more" if rest > 0 else shown
