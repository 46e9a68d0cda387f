"""Finding things again: ``ops.run(id)``, ``ops.runs(…)``, ``ops.modules()``."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..core.errors import ValuesError
from ..core.model import ModuleListing, ModuleSpec, Outcome, Run, RunQuery, RunState
from ..core.redaction import escape_html
from ..core.service import Service
from .frames import imported_pandas
from .handle import RunHandle
from .session import service

if TYPE_CHECKING:
    import pandas

SHOWN = 20
"""Rows that a list shows of itself."""

Word = TypeVar("Word", bound=StrEnum)

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}

COLUMNS = (
    "run_id",
    "module",
    "state",
    "outcome",
    "exit_code",
    "reason",
    "created",
    "started",
    "ended",
    "duration",
    "requested_by",
    "environment",
    "argv",
    "run_dir",
)


def run(run_id: str) -> RunHandle:
    """A run by its id, or by an unambiguous beginning or end of it.

    Raises:
        RunNotFound: none, or more than one, answers to it.
    """
    opened = service()
    return RunHandle(opened, opened.run(run_id))


def modules(*packages: str) -> list[ModuleListing]:
    """The modules of the configured packages, or of the given ones."""
    return service().modules(packages or None)


def spec(module: str, *, environment: str = "", interpreter: str = "") -> ModuleSpec:
    """What a module takes, from its own parser; ``ArgparseForm.show`` draws it.

    Raises:
        ModuleError: the module is not there, or its parser cannot be read.
        EnvironmentNotUsable: the interpreter is not there.
    """
    return service().module_spec(
        module, environment=environment, interpreter=interpreter
    )


def runs(
    *,
    module: str = "",
    state: str = "",
    outcome: str = "",
    environment: str = "",
    user: str = "",
    text: str = "",
    since: str | float | datetime.datetime | None = None,
    limit: int = 100,
) -> RunList:
    """Runs, the newest first.

    Args:
        module: a dotted name, or a package as ``runners.*``.
        state: ``running``, ``finished`` …
        outcome: ``succeeded``, ``failed`` …
        environment: a named environment.
        user: who asked.
        text: words that occur in module, arguments or reason.
        since: a time, seconds since the epoch, or an age such as ``"7d"`` or ``"2h"``.
        limit: at most this many.

    Raises:
        ValuesError: ``since`` is no age, or there is no such state or outcome.
    """
    opened = service()
    opened.sync()
    query = RunQuery(
        modules=(module,) if module else (),
        states=(_word(RunState, "state", state),) if state else (),
        outcomes=(_word(Outcome, "outcome", outcome),) if outcome else (),
        environments=(environment,) if environment else (),
        users=(user,) if user else (),
        text=text,
        since=_moment(since),
        limit=limit,
    )
    page = opened.runs(query)
    return RunList(opened, page.runs, page.total)


def _word(words: type[Word], what: str, given: str) -> Word:
    try:
        return words(given)
    except ValueError:
        known = ", ".join(words)
        message = f"{given!r} is no {what}: it is one of {known}."
        raise ValuesError(message, {what: message}) from None


def _moment(since: str | float | datetime.datetime | None) -> float | None:
    if since is None or isinstance(since, int | float):
        return since
    if isinstance(since, datetime.datetime):
        return since.timestamp()
    number, unit = since[:-1], since[-1:]
    if not number.isdecimal() or unit not in _UNITS:
        message = (
            f"{since!r} is no age: write a number and s, m, h, d or w, as in '7d'."
        )
        raise ValuesError(message, {"since": message})
    return time.time() - int(number) * _UNITS[unit]


class RunList(Sequence[RunHandle]):
    """Runs in order; ``total`` counts all that the question had."""

    def __init__(self, opened: Service, found: Sequence[Run], total: int) -> None:
        self._service = opened
        self._runs = tuple(found)
        self.total = total

    def to_frame(self) -> pandas.DataFrame:
        """The runs as a pandas frame, one row a run, times as UTC timestamps.

        Raises:
            OpsdashError: pandas is not installed.
        """
        pandas = imported_pandas()
        frame = pandas.DataFrame(self.to_dicts(), columns=list(COLUMNS))
        for name in ("created", "started", "ended"):
            frame[name] = pandas.to_datetime(frame[name], unit="s", utc=True)
        return frame

    def to_dicts(self) -> list[dict[str, Any]]:
        """The runs as they are now; times are seconds since the epoch."""
        return [_row(self._service.as_now(found)) for found in self._runs]

    @overload
    def __getitem__(self, place: int) -> RunHandle: ...
    @overload
    def __getitem__(self, place: slice) -> RunList: ...
    def __getitem__(self, place: int | slice) -> RunHandle | RunList:
        if isinstance(place, slice):
            return RunList(self._service, self._runs[place], self.total)
        return RunHandle(self._service, self._runs[place])

    def __len__(self) -> int:
        return len(self._runs)

    def __iter__(self) -> Iterator[RunHandle]:
        return (RunHandle(self._service, found) for found in self._runs)

    def __repr__(self) -> str:
        lines = [
            f"{row['run_id']}  {row['module']}  {row['outcome'] or row['state']}"
            for row in self.to_dicts()[:SHOWN]
        ]
        return "\n".join([*lines, self._count()])

    def _repr_html_(self) -> str:
        names = ("run_id", "module", "state", "outcome", "exit_code", "reason")
        head = "".join(f"<th>{name}</th>" for name in names)
        body = "".join(
            "<tr>"
            + "".join(
                f"<td>{escape_html('' if row[n] is None else str(row[n]))}</td>"
                for n in names
            )
            + "</tr>"
            for row in self.to_dicts()[:SHOWN]
        )
        return f"<table><tr>{head}</tr>{body}</table><p>{self._count()}</p>"

    def _count(self) -> str:
        return f"{min(len(self), SHOWN)} shown of {self.total} runs"


def _row(found: Run) -> dict[str, Any]:
    spec, verdict = found.spec, found.verdict
    return {
        "run_id": spec.run_id,
        "module": spec.module,
        "state": str(verdict.state),
        "outcome": str(verdict.outcome) if verdict.outcome else None,
        "exit_code": verdict.exit_code,
        "reason": found.explanation or verdict.reason,
        "created": spec.created,
        "started": verdict.started,
        "ended": verdict.ended,
        "duration": verdict.duration,
        "requested_by": spec.requested_by,
        "environment": spec.environment,
        "argv": list(spec.argv),
        "run_dir": found.run_dir,
    }
