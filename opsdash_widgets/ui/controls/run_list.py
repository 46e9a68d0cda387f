"""A list of runs as the source of a table, for use alone in a cell."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from ...core.model import STATUS_ORDER, Run, RunPage, RunQuery


class RunSource(Protocol):
    """Whatever a table can ask for windows of runs: the service, or a list."""

    def page(self, query: RunQuery) -> RunPage:
        """One window of the runs that a query selects."""


class RunList:
    """Runs in memory, sorted and filtered as the registry does it.

    Args:
        runs: the runs, in any order.
    """

    def __init__(self, runs: Iterable[Run] = ()) -> None:
        self.runs = list(runs)

    def page(self, query: RunQuery) -> RunPage:
        """One window of the runs that a query selects."""
        newest_first = sorted(self.runs, key=lambda run: -run.spec.created)
        found = [run for run in newest_first if _matches(run, query)]
        if query.sort != "created" or not query.descending:
            key = _SORTS.get(query.sort, _SORTS["created"])
            # Both ways stable: equal runs stay newest first.
            found.sort(key=key, reverse=query.descending)
        end = max(query.offset, 0) + max(query.limit, 0)
        return RunPage(
            runs=tuple(found[max(query.offset, 0) : end]),
            total=len(found),
            offset=query.offset,
        )


_PLACES = {word: place for place, word in enumerate(STATUS_ORDER)}


def _requester(run: Run) -> str:
    return run.spec.requested_by or run.spec.user


_SORTS: dict[str, Callable[[Run], Any]] = {
    "created": lambda run: run.spec.created,
    "module": lambda run: run.spec.module,
    "state": lambda run: _PLACES[run.word],
    "outcome": lambda run: _PLACES[run.word],
    "duration": lambda run: (
        -1.0 if run.verdict.duration is None else run.verdict.duration
    ),
    "user": _requester,
    "environment": lambda run: run.spec.environment,
}


def _matches(run: Run, query: RunQuery) -> bool:
    spec = run.spec
    return (
        _one_of(_requester(run), query.users)
        and _one_of(spec.environment, query.environments)
        and _named(spec.module, query.modules)
        and _has_status(run, query)
        and _in_group(spec.group, query.groups)
        and (query.since is None or spec.created >= query.since)
        and (query.until is None or spec.created < query.until)
        and _recent(run, query.active_or_since)
        and _has_words(run, query.text)
    )


def _one_of(value: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or value.lower() in {one.lower() for one in wanted}


def _in_group(group: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or (group != "" and any(group.endswith(one) for one in wanted))


def _named(module: str, patterns: tuple[str, ...]) -> bool:
    """Exact names, and patterns in which ``*`` stands for anything."""
    if not patterns:
        return True
    for name in patterns:
        if name.endswith(".*") and module == name[:-2]:
            return True
        if fnmatch.fnmatchcase(module, re.sub(r"[\[?]", r"[\g<0>]", name)):
            return True
    return False


def _has_status(run: Run, query: RunQuery) -> bool:
    if query.states and run.verdict.state not in query.states:
        return False
    if not query.outcomes or run.verdict.outcome in query.outcomes:
        return True
    return bool(query.states) and not run.is_terminal


def _recent(run: Run, since: float | None) -> bool:
    ended = run.verdict.ended
    active = run.verdict.outcome is None
    return since is None or active or (ended is not None and ended >= since)


def _has_words(run: Run, text: str) -> bool:
    wanted = [word.lower() for word in text.split() if re.search(r"\w", word)]
    if not wanted:
        return True
    spec = run.spec
    parts = (spec.run_id, spec.module, *spec.argv, run.verdict.reason, run.explanation)
    searched = " ".join((*parts, _requester(run), spec.environment)).lower()
    return all(word in searched for word in wanted)
