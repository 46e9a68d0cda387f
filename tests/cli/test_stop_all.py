"""``opsdash stop --all``: all of one's own, asked about once."""

from __future__ import annotations

import pytest


def napping(terminal) -> str:
    run_id = terminal.detached("runners.echo", "--", "--nap", "100")
    terminal.until(run_id, lambda run: run["pid"])
    return run_id


def test_it_asks_with_the_count_and_stops_nothing_before(terminal) -> None:
    napping(terminal)
    napping(terminal)
    done = terminal("stop", "--all")
    assert done.returncode == 1
    assert "Stop 2 runs of yours? Add --yes to confirm it." in done.stderr
    rows = terminal.json("ps", "--json")
    assert {row["state"] for row in rows} == {"running"}


@pytest.mark.parametrize("whose", ["--all", "--all-users"])
def test_confirmed_all_are_stopped(terminal, whose: str) -> None:
    runs = {napping(terminal), napping(terminal)}
    done = terminal("stop", whose, "--now", "--yes", "--wait")
    assert done.returncode == 0
    assert "2 runs are being killed." in done.stderr
    rows = terminal.json("ps", "--json")
    assert {row["run_id"]: row["outcome"] for row in rows} == dict.fromkeys(
        runs, "stopped"
    )
    assert "There is nothing to stop." in terminal("stop", whose).stderr


@pytest.mark.parametrize("words", [(), ("--all", "abc"), ("--all", "--all-users")])
def test_all_and_some_are_not_asked_for_together(
    terminal, words: tuple[str, ...]
) -> None:
    done = terminal("stop", *words)
    assert done.returncode == 2
    assert "usage: opsdash stop" in done.stderr
