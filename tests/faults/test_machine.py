"""Everything is killed at once: the machine goes down and comes up again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from opsdash_widgets.core.model import LaunchRequest, Outcome, RunState
from opsdash_widgets.core.rundir import read_verdict
from opsdash_widgets.core.rundir.processes import start_ticks
from tests.core.desk import Desk, until
from tests.faults.killing import kill, owner

LAUNCHES = """
    import sys, time
    from pathlib import Path
    from opsdash_widgets.core.model import LaunchRequest
    from opsdash_widgets.core.service import open_service
    service = open_service(Path(sys.argv[1]))
    print(service.launch(LaunchRequest(module="jobs.long")).run_dir, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def boot_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the kernel says to be the id of this boot."""
    path = tmp_path / "boot_id"
    path.write_text("before\n")
    monkeypatch.setenv("OPSDASH_BOOT_ID", str(path))
    return path


def test_after_a_reboot_a_run_is_lost_says_so_and_nobody_is_signalled(
    desk: Desk, boot_id: Path
) -> None:
    desk.module("long", "import time\nprint('ready')\ntime.sleep(600)\n")
    launcher = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(LAUNCHES), str(desk.project)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert launcher.stdout is not None
    run_dir = Path(launcher.stdout.readline().strip())
    until(lambda: read_verdict(run_dir).state is RunState.RUNNING, "it runs")
    pid = read_verdict(run_dir).pid
    assert pid is not None
    ticks = start_ticks(pid)
    assert ticks is not None
    launcher.kill()
    launcher.communicate()
    kill(owner(run_dir))
    kill((pid, ticks))
    boot_id.write_text("after\n")

    # Its number belongs to somebody else now, who even started at the same tick.
    innocent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1)
    child = run_dir / "child.json"
    other = child.read_text().replace(f": {pid},", f": {innocent.pid},")
    child.write_text(other.replace(f": {ticks},", f": {start_ticks(innocent.pid)},"))
    try:
        service = desk.service()
        service.sync()
        (run,) = service.runs().runs
        assert (run.verdict.outcome, run.verdict.rule) == (Outcome.LOST, "lost_reboot")
        assert "restarted" in run.verdict.reason
        service.stop(run.run_id, kill_now=True)
        assert innocent.poll() is None
    finally:
        innocent.communicate(b"\n")
    done = desk.run(service, LaunchRequest(module=desk.module("next", "print('x')")))
    assert done.verdict.outcome is Outcome.SUCCEEDED


def test_all_of_a_run_killed_at_once_is_never_taken_for_an_end_of_its_own(
    desk: Desk,
) -> None:
    service = desk.service()
    run, _ = desk.running(service, "import time\nprint('ready')\ntime.sleep(600)\n")
    run_dir = Path(run.run_dir)
    supervisor, pid = owner(run_dir), run.verdict.pid
    assert pid is not None
    os.kill(supervisor[0], signal.SIGSTOP)  # it shall not see the job's end
    ticks = start_ticks(pid)
    assert ticks is not None
    os.kill(pid, signal.SIGKILL)
    kill(supervisor)
    until(lambda: start_ticks(pid) != ticks, "the job is gone")
    run = desk.ended(service, run)
    assert run.verdict.outcome in (Outcome.LOST, Outcome.ENDED_UNKNOWN, Outcome.KILLED)
    assert run.verdict.reason
