"""Processes by their number: named, refused, ended, and never another one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest

from opsdash_widgets.core.errors import (
    ConfirmationNeeded,
    PermissionDenied,
    ProcessError,
)
from opsdash_widgets.core.model import Outcome, Role, RunState
from opsdash_widgets.core.redaction import MASK
from opsdash_widgets.core.service import Service
from opsdash_widgets.core.supervisor import process

from .desk import Desk, until

WAITS = "import sys, time\nprint('ready', flush=True)\ntime.sleep(600)\n"
DEAF = f"import signal\nsignal.signal(15, signal.SIG_IGN)\n{WAITS}"
FORKS = f"""
import subprocess, sys
inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(inner.pid, end=" ", flush=True)
{WAITS}"""


class Others:
    """Processes that are no run: what somebody has started by hand."""

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[str]] = []
        self.below: list[int] = []

    def start(self, source: str = WAITS, *words: str) -> int:
        """Start one, wait until it is ready, and give its number."""
        started = subprocess.Popen(
            [sys.executable, "-c", source, *words], stdout=subprocess.PIPE, text=True
        )
        self._started.append(started)
        assert started.stdout is not None
        said = started.stdout.readline().split()
        assert said[-1] == "ready"
        self.below += map(int, said[:-1])
        return started.pid

    def code(self) -> int:
        """How the last one ended."""
        return self._started[-1].wait(60)

    def close(self) -> None:
        for started in self._started:
            started.kill()
            started.wait()
            assert started.stdout is not None
            started.stdout.close()
        for pid in self.below:
            if process.start_ticks(pid) and not process.is_zombie(pid):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def others() -> Iterator[Others]:
    found = Others()
    yield found
    found.close()


@pytest.fixture
def service(desk: Desk) -> Service:
    (desk.project / "opsdash.toml").write_text(
        'runners_package = "jobs"\nstop_grace_s = 0.3\n'
    )
    return desk.service()


def test_a_process_is_named_by_all_that_tells_it_from_another(
    service: Service, others: Others
) -> None:
    pid = others.start(WAITS, "--password=hunter2", "\x1b[31mred")
    found = service.processes.find(pid)
    assert (found.pid, found.ticks) == (pid, process.start_ticks(pid))
    assert found.user == psutil.Process().username()
    assert found.started == pytest.approx(psutil.Process(pid).create_time())
    assert found.rss > 1 << 20
    assert found.cpu_s >= 0
    assert found.state in ("running", "sleeping")
    assert (found.run_id, found.supervises) == ("", False)
    assert found.command.startswith(Path(sys.executable).name)
    assert f"--password={MASK}" in found.command
    assert "\x1b" not in found.command


def test_it_asks_with_the_processs_name_and_does_nothing_before(
    service: Service, others: Others
) -> None:
    found = service.processes.find(others.start())
    with pytest.raises(ConfirmationNeeded) as caught:
        service.processes.kill(found)
    question = caught.value.question
    assert question.startswith(f"Kill process {found.pid}, {found.command[:20]}")
    assert f" of {found.user}, started " in question
    assert question.endswith(" s ago?")
    assert process.start_ticks(found.pid) == found.ticks


def test_a_process_ends_by_sigterm_where_it_can(
    service: Service, others: Others
) -> None:
    found = service.processes.find(others.start())
    ending = service.processes.kill(found, confirmed=True)
    assert (ending.word, ending.signalled) == ("ended", 1)
    assert others.code() == -signal.SIGTERM


def test_a_stopped_process_ends_by_sigterm_too(
    service: Service, others: Others
) -> None:
    pid = others.start()
    os.kill(pid, signal.SIGSTOP)
    assert service.processes.kill(service.processes.find(pid), confirmed=True).word == (
        "ended"
    )


@pytest.mark.parametrize("kill_now", [False, True])
def test_a_deaf_one_is_killed(service: Service, others: Others, kill_now: bool) -> None:
    found = service.processes.find(others.start(DEAF))
    ending = service.processes.kill(found, confirmed=True, kill_now=kill_now)
    assert (ending.word, ending.signalled) == ("killed", 1)
    assert others.code() == -signal.SIGKILL


@pytest.mark.parametrize("kill_now", [False, True])
@pytest.mark.parametrize("tree", [False, True])
def test_what_is_below_it_ends_with_it_only_where_that_was_asked_for(
    service: Service, others: Others, tree: bool, kill_now: bool
) -> None:
    found = service.processes.find(others.start(FORKS))
    (inner,) = others.below
    ticks = process.start_ticks(inner)
    ending = service.processes.kill(found, tree=tree, kill_now=kill_now, confirmed=True)
    assert ending.signalled == (2 if tree else 1)
    until(lambda: process.is_zombie(found.pid) or not psutil.pid_exists(found.pid), "")
    if tree:
        until(lambda: process.start_ticks(inner) != ticks, "the inner one is gone")
    else:
        assert process.start_ticks(inner) == ticks


def test_a_number_that_has_changed_hands_is_left_alone(
    service: Service, others: Others
) -> None:
    found = service.processes.find(others.start())
    earlier = msgspec.structs.replace(found, ticks=found.ticks - 1)
    for kill_now in (False, True):
        ending = service.processes.kill(earlier, confirmed=True, kill_now=kill_now)
        assert ending.word == "gone"
    assert process.start_ticks(found.pid) == found.ticks


@pytest.mark.parametrize("pid", [0, -1, 1 << 22, 1 << 40])
def test_a_number_of_no_process_is_named(service: Service, pid: int) -> None:
    with pytest.raises(ProcessError, match=f"no process {pid}"):
        service.processes.find(pid)


def test_neither_this_session_nor_what_holds_it_is_killed(service: Service) -> None:
    above = psutil.Process().parents()
    for pid in (os.getpid(), *(one.pid for one in above if one.pid > 1)):
        found = service.processes.find(pid)
        with pytest.raises(ProcessError, match="this session"):
            service.processes.kill(found, confirmed=True, kill_now=True)


def test_the_first_process_and_the_kernels_threads_are_not_killed(
    service: Service,
) -> None:
    first = service.processes.find(1)
    thread = msgspec.structs.replace(first, pid=2, name="kthreadd", command="", rss=0)
    for found in (first, thread):
        with pytest.raises(ProcessError, match=f"Process {found.pid} is "):
            service.processes.kill(found, confirmed=True)
        assert f"Process {found.pid} is " in service.processes.why_never(found)


def test_a_supervisor_is_not_killed_and_a_job_is_named_as_its_runs(
    service: Service, desk: Desk
) -> None:
    run, _ = desk.running(service, WAITS)
    signer = (Path(run.run_dir) / "lock").read_text().split()
    supervisor = service.processes.find(int(signer[0]))
    assert (supervisor.run_id, supervisor.supervises) == (run.run_id, True)
    with pytest.raises(ProcessError, match=rf"supervisor of run {run.run_id}"):
        service.processes.kill(supervisor, confirmed=True, kill_now=True)
    assert run.verdict.pid is not None
    job = service.processes.find(run.verdict.pid)
    assert (job.run_id, job.supervises) == (run.run_id, False)
    assert service.processes.why_never(job) == ""
    with pytest.raises(ConfirmationNeeded, match=f"belongs to run {run.run_id}"):
        service.processes.kill(job)
    service.processes.kill(job, confirmed=True, kill_now=True)
    assert desk.ended(service, run).verdict.outcome is Outcome.KILLED


LAUNCHER = """
    import sys, time
    from pathlib import Path
    from opsdash_widgets.core.model import *
    from opsdash_widgets.core.service import open_service
    service = open_service(Path(sys.argv[1]), Actor(name="another session"))
    print(service.launch(LaunchRequest(module="jobs.long")).run_id, flush=True)
    time.sleep(600)
