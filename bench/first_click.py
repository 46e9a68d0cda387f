"""How long a visitor of the standalone page waits until it answers a click."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGUMENTS, NAMES
from tests.browser.panel import Panel
from tests.serving import Served, standalone, until

from .figure import Figure

ROOT = Path(__file__).parents[1]
ROUNDS = 20
HURRIED_ROUNDS = 5
TARGET_S = 4.0


def figures() -> list[Figure]:
    """From the address to an answered click, with and without a kernel that waits."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        home = Path(name) / "home"
        home.mkdir(mode=0o700)
        program = next(path for path in map(shutil.which, NAMES) if path)
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        with standalone(home, ROOT) as server:
            calm = [_calm_visit(server, browser) for _ in range(ROUNDS)]
            hurried = [_hurried_visit(server, browser) for _ in range(HURRIED_ROUNDS)]
        browser.close()
    return [
        _figure("the page's first answered click", calm, "an empty browser cache"),
        _figure("the same, right after another visitor", hurried, "no kernel waits"),
    ]


def _figure(name: str, seconds: list[float], note: str) -> Figure:
    spread = f"{min(seconds):.1f} to {max(seconds):.1f} s"
    return Figure(
        name=name,
        value=statistics.median(seconds),
        unit="s",
        target=TARGET_S,
        note=f"{note}, {len(seconds)} visits, {spread}",
    )


def _calm_visit(server: Served, browser: Browser) -> float:
    until(lambda: _is_calm(server), "a kernel waits and no other runs")
    return _visit(server, browser)


def _hurried_visit(server: Served, browser: Browser) -> float:
    until(lambda: _is_calm(server), "a kernel waits and no other runs")
    first = browser.new_context()
    page = first.new_page()
    page.goto(server.url)
    page.locator("html[data-ops-drawn]").wait_for(state="attached")
    seconds = _visit(server, browser)
    first.close()
    return seconds


def _is_calm(server: Served) -> bool:
    health = server.health()
    return bool(health["ready_kernels"] == health["kernels"] == 1)


def _visit(server: Served, browser: Browser) -> float:
    """From the address to the form that a click on a module opens."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(server.url, wait_until="commit")
    panel = Panel(page)
    panel.pick("first_model")
    page.get_by_role("textbox", name="points", exact=True).wait_for()
    seconds = time.perf_counter() - begun
    page.close(run_before_unload=True)
    context.close()
    return seconds
