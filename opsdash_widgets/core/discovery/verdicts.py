"""What a probe's answer means: a ModuleSpec, or an error that says what to do."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import msgspec

from ..errors import EnvironmentNotUsable, ModuleNotFound, ModuleUnreadable, ProbeFailed
from ..model import Kind, ModuleSpec, ParserSpec
from .date_tokens import by_hand, plain_parser
from .refining import refine
from .sandbox import Answer

_FINAL = ("parser", "no parser", "broken", "not found", "timeout", "crash")
_BY_HAND = "Give its arguments by hand, as extra arguments, or correct the module."
_NETWORK = ("gaierror", "ConnectionError", "URLError", "ConnectionRefusedError")


class Place(NamedTuple):
    """Which module is asked, and where.

    Attributes:
        module: dotted name.
        interpreter: absolute path of the Python that is asked.
        environment: the environment's name; may be empty.
    """

    module: str
    interpreter: str
    environment: str = ""

    @property
    def named(self) -> str:
        """The environment in a sentence."""
        if self.environment:
            return f"the environment {self.environment}"
        return f"the environment of `{self.interpreter}`"


def reply(where: Place, answer: Answer, timeout_s: float) -> dict[str, Any]:
    """The reply in an answer; one of our own where the process gave none.

    Raises:
        EnvironmentNotUsable: what was started is no Python that can answer.
    """
    if len(answer.lines) >= 2:
        said: dict[str, Any] = json.loads(answer.lines[1])
        if said.get("formatted", "") not in answer.output:
            # A help text that was built but not shown is not the module's help.
            said = {**said, "status": "end"}
        return {**said, "output": answer.output}
    if answer.timed_out:
        return {"status": "timeout", "timeout_s": timeout_s, "output": answer.output}
    if not answer.lines:
        raise EnvironmentNotUsable(
            f"`{where.interpreter}` does not work as a Python interpreter "
            "(3.8 or newer is needed).",
            "Correct the environment's interpreter, or choose another environment.",
            answer.output,
        )
    status = "crash" if answer.code is not None and answer.code != 0 else "end"
    return {"status": status, "code": answer.code, "output": answer.output}


def is_final(said: dict[str, Any]) -> bool:
    """Whether asking in another way cannot give more."""
    return said["status"] in _FINAL or "missing" in said


def spec(where: Place, said: dict[str, Any], took_s: float) -> ModuleSpec:
    """The module's spec.

    Raises:
        ModuleNotFound: there is no such module there.
        ModuleUnreadable: its source does not parse.
        ProbeFailed: it did not show its parser.
    """
    status = said["status"]
    if status not in ("parser", "no parser"):
        _refuse(where, said)
    kind = Kind(said["kind"])
    parser, warnings = ParserSpec(), tuple(said.get("warnings", ()))
    passes: tuple[ParserSpec, ...] = ()
    if status == "parser":
        parser = msgspec.convert(said["parser"], ParserSpec)
        passes = msgspec.convert(said.get("first_passes", ()), tuple[ParserSpec, ...])
    elif kind is Kind.PLAIN:
        parser, found = plain_parser(said["path"])
        if said.get("library"):
            found = (by_hand(said["library"]), *found)
        warnings = tuple(dict.fromkeys([*warnings, *found]))
    elif kind is Kind.FIRE:
        warnings = ("Fire modules show no list of arguments: give them by hand.",)
    elif kind is Kind.NOT_RUNNABLE:
        warnings = (f"`{where.module}` only defines things: running it does nothing.",)
    parser, wrong = refine(parser, said.get("form"))
    return ModuleSpec(
        module=where.module,
        kind=kind,
        parser=parser,
        first_passes=passes,
        title=said["title"],
        path=said["path"],
        interpreter=where.interpreter,
        python=".".join(str(part) for part in said.get("python", ())),
        probed_s=round(took_s, 4),
        warnings=(*warnings, *wrong),
    )


def _refuse(where: Place, said: dict[str, Any]) -> NoReturn:
    name, output = where.module, said.get("output", "")
    match said["status"]:
        case "not found":
            raise _not_found(where, said)
        case "broken":
            raise ModuleUnreadable(
                name,
                f"`{name}` cannot be read as Python: {said['error']}",
                f"Correct {said['path']} and try again.",
            )
        case "error":
            raise _failed_import(where, said)
        case "timeout":
            raise ProbeFailed(
                name,
                "timeout",
                f"`{name}` did not show its arguments within "
                f"{round(said['timeout_s'], 1):g} s and was stopped.",
                "See in the details where it waits, or raise `probe_timeout_s`.",
                output,
            )
        case "exit":
            raise _exited(name, said)
        case "crash":
            raise ProbeFailed(
                name,
                "crash",
                f"`{name}` {_death(said['code'])} before it showed its arguments.",
                "Run it in a terminal to see why; the details hold what it printed.",
                output,
            )
    raise ProbeFailed(
        name,
        "no_parser",
        f"`{name}` ran to its end without showing a parser.",
        _BY_HAND,
        output,
    )


def _not_found(where: Place, said: dict[str, Any]) -> ModuleNotFound:
    name = where.module
    if said["is_package"]:
        return ModuleNotFound(
            name,
            f"`{name}` is a package without a `__main__` module: it cannot be run.",
            "Choose one of the modules in it.",
        )
    parts = name.split(".")
    missing = ".".join(parts[: said["found"] + 1])
    detail = f" (there is no `{missing}`)" if len(parts) > 1 else ""
    return ModuleNotFound(
        name,
        f"There is no module `{name}` in {where.named}{detail}.",
        "Check the name and the working folder, or choose another environment.",
    )


def _failed_import(where: Place, said: dict[str, Any]) -> ProbeFailed:
    details = said["traceback"]
    if said.get("output"):
        details = f"{details}\n{said['output']}".strip()
    missing = str(said.get("missing", ""))
    if missing and said["missing_found"] == 0:
        package = missing.partition(".")[0]
        return ProbeFailed(
            where.module,
            "missing_package",
            f"`{package}` is not installed in {where.named}.",
            "Install it there, or choose another environment.",
            details,
        )
    line = said["last_line"].rstrip(".")
    at = _position(said["where"])
    step = "Correct the module, or set what it needs in the environment."
    if said["type"] == "EOFError" and "reading a line" in line:
        step = "It asks for input at import, and nobody is there: ask after parsing."
    if said["type"] in _NETWORK or "Network is unreachable" in line:
        step = "Its arguments are read without a network: connect only after parsing."
    return ProbeFailed(
        where.module,
        "import_error",
        f"`{where.module}` fails before it shows its arguments: {line}{at}.",
        step,
        details,
    )


def _position(where: list[Any] | None) -> str:
    if not where or not where[0]:
        return ""
    return f" ({Path(str(where[0])).name}, line {where[1]})"


def _exited(name: str, said: dict[str, Any]) -> ProbeFailed:
    code, output = said["code"], said.get("output", "")
    if not code and output.strip():
        return ProbeFailed(
            name,
            "no_parser",
            f"`{name}` answers `--help` by itself, without a parser that can be read.",
            "Give its arguments by hand; the details hold what it answered.",
            output,
        )
    told = f'saying "{code}"' if isinstance(code, str) else f"with code {code or 0}"
    return ProbeFailed(
        name,
        "exit",
        f"`{name}` exits {told} before it shows its arguments.",
        _BY_HAND,
        output,
    )


def _death(code: int | None) -> str:
    if code is None or code >= 0:
        # A process namespace tells the signal of its first process as 128 + n.
        number = (code or 0) - 128
        if number not in set(signal.Signals):
            return f"ended at once with code {code}"
    else:
        number = -code
    return f"was killed by {signal.Signals(number).name}"
