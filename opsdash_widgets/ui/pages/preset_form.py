"""From the form of the page Run to a preset, and back."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from opsdash_widgets.core.model import FormValues, Kind, ModuleSpec, Preset, RunSpec
from opsdash_widgets.core.presets import (
    decode_preset,
    fitting,
    unmasked,
    with_arguments,
)
from opsdash_widgets.core.redaction import MASK
from opsdash_widgets.ui.controls.argparse_form import DATE_TOKENS

if TYPE_CHECKING:
    from .run import RunPage

_BLANK: dict[str, Any] = {
    "description": "",
    "environment": "",
    "values": {"values": {}},
    "extra_args": [],
    "tokens": {},
    "variables": {},
}
"""The parts of a preset that can be edited as JSON, in their order."""
_NAMELESS = "edited"


def preset_of_form(page: RunPage, name: str) -> Preset:
    """What the form holds now, as a preset.

    Raises:
        ValuesError: the extra arguments cannot be split.
    """
    form = page.form
    return Preset(
        name=name,
        module=page.bar.module,
        values=form.get_values(),
        extra_args=form.get_extra_args(),
        tokens={key: str(value) for key, value in form.tokens.items() if value},
        variables={key: str(value) for key, value in form.variables.items()},
        environment=page.panel.frame.environment,
        requested_by=form.requested_by.strip(),
    )


def fill_form(page: RunPage, preset: Preset, spec: ModuleSpec | None) -> None:
    """Put a preset into the form; what the form has no place for is left out.

    Its environment is chosen too; one that is not there is said, and not chosen.
    """
    form, frame = page.form, page.panel.frame
    values = fitting(preset, spec) if spec is not None else preset.given
    with form.hold_sync():
        form.clear()
        form.values = msgspec.to_builtins(values)
        form.tokens = dict(preset.tokens)
        form.variables = dict(preset.variables)
        form.extra_args = shlex.join(preset.extra_args)
    if preset.environment in [row["name"] for row in frame.environments]:
        frame.environment = preset.environment
    elif preset.environment:
        frame.notify(
            f"There is no environment {preset.environment} here.",
            f"{frame.environment or 'The default one'} stays chosen.",
        )


def preset_of_run(run: RunSpec, spec: ModuleSpec, usual: Mapping[str, str]) -> Preset:
    """What an earlier run was given, as far as it is known.

    A run that was launched without a form is read from its command line. Secrets are
    not in it.

    Args:
        run: the request of the run.
        spec: what its module takes now.
        usual: the variables of its environment, which are not its own.
    """
    preset = Preset(
        name=_NAMELESS,
        module=run.module,
        variables={
            name: value
            for name, value in run.variables.items()
            if usual.get(name) != value and value != MASK
        },
        environment=run.environment,
    )
    if run.values is None:
        return with_arguments(preset, unmasked(run.argv), spec)
    tokens = {}
    rest = list(run.extra_args)
    while spec.kind is Kind.PLAIN and rest and rest[0].partition("=")[0] in DATE_TOKENS:
        name, _, value = rest.pop(0).partition("=")
        tokens[name] = value
    return msgspec.structs.replace(
        preset,
        values=msgspec.convert(run.values, FormValues),
        tokens=tokens,
        extra_args=tuple(rest),
    )


def document_of(preset: Preset) -> dict[str, Any]:
    """What of a preset can be edited as JSON."""
    tree = msgspec.to_builtins(preset)
    return {key: tree.get(key, blank) for key, blank in _BLANK.items()}


def preset_of_document(document: Any, module: str) -> Preset:
    """The preset of an edited document.

    Raises:
        PresetError: it is none; the message says where.
    """
    parts = document if isinstance(document, dict) else {}
    whole = {**parts, "name": _NAMELESS, "module": module}
    return decode_preset(msgspec.json.encode(whole), "The JSON", strict=True)
