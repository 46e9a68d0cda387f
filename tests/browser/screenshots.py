"""Takes a picture of every page, wide and narrow, light and dark, for a person to see.

Usage: ``python -m tests.browser.screenshots [FOLDER]``; those that the README shows are
also written to ``docs/images``.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, NAMES, ROOT
from tests.browser.panel import PATIENCE_MS, Panel
from tests.serving import Served, jupyter_lab, standalone

SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
IN_THE_README = {"run-ended": "run", "runs-open": "runs"}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def main(folder: Path) -> None:
    """Start what is needed, take the pictures, and print where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="desk-") as name,
        sync_playwright() as playwright,
    ):
        home, project = Path(name) / "home", Path(name) / "project"
        home.mkdir(mode=0o700)
        shutil.copytree(ROOT / "runners", project / "runners")
        program = next(path for path in map(shutil.which, NAMES) if path)
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        with standalone(home, project) as server:
            _make_history(server, browser)
            for label, page in _windows(browser):
                page.goto(server.url)
                _walk(Panel(page), folder, label)
                page.close(run_before_unload=True)
        with jupyter_lab(home, project) as lab:
            _picture_lab(lab, browser, folder)
        browser.close()
    for name, shown in IN_THE_README.items():
        for theme in THEMES:
            picture = folder / f"{name}-{theme}-wide.png"
            shutil.copy(picture, ROOT / "docs/images" / f"{shown}-{theme}.png")
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


def _windows(browser: Browser) -> Iterator[tuple[str, Page]]:
    for theme in THEMES:
        for size, (width, height) in SIZES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=theme
            )
            context.set_default_timeout(PATIENCE_MS)
            yield f"{theme}-{size}", context.new_page()
            context.close()


def _make_history(server: Served, browser: Browser) -> None:
    """A run that succeeded, one that failed, and one that goes on for minutes."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(server.url)
    panel = Panel(page)
    panel.launch("first_model")
    panel.expect_state("succeeded")
    panel.pick("var_report")
    panel.choose("curve-set", "intraday")
    panel.run()
    panel.expect_state("failed")
    panel.launch("nightly_batch")
    panel.expect_state("running")
    page.close(run_before_unload=True)


def _walk(panel: Panel, folder: Path, label: str) -> None:
    """Every page in the states that a user meets first."""
    page = panel.page

    def take(name: str) -> None:
        page.screenshot(path=folder / f"{name}-{label}.png")

    expect(page.get_by_role("listbox", name="Modules")).to_be_visible()
    take("run-first")
    panel.pick("price_options")
    expect(page.get_by_role("textbox", name="paths", exact=True)).to_be_visible()
    take("run-form")
    panel.fill("spot", "101.5")
    panel.run()
    panel.expect_log(re.compile("paths"))
    take("run-running")
    panel.expect_state("succeeded")
    if "wide" in label:  # folded away on a phone
        page.get_by_role("button", name="Python", exact=True).click()
    take("run-ended")
    panel.go_to("Runs")
    expect(panel.row("var_report").first).to_be_visible()
    take("runs")
    panel.row("var_report").first.get_by_role("gridcell").nth(2).click()
    panel.expect_log("EURUSD")
    take("runs-open")
    _open_another(panel, "nightly_batch")
    panel.card.locator("summary").filter(has_text="Resources").click()
    expect(panel.card.get_by_role("img", name=re.compile("^Memory"))).to_be_visible()
    take("runs-resources")
    panel.card.get_by_role("button", name="Pause").click()
    panel.expect_state("paused")
    take("runs-paused")
    panel.card.get_by_role("button", name="Resume").click()
    panel.expect_state("running")
    panel.go_to("Config")
    expect(page.get_by_role("button", name="Add key")).to_be_visible()
    take("config")


def _open_another(panel: Panel, module: str) -> None:
    back = panel.page.get_by_role("button", name="All runs")
    if back.is_visible():  # on a phone, an opened run has the page for itself
        back.click()
    panel.row(module).first.get_by_role("gridcell").nth(2).click()
    panel.expect_log(re.compile("stage|trades"))


def _picture_lab(lab: Served, browser: Browser, folder: Path) -> None:
    for theme, name in (("light", "JupyterLab Light"), ("dark", "JupyterLab Dark")):
        _set_theme(lab, name)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(lab.url.replace("/?", "/lab?reset&"))
        tile = page.locator(".jp-LauncherCard").filter(has_text="Open opsdash panel")
        expect(tile).to_be_visible(timeout=PATIENCE_MS)
        page.screenshot(path=folder / f"lab-launcher-{theme}.png")
        tile.click()
        panel = Panel(page)
        panel.launch("price_options", spot="101.5")
        panel.expect_state("succeeded")
        page.screenshot(path=folder / f"lab-panel-{theme}.png")
        page.close()


def _set_theme(lab: Served, name: str) -> None:
    """Write the theme, and no question about news, where JupyterLab keeps settings."""
    folder = lab.home.parent / "user/.jupyter/lab/user-settings/@jupyterlab"
    folder /= "apputils-extension"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "themes.jupyterlab-settings").write_text(f'{{"theme": "{name}"}}')
    news = '{"fetchNews": "false"}'
    (folder / "notification.jupyterlab-settings").write_text(news)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ".cache/screenshots"))
