"""``opsdash ps``: what runs, what just ended, and all there ever was."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest

from opsdash_widgets.cli import main, ps
from opsdash_widgets.core.model import RunPage, RunQuery


def test_active_and_just_ended_runs_are_listed_the_newest_first(terminal) -> None:
    first = terminal.detached("runners.echo")
    terminal.until(first, lambda run: run["state"] == "finished")
    second = terminal.detached("runners.echo", "--", "--nap", "100")
    rows = terminal.json("ps", "--json")
    assert [row["run_id"] for row in rows] == [second, first]
    assert [row["outcome"] for row in rows] == [None, "succeeded"]
    table = terminal("ps").stdout.splitlines()
    assert table[0].split()[:3] == ["RUN", "STATE", "MODULE"]
    assert table[2].split()[:3] == [first, "succeeded", "runners.echo"]


def test_what_runs_is_listed_with_the_time_that_it_has_taken_by_now(terminal) -> None:
    run_id = terminal.detached("runners.echo", "--", "--nap", "100")
    terminal.until(run_id, lambda run: run["state"] == "running")
    [first], [second] = (terminal.json("ps", "--json") for _ in range(2))
    assert second["duration"] > first["duration"]


def test_the_json_has_everything_about_a_run(terminal) -> None:
    run_id = terminal.detached("runners.echo", "--", "--code", "3")
    terminal.until(run_id, lambda run: run["state"] == "finished")
    [row] = terminal.json("ps", "--json")
    assert row["module"] == "runners.echo"
    assert (row["state"], row["outcome"]) == ("finished", "failed")
    assert (row["exit_code"], row["signal"]) == (3, None)
    assert row["argv"] == ["--code", "3"]
    assert row["run_dir"].endswith(run_id)
    assert row["created"] <= row["started"] <= row["ended"]
    assert row["reason"]


class Asked:
    """A service that answers in windows and remembers what it was asked."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.queries: list[RunQuery] = []

    def runs(self, query: RunQuery) -> RunPage:
        self.queries.append(query)
        rows: Any = tuple(range(query.offset, self.total))[: query.limit]
        return RunPage(runs=rows, total=self.total)


def test_without_all_only_the_last_hour_is_asked_for() -> None:
    asked: Any = Asked(0)
    ps._runs(asked, everything=False)
    since = asked.queries[0].active_or_since
    assert abs(time.time() - 3600 - since) < 60
    ps._runs(asked, everything=True)
    assert asked.queries[1].active_or_since is None


def test_all_means_all_however_many() -> None:
    asked: Any = Asked(2 * ps.WINDOW + 1)
    assert len(ps._runs(asked, everything=True)) == 2 * ps.WINDOW + 1
    assert len(asked.queries) == 3


def test_with_nothing_to_list_it_says_what_to_do(terminal) -> None:
    assert "opsdash ps -a" in terminal("ps").stdout
    assert "opsdash run MODULE" in terminal("ps", "-a").stdout
    assert terminal.json("ps", "-a", "--json") == []


LISTED = """
import sys
from opsdash_widgets.cli import main
assert main(["ps"]) == 0
names = {name.partition(".")[0] for name in sys.modules}
print(sorted(names & {"ipywidgets", "anywidget", "traitlets", "IPython", "tornado",
    "jupyter_server", "voila", "configupdater", "pandas"}))
print([name for name in sys.modules if name.startswith("opsdash_widgets.ui")])
"""


def test_no_ui_and_no_web_module_is_loaded(terminal) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LISTED],
        cwd=terminal.folder,
        env=terminal.env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-2:] == ["[]", "[]"]


def test_a_narrow_terminal_keeps_id_state_and_module(
    terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run_id = terminal.detached("runners.echo", "--", "--code", "3")
    terminal.until(run_id, lambda run: run["state"] == "finished")
    monkeypatch.chdir(terminal.folder)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["ps"]) == 0
    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["RUN", "STATE", "MODULE", "STARTED", "TOOK", "WHY"]
    assert row.split()[:3] == [run_id, "failed", "runners.echo"]
    assert len(row) <= 80
