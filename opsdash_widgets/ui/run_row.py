"""A run as the plain dict that the browser gets."""

from __future__ import annotations

import functools
import shlex
from typing import Any, Protocol

from ..core.model import Run
from ..core.redaction import safe_text

_NAME_LIMIT = 200
_SENTENCE_LIMIT = 600
_COMMAND_LIMIT = 4_000


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
        "why": _sentence(run.explanation or verdict.reason),
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
