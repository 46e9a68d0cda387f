"""Runs whose supervisor was killed: another one sees them through to their true end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.executors.local import SUPERVISOR
from opsdash_widgets.core.model import Outcome, RunState
from opsdash_widgets.core.rundir import (
    read_spec,
    read_verdict,
    request_freeze,
    request_stop,
)
from opsdash_widgets.core.rundir.processes import start_ticks
from opsdash_widgets.core.supervisor import process
from opsdash_widgets.core.supervisor.adoption import _zombie_status, read_note

from .desk import until

WAITS_FOR_A_FILE = """
import os, sys, time
print("ready", flush=True)
while not os.path.exists("go"):
    time.sleep(0.01)
"""

ENDS = {
    "return": ("", 0, None),
    "sys.exit": ("sys.exit(3)", 3, None),
    "sys.exit of a text": ("sys.exit('no data')", 1, None),
    "sys.exit(-1)": ("sys.exit(-1)", 255, None),
    "exception": ("raise ValueError('x')", 1, None),
    "os._exit": ("os._exit(5)", 5, None),
    "interrupt": ("raise KeyboardInterrupt", None, 2),
    "signal": ("os.kill(os.getpid(), 9)", None, 9),
    "abort": ("os.abort()", None, 6),
}


def kill_supervisor(bench: Any) -> None:
    supervisor = bench.executor._supervisors[0]
    supervisor.kill()
    supervisor.wait()


def adopt(bench: Any, run_dir: Path) -> None:
    assert bench.executor.adopt(run_dir, read_spec(run_dir))


def until_adopted(run_dir: Path) -> None:
    until(
        lambda: read_verdict(run_dir).state is RunState.RUNNING,
        "the run has a supervisor again",
    )


@pytest.mark.parametrize("how", ENDS)
def test_an_adopted_run_ends_with_its_true_code(bench: Any, how: str) -> None:
    source, code, number = ENDS[how]
    run_dir = bench.running(source=f"{WAITS_FOR_A_FILE}{source}\n")
    kill_supervisor(bench)
    assert read_verdict(run_dir).state is RunState.ORPHANED
    adopt(bench, run_dir)
    until_adopted(run_dir)
    until(lambda: (run_dir / "tree.json").exists(), "its new supervisor has seen it")
    (bench.modules / "go").touch()
    verdict = bench.ended(run_dir)
    assert (verdict.exit_code, verdict.signal) == (code, number)
    assert verdict.source in ("pidfd", "zombie", "note")
    assert verdict.totals is not None
    assert verdict.totals.peak_rss > 1 << 20


@pytest.mark.parametrize("how", ["return", "sys.exit", "exception", "os._exit"])
def test_an_end_that_nobody_saw_is_recorded_from_the_jobs_own_note(
    bench: Any, how: str
) -> None:
    source, code, _ = ENDS[how]
    run_dir = bench.running(source=f"{WAITS_FOR_A_FILE}{source}\n")
    pid = read_verdict(run_dir).pid
    kill_supervisor(bench)
    (bench.modules / "go").touch()
    until(
        lambda: read_verdict(run_dir).rule == "exit_note",
        "only its note tells how it ended",
    )
    assert start_ticks(pid) is None
    assert read_verdict(run_dir).outcome is None  # there is no exit record
    adopt(bench, run_dir)
    verdict = bench.ended(run_dir)
    assert verdict.exit_code == code
    record = json.loads((run_dir / "exit.json").read_text())
    assert record["source"] in ("note", "zombie", "pidfd")
    assert not (run_dir / "tree.json").exists()


def test_the_note_of_a_run_of_another_boot_is_recorded(
    bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_dir = bench.running(source=f"{WAITS_FOR_A_FILE}sys.exit(7)\n")
    kill_supervisor(bench)
    (bench.modules / "go").touch()
    until(lambda: read_verdict(run_dir).rule == "exit_note", "it has ended")
    (tmp_path / "boot").write_text("another-boot\n")
    monkeypatch.setenv("OPSDASH_BOOT_ID", str(tmp_path / "boot"))
    assert read_verdict(run_dir).rule == "exit_note"
    adopt(bench, run_dir)
    verdict = bench.ended(run_dir)
    assert (verdict.exit_code, verdict.source) == (7, "note")


def test_a_job_of_another_boot_is_never_signalled(
    bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_dir = bench.running()
    kill_supervisor(bench)
    pid = read_verdict(run_dir).pid
    monkeypatch.setenv("OPSDASH_BOOT_ID", str(tmp_path / "boot"))
    (tmp_path / "boot").write_text("another-boot\n")
    request_stop(run_dir, by="test", kill=True, ask_s=0, grace_s=0)
    adopt(bench, run_dir)
    until(lambda: not _adopters(bench), "the adopter has given up")
    assert start_ticks(pid) is not None
    monkeypatch.delenv("OPSDASH_BOOT_ID")
    os.kill(pid, signal.SIGKILL)  # ours: nobody else stops it here


def _adopters(bench: Any) -> list[Any]:
    bench.executor.reap()
    return list(bench.executor._supervisors)


def test_of_several_adopters_one_supervises(bench: Any) -> None:
    run_dir = bench.running(source=f"{WAITS_FOR_A_FILE}sys.exit(3)\n")
    kill_supervisor(bench)
    command = [sys.executable, "-I", "-S", SUPERVISOR, run_dir, "--adopt"]
    adopters = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for _ in range(5)]
    until(
        lambda: sum(one.poll() is not None for one in adopters) == 4, "four have left"
    )
    until_adopted(run_dir)
    (bench.modules / "go").touch()
    codes = sorted(one.wait(60) for one in adopters)
    assert codes == [3, 75, 75, 75, 75]
    assert bench.ended(run_dir).exit_code == 3


def test_an_adopter_that_is_killed_is_followed_by_another(bench: Any) -> None:
    run_dir = bench.running(source=f"{WAITS_FOR_A_FILE}sys.exit(3)\n")
    for _ in range(3):
        kill_supervisor(bench)
        bench.executor.reap()
        bench.executor._adopted.clear()  # do not wait for its patience
        adopt(bench, run_dir)
        until_adopted(run_dir)
    (bench.modules / "go").touch()
    assert bench.ended(run_dir).exit_code == 3


def test_a_session_adopts_what_it_finds(desk: Any) -> None:
    service = desk.service()
    run, _ = desk.running(
        service, "import time\nprint('ready')\ntime.sleep(1)\nraise SystemExit(9)\n"
    )
    supervisor = service._executor._supervisors[0]
    supervisor.kill()
    supervisor.wait()
    other = desk.service()

    def over() -> bool:
        other.sync()
        return other.runs().runs[0].is_terminal

    until(over, "it has ended")
    assert other.run(run.run_id).verdict.exit_code == 9


FAMILY = """
import os, subprocess, sys, time
child = subprocess.Popen(["sleep", "600"])
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        with open("daemon", "w") as file:
            file.write(str(os.getpid()))
        os.rename("daemon", "daemon.pid")
        os.closerange(0, 1024)
        os.execve("/bin/sleep", ["sleep", "601"], {})
    os._exit(0)
