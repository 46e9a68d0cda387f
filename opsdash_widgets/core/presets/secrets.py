"""Taking secrets out of a preset before anything of it is written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from ..model import FormValues, ModuleSpec, Preset, values_by_path
from ..redaction import Redactor, looks_secret
from .comparing import chain

_REDACTOR = Redactor()
EXTRA = "extra arguments"
"""What stands in ``Preset.secrets`` for one of the further arguments."""


def without_secrets(preset: Preset, spec: ModuleSpec | None) -> Preset:
    """A preset with nothing secret in it; ``secrets`` says what was left out.

    Left out are the values of secret arguments, variables with a telling name, and
    texts in which a secret is recognised (a password in a URL, a provider's key).
    What was left out at an earlier save stays named.

    Args:
        preset: as the form has it.
        spec: what the module takes; without it arguments are judged by their names.
    """
    given = values_by_path(preset.given)
    secret = secret_paths(preset.values, spec)
    fields = {path for path, v in given.items() if path in secret or tells(v)}
    variables = {
        name for name, v in preset.variables.items() if looks_secret(name) or tells(v)
    }
    tokens = {name for name, value in preset.tokens.items() if tells(value)}
    extra = arguments_without_secrets(preset.extra_args)
    earlier = {one for one in preset.secrets if one in secret or looks_secret(one)}
    left = sorted(fields | variables | tokens | earlier)
    if extra != preset.extra_args:
        left.append(EXTRA)
    return msgspec.structs.replace(
        preset,
        values=_without(preset.values, "", fields),
        variables={k: v for k, v in preset.variables.items() if k not in variables},
        tokens={k: v for k, v in preset.tokens.items() if k not in tokens},
        extra_args=extra,
        secrets=tuple(left),
    )


def secret_paths(values: FormValues, spec: ModuleSpec | None) -> set[str]:
    """The paths of the secret arguments along the subcommands of some values."""
    if spec is None:
        return {path for path in values_by_path(values) if looks_secret(path)}
    return {
        f"{prefix}{argument.id}"
        for prefix, parser in chain(spec.parser, values)
        for argument in parser.arguments
        if argument.secret
    }


def tells(value: Any) -> bool:
    """Whether a secret is recognised in a value, at any depth of it."""
    if isinstance(value, str):
        return _REDACTOR.text(value) != value
    if isinstance(value, list | tuple):
        return any(tells(item) for item in value)
    return isinstance(value, dict) and any(tells(item) for item in value.values())


def _without(values: FormValues, prefix: str, left: Collection[str]) -> FormValues:
    inner = values.command
    return FormValues(
        name=values.name,
        values={k: v for k, v in values.values.items() if f"{prefix}{k}" not in left},
        command=_without(inner, f"{prefix}{inner.name} ", left) if inner else None,
    )


def arguments_without_secrets(arguments: Sequence[str]) -> tuple[str, ...]:
    """Further arguments without those that are, or may be, secrets.

    Args:
        arguments: as after ``python -m module``.
    """
    kept: list[str] = []
    follows = False
    for text in arguments:
        option = text.startswith("-")
        name, equals, _ = text.partition("=")
        if option and looks_secret(name):
            follows = not equals
        elif (follows and not option) or tells(text):
            follows = False
        else:
            follows = False
            kept.append(text)
    return tuple(kept)
