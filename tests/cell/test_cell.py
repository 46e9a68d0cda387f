"""A run from a cell, without widgets."""

from __future__ import annotations

import ast
import asyncio
import datetime
import inspect
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

import opsdash_widgets as ops
from opsdash_widgets.cell import session
from opsdash_widgets.core.command import line
from opsdash_widgets.core.errors import RunNotFound, ValuesError
from opsdash_widgets.core.model import Outcome, RunState
from tests.core.desk import until

TALK = """
    '''Talks.'''
    import argparse, sys, time
    parser = argparse.ArgumentParser()
    parser.add_argument("--start-date")
    parser.add_argument("--paths", type=int, default=1)
    parser.add_argument("--quiet", dest="verbose", action="store_false")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--wait", type=float, default=0)
    if __name__ == "__main__":
        arguments = parser.parse_args()
        print(vars(arguments))
        print("to stderr", file=sys.stderr)
        time.sleep(arguments.wait)
"""


@pytest.fixture
def project(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    folder = tmp_path / "project"
    (folder / "jobs").mkdir(parents=True)
    (folder / "jobs" / "__init__.py").write_text("")
    (folder / "jobs" / "talk.py").write_text(textwrap.dedent(TALK))
    (folder / "opsdash.toml").write_text('runners_package = "jobs"\n')
    monkeypatch.chdir(folder)
    monkeypatch.setattr(session, "_open", [])
    yield folder
    opened = session._open
    for service in opened:
        for run in service.runs().runs:
            if not run.is_terminal:
                service.stop(run.run_id, kill_now=True)
                ops.run(run.run_id).wait(60)
        while service._executor._supervisors:  # type: ignore[attr-defined]  # reaped here
            service._executor.reap()
        service.close()


def test_keywords_find_their_arguments_and_the_run_can_be_awaited(
    project: Path,
) -> None:
    async def cell() -> ops.RunHandle:
        day = datetime.date(2024, 1, 31)
        run = ops.launch("jobs.talk", start_date=day, paths=200_000, verbose=False)
        return await run

    run = asyncio.run(cell())
    assert run.succeeded
    assert run.exit_code == 0
    assert ast.literal_eval(run.log.lines()[0].text) == {
        "start_date": "2024-01-31",
        "paths": 200_000,
        "verbose": False,
        "fast": False,
        "wait": 0,
    }
    assert run.log.tail(1) == "to stderr"
    assert [line.stream for line in run.log.lines()] == ["out", "err"]


def test_a_flag_that_is_false_is_not_given(project: Path) -> None:
    run = ops.launch("jobs.talk", fast=False, verbose=True).wait(60)
    assert run.argv == ()


def test_a_keyword_that_is_no_argument_is_named_and_nothing_runs(project: Path) -> None:
    with pytest.raises(ValuesError, match=r"has no argument `path`.*Did you mean"):
        ops.launch("jobs.talk", path=3)
    with pytest.raises(ValuesError, match="not both"):
        ops.launch("jobs.talk", argv=["--fast"], paths=3)
    assert len(ops.runs()) == 0


def test_a_module_of_another_folder_takes_keywords_too(
    project: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "alone.py").write_text(textwrap.dedent(TALK))
    run = ops.launch("alone", cwd=elsewhere, paths=3).wait(60)
    assert run.argv == ("--paths=3",)
    assert run.succeeded


def test_a_run_is_found_again_and_stopped_by_its_id(project: Path) -> None:
    run = ops.launch("jobs.talk", wait=600)
    again = ops.run(run.run_id)
    assert again.state in (RunState.STARTING, RunState.RUNNING)
    again.stop(kill_now=True)
    again.wait(60)
    assert run.outcome is Outcome.STOPPED
    with pytest.raises(RunNotFound):
        ops.run("nosuch")


def test_waiting_with_a_timeout_leaves_the_run_alone(project: Path) -> None:
    run = ops.launch("jobs.talk", wait=600)
    with pytest.raises(TimeoutError, match=r"Wait longer, or end it with `stop\(\)`"):
        run.wait(0.1)
    assert not run.done


def test_runs_become_a_frame_and_plain_dicts(project: Path) -> None:
    ops.launch("jobs.talk").wait(60)
    found = ops.runs(module="jobs.*", since="1h", outcome="succeeded")
    assert found.total == len(found) == 1
    frame = found.to_frame()
    assert list(frame["module"]) == ["jobs.talk"]
    assert str(frame["started"].dtype).endswith("UTC]")
    assert found.to_dicts()[0]["exit_code"] == 0
    assert "jobs.talk" in repr(found)
    with pytest.raises(ValuesError, match="is no age"):
        ops.runs(since="yesterday")
    with pytest.raises(ValuesError, match="is no age"):
        ops.runs(since="²d")
    with pytest.raises(ValuesError, match="it is one of succeeded, failed"):
        ops.runs(outcome="ok")
    with pytest.raises(ValuesError, match="it is one of queued, starting"):
        ops.runs(state="done")


def test_a_listed_run_says_how_long_it_has_run_by_now(project: Path) -> None:
    run = ops.launch("jobs.talk", wait=600)
    until(lambda: run.state is RunState.RUNNING, "it runs")
    [first], [second] = (ops.runs().to_dicts() for _ in range(2))
    assert second["duration"] > first["duration"]
    run.stop(kill_now=True).wait(60)


def test_limits_that_are_no_mapping_are_refused_in_a_sentence(project: Path) -> None:
    with pytest.raises(ValuesError, match="limits is a dict such as"):
        ops.launch("jobs.talk", limits="1G")  # type: ignore[arg-type]


def test_a_list_of_runs_shows_hostile_text_as_text(project: Path) -> None:
    ops.launch("jobs.talk", argv=["<img src=x onerror=alert(1)>"]).wait(60)
    html = ops.runs()._repr_html_()
    assert "<img" not in html


def test_the_panels_words_for_a_launch_are_the_parameters_of_launch() -> None:
    named = set(inspect.signature(ops.launch).parameters) - {"arguments"}
    assert named | {"command"} == line.LAUNCH_PARAMETERS


def test_the_public_names_are_sorted_typed_and_lead_somewhere() -> None:
    assert list(ops.__all__) == sorted(ops.__all__)
    stub = Path(ops.__file__).with_suffix(".pyi").read_text()
    for name in ops.__all__:
        assert getattr(ops, name) is not None
        assert f'"{name}"' in stub
    with pytest.raises(AttributeError, match="nosuch"):
        _ = ops.nosuch  # type: ignore[attr-defined]  # that is the point


@pytest.mark.parametrize(
    "statement",
    [
        "import opsdash_widgets",
        "import opsdash_widgets.core.service",
        "import opsdash_widgets as ops; ops.launch; ops.runs",
        "from opsdash_widgets.cli import main; main(['ps'])",
    ],
)
def test_no_ui_or_web_module_is_loaded_where_none_is_needed(
    home: Path, statement: str
) -> None:
    heavy = "{'ipywidgets', 'anywidget', 'traitlets', 'IPython', 'tornado', 'voila'}"
    check = f"{statement}\nimport sys\nassert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True, capture_output=True)
