"""What the service needs from the technologies below it, as Protocols."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from .model import Run, RunPage, RunQuery, RunSpec


class RunEnd(NamedTuple):
    """How a run stands, as far as a count of many needs it.

    Attributes:
        run_id: its id.
        word: its outcome, or its state before it has one.
        ended: whether it has one.
        duration: seconds, as far as known.
        at: wall time of its end, seconds since the epoch.
    """

    run_id: str
    word: str
    ended: bool
    duration: float | None
    at: float | None


class RunStore(Protocol):
    """The registry: a cache of the run directories that can be asked questions.

    Every method raises ``StoreError`` where the registry cannot be used. An instance
    may be used from several threads.
    """

    notice: str
    """One sentence when the store is not what was asked for (in memory …), or empty."""

    def put(self, runs: Iterable[Run]) -> None:
        """Insert or replace runs, in one transaction."""

    def get(self, run_id: str) -> Run | None:
        """The run of exactly that id."""

    def find(self, fragment: str, limit: int = 10) -> list[str]:
        """Ids that start or end with a fragment, newest first."""

    def page(self, query: RunQuery) -> RunPage:
        """One window of the runs that a query selects."""

    def active(self) -> list[Run]:
        """The runs that had begun and not finished when they were last put."""

    def queued(self, after: str, limit: int) -> list[Run]:
        """Some of the runs that wait, in the order of their ids behind a given one."""

    def counts(self) -> dict[str, int]:
        """State -> how many runs have it, of those that have not finished."""

    def ends(self, group: str) -> list[RunEnd]:
        """How each run of a group stands, without reading its record."""

    def ids(self) -> set[str]:
        """All run ids."""

    def remove(self, run_ids: Iterable[str]) -> None:
        """Forget runs (their directories are not touched)."""

    def version(self) -> int:
        """A number that changes whenever any process has written."""

    def close(self) -> None:
        """Release the registry."""


class Executor(Protocol):
    """Where runs are submitted."""

    name: str

    def submit(
        self,
        run_dir: Path,
        spec: RunSpec,
        lock: int,
        secrets: Sequence[tuple[int, str]] = (),
        secret_variables: Mapping[str, str] = ...,
    ) -> None:
        """Start the supervisor of a run directory that is complete.

        Args:
            run_dir: the run directory, with its ``spec.json``.
            spec: the request in it.
            lock: the descriptor that holds its lock; the executor closes it.
            secrets: (place in the argv, value) of the masked arguments.
            secret_variables: the values of the masked environment variables.

        Raises:
            LaunchError: nothing was started.
        """

    def adopt(self, run_dir: Path, spec: RunSpec) -> bool:
        """Start a new supervisor for a run whose own has died, where that can be done.

        Of several that try it one is the new supervisor; the others end at once.

        Returns:
            Whether one was started.
        """

    def reap(self) -> None:
        """Collect what has ended of that which this process started."""
