"""The registry is locked, corrupt, deleted or of a later version while runs run."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from opsdash_widgets.core.errors import StoreError
from opsdash_widgets.core.model import LaunchRequest, Outcome
from tests.core.desk import Desk, until

WAITS = """
    import os, sys, time
    print("ready")
    while not os.path.exists("go"):
        time.sleep(0.01)
    sys.exit(3)
"""


@contextmanager
def locked(file: Path) -> Iterator[None]:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.close()


@contextmanager
def corrupt(file: Path) -> Iterator[None]:
    with file.open("r+b") as opened:
        size = opened.seek(0, os.SEEK_END)
        opened.seek(0)
        opened.write(os.urandom(size))
    yield


@contextmanager
def deleted(file: Path) -> Iterator[None]:
    for path in file.parent.glob("runs.db*"):
        path.unlink()
    yield


FAULTS = {"locked": locked, "corrupt": corrupt, "deleted": deleted}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_whatever_happens_to_the_registry_no_run_is_forgotten_or_told_wrongly(
    desk: Desk, home: Path, fault: Callable[[Path], AbstractContextManager[None]]
) -> None:
    service = desk.service()
    first, _ = desk.running(service, WAITS)
    service.sync()
    with fault(home / "runs.db"):
        panel = desk.service()
        module = desk.module("next", "import sys; print('x'); sys.exit(4)")
        second = panel.launch(LaunchRequest(module=module))
        (desk.project / "go").touch()
        record = Path(first.run_dir) / "exit.json"
        until(record.exists, "the first has ended")
    for session in (service, panel, desk.service()):
        codes = [desk.ended(session, run).verdict.exit_code for run in (first, second)]
        assert codes == [3, 4]
        session.sync()
        rows = {row.run_id: row.verdict.outcome for row in session.runs().runs}
        assert rows == dict.fromkeys((first.run_id, second.run_id), Outcome.FAILED)


def test_a_registry_of_a_later_version_is_refused_and_its_runs_go_on(
    desk: Desk, home: Path
) -> None:
    service = desk.service()
    run, _ = desk.running(service, WAITS)
    service.close()
    database = home / "runs.db"
    with sqlite3.connect(database) as later:
        later.execute("PRAGMA user_version = 99")
    later.close()
    with pytest.raises(StoreError, match=r"Update opsdash_widgets"):
        desk.service()
    (desk.project / "go").touch()
    until((Path(run.run_dir) / "exit.json").exists, "it has ended")
    for path in home.glob("runs.db*"):
        path.rename(path.with_suffix(".later"))
    assert desk.ended(desk.service(), run).verdict.exit_code == 3
