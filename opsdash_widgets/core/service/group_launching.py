"""From a sweep to runs that wait: everything is checked before the first is made."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from .. import rundir, sweeps
from ..command import shell_line
from ..errors import ConfirmationNeeded, StoreError, ValuesError
from ..groups import GroupFiles, new_group_id
from ..model import (
    Actor,
    Capability,
    GroupRun,
    Run,
    RunGroup,
    RunSpec,
    RunState,
    SweepRequest,
    SweepView,
    Verdict,
)
from ..rundir import processes
from ..settings import Settings
from . import launching
from .gate import require
from .group_secrets import Secrets
from .launcher import Launcher, Prepared
from .syncing import Registry
from .validating import REFUSED

BEING_QUEUED = "It is being queued."
"""Why a group is paused while its run directories are made."""

MOST_AT_A_TIME = 10_000


class Queued(NamedTuple):
    """A group whose runs wait, and what only this session knows of them."""

    group: RunGroup
    secrets: dict[str, Secrets]


class GroupLauncher:
    """Makes groups for one actor."""

    def __init__(
        self,
        settings: Settings,
        actor: Actor,
        launcher: Launcher,
        registry: Registry,
        files: GroupFiles,
    ) -> None:
        self._settings = settings
        self._actor = actor
        self._launcher = launcher
        self._registry = registry
        self._files = files

    def view(self, request: SweepRequest) -> SweepView:
        """What a sweep that is being written comes to; nothing is launched."""
        require(self._actor, Capability.SEE)
        environment = self._launcher.environment(request.base)
        spec = self._launcher.probe(request.base, environment)
        return sweeps.view_sweep(spec, request)

    def rehearse(self, request: SweepRequest) -> list[str]:
        """Check every run of a sweep and give its command; nothing is launched."""
        base = msgspec.structs.replace(request.base, confirmed=True)
        request = msgspec.structs.replace(request, base=base)
        checked_limit(request.limit)
        spec = self._launcher.probe(base, self._launcher.environment(base))
        plan = sweeps.plan_sweep(spec, request)
        points = [tuple(map(sweeps.shown, point)) for point in plan.points()]
        return [
            shell_line(one.environment.interpreter, base.module, one.line.masked)
            for one in self._prepared(plan, points)
        ]

    def launch(self, request: SweepRequest) -> Queued:
        """Check every run of a sweep, then queue them all."""
        require(self._actor, Capability.LAUNCH)
        limit = checked_limit(request.limit)
        base = request.base
        environment = self._launcher.environment(base)
        spec = self._launcher.probe(base, environment)
        plan = sweeps.plan_sweep(spec, request)
        points = [tuple(map(sweeps.shown, point)) for point in plan.points()]
        prepared = self._prepared(plan, points)
        group = RunGroup(
            group_id=new_group_id(),
            module=base.module,
            title=request.title or plan.summary().rpartition(" = ")[0],
            fields=plan.paths,
            limit=limit,
            created=time.time(),
            requested_by=base.requested_by or self._actor.name,
            launched_by=self._actor.name,
            environment=prepared[0].environment.name,
        )
        specs = [one.spec(self._actor, self._settings) for one in prepared]
        secrets = [
            Secrets(
                tuple(one.line.secrets),
                launching.secret_variables(one.environment.variables),
            )
            for one in prepared
        ]
        own = prepared[0].line.secrets or launching.secret_variables(base.variables)
        if own:
            group = msgspec.structs.replace(group, holder=this_process())
        return self.queue(group, specs, points, secrets)

    def queue(
        self,
        group: RunGroup,
        specs: Iterable[RunSpec],
        points: Sequence[tuple[str, ...]],
        secrets: Sequence[Secrets],
        again: Sequence[str] = (),
    ) -> Queued:
        """Make the directories of a group's runs, and let them be started.

        Until all are made the group is paused: what a crash leaves behind is never
        started blindly.

        Raises:
            LaunchError: they cannot be made; none is there, then.
            GroupError: the group's record cannot be written.
        """
        made = list(_with_own_ids(specs, group.group_id))
        runs = tuple(
            GroupRun(run_id=spec.run_id, point=point, again=earlier)
            for spec, point, earlier in zip(
                made, points, again or [""] * len(made), strict=True
            )
        )
        group = msgspec.structs.replace(
            group,
            runs=runs,
            paused=True,
            reason=BEING_QUEUED,
            starter_boot=processes.boot_id(),
        )
        self._files.write(group)
        try:
            self._make(made)
        except BaseException:
            self._undo(group, made)
            raise
        if group.again:
            self._files.change(group.again, lambda one: _with_rerun(one, group))
        group = self._files.change(group.group_id, _released)
        known = dict(zip((spec.run_id for spec in made), secrets, strict=True))
        return Queued(group, known)

    def _make(self, specs: Sequence[RunSpec]) -> None:
        paths = rundir.queue_run_dirs(self._settings.runs_dir, specs)
        waiting = Verdict(state=RunState.QUEUED, rule="not_started")
        runs = [
            Run(spec=spec, verdict=waiting, run_dir=str(path))
            for spec, path in zip(specs, paths, strict=True)
        ]
        with contextlib.suppress(StoreError):  # the next sync adds them
            self._registry.add(*runs)

    def _undo(self, group: RunGroup, specs: Sequence[RunSpec]) -> None:
        """Nothing of a group that could not be queued stays: none of it was started."""
        for spec in specs:
            folder = self._settings.runs_dir / spec.run_id
            shutil.rmtree(folder, ignore_errors=True)
        self._files.forget(group.group_id)

    def _prepared(
        self, plan: sweeps.SweepPlan, points: Sequence[tuple[str, ...]]
    ) -> list[Prepared]:
        """Every launch of a sweep, laid out and not refused by the module's parser."""
        requests = list(plan.requests())
        with _naming(plan.paths, points[0]), _counting(plan.count):
            first = self._launcher.lay_out(requests[0])
        prepared = [first]
        for request, point in zip(requests[1:], points[1:], strict=True):
            with _naming(plan.paths, point):
                line = launching.command_line(request, first.module_spec)
            prepared.append(first._replace(request=request, line=line))
        self._check_verdicts(prepared, plan.paths, points)
        return prepared

    def _check_verdicts(
        self,
        prepared: Sequence[Prepared],
        paths: Sequence[str],
        points: Sequence[tuple[str, ...]],
    ) -> None:
        """Ask the module's own parser about all of them at once.

        Raises:
            ValuesError: it refuses one or more.
        """
        verdicts = self._launcher.verdicts(prepared)
        refused = [place for place, one in enumerate(verdicts) if one.word == REFUSED]
        if not refused:
            return
        first = refused[0]
        module = prepared[first].request.module
        more = f" ({len(refused):,} of {len(prepared):,} runs)" if first else ""
        with _naming(paths, points[first], more):
            verdicts[first].check(module)


