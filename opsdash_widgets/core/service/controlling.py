"""What is done to a run after its launch: stop, pause, resume, and its use."""

from __future__ import annotations

import abc

from .. import metrics, rundir
from ..errors import StopError
from ..model import Actor, Capability, Resources, Run, RunState
from ..rundir import Rung
from ..settings import Settings
from . import stopping
from .adopting import Adoption
from .audit import AuditLog
from .gate import require, require_control
from .reading import folder_of

PAUSABLE = (RunState.RUNNING, RunState.PAUSED, RunState.ORPHANED)


class Controlling(abc.ABC):
    """The part of the service that acts on runs, from any session."""

    settings: Settings
    actor: Actor
    _audit: AuditLog
    _adoption: Adoption

    @abc.abstractmethod
    def run(self, run_id: str) -> Run:
        """A run by its id, read fresh."""

    def stop(self, run_id: str, *, kill_now: bool = False) -> Run:
        """Ask a run to stop, from any session; returns at once.

        Raises:
            PermissionDenied: the actor may not.
            RunNotFound: there is no such run.
            RunGone: its directory is not there.
            RunUnreadable: its directory cannot be read now.
        """
        run = self._mine_to_control(run_id)
        if not run.is_terminal:
            stopping.stop(
                run, by=self.actor.name, kill_now=kill_now, settings=self.settings
            )
        action = "kill now" if kill_now else "stop"
        self._audit.record(self.actor, action, run.word, run=run.run_id)
        return self.run(run.run_id)

    def withdraw_stop(self, run_id: str) -> bool:
        """Take a stop back that has signalled nothing yet; whether the run goes on.

        Raises:
            PermissionDenied: the actor may not.
            RunNotFound: there is no such run.
            RunGone: its directory is not there.
            RunUnreadable: its directory cannot be read now.
        """
        run = self._mine_to_control(run_id)
        withdrawn = not run.is_terminal and rundir.withdraw_stop(folder_of(run))
        outcome = "withdrawn" if withdrawn else "too late"
        self._audit.record(self.actor, "withdraw stop", outcome, run=run.run_id)
        return withdrawn

    def pause(self, run_id: str) -> Run:
        """Freeze all processes of a run until it is resumed; returns at once.

        Raises:
            PermissionDenied: the actor may not.
            RunNotFound: there is no such run.
            StopError: the run cannot be paused now (it waits, it ends, it has ended).
            RunGone, RunUnreadable: its directory is not there, or cannot be read now.
        """
        return self._freeze(run_id, freeze=True)

    def resume(self, run_id: str) -> Run:
        """Let a paused run go on; returns at once.

        Raises:
            PermissionDenied: the actor may not.
            RunNotFound: there is no such run.
            StopError: the run cannot be resumed now.
            RunGone, RunUnreadable: its directory is not there, or cannot be read now.
        """
        return self._freeze(run_id, freeze=False)

    def _freeze(self, run_id: str, *, freeze: bool) -> Run:
        run = self._mine_to_control(run_id)
        action = "pause" if freeze else "resume"
        if run.verdict.state not in PAUSABLE:
            self._audit.record(self.actor, action, run.word, run=run.run_id)
            raise StopError(
                f"Run {run.run_id} is {run.word}: it cannot be {action}d.",
                "Only what runs can be paused, and only what is paused resumed.",
            )
        rundir.request_freeze(folder_of(run), freeze=freeze, by=self.actor.name)
        self._audit.record(self.actor, action, run.word, run=run.run_id)
        return self.run(run.run_id)

    def stop_rungs(self, run_id: str) -> list[Rung]:
        """The rungs that a run's stop has reached so far."""
        return rundir.read_rungs(folder_of(self.run(run_id)))

    def resources(self, run_id: str, points: int = 600) -> Resources:
        """What a run uses of the machine over time.

        Args:
            run_id: the run.
            points: how many samples at most; where there are more, each is the peak
                of a span.

        Raises:
            RunNotFound: there is no such run.
            RunGone: its directory is not there.
        """
        require(self.actor, Capability.SEE)
        run = self.run(run_id)
        return metrics.read_resources(folder_of(run), points, run.verdict.totals)

    def adopt(self, run_id: str) -> bool:
        """Give a run whose supervisor has died a new one; whether one was started.

        It learns the true exit code wherever the kernel or the job itself tells it.
        """
        return self._adoption.adopt(self.run(run_id))

    def _mine_to_control(self, run_id: str) -> Run:
        require(self.actor, Capability.STOP)
        run = self.run(run_id)
        require_control(self.actor, run.spec.owner)
        return run
