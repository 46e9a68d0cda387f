"""Random launches, random faults: no wrong outcome, no byte lost, nothing left.

Usage: ``python -m bench.faults [--runs 10000] [--seed N] [--jobs 24] [--keep FOLDER]``;
the exit code is 1 where anything is not as it should be.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

from .fault_injection.case import Case
from .fault_injection.chapter import Result, run_chapter
from .fault_injection.judge import Finding
from .fault_injection.plan import FAULTS, plans
from .fault_injection.store_faults import NAMES
from .figure import Figure

CHAPTER = 500
"""Launches on one home: its registry and its folder stay as large as a user's."""
SHORT = 300
"""Launches of ``make bench``."""
SHOWN = 20
"""Wrong runs that are told of one by one."""

HEADINGS = (
    "fault",
    "injected",
    "runs",
    "wrong outcomes",
    "bytes missing",
    "left running",
    "unknowable",
)


class Report:
    """What all chapters have found, by fault."""

    def __init__(self) -> None:
        self.injected: Counter[str] = Counter()
        self.runs: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.missing: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        self.unknowable: Counter[str] = Counter()
        self.launches = self.died = self.told = 0

    def add(self, result: Result) -> None:
        """Add what a chapter has found."""
        self.died += result.died
        for fault in result.store:
            self.injected[fault.name] += 1
        for case, finding in result.findings:
            self.launches += 1
            left = result.left.pop(case.plan.tag, 0)
            self.injected[case.plan.fault] += case.history.injected
            met = {
                f.name
                for f in result.store
                if f.since < case.ended and case.begun < f.until
            }
            for name in (case.plan.fault, *met):
                self.runs[name] += 1
                self.wrong[name] += bool(finding.wrong)
                self.missing[name] += finding.missing
                self.left[name] += left
                self.unknowable[name] += finding.unknowable
            if finding.wrong or finding.missing or left:
                self._tell(case, finding, left)
        self.left["none"] += sum(result.left.values())

    def _tell(self, case: Case, finding: Finding, left: int) -> None:
        self.told += 1
        if self.told <= SHOWN:
            print(
                f"WRONG {case.plan.tag}: {case.plan.fault}; {finding.wrong or '-'}; "
                f"{finding.missing} bytes missing; {left} left running; {case.plan}; "
                f"{case.history}",
                file=sys.stderr,
            )

    @property
    def faults(self) -> int:
        """How many of anything that is to be 0 there are."""
        wrong = sum(self.wrong[name] for name in FAULTS)
        missing = sum(self.missing[name] for name in FAULTS)
        return wrong + missing + sum(self.left[name] for name in FAULTS) + self.died

    def table(self) -> str:
        """One row for each fault, and the total."""
        columns = (
            self.injected,
            self.runs,
            self.wrong,
            self.missing,
            self.left,
            self.unknowable,
        )
        rows: list[tuple[str, ...]] = [HEADINGS]
        rows += [
            (name, *(f"{column[name]:,}" for column in columns))
            for name in (*FAULTS, *NAMES)
        ]
        totals = [sum(column[name] for name in FAULTS) for column in columns]
        rows.append(("all launches", *(f"{total:,}" for total in totals)))
        widths = [max(len(row[n]) for row in rows) for n in range(len(HEADINGS))]
        return "\n".join(_aligned(row, widths) for row in rows)


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    first, *numbers = row
    cells = [cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=True)]
    return "  ".join((first.ljust(widths[0]), *cells))


def inject(runs: int, seed: int, jobs: int, keep: Path | None = None) -> Report:
    """Launch so many runs, a chapter after the other."""
    dice, report = random.Random(seed), Report()  # noqa: S311 - the same every time
    launches = plans(runs, dice)
    for start in range(0, runs, CHAPTER):
        report.add(run_chapter(launches[start : start + CHAPTER], jobs, dice, keep))
        done = min(runs, start + CHAPTER)
        print(f"{done:,} launches, {report.faults} faults", file=sys.stderr, flush=True)
    return report


def figures() -> list[Figure]:
    """A short form of it."""
    report = inject(SHORT, seed=1, jobs=24)
    counts = {
        "wrong outcomes": sum(report.wrong[name] for name in FAULTS),
        "bytes missing": sum(report.missing[name] for name in FAULTS),
        "processes left running": sum(report.left[name] for name in FAULTS),
    }
    return [
        Figure(
            name=f"{name} under injected faults",
            value=value,
            unit="",
            target=0,
            note=f"{report.launches} launches, {sum(report.injected.values())} faults",
        )
        for name, value in counts.items()
    ]


def main() -> int:
    """Inject, print the table, and say by the exit code whether all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=24, help="how many at once")
    parser.add_argument("--keep", type=Path, help="a folder for what went wrong")
    options = parser.parse_args()
    begun = time.monotonic()
    report = inject(options.runs, options.seed, options.jobs, options.keep)
    took = time.monotonic() - begun
    print(report.table())
    print(
        f"\nseed {options.seed}: {report.launches:,} launches in {took / 60:.1f} min "
        f"({report.launches / took:.1f} a second), {report.died} sessions died unasked"
    )
    return int(report.faults > 0)


if __name__ == "__main__":
    sys.exit(main())
