"""The page Run: from a picked module to a run that is followed and stopped."""

from __future__ import annotations

import os
import threading
from typing import Any

from opsdash_widgets.ui.app import Dashboard
from opsdash_widgets.ui.pages.run import blocked_by

from .conftest import PATIENCE_S, until


def pick(panel: Dashboard, module: str) -> Any:
    """Pick a module and wait for its form; gives the page back."""
    page = panel.page("run")
    page.picker.value = module
    until(lambda: page.form.spec.get("module") == module, f"the form of {module}")
    until(lambda: not page.form.loading, "the form is there")
    return page


def press(control: Any, kind: str, **content: Any) -> None:
    """What the browser sends when a button is pressed."""
    control._dispatch(None, {"kind": kind, **content}, [])


def test_the_command_follows_the_form(panel: Dashboard) -> None:
    page = pick(panel, "jobs.greet")
    page.form.set_value("--name", "two words")
    until(lambda: "two words" in page.bar.shell_line, "the shell line follows")
    assert "-m jobs.greet" in page.bar.shell_line
    assert "jobs.greet" in page.bar.python_call


def test_a_launched_run_is_followed_to_its_end(panel: Dashboard) -> None:
    page = pick(panel, "jobs.greet")
    page.form.set_value("--name", "you")
    press(page.bar, "run")
    until(lambda: page.live.card.run.get("word") == "succeeded", "it has succeeded")
    assert page.live.card.run["environment"] == "DEV"
    until(lambda: page.live.log.line_count == 1, "its log is shown")


def test_what_the_parser_refuses_is_said_at_the_field_and_nothing_starts(
    panel: Dashboard,
) -> None:
    page = pick(panel, "jobs.greet")
    page.form.set_value("--name", "you")
    page.form.set_value("--count", "many")
    press(page.bar, "run")
    until(lambda: page.bar.problem, "the refusal is shown")
    until(lambda: "--count" in page.form.errors, "the field says it")
    assert page.live.run_id == ""


def test_production_asks_once_naming_module_and_environment(panel: Dashboard) -> None:
    page = pick(panel, "jobs.greet")
    page.form.set_value("--name", "you")
    panel.frame.environment = "PROD"
    until(lambda: not page.form.loading, "the form is read again")
    press(page.bar, "run")
    until(lambda: page.bar.confirm, "the question is asked")
    assert "jobs.greet" in page.bar.confirm
    assert "PROD" in page.bar.confirm
    assert page.live.run_id == ""
    press(page.bar, "run", confirmed=True)
    until(lambda: page.live.run_id, "the run is shown")
    until(lambda: not page.live.card.run["active"], "it has ended")


def test_a_stop_climbs_its_ladder_in_sight(panel: Dashboard) -> None:
    page = pick(panel, "jobs.sleeps")
    press(page.bar, "run")
    until(lambda: page.live.card.run.get("word") == "running", "it runs")
    press(page.live.card, "stop", run_id=page.live.run_id)
    until(lambda: page.live.card.rungs, "the first rung is shown")
    until(lambda: page.live.card.run["word"] == "stopped", "it has stopped")


def test_kill_now_skips_ahead(panel: Dashboard) -> None:
    page = pick(panel, "jobs.sleeps")
    press(page.bar, "run")
    until(lambda: page.live.card.run.get("word") == "running", "it runs")
    press(page.live.card, "kill", run_id=page.live.run_id)
    until(lambda: not page.live.card.run["active"], "it has ended")
    until(
        lambda: [rung["rung"] for rung in page.live.card.rungs][-1:] == ["kill"],
        "the last rung is shown",
    )


def test_a_run_is_frozen_and_goes_on_by_the_buttons_of_its_card(
    panel: Dashboard,
) -> None:
    page = pick(panel, "jobs.sleeps")
    press(page.bar, "run")
    card = page.live.card
    until(lambda: card.run.get("word") == "running", "it runs")
    until(lambda: card.resources.get("at"), "what it uses is shown")
    press(card, "pause", run_id=page.live.run_id)
    until(lambda: card.run["word"] == "paused", "it is paused")
    assert "Paused by" in card.run["why"]
    press(card, "resume", run_id=page.live.run_id)
    until(lambda: card.run["word"] == "running", "it goes on")
    press(card, "pause", run_id=page.live.run_id)
    until(lambda: card.run["word"] == "paused", "it is paused again")
    press(card, "stop", run_id=page.live.run_id)
    until(lambda: card.run["word"] == "stopped", "it has stopped")
    until(lambda: card.resources["totals"]["peak_rss"] > 0, "the totals are shown")


