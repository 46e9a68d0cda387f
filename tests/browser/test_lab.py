"""The panel in JupyterLab: from the launcher tile, and in a notebook's cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.panel import PATIENCE_MS, Panel
from tests.serving import Served, until

pytestmark = pytest.mark.browser

CELL = "import opsdash_widgets as ops\n\nops.Dashboard()"


def sessions(lab: Served) -> list[dict[str, Any]]:
    """The sessions of the server, each with its kernel."""
    _, body, _ = lab.get("api/sessions", **authorization(lab))
    return list(json.loads(body))


def open_from_the_launcher(lab: Served, page: Page) -> None:
    page.goto(lab.url.replace("/?", "/lab?reset&"))
    tile = page.locator(".jp-LauncherCard").filter(has_text="Open opsdash panel")
    tile.click(timeout=PATIENCE_MS)


@pytest.fixture(autouse=True)
def _no_kernels_left(lab: Served) -> Iterator[None]:
    yield
    for session in sessions(lab):
        lab.send("DELETE", f"api/sessions/{session['id']}", **authorization(lab))


def authorization(lab: Served) -> dict[str, str]:
    return {"Authorization": f"token {lab.token}"}


def write_notebook(folder: Path) -> None:
    cell = {"cell_type": "code", "execution_count": None, "id": "panel"}
    cell |= {"metadata": {}, "outputs": [], "source": CELL}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": [cell], "metadata": {"kernelspec": kernel}}
    notebook |= {"nbformat": 4, "nbformat_minor": 5}
    (folder / "panel.ipynb").write_text(json.dumps(notebook))


def run_the_cell(page: Page) -> None:
    """Press Ctrl-Enter until JupyterLab takes it: without a kernel it does nothing.

    While the kernel is on its way JupyterLab may also answer with a dialog about it.
    """
    cell = page.locator(".jp-Notebook .jp-Cell").first
    prompt = cell.locator(".jp-InputPrompt")
    ready = page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    expect(ready.first).to_be_visible(timeout=PATIENCE_MS)

    def taken() -> bool:
        dialog = page.locator(".jp-Dialog .jp-mod-accept")
        if dialog.count():
            dialog.first.click()
        cell.locator(".jp-InputArea-editor").click(timeout=PATIENCE_MS)
        page.keyboard.press("Control+Enter")
        return "[ ]" not in prompt.inner_text()

    until(taken, "the cell has been run")


def test_the_launcher_tile_opens_the_panel_and_a_module_runs_in_it(
    lab: Served, page: Page, panel: Panel
) -> None:
    open_from_the_launcher(lab, page)
    panel.launch("first_model", points="9")
    panel.expect_log("9 points")
    panel.expect_state("succeeded")


def test_a_notebooks_cell_shows_the_panel_and_a_module_runs_in_it(
    lab: Served, page: Page, panel: Panel, project: Path
) -> None:
    write_notebook(project)
    page.goto(lab.url.replace("/?", "/lab/tree/panel.ipynb?reset&"))
    run_the_cell(page)
    panel.launch("first_model", points="11")
    panel.expect_log("11 points")
    panel.expect_state("succeeded")


def test_the_palette_opens_it_too(lab: Served, page: Page) -> None:
    page.goto(lab.url.replace("/?", "/lab?reset&"))
    expect(page.locator(".jp-LauncherCard").first).to_be_visible(timeout=PATIENCE_MS)
    page.keyboard.press("Control+Shift+C")
    expect(page.locator(".jp-ModalCommandPalette")).to_be_visible()
    page.keyboard.type("open opsdash")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox", name="Modules")).to_be_visible(
        timeout=PATIENCE_MS
    )


def test_a_reloaded_page_finds_its_kernel_and_a_closed_tab_ends_it(
    lab: Served, page: Page, panel: Panel
) -> None:
    open_from_the_launcher(lab, page)
    panel.pick("first_model")
    kernel = sessions(lab)[0]["kernel"]["id"]
    # JupyterLab writes down what is open a moment after it was opened.
    workspace = f"{lab.base}lab/api/workspaces/default?token={lab.token}"
    until(
        lambda: "opsdash:panel" in page.request.get(workspace).text(),
        "the open tab is written down",
    )
    page.reload()
    panel.pick("first_model")
    assert [one["kernel"]["id"] for one in sessions(lab)] == [kernel]
    tab = page.get_by_role("tab", name="Ops", exact=True)
    tab.locator(".lm-TabBar-tabCloseIcon").click()
    until(lambda: not sessions(lab), "the kernel has ended")
