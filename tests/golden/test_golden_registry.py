"""A registry of version 2 is opened for ever, and answers as it did."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from opsdash_widgets.core.model import Outcome, RunQuery, RunState
from opsdash_widgets.core.stores import SqliteStore

HERE = Path(__file__).parent


def test_a_registry_of_version_2_tells_of_the_golden_runs(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    shutil.copy(HERE / "registry_v2.db", path)
    store = SqliteStore(path)
    runs = {run.run_id: run for run in store.page(RunQuery(limit=1000)).runs}
    assert len(runs) == 23
    for run_id, run in runs.items():
        expected = json.loads((HERE / "runs_v1" / f"{run_id}.json").read_text())
        if not expected["held"]:  # a paused one is told as it was without its locks
            assert run.verdict.rule == expected["verdict"]["rule"]
            assert run.verdict.exit_code == expected["verdict"]["exit_code"]
        assert run.spec.run_id == run_id
    limited = store.page(RunQuery(outcomes=(Outcome.LIMIT,))).runs
    assert [run.verdict.limit for run in limited] == ["time"]
    queued = store.page(RunQuery(states=(RunState.QUEUED,))).runs
    group = queued[0].spec.group
    assert store.page(RunQuery(groups=(group,))).total == 3
    assert store.page(RunQuery(text="eurusd")).total == 1
    store.put(list(runs.values()))
    store.remove([queued[0].run_id])
    assert len(store.ids()) == 22
    store.close()