def test_a_log_that_is_slow_to_open_never_stands_below_another_run(
    panel: Dashboard, monkeypatch: Any
) -> None:
    page = pick(panel, "jobs.greet")
    page.form.set_value("--name", "you")
    first = panel.service.launch(page.request(confirmed=False))
    second = panel.service.launch(page.request(confirmed=False))
    opened, let_go = panel.service.log, threading.Event()

    def slowly(run_id: str) -> Any:
        if run_id == first.run_id:
            assert let_go.wait(PATIENCE_S)
        return opened(run_id)

    monkeypatch.setattr(panel.service, "log", slowly)
    slow = panel.panel.start(page.live.show(first))
    until(lambda: page.live.run_id == first.run_id, "the first is shown")
    panel.panel.start(page.live.show(second)).result(PATIENCE_S)
    let_go.set()
    slow.result(PATIENCE_S)
    assert page.live.log.source.run_dir.name == second.run_id


def test_what_cannot_be_paused_is_said_in_a_notice_and_the_card_is_free_again(
    panel: Dashboard,
) -> None:
    page = pick(panel, "jobs.greet")
    page.form.set_value("--name", "you")
    press(page.bar, "run")
    until(lambda: page.live.card.run.get("word") == "succeeded", "it has succeeded")
    sent: list[Any] = []
    page.live.card.send = sent.append
    press(page.live.card, "pause", run_id=page.live.run_id)
    until(lambda: panel.frame.notices, "the notice is shown")
    assert "cannot be paused" in panel.frame.notices[0]["message"]
    until(lambda: {"kind": "answered"} in sent, "the card is told")


def test_limits_go_into_the_launch_and_end_the_run_and_come_back_with_run_again(
    panel: Dashboard,
) -> None:
    page = pick(panel, "jobs.sleeps")
    page.bar.limits = {"time_s": "1s"}
    press(page.bar, "run")
    until(lambda: page.live.card.run.get("word") == "limit", "its limit has ended it")
    assert "time limit" in page.live.card.run["why"]
    assert ["Time", "1 s"] in page.live.card.run["limits"]
    pick(panel, "jobs.greet")
    assert page.bar.limits == {}
    press(page.live.card, "again", run_id=page.live.run_id)
    until(lambda: page.bar.limits == {"time_s": "1 s"}, "the limits are there again")


def test_a_wrong_limit_blocks_the_launch_and_leaves_the_command(
    panel: Dashboard,
) -> None:
    page = pick(panel, "jobs.sleeps")
    until(lambda: page.bar.shell_line, "the command is shown")
    page.bar.limits = {"memory_mib": "lots"}
    until(lambda: "lots" in page.bar.blocked, "the bar says why it is blocked")
    assert page.bar.shell_line
    press(page.bar, "run")  # as if it had been pressed before it was blocked
    until(lambda: page.bar.problem, "the refusal is shown")
    assert page.live.run_id == ""
    page.bar.limits = {"memory_mib": "4G"}
    until(lambda: page.bar.blocked == "", "it is free again")


def test_a_dry_run_shows_everything_and_runs_nothing(panel: Dashboard) -> None:
    page = pick(panel, "jobs.greet")
    page.form.set_value("--name", "you")
    press(page.bar, "dry_run", limits={"time_s": "2h"})
    until(lambda: page.bar.preview, "the answer is there")
    assert list(page.bar.preview["limits"]) == ["Time 2 h", "Log kept 10 GiB"]
    assert list(page.bar.preview["argv"]) == ["--name=you"]
    assert page.bar.preview["environment"] == "DEV"
    assert sum(panel.service.counts().values()) == 0


