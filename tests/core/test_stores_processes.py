"""Several processes on one registry, all writing and reading at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from opsdash_widgets.core.model import RunQuery
from opsdash_widgets.core.stores import SqliteStore

PROCESSES = 6
RUNS = 60

WORKER = """
import sys
from pathlib import Path
from opsdash_widgets.core.model import Run, RunQuery, RunSpec, RunState, Verdict
from opsdash_widgets.core.stores import open_store

path, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
store = open_store(path)
assert store.notice == "", store.notice
for number in range(count):
    spec = RunSpec(run_id=f"{name}-{number}", module="runners.x", created=float(number))
    store.put([Run(spec=spec, verdict=Verdict(state=RunState.RUNNING))])
    page = store.page(RunQuery(text="runners", limit=5))
    assert page.total > number, (page.total, number)
    assert len(store.page(RunQuery(limit=3)).runs) >= min(3, number + 1)
    store.version()
store.close()
"""


def test_processes_that_write_and_read_at_once_meet_no_error(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    command = [sys.executable, "-c", WORKER, str(path)]
    workers = [
        subprocess.Popen(
            [*command, f"w{number}", str(RUNS)], stderr=subprocess.PIPE, text=True
        )
        for number in range(PROCESSES)
    ]
    errors = [worker.communicate(timeout=120)[1] for worker in workers]
    assert errors == [""] * PROCESSES
    store = SqliteStore(path)
    assert store.page(RunQuery()).total == PROCESSES * RUNS
    assert store.page(RunQuery(text="runners.x")).total == PROCESSES * RUNS
    store.close()
