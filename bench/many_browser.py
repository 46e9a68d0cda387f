"""The panel while another session launches two hundred runs at once."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, NAMES
from tests.browser.panel import Panel
from tests.serving import standalone, until

from .figure import Figure
from .supervisor import AT_ONCE, WAITS, until_ready, waiting

ROOT = Path(__file__).parents[1]
MODULES = ("runners.first_model", "runners.price_options")
TARGET_MS = 200
BETWEEN_MS = 250
"""Between two clicks of somebody in a hurry."""
CALM = 20
"""Clicks before the launches, to compare with."""

# From a click on a module to the frame that shows its form: the kernel answers it.
_CLICK = """
name => new Promise(done => {
  const short = name.split(".").pop(), begun = performance.now();
  document.querySelector(`[data-name="${name}"]`).click();
  const look = () => {
    const title = document.querySelector(".ops-form-head .ops-form-title");
    if (title?.textContent === short) done(performance.now() - begun);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})
"""


def figures() -> list[Figure]:
    """How long clicks wait for their answer meanwhile, and how long it takes."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        home = Path(name) / "home"
        home.mkdir(mode=0o700)
        program = next(path for path in map(shutil.which, NAMES) if path)
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        with standalone(home, ROOT) as server:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(server.url)
            for module in MODULES:  # their specs are in the cache from here on
                Panel(page).pick(module.rpartition(".")[2])
            calm = [took for took, _ in zip(_clicks(page), range(CALM), strict=False)]
            busy, running_s = _while_launching(page, home)
        browser.close()
    note = (
        f"{len(busy)} clicks, worst {max(busy):.0f} ms; "
        f"before the launches {statistics.median(calm):.0f} ms"
    )
    return [
        Figure(
            name=f"a click in the panel while {AT_ONCE} runs start, median",
            value=statistics.median(busy),
            unit="ms",
            target=TARGET_MS,
            note=f"{note}; all were running after {running_s:.1f} s",
        )
    ]


def _while_launching(page: Page, home: Path) -> tuple[list[float], float]:
    """Click until all runs of another session are running."""
    folder = home / "logs"
    (folder / "waits.py").write_text(WAITS)
    launched, clicked = threading.Event(), threading.Event()
    took: list[float] = []

    def launch() -> None:
        begun = time.monotonic()
        with waiting(folder, AT_ONCE) as runs:
            until_ready(runs)
            took.append(time.monotonic() - begun)
            launched.set()
            clicked.wait()

    thread = threading.Thread(target=launch)
    thread.start()
    clicks: list[float] = []
    for milliseconds in _clicks(page):
        clicks.append(milliseconds)
        if launched.is_set():
            break
    clicked.set()
    thread.join()
    until(lambda: took, "all have been launched")
    return clicks, took[0]


def _clicks(page: Page) -> Iterator[float]:
    """Milliseconds of one click after the other."""
    while True:
        for module in MODULES:
            yield float(page.evaluate(_CLICK, module))
            page.wait_for_timeout(BETWEEN_MS)
