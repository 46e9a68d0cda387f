"""What the fields of a module were given lately, from its runs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import msgspec

from ..model import FormValues, ModuleSpec, Preset, Run, values_by_path
from ..redaction import looks_secret
from .defaults import default_values
from .differing import commands_of
from .overriding import unmasked, with_arguments
from .secrets import secret_paths, tells

MOST = 10
"""Values of one field that are offered."""
LONGEST = 1_000
"""Characters of a value's JSON; what is longer is no choice to offer."""


def recent_values(
    runs: Iterable[Run], spec: ModuleSpec | None = None
) -> dict[str, list[Any]]:
    """Field path -> the values of runs, in the runs' order, each but once.

    Flags are left out, since there is nothing to choose, and so are defaults and
    secrets.

    Args:
        runs: runs of one module, the newest first.
        spec: what the module takes now: says which arguments are secret, what their
            defaults are, and how a command line is read.
    """
    found: dict[str, list[Any]] = {}
    seen: dict[str, set[str]] = {}
    for run in runs:
        values = _values(run, spec)
        secret = secret_paths(values, spec) if spec is not None else set()
        usual = _defaults(spec, values)
        for path, value in values_by_path(values).items():
            text = _text(value)
            known = seen.setdefault(path, set())
            if not text or text in known or len(known) >= MOST:
                continue
            if (
                value == usual.get(path)
                or path in secret
                or looks_secret(path)
                or tells(value)
            ):
                continue
            known.add(text)
            found.setdefault(path, []).append(value)
    return found


def _defaults(spec: ModuleSpec | None, values: FormValues) -> dict[str, Any]:
    if spec is None:
        return {}
    return values_by_path(default_values(spec, commands_of(values)))


def _values(run: Run, spec: ModuleSpec | None) -> FormValues:
    """A run's values, also of one that had a command line instead of a form."""
    if run.spec.values is None and spec is not None:
        bare = Preset(name="", module=spec.module)
        return with_arguments(bare, unmasked(run.spec.argv), spec).values
    try:
        return msgspec.convert(run.spec.values or {}, FormValues)
    except msgspec.ValidationError:
        return FormValues()


def _text(value: Any) -> str:
    """What tells a value from others; empty where it is not to be offered."""
    if not isinstance(value, str | list) or not value:
        return ""
    text = json.dumps(value)
    return text if len(text) <= LONGEST else ""
