"""Supervisors and adopters are killed at every moment; the true end is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from opsdash_widgets.core.model import LaunchRequest, Outcome, Run, RunState
from opsdash_widgets.core.rundir import read_verdict
from opsdash_widgets.core.rundir.processes import start_ticks
from opsdash_widgets.core.service import Service
from opsdash_widgets.core.supervisor import process
from tests.core.desk import Desk, until
from tests.faults.killing import adopted_by, kill, owner

WAITS = """
    import os, sys, time
    print(os.getpid()); print("ready")
    while not os.path.exists("go"):
        time.sleep(0.01)
    print("goes")
"""

ENDINGS: dict[str, tuple[str, int | None, int | None]] = {
    "returns": ("", 0, None),
    "exits": ("sys.exit(3)", 3, None),
    "raises": ("raise KeyError('EURUSD')", 1, None),
    "exits at once": ("sys.stdout.flush(); os._exit(7)", 7, None),
    "is killed": ("sys.stdout.flush(); os.kill(os.getpid(), 9)", None, 9),
    "is terminated": (
        "import signal; signal.signal(15, signal.SIG_DFL); os.kill(os.getpid(), 15)",
        None,
        15,
    ),
}
KERNEL_TELLS = tuple(int(n) for n in os.uname().release.split("-")[0].split(".")[:2])
NOTED = ("returns", "exits", "raises")


def is_known(name: str) -> bool:
    """Whether an adopter can know of such an end: from the kernel or from the job."""
    return KERNEL_TELLS >= (6, 15) or name in NOTED


def waiting(desk: Desk, service: Service, ending: str) -> Run:
    run, _ = desk.running(service, f"{WAITS}    {ending}\n")
    return run


def end(desk: Desk, service: Service, run: Run) -> Run:
    (desk.project / "go").touch()
    return desk.ended(service, run)


@pytest.mark.parametrize("name", ENDINGS)
def test_however_an_orphan_ends_its_true_code_is_told(desk: Desk, name: str) -> None:
    ending, code, number = ENDINGS[name]
    service = desk.service()
    run = waiting(desk, service, ending)
    first = owner(Path(run.run_dir))
    kill(first)
    assert service.run(run.run_id).verdict.state is RunState.ORPHANED
    adopted_by(Path(run.run_dir), first)
    verdict = end(desk, service, run).verdict
    if is_known(name):
        assert (verdict.exit_code, verdict.signal) == (code, number)
    else:
        assert verdict.outcome is Outcome.ENDED_UNKNOWN
    assert "goes" in (Path(run.run_dir) / "output.log").read_text()


def test_a_killed_adopter_is_followed_by_another(desk: Desk) -> None:
    service, other = desk.service(), desk.service()
    run = waiting(desk, service, "sys.exit(3)")
    owners = [owner(Path(run.run_dir))]
    for session in (service, other, service):
        kill(owners[-1])

        def adopted(session: Service = session) -> bool:
            session.sync()
            return owner(Path(run.run_dir)) not in owners

        until(adopted, "it is adopted")
        owners.append(owner(Path(run.run_dir)))
    verdict = end(desk, other, run).verdict
    assert (verdict.outcome, verdict.exit_code) == (Outcome.FAILED, 3)


def test_of_many_adopters_at_once_one_owns_the_run(desk: Desk) -> None:
    from opsdash_widgets.core.executors.local import SUPERVISOR

    service = desk.service()
    run = waiting(desk, service, "sys.exit(3)")
    first = owner(Path(run.run_dir))
    kill(first)
    command = [sys.executable, "-I", "-S", str(SUPERVISOR), run.run_dir, "--adopt"]
    adopters = [
        subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        for _ in range(5)
    ]
    one = adopted_by(Path(run.run_dir), first)
    refused = [a for a in adopters if a.pid != one[0]]
    assert [a.wait(60) for a in refused] == [75] * len(refused)
    verdict = end(desk, service, run).verdict
    assert (verdict.outcome, verdict.exit_code) == (Outcome.FAILED, 3)
    assert [a.wait(60) for a in adopters if a not in refused] in ([3], [])


def test_a_supervisor_killed_before_the_job_said_who_it_is_leaves_no_doubt(
    desk: Desk,
) -> None:
    """Whatever the moment: it never began and is lost, or it is told as it ends."""
    service = desk.service()
    module = desk.module("quick", "import sys; print('x'); sys.exit(3)")
    for microseconds in range(0, 60_000, 3_000):
        run = service.launch(LaunchRequest(module=module))
        run_dir = Path(run.run_dir)
        pid = service._executor._supervisors[-1].pid  # type: ignore[attr-defined]  # to kill it
        signal.sigtimedwait([], microseconds / 1e6)
        ticks = start_ticks(pid)
        if ticks is not None:
            kill((pid, ticks))
        verdict = desk.ended(service, run).verdict
        output = run_dir / "output.log"
        begun = output.exists() and output.read_text() == "x\n"
        told = (verdict.outcome, verdict.exit_code)
        assert told == ((Outcome.FAILED, 3) if begun else (Outcome.LOST, None))


@pytest.mark.parametrize("name", ["returns", "exits", "raises", "is killed"])
def test_a_supervisor_killed_between_the_jobs_end_and_its_record(
    desk: Desk, name: str
) -> None:
    """Nobody can wait any more; what the job has noted itself is told."""
    ending, code, number = ENDINGS[name]
    service = desk.service()
    run = waiting(desk, service, ending)
    supervisor, pid = owner(Path(run.run_dir)), run.verdict.pid
    assert pid is not None
    os.kill(supervisor[0], signal.SIGSTOP)
    (desk.project / "go").touch()
    until(lambda: process.is_zombie(pid), "the job has ended")
    assert not (Path(run.run_dir) / "exit.json").exists()
    kill(supervisor)
    verdict = desk.ended(service, run).verdict
    if name in NOTED:
        assert (verdict.exit_code, verdict.signal) == (code, number)
    else:
        assert verdict.outcome in (Outcome.LOST, Outcome.ENDED_UNKNOWN, Outcome.KILLED)
        assert verdict.outcome is not Outcome.KILLED or verdict.signal == number
    assert verdict.reason or verdict.outcome is Outcome.SUCCEEDED


def test_an_orphan_that_was_paused_stays_paused_and_is_resumed_by_its_adopter(
    desk: Desk,
) -> None:
    service = desk.service()
    run, _ = desk.running(
        service,
        """
        import os, sys, time
        print("ready")
        while not os.path.exists("go"):
            time.sleep(0.01)
        print("goes")
        sys.exit(3)
        """,
    )
    run_dir, first = Path(run.run_dir), owner(Path(run.run_dir))
    service.pause(run.run_id)
    until(lambda: is_stopped(run.verdict.pid), "it is frozen")
    kill(first)
    (desk.project / "go").touch()
    service.sync()
    second = adopted_by(run_dir, first)
    until(lambda: state_of(service, run) is RunState.PAUSED, "it is told as paused")
    assert is_stopped(run.verdict.pid)
    assert (run_dir / "output.log").read_text() == "ready\n"
    service.resume(run.run_id)
    verdict = desk.ended(service, run).verdict
    assert (verdict.outcome, verdict.exit_code) == (Outcome.FAILED, 3)
    assert owner(run_dir) == second
    assert (run_dir / "output.log").read_text() == "ready\ngoes\n"


def state_of(service: Service, run: Run) -> RunState:
    return service.run(run.run_id).verdict.state


def is_stopped(pid: int | None) -> bool:
    stat = Path(f"/proc/{pid}/stat").read_text()
    return stat.rpartition(")")[2].split()[0] == "T"


def test_a_limit_ends_a_run_that_was_adopted(desk: Desk) -> None:
    service = desk.service()
    module = desk.module("long", "import time\nprint('ready')\ntime.sleep(600)\n")
    run = service.launch(LaunchRequest(module=module, limits={"time_s": 2.0}))
    run_dir = Path(run.run_dir)
    until(lambda: read_verdict(run_dir).state is RunState.RUNNING, "it runs")
    kill(owner(run_dir))
    verdict = desk.ended(service, run).verdict
    assert verdict.outcome is Outcome.LIMIT
    assert "time limit" in verdict.reason
    assert verdict.duration is not None
    assert verdict.duration >= 2.0


def test_an_adopted_run_can_be_stopped_with_all_that_it_has_started(desk: Desk) -> None:
    service = desk.service()
    run, words = desk.running(
        service,
        """
        import os, subprocess, sys, time
        child = subprocess.Popen(["sleep", "600"], start_new_session=True)
        print(child.pid); print("ready")
        time.sleep(600)
        """,
    )
    first = owner(Path(run.run_dir))
    kill(first)
    service.sync()
    adopted_by(Path(run.run_dir), first)
    service.stop(run.run_id)
    verdict = desk.ended(service, run).verdict
    assert (verdict.outcome, verdict.exit_code) == (Outcome.STOPPED, 143)
    until(lambda: start_ticks(int(words[0])) is None, "its child is gone")
