"""The run table alone in a cell, under Voila."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect

from tests.serving import PATIENCE_S, Served, free_port

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror=alert(1)>"
SCRIPT = "<script>alert(2)</script>"
CELL = f"""
from opsdash_widgets.core.model import Outcome, Run, RunSpec, RunState, Verdict
from opsdash_widgets.ui.controls.run_table import RunTable

def run(number, module, outcome, why=""):
    state = RunState.FINISHED if outcome else RunState.RUNNING
    spec = RunSpec(
        run_id=f"r-{{number:06d}}",
        module=module,
        created=1_750_000_000.0 + 60 * number,
        requested_by={EVIL!r} if number % 2 else "me",
        environment={EVIL!r} if number % 2 else "DEV",
        argv=({EVIL!r},),
        host={EVIL!r},
    )
    verdict = Verdict(state=state, outcome=outcome, reason=why, duration=5.0)
    return Run(spec=spec, verdict=verdict)

runs = [run(n, f"runners.job_{{n:04d}}", Outcome.SUCCEEDED) for n in range(1_000)]
runs.append(run(1_001, {EVIL!r}, Outcome.FAILED, {EVIL!r} + {SCRIPT!r}))
runs += [run(1_002 + n, "runners.slow", None) for n in range(2)]
columns = ["why", "user", "env", "host", "id", "took"]
table = RunTable(runs=runs, me="me", columns=columns)
table.on_stop(lambda ids: "Stopping " + " ".join(sorted(ids)))
table
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("table")
    (folder / "home").mkdir()
    cell = {
        "cell_type": "code",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": CELL,
    }
    python = {"name": "python3", "language": "python", "display_name": "Python 3"}
    book = {"cells": [cell], "metadata": {"kernelspec": python}}
    notebook = folder / "table.ipynb"
    notebook.write_text(json.dumps({**book, "nbformat": 4, "nbformat_minor": 5}))
    port = free_port()
    options = [str(notebook), "--no-browser", f"--port={port}"]
    command = [sys.executable, "-m", "voila", *options]
    with Served(command, folder / "home", folder) as server:
        server.wait_for_url(rf"http://\S*:{port}/\S*")
        server.url = f"http://127.0.0.1:{port}/"
        yield server


@pytest.fixture
def open_table(browser: Browser, served: Served) -> Iterator[Callable[..., Page]]:
    opened: list[Page] = []
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    def at(width: int, height: int) -> Page:
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(PATIENCE_S * 1000)
        expect.set_options(timeout=PATIENCE_S * 1000)
        page.on("dialog", dismiss)
        opened.append(page)
        page.goto(served.url)
        page.locator(".ops-rt-row .ops-status").first.wait_for()
        return page

    yield at
    for page in opened:
        page.close()
    assert dialogs == []


@pytest.fixture
def page(open_table: Callable[..., Page]) -> Page:
    return open_table(1440, 900)


def row(page: Page, place: int) -> Locator:
    """The row at a place of the table's order, from 1."""
    return page.locator(f".ops-rt-row[aria-rowindex='{place + 1}']")


def test_what_runs_say_is_text_and_never_markup(page: Page) -> None:
    evil = row(page, 3)
    expect(evil.locator(".ops-rt-module")).to_have_text(EVIL)
    expect(evil.locator(".ops-rt-why")).to_contain_text(SCRIPT)
    expect(evil.locator(".ops-rt-env")).to_have_text(EVIL)
    assert page.locator(".ops-run-table :is(img, script)").count() == 0


def test_the_table_is_sorted_filtered_and_scrolled_by_its_source(page: Page) -> None:
    expect(page.locator(".ops-rt-count")).to_have_text("1,003 runs")
    page.get_by_role("button", name="Module").click()
    header = page.get_by_role("columnheader", name="Module")
    expect(header).to_have_attribute("aria-sort", "ascending")
    expect(row(page, 2).locator(".ops-rt-module")).to_have_text("runners.job_0000")
    grid = page.get_by_role("grid", name="Runs")
    grid.evaluate("grid => { grid.scrollTop = 500 * 32 }")
    expect(row(page, 502).locator(".ops-rt-module")).to_have_text("runners.job_0500")
    assert page.locator(".ops-rt-row").count() < 60
    box = page.get_by_role("textbox", name="Filter runs")
    box.fill("status:active")
    expect(page.locator(".ops-rt-count")).to_have_text("2 runs")
    box.fill("sttus:active")
    expect(page.get_by_role("alert").first).to_contain_text("Did you mean status?")
    box.fill("nothing has this")
    expect(page.locator(".ops-rt-empty")).to_contain_text("No run matches")
    page.get_by_role("button", name="Clear the filter").click()
    expect(page.locator(".ops-rt-count")).to_have_text("1,003 runs")
    expect(box).to_have_value("")


def test_runs_are_opened_selected_and_stopped_with_the_keys(page: Page) -> None:
    grid = page.get_by_role("grid", name="Runs")
    grid.focus()
    for key in ("j", "Enter", " ", "j", " "):
        page.keyboard.press(key)
    expect(row(page, 1)).to_have_attribute("data-opened", "")
    expect(row(page, 2)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("s")
    expect(page.locator(".ops-rt-foot")).to_contain_text("Stop 2 runs?")
    page.keyboard.press("Enter")
    said = page.locator(".ops-rt-said")
    expect(said).to_have_text("Stopping r-001002 r-001003")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Unselect")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.get_by_role("textbox", name="Filter runs")).to_be_focused()


def test_a_range_and_all_that_match_can_be_selected(page: Page) -> None:
    row(page, 5).locator(".ops-rt-tick").click()
    row(page, 9).locator(".ops-rt-tick").click(modifiers=["Shift"])
    foot = page.locator(".ops-rt-foot")
    expect(foot).to_contain_text("5 selected")
    expect(foot.get_by_role("button", name="Stop")).to_be_disabled()
    page.get_by_role("button", name="Unselect").click()
    page.get_by_role("checkbox", name="Select all runs").click()
    expect(foot).to_contain_text("1,003 selected")


def test_rows_are_cards_on_a_phone(open_table: Callable[..., Page]) -> None:
    page = open_table(390, 844)
    expect(page.locator(".ops-run-table")).to_have_attribute("data-layout", "cards")
    expect(page.locator(".ops-rt-head")).to_be_hidden()
    box = row(page, 1).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.get_by_role("combobox", name="Sort runs by").select_option("Module ↓")
    first = row(page, 1).locator(".ops-rt-module")
    expect(first).to_have_text(re.compile("runners.slow"))
