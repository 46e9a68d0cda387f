"""Chromium, and the servers that it is pointed at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.panel import Panel
from tests.serving import PATIENCE_S, Served, jupyter_lab, standalone

ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


# Not for the session: while Playwright runs no other test may run an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    found = [path for path in map(shutil.which, NAMES) if path]
    assert found, "there is no Chromium; `make test` says how to get one"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found[0], args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty home and a project with the example modules."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "home").mkdir(mode=0o700)
    shutil.copytree(ROOT / "runners", folder / "project" / "runners")
    return folder


@pytest.fixture(scope="module")
def home(place: Path) -> Path:
    """The home folder of this module's servers."""
    return place / "home"


@pytest.fixture(scope="module")
def project(place: Path) -> Path:
    """The project of this module's servers, in which a test may write."""
    return place / "project"


@pytest.fixture(scope="module")
def server(home: Path, project: Path) -> Iterator[Served]:
    """The standalone app, one for a module of tests."""
    with standalone(home, project) as served:
        yield served


@pytest.fixture(scope="module")
def lab(home: Path, project: Path) -> Iterator[Served]:
    """JupyterLab, one for a module of tests."""
    with jupyter_lab(home, project) as served:
        yield served


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window without cookies, as wide as a desk's."""
    window = browser.new_context(viewport={"width": 1440, "height": 900})
    window.set_default_timeout(PATIENCE_S * 1000)
    yield window
    window.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page; what goes wrong in it is printed, for the report of a failure."""
    opened = context.new_page()
    opened.on("pageerror", lambda error: print(f"page error: {error}"))
    return opened


@pytest.fixture
def panel(page: Page) -> Panel:
    """The panel as a user handles it, once the page has been pointed at it."""
    return Panel(page)
