"""Bad input in the panel: one sentence that says what to do, and nothing is lost."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.model import LaunchRequest
from opsdash_widgets.core.service import Service, open_service
from opsdash_widgets.ui.app import Dashboard
from tests.core.desk import remove

from .conftest import until

PARSES = "import argparse\nargparse.ArgumentParser().parse_args()\n"

MODULES = {
    "fails": f"raise ValueError('no curve')\n{PARSES}",
    "hangs": f"import threading\nthreading.Event().wait(600)\n{PARSES}",
    "exits": f"raise SystemExit(3)\n{PARSES}",
    "misses": f"import nosuchpackage\n{PARSES}",
    "broken": "def (:\n",
    "prints": f"print('noise')\n{PARSES}",
}


@pytest.fixture
def service(service: Service) -> Service:
    """The service of these tests, on a project with modules that misbehave."""
    package = service.settings.project / "jobs"
    for name, source in MODULES.items():
        (package / f"{name}.py").write_text(textwrap.dedent(source))
    (service.settings.project / "opsdash.toml").write_text(
        'runners_package = "jobs"\nprobe_timeout_s = 1\n'
    )
    return open_service(service.settings.project)


def problem(panel: Dashboard, module: str) -> dict[str, Any]:
    """What the Run page says of a module that has no form."""
    page = panel.page("run")
    page.picker.value = module
    until(lambda: page.form.problem, f"the problem of {module} is shown")
    shown: dict[str, Any] = page.form.problem
    assert shown["message"]
    assert shown["next_step"]
    assert "Traceback" not in shown["message"] + shown["next_step"]
    return shown


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("jobs.fails", "no curve"),
        ("jobs.hangs", "1 s"),
        ("jobs.exits", "3"),
        ("jobs.misses", "nosuchpackage"),
        ("jobs.broken", "Line 1"),
        ("jobs.nosuch", "nosuch"),
    ],
)
def test_a_module_without_a_form_says_why_and_what_to_do(
    panel: Dashboard, module: str, said: str
) -> None:
    shown = problem(panel, module)
    assert said in shown["message"] + shown["details"]


def test_a_module_that_prints_at_import_has_its_form(panel: Dashboard) -> None:
    page = panel.page("run")
    page.picker.value = "jobs.prints"
    until(lambda: page.form.spec.get("module") == "jobs.prints", "the form is there")
    assert page.form.problem == {}


def test_an_interpreter_that_is_not_there_is_named(
    service: Service,
) -> None:
    path = service.settings.config_file
    path.write_text("[DEV]\nINTERPRETER = /nowhere/python\n")
    panel = Dashboard(service)
    until(lambda: panel.frame.environment == "DEV", "the environment is chosen")
    assert "/nowhere/python" in problem(panel, "jobs.greet")["message"]
    panel.close()


def test_a_registry_that_is_corrupt_is_replaced_and_the_runs_are_there(
    service: Service, home: Path
) -> None:
    run = service.launch(
        LaunchRequest(module="jobs.greet", argv=("--name", "x"), environment="DEV")
    )
    until(lambda: service.run(run.run_id).is_terminal, "the run has ended")
    service.close()
    for path in home.glob("runs.db*"):
        path.unlink()
    (home / "runs.db").write_bytes(b"this is no database" * 500)
    panel = Dashboard(open_service(service.settings.project), page="runs")
    assert "runs.db" in panel.frame.notices[0]["message"]
    table = panel.page("runs").table
    until(lambda: table.total == 1, "the run is in the table again")
    panel.close()
    panel.service.close()


def test_a_run_whose_directory_was_deleted_is_shown_with_a_sentence(
    panel: Dashboard,
) -> None:
    request = LaunchRequest(
        module="jobs.greet", argv=("--name", "you"), environment="DEV"
    )
    run = panel.service.launch(request)
    until(lambda: panel.service.run(run.run_id).is_terminal, "it has ended")
    remove(run.run_dir)
    page = panel.page("runs")
    page.table.opened = run.run_id
    until(lambda: panel.frame.notices, "the panel says that its log is gone")
    assert "not there any more" in panel.frame.notices[0]["message"]
    until(lambda: page.detail.card.run.get("word") == "succeeded", "it is shown")
