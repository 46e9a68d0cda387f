"""A run as a cell holds it: awaitable, with its log, its end, and a way to stop it."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import msgspec

from ..core.follow import LogFile, LogLine
from ..core.model import Outcome, Resources, Run, RunState, Sample
from ..core.provenance import Provenance, read_provenance
from ..core.service import Service
from .frames import imported_pandas

EVERY_SAMPLE = 1_000_000
"""More samples than a run of days has."""


class RunHandle:
    """One run, always as its directory tells it now.

    ``await run`` waits for its end without blocking the kernel; as the last line of a
    cell it shows a live card.
    """

    def __init__(self, service: Service, run: Run) -> None:
        self._service = service
        self._run = run

    def refresh(self) -> RunHandle:
        """Read the run again; properties that can still change do so by themselves."""
        if not self._run.is_terminal:
            self._run = self._service.run(self._run.run_id)
        return self

    @property
    def run_id(self) -> str:
        """The run's id, for ``ops.run(id)`` and ``opsdash show ID``."""
        return self._run.run_id

    id = run_id

    @property
    def module(self) -> str:
        """The module's dotted name."""
        return self._run.spec.module

    @property
    def argv(self) -> tuple[str, ...]:
        """The arguments as the module sees them, secrets masked."""
        return self._run.spec.argv

    @property
    def dir(self) -> Path:
        """The run directory."""
        return Path(self._run.run_dir)

    @property
    def record(self) -> Run:
        """The whole record, read now."""
        return self.refresh()._run

    @property
    def state(self) -> RunState:
        """Where the run is."""
        return self.record.verdict.state

    @property
    def outcome(self) -> Outcome | None:
        """How it ended, or ``None`` before it did."""
        return self.record.verdict.outcome

    @property
    def exit_code(self) -> int | None:
        """The exit code, or ``None`` while unknown or ended by a signal."""
        return self.record.verdict.exit_code

    @property
    def reason(self) -> str:
        """Why it did not succeed, one sentence."""
        record = self.record
        return record.explanation or record.verdict.reason

    @property
    def duration(self) -> float | None:
        """Seconds from start to end, or to now."""
        return self.record.verdict.duration

    @property
    def done(self) -> bool:
        """Whether it has ended."""
        return self.record.is_terminal

    @property
    def succeeded(self) -> bool:
        """Whether it has ended well."""
        return self.outcome is Outcome.SUCCEEDED

    @property
    def provenance(self) -> Provenance:
        """The commit of its module, its Python and what was installed there."""
        return read_provenance(self._run.spec.provenance)

    @property
    def log(self) -> RunLog:
        """Its output."""
        return RunLog(self._service, self.run_id)

    def stop(self, *, kill_now: bool = False) -> RunHandle:
        """Ask the run to stop; returns at once.

        Args:
            kill_now: skip the grace times and kill the whole tree.
        """
        self._run = self._service.stop(self.run_id, kill_now=kill_now)
        return self

    def pause(self) -> RunHandle:
        """Freeze all processes of the run until ``resume()``; returns at once.

        Raises:
            StopError: it cannot be paused now.
        """
        self._run = self._service.pause(self.run_id)
        return self

    def resume(self) -> RunHandle:
        """Let a paused run go on; returns at once.

        Raises:
            StopError: it cannot be resumed now.
        """
        self._run = self._service.resume(self.run_id)
        return self

    @property
    def resources(self) -> RunResources:
        """What it uses of the machine: ``.totals``, ``.samples``, ``.to_frame()``."""
        return RunResources(self._service.resources(self.run_id, EVERY_SAMPLE))

    def wait(self, timeout: float | None = None, poll_s: float = 0.05) -> RunHandle:
        """Block until the run has ended (``await run`` does not block).

        Args:
            timeout: seconds to wait at most.
            poll_s: seconds between two looks.

        Raises:
            TimeoutError: it has not ended in time; it goes on.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self.done:
            if deadline is not None and time.monotonic() > deadline:
                raise TimeoutError(
                    f"{self.run_id} has not ended after {timeout} s. "
                    f"Wait longer, or end it with `stop()`."
                )
            time.sleep(poll_s)
        return self

    def __await__(self) -> Generator[Any, None, RunHandle]:
        self._run = yield from self._service.wait(self.run_id).__await__()
        return self

    def __repr__(self) -> str:
        record = self.record
        verdict = record.verdict
        took = f" · {verdict.duration:.1f} s" if verdict.duration is not None else ""
        code = f" · exit {verdict.exit_code}" if verdict.exit_code is not None else ""
        why = f" · {self.reason}" if self.reason else ""
        return f"<Run {self.run_id} · {self.module} · {record.word}{took}{code}{why}>"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """What a cell shows: a live card where widgets are, this line elsewhere."""
        from ..ui.live_card import live_card

        bundle = live_card(self._service, self.run_id)._repr_mimebundle_()
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        return {**(data or {}), "text/plain": repr(self)}, {}


class RunResources:
    """What a run has used of the machine, as it was when it was asked for.

    Attributes:
        totals: peaks and totals so far (``core.model.Totals``).
        samples: one a second (``core.model.Sample``).
    """

    def __init__(self, found: Resources) -> None:
        self.totals = found.totals
        self.samples = found.samples

    def to_dicts(self) -> list[dict[str, Any]]:
        """The samples as dictionaries: times in seconds, sizes in bytes."""
        return [msgspec.structs.asdict(sample) for sample in self.samples]

    def to_frame(self) -> Any:
        """The samples as a pandas frame, the time as index.

        Raises:
            OpsdashError: pandas is not installed.
        """
        pandas = imported_pandas()
        columns = Sample.__struct_fields__
        frame = pandas.DataFrame(self.to_dicts(), columns=columns)
        frame["at"] = pandas.to_datetime(frame["at"], unit="s", utc=True)
        return frame.set_index("at")

    def __repr__(self) -> str:
        t = self.totals
        return (
            f"<{t.cpu_s:.1f} s of processor time · memory peak "
            f"{t.peak_rss / 2**20:,.0f} MiB · {t.read_bytes / 2**20:,.0f} MiB read, "
            f"{t.write_bytes / 2**20:,.0f} MiB written · {len(self.samples)} samples>"
        )


class RunLog:
    """A run's output, read from its file each time it is asked for."""

    def __init__(self, service: Service, run_id: str) -> None:
        self._service = service
        self._run_id = run_id

    def tail(self, count: int = 20) -> str:
        """The last lines, as one text."""
        with self._opened() as log:
            return "\n".join(line.text for line in log.tail(count))

    def lines(self, start: int = 0, count: int | None = None) -> list[LogLine]:
        """Lines from a number on (from 0), with their stream and time."""
        with self._opened() as log:
            many = log.line_count if count is None else count
            return log.many_lines(start, many)

    def text(self) -> str:
        """The whole output; long ones are better read with ``lines``."""
        return "\n".join(line.text for line in self.lines())

    def search(self, pattern: str, *, regex: bool = False) -> list[int]:
        """Numbers of the lines that match."""
        with self._opened() as log:
            return log.search(pattern, regex=regex)

    def __len__(self) -> int:
        with self._opened() as log:
            return log.line_count

    def __iter__(self) -> Iterator[str]:
        return (line.text for line in self.lines())

    def __repr__(self) -> str:
        return self.tail()

    def _opened(self) -> _Opened:
        return _Opened(self._service.log(self._run_id))


class _Opened:
    """A log file that is closed at the end of a ``with``."""

    def __init__(self, log: LogFile) -> None:
        self._log = log

    def __enter__(self) -> LogFile:
        self._log.refresh()
        return self._log

    def __exit__(self, *_: object) -> None:
        self._log.close()
