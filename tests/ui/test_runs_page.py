"""The page Runs: a table, and the run that is opened beside it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from opsdash_widgets.core.model import Actor, LaunchRequest, Role, Run
from opsdash_widgets.core.service import Service, open_service
from opsdash_widgets.ui.app import Dashboard

from .conftest import until


def test_an_opened_run_is_shown_beside_the_table_and_closed_again(
    panel: Dashboard,
) -> None:
    request = LaunchRequest(
        module="jobs.greet", argv=("--name", "you"), environment="DEV"
    )
    run = panel.service.launch(request)
    page = panel.page("runs")
    page.table.opened = run.run_id
    until(lambda: page.detail.card.run.get("word") == "succeeded", "it is shown")
    page.detail.card._dispatch(None, {"kind": "close"}, [])
    until(lambda: page.detail.run_id == "", "it is closed")
    assert page.table.opened == ""


def test_runs_of_the_table_can_be_stopped(panel: Dashboard) -> None:
    request = LaunchRequest(module="jobs.sleeps", environment="DEV")
    run = panel.service.launch(request)
    page = panel.page("runs")
    until(lambda: page.table.total == 1, "the run is in the table")
    page.table._dispatch(None, {"kind": "stop", "ids": [run.run_id]}, [])
    until(lambda: panel.service.run(run.run_id).is_terminal, "it has stopped")


def test_runs_of_the_table_are_frozen_and_go_on(panel: Dashboard) -> None:
    run, page = sleeping(panel)
    page.table._dispatch(None, {"kind": "pause", "ids": [run.run_id]}, [])
    until(lambda: panel.service.run(run.run_id).word == "paused", "it is paused")
    until(lambda: "Asked 1 run to pause" in page.table.said["text"], "that is said")
    page.table._dispatch(None, {"kind": "resume", "ids": [run.run_id]}, [])
    until(lambda: panel.service.run(run.run_id).word == "running", "it goes on")


def test_of_several_runs_the_one_that_refuses_keeps_no_other_from_it(
    panel: Dashboard,
) -> None:
    run, page = sleeping(panel)
    ids = ["no-such-run", run.run_id]
    page.table._dispatch(None, {"kind": "pause", "ids": ids}, [])
    until(lambda: page.table.said.get("error"), "the refusal is said")
    assert page.table.said["text"].startswith("Asked 1 of 2 runs to pause. There is no")
    until(lambda: panel.service.run(run.run_id).word == "paused", "it is paused")


def test_all_of_ones_own_are_named_and_stopped(panel: Dashboard) -> None:
    run, page = sleeping(panel)
    dialogs = page.menu.dialogs
    page.table._dispatch(None, {"kind": "menu", "item": "stop_all"}, [])
    until(lambda: dialogs.mine.get("count") == 1, "the count is named")
    assert dialogs.mine["runs"][0]["module"] == "jobs.sleeps"
    dialogs._dispatch(None, {"kind": "stop_all"}, [])
    until(lambda: panel.service.run(run.run_id).is_terminal, "it has stopped")
    until(lambda: panel.frame.notices, "the result is said")
    assert "Asked 1 run of yours to stop." in panel.frame.notices[0]["message"]


def test_a_process_is_named_before_it_is_killed(panel: Dashboard) -> None:
    dialogs = panel.page("runs").menu.dialogs
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        dialogs._dispatch(None, {"kind": "find_process", "pid": f"{sleeper.pid}"}, [])
        until(lambda: dialogs.process.get("pid") == sleeper.pid, "it is named")
        assert "time.sleep(600)" in dialogs.process["command"]
        assert sleeper.poll() is None
        message = {"kind": "kill_process", "pid": sleeper.pid, "now": True}
        dialogs._dispatch(None, message, [])
        until(lambda: sleeper.poll() is not None, "it is killed")
        until(lambda: panel.frame.notices, "the result is said")
        assert f"Process {sleeper.pid} " in panel.frame.notices[0]["message"]
    finally:
        sleeper.kill()
        sleeper.wait()


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "Nothing is no process id"), ("x1", "x1 is no"), ("999999999", "no process")],
)
def test_what_is_no_process_is_said_in_the_dialog(
    panel: Dashboard, text: str, said: str
) -> None:
    dialogs = panel.page("runs").menu.dialogs
    dialogs._dispatch(None, {"kind": "find_process", "pid": text}, [])
    until(lambda: said in dialogs.problem, "the dialog says it")
    assert dialogs.process == {}


def test_a_kill_of_a_process_that_was_not_named_only_names_it(panel: Dashboard) -> None:
    dialogs = panel.page("runs").menu.dialogs
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        message = {"kind": "kill_process", "pid": sleeper.pid, "now": True}
        dialogs._dispatch(None, message, [])
        until(lambda: dialogs.process.get("pid") == sleeper.pid, "it is named")
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def test_an_operator_is_offered_what_an_operator_may(service: Service) -> None:
    asked = Actor(name="somebody", role=Role.OPERATOR)
    operator = Dashboard(open_service(service.settings.project, asked))
    try:
        table = operator.page("runs").table
        assert [line["id"] for line in table.menu] == ["stop_all"]
        run = service.launch(LaunchRequest(module="jobs.sleeps", environment="DEV"))
        operator.page("runs").table.opened = run.run_id
        card = operator.page("runs").detail.card
        until(lambda: card.run.get("run_id") == run.run_id, "another's run is shown")
        assert card.may_stop is False
    finally:
        operator.close()
        operator.service.close()


def sleeping(panel: Dashboard) -> tuple[Run, Any]:
    """A run that sleeps, and the page that lists it."""
    run = panel.service.launch(LaunchRequest(module="jobs.sleeps", environment="DEV"))
    until(lambda: panel.service.run(run.run_id).word == "running", "it runs")
    page = panel.page("runs")
    until(lambda: page.table.total == 1, "the run is in the table")
    return run, page


def test_a_run_of_the_terminal_is_read_into_the_fields(
    panel: Dashboard,
) -> None:
    request = LaunchRequest(
        module="jobs.greet", argv=("--name", "two words"), environment="DEV"
    )
    run = panel.service.launch(request)
    page, form = panel.page("runs"), panel.page("run").form
    page.table._dispatch(None, {"kind": "again", "ids": [run.run_id]}, [])
    given = {"--name": "two words"}
    until(lambda: form.get_values().values == given, "the arguments are there")
    assert panel.frame.page == "run"
