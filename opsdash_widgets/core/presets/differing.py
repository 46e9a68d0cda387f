"""Whether a form still says what a preset says."""

from __future__ import annotations

from typing import Any

from ..model import FormValues, ModuleSpec, Preset, values_by_path
from .defaults import default_values
from .secrets import without_secrets


def differs(form: Preset, preset: Preset, spec: ModuleSpec) -> bool:
    """Whether saving the form would change the preset.

    A default that is given is the same as one that is not, secrets do not count, and
    a preset without an environment is content with any.
    """
    if preset.environment and form.environment != preset.environment:
        return True
    return _essence(form, spec) != _essence(preset, spec)


def commands_of(values: FormValues) -> tuple[str, ...]:
    """The subcommands that are chosen in some values, outermost first."""
    names = []
    level = values.command
    while level is not None:
        names.append(level.name)
        level = level.command
    return tuple(names)


def _essence(preset: Preset, spec: ModuleSpec) -> tuple[Any, ...]:
    kept = without_secrets(preset, spec)
    commands = commands_of(kept.values)
    defaults = values_by_path(default_values(spec, commands))
    given = {
        path: _plain(value)
        for path, value in values_by_path(kept.given).items()
        if path not in defaults or _plain(value) != _plain(defaults[path])
    }
    tokens = {name: value for name, value in kept.tokens.items() if value}
    return commands, given, kept.extra_args, tokens, dict(kept.variables)


def _plain(value: Any) -> Any:
    """A value in which ``"5"`` and ``5`` are the same, as on a command line."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bool | dict) or value is None:
        return value
    return str(value)
