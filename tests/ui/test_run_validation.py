"""What the module's own parser says reaches the form and the launch bar."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from opsdash_widgets.core.discovery import sandbox
from opsdash_widgets.core.service import Service
from opsdash_widgets.ui.app import Dashboard

from .conftest import until
from .test_run_page import pick, press

EVEN = """
    '''Takes even numbers.'''
    import argparse
    def even(text):
        if int(text) % 2:
            raise argparse.ArgumentTypeError(f"{text} is odd <b>")
        return int(text)
    parser = argparse.ArgumentParser()
    parser.add_argument("--even", type=even)
    print(parser.parse_args().even)
"""


@pytest.fixture
def service(service: Service) -> Service:
    """The same with a module whose parser knows more than its form."""
    path = service.settings.project / "jobs" / "even.py"
    path.write_text(textwrap.dedent(EVEN))
    return service


@pytest.fixture
def page(panel: Dashboard) -> Any:
    page = pick(panel, "jobs.even")
    page.form.set_value("--even", "3")
    until(lambda: "3" in page.bar.shell_line, "the command is shown")
    return page


def test_a_refused_launch_says_so_at_the_field_and_beside_the_button(
    page: Any, service: Service
) -> None:
    assert page.form.errors == {}, "nothing is converted while it is typed"
    if service.validation_off():
        return
    press(page.bar, "run")
    until(lambda: page.bar.problem, "the refusal is shown")
    said = "argument --even: 3 is odd"
    assert page.form.errors["--even"].startswith(said)
    assert said in page.bar.problem["message"]
    assert sum(service.counts().values()) == 0
    page.form.set_value("--even", "4")
    until(lambda: page.form.errors == {}, "it is gone with the value")


def test_a_dry_run_shows_the_verdict(page: Any, service: Service) -> None:
    press(page.bar, "dry_run")
    until(lambda: page.bar.preview, "the answer is there")
    assert list(page.bar.preview["argv"]) == ["--even=3"]
    if service.validation_off():
        assert page.bar.preview["verdict"] == "off"
        return
    assert page.bar.preview["verdict"] == "refused"
    assert page.bar.preview["verdict_message"].startswith("argument --even: 3 is odd")
    assert "--even" in page.form.errors


def test_where_parsers_are_not_asked_the_bar_says_so(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_MOST", "none")  # stands for a machine without one
    monkeypatch.setattr(sandbox, "_tried", [])
    panel = Dashboard(service)
    try:
        bar = panel.page("run").bar
        until(lambda: bar.unchecked, "the sentence is there")
        assert "is not asked before a launch" in bar.unchecked
    finally:
        panel.close()


def test_where_parsers_are_asked_the_bar_says_nothing(panel: Dashboard) -> None:
    bar = panel.page("run").bar
    if panel.service.validation_off():
        return
    assert bar.unchecked == ""
