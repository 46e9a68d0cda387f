"""``opsdash run MODULE --preset NAME``: a preset's launch, its secrets asked for."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.model import FormValues, LaunchRequest, Preset
    from ..core.service import Service


def preset_request(service: Service, args: argparse.Namespace) -> LaunchRequest:
    """The launch of a preset; arguments after ``--`` win over it.

    Raises:
        PresetError: there is no such preset, or it cannot be read.
        ValuesError: a secret is missing, and there is no terminal to ask on.
    """
    from ..core.model import values_by_path
    from ..core.presets import secret_paths

    preset = service.presets.load(args.module, args.preset).preset
    preset = service.presets.with_arguments(preset, args.rest)
    environment = args.env or preset.environment
    values = preset.given
    given = values_by_path(values)
    missing = [path for path in preset.secrets if path not in given]
    if missing:
        spec = service.module_spec(
            args.module, environment=environment, interpreter=args.python
        )
        known = secret_paths(values, spec)
        for path in missing:
            if path in known:
                values = _with(values, path.split(" "), _asked_for(path, preset))
    return service.presets.request(
        preset,
        values=values,
        environment=environment,
        interpreter=args.python,
        cwd=str(Path.cwd()),
        requested_by=args.requested_by,
        confirmed=args.yes,
    )


def _asked_for(path: str, preset: Preset) -> str:
    """A secret, typed on the terminal without being shown.

    Raises:
        ValuesError: there is no terminal.
    """
    from ..core.errors import ValuesError

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        said = f"{path} is a secret: the preset {preset.name} does not hold it."
        raise ValuesError(said, {path: f"Give it after --: {path} VALUE."})
    return getpass.getpass(f"opsdash: {path}: ", stream=sys.stderr)


def _with(values: FormValues, path: Sequence[str], text: str) -> FormValues:
    import msgspec

    first, *rest = path
    if rest and values.command is not None:
        inner = _with(values.command, rest, text)
        return msgspec.structs.replace(values, command=inner)
    return msgspec.structs.replace(values, values={**values.values, first: text})