def test_run_again_fills_the_form_with_the_values_of_the_run(panel: Dashboard) -> None:
    page = pick(panel, "jobs.greet")
    page.form.set_value("--name", "you")
    press(page.bar, "run")
    until(lambda: page.live.card.run.get("word") == "succeeded", "it has succeeded")
    pick(panel, "jobs.sleeps")
    panel.frame.page = "runs"
    press(page.live.card, "again", run_id=page.live.run_id)
    until(lambda: page.form.get_values().values == {"--name": "you"}, "the values")
    assert panel.frame.page == "run"
    assert page.picker.value == "jobs.greet"


def test_a_module_that_needs_a_missing_package_says_which(panel: Dashboard) -> None:
    page = panel.page("run")
    page.picker.value = "jobs.needs"
    until(lambda: page.form.problem, "the problem is shown")
    assert "no_such_package" in page.form.problem["message"]
    until(lambda: "could not be read" in page.bar.blocked, "the bar is blocked")


def test_a_module_that_does_not_parse_says_where(panel: Dashboard) -> None:
    page = panel.page("run")
    page.picker.value = "jobs.broken"
    until(lambda: page.form.problem, "the problem is shown")
    assert "line 1" in page.form.problem["message"].lower()


def test_a_confirmed_custom_module_joins_the_list_and_is_opened(
    panel: Dashboard,
) -> None:
    page = panel.page("run")
    page.picker.custom = "json.tool"
    until(lambda: page.form.spec.get("module") == "json.tool", "its form is shown")
    assert "json.tool" in [row["name"] for row in page.picker.modules]


def test_a_custom_package_that_is_not_there_is_said_and_the_list_stays(
    panel: Dashboard,
) -> None:
    page = panel.page("run")
    page.picker.custom = "no_such_package_anywhere"
    until(lambda: page.picker.error, "the error is shown")
    assert "no_such_package_anywhere" in page.picker.error
    assert len(page.picker.modules) == 4


def test_a_confirmed_custom_package_takes_the_open_form_away(panel: Dashboard) -> None:
    page = pick(panel, "jobs.greet")
    page.form.set_value("--name", "you")
    page.picker.custom = "no_such_package_anywhere"
    until(lambda: page.picker.error, "the error is shown")
    assert page.picker.value == page.bar.module == ""
    assert page.form.spec == {}
    assert page.bar.blocked == "Pick a module first."


def test_the_requester_of_a_run_is_the_one_in_the_form(panel: Dashboard) -> None:
    page = pick(panel, "jobs.greet")
    page.form.set_value("--name", "you")
    page.bar.requested_by = "Ada"
    press(page.bar, "run")
    until(lambda: page.live.run_id, "the run is shown")
    assert page.live.card.run["requested_by"] == "Ada"


def test_a_service_that_fails_unexpectedly_becomes_a_notice(
    panel: Dashboard, monkeypatch: Any
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(os.sep)

    monkeypatch.setattr(panel.service, "launch", fail)
    page = pick(panel, "jobs.sleeps")
    press(page.bar, "run")
    until(lambda: panel.frame.notices, "the notice is shown")
    assert "RuntimeError" in panel.frame.notices[0]["message"]
    assert "Traceback" in panel.frame.notices[0]["details"]
    until(lambda: page.bar.busy == "", "the bar is free again")


def test_an_environment_that_was_changed_on_the_config_page_is_used_at_once(
    panel: Dashboard,
) -> None:
    page = pick(panel, "jobs.sleeps")
    until(lambda: page.bar.shell_line, "the command is shown")
    file = panel.service.settings.config_file
    file.write_text("[DEV]\nINTERPRETER = /nowhere/python\n")
    panel.frame.page = "config"
    until(lambda: "/nowhere/python" in str(page.form.problem), "the form says it")


def test_a_required_group_blocks_by_the_names_of_all_its_members() -> None:
    invalid = {"fit --fast": "One of fast, slow is required."}
    assert blocked_by(invalid) == "Still needed or wrong: one of fast, slow."


def test_what_blocks_is_one_sentence_with_few_names() -> None:
    invalid = dict.fromkeys(["--a", "report var --b", "c", "d", ""], "…")
    assert blocked_by(invalid) == "Still needed or wrong: a, b, c and 2 more."
    assert blocked_by({}) == ""
