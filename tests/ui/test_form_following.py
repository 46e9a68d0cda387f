"""The form and the list of modules follow the sources while the page is open."""

from __future__ import annotations

from pathlib import Path

from opsdash_widgets.core.service import Service
from opsdash_widgets.ui.app import Dashboard
from opsdash_widgets.ui.live_form import live_form

from .conftest import until
from .test_run_page import pick

CHANGED = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--name", required=True)
parser.add_argument("--seed", type=int)
parser.parse_args()
"""


def ids(form: object) -> list[str]:
    parser = form.spec.get("parser", {})
    return [argument["id"] for argument in parser.get("arguments", [])]


def source(service: Service, name: str) -> Path:
    return service.settings.project / "jobs" / f"{name}.py"


def test_a_changed_source_changes_the_form_and_keeps_what_was_typed(
    panel: Dashboard, service: Service
) -> None:
    page = pick(panel, "jobs.greet")
    page.form.set_value("--name", "typed")
    page.form.set_value("--count", "3")
    source(service, "greet").write_text(CHANGED)
    until(lambda: "--seed" in ids(page.form), "the new argument is shown")
    assert page.form.values["values"] == {"--name": "typed"}
    assert "--seed" in page.form.changes
    assert "--count" in page.form.changes
    until(lambda: "typed" in page.bar.shell_line, "the command is built anew")
    assert "--count" not in page.bar.shell_line


def test_a_source_that_breaks_keeps_the_last_good_form_and_says_why(
    panel: Dashboard, service: Service
) -> None:
    page = pick(panel, "jobs.greet")
    page.form.set_value("--name", "typed")
    good = source(service, "greet").read_text()
    source(service, "greet").write_text("def broken(:\n")
    until(lambda: "Line 1" in page.form.changes, "the error is shown")
    assert page.form.changes_level == "warn"
    assert "--name" in ids(page.form)
    assert page.form.values["values"] == {"--name": "typed"}
    source(service, "greet").write_text(good)
    until(lambda: not page.form.changes, "the error is taken back")
    assert page.form.values["values"] == {"--name": "typed"}


def test_a_form_that_could_not_be_read_comes_when_its_source_is_mended(
    panel: Dashboard, service: Service
) -> None:
    page = panel.page("run")
    page.picker.value = "jobs.needs"
    until(lambda: page.form.problem, "the problem is shown")
    source(service, "needs").write_text(CHANGED)
    until(lambda: "--seed" in ids(page.form), "its form is shown")
    assert not page.form.problem


def test_modules_that_come_and_go_are_listed_by_themselves(
    panel: Dashboard, service: Service
) -> None:
    page = panel.page("run")

    def listed() -> set[str]:
        return {row["name"] for row in page.picker.modules}

    until(lambda: "jobs.greet" in listed(), "the modules are listed")
    source(service, "fresh").write_text(CHANGED)
    until(lambda: "jobs.fresh" in listed(), "the new module is listed")
    source(service, "fresh").unlink()
    until(lambda: "jobs.fresh" not in listed(), "it has gone from the list")


def test_a_stale_form_is_shown_at_once_and_brought_up_to_date_behind(
    panel: Dashboard, service: Service
) -> None:
    service.module_spec("jobs.greet", environment="DEV")
    source(service, "greet").write_text(CHANGED)
    page = panel.page("run")
    shown: list[list[str]] = []
    page.form.observe(lambda change: shown.append(ids(page.form)), "spec")
    panel.frame.environment = "DEV"
    page.picker.value = "jobs.greet"
    until(lambda: "--seed" in ids(page.form), "the new form is shown")
    forms = [form for form in shown if form]
    assert "--count" in forms[0]
    assert "--seed" in forms[-1]


def test_a_form_alone_follows_its_module_until_it_is_closed(service: Service) -> None:
    form = live_form(service, "jobs.greet", "DEV")
    form.set_value("--name", "typed")
    source(service, "greet").write_text(CHANGED)
    until(lambda: "--seed" in ids(form), "the new argument is shown")
    assert form.values["values"] == {"--name": "typed"}
    form.close()