os.wait()
while not os.path.exists("daemon.pid"):
    time.sleep(0.01)
print(child.pid, open("daemon.pid").read(), flush=True)
print("ready", flush=True)
"""


def family(bench: Any, rest: str) -> tuple[Path, list[int]]:
    """A run with a child and an env-cleaned daemon, both of them sampled."""
    run_dir = bench.running(source=FAMILY + rest)
    pids = [int(word) for word in bench.output(run_dir).split()[:2]]

    def sampled() -> bool:
        tree = run_dir / "tree.json"
        return tree.exists() and all(str(pid) in tree.read_text() for pid in pids)

    until(sampled, "its supervisor has seen all of them")
    return run_dir, pids


def test_what_an_adopted_job_leaves_running_ends_with_it(bench: Any) -> None:
    rest = "while not os.path.exists('go'): time.sleep(0.01)\n"
    run_dir, pids = family(bench, rest)
    kill_supervisor(bench)
    adopt(bench, run_dir)
    until_adopted(run_dir)
    (bench.modules / "go").touch()
    assert bench.ended(run_dir).outcome is Outcome.SUCCEEDED
    until(lambda: not any(map(start_ticks, pids)), "child and daemon have ended")


def test_a_stop_through_an_adopter_ends_the_whole_tree(bench: Any) -> None:
    run_dir, pids = family(bench, "time.sleep(600)\n")
    kill_supervisor(bench)
    adopt(bench, run_dir)
    request_stop(run_dir, by="anna", kill=True, ask_s=0, grace_s=0)
    verdict = bench.ended(run_dir)
    assert (verdict.outcome, verdict.signal) == (Outcome.STOPPED, 9)
    until(lambda: not any(map(start_ticks, pids)), "child and daemon have ended")


def test_what_is_left_when_a_supervisor_dies_over_it_is_ended(desk: Any) -> None:
    service = desk.service()
    deaf = "import signal\nsignal.signal(15, signal.SIG_IGN)\n"
    child = f"subprocess.Popen([sys.executable, '-c', {deaf + 'signal.pause()'!r}])"
    run, words = desk.running(
        service,
        f"""
