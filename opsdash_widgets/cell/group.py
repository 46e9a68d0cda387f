"""A group of runs as a cell holds it: awaitable, with its table and one stop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

from ..core.command.line import keyword_of
from ..core.errors import OpsdashError
from ..core.model import GroupProgress, GroupRow, GroupState, RunGroup
from ..core.service import Service
from .frames import imported_pandas
from .handle import RunHandle

if TYPE_CHECKING:
    import pandas

POLL_S = 0.2
"""How often a group is looked at while it is waited for."""


class GroupHandle:
    """A sweep's runs, always as their directories tell them now.

    ``await group`` waits for the end of all without blocking the kernel; as the last
    line of a cell it shows a live table. As a sequence it holds the last run of each
    combination, in the order of the sweep.
    """

    def __init__(self, service: Service, group_id: str) -> None:
        self._service = service
        self._group_id = group_id

    @property
    def group_id(self) -> str:
        """The group's id, for ``ops.group(id)`` and ``opsdash show ID``."""
        return self._group_id

    id = group_id

    @property
    def record(self) -> RunGroup:
        """The whole record, read now."""
        return self._service.groups.get(self._group_id)

    @property
    def progress(self) -> GroupProgress:
        """How far it has come, read now."""
        self._service.sync()
        return self._service.groups.progress(self._group_id)

    @property
    def state(self) -> GroupState:
        """Where it is: running, paused, stopping or finished."""
        return self.progress.state

    @property
    def counts(self) -> dict[str, int]:
        """A run's word (``succeeded``, ``running`` …) -> how many."""
        return self.progress.counts

    @property
    def done(self) -> bool:
        """Whether every run has ended."""
        return self.state is GroupState.FINISHED

    @property
    def succeeded(self) -> bool:
        """Whether every run has ended well."""
        progress = self.progress
        return progress.succeeded == progress.total

    @property
    def failed(self) -> list[RunHandle]:
        """The runs that have ended, and not well."""
        rows = (row.run for row in self._rows())
        return [
            RunHandle(self._service, run)
            for run in rows
            if run is not None and run.is_terminal and run.word != "succeeded"
        ]

    @property
    def runs(self) -> list[RunHandle]:
        """The last run of each combination, in the order of the sweep."""
        rows = (row.run for row in self._rows())
        return [RunHandle(self._service, run) for run in rows if run is not None]

    def table(self) -> list[GroupRow]:
        """The combinations as records, in the order of the sweep."""
        return self._rows()

    def to_dicts(self) -> list[dict[str, Any]]:
        """Parameters and outcomes, one dictionary for each combination."""
        names = [keyword_of(path.split(" ")[-1]) for path in self.record.fields]
        paths = [
            name if names.count(name) == 1 else path
            for name, path in zip(names, self.record.fields, strict=True)
        ]
        return [_row(paths, row) for row in self._rows()]

    def to_frame(self) -> pandas.DataFrame:
        """The same as a pandas frame; numbers are numbers and dates are dates.

        Raises:
            OpsdashError: pandas is not installed.
        """
        pandas = imported_pandas()
        frame = pandas.DataFrame(self.to_dicts())
        for name in frame.columns[: len(self.record.fields)]:
            frame[name] = _typed(pandas, frame[name])
        return frame

    def stop(self, *, kill_now: bool = False) -> GroupHandle:
        """Stop the group: what waits never starts, what runs is asked to stop.

        Args:
            kill_now: skip the grace times and kill what runs.
        """
        self._service.groups.stop(self._group_id, kill_now=kill_now)
        return self

    def pause(self) -> GroupHandle:
        """Start nothing more of it until it is resumed; what runs goes on."""
        self._service.groups.pause(self._group_id)
        return self

    def resume(self) -> GroupHandle:
        """Go on with it."""
        self._service.groups.resume(self._group_id)
        return self

    def rerun_failed(
        self,
        *,
        stopped: bool = False,
        limit: int | None = None,
        confirmed: bool = False,
    ) -> GroupHandle:
        """Run once more what has not succeeded; it stays this group's table.

        Args:
            stopped: also what was stopped.
            limit: how many at a time; as before where it is None.
            confirmed: launch in a production environment without being asked.
        """
        self._service.groups.rerun_failed(
            self._group_id, stopped=stopped, limit=limit, confirmed=confirmed
        )
        return self

    def wait(self, timeout: float | None = None, poll_s: float = POLL_S) -> GroupHandle:
        """Block until every run has ended (``await group`` does not block).

        Args:
            timeout: seconds to wait at most.
            poll_s: seconds between two looks.

        Raises:
            TimeoutError: they have not ended in time; they go on.
            OpsdashError: it is paused, so that its end never comes.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._is_over():
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(
                    f"{self._group_id} has not ended after {timeout} s. "
                    f"Wait longer, or end it with `stop()`."
                )
            time.sleep(poll_s)
        return self

    def __await__(self) -> Generator[Any, None, GroupHandle]:
        yield from self._ended().__await__()
        return self

    async def _ended(self) -> None:
        while not await asyncio.to_thread(self._is_over):
            await asyncio.sleep(POLL_S)

    def _is_over(self) -> bool:
        self._service.groups.attend()
        progress = self.progress
        if progress.state is GroupState.PAUSED and not progress.active:
            raise OpsdashError(progress.notice, "`resume()` goes on, `stop()` ends it.")
        return progress.state is GroupState.FINISHED

    def _rows(self) -> list[GroupRow]:
        self._service.sync()
        return self._service.groups.table(self._group_id)

    def __len__(self) -> int:
        return len(self.record.runs)

    def __iter__(self) -> Iterator[RunHandle]:
        return iter(self.runs)

    def __getitem__(self, place: int) -> RunHandle:
        return self.runs[place]

    def __repr__(self) -> str:
        progress = self.progress
        counts = ", ".join(
            f"{count} {word.replace('_', ' ')}"
            for word, count in progress.counts.items()
        )
        return (
            f"<Group {self._group_id} · {progress.group.module} · {progress.state} · "
            f"{progress.done} of {progress.total} done ({counts})>"
        )

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """What a cell shows: a live table where widgets are, this line elsewhere."""
        from ..ui.live_sweep import live_sweep

        table = live_sweep(self._service, self._group_id)
        bundle = table._repr_mimebundle_()
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        return {**(data or {}), "text/plain": repr(self)}, {}


def _row(names: list[str], row: GroupRow) -> dict[str, Any]:
    run = row.run
    return {
        **dict(zip(names, row.point, strict=False)),
        "outcome": str(run.verdict.outcome) if run and run.verdict.outcome else None,
        "state": str(run.verdict.state) if run else None,
        "duration": run.verdict.duration if run else None,
        "exit_code": run.verdict.exit_code if run else None,
        "reason": (run.explanation or run.verdict.reason) if run else "",
        "tries": row.tries,
        "run_id": row.run_id,
    }


def _typed(pandas: Any, column: Any) -> Any:
    """Texts as numbers or dates, where all of them are."""
    try:
        return pandas.to_numeric(column)
    except (ValueError, TypeError):
        pass
    try:
        return pandas.to_datetime(column, format="%Y-%m-%d")
    except (ValueError, TypeError):
        return column
