"""The launch bar: what it reports, and that a confirmation is never assumed."""

from __future__ import annotations

from opsdash_widgets.core.errors import LaunchError, ValuesError
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
    bar.on_reveal(lambda _, field: heard.append(f"reveal {field}".strip()))
    bar._dispatch(None, {"kind": "dry_run"}, [])
    bar._dispatch(None, {"kind": "reveal"}, [])
    assert heard == ["dry run", "reveal"]


def test_a_question_is_shown_without_escape_codes() -> None:
    bar = LaunchBar()
    bar.ask("Launch \x1b[5mm in PROD?")
    assert bar.confirm == "Launch m in PROD?"


def test_a_field_that_is_missing_can_be_gone_to_by_its_path() -> None:
    bar = LaunchBar()
    heard: list[str] = []
    bar.on_reveal(lambda _, field: heard.append(field))
    bar._dispatch(None, {"kind": "reveal", "field": "fit --level"}, [])
    assert heard == ["fit --level"]


def test_a_refused_launch_names_the_fields_that_it_is_about() -> None:
    bar = LaunchBar()
    bar.show_problem(ValuesError("Wrong.", {"fit --level": "No.", "": "All."}))
    assert bar.problem["fields"] == [{"field": "fit --level", "name": "level"}]


def test_a_run_takes_place_where_the_bar_showed_when_it_was_pressed() -> None:
    bar = LaunchBar(environment="PROD")
    heard: list[str] = []
    bar.on_run(lambda bar, _: heard.append(f"{bar.environment} {bar.requested_by}"))
    message = {"kind": "run", "environment": "DEV", "requested_by": "me"}
    bar._dispatch(None, message, [])
    assert heard == ["DEV me"]
