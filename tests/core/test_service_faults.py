"""The service where something fails: many sessions, orphans, no registry, no files."""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from opsdash_widgets.core.errors import LaunchError, StoreError
from opsdash_widgets.core.model import LaunchRequest, Outcome, RunQuery, RunState
from opsdash_widgets.core.rundir.processes import start_ticks
from opsdash_widgets.core.service import Service

from .desk import Desk, until

QUICK = "import sys\nprint('hi')\nsys.exit(int(sys.argv[1]))\n"

WITH_DAEMONS = """
    import os, signal, subprocess, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for options in ({}, {"start_new_session": True}):
        child = subprocess.Popen(["sleep", "600"], **options)
        print(child.pid, flush=True)
    print("ready", flush=True)
    time.sleep(600)
"""


def test_kill_now_ends_an_orphan_and_its_daemons(desk: Desk) -> None:
    service = desk.service()
    run, output = desk.running(service, WITH_DAEMONS)
    daemons = [int(word) for word in output]
    supervisor = service._executor._supervisors[0]  # type: ignore[attr-defined]  # to kill it
    supervisor.kill()
    supervisor.wait()
    assert service.run(run.run_id).verdict.state is RunState.ORPHANED
    other = desk.service()
    other.stop(run.run_id)
    until(
        lambda: other.run(run.run_id).verdict.rung == "terminate",
        "its new supervisor has sent SIGTERM, which it ignores",
    )
    other.stop(run.run_id, kill_now=True)
    until(lambda: service.run(run.run_id).is_terminal, "it is gone")
    assert service.run(run.run_id).verdict.outcome is Outcome.STOPPED
    until(lambda: not any(map(start_ticks, daemons)), "its daemons are gone")


def test_a_pid_that_belongs_to_somebody_else_now_is_left_alone(desk: Desk) -> None:
    service = desk.service()
    run, _ = desk.running(service, "import time\nprint('ready')\ntime.sleep(600)\n")
    supervisor = service._executor._supervisors[0]  # type: ignore[attr-defined]  # to kill it
    supervisor.kill()
    supervisor.wait()
    innocent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1)
    child = Path(run.run_dir) / "child.json"
    original = child.read_text()
    try:
        child.write_text(original.replace(str(run.verdict.pid), str(innocent.pid)))
        service.stop(run.run_id, kill_now=True)
        assert innocent.poll() is None
    finally:
        child.write_text(original)
        innocent.communicate(b"\n")


def test_many_sessions_at_once_agree_on_every_end(desk: Desk) -> None:
    services = [desk.service() for _ in range(3)]
    launched: list[tuple[str, int]] = []
    went_back: list[str] = []
    errors: list[Exception] = []
    done = threading.Event()

    def launch(service: Service) -> None:
        for number in range(10):
            run = service.launch(LaunchRequest(module="jobs.job", argv=(str(number),)))
            launched.append((run.run_id, number))

    def look(service: Service) -> None:
        ended: set[str] = set()
        while not done.is_set():
            service.sync()
            for run in service.runs(RunQuery(limit=1000)).runs:
                if run.is_terminal:
                    ended.add(run.run_id)
                elif run.run_id in ended:
                    went_back.append(run.run_id)
                service.run(run.run_id)

    def guarded(work: Callable[[Service], None], service: Service) -> threading.Thread:
        def target() -> None:
            try:
                work(service)
            except Exception as error:  # noqa: BLE001 - shown by the assertion below
                errors.append(error)

        thread = threading.Thread(target=target)
        thread.start()
        return thread

    desk.module("job", QUICK)
    lookers = [guarded(look, service) for service in services]
    for thread in [guarded(launch, service) for service in services]:
        thread.join()
    for run_id, _ in launched:
        asyncio.run(services[0].wait(run_id, poll_s=0.01))
    done.set()
    for thread in lookers:
        thread.join()
    assert errors == []
    assert went_back == []
    for service in services:
        service.sync()
        codes = {r.run_id: r.verdict.exit_code for r in service.runs().runs}
        assert codes == dict(launched)


def test_what_was_read_before_the_end_never_replaces_it(desk: Desk) -> None:
    service = desk.service()
    module = desk.module("job", QUICK)
    early = service.launch(LaunchRequest(module=module, argv=("3",)))
    late = asyncio.run(service.wait(early.run_id, poll_s=0.01))
    service._registry.add(early)
    assert service.runs().runs == (late,)


def test_too_many_open_files_lose_no_run(desk: Desk) -> None:
    service = desk.service()
    run, _ = desk.running(service, "import time\nprint('ready')\ntime.sleep(600)\n")
    service.sync()
    numbers = [int(path.name) for path in Path("/proc/self/fd").iterdir()]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limit in range(max(numbers) - 3, max(numbers) + 12):
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
        try:
            service.sync()
        except StoreError:
            continue
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        states = [row.verdict.state for row in service.runs().runs]
        assert states == [RunState.RUNNING]
    assert service.run(run.run_id).verdict.state is RunState.RUNNING


def test_a_registry_that_fails_does_not_fail_a_launch(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run runs: an error would have it launched twice."""
    service = desk.service()
    module = desk.module("job", QUICK)

    def fails(*_: object) -> None:
        raise StoreError("The registry is locked.")

    with monkeypatch.context() as patched:
        patched.setattr(service._registry.store, "put", fails)
        run = service.launch(LaunchRequest(module=module, argv=("0",)))
        with pytest.raises(StoreError):
            service.sync()
    assert run.run_id in service.sync()
    assert [row.run_id for row in service.runs().runs] == [run.run_id]


@pytest.mark.parametrize("name", ["A=B", "A\0B"])
def test_a_variable_that_cannot_be_set_is_named(desk: Desk, name: str) -> None:
    service = desk.service()
    desk.module("job", QUICK)
    request = LaunchRequest(module="jobs.job", argv=("0",), variables={name: "x"})
    with pytest.raises(LaunchError, match="environment variable"):
        service.launch(request)


def test_a_launch_that_dies_between_its_steps_is_lost_and_says_so(
    desk: Desk, home: Path
) -> None:
    """The launcher is killed when the directory is made and no supervisor started."""
    source = (
        "import os, sys\n"
        "from opsdash_widgets.core.executors import LocalExecutor\n"
        "from opsdash_widgets.core.model import LaunchRequest\n"
        "from opsdash_widgets.core.service import open_service\n"
        "LocalExecutor.submit = lambda *_: os.kill(os.getpid(), 9)\n"
        "open_service().launch(LaunchRequest(module='jobs.job'))\n"
    )
    desk.module("job", QUICK)
    died = subprocess.run([sys.executable, "-c", source], cwd=desk.project, check=False)
    assert died.returncode == -9
    service = desk.service()
    (run_id,) = service.sync()
    verdict = service.run(run_id).verdict
    assert (verdict.outcome, verdict.rule) == (Outcome.LOST, "lost_at_start")
    service.stop(run_id)  # nothing to stop, and no error
