"""Made-up runs, many and varied, for the registry and the table."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

from opsdash_widgets.core.model import Outcome, Run, RunSpec, RunState, Verdict
from opsdash_widgets.core.stores import SqliteStore

MODULES = ("price_options", "backtest", "var_report", "curves", "daily_pnl", "stress")
BATCH = 2_000


def many(count: int) -> Iterator[Run]:
    """Runs of the last months, a minute apart, the five youngest still running."""
    dice = random.Random(20250615)  # noqa: S311 - the same runs every time
    start = time.time() - 60 * count
    for number in range(count):
        created = start + 60 * number
        outcome = dice.choices(list(Outcome), [80, 12, 2, 2, 1, 1, 1, 1])[0]
        active = number >= count - 5
        failed = outcome is Outcome.FAILED
        spec = RunSpec(
            run_id=f"{int(created)}-{number:06x}",
            module=f"runners.{dice.choice(MODULES)}",
            argv=(f"--paths={dice.randint(1, 10**6)}", f"--day=2025-{number % 12 + 1}"),
            interpreter="/usr/bin/python3",
            cwd="/home/me/project",
            environment=dice.choice(["DEV", "UAT", "PROD"]),
            user="me",
            requested_by=dice.choice(["me", "batch", "anna"]),
            host="here",
            created=created,
        )
        verdict = Verdict(
            state=RunState.RUNNING if active else RunState.FINISHED,
            outcome=None if active else outcome,
            reason="It ended with exit code 1." if failed else "",
            started=created + 0.1,
            ended=None if active else created + 60,
            duration=dice.expovariate(1 / 100),
        )
        why = "KeyError: 'EURUSD' in load_curves (var_report.py:88)" if failed else ""
        yield Run(spec=spec, verdict=verdict, explanation=why)


def fill(path: Path, count: int) -> SqliteStore:
    """A registry of so many runs."""
    store = SqliteStore(path)
    runs = list(many(count))
    for start in range(0, count, BATCH):
        store.put(runs[start : start + BATCH])
    return store
