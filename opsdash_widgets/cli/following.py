"""Following a run until it has ended: its output, its stop, and Ctrl-C."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

from .output import Copier

if TYPE_CHECKING:
    from ..core.follow import LogFile
    from ..core.model import Run
    from ..core.service import Service

POLL_S = 0.05
"""How often the log and the run are looked at."""


class Interrupts:
    """Counts Ctrl-C instead of ending; what was ignored before stays ignored."""

    def __init__(self) -> None:
        self.count = 0
        self._before: Any = None

    def __enter__(self) -> Interrupts:
        self._before = signal.getsignal(signal.SIGINT)
        if self._before is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, self._heard)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.count += 1


def follow(
    service: Service,
    run_id: str,
    log: LogFile,
    copier: Copier,
    each_time: Callable[[], bool] = lambda: True,
) -> Run | None:
    """Copy a run's output as it comes.

    Args:
        service: knows the run.
        run_id: the run.
        log: its log.
        copier: where the output goes.
        each_time: called at every look; whether to go on.

    Returns:
        The run as it ended, or ``None`` where ``each_time`` said to leave.
    """
    settled = 0
    while True:
        found = service.run(run_id)  # before the log: what ended has written all
        log.refresh()
        if found.is_terminal:
            copier.finish()
            return found
        # Which stream a byte belongs to is noted just after it was written: what is
        # new is copied at the next look, when that is known.
        copier.copy(min(settled, log.size))
        settled = log.size
        if not each_time():
            return None
        time.sleep(POLL_S)


def exit_code(run: Run) -> int:
    """What a shell would show for the job: its code, or 128 + the signal's number."""
    code, number = run.verdict.exit_code, run.verdict.signal
    if code:
        return code
    if number:
        return 128 + number
    if code == 0 and run.word == "succeeded":
        return 0
    return NOT_STARTED if run.word == "start_failed" else 1


NOT_STARTED = 127
"""What a shell shows for a program that cannot be started."""
