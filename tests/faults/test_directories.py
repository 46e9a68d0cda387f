"""Run directories that are half there, gone, or something else."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from opsdash_widgets.core.errors import RunGone
from opsdash_widgets.core.model import LaunchRequest, Outcome
from opsdash_widgets.core.rundir.processes import start_ticks
from tests.core.desk import Desk, remove, until

DIES = """
    import os, sys
    from pathlib import Path
    from opsdash_widgets.core.model import LaunchRequest
    from opsdash_widgets.core.rundir import files
    from opsdash_widgets.core.service import open_service
    real, steps = getattr(files, sys.argv[2]), []
    def dies(*arguments, **named):
        steps.append(1)
        if len(steps) == int(sys.argv[3]):
            os.kill(os.getpid(), 9)
        return real(*arguments, **named)
    setattr(files, sys.argv[2], dies)
    open_service(Path(sys.argv[1])).launch(LaunchRequest(module="jobs.quick"))
"""


@pytest.mark.parametrize("step", ["write_atomic", "reserve"])
def test_a_directory_that_is_half_written_is_no_run_and_disturbs_none(
    desk: Desk, home: Path, step: str
) -> None:
    module = desk.module("quick", "print('x')")
    died = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(DIES), str(desk.project), step, "1"],
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        check=False,
    )
    assert died.returncode == -9
    (half,) = (home / "logs" / "runs").iterdir()
    service = desk.service()
    assert service.sync() == ()
    run = desk.run(service, LaunchRequest(module=module))
    assert run.verdict.outcome is Outcome.SUCCEEDED
    assert [row.run_id for row in service.runs().runs] == [run.run_id]
    assert half.name.startswith(".")


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_directory_replaced_while_it_runs_leaves_a_sentence_and_no_process(
    desk: Desk, kind: str
) -> None:
    service = desk.service()
    run, (pid,) = desk.running(
        service,
        """
        import os, time
        print(os.getpid()); print("ready")
        while not os.path.exists("end"):
            time.sleep(0.01)
        """,
    )
    log = service.log(run.run_id)
    log.refresh()
    run_dir = Path(run.run_dir)
    remove(run_dir)
    if kind == "file":
        run_dir.write_text("no directory")
    else:
        run_dir.symlink_to(desk.project)
    try:
        service.sync()
        log.refresh()
        assert [line.text for line in log.lines(0, 9)] == [pid, "ready"]
        row = service.run(run.run_id).verdict
        assert (row.outcome, row.rule) == (Outcome.LOST, "directory_gone")
        assert row.reason
        with pytest.raises(RunGone, match="not there any more"):
            service.log(run.run_id)
    finally:
        log.close()
        (desk.project / "end").touch()
    until(lambda: start_ticks(int(pid)) is None, "the job has ended")
    run_dir.unlink()
