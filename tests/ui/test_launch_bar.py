"""The launch bar: what it reports, and that a confirmation is never assumed."""

from __future__ import annotations

from opsdash_widgets.core.errors import LaunchError
from opsdash_widgets.ui.controls.launch_bar import LaunchBar


def test_a_run_is_confirmed_only_where_the_user_was_asked() -> None:
    bar = LaunchBar()
    heard: list[bool] = []
    bar.on_run(lambda _, confirmed: heard.append(confirmed))
    for content in ({}, {"confirmed": True}, {"confirmed": "yes"}):
        bar._dispatch(None, {"kind": "run", **content}, [])
    assert heard == [False, True, False]


def test_without_a_module_it_says_why_it_does_nothing() -> None:
    assert LaunchBar().blocked == "Pick a module first."


def test_a_failure_takes_the_place_of_an_old_dry_run() -> None:
    bar = LaunchBar(preview={"interpreter": "python"}, busy="Starting…")
    bar.show_problem(LaunchError("It did not start.", "Look at the disk."))
    assert bar.problem["message"] == "It did not start."
    assert (bar.preview, bar.busy) == ({}, "")


def test_dry_runs_and_wishes_to_see_what_is_missing_are_reported() -> None:
    bar = LaunchBar()
    heard: list[str] = []
    bar.on_dry_run(lambda _: heard.append("dry run"))
    bar.on_reveal(lambda _: heard.append("reveal"))
    bar._dispatch(None, {"kind": "dry_run"}, [])
    bar._dispatch(None, {"kind": "reveal"}, [])
    assert heard == ["dry run", "reveal"]


def test_a_question_is_shown_without_escape_codes() -> None:
    bar = LaunchBar()
    bar.ask("Launch \x1b[5mm in PROD?")
    assert bar.confirm == "Launch m in PROD?"
