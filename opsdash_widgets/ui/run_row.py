"""A run as the plain dict that the browser gets."""

from __future__ import annotations

import functools
import shlex
import signal
from collections.abc import Mapping
from typing import Any, Protocol

from ..core.model import LIMITS, Outcome, Run, limit_text
from ..core.provenance import read_provenance
from ..core.redaction import safe_text

_NAME_LIMIT = 200
_SENTENCE_LIMIT = 600
_COMMAND_LIMIT = 4_000
_FROM_OUTSIDE = (Outcome.LIMIT, Outcome.LOST, Outcome.ENDED_UNKNOWN)


class Recorded(Protocol):
    """What holds a run's record, such as the handle that a cell has."""

    @property
    def record(self) -> Run:
        """The whole record."""


def recorded(run: Run | Recorded) -> Run:
    """The record itself, from it or from what holds it."""
    return run if isinstance(run, Run) else run.record


def run_row(run: Run) -> dict[str, Any]:
    """What a view shows of a run; every text is safe to show.

    Times are seconds since the epoch, durations seconds; unknown ones are ``None``.
    """
    spec, verdict = run.spec, run.verdict
    return {
        "run_id": spec.run_id,
        "short": spec.run_id[-6:],
        "module": _name(spec.module),
        "word": run.word,
        "state": str(verdict.state),
        "outcome": None if verdict.outcome is None else str(verdict.outcome),
        "reason": _sentence(verdict.reason),
        "why": _sentence(_why(run)),
        "created": spec.created,
        "started": verdict.started,
        "ended": verdict.ended,
        "duration": verdict.duration,
        "user": _name(spec.user),
        "requested_by": _name(spec.requested_by or spec.user),
        "environment": _name(spec.environment),
        "host": _name(spec.host),
        "argv": safe_text(_shell_text(spec.argv), _COMMAND_LIMIT),
        "run_dir": _name(run.run_dir, _COMMAND_LIMIT),
        "exit_code": verdict.exit_code,
        "signal": verdict.signal,
        "rung": verdict.rung,
        "pid": verdict.pid,
        "active": not run.is_terminal,
        "cwd": _name(spec.cwd, _COMMAND_LIMIT),
        "interpreter": _name(spec.interpreter, _COMMAND_LIMIT),
    }


def _why(run: Run) -> str:
    """The run's own last words, but for an end that it could not know of."""
    verdict = run.verdict
    from_outside = verdict.outcome in _FROM_OUTSIDE or verdict.signal == signal.SIGKILL
    return verdict.reason if from_outside else run.explanation or verdict.reason


def card_row(run: Run) -> dict[str, Any]:
    """The same, with what only an opened run shows: its limits, and whence its code."""
    spec = run.spec
    return run_row(run) | {
        "launched_by": _name(spec.launched_by),
        "paused_s": run.verdict.paused_s,
        "limits": limits_row(spec.limits),
        "provenance": _provenance(spec.provenance),
    }


def limits_row(limits: Mapping[str, float]) -> list[list[str]]:
    """Each limit as people write it: its label and its text, in the table's order."""
    return [
        [limit.label, limit_text(limit.name, limits[limit.name])]
        for limit in LIMITS
        if limits.get(limit.name)
    ]


def _provenance(recorded: dict[str, Any]) -> dict[str, Any]:
    known = read_provenance(recorded)
    git, python = known.git, known.interpreter
    return {
        "commit": git.commit if git else "",
        "branch": git.branch if git else "",
        "dirty": git.dirty if git else None,
        "note": git.note if git else "",
        "python": f"{python.implementation} {python.version}".strip(),
        "packages": known.packages.digest,
        "package_count": known.packages.count,
    }


@functools.lru_cache(maxsize=4096)
def _name(text: str, limit: int = _NAME_LIMIT) -> str:
    """Names come again in every row; making them safe costs 5 µs each."""
    return safe_text(text, limit)


@functools.lru_cache(maxsize=1024)
def _sentence(text: str) -> str:
    return safe_text(text, _SENTENCE_LIMIT)


def _shell_text(argv: tuple[str, ...]) -> str:
    """The arguments as a shell would take them; no more of them than is shown."""
    shown: list[str] = []
    length = 0
    for argument in argv:
        shown.append(shlex.quote(argument[:_COMMAND_LIMIT]))
        length += len(shown[-1])
        if length > _COMMAND_LIMIT:
            break
    return " ".join(shown)
