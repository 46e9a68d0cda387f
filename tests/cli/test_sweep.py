"""``opsdash run --sweep``, ``queue``, and groups in ``ps``, ``show`` and ``stop``."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from .conftest import DEADLINE_S


def group_in(done: subprocess.CompletedProcess[str]) -> str:
    """The id of the group that a command tells of."""
    return next(
        word.rstrip(":")
        for word in done.stderr.split()
        if word.startswith("g2") and word.endswith(":")
    )


def until(terminal: Any, group: str, ready: Any) -> Any:
    """The group as ``show`` has it, once it is what is waited for."""
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        shown = terminal.json("show", group, "--json")
        if ready(shown):
            return shown
    raise AssertionError(f"still {shown}")


def test_a_sweep_runs_each_value_and_exits_with_0_where_all_succeed(terminal) -> None:
    done = terminal("run", "runners.echo", "--sweep", "out=a,b,c", "--limit", "2")
    assert (done.returncode, done.stdout) == (0, "")
    assert "3 runs of runners.echo." in done.stderr
    shown = terminal.json("show", group_in(done), "--json")
    assert shown["counts"] == {"succeeded": 3}
    assert shown["fields"] == ["--out"]
    assert [run["point"] for run in shown["runs"]] == [["a"], ["b"], ["c"]]
    outputs = {terminal("logs", run["run_id"]).stdout for run in shown["runs"]}
    assert outputs == {"a\n", "b\n", "c\n"}


def test_what_follows_the_dashes_holds_for_all_and_a_failure_is_told(terminal) -> None:
    words = ("--sweep", "code=0..2", "--sweep", "out={code}", "--", "--err", "x")
    done = terminal("run", "runners.echo", *words)
    assert done.returncode == 1
    assert "--code=1, --out=1 failed" in done.stderr
    assert "3 of 3 done" in done.stderr
    shown = terminal.json("show", group_in(done)[-6:], "--json")
    assert shown["counts"] == {"succeeded": 1, "failed": 2}
    assert [run["exit_code"] for run in shown["runs"]] == [0, 1, 2]
    table = terminal("show", group_in(done)).stdout
    assert "--code" in table
    assert "failed" in table


def test_a_dry_run_of_a_sweep_shows_each_command_and_runs_nothing(terminal) -> None:
    done = terminal("run", "runners.echo", "--sweep", "out=a,b", "--dry-run")
    assert done.returncode == 0
    assert [line.split()[-1] for line in done.stdout.splitlines()] == [
        "--out=a",
        "--out=b",
    ]
    assert "2 runs of runners.echo; nothing was run." in done.stderr
    assert terminal.json("ps", "--all", "--json") == []
    wrong = terminal("run", "runners.echo", "--sweep", "code=1,x", "--dry-run")
    assert (wrong.returncode, wrong.stdout) == (2, "")


def test_a_zip_lets_fields_go_together(terminal) -> None:
    words = ("--sweep", "count=1..3", "--sweep", "out=a,b,c", "--zip")
    done = terminal("run", "runners.echo", *words)
    assert done.returncode == 0
    shown = terminal.json("show", group_in(done), "--json")
    assert [run["point"] for run in shown["runs"]] == [
        ["1", "a"],
        ["2", "b"],
        ["3", "c"],
    ]


def test_what_is_wrong_with_a_sweep_is_said_and_nothing_runs(terminal) -> None:
    for words, said in (
        (("count=1,x",), "`x` is not a whole number"),
        (("counts=1,2",), "Did you mean `count`?"),
        (("count",), "is no FIELD=RANGE"),
        (("count=3..1",), "ends before it begins"),
        (("count=1..20000",), "at most 10,000"),
    ):
        done = terminal("run", "runners.echo", "--sweep", *words)
        assert done.returncode == 2
        assert said in done.stderr
    assert "no runs yet" in terminal("ps", "-a").stdout
    done = terminal("run", "runners.echo", "--sweep", "count=1..2", "--limit", "0")
    assert "from 1 to 10,000" in done.stderr


def test_a_detached_sweep_goes_on_and_is_stopped_by_its_id(terminal) -> None:
    words = ("--detach", "--sweep", "count=1..5", "--limit", "1", "--", "--nap", "60")
    done = terminal("run", "runners.echo", *words)
    assert done.returncode == 0, done.stderr
    group = done.stdout.strip()
    until(terminal, group, lambda shown: shown["counts"].get("running") == 1)
    listed = terminal("ps").stdout
    assert group in listed
    assert listed.count("queued") == 0  # one line stands for what waits
    assert group in terminal("queue", "--list").stdout
    waiting = [run for run in terminal.json("ps", "--json") if run["state"] == "queued"]
    assert [run["group"] for run in waiting] == [group] * 4
    done = terminal("stop", "--now", "--wait", group)
    assert "4 will not start" in done.stderr
    shown = terminal.json("show", group, "--json")
    assert shown["counts"] == {"stopped": 5}
    assert "had already ended" in terminal("stop", group).stderr


def test_ctrl_c_stops_a_group_and_a_second_one_leaves_it(terminal) -> None:
    words = ("--sweep", "count=1..5", "--limit", "1", "--", "--nap", "60", "--deaf")
    process = terminal.start("run", "runners.echo", *words)
    assert process.stderr is not None
    group = process.stderr.readline().split()[1].rstrip(":")
    until(terminal, group, lambda shown: shown["counts"].get("running") == 1)
    process.send_signal(signal.SIGINT)
    assert "is being stopped" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(DEADLINE_S) == 130
    process.stderr.close()
    assert process.stdout is not None
    process.stdout.close()
    shown = terminal.json("show", group, "--json")
    assert shown["counts"]["stopped"] == 4
    terminal("stop", "--now", "--wait", group)


def test_what_a_killed_terminal_leaves_is_paused_until_it_is_resumed(
    terminal, tmp_path: Path
) -> None:
    words = ("--sweep", "count=1..4", "--limit", "1", "--", "--nap", "0.2")
    process = terminal.start("run", "runners.echo", *words)
    assert process.stderr is not None
    assert process.stdout is not None
    group = process.stderr.readline().split()[1].rstrip(":")
    process.kill()
    process.wait()
    process.stderr.close()
    process.stdout.close()
    done = terminal("queue")
    assert done.returncode == 0
    shown = terminal.json("show", group, "--json")
    if shown["counts"].get("queued"):  # it may have started all before it died
        assert "Paused:" in done.stderr
        assert terminal("queue", "--resume").returncode == 0
    shown = until(terminal, group, lambda shown: shown["state"] == "finished")
    assert shown["counts"] == {"succeeded": 4}
    assert "Nothing waits." in terminal("queue").stderr


def test_a_sweep_of_a_preset_takes_its_values(terminal) -> None:
    values = json.dumps({"values": {"--out": ["from the preset"]}})
    saved = terminal(
        "presets", "runners.echo", "save", "p", "--values", "-", give=values
    )
    assert saved.returncode == 0, saved.stderr
    words = ("--preset", "p", "--sweep", "count=1,2")
    done = terminal("run", "runners.echo", *words)
    assert done.returncode == 0
    runs = terminal.json("show", group_in(done), "--json")["runs"]
    assert terminal("logs", runs[1]["run_id"]).stdout == "from the preset\n" * 2
