"""Questions to the registry and their answers."""

from __future__ import annotations

import msgspec

from .run import Outcome, Run, RunState

STATUS_ORDER: tuple[str, ...] = (
    *(state for state in RunState if not state.is_terminal),
    Outcome.FAILED,
    Outcome.START_FAILED,
    Outcome.KILLED,
    Outcome.LIMIT,
    Outcome.LOST,
    Outcome.ENDED_UNKNOWN,
    Outcome.STOPPED,
    Outcome.SUCCEEDED,
    RunState.FINISHED,
)
"""How runs are sorted by status: what goes on first, then how badly it ended."""


class RunQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which runs, in which order.

    Attributes:
        text: words that all must occur in module, arguments, reason or requester.
        modules: only these modules (a trailing ``.*`` means a package; elsewhere ``*``
            stands for anything).
        states: only these states; empty means all.
        outcomes: only these outcomes; empty means all. With states too, they narrow
            what has finished.
        environments: only these environments; empty means all.
        users: only these requesters; empty means all.
        groups: only the runs of these groups (ids, or unambiguous ends of them); empty
            means all.
        since: only runs created at or after this time, seconds since the epoch.
        until: only runs created before this time, seconds since the epoch.
        active_or_since: only runs that are active or ended at or after this time.
        sort: one of ``created``, ``module``, ``state``, ``duration``, ``user``,
            ``environment``, ``outcome``; equal runs come newest first. State and
            outcome are one order (``STATUS_ORDER``): a run shows but one of them.
        descending: the greatest first.
        limit: at most this many rows.
        offset: rows to leave out from the start (a view's window).
    """

    text: str = ""
    modules: tuple[str, ...] = ()
    states: tuple[RunState, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    environments: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    since: float | None = None
    until: float | None = None
    active_or_since: float | None = None
    sort: str = "created"
    descending: bool = True
    limit: int = 100
    offset: int = 0


class RunPage(msgspec.Struct, frozen=True, kw_only=True):
    """One window of an answer.

    Attributes:
        runs: the rows, in the query's order.
        total: how many rows the query has without its limit.
        offset: the first row's place among them, from 0.
    """

    runs: tuple[Run, ...]
    total: int
    offset: int = 0
