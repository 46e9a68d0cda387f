"""The launch bar: what it reports, and that a confirmation is never assumed."""

from __future__ import annotations

import pytest

from opsdash_widgets.core.errors import LaunchError, ValuesError
from opsdash_widgets.core.model import LIMITS
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


def test_limits_are_read_as_people_write_them_and_summed_up_in_one_line() -> None:
    bar = LaunchBar()
    bar.limits = {"time_s": "1:30:00", "memory_mib": "2G", "log_mib": " "}
    assert bar.get_limits() == {"time_s": 5400.0, "memory_mib": 2048.0}
    assert bar.limit_summary == "Time 1 h 30 min \u00b7 Memory 2 GiB"
    assert bar.limit_errors == {}


def test_a_limit_that_cannot_be_read_is_said_at_its_field_and_never_left_out() -> None:
    bar = LaunchBar(limits={"time_s": "2h", "memory_mib": "lots"})
    assert list(bar.limit_errors) == ["memory_mib"]
    assert "lots" in bar.limit_errors["memory_mib"]
    with pytest.raises(ValuesError, match="lots"):
        bar.get_limits()


def test_a_limit_that_was_typed_right_before_the_press_counts() -> None:
    bar = LaunchBar()
    heard: list[dict[str, float]] = []
    bar.on_run(lambda bar, _: heard.append(bar.get_limits()))
    bar.on_dry_run(lambda bar: heard.append(bar.get_limits()))
    for kind in ("run", "dry_run"):
        bar._dispatch(None, {"kind": kind, "limits": {"time_s": "90s"}}, [])
    assert heard == [{"time_s": 90.0}] * 2


def test_a_runs_limits_are_filled_in_again_but_for_those_that_hold_anyway() -> None:
    bar = LaunchBar()
    bar.show_usual_limits({"time_s": 0.0, "output_mib": 64.0, "log_mib": 10240.0})
    assert bar.limit_defaults == {"output_mib": "64 MiB", "log_mib": "10 GiB"}
    bar.show_limits({"time_s": 7200.0, "log_mib": 10240.0})
    assert bar.limits == {"time_s": "2 h", "output_mib": "none"}
    assert bar.get_limits() == {"time_s": 7200.0, "output_mib": 0.0}
    bar.show_limits({"output_mib": 64.0, "log_mib": 10240.0})
    assert bar.limits == {}


def test_there_is_a_field_for_every_limit() -> None:
    assert [row["name"] for row in LaunchBar().limit_fields] == [
        limit.name for limit in LIMITS
    ]
