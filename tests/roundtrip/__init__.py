"""Does a form's argv give, in the module's own parser, exactly what the form means?

An oracle that shares nothing with ``core/command``: random valid values are drawn from
the real actions, their namespace is made by calling those actions by hand, and the argv
is given to the module's own ``parse_args``, all in the module's own interpreter.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from opsdash_widgets.core.command import build
from opsdash_widgets.core.errors import ValuesError
from opsdash_widgets.core.model import FormValues, ModuleSpec, ParserSpec

from .layouts import Layouts

_CHILD = Path(__file__).parent / "own_parser"
_LONGEST_S = 180
_SHOWN_BY = (["--help"], [])


class Miss(NamedTuple):
    """Values whose argv is not what they mean."""

    form: dict[str, Any]
    argv: list[str]
    told: str


class Refusal(NamedTuple):
    """Values for which there is no argv, as ``build`` says.

    Attributes:
        form: the values.
        fields: what ``build`` says of them.
        wrong: the real parser has read a command line as what they mean.
    """

    form: dict[str, Any]
    fields: dict[str, str]
    wrong: bool = False


class Outcome(NamedTuple):
    """What became of one module's values.

    Attributes:
        tried: how many values were drawn.
        right: how many gave the namespace that they mean.
        misses: those that gave another one, or none.
        refusals: those that ``build`` says no command line can hold.
        troubles: why fewer were drawn than asked for.
    """

    tried: int = 0
    right: int = 0
    misses: tuple[Miss, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    troubles: tuple[str, ...] = ()


def measure(
    spec: ModuleSpec, folder: Path, count: int, seed: int, blind: int = 0
) -> Outcome:
    """Draw values for a module and see what its own parser makes of their argv.

    Args:
        spec: the module's spec; its interpreter is the one that is asked.
        folder: where the module is started.
        count: how many values to draw.
        seed: where chance begins.
        blind: how many random command lines to try for what is refused.
    """
    for argv in _SHOWN_BY:
        command = [str(_CHILD), spec.module, str(seed), str(count), *argv]
        outcome = _measure(spec, folder, command, Layouts(spec.parser, seed), blind)
        if outcome is not None:
            return outcome
    return Outcome(troubles=("its parser is not reached",))


def _measure(
    spec: ModuleSpec, folder: Path, command: list[str], layouts: Layouts, blind: int
) -> Outcome | None:
    with (
        subprocess.Popen(
            [spec.interpreter, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=folder,
            env=_variables(),
            start_new_session=True,
        ) as child,
        _at_most(child, _LONGEST_S),
    ):
        drawn = _asked(child, tree(spec.parser))
        if drawn is None or drawn["forms"] is None:
            return None
        built = [_built(spec, form) for form in drawn["forms"]]
        asked = [
            layouts.some(form, blind) if argv is None else [argv]
            for form, (argv, _) in zip(drawn["forms"], built, strict=True)
        ]
        told = _asked(child, asked)
    shutil.rmtree(drawn["folder"], ignore_errors=True)
    if told is None:
        return Outcome(troubles=("it ended while it was asked",))
    return _outcome(drawn, built, told["verdicts"])


@contextlib.contextmanager
def _at_most(child: subprocess.Popen[str], limit_s: float) -> Iterator[None]:
    """Kill a child's whole session when it takes longer."""

    def kill() -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)

    timer = threading.Timer(limit_s, kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _asked(child: subprocess.Popen[str], question: Any) -> dict[str, Any] | None:
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(json.dumps(question) + "\n")
        child.stdin.flush()
    except BrokenPipeError:
        return None
    line = child.stdout.readline()
    return dict(json.loads(line)) if line else None


def _variables() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {**own, "COLUMNS": "200", "PYTHONUTF8": "1", "PYTHONWARNINGS": "ignore"}


def tree(parser: ParserSpec) -> dict[str, Any]:
    """The ids of a parser's arguments in order, and those of its subcommands."""
    commands = parser.commands.commands if parser.commands else ()
    return {
        "ids": [argument.id for argument in parser.arguments],
        "commands": {
            name: tree(one.parser)
            for one in commands
            for name in (one.name, *one.aliases)
        },
    }


def _built(
    spec: ModuleSpec, form: dict[str, Any]
) -> tuple[list[str] | None, dict[str, str]]:
    try:
        return list(build(spec, msgspec.convert(form, FormValues)).argv), {}
    except ValuesError as error:
        return None, error.fields


def _outcome(drawn: dict[str, Any], built: list[Any], verdicts: list[Any]) -> Outcome:
    misses = []
    refusals = []
    for form, (argv, fields), told in zip(drawn["forms"], built, verdicts, strict=True):
        if argv is None:
            refusals.append(Refusal(form, fields, wrong=not told))
        elif told:
            misses.append(Miss(form, argv, told))
    return Outcome(
        tried=len(built),
        right=len(built) - len(misses) - len(refusals),
        misses=tuple(misses),
        refusals=tuple(refusals),
        troubles=tuple(drawn["troubles"]),
    )
