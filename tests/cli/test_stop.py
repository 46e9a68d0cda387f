"""``opsdash stop RUN``: from any session, rung by rung."""

from __future__ import annotations


def napping(terminal, *words: str) -> str:
    run_id = terminal.detached("runners.echo", "--", "--nap", "100", *words)
    terminal.until(run_id, lambda run: run["pid"])
    return run_id


def test_it_asks_and_returns_at_once(terminal) -> None:
    (terminal.folder / "opsdash.toml").write_text("stop_ask_s = 0\n")
    run_id = napping(terminal)
    done = terminal("stop", run_id)
    assert done.returncode == 0
    assert f"{run_id} was asked to stop; SIGTERM follows after 0 s" in done.stderr
    run = terminal.until(run_id, lambda run: run["state"] == "finished")
    assert run["outcome"] == "stopped"


def test_waiting_it_shows_the_ladder_and_the_end(terminal) -> None:
    text = "stop_ask_s = 0\nstop_grace_s = 0.2\n"
    (terminal.folder / "opsdash.toml").write_text(text)
    terminal.module("runners.deaf", DEAF)
    run_id = terminal.detached("runners.deaf")
    terminal.until(run_id, lambda run: terminal("logs", run_id).stdout)
    done = terminal("stop", "--wait", run_id)
    told = [line.rpartition(": ")[2] for line in done.stderr.splitlines()]
    assert told[:2] == [f"{run_id} is asked to stop.", "SIGTERM sent to 1 process"]
    assert told[2] == "SIGKILL sent to 1 process"
    assert "runners.deaf stopped (signal 9)" in done.stderr


DEAF = """\
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf")
time.sleep(1000)
"""


def test_now_kills_at_once(terminal) -> None:
    run_id = napping(terminal)
    done = terminal("stop", "--now", "--wait", run_id)
    assert done.returncode == 0
    assert "SIGKILL" in done.stderr
    assert "SIGTERM" not in done.stderr
    assert terminal.json("show", run_id, "--json")["outcome"] == "stopped"


def test_several_runs_are_stopped_by_one_command(terminal) -> None:
    runs = [napping(terminal), napping(terminal)]
    assert terminal("stop", "--now", "--wait", *runs).returncode == 0
    rows = terminal.json("ps", "--json")
    assert {row["outcome"] for row in rows} == {"stopped"}


def test_one_wrong_id_stops_nothing(terminal) -> None:
    run_id = napping(terminal)
    assert terminal("stop", run_id, "nonsense").returncode == 1
    assert terminal.json("show", run_id, "--json")["state"] == "running"


def test_a_run_that_has_ended_is_left_as_it_is(terminal) -> None:
    run_id = terminal.detached("runners.echo")
    terminal.until(run_id, lambda run: run["state"] == "finished")
    done = terminal("stop", run_id)
    assert done.returncode == 0
    assert "had already ended" in done.stderr
