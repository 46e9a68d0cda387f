"""``ops.launch``: a module as a detached run, from one line of a cell."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from ..core.command import form_values
from ..core.errors import ConfirmationNeeded, ValuesError
from ..core.model import FormValues, LaunchRequest, check_limits, parse_limit
from ..core.service import Verdict
from .handle import RunHandle
from .session import service


def launch(
    module: str,
    *,
    argv: Iterable[str] | None = None,
    values: Mapping[str, Any] | None = None,
    extra_args: Iterable[str] = (),
    environment: str = "",
    interpreter: str | os.PathLike[str] = "",
    cwd: str | os.PathLike[str] = "",
    variables: Mapping[str, str] | None = None,
    requested_by: str = "",
    limits: Mapping[str, float | str] | None = None,
    confirmed: bool = False,
    **arguments: Any,
) -> RunHandle:
    """Launch a module as a detached run that outlives this kernel.

    Args:
        module: dotted name, as after ``python -m``.
        argv: the arguments as a list of texts, instead of by name.
        values: arguments by name, for names that this function takes itself.
        extra_args: further arguments, appended as they are.
        environment: a named environment (``DEV`` …); the default one where empty.
        interpreter: overrides the environment's Python.
        cwd: overrides the environment's working directory.
        variables: environment variables over those of the environment.
        requested_by: who asked; your user name where empty.
        limits: what ends the run: ``{"time": "2h", "memory": "4G", "output": "1G"}``,
            and ``log``, how much of its log is kept; over those of the settings.
        confirmed: launch in a production environment without being asked.
        **arguments: the module's arguments by name: ``paths=200_000``.

    Raises:
        OpsdashError: the run was not launched; the message says what to do.
    """
    named = {**(values or {}), **arguments}
    if argv is not None and named:
        message = "Give the arguments by name or as argv, not both."
        raise ValuesError(message, {"": message})
    folder = str(Path(cwd).absolute()) if cwd else ""
    request = LaunchRequest(
        module=module,
        argv=tuple(argv) if argv is not None else None,
        values=form_of(module, named, environment, os.fspath(interpreter), folder),
        extra_args=tuple(extra_args),
        environment=environment,
        interpreter=os.fspath(interpreter),
        cwd=folder,
        variables=dict(variables or {}),
        requested_by=requested_by,
        limits=given_limits(limits or {}),
        confirmed=confirmed,
    )
    return launched(request)


def given_limits(limits: Mapping[str, float | str]) -> dict[str, float]:
    """Limits by their full names; texts such as ``2h`` and ``4G`` are read.

    Raises:
        ValuesError: one is unknown, or none.
    """
    if not isinstance(limits, Mapping):
        message = f'limits is a dict such as {{"memory": "1G"}}, not {limits!r}.'
        raise ValuesError(message, {"limits": message})
    read = {
        name: parse_limit(name, value) if isinstance(value, str) else value
        for name, value in limits.items()
    }
    return check_limits({name: v for name, v in read.items() if v is not None})


def launched(request: LaunchRequest) -> RunHandle:
    """Launch what a line of code asks for.

    Raises:
        OpsdashError: the run was not launched; the message says what to do.
    """
    opened = service()
    try:
        return RunHandle(opened, opened.launch(request, _tell))
    except ConfirmationNeeded as needed:
        if needed.cause != "module":
            raise
        # Naming a module in a line of code is the confirmation that a form asks for.
        confirmed_so = msgspec.structs.replace(request, confirmed=True)
        return RunHandle(opened, opened.launch(confirmed_so, _tell))


def _tell(verdict: Verdict) -> None:
    """Warn where the module's own parser was asked and could not be heard."""
    if verdict.word == "unknown" and verdict.told:
        message = f"It was launched without its parser's word. {verdict.message}"
        warnings.warn(message, stacklevel=2)


def form_of(
    module: str,
    arguments: Mapping[str, Any],
    environment: str,
    interpreter: str,
    cwd: str,
) -> FormValues | None:
    """A module's form filled by keywords; None where there are none."""
    if not arguments:
        return None
    spec = service().module_spec(
        module, environment=environment, interpreter=interpreter, cwd=cwd
    )
    return form_values(spec, arguments)
