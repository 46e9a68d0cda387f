"""Sweeps and groups: many runs that are asked for at once and shown as one."""

from __future__ import annotations

import enum
from typing import Any

import msgspec

from .launch import LaunchRequest
from .run import Run


class SweepRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Many launches of one module, as a face asks for them.

    Attributes:
        base: what every run gets; its values hold for all that is not swept.
        fields: a field's id, keyword name or path -> what it is swept over: a text
            (``2024-01-01..2024-03-31:B``, ``1..10:2``, ``a,b,c``, a JSON list, or
            another field in braces: ``{start_date}``) or a list of values.
        zips: fields that go together value by value; all others make a grid.
        limit: how many runs at a time; the number of cores where it is None.
        title: what the group is called; made of the fields where empty.
    """

    base: LaunchRequest
    fields: dict[str, str | list[Any]]
    zips: tuple[tuple[str, ...], ...] = ()
    limit: int | None = None
    title: str = ""


class SweepFieldView(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a sweep that is being written.

    Attributes:
        name: as it was asked for.
        path: the field's path; the name where there is no such field.
        count: how many values; 0 where it follows another, or is wrong.
        noun: what they are (``business days``), may be empty.
        first: the first value, as it is shown; of a linked field its text.
        last: the last one.
        linked: it follows another field.
        error: what is wrong, one sentence; empty where nothing is.
    """

    name: str
    path: str
    count: int = 0
    noun: str = ""
    first: str = ""
    last: str = ""
    linked: bool = False
    error: str = ""


class SweepView(msgspec.Struct, frozen=True, kw_only=True):
    """A sweep that is being written.

    Attributes:
        fields: each field by itself.
        count: how many runs it makes; 0 while something is wrong.
        summary: ``66 business days x 3 vol = 198 runs``.
        error: what is wrong with the whole, one sentence.
    """

    fields: tuple[SweepFieldView, ...] = ()
    count: int = 0
    summary: str = ""
    error: str = ""


class GroupRun(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One run of a group.

    Attributes:
        run_id: its id.
        point: its swept values as they are shown, in the order of the group's fields.
        again: the run whose values these are once more; empty otherwise.
    """

    run_id: str
    point: tuple[str, ...] = ()
    again: str = ""


class RunGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group of runs under a concurrency limit, as its file holds it.

    What becomes of each run stands in its own directory; this says which runs belong
    together, in which order they are started, and whether that goes on.

    Attributes:
        schema: name and version of this format.
        group_id: sorts by time, safe in a path.
        module: dotted name.
        title: what it is called.
        fields: the paths of the swept fields.
        runs: its runs in the order in which they are started.
        limit: how many may run at a time.
        created: wall time of the request, seconds since the epoch.
        requested_by: who asked.
        launched_by: the login that launched it; empty in old files (``owner``).
        environment: the environment's name, may be empty.
        again: the group whose runs these are once more; empty otherwise.
        reruns: the groups that run some of these once more, in their order.
        holder: the process that knows the secret values of its runs (pid, start ticks,
            boot id); empty where they have none that only it knows.
        paused: none of its runs is started until somebody resumes it.
        reason: why it is paused, one sentence.
        stopped_by: who stopped it; nothing of it is started any more.
        drained: no run of it waits any more.
        starter_boot: the boot on which its runs were last started.
        left: when the last one closed who would have started them; 0 where none did.
    """

    group_id: str
    module: str
    schema: str = "group/1"
    title: str = ""
    fields: tuple[str, ...] = ()
    runs: tuple[GroupRun, ...] = ()
    limit: int = 1
    created: float = 0.0
    requested_by: str = ""
    environment: str = ""
    again: str = ""
    reruns: tuple[str, ...] = ()
    holder: str = ""
    paused: bool = False
    reason: str = ""
    stopped_by: str = ""
    drained: bool = False
    starter_boot: str = ""
    left: float = 0.0
    launched_by: str = ""

    @property
    def owner(self) -> str:
        """Whose group it is: the login that launched it."""
        return self.launched_by or self.requested_by

    @property
    def waits(self) -> bool:
        """Whether its runs may be started by whoever is there."""
        return not (self.paused or self.drained or self.stopped_by)


class GroupState(enum.StrEnum):
    """Where a group is."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    FINISHED = "finished"


class GroupProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a group has come.

    Attributes:
        group: its record.
        state: where it is.
        counts: a run's word (``succeeded``, ``running`` …) -> how many.
        total: how many runs it has.
        done: how many of them have ended.
        succeeded: how many of these have ended well.
        queued: how many have not been started.
        active: how many run now.
        eta_s: seconds until all will have ended, as far as can be told.
        started: wall time of the first start, seconds since the epoch.
        ended: wall time of the last end, where all have ended.
        notice: what its user should know, one sentence; may be empty.
    """

    group: RunGroup
    state: GroupState
    counts: dict[str, int]
    total: int
    done: int
    succeeded: int
    queued: int
    active: int
    eta_s: float | None = None
    started: float | None = None
    ended: float | None = None
    notice: str = ""


class GroupRow(msgspec.Struct, frozen=True, kw_only=True):
    """One combination of a group: what it was given, and how it went the last time.

    Attributes:
        place: its place in the order of starts, from 0.
        run_id: the id of the last run of it.
        point: its swept values, in the order of the group's fields.
        run: that run; None where its directory was never made, or is gone.
        tries: how many runs of it there are.
    """

    place: int
    run_id: str
    point: tuple[str, ...] = ()
    run: Run | None = None
    tries: int = 1
