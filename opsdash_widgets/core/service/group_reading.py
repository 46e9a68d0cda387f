"""How far a group has come, and its table: re-runs stand in for what they repeat."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator

from ..errors import GroupError, GroupNotFound
from ..groups import GroupFiles
from ..model import (
    GroupProgress,
    GroupRow,
    GroupState,
    Outcome,
    Run,
    RunGroup,
    RunQuery,
    RunState,
)
from ..ports import RunEnd, RunStore
from .group_launching import BEING_QUEUED, lives

MISSING = str(Outcome.LOST)
"""The word for a run whose directory was never made, or is gone."""

_SUCCEEDED = str(Outcome.SUCCEEDED)
_QUEUED = str(RunState.QUEUED)


class Family:
    """A group with the groups that run some of its runs once more.

    Attributes:
        groups: the group itself first.
        latest: run id of the group -> the id of its last try.
        tries: run id of the group -> how many tries there are.
    """

    def __init__(self, group: RunGroup, files: GroupFiles) -> None:
        self.groups = [group, *_descendants(group, files)]
        self.latest = {run.run_id: run.run_id for run in group.runs}
        self.tries = dict.fromkeys(self.latest, 1)
        origin = {run_id: run_id for run_id in self.latest}
        for rerun in self.groups[1:]:
            for run in rerun.runs:
                first = origin.get(run.again)
                if first is not None:
                    origin[run.run_id] = first
                    self.latest[first] = run.run_id
                    self.tries[first] += 1


def _descendants(group: RunGroup, files: GroupFiles) -> Iterator[RunGroup]:
    seen = {group.group_id}
    wanted = list(group.reruns)
    while wanted:
        group_id = wanted.pop(0)
        if group_id in seen:
            continue
        seen.add(group_id)
        try:
            found = files.read(group_id)
        except (GroupError, GroupNotFound):
            continue
        yield found
        wanted += found.reruns


class GroupReader:
    """Reads groups for views.

    Args:
        files: the groups' records.
        store: the registry.
        knows: whether this session knows the secret values of a group's runs.
    """

    def __init__(
        self, files: GroupFiles, store: RunStore, knows: Callable[[str], bool]
    ) -> None:
        self._files = files
        self._store = store
        self._knows = knows

    def progress(self, group: RunGroup) -> GroupProgress:
        """How far a group has come, with its re-runs."""
        family = Family(group, self._files)
        ends = self.ends(family)
        found = [ends.get(family.latest[run.run_id]) for run in group.runs]
        unmade = _QUEUED if group.reason == BEING_QUEUED else MISSING
        counts = Counter(end.word if end else unmade for end in found)
        done = sum(end.ended for end in found if end)
        if unmade == MISSING:
            done += found.count(None)
        total, queued = len(found), counts[_QUEUED]
        active = total - done - queued
        state = _state(family, active=active, queued=queued)
        over = state is GroupState.FINISHED
        times = [end.at for end in found if end and end.at is not None]
        return GroupProgress(
            group=group,
            state=state,
            counts=dict(counts),
            total=total,
            done=done,
            succeeded=counts[_SUCCEEDED],
            queued=queued,
            active=active,
            eta_s=None if over else _eta(family, found, queued, active),
            started=group.created,
            ended=max(times, default=None) if over else None,
            notice="" if over else self._notice(family, queued, total),
        )

    def table(self, group: RunGroup) -> list[GroupRow]:
        """Every combination of a group with its last try, in the order of starts."""
        family = Family(group, self._files)
        runs = self.runs(family)
        return [
            GroupRow(
                place=place,
                run_id=family.latest[run.run_id],
                point=run.point,
                run=runs.get(family.latest[run.run_id]),
                tries=family.tries[run.run_id],
            )
            for place, run in enumerate(group.runs)
        ]

    def ends(self, family: Family) -> dict[str, RunEnd]:
        """Run id -> how it stands, of a group and its re-runs."""
        return {
            end.run_id: end
            for group in family.groups
            for end in self._store.ends(group.group_id)
        }

    def runs(self, family: Family) -> dict[str, Run]:
        """Run id -> the run, of a group and its re-runs."""
        found: dict[str, Run] = {}
        for group in family.groups:
            query = RunQuery(groups=(group.group_id,), limit=len(group.runs))
            found |= {run.run_id: run for run in self._store.page(query).runs}
        return found

    def _notice(self, family: Family, queued: int, total: int) -> str:
        paused = next((one for one in family.groups if one.paused), None)
        if paused is not None and paused.reason == BEING_QUEUED:
            return ""
        if paused is not None:
            return (
                f"Paused: {queued:,} of {total:,} not started. {paused.reason} "
                "Resume it, or stop it."
            )
        deaf = [
            one
            for one in family.groups
            if one.waits and one.holder and not self._knows(one.group_id)
        ]
        if not deaf or not queued:
            return ""
        if lives(deaf[0].holder):
            return "Its secret values are known to the session that launched it alone."
        return (
            "Its secret values were known to the session that launched it alone, which "
            f"has ended: {queued:,} of {total:,} cannot be started. Stop it, then "
            "launch the rest again."
        )


def _state(family: Family, *, active: int, queued: int) -> GroupState:
    if not active and not queued:
        return GroupState.FINISHED
    if all(group.stopped_by for group in family.groups if not group.drained):
        stopped = any(group.stopped_by for group in family.groups)
        if stopped and (active or queued):
            return GroupState.STOPPING
    if queued and any(group.paused for group in family.groups):
        return GroupState.PAUSED
    return GroupState.RUNNING


def _eta(
    family: Family, found: list[RunEnd | None], queued: int, active: int
) -> float | None:
    """Seconds until all have ended, from what those took that have ended well."""
    took = [
        end.duration
        for end in found
        if end and end.word == _SUCCEEDED and end.duration is not None
    ]
    waiting = [group for group in family.groups if group.waits]
    if not took or (queued and not waiting):
        return None
    limit = max(1, sum(group.limit for group in waiting) or active)
    mean = sum(took) / len(took)
    rounds = math.ceil(queued / limit) + (0.5 if active else 0.0)
    return mean * rounds


def pause_reason(group: RunGroup, boot: str) -> str:
    """Why the runs that wait in a group were left alone, one sentence."""
    if group.reason == BEING_QUEUED:
        return "What launched it ended before all of its runs were queued."
    if group.left:
        at = time.strftime("%Y-%m-%d %H:%M", time.localtime(group.left))
        return f"The last panel or terminal that started its runs was closed, {at}."
    if group.starter_boot != boot:
        return "The machine was restarted."
    return "What started its runs has ended unexpectedly."
