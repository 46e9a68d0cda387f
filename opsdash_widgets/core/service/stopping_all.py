"""Stopping everything at once: all of one's own, or all that there is."""

from __future__ import annotations

import abc

from ..errors import OpsdashError, RunGone
from ..model import Capability, Run, RunQuery, RunState
from .controlling import Controlling
from .gate import require
from .groups import Groups
from .syncing import Registry

ACTIVE = tuple(state for state in RunState if not state.is_terminal)
WINDOW = 1000
"""How many runs are asked of the registry at once."""


class StoppingAll(Controlling):
    """The part of the service that stops many runs, from any session."""

    groups: Groups
    _registry: Registry

    @abc.abstractmethod
    def sync(self) -> tuple[str, ...]:
        """Bring the registry up to date."""

    def stoppable(self, *, mine: bool = True) -> list[Run]:
        """The runs that ``stop_all`` would stop now, those that wait included.

        Raises:
            PermissionDenied: the actor may not stop runs, or not those of others.
        """
        require(self.actor, Capability.STOP)
        if not mine:
            require(self.actor, Capability.CONTROL_OTHERS)
        self.sync()
        return [run for run in self._active() if self._is_meant(run.spec.owner, mine)]

    def stop_all(self, *, mine: bool = True, kill_now: bool = False) -> list[Run]:
        """Stop all runs that this actor has launched; returns at once.

        Groups are stopped as groups: what waits in them never starts. A run that cannot
        be stopped does not keep the others from it.

        Args:
            mine: leave the runs of others alone.
            kill_now: skip the grace times and kill all trees.

        Returns:
            The runs that were asked, as they are now.

        Raises:
            PermissionDenied: the actor may not stop runs, or not those of others.
            OpsdashError: some could not be asked; all others were.
        """
        runs = self.stoppable(mine=mine)
        errors: list[OpsdashError] = []
        stopped = self._stop_groups(errors, mine=mine, kill_now=kill_now)
        for run in runs:
            if run.spec.group not in stopped:
                self._try_to_stop(run, errors, kill_now=kill_now)
        action = "stop all" if not kill_now else "kill all now"
        whose = self.actor.name if mine else "everybody"
        outcome = type(errors[0]).__name__ if errors else "stopped"
        count = f"{len(runs)}"
        self._audit.record(self.actor, action, outcome, whose=whose, runs=count)
        if errors:
            raise errors[0]
        return [self.run(run.run_id) for run in runs]

    def _active(self) -> list[Run]:
        found: list[Run] = []
        while True:
            query = RunQuery(states=ACTIVE, limit=WINDOW, offset=len(found))
            page = self._registry.store.page(query)
            found += page.runs
            if not page.runs or len(found) >= page.total:
                return found

    def _is_meant(self, owner: str, mine: bool) -> bool:
        return not mine or owner == self.actor.name

    def _stop_groups(
        self, errors: list[OpsdashError], *, mine: bool, kill_now: bool
    ) -> set[str]:
        """Stop the groups of which something waits; the ids of those that were."""
        stopped = set()
        for group in self.groups.waiting():
            if not self._is_meant(group.owner, mine):
                continue
            try:
                self.groups.stop(group.group_id, kill_now=kill_now)
                stopped.add(group.group_id)
            except OpsdashError as error:
                errors.append(error)
        return stopped

    def _try_to_stop(
        self, run: Run, errors: list[OpsdashError], *, kill_now: bool
    ) -> None:
        try:
            self.stop(run.run_id, kill_now=kill_now)
        except RunGone:
            return
        except OpsdashError as error:
            errors.append(error)
