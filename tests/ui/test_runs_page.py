"""The page Runs: a table, and the run that is opened beside it."""

from __future__ import annotations

from opsdash_widgets.core.model import LaunchRequest
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
