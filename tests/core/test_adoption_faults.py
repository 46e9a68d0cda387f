"""Run directories that a job has spoiled, adopted all the same; what cannot be."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.executors import LocalExecutor
from opsdash_widgets.core.model import Outcome
from opsdash_widgets.core.rundir import (
    leftovers,
    read_spec,
    read_verdict,
    request_stop,
)
from opsdash_widgets.core.service.reading import read_run
from opsdash_widgets.core.supervisor.log_cap import LogCap

from .desk import until
from .test_adoption import WAITS_FOR_A_FILE, adopt, kill_supervisor, until_adopted


def _folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()
    (path / "file").touch()


def _link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/null")


def _pauses(*lines: str) -> Callable[[Path], Any]:
    return lambda folder: (folder / "pauses.jsonl").write_text("\n".join(lines) + "\n")


SPOILT: dict[str, Callable[[Path], Any]] = {
    "output.fpos is a folder": lambda folder: _folder(folder / "output.fpos"),
    "output.fpos is a link": lambda folder: _link(folder / "output.fpos"),
    "output.holes is a folder": lambda folder: _folder(folder / "output.holes"),
    "exit.slot is a folder": lambda folder: _folder(folder / "exit.slot"),
    "exit.json is a folder": lambda folder: _folder(folder / "exit.json"),
    "the tree is a folder": lambda folder: _folder(folder / "tree.json"),
    "the request is none": lambda folder: (folder / "spec.json").write_text("{"),
    "a pause without end": _pauses(
        '{"paused": true, "boot": 1}', '{"paused": false, "boot": Infinity}'
    ),
    "a pause at no time": _pauses('{"paused": true, "boot": NaN}'),
    "a pause too late": _pauses(f'{{"paused": true, "boot": 1{"0" * 400}}}'),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_run_of_which_the_job_has_spoilt_the_files_is_adopted(
    bench: Any, how: str
) -> None:
    run_dir = bench.running(source=f"{WAITS_FOR_A_FILE}os.kill(os.getpid(), 9)\n")
    spec = read_spec(run_dir)
    kill_supervisor(bench)
    SPOILT[how](run_dir)
    assert bench.executor.adopt(run_dir, spec)
    until_adopted(run_dir)
    (bench.modules / "go").touch()
    assert bench.ended(run_dir).signal == 9
    assert json.loads((run_dir / "exit.json").read_text())["paused_s"] < 1e9
    assert leftovers(run_dir) != "unattended"


@pytest.mark.parametrize(
    "text",
    [
        '{"pid": 1e999}',
        '{"pid": 1%s}' % ("0" * 40),
        '{"pid": -1}',
        '{"pid": 7, "ticks": "x"}',
    ],
)
def test_who_was_adopted_must_have_a_number(bench: Any, text: str) -> None:
    run_dir = bench.running(source=WAITS_FOR_A_FILE)
    kill_supervisor(bench)
    record = (run_dir / "child.json").read_text()
    (run_dir / "child.json").write_text(text)
    adopter = _adopted(bench, run_dir)
    assert adopter.wait() == 75
    assert (run_dir / "supervisor.log").read_text() == ""
    (run_dir / "child.json").write_text(record)
    (bench.modules / "go").touch()


def _adopted(bench: Any, run_dir: Path) -> Any:
    bench.executor._adopted.clear()
    adopt(bench, run_dir)
    return bench.executor._supervisors[-1]


def test_of_another_boot_nothing_is_left(
    bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_dir = bench.launch(bench.module("short", "raise SystemExit(3)\n"))
    assert bench.ended(run_dir).exit_code == 3
    until(lambda: not bench.executor.reap() and not bench.executor._supervisors, "gone")
    (run_dir / "tree.json").write_text('{"members": [[1, 1]]}')
    (run_dir / "exit.note").unlink()
    (tmp_path / "boot").write_text("another-boot\n")
    monkeypatch.setenv("OPSDASH_BOOT_ID", str(tmp_path / "boot"))
    assert leftovers(run_dir) == "unattended"
    assert _adopted(bench, run_dir).wait() == 0
    assert leftovers(run_dir) == "nothing"


def test_what_cannot_be_adopted_is_tried_less_and_less_often(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_dir = bench.running()
    clock = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    executor, tries = LocalExecutor(), []
    monkeypatch.setattr(executor, "_spawn", lambda *_: tries.append(clock[0]))
    for _ in range(1200):
        executor.adopt(run_dir, read_spec(run_dir))
        clock[0] += 1
    waits = [after - before for before, after in pairwise(tries)]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_a_log_is_cut_whatever_stands_where_its_holes_are_noted(tmp_path: Path) -> None:
    (tmp_path / "output.log").write_bytes(b"x" * 99 + b"\n")
    (tmp_path / "output.holes").mkdir()
    dir_fd = os.open(tmp_path, os.O_RDONLY)
    log = os.open(tmp_path / "output.log", os.O_WRONLY)
    cap = LogCap(dir_fd, log, 10)
    cap.trim(100)
    os.close(log)
    os.close(dir_fd)


def test_a_job_that_closes_its_run_directory_has_an_exit_record(bench: Any) -> None:
    closes = (
        "import os\nos.chmod(os.path.dirname(os.readlink('/proc/self/fd/1')), 0o500)\n"
    )
    bare = ["setpriv", "--bounding-set=-all"] if os.geteuid() == 0 else []  # as a user
    run_dir = bench.supervise(bench.module("closes", closes), through=bare)
    until(lambda: (run_dir / "exit.json").exists(), "its end is recorded")
    assert read_verdict(run_dir).exit_code == 0


def test_a_lost_run_whose_leftovers_are_ended_is_not_shown_as_running(
    bench: Any,
) -> None:
    run_dir = bench.running()
    pid = read_verdict(run_dir).pid
    kill_supervisor(bench)
    os.kill(pid, 9)
    until(lambda: read_verdict(run_dir).rule == "lost", "it is lost")
    lost = read_run(run_dir)
    with (run_dir / "lock").open() as lock:  # as an adopter of what is left holds it
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert read_run(run_dir, lost) is lost
    (run_dir / "exit.json").write_text('{"code": 3}')
    assert read_run(run_dir, lost).verdict.exit_code == 3


def test_a_job_with_garbage_for_an_exit_record_is_no_leftover(bench: Any) -> None:
    run_dir = bench.running(source=f"{WAITS_FOR_A_FILE}raise SystemExit(3)\n")
    kill_supervisor(bench)
    (run_dir / "exit.json").write_text("ended\n")
    adopt(bench, run_dir)
    until_adopted(run_dir)
    (bench.modules / "go").touch()
    assert bench.ended(run_dir).exit_code == 3


SLOW_TO_END = """
import os, signal, time
stopped = []
signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
print("ready", flush=True)
while not stopped:
    time.sleep(0.01)
