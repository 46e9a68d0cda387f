"""Sweeps on the page Run: written, counted, launched, followed, run again."""

from __future__ import annotations

from typing import Any

from opsdash_widgets.core.service import Service
from opsdash_widgets.ui.app import Dashboard

from .conftest import until
from .test_run_page import pick, press


def write(page: Any, **fields: str) -> Any:
    """Write a sweep into the panel, as the browser does; gives the panel back."""
    panel = page.sweeps.panel
    panel.fields = [
        {"path": f"--{name}", "text": text} for name, text in fields.items()
    ]
    return panel


def test_a_sweep_is_counted_while_it_is_written(panel: Dashboard) -> None:
    page = pick(panel, "jobs.greet")
    sweep = write(page, count="1..3", name="ann,ben")
    until(lambda: sweep.view.get("count") == 6, "it is counted")
    assert sweep.view["summary"] == "3 count \u00d7 2 name = 6 runs"
    assert sweep.view["fields"][0]["first"] == "1"
    sweep.zip = True
    until(lambda: "as many values each" in sweep.view["error"], "the zip is refused")
    write(page, count="1,x")
    until(lambda: sweep.view["fields"][0]["error"], "the field is wrong")
    assert sweep.view["fields"][0]["error"] == "`x` is not a whole number."


def test_a_launched_sweep_is_followed_to_its_end(panel: Dashboard) -> None:
    page = pick(panel, "jobs.greet")
    write(page, name="ann,ben,cleo")
    press(page.sweeps.panel, "launch")
    table = page.sweeps.table
    until(lambda: table.group.get("state") == "finished", "all have ended")
    assert table.group["counts"] == {"succeeded": 3}
    assert table.group["fields"] == ["name"]
    assert not page.sweeps.panel.unfolded
    assert [row[1] for row in table._rows] == ["succeeded"] * 3


def test_a_field_that_is_swept_need_not_be_filled(panel: Dashboard) -> None:
    page = pick(panel, "jobs.greet")
    page.form.invalid = {"--name": "name is required."}
    sweep = page.sweeps.panel
    until(lambda: page.bar.blocked, "the launch is blocked")
    write(page, count="1,2")
    until(lambda: sweep.blocked, "the sweep is blocked, too")
    write(page, name="ann,ben")
    until(lambda: not sweep.blocked, "the sweep gives what is needed")


def test_what_every_run_would_be_refused_for_is_said_and_nothing_starts(
    panel: Dashboard, service: Service
) -> None:
    page = pick(panel, "jobs.greet")
    write(page, count="1,2")
    press(page.sweeps.panel, "launch")
    until(lambda: page.sweeps.panel.problem, "the refusal is shown")
    assert "--name" in page.sweeps.panel.problem["message"]
    assert service.groups.recent() == []


def test_production_asks_once_naming_how_many(panel: Dashboard) -> None:
    page = pick(panel, "jobs.greet")
    panel.frame.environment = "PROD"
    until(lambda: page.bar.environment == "PROD", "the environment is chosen")
    until(lambda: not page.form.loading, "the form is there")
    sweep = write(page, name="ann,ben")
    press(sweep, "launch")
    until(lambda: sweep.confirm, "it asks")
    assert sweep.confirm == "2 runs: Launch jobs.greet in PROD, which is production?"
    press(sweep, "launch", confirmed=True)
    table = page.sweeps.table
    until(lambda: table.group.get("state") == "finished", "all have ended")


def test_the_menu_of_a_field_opens_the_sweep_with_that_field(panel: Dashboard) -> None:
    page = pick(panel, "jobs.greet")
    press(page.form, "sweep", field="--count")
    sweep = page.sweeps.panel
    assert sweep.unfolded
    assert sweep.fields == [{"path": "--count", "text": ""}]
    press(page.form, "sweep", field="--count")
    assert len(sweep.fields) == 1


def test_another_module_starts_with_no_sweep(panel: Dashboard) -> None:
    page = pick(panel, "jobs.greet")
    write(page, name="ann,ben")
    pick(panel, "jobs.sleeps")
    until(lambda: page.sweeps.panel.module == "jobs.sleeps", "it is the other's")
    assert page.sweeps.panel.fields == []


def test_a_sweep_is_stopped_from_its_table_and_run_again(panel: Dashboard) -> None:
    page = pick(panel, "jobs.greet")
    table = page.sweeps.table
    write(page, name="ann,ben,cleo,dora")
    page.sweeps.panel.limit = 1
    press(page.sweeps.panel, "launch")
    until(lambda: table.group_id, "it is shown")
    press(table, "pause")
    until(lambda: table.group.get("state") in ("paused", "finished"), "it is paused")
    press(table, "stop")
    until(lambda: table.group.get("state") == "finished", "it has ended")
    stopped = table.group["counts"].get("stopped", 0)
    if stopped:
        press(table, "rerun", stopped=True)
        until(lambda: table.group["counts"] == {"succeeded": 4}, "all are run again")


def test_another_panel_finds_the_sweep_that_goes_on(
    panel: Dashboard, service: Service
) -> None:
    page = pick(panel, "jobs.greet")
    (service.settings.project / "jobs" / "slow.py").write_text(
        "import argparse, time\n"
        "parser = argparse.ArgumentParser()\n"
        "parser.add_argument('--n', type=int)\n"
        "if __name__ == '__main__':\n"
        "    parser.parse_args(); time.sleep(600)\n"
    )
    page = pick(panel, "jobs.slow")
    write(page, n="1..3")
    press(page.sweeps.panel, "launch")
    until(lambda: page.sweeps.table.group_id, "it is shown")
    other = Dashboard(service)
    found = other.page("run").sweeps.table
    until(lambda: found.group_id == page.sweeps.table.group_id, "it is found again")
    press(found, "runs")
    until(lambda: other.frame.page == "runs", "the page Runs is shown")
    assert other.page("runs").table.query_text == f"group:{found.group_id[-6:]}"
    press(page.sweeps.table, "stop")
    press(page.sweeps.table, "kill")
    until(lambda: found.group.get("state") == "finished", "the other sees its end")
    other.panel.start(other.page("run").reopen())
    until(lambda: not found.group_id, "a browser that opens it now sees none")
    other.close()
