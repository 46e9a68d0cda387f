"""The supervisor under attack: garbage, full disks, strange signals, early ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.executors.local import SUPERVISOR
from opsdash_widgets.core.model import Outcome, RunSpec
from opsdash_widgets.core.rundir import (
    create_run_dir,
    new_run_id,
    processes,
    read_verdict,
    request_stop,
)
from opsdash_widgets.core.rundir.processes import start_ticks
from opsdash_widgets.core.supervisor import cgroup, process

from .conftest import WAITS

DEAF = "import signal\nsignal.signal(15, signal.SIG_IGN)\n"

GENTLE = {"ask_s": 0.0, "grace_s": 30.0}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_a_supervisor_that_is_told_to_end_stops_its_job(
    bench: Any, number: signal.Signals
) -> None:
    run_dir = bench.running()
    bench.executor._supervisors[0].send_signal(number)
    verdict = bench.ended(run_dir)
    assert verdict.outcome is Outcome.STOPPED
    assert verdict.reason.startswith("Stopped by the system")
    assert verdict.signal == (9 if number is signal.SIGQUIT else None)


def test_a_launcher_that_ignores_signals_changes_nothing(bench: Any) -> None:
    """A shell does so for what it starts in the background."""
    module = bench.module(
        "signals",
        """
        import signal, sys
        ignored = [int(s) for s in signal.valid_signals()
                   if signal.getsignal(s) == signal.SIG_IGN]
        print(ignored)
        sys.exit(3)
        """,
    )
    numbers = (signal.SIGCHLD, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP)
    before = [signal.signal(number, signal.SIG_IGN) for number in numbers[1:]]
    run_dir = bench.supervise(module, through=["env", "--ignore-signal=CHLD"])
    for number, action in zip(numbers[1:], before, strict=True):
        signal.signal(number, action)
    verdict = bench.ended(run_dir)
    assert verdict.exit_code == 3
    python_ignores = [int(signal.SIGPIPE), int(signal.SIGXFSZ)]
    assert json.loads(bench.output(run_dir)) == python_ignores
    assert bench.executor._supervisors[-1].wait(timeout=60) == 3


IMPOSSIBLE: list[dict[str, Any]] = [
    {"argv": ["a\0b"]},
    {"argv": [3]},
    {"argv": 3},
    {"cwd": None},
    {"interpreter": ""},
    {"interpreter": "/"},
    {"argv": ["x" * 200_000]},
    {"secret_names": ["argument 1"], "argv": ["*"]},
    {"run_id": 5, "secret_names": 7},
]


@pytest.mark.parametrize("fields", IMPOSSIBLE, ids=range(len(IMPOSSIBLE)))
def test_a_request_that_cannot_be_run_says_why(
    bench: Any, fields: dict[str, Any]
) -> None:
    run_dir = bench.supervise(bench.module("never", "print('never')"), **fields)
    verdict = bench.ended(run_dir)
    assert verdict.outcome is Outcome.START_FAILED
    assert verdict.reason.endswith(".")
    output = run_dir / "output.log"
    assert not output.exists() or output.read_bytes() == b""


def test_a_job_never_runs_with_a_mask_in_place_of_its_secret(bench: Any) -> None:
    run_dir = bench.supervise(
        bench.module("never", "print('never')"),
        secret_names=["argument 1"],
        argv=["--token=***"],
    )
    verdict = bench.ended(run_dir)
    assert "secret arguments" in verdict.reason
    assert "launcher died" in verdict.reason


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"\xff", b"[" * 100_000, b'{"run_id": "x"}']
)
def test_a_damaged_request_starts_nothing(bench: Any, content: bytes) -> None:
    spec = RunSpec(run_id=new_run_id(), module="m")
    run_dir, lock = create_run_dir(bench.runs, spec)
    os.close(lock)
    (run_dir / "spec.json").write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-I", "-S", SUPERVISOR, run_dir],
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
    assert read_verdict(run_dir).outcome is Outcome.START_FAILED


def test_somebody_who_asks_for_the_locks_all_the_time_disturbs_no_start(
    bench: Any,
) -> None:
    module = bench.module("quick", "print('done')")
    asks = textwrap.dedent(
        """
        import fcntl, os, sys
        print("ready", flush=True)
        while os.path.isdir(sys.argv[1]):
            for folder in os.listdir(sys.argv[1]):
                for name in ("lock", "job.lock"):
                    try:
                        fd = os.open(f"{sys.argv[1]}/{folder}/{name}", os.O_RDONLY)
                        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
                        os.close(fd)
                    except OSError:
                        continue
        """
    )
    bench.runs.mkdir()
    askers = [
        subprocess.Popen(
            [sys.executable, "-c", asks, bench.runs], stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    try:
        for asker in askers:
            assert asker.stdout is not None
            asker.stdout.readline()
        dirs = [bench.launch(module) for _ in range(10)]
        outcomes = {bench.ended(run_dir).outcome for run_dir in dirs}
    finally:
        for asker in askers:
            asker.kill()
            asker.communicate()
    assert outcomes == {Outcome.SUCCEEDED}


def test_a_run_directory_that_is_deleted_leaves_no_daemon_behind(bench: Any) -> None:
    run_dir = bench.running(
        source="""
        import os, subprocess, time
        daemon = subprocess.Popen(["sleep", "600"], start_new_session=True)
        open("daemon", "w").write(str(daemon.pid))
        print("ready")
        while not os.path.exists("end"):
            time.sleep(0.01)
        """,
    )
    daemon = int((bench.modules / "daemon").read_text())
    for path in run_dir.iterdir():
        path.unlink()
    run_dir.rmdir()
    (bench.modules / "end").touch()
    bench.until(lambda: start_ticks(daemon) is None, "the daemon is gone")
    assert bench.executor._supervisors[0].wait(timeout=60) == 0


def test_a_job_that_empties_its_run_directory_still_has_an_outcome(bench: Any) -> None:
    module = bench.module(
        "empties",
        """
        import os, sys
        folder = os.environ["OPSDASH_RUN_DIR"]
        for name in os.listdir(folder):
            os.unlink(f"{folder}/{name}")
        sys.exit(3)
        """,
    )
    run_dir = bench.launch(module)
    bench.until(lambda: (run_dir / "exit.json").exists(), "the record is there")
    assert read_verdict(run_dir).exit_code == 3


def test_the_cgroup_of_a_run_goes_with_it(bench: Any) -> None:
    run_dir = bench.running()
    pid = read_verdict(run_dir).pid
    path = cgroup.of_run(run_dir.name, pid)
    request_stop(run_dir, by="ada", kill=True, ask_s=0, grace_s=0)
    bench.ended(run_dir)
    bench.executor._supervisors[0].wait(timeout=60)
    assert path is None or not Path(path).exists()


def test_the_cgroup_of_a_run_whose_supervisor_was_killed_is_swept(bench: Any) -> None:
    run_dir = bench.running()
    pid = read_verdict(run_dir).pid
    path = cgroup.of_run(run_dir.name, pid)
    supervisor = bench.executor._supervisors[0]
    supervisor.kill()
    supervisor.wait()
    os.kill(pid, signal.SIGKILL)
    bench.ended(run_dir)
    bench.run(bench.module("next", "print('x')"))
    assert path is None or not Path(path).exists()


def test_without_proc_or_pidfds_a_run_still_starts_stops_and_ends(bench: Any) -> None:
    """A hardened container: no process can be looked up, none has a descriptor."""
    blind = (
        "import os, sys\n"
        "sys.path.append(os.path.dirname(os.path.dirname(sys.argv[1])))\n"
        "from supervisor import main, process\n"
        "process._stat = lambda pid: []\n"
        "process._process_names = lambda: []\n"
        "del os.pidfd_open\n"
        "main.main(sys.argv[1:])\n"
    )
    source = bench.modules / "blind"
    source.write_text(f"#!{sys.executable} -IS\n{blind}")
    source.chmod(0o700)
    through = ["sh", "-c", 'shift 3; exec "$0" "$@"', str(source)]
    run_dir = bench.supervise(bench.module("long", WAITS), through=through)
    bench.until_printed(run_dir, "ready")
    request_stop(run_dir, by="ada", kill=False, **GENTLE)
    assert bench.ended(run_dir).exit_code == 143
    run_dir = bench.supervise(
        bench.module(
            "deaf", "import signal\nsignal.signal(15, signal.SIG_IGN)\n" + WAITS
        ),
        through=through,
    )
    bench.until_printed(run_dir, "ready")
    request_stop(run_dir, by="ada", kill=True, ask_s=0, grace_s=0)
    assert bench.ended(run_dir).signal == signal.SIGKILL


@pytest.mark.parametrize("error", [None, 38, 1])
def test_a_signal_finds_its_process_where_there_are_no_pidfds(
    error: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_: int) -> int:
        raise OSError(error, "not here")

    if error is None:
        monkeypatch.delattr(os, "pidfd_open")
    else:
        monkeypatch.setattr(os, "pidfd_open", refuses)
    for send in (process.send, processes.send_signal):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1)
        ticks = start_ticks(child.pid)
        assert ticks is not None
        assert not send(child.pid, ticks + 1, signal.SIGKILL)
        assert send(child.pid, ticks, signal.SIGKILL)
        child.communicate()
        assert child.returncode == -signal.SIGKILL
        assert not send(child.pid, ticks, signal.SIGKILL)