print("told", flush=True)
while not os.path.exists("go"):
    time.sleep(0.01)
raise SystemExit(1)
"""


@pytest.mark.parametrize("limit", ["", "time"])
def test_a_stop_is_the_reason_also_of_an_end_after_its_supervisors_death(
    bench: Any, limit: str
) -> None:
    limits = {"time_s": 1} if limit else {}
    run_dir = bench.supervise(bench.module("slow", SLOW_TO_END), limits=limits)
    bench.until_printed(run_dir, "ready")
    if not limit:
        request_stop(run_dir, by="ada", kill=False, ask_s=0, grace_s=60)
    bench.until_printed(run_dir, "told")
    kill_supervisor(bench)
    (bench.modules / "go").touch()
    until(lambda: read_verdict(run_dir).rule == "exit_note", "it has ended")
    adopt(bench, run_dir)
    verdict = bench.ended(run_dir)
    assert (verdict.outcome, verdict.limit) == (
        (Outcome.LIMIT, "time") if limit else (Outcome.STOPPED, "")
    )
    assert verdict.reason == (
        "Its time limit of 1 s ended it." if limit else "Stopped by ada."
    )


def test_a_run_that_was_found_lost_is_shown_as_it_ended_once_that_is_known(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = desk.service()
    monkeypatch.setattr(service._executor, "adopt", lambda *_: False)
    run, _ = desk.running(service, "import time\nprint('ready')\ntime.sleep(600)\n")
    supervisor = service._executor._supervisors[0]
    supervisor.kill()
    supervisor.wait()
    os.kill(run.verdict.pid, 9)

    def shown() -> Any:
        service.sync()
        return service.runs().runs[0].verdict

    until(lambda: shown().outcome is Outcome.LOST, "it is lost")
    (Path(run.run_dir) / "exit.json").write_text('{"code": 3}')  # as an adopter would
    assert shown().exit_code == 3
