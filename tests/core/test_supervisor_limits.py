"""Limits, pauses and samples of real runs."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.metrics import read_resources
from opsdash_widgets.core.model import Outcome, RunState
from opsdash_widgets.core.rundir import read_verdict, request_freeze, request_stop
from opsdash_widgets.core.rundir.processes import start_ticks
from opsdash_widgets.core.supervisor import process
from opsdash_widgets.core.supervisor.limits import Limits, memory_of

from .desk import until

MIB = 1 << 20

COUNTS = """
import time
print("ready", flush=True)
while True:
    print("tick", flush=True)
    time.sleep(0.01)
"""


def word(run_dir: Path) -> str:
    verdict = read_verdict(run_dir)
    return str(verdict.outcome or verdict.state)


def limited(bench: Any, source: str, **limits: float) -> Path:
    module = bench.module("limited", source)
    return bench.supervise(module, limits=limits)  # type: ignore[no-any-return]


# Limits


def test_a_run_ends_when_its_time_is_over(bench: Any) -> None:
    run_dir = limited(bench, "import time\ntime.sleep(600)\n", time_s=1)
    verdict = bench.ended(run_dir)
    assert (verdict.outcome, verdict.limit) == (Outcome.LIMIT, "time")
    assert verdict.reason == "Its time limit of 1 s ended it."
    assert 1.0 <= (verdict.duration or 0) < 30
    assert verdict.exit_code == 143  # SIGTERM was heard: ``finally`` has run


def test_a_run_ends_when_its_tree_holds_too_much_memory(bench: Any) -> None:
    source = """
        import subprocess, sys, time
        grow = "x = []\\nwhile 1: x.append(b'x' * 4_000_000); time.sleep(.01)"
        subprocess.Popen([sys.executable, "-c", "import time\\n" + grow])
        time.sleep(600)
    """
    verdict = bench.ended(limited(bench, source, memory_mib=120))
    assert (verdict.outcome, verdict.limit) == (Outcome.LIMIT, "memory")
    assert verdict.totals is not None
    assert verdict.totals.peak_rss > 100 * MIB
    assert verdict.totals.peak_processes >= 2


def test_memory_that_several_share_is_counted_once(bench: Any) -> None:
    """Three processes with one block of 60 MiB hold 60 MiB, not 180."""
    source = """
        import os, time
        block = b"x" * (60 << 20)
        for _ in range(2):
            if os.fork() == 0:
                time.sleep(600)
        print("ready", flush=True)
        while not os.path.exists("go"):
            time.sleep(0.01)
    """
    run_dir = limited(bench, source, memory_mib=150)
    bench.until_printed(run_dir, "ready")

    def sampled_beyond() -> bool:
        totals = read_resources(run_dir, 100).totals
        return totals.peak_rss > 180 * MIB and totals.peak_processes == 3

    until(sampled_beyond, "each is counted for itself in the samples")
    (bench.modules / "go").touch()
    assert bench.ended(run_dir).outcome is Outcome.SUCCEEDED


def test_a_run_ends_when_it_has_printed_too_much(bench: Any) -> None:
    run_dir = limited(bench, "while True: print('x' * 99)\n", output_mib=1)
    verdict = bench.ended(run_dir)
    assert (verdict.outcome, verdict.limit) == (Outcome.LIMIT, "output")
    assert (run_dir / "output.log").stat().st_size > MIB


def test_a_limit_ends_a_run_that_ignores_sigterm(bench: Any) -> None:
    source = """
        import signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            print("x" * 99)
    """
    verdict = bench.ended(limited(bench, source, output_mib=0.01))
    assert (verdict.outcome, verdict.limit) == (Outcome.LIMIT, "output")
    assert verdict.signal == 9


def test_a_run_that_was_stopped_by_somebody_did_not_reach_its_limit(
    bench: Any,
) -> None:
    run_dir = limited(bench, COUNTS, time_s=600)
    bench.until_printed(run_dir, "ready")
    request_stop(run_dir, by="anna", kill=False, ask_s=0, grace_s=10)
    assert bench.ended(run_dir).outcome is Outcome.STOPPED


def test_a_limit_that_is_far_off_changes_nothing(bench: Any) -> None:
    run_dir = limited(
        bench, "print('done')\n", time_s=600, memory_mib=9000, output_mib=9, log_mib=9
    )
    assert bench.ended(run_dir).outcome is Outcome.SUCCEEDED


@pytest.mark.parametrize(
    "limits", [None, 3, [], {"time_s": "1"}, {"time_s": -1}, {"time_s": True}]
)
def test_what_is_no_limit_limits_nothing(limits: Any) -> None:
    found = Limits(limits, started=0.0)
    found.check(0.0, 1 << 60)
    found.check_memory(1 << 60, [os.getpid()])
    assert found.reached == ""
    assert found.time_left(0.0) == float("inf")


def test_the_memory_of_a_process_is_near_its_resident_size() -> None:
    status = Path("/proc/self/status").read_text()
    resident = int(status.partition("VmRSS:")[2].split()[0]) << 10
    assert 0.3 * resident < memory_of([os.getpid()]) <= 1.1 * resident


# Pause and resume


def printed(run_dir: Path) -> int:
    return (run_dir / "output.log").stat().st_size


def until_stopped(pid: int) -> None:
    until(lambda: process.stat_fields(pid)[0] == b"T", "it is stopped")


def test_a_paused_tree_does_nothing_until_it_is_resumed(bench: Any) -> None:
    run_dir = bench.running(source=COUNTS)
    request_freeze(run_dir, freeze=True, by="anna")
    until(lambda: word(run_dir) == "paused", "it is paused")
    verdict = read_verdict(run_dir)
    assert "by anna" in verdict.reason
    assert verdict.pid is not None
    until_stopped(verdict.pid)
    request_freeze(run_dir, freeze=False, by="ben")
    before = printed(run_dir)
    until(lambda: printed(run_dir) > before, "it goes on")
    until(lambda: word(run_dir) == "running", "that is noted")
    pauses = (run_dir / "pauses.jsonl").read_text().splitlines()
    assert [json.loads(line)["by"] for line in pauses] == ["anna", "ben"]


def test_a_pause_takes_children_along(bench: Any) -> None:
    source = """
        import subprocess, time
        child = subprocess.Popen(["sleep", "600"], start_new_session=True)
        print(child.pid, "ready", flush=True)
        time.sleep(600)
    """
    run_dir = bench.running(source=source)
    pid = int(bench.output(run_dir).split()[0])
    request_freeze(run_dir, freeze=True, by="anna")
    until(lambda: word(run_dir) == "paused", "it is paused")
    until_stopped(pid)


def test_a_stop_lets_a_paused_run_go_on_so_that_it_can_clean_up(bench: Any) -> None:
    source = """
        import time
        print("ready", flush=True)
        try:
            time.sleep(600)
        finally:
            print("cleaned up", flush=True)
    """
    run_dir = bench.running(source=source)
    request_freeze(run_dir, freeze=True, by="anna")
    until(lambda: word(run_dir) == "paused", "it is paused")
    request_stop(run_dir, by="anna", kill=False, ask_s=0, grace_s=60)
    assert bench.ended(run_dir).outcome is Outcome.STOPPED
    assert "cleaned up" in bench.output(run_dir)


def test_time_that_a_run_is_paused_does_not_count_for_its_limit(bench: Any) -> None:
    run_dir = limited(bench, COUNTS, time_s=2)
    bench.until_printed(run_dir, "ready")
    request_freeze(run_dir, freeze=True, by="anna")
    until(lambda: word(run_dir) == "paused", "it is paused")
    until(lambda: (read_verdict(run_dir).duration or 0) > 2.5, "its time is over")
    assert word(run_dir) == "paused"
    request_freeze(run_dir, freeze=False, by="anna")
    verdict = bench.ended(run_dir)
    assert verdict.limit == "time"
    assert verdict.paused_s > 0.4
    assert (verdict.duration or 0) - verdict.paused_s >= 2.0


def test_an_adopter_resumes_what_its_predecessor_has_paused(bench: Any) -> None:
    run_dir = bench.running(source=COUNTS)
    request_freeze(run_dir, freeze=True, by="anna")
    until(lambda: word(run_dir) == "paused", "it is paused")
    supervisor = bench.executor._supervisors[0]
    supervisor.kill()
    supervisor.wait()
    assert read_verdict(run_dir).state is RunState.ORPHANED
    assert "paused" in read_verdict(run_dir).reason
    request_freeze(run_dir, freeze=False, by="ben")
    before = printed(run_dir)
    assert bench.executor.adopt(run_dir, _spec(run_dir))
    until(lambda: printed(run_dir) > before, "it goes on")
    request_stop(run_dir, by="ben", kill=True, ask_s=0, grace_s=0)
    assert bench.ended(run_dir).paused_s > 0


def _spec(run_dir: Path) -> Any:
    from opsdash_widgets.core.rundir import read_spec

    return read_spec(run_dir)


# Samples


def test_a_run_is_sampled_with_all_its_processes(bench: Any) -> None:
    source = """
        import os, subprocess, sys, threading, time
        busy = "while True: pass"
        child = subprocess.Popen([sys.executable, "-c", busy])
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        with open("data", "wb") as file:
            file.write(b"x" * (8 << 20))
            os.fsync(file.fileno())
        print("ready", flush=True)
        while not os.path.exists("go"):
            time.sleep(0.01)
    """
    run_dir = bench.running(source=source)

    def sampled() -> bool:
        found = read_resources(run_dir, 100)
        return len(found.samples) >= 2 and found.samples[-1].cpu_percent > 20

    until(sampled, "the child's work is seen")
    sample = read_resources(run_dir, 100).samples[-1]
    assert sample.processes == 2
    assert sample.threads >= 3
    assert sample.rss > 10 * MIB
    (bench.modules / "go").touch()
    totals = bench.ended(run_dir).totals
    assert totals is not None
    assert totals.cpu_s > 0.2
    assert totals.write_bytes >= 8 * MIB
    assert (totals.peak_processes, totals.peak_threads >= 3) == (2, True)


def test_what_has_ended_still_counts(bench: Any) -> None:
    """A hundred short children: none is there when a sample is taken."""
    source = """
        import subprocess, sys
        work = "sum(range(300_000))"
        for _ in range(20):
            subprocess.run([sys.executable, "-S", "-c", work])
    """
    verdict, _ = bench.run(bench.module("spawns", source))
    assert verdict.totals.cpu_s >= 20 * 0.004


def test_a_run_without_samples_has_no_series(tmp_path: Path) -> None:
    assert read_resources(tmp_path, 10).samples == ()


def test_damaged_samples_are_left_out(tmp_path: Path) -> None:
    record = struct.Struct("<8Q")
    good = [record.pack(n * 10**9, n * 1000, MIB, 0, 0, 1, 1, 0) for n in (1, 2, 3)]
    garbage = b"\xff" * record.size
    late = record.pack(10**9, 0, 0, 0, 0, 0, 0, 0)  # before the one it follows
    data = b"".join([good[0], garbage, good[1], late, good[2], b"half a record"])
    (tmp_path / "resources.bin").write_bytes(data)
    found = read_resources(tmp_path, 10)
    assert [sample.cpu_percent for sample in found.samples] == [0.1, 0.1]


def test_a_long_series_keeps_its_peaks(tmp_path: Path) -> None:
    record = struct.Struct("<8Q")
    sizes = [MIB] * 1000
    sizes[777] = 99 * MIB
    data = (
        record.pack((n + 1) * 10**9, n, size, 0, 0, 1, 1, 0)
        for n, size in enumerate(sizes)
    )
    (tmp_path / "resources.bin").write_bytes(b"".join(data))
    found = read_resources(tmp_path, 50)
    assert len(found.samples) == 50
    assert max(sample.rss for sample in found.samples) == 99 * MIB


def test_samples_of_a_link_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\1" * 640)
    run_dir = tmp_path / "run"
    run_dir.mkdir()
    (run_dir / "resources.bin").symlink_to(tmp_path / "secret")
    assert read_resources(run_dir, 10).samples == ()


# The end of everything


def test_nothing_that_was_frozen_is_left_when_a_run_is_killed(bench: Any) -> None:
    source = """
        import subprocess, time
        children = [subprocess.Popen(["sleep", "600"]) for _ in range(3)]
        print(*(child.pid for child in children), "ready", flush=True)
        time.sleep(600)
    """
    run_dir = bench.running(source=source)
    pids = [int(pid) for pid in bench.output(run_dir).split()[:3]]
    request_freeze(run_dir, freeze=True, by="anna")
    until(lambda: word(run_dir) == "paused", "it is paused")
    request_stop(run_dir, by="anna", kill=True, ask_s=0, grace_s=0)
    bench.ended(run_dir)
    until(lambda: not any(map(start_ticks, pids)), "all are gone")


def test_no_file_of_a_run_is_open_to_others(bench: Any) -> None:
    before = os.umask(0)
    try:
        run_dir = limited(
            bench, "while True: print('x' * 99)\n", output_mib=1, log_mib=0.25
        )
        bench.ended(run_dir)
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in run_dir.iterdir()}
    del modes["supervisor.log"]  # made by this test, not by a launcher
    assert {"resources.bin", "output.holes", "exit.note"} <= set(modes)
    assert set(modes.values()) == {0o600}
    assert run_dir.stat().st_mode & 0o777 == 0o700