import subprocess, sys, time
child = {child}
print(child.pid, flush=True)
time.sleep(0.5)
print("ready", flush=True)
""",
    )
    (pid,) = map(int, words)
    until((Path(run.run_dir) / "exit.json").exists, "its end is recorded")
    supervisor = service._executor._supervisors[0]
    supervisor.kill()
    supervisor.wait()
    assert start_ticks(pid) is not None

    def over() -> bool:
        service.sync()
        return start_ticks(pid) is None

    until(over, "what was left has ended")
    assert service.run(run.run_id).verdict.outcome is Outcome.SUCCEEDED


def test_a_note_that_is_none_tells_nothing(tmp_path: Path) -> None:
    fd = os.open(tmp_path, os.O_RDONLY)
    for text in ("", " \n", "x 0 1 2\n", "7 0 1\n", "8 0 1 2\n"):
        (tmp_path / "exit.note").write_text(text)
        assert read_note(fd, 7) is None
    (tmp_path / "exit.note").write_text("7 3 1000000000 2000000000   \n")
    assert read_note(fd, 7) == (3, 1.0, 2.0)
    os.close(fd)


def test_the_code_of_a_process_that_nobody_has_collected_is_known() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(6)
    until(lambda: start_ticks(pid) is None, "it has ended")
    ticks = _ticks_of_zombie(pid)
    status = _zombie_status(pid, ticks)
    os.waitpid(pid, 0)
    assert status is not None
    assert os.waitstatus_to_exitcode(status) == 6
    assert _zombie_status(pid, ticks) is None


def _ticks_of_zombie(pid: int) -> int:
    stat = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    return int(stat[19])


ASKER = """
import os, sys, time
os.dup2(os.open(sys.argv[1], os.O_RDONLY), 60)
print("asks", flush=True)
time.sleep(600)
"""


def test_a_session_that_asks_for_the_jobs_lock_is_no_member_of_its_tree(
    bench: Any,
) -> None:
    run_dir = bench.running(source=WAITS_FOR_A_FILE)
    kill_supervisor(bench)
    command = [sys.executable, "-c", ASKER, run_dir / "job.lock"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as asker:
        assert asker.stdout is not None
        assert asker.stdout.readline() == b"asks\n"
        adopt(bench, run_dir)
        until_adopted(run_dir)
        (bench.modules / "go").touch()
        bench.ended(run_dir)
        until(lambda: not _adopters(bench), "its new supervisor has ended the rest")
        assert asker.poll() is None
        asker.kill()


INSIDE = """
import os, subprocess, sys, time
print("ready", flush=True)
while not os.path.exists("go"):
    time.sleep(0.01)
command = [sys.executable, "-I", "-S", {supervisor!r}, os.environ["OPSDASH_RUN_DIR"]]
adopter = subprocess.Popen([*command, "--adopt"], start_new_session=True, env={{}})
time.sleep(600)
"""


def test_an_adopter_that_was_started_inside_the_run_does_not_stop_itself(
    bench: Any,
) -> None:
    run_dir = bench.running(source=INSIDE.format(supervisor=str(SUPERVISOR)))
    kill_supervisor(bench)
    (bench.modules / "go").touch()
    until_adopted(run_dir)
    request_freeze(run_dir, freeze=True, by="anna")
    until(lambda: read_verdict(run_dir).state is RunState.PAUSED, "it is paused")
    request_freeze(run_dir, freeze=False, by="anna")
    until(lambda: read_verdict(run_dir).state is RunState.RUNNING, "it goes on")
    request_stop(run_dir, by="anna", kill=True, ask_s=0, grace_s=0)
    assert bench.ended(run_dir).outcome is Outcome.STOPPED


WITHOUT_ITS_FIRST_THREAD = """
import ctypes, os, threading, time
def work():
    print("ready", flush=True)
    while not os.path.exists("go"):
        time.sleep(0.01)
    os._exit(3)
threading.Thread(target=work).start()
ctypes.CDLL(None).pthread_exit(None)
"""


def test_a_job_that_goes_on_without_its_first_thread_is_no_zombie(bench: Any) -> None:
    run_dir = bench.running(source=WITHOUT_ITS_FIRST_THREAD)
    pid = read_verdict(run_dir).pid
    until(lambda: process.stat_fields(pid)[0] == b"Z", "its first thread has left")
    assert not process.is_zombie(pid)
    assert start_ticks(pid) is not None
    kill_supervisor(bench)
    adopt(bench, run_dir)
    until_adopted(run_dir)
    (bench.modules / "go").touch()
    assert bench.ended(run_dir).exit_code == 3


def test_a_code_that_the_kernel_does_not_tell_us_is_not_taken_for_0() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(6)
    until(lambda: start_ticks(pid) is None, "it has ended")
    ticks = _ticks_of_zombie(pid)
    hidden = _in_other_hands(lambda: _zombie_status(pid, ticks) is None)
    os.waitpid(pid, 0)
    assert hidden == (os.geteuid() == 0)


def _in_other_hands(holds: Callable[[], bool]) -> bool:
    """Whether something holds for a process with the rights of nobody."""
    pid = os.fork()
    if pid == 0:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        os._exit(0 if holds() else 1)
    return os.waitpid(pid, 0)[1] == 0
