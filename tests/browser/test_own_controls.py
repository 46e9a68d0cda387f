"""The users' own controls in the form: on the page, and in a notebook's cell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.panel import PATIENCE_MS, Panel
from tests.browser.test_lab import run_the_cell
from tests.serving import Served

pytestmark = pytest.mark.browser

CONTROLS = '''
import anywidget, ipywidgets, traitlets
import opsdash_widgets as ops


class Tickers(anywidget.AnyWidget):
    """One button for each of a few tickers."""

    _esm = """
    export default { render({ model, el }) {
      for (const name of ["ALDR", "BRYN"]) {
        const button = document.createElement("button");
        button.textContent = name;
        button.onclick = () => { model.set("value", name); model.save_changes(); };
        el.append(button);
      }
      const shown = document.createElement("output");
      const show = () => { shown.textContent = model.get("value") || "no ticker"; };
      model.on("change:value", show);
      show();
      el.append(shown);
    } };
    """
    value = traitlets.Unicode(allow_none=True, default_value=None).tag(sync=True)


def fails(argument):
    raise RuntimeError("no database today")


def days(argument):
    return ipywidgets.IntSlider(min=2, max=250)


ops.register_control(lambda a: Tickers(), argument="--ticker", module="runners.*")
ops.register_control(days, argument="--days", module="runners.price_note")
ops.register_control(fails, argument="--comment")
'''

CELL = """
import ipywidgets
import opsdash_widgets as ops

def tickers(argument):
    return ipywidgets.Dropdown(options=["ALDR", "BRYN"], value=None)

form = ops.ArgparseForm()
form.show(ops.spec("runners.price_note"))
ops.register_control(tickers, argument="--ticker")
said = ipywidgets.Label("nothing")
form.observe(lambda change: setattr(said, "value", str(change.new)), "values")
ipywidgets.VBox([form, said])
"""


@pytest.fixture(scope="module", autouse=True)
def _controls(project: Path) -> None:
    """A project whose settings name a module of controls."""
    (project / "mydesk").mkdir()
    (project / "mydesk" / "__init__.py").touch()
    (project / "mydesk" / "controls.py").write_text(CONTROLS)
    (project / "opsdash.toml").write_text('controls_module = "mydesk.controls"\n')


def field(page: Page, identity: str) -> Locator:
    """The row of an argument."""
    return page.locator(f'.ops-field[data-id="{identity}"]')


def test_a_projects_controls_fill_the_form_and_the_module_gets_their_values(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    panel.pick("price_note")
    ticker, days = field(page, "--ticker"), field(page, "--days")
    expect(ticker.get_by_text("no ticker")).to_be_visible(timeout=PATIENCE_MS)
    ticker.get_by_role("button", name="BRYN").click()
    expect(ticker.locator("output")).to_have_text("BRYN")
    slider = days.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuenow", "20.0", timeout=PATIENCE_MS)
    slider.press("ArrowRight")
    panel.run()
    panel.expect_log("over 21 closes")
    expect(panel.log).to_contain_text("BRYN:")


def test_a_reset_takes_a_projects_control_back_to_the_default(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    panel.pick("price_note")
    days = field(page, "--days")
    slider = days.get_by_role("slider")
    slider.press("ArrowRight")
    days.get_by_role("button", name="Reset Days back to 20").click()
    expect(slider).to_have_attribute("aria-valuenow", "20.0", timeout=PATIENCE_MS)
    expect(days).to_have_attribute("data-changed", "false")


def test_a_factory_that_fails_leaves_the_built_in_control_and_its_sentence(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    panel.pick("price_note")
    comment = field(page, "--comment")
    note = "The control that was registered for it failed: no database today."
    expect(comment).to_contain_text(note, timeout=PATIENCE_MS)
    expect(comment.get_by_role("textbox")).to_be_editable()


def test_a_cells_form_shows_a_control_that_is_registered_after_it(
    lab: Served, page: Page, project: Path
) -> None:
    cell = {"cell_type": "code", "execution_count": None, "id": "form"}
    cell |= {"metadata": {}, "outputs": [], "source": CELL}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": [cell], "metadata": {"kernelspec": kernel}}
    notebook |= {"nbformat": 4, "nbformat_minor": 5}
    (project / "form.ipynb").write_text(json.dumps(notebook))
    page.goto(lab.url.replace("/?", "/lab/tree/form.ipynb?reset&"))
    run_the_cell(page)
    choice = field(page, "--ticker").locator("select")
    choice.select_option("BRYN", timeout=PATIENCE_MS)
    said = page.get_by_text("{'values': {'--ticker': 'BRYN'}}")
    expect(said).to_be_visible(timeout=PATIENCE_MS)
    field(page, "--ticker").get_by_role("button", name="Clear Ticker").click()
    expect(choice).to_have_value("", timeout=PATIENCE_MS)
