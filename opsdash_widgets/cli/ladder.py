"""The rungs of a stop, in words, as they are reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .terminal import tell

if TYPE_CHECKING:
    from ..core.model import Run
    from ..core.rundir import Rung
    from ..core.service import Service

_WORDS = {"limit": "reached a limit"}
_SIGNALS = {"terminate": "SIGTERM", "kill": "SIGKILL"}


def rung_words(rung: Rung) -> str:
    """What a rung did."""
    if rung.rung not in _SIGNALS:
        return "asked to stop"
    count = "1 process" if rung.signalled == 1 else f"{rung.signalled} processes"
    return f"{_SIGNALS[rung.rung]} sent to {count}"


class LadderTeller:
    """Tells each rung of a run's stop once."""

    def __init__(self, service: Service, run_id: str) -> None:
        self._service = service
        self._run_id = run_id
        self._told = len(service.stop_rungs(run_id))

    def tell_new(self) -> None:
        """Say what was reached since the last call, after the asking."""
        rungs = self._service.stop_rungs(self._run_id)
        for rung in rungs[self._told :]:
            if rung.rung in _SIGNALS:
                tell(f"{self._run_id}: {rung_words(rung)}")
        self._told = len(rungs)


def ending(run: Run) -> str:
    """How a run ended, in one sentence."""
    code, number = run.verdict.exit_code, run.verdict.signal
    how = f" (exit code {code})" if code else f" (signal {number})" if number else ""
    word = _WORDS.get(run.word, run.word.replace("_", " "))
    why = run.explanation or run.verdict.reason
    return f"{run.spec.module} {word}{how}{': ' + why if why else '.'}"
