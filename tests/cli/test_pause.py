"""``opsdash pause`` and ``resume``, from a terminal that did not start the run."""

from __future__ import annotations


def test_a_run_is_paused_and_goes_on(terminal) -> None:
    run_id = terminal.detached("runners.echo", "--", "--nap", "100")
    terminal.until(run_id, lambda run: run["state"] == "running")
    said = terminal("pause", run_id).stderr
    assert f"{run_id} is paused. Let it go on: opsdash resume {run_id}" in said
    assert terminal.json("show", run_id, "--json")["state"] == "paused"
    assert f"{run_id} is running." in terminal("resume", run_id).stderr
    terminal("stop", "--now", "--wait", run_id)
    assert terminal.json("show", run_id, "--json")["paused_s"] > 0


def test_what_has_ended_cannot_be_paused(terminal) -> None:
    run_id = terminal.detached("runners.echo")
    terminal.until(run_id, lambda run: run["state"] == "finished")
    done = terminal("pause", run_id)
    assert done.returncode != 0
    assert "cannot be paused" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_limit_ends_a_run_and_the_terminal_says_which(terminal) -> None:
    words = ("runners.echo", "--", "--nap", "100")
    done = terminal("run", "--time-limit", "1s", *words)
    assert done.returncode == 143
    assert "Its time limit of 1 s ended it." in done.stderr


def test_a_limit_that_is_none_is_refused_before_anything_is_run(terminal) -> None:
    done = terminal("run", "--memory-limit", "lots", "runners.echo")
    assert done.returncode == 2
    assert "lots" in done.stderr
    assert terminal.json("ps", "-a", "--json") == []
