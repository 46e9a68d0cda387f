"""Ask a module's own parser whether it would accept some arguments.

Its converters and actions run for real, which may open, write or delete what they are
given: so it is done only under an overlay whose changes are thrown away, and without a
network (see ``sandbox``). Where that is not to be had, nothing is asked.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ..model import Kind, ModuleSpec
from ..redaction import MASK
from . import place as places
from . import sandbox

_CHILD = Path(__file__).parent / "child" / "validate_child.py"
_WITHOUT_PARSER = (Kind.PLAIN, Kind.FIRE, Kind.NOT_RUNNABLE, Kind.BROKEN)
NO_PARSER = "It has no parser that could be asked."
_TOO_LATE = "Its parser did not answer in time."
_SILENT = "Its parser gave no answer."


class ParserVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a parser says of one argv.

    Attributes:
        accepted: whether it takes it; None where that could not be found out.
        message: its own words where it refuses, or why it is not known; else empty.
        field: the path of the first field that it names; empty for the whole form.
        fields: the paths of all that it names.
    """

    accepted: bool | None
    message: str = ""
    field: str = ""
    fields: tuple[str, ...] = ()


class Validation(msgspec.Struct, frozen=True, kw_only=True):
    """What a parser says of several argvs.

    Attributes:
        available: it could be asked here.
        reason: why it could not, one sentence.
        verdicts: one for each argv; empty where it could not be asked.
    """

    available: bool
    reason: str = ""
    verdicts: tuple[ParserVerdict, ...] = ()


def validation_off() -> str:
    """Why no parser can be asked on this machine, one sentence; empty where it can.

    The first call tries, and takes some 50 ms.
    """
    confined = sandbox.confinement()
    return "" if confined.is_full else _off(confined)


def validate(
    module: str,
    argvs: Sequence[Sequence[str]],
    *,
    interpreter: str,
    cwd: str | Path,
    spec: ModuleSpec,
    variables: Mapping[str, str] | None = None,
    timeout_s: float = 10.0,
    secrets: Sequence[str] = (),
) -> Validation:
    """Ask the parser of a module about some argvs; the module is imported once for all.

    Args:
        module: dotted name.
        argvs: the arguments of each launch.
        interpreter: the Python that would run it.
        cwd: the folder that it would be started in.
        spec: what the probe said: the parser that is meant.
        variables: environment variables over our own.
        timeout_s: after this time what is not known stays unknown.
        secrets: values that must not stand in a message.

    Raises:
        EnvironmentNotUsable: the interpreter or the folder is not there.
    """
    if spec.kind in _WITHOUT_PARSER:
        unknown = ParserVerdict(accepted=None, message=NO_PARSER)
        return Validation(available=True, verdicts=(unknown,) * len(argvs))
    folder = places.working_folder(cwd)
    place = _Place(
        module=module,
        interpreter=places.interpreter_path(interpreter),
        folder=folder,
        variables=places.child_variables(folder, variables),
        ids=[argument.id for argument in spec.parser.arguments],
    )
    rounds = _Rounds(place, argvs, time.monotonic() + timeout_s)
    while rounds.left and not rounds.off:
        rounds.ask()
    if rounds.off:
        return Validation(available=False, reason=rounds.off)
    found = (_verdict(said, secrets) for said in rounds.said)
    return Validation(available=True, verdicts=tuple(found))


class _Place(NamedTuple):
    """What is asked, and where."""

    module: str
    interpreter: str
    folder: Path
    variables: dict[str, str]
    ids: list[str]


class _Rounds:
    """Asks until each argv has its answer.

    One import serves all argvs where the module parses its command line as it is. One
    that takes it apart itself is started again for each. So is what was refused after
    the parse of another argv had changed files: it may have stumbled over them.
    """

    def __init__(
        self, place: _Place, argvs: Sequence[Sequence[str]], deadline: float
    ) -> None:
        self.off = ""
        self.said: list[dict[str, Any]] = [{} for _ in argvs]
        self.left = [[number] for number in range(len(argvs))]
        self._place = place
        self._argvs = argvs
        self._deadline = deadline
        if len(argvs) > 1:
            self.left = [list(range(len(argvs)))]

    def ask(self) -> None:
        """Ask about the next group of argvs."""
        group = self.left.pop(0)
        left_s = self._deadline - time.monotonic()
        if left_s <= 0:
            self._leave(group, _TOO_LATE)
            return
        answer = _asked(self._place, [self._argvs[n] for n in group], left_s)
        if answer.timed_out and not answer.lines:
            self._leave(group, _TOO_LATE)
            return
        if not answer.confinement.is_full:
            self.off = _off(answer.confinement)
            return
        heard = [json.loads(line) for line in answer.lines[1:] if line[:1] == b"{"]
        self._take(group, heard)
        known = {said["index"] for said in heard}
        missing = [number for at, number in enumerate(group) if at not in known]
        if answer.timed_out:
            self._leave(missing, _TOO_LATE)
        elif missing and missing[0] == group[0]:
            self._leave(missing[:1], _died(answer))
            missing = missing[1:]
        if missing and not answer.timed_out:
            self.left.append(missing)

    def _take(self, group: list[int], heard: list[dict[str, Any]]) -> None:
        """Keep the answers, but for a refusal that another argv may have caused."""
        changed = False
        for said in heard:
            number = group[said["index"]]
            if said["accepted"] is False and changed:
                self.left.append([number])
            self.said[number] = said
            changed = changed or said["changed"]

    def _leave(self, numbers: list[int], message: str) -> None:
        for number in numbers:
            if not self.said[number]:
                self.said[number] = {"accepted": None, "message": message}


def _asked(
    place: _Place, argvs: Sequence[Sequence[str]], left_s: float
) -> sandbox.Answer:
    request = {
        "module": place.module,
        "folder": str(place.folder),
        "argvs": [list(argv) for argv in argvs],
        "ids": place.ids,
        "timeout_s": left_s,
    }
    command = [place.interpreter, str(_CHILD), "{answer_fd}", "{given_fd}"]
    try:
        return sandbox.ask(
            command,
            expected=len(argvs) + 2,
            timeout_s=left_s,
            variables=place.variables,
            folder=place.folder,
            given=json.dumps(request).encode("ascii"),
            needed="full",
        )
    except OSError as error:
        raise places.cannot_start(place.interpreter, error) from error


def _died(answer: sandbox.Answer) -> str:
    lines = [line.strip() for line in answer.output.splitlines() if line.strip()]
    return f"{_SILENT[:-1]}: {lines[-1]}" if lines else _SILENT


def _off(confined: sandbox.Confinement) -> str:
    detail = f" ({confined.reason})" if confined.reason else ""
    return (
        "The module's parser is not asked before a launch: this machine allows no "
        f"throw-away file system{detail}."
    )


def _verdict(said: Mapping[str, Any], secrets: Sequence[str]) -> ParserVerdict:
    fields = tuple(said.get("fields", ()))
    return ParserVerdict(
        accepted=said.get("accepted"),
        message=_masked(said.get("message", ""), secrets),
        field=fields[0] if fields else "",
        fields=fields,
    )


def _masked(message: str, secrets: Sequence[str]) -> str:
    """A message without secrets, as they are or as Python would write them."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        for shown in (secret, repr(secret)[1:-1], json.dumps(secret)[1:-1]):
            message = message.replace(shown, MASK)
    return message
