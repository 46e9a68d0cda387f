"""From a request to what will be run: environment, interpreter, arguments, spec."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from ..command import CommandLine, build, free_line
from ..errors import ConfirmationNeeded, EnvironmentNotUsable
from ..model import (
    Actor,
    Capability,
    Environment,
    FormValues,
    LaunchRequest,
    ModuleSpec,
    ParserSpec,
    RunSpec,
    check_limits,
)
from ..presets import arguments_without_secrets
from ..redaction import MASK, looks_secret
from ..rundir import new_run_id
from ..settings import Settings
from .gate import require


def choose_environment(
    known: Iterable[Environment], request: LaunchRequest, settings: Settings
) -> Environment:
    """The environment of a request, complete and checked.

    Raises:
        EnvironmentNotUsable: there is none of that name, or its interpreter or working
            folder is not there.
    """
    name = request.environment or settings.default_environment
    base = _named(list(known), name) if name else Environment()
    interpreter = request.interpreter or base.interpreter or sys.executable
    cwd = request.cwd or base.cwd or str(settings.project)
    return msgspec.structs.replace(
        base,
        interpreter=_usable_interpreter(interpreter),
        cwd=_usable_folder(cwd),
        variables={**base.variables, **request.variables},
    )


def _named(known: list[Environment], name: str) -> Environment:
    for environment in known:
        if environment.name == name:
            return environment
    names = ", ".join(environment.name for environment in known) or "none"
    raise EnvironmentNotUsable(
        f"There is no environment {name}.",
        f"Choose one of these: {names}; or add it on the Config page.",
    )


def _usable_interpreter(name: str) -> str:
    path = shutil.which(os.path.expanduser(name))  # noqa: PTH111 - a name on PATH or a path
    if path is None:
        raise EnvironmentNotUsable(
            f"The interpreter {name} is not there or cannot be executed.",
            "Correct its path in the environment, or choose another one.",
        )
    return str(Path(path).absolute())


def _usable_folder(name: str) -> str:
    folder = Path(name).expanduser().absolute()
    if not folder.is_dir():
        raise EnvironmentNotUsable(
            f"The working folder {name} is not there.",
            "Make it, or choose another one.",
        )
    return str(folder)


def confirm(
    request: LaunchRequest,
    environment: Environment,
    actor: Actor,
    packages: tuple[str, ...],
) -> None:
    """Let a launch pass that needs no confirmation or has it.

    Raises:
        PermissionDenied: the module is outside the configured packages, and the actor
            may launch only those.
        ConfirmationNeeded: the module is outside them, or the environment is
            production, and the request is not confirmed.
    """
    outside = not is_configured(request.module, packages)
    if outside:
        require(actor, Capability.LAUNCH_ANY_MODULE)
    if request.confirmed:
        return
    where = f" in {environment.name}" if environment.name else ""
    if environment.production:
        question = f"Launch {request.module}{where}, which is production?"
        raise ConfirmationNeeded(question, "production")
    if outside:
        question = (
            f"{request.module} is outside the configured packages "
            f"({', '.join(packages)}). Launch it{where}?"
        )
        raise ConfirmationNeeded(question, "module")


def is_configured(module: str, packages: Iterable[str]) -> bool:
    """Whether a module belongs to one of the configured packages."""
    return any(
        module == package or module.startswith(f"{package}.") for package in packages
    )


def command_line(request: LaunchRequest, spec: ModuleSpec | None) -> CommandLine:
    """The arguments of a request.

    Args:
        request: the request.
        spec: the module's spec, needed where the request carries form values.

    Raises:
        ValuesError: the values make no command line.
    """
    if request.values is not None and spec is not None:
        return build(spec, request.values, request.extra_args)
    argv = (*(request.argv or ()), *request.extra_args)
    return free_line(argv)


def run_spec(
    request: LaunchRequest,
    spec: ModuleSpec | None,
    line: CommandLine,
    environment: Environment,
    actor: Actor,
    settings: Settings,
    provenance: dict[str, Any] | None = None,
) -> RunSpec:
    """The frozen request: secrets are masked in the argv and left out of the values.

    Raises:
        ValuesError: a limit is none.
    """
    now = time.time()
    return RunSpec(
        run_id=new_run_id(now),
        module=request.module,
        argv=tuple(line.masked),
        values=_without_secrets(request.values, spec.parser) if spec else None,
        extra_args=arguments_without_secrets(request.extra_args) if spec else (),
        environment=environment.name,
        interpreter=environment.interpreter,
        cwd=environment.cwd,
        variables=masked_variables(environment.variables),
        user=getpass.getuser(),
        requested_by=request.requested_by or actor.name,
        launched_by=actor.name,
        host=socket.gethostname(),
        limits=limits(request, settings),
        provenance=provenance or {},
        secret_names=(
            *(f"argument {place + 1}" for place, _ in line.secrets),
            *secret_variables(environment.variables),
        ),
        created=now,
    )


def limits(request: LaunchRequest, settings: Settings) -> dict[str, float]:
    """The limits in force: those of the request over those of the settings.

    Raises:
        ValuesError: one is unknown, no number, or out of its bounds.
    """
    asked = settings.limits | check_limits(request.limits)
    return {name: value for name, value in asked.items() if value}


def secret_variables(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables whose values must not be stored or shown."""
    return {name: value for name, value in variables.items() if looks_secret(name)}


def masked_variables(variables: Mapping[str, str]) -> dict[str, str]:
    """Variables as they may be stored and shown."""
    return {**variables, **dict.fromkeys(secret_variables(variables), MASK)}


def _without_secrets(
    values: FormValues | None, parser: ParserSpec | None
) -> dict[str, Any] | None:
    """A form's values as builtins, but for those of secret arguments."""
    if values is None or parser is None:
        return None
    secret = {argument.id for argument in parser.arguments if argument.secret}
    kept: dict[str, Any] = {
        "values": {i: v for i, v in values.values.items() if i not in secret}
    }
    if values.command is not None:
        inner = _without_secrets(
            values.command, _parser_of(parser, values.command.name)
        )
        kept["command"] = {"name": values.command.name, **(inner or {})}
    return kept


def _parser_of(parser: ParserSpec, name: str) -> ParserSpec | None:
    for command in parser.commands.commands if parser.commands else ():
        if name == command.name or name in command.aliases:
            return command.parser
    return None
