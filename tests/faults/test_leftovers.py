"""What a job leaves running is ended, also when nobody was there to end it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from opsdash_widgets.core.model import Outcome
from opsdash_widgets.core.rundir.processes import start_ticks
from tests.core.desk import Desk, until
from tests.faults.killing import kill, owner


def test_what_a_job_left_running_is_ended_though_its_supervisor_was_killed_then(
    desk: Desk,
) -> None:
    """Killed after it has written the record, and before it has ended what is left."""
    service = desk.service()
    run, words = desk.running(
        service,
        """
        import os, subprocess, sys, time
        deaf = "trap '' TERM; echo deaf; while :; do sleep 1; done"
        child = subprocess.Popen(["sh", "-c", deaf], stdout=subprocess.PIPE)
        child.stdout.readline()
        print(child.pid); print("ready")
        while not os.path.exists("go"):
            time.sleep(0.01)
        """,
    )
    (desk.project / "go").touch()
    until((Path(run.run_dir) / "exit.json").exists, "its end is recorded")
    kill(owner(Path(run.run_dir)))

    def gone() -> Any:
        service.sync()
        return start_ticks(int(words[0])) is None

    try:
        until(gone, "what it left is gone")
    finally:
        kill((int(words[0]), start_ticks(int(words[0])) or 0))
    assert desk.ended(service, run).verdict.outcome is Outcome.SUCCEEDED
