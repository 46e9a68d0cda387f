"""Groups of runs: launched together, started one by one, stopped and read as one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec

from .. import rundir
from ..errors import OpsdashError, RunGone, StoreError
from ..groups import GroupFiles
from ..model import (
    Actor,
    Capability,
    GroupProgress,
    GroupRow,
    Run,
    RunGroup,
    RunState,
    SweepRequest,
    SweepView,
)
from ..ports import Executor
from ..settings import Settings
from .audit import AuditLog
from .gate import require, require_control
from .group_attending import Attendance, over
from .group_launching import GroupLauncher, Queued, checked_limit
from .group_reading import Family, GroupReader
from .group_rerunning import Rerunner
from .group_secrets import KnownSecrets
from .launcher import Launcher
from .reading import read_run
from .syncing import Registry

AT_ONCE = 16
"""How many runs that wait are ended at a time: each is a file on disk."""
RECENT = 20
"""How many groups a list shows."""


class Groups:
    """The groups of a home, for one actor.

    A queued run is a run directory without a supervisor; whoever is there starts it:
    every session that has launched a group, watches, or drains the queue. Runs that
    nobody was there to start are paused, never started blindly.
    """

    def __init__(
        self,
        settings: Settings,
        actor: Actor,
        audit: AuditLog,
        launcher: Launcher,
        registry: Registry,
        executor: Executor,
        stop_run: Callable[..., Run],
    ) -> None:
        self._settings = settings
        self._actor = actor
        self._audit = audit
        self._launcher = launcher
        self._registry = registry
        self._stop_run = stop_run
        self.files = GroupFiles(settings.home / "logs" / "groups")
        self._secrets = KnownSecrets(launcher)
        self._maker = GroupLauncher(settings, actor, launcher, registry, self.files)
        self._reader = GroupReader(self.files, registry.store, self._secrets.knows)
        self._rerunner = Rerunner(
            settings, actor, launcher, self._maker, self._reader, self._secrets
        )
        self._attendance = Attendance(
            settings, actor, self.files, registry, executor, self._secrets
        )

    # Launching

    def view(self, request: SweepRequest) -> SweepView:
        """What a sweep that is being written comes to; nothing is launched.

        Raises:
            ModuleError, EnvironmentNotUsable: its fields cannot be known.
        """
        return self._maker.view(request)

    def dry_run(self, request: SweepRequest) -> list[str]:
        """The commands of all its runs, checked as for a launch; nothing is launched.

        Raises:
            PermissionDenied: the actor may not launch.
            ValuesError: a field, or a combination, makes no command line.
            ModuleError, EnvironmentNotUsable: as for a launch.
        """
        require(self._actor, Capability.LAUNCH)
        return self._maker.rehearse(request)

    def launch(self, request: SweepRequest) -> RunGroup:
        """Queue the runs of a sweep, and start them as far as its limit allows.

        Every combination is checked before the first run is made.

        Raises:
            PermissionDenied: the actor may not launch, or not this module.
            ConfirmationNeeded: the launch must be confirmed first.
            ValuesError: a field, or a combination, makes no command line.
            ModuleError, EnvironmentNotUsable: as for a launch.
            LaunchError, GroupError: nothing was queued.
        """
        module = request.base.module
        try:
            self._attendance.come()  # whoever comes later must not find it alone
            queued = self._maker.launch(request)
        except OpsdashError as error:
            name = type(error).__name__
            self._audit.record(self._actor, "launch group", name, module=module)
            raise
        return self._begin(queued, "launch group")

    def _begin(self, queued: Queued, action: str) -> RunGroup:
        group = queued.group
        self._secrets.keep(group.group_id, queued.secrets)
        count = f"{len(group.runs)}"
        self._audit.record(
            self._actor,
            action,
            "queued",
            module=group.module,
            group=group.group_id,
            runs=count,
        )
        self._attendance.wake()
        return group

    def rerun_failed(
        self,
        group_id: str,
        *,
        stopped: bool = False,
        limit: int | None = None,
        confirmed: bool = False,
    ) -> RunGroup:
        """Run once more what did not succeed, as a group that refers to the first.

        Args:
            group_id: the group, or an end of its id.
            stopped: also what was stopped, before it started or later.
            limit: how many at a time; as for the first where None.
            confirmed: a launch in production is confirmed.

        Returns:
            The new group; in the table and the counts of the first its runs stand in
            for those they repeat.

        Raises:
            ValuesError: nothing of it has failed.
            LaunchError: its secret values are not known any more.
            OpsdashError: as for ``launch``.
        """
        require(self._actor, Capability.LAUNCH)
        first = self.get(group_id)
        self._attendance.come()
        self._registry.sync()
        queued = self._rerunner.queue(
            first, stopped=stopped, limit=limit, confirmed=confirmed
        )
        return self._begin(queued, "run failed again")

    # Reading

    def get(self, group_id: str) -> RunGroup:
        """A group by its id, or an unambiguous end of it.

        Raises:
            GroupNotFound: none, or more than one, answers to it.
            GroupError: its record cannot be read.
        """
        require(self._actor, Capability.SEE)
        return self.files.read(self.files.find(group_id))

    def recent(self, limit: int = RECENT) -> list[RunGroup]:
        """The newest groups, without those that run others once more."""
        require(self._actor, Capability.SEE)
        found = (group for group in self.files.all() if not group.again)
        return [group for _, group in zip(range(limit), found, strict=False)]

    def progress(self, group_id: str) -> GroupProgress:
        """How far a group has come, as the registry knows it."""
        return self._reader.progress(self.get(group_id))

    def table(self, group_id: str) -> list[GroupRow]:
        """Parameters and outcomes of a group, as the registry knows them."""
        return self._reader.table(self.get(group_id))

    # Acting on a group

    def stop(self, group_id: str, *, kill_now: bool = False) -> GroupProgress:
        """Stop a group: what waits never starts, what runs is asked to stop.

        Works from any session; asked twice it is one stop.

        Raises:
            PermissionDenied: the actor may not.
            GroupNotFound: there is no such group.
        """
        require(self._actor, Capability.STOP)
        first = self.get(group_id)
        for group in self._family_to_control(first):
            self._stop_one(group, kill_now=kill_now)
        action = "kill group now" if kill_now else "stop group"
        self._audit.record(self._actor, action, "stopped", group=first.group_id)
        return self.progress(first.group_id)

    def _stop_one(self, group: RunGroup, *, kill_now: bool) -> None:
        by = self._actor.name
        if not group.drained:
            self.files.change(group.group_id, lambda one: _stopped(one, by))
        words = {
            end.run_id: "ended" if end.ended else end.word
            for end in self._registry.store.ends(group.group_id)
        }
        waiting = []
        for run in group.runs:
            word = words.get(run.run_id, RunState.QUEUED)
            if word == RunState.QUEUED:
                waiting.append(run.run_id)
            elif word != "ended":
                self._stop_begun(run.run_id, kill_now=kill_now)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = list(pool.map(self._end_waiting, waiting))
        with contextlib.suppress(StoreError):
            self._registry.add(*(run for run in found if isinstance(run, Run)))
        self.files.change(group.group_id, over)
        for run_id in (begun for begun in found if isinstance(begun, str)):
            self._stop_begun(run_id, kill_now=kill_now)

    def _end_waiting(self, run_id: str) -> Run | str | None:
        """The run as it ended before it started, or its id where it has begun."""
        path = rundir.run_dir_path(self._settings.runs_dir, run_id)
        try:
            ended = rundir.end_before_start(path, by=self._actor.name)
            return read_run(path) if ended else run_id
        except RunGone:
            return None

    def _stop_begun(self, run_id: str, *, kill_now: bool) -> None:
        with contextlib.suppress(RunGone):
            self._stop_run(run_id, kill_now=kill_now)

    def pause(self, group_id: str) -> GroupProgress:
        """Start nothing more of a group until it is resumed; what runs goes on.

        Raises:
            PermissionDenied: the actor may not.
            GroupNotFound: there is no such group.
        """
        require(self._actor, Capability.STOP)
        reason = f"{self._actor.name} has paused it."
        return self._change(group_id, "pause group", paused=True, reason=reason)

    def resume(self, group_id: str) -> GroupProgress:
        """Go on with a group that is paused.

        Raises:
            PermissionDenied: the actor may not launch.
            GroupNotFound: there is no such group.
        """
        require(self._actor, Capability.LAUNCH)
        self._attendance.come()  # first: whoever comes to runs left alone pauses them
        found = self._change(
            group_id, "resume group", paused=False, reason="", left=0.0
        )
        self._attendance.wake()
        return found

    def set_limit(self, group_id: str, limit: int) -> GroupProgress:
        """Let more or fewer runs of a group run at a time; none is stopped for it.

        Raises:
            ValuesError: it is no such number.
        """
        require(self._actor, Capability.LAUNCH)
        found = self._change(group_id, "limit group", limit=checked_limit(limit))
        self._attendance.wake()
        return found

    def _change(self, group_id: str, action: str, **fields: Any) -> GroupProgress:
        first = self.get(group_id)
        for group in self._family_to_control(first):
            if not (group.drained or group.stopped_by):
                self.files.change(
                    group.group_id, lambda one: msgspec.structs.replace(one, **fields)
                )
        self._audit.record(self._actor, action, "done", group=first.group_id)
        return self.progress(first.group_id)

    def _family_to_control(self, first: RunGroup) -> list[RunGroup]:
        """A group and its re-runs, where the actor may act on them all."""
        groups = Family(first, self.files).groups
        for group in groups:
            require_control(self._actor, group.owner)
        return groups

    # Starting what waits

    def attend(self, *, go_on: bool = False) -> None:
        """Be one of those who start what waits, from now on until ``close``.

        Groups that waited while nobody was there are paused first.

        Args:
            go_on: what was left alone in order (the last panel was closed) goes on.

        Raises:
            GroupError: the records cannot be read or written.
        """
        self._attendance.attend(go_on=go_on)

    def start_next(self) -> bool:
        """Start here and now what may be started; whether anything waits.

        Raises:
            GroupError: the records cannot be read or written.
        """
        require(self._actor, Capability.LAUNCH)
        return self._attendance.step()

    def waiting(self) -> list[RunGroup]:
        """The groups of which something waits, paused ones included."""
        require(self._actor, Capability.SEE)
        return [
            group
            for group in self.files.all()
            if not group.drained and not group.stopped_by
        ]

    def close(self) -> None:
        """Start nothing more; the last to leave notes that what waits was left."""
        self._attendance.close()


def _stopped(group: RunGroup, by: str) -> RunGroup:
    return msgspec.structs.replace(
        group, stopped_by=group.stopped_by or by, paused=False, reason=""
    )
