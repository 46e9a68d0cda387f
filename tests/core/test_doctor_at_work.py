"""The doctor in a home at work: what lives is left alone, orphans are cared for."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from opsdash_widgets.core.model import (
    LaunchRequest,
    RunState,
)
from opsdash_widgets.core.rundir.processes import start_ticks
from opsdash_widgets.core.service.doctor import Doctor

from .damages import DAMAGES
from .desk import Desk, until
from .ward import Ward, age, contents, ends, kinds, told

WAITS = "import time\nprint('ready', flush=True)\ntime.sleep(600)\n"


def test_a_home_at_work_has_no_findings(ward: Ward, desk: Desk, doctor: Doctor) -> None:
    service = desk.service()
    deaf = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + WAITS
    running, _ = desk.running(service, WAITS)
    stopping = service.launch(LaunchRequest(module=desk.module("deaf", deaf)))
    log = Path(stopping.run_dir) / "output.log"
    until(lambda: log.exists() and log.read_text() == "ready\n", "it is ready")
    service.stop(stopping.run_id)
    waiting = ward.waiting[0]
    assert service.run(waiting).verdict.state is RunState.QUEUED
    assert service.run(running.run_id).verdict.state is RunState.RUNNING
    assert service.run(stopping.run_id).verdict.state is RunState.STOPPING
    report = service.doctor.look()
    assert report.findings == (), told(report)
    assert report.looked_at.live == 2 + len(ward.waiting)
    assert service.doctor.fix().findings == ()
    assert service.run(running.run_id).verdict.state is RunState.RUNNING
    assert doctor.look().findings == ()


def test_a_home_is_whole_while_runs_are_launched_and_ended_in_it(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    service = desk.service()
    module = desk.module("quick", "print('hi')\n")
    launched = [service.launch(LaunchRequest(module=module)) for _ in range(6)]
    found = []
    while not all(service.run(run.run_id).is_terminal for run in launched):
        found += doctor.fix().findings
    assert found == []
    assert {service.run(run.run_id).word for run in launched} == {"succeeded"}


def test_what_lives_is_never_touched(ward: Ward, desk: Desk, doctor: Doctor) -> None:
    service = desk.service()
    run, _ = desk.running(service, WAITS)
    run_dir = Path(run.run_dir)
    (run_dir / "exit.json").write_bytes(b"{")
    (run_dir / "exit.json").chmod(0o600)
    (run_dir / "control.json").symlink_to("/etc/hostname")
    before = contents(run_dir)
    fixed = doctor.fix()
    assert {"exit", "no-file"} == kinds(fixed), told(fixed)
    assert not fixed.is_whole
    after = contents(run_dir)
    assert {name: after[name] for name in ("exit.json", "control.json")} == {
        name: before[name] for name in ("exit.json", "control.json")
    }
    assert start_ticks(run.verdict.pid or 0) is not None
    for name in ("exit.json", "control.json"):
        (run_dir / name).unlink()


def test_a_living_run_gets_its_lost_request_back(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    service = desk.service()
    run, _ = desk.running(service, WAITS)
    spec = Path(run.run_dir) / "spec.json"
    written = spec.read_bytes()
    spec.unlink()
    age(Path(run.run_dir))
    assert doctor.fix().is_whole
    assert spec.read_bytes() == written
    assert desk.service().run(run.run_id).verdict.state is RunState.RUNNING


def test_an_orphan_gets_a_new_supervisor(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    service = desk.service()
    run, _ = desk.running(service, WAITS)
    supervisor = service._executor._supervisors[0]  # type: ignore[attr-defined]  # to kill it
    supervisor.kill()
    supervisor.wait()
    found = doctor.look()
    assert kinds(found) == {"orphan"}
    fixed = doctor.fix()
    assert fixed.is_whole, told(fixed)
    assert doctor.look().findings == ()
    assert service.run(run.run_id).verdict.state is RunState.RUNNING
    service.stop(run.run_id, kill_now=True)
    until(lambda: service.run(run.run_id).is_terminal, "it has ended")
    until(lambda: not doctor._executor.reap(), "its supervisor is collected")


FORKS = "child = os.fork()\nif not child: time.sleep(600)\n"
"""What is started so holds the lock of the job's tree."""
STARTS = (
    "import subprocess\n"
    "child = subprocess.Popen(['sleep', '600'], start_new_session=True).pid\n"
    "tree = os.environ['OPSDASH_RUN_DIR'] + '/tree.json'\n"
    "while not os.path.exists(tree) or str(child) not in open(tree).read():\n"
    "    time.sleep(0.01)\n"
)
"""What is started so is only known to have been seen by the supervisor."""


@pytest.mark.parametrize("begins", [FORKS, STARTS], ids=["forked", "started"])
def test_what_an_ended_run_has_left_running_is_ended(
    ward: Ward, desk: Desk, doctor: Doctor, begins: str
) -> None:
    service = desk.service()
    source = f"import os, time\n{begins}print(child, os.getpid())\n{WAITS}"
    run, words = desk.running(service, source)
    left, job = map(int, words)
    # Whoever would end what is left is killed first, and the job's end recorded.
    supervisor = service._executor._supervisors[0]  # type: ignore[attr-defined]  # to kill it
    supervisor.kill()
    os.kill(job, signal.SIGKILL)
    supervisor.wait()
    until(lambda: start_ticks(job) is None, "the job is gone")
    path = Path(run.run_dir) / "exit.json"
    path.write_bytes((ward.run_dir() / "exit.json").read_bytes())
    path.chmod(0o600)
    assert start_ticks(left) is not None
    found = doctor.look()
    assert kinds(found) == {"left-running"}, told(found)
    assert str(left) in told(found)
    fixed = doctor.fix()
    assert fixed.is_whole, told(fixed)
    assert start_ticks(left) is None
    assert doctor.look().findings == ()


def test_a_registry_in_use_is_replaced_under_the_session_that_uses_it(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    service = desk.service()
    before = ends(service)
    DAMAGES["garbage for a registry"].does(ward)
    assert doctor.fix().is_whole
    assert ends(service) == before
