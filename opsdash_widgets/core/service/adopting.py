"""New supervisors for runs that have lost theirs, and for what such runs left."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .. import rundir
from ..errors import OpsdashError
from ..model import Outcome, Run, RunState
from ..ports import Executor


class Adoption:
    """Looks after runs without a supervisor, at every look at the registry."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._ending: dict[str, Run] = {}

    def adopt(self, run: Run) -> bool:
        """Give an orphan a new supervisor; whether one was started."""
        orphaned = run.verdict.state is RunState.ORPHANED
        return orphaned and self._start(run)

    def look(self, orphans: Iterable[Run], ended: Iterable[Run]) -> None:
        """Adopt orphans, and end what is left of runs that have ended.

        Args:
            orphans: runs that have no supervisor now.
            ended: runs that were seen to have ended since the last look. A supervisor
                may yet be killed while it ends what they left running.
        """
        for run in orphans:
            self._start(run)
        for run in ended:
            if run.verdict.rule == "lost":
                self._start(run)
            elif run.verdict.outcome is Outcome.LOST:
                continue  # of another boot or another container: nothing to end here
            self._ending[run.run_id] = run
        for run in list(self._ending.values()):
            if not self._goes_on_ending(run):
                self._ending.pop(run.run_id, None)  # other threads look, too

    def _goes_on_ending(self, run: Run) -> bool:
        """Whether there may be something left to end."""
        try:
            left = rundir.leftovers(Path(run.run_dir))
        except OSError:  # its directory is gone
            return False
        if left == rundir.UNATTENDED:
            self._start(run)
        return left != rundir.NOTHING

    def _start(self, run: Run) -> bool:
        try:
            return self._executor.adopt(Path(run.run_dir), run.spec)
        except OpsdashError:  # the next look tries again
            return False
