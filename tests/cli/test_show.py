"""``opsdash show RUN``: everything about one run."""

from __future__ import annotations


def test_it_tells_how_a_run_ended_and_where_everything_is(terminal) -> None:
    run_id = terminal.detached("runners.echo", "--", "--err", "boom", "--code", "3")
    run = terminal.until(run_id, lambda run: run["state"] == "finished")
    shown = terminal("show", run_id).stdout
    for words in ("failed", "boom", "--err boom", run["run_dir"], run["interpreter"]):
        assert words in shown


def test_an_end_of_the_id_is_enough(terminal) -> None:
    run_id = terminal.detached("runners.echo")
    assert terminal.json("show", run_id[-6:], "--json")["run_id"] == run_id


def test_the_rungs_of_its_stop_are_shown(terminal) -> None:
    (terminal.folder / "opsdash.toml").write_text("stop_ask_s = 0\n")
    run_id = terminal.detached("runners.echo", "--", "--nap", "100")
    terminal.until(run_id, lambda run: run["pid"])
    assert terminal("stop", "--wait", run_id).returncode == 0
    rungs = terminal.json("show", run_id, "--json")["stop"]
    assert [rung["rung"] for rung in rungs] == ["ask", "terminate"]
    assert "SIGTERM sent to 1 process" in terminal("show", run_id).stdout


def test_control_codes_in_a_name_do_not_reach_the_terminal(terminal) -> None:
    words = ("--requested-by", "\x1b]0;owned\x07me", "runners.echo")
    run_id = terminal.detached(*words)
    assert "\x1b" not in terminal("show", run_id).stdout
    assert "me" in terminal("show", run_id).stdout


def test_what_a_run_has_used_so_far_is_shown_while_it_goes_on(terminal) -> None:
    run_id = terminal.detached("runners.echo", "--", "--nap", "100")
    used = terminal.until(run_id, lambda run: run["resources"])["resources"]
    assert used["peak_rss"] > 0
    assert "  used " in terminal("show", run_id).stdout