"""


def test_the_runs_of_a_killed_tree_go_on(
    service: Service, desk: Desk, sessions: Any
) -> None:
    desk.module("long", WAITS)
    kernel, run_id = sessions.start(LAUNCHER, str(desk.project))
    until(lambda: service.run(run_id).verdict.pid, "its run has begun")
    found = service.processes.find(kernel.pid)
    ending = service.processes.kill(found, tree=True, kill_now=True, confirmed=True)
    assert (ending.word, ending.signalled) == ("killed", 1)
    assert service.run(run_id).verdict.state is RunState.RUNNING
    desk.ended(service, service.stop(run_id, kill_now=True))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_only_an_admin_may_look_and_kill(
    desk: Desk, service: Service, others: Others, role: Role
) -> None:
    found = service.processes.find(others.start())
    lesser = desk.service(role)
    with pytest.raises(PermissionDenied, match="kill processes by their number"):
        lesser.processes.find(found.pid)
    with pytest.raises(PermissionDenied, match="kill processes by their number"):
        lesser.processes.kill(found, confirmed=True)
    assert process.start_ticks(found.pid) == found.ticks


def test_every_attempt_is_audited(service: Service, others: Others, home: Path) -> None:
    found = service.processes.find(others.start(WAITS, "--token=swordfish"))
    with pytest.raises(ConfirmationNeeded):
        service.processes.kill(found)
    service.processes.kill(found, confirmed=True)
    text = (home / "logs" / "audit.jsonl").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [(line["action"], line["outcome"]) for line in lines] == [
        ("kill process", "ConfirmationNeeded"),
        ("kill process", "ended"),
    ]
    assert lines[-1]["pid"] == str(found.pid)
    assert "swordfish" not in text


def test_one_that_the_system_does_not_let_us_signal_is_told(
    service: Service, monkeypatch: pytest.MonkeyPatch, others: Others
) -> None:
    found = service.processes.find(others.start())

    def refused(*_: object) -> None:  # a double of the kernel's answer to strangers
        raise PermissionError(1, "Operation not permitted")

    with monkeypatch.context() as patched:
        patched.setattr(signal, "pidfd_send_signal", refused)
        patched.setattr(os, "kill", refused)
        with pytest.raises(ProcessError, match=f"belongs to {found.user}"):
            service.processes.kill(found, confirmed=True)
    assert process.start_ticks(found.pid) == found.ticks
