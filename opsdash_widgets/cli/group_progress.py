"""A group in a terminal: one line that tells how far it has come, and what failed."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from .terminal import tell

if TYPE_CHECKING:
    from ..core.model import GroupProgress, GroupRow
    from ..core.service import Service
    from .following import Interrupts

POLL_S = 0.2
"""How often the group is looked at."""
MOST_TOLD = 10
"""More failures than these are counted, not told one by one."""
_FAILED = ("failed", "killed", "limit", "start_failed", "lost", "ended_unknown")


def follow(service: Service, group_id: str, interrupts: Interrupts) -> int:
    """Follow a group until its end.

    The first Ctrl-C stops the group, the second leaves it.

    Returns:
        0 where every run has succeeded, 1 where one has not, 130 where it was left.
    """
    from .run_sweep import LEFT

    line = ProgressLine()
    failures = _Failures(service, group_id)
    asked = False
    while True:
        service.groups.attend()
        service.sync()
        progress = service.groups.progress(group_id)
        line.show(progress)
        if failures.tell_new(progress, line):
            continue
        if progress.done == progress.total:
            break
        if interrupts.count and not asked:
            asked = True
            line.clear()
            tell(f"{group_id} is being stopped; Ctrl-C again leaves it.")
            service.groups.stop(group_id)
        if interrupts.count > 1:
            line.clear()
            tell(f"{group_id} is left to itself. Its runs: opsdash show {group_id}")
            return LEFT
        time.sleep(POLL_S)
    line.clear()
    _write_end(progress)
    return 0 if progress.succeeded == progress.total else 1


def progress_words(progress: GroupProgress) -> str:
    """``180 of 250 · 4 running · 2 failed · about 3:20 left``."""
    from .times import duration

    counts = dict(progress.counts)
    counts.pop("queued", None)
    succeeded = counts.pop("succeeded", 0)
    parts = [f"{progress.done:,} of {progress.total:,} done"]
    if succeeded and succeeded == progress.total:
        return f"all {succeeded:,} succeeded" if succeeded > 1 else "1 succeeded"
    if succeeded and succeeded != progress.done:
        parts.append(f"{succeeded:,} succeeded")
    parts += [f"{n:,} {word.replace('_', ' ')}" for word, n in counts.items() if n]
    if progress.state == "paused":
        parts.append(f"paused, {progress.queued:,} not started")
    if progress.eta_s:
        parts.append(f"about {duration(progress.eta_s)} left")
    return " · ".join(parts)


class ProgressLine:
    """One line on a terminal, written anew; elsewhere nothing but what matters."""

    def __init__(self) -> None:
        self._alive = sys.stderr.isatty()
        self._shown = ""

    def show(self, progress: GroupProgress) -> None:
        """Write it anew."""
        from .terminal import line_width

        if not self._alive:
            return
        words = f"{_bar(progress)} {progress_words(progress)}"[: line_width() - 1]
        if words != self._shown:
            sys.stderr.write(f"\r\x1b[K{words}")
            sys.stderr.flush()
            self._shown = words

    def clear(self) -> None:
        """Make room for a line that stays."""
        if self._alive and self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = ""


def _bar(progress: GroupProgress, width: int = 20) -> str:
    full = width * progress.done // max(1, progress.total)
    return f"[{'#' * full}{'.' * (width - full)}]"


class _Failures:
    """Tells of each run that failed, once, as long as they are few."""

    def __init__(self, service: Service, group_id: str) -> None:
        self._service = service
        self._group_id = group_id
        self._told: set[str] = set()
        self._count = 0

    def tell_new(self, progress: GroupProgress, line: ProgressLine) -> bool:
        """Say what has failed since the last look; whether there was anything."""
        count = sum(progress.counts.get(word, 0) for word in _FAILED)
        if count == self._count or len(self._told) > MOST_TOLD:
            return False
        self._count = count
        rows = self._service.groups.table(self._group_id)
        new = [row for row in rows if _failed(row) and row.run_id not in self._told]
        if new:
            line.clear()
        for row in new:
            self._told.add(row.run_id)
            if len(self._told) <= MOST_TOLD:
                tell(row_words(progress, row))
            elif len(self._told) == MOST_TOLD + 1:
                tell("More have failed; they are counted from here on.")
        return bool(new)


def _failed(row: GroupRow) -> bool:
    return row.run is not None and row.run.word in _FAILED


def row_words(progress: GroupProgress, row: GroupRow) -> str:
    """``start_date=2024-01-03 failed: KeyError … [opsdash show ID]``."""
    run = row.run
    given = ", ".join(
        f"{path}={text}"
        for path, text in zip(progress.group.fields, row.point, strict=False)
    )
    if run is None:
        return f"{given} was never queued."
    why = run.explanation or run.verdict.reason
    return f"{given} {run.word.replace('_', ' ')}: {why} [opsdash show {row.run_id}]"


def _write_end(progress: GroupProgress) -> None:
    from .times import duration

    group = progress.group
    took = (progress.ended or time.time()) - group.created
    tell(f"{group.group_id}: {progress_words(progress)}, after {duration(took)}.")