def checked_limit(limit: int | None) -> int:
    """How many runs may run at a time; the number of cores where it was not said.

    Raises:
        ValuesError: it is no such number.
    """
    if limit is None:
        return len(os.sched_getaffinity(0))
    if not 1 <= limit <= MOST_AT_A_TIME:
        sentence = f"The limit is a number from 1 to {MOST_AT_A_TIME:,}, not {limit}."
        raise ValuesError(sentence, {"": sentence})
    return limit


def this_process() -> str:
    """What names this process for ever: pid, start ticks, boot id."""
    pid = os.getpid()
    return f"{pid} {processes.start_ticks(pid)} {processes.boot_id()}"


def lives(process: str) -> bool:
    """Whether a process that was named so lives, as far as we can see it."""
    pid, _, rest = process.partition(" ")
    ticks, _, boot = rest.partition(" ")
    if not pid.isdigit() or boot != processes.boot_id():
        return False
    return str(processes.start_ticks(int(pid))) == ticks


def _with_own_ids(specs: Iterable[RunSpec], group_id: str) -> Iterator[RunSpec]:
    """Requests as runs of a group; many are made in one millisecond."""
    taken: set[str] = set()
    for spec in specs:
        run_id = spec.run_id
        while run_id in taken:
            run_id = rundir.new_run_id()
        taken.add(run_id)
        yield msgspec.structs.replace(spec, run_id=run_id, group=group_id)


def _with_rerun(first: RunGroup, group: RunGroup) -> RunGroup:
    return msgspec.structs.replace(first, reruns=(*first.reruns, group.group_id))


def _released(group: RunGroup) -> RunGroup:
    return msgspec.structs.replace(group, paused=False, reason="")


@contextlib.contextmanager
def _naming(
    paths: Sequence[str], point: tuple[str, ...], more: str = ""
) -> Iterator[None]:
    """Say of what is wrong with one run which one it is."""
    try:
        yield
    except ValuesError as error:
        given = ", ".join(
            f"{path} = {text}" for path, text in zip(paths, point, strict=True)
        )
        message = f"With {given}: {error.message}{more}"
        raise ValuesError(message, error.fields) from error


@contextlib.contextmanager
def _counting(count: int) -> Iterator[None]:
    """Say in a question how many runs it is about."""
    try:
        yield
    except ConfirmationNeeded as needed:
        question = f"{count:,} runs: {needed.question}" if count > 1 else ""
        raise ConfirmationNeeded(question or needed.question, needed.cause) from None
