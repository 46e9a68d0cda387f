"""``opsdash ps``: the runs that are active, and those that ended in the last hour."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.model import Run
    from ..core.service import Service

RECENT_S = 3600
"""How long an ended run is listed."""
ROOMY = 120
"""In a line of fewer columns only what matters most is listed."""
WINDOW = 1000
"""How many rows are asked of the registry at once."""


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "list active runs and those that ended in the last hour"
    parser = subparsers.add_parser("ps", help=words, description=words.capitalize())
    parser.add_argument("-a", "--all", action="store_true", help="list every run")
    parser.add_argument("--json", action="store_true", help="as a JSON list")
    return parser


def run(args: argparse.Namespace) -> int:
    """List the runs, the newest first."""
    from .group_rows import group_rows, waits_in_group
    from .run_json import run_json
    from .session import opened_service
    from .terminal import emit_json

    with opened_service(args) as service:
        service.sync()
        listed = _runs(service, everything=args.all)
        runs = [service.as_now(run) for run in listed]
        groups = [] if args.json else group_rows(service)
    if args.json:
        emit_json([run_json(run) for run in runs])
    elif runs or groups:
        _write([run for run in runs if not waits_in_group(run)], groups)
    else:
        _write_empty(everything=args.all)
    return 0


def _runs(service: Service, *, everything: bool) -> list[Run]:
    from ..core.model import RunQuery

    since = None if everything else time.time() - RECENT_S
    runs: list[Run] = []
    while True:
        page = service.runs(
            RunQuery(active_or_since=since, limit=WINDOW, offset=len(runs))
        )
        runs += page.runs
        if not page.runs or len(runs) >= page.total:
            return runs


def _write(runs: list[Run], groups: list[dict[str, str]]) -> None:
    from .terminal import line_width, write_table
    from .times import ago, duration

    now = time.time()
    table = {
        "RUN": [run.run_id for run in runs],
        "STATE": [run.word for run in runs],
        "MODULE": [run.spec.module for run in runs],
        "STARTED": [ago(run.verdict.started or run.spec.created, now) for run in runs],
        "TOOK": [duration(run.verdict.duration) for run in runs],
        "EXIT": [_exit(run) for run in runs],
        "ENV": [run.spec.environment or "-" for run in runs],
        "BY": [run.spec.requested_by for run in runs],
        "WHY": [run.explanation or run.verdict.reason for run in runs],
    }
    for name in table:
        table[name] = [group[name] for group in groups] + table[name]
    if line_width() < ROOMY:
        for name in ("EXIT", "ENV", "BY"):
            del table[name]
    rows = list(zip(*table.values(), strict=True))
    write_table(list(table), rows, state=1, keep=3)


def _exit(run: Run) -> str:
    if run.verdict.signal is not None:
        return f"sig {run.verdict.signal}"
    return "" if run.verdict.exit_code is None else str(run.verdict.exit_code)


def _write_empty(*, everything: bool) -> None:
    if everything:
        print("There are no runs yet. Start one: opsdash run MODULE -- ARGUMENTS")
    else:
        print("Nothing runs or ended in the last hour. All runs: opsdash ps -a")
