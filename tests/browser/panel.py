"""The panel as a user handles it: by names and roles, never by how it is built."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.serving import PATIENCE_S

PATIENCE_MS = PATIENCE_S * 1000


class Panel:
    """The panel on a page, wherever it is shown."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go_to(self, name: str) -> None:
        """Open one of the pages, Run, Runs or Config, from the rail or the menu."""
        menu = self.page.get_by_label("Menu", exact=True)
        if menu.is_visible():
            menu.click()
        pages = self.page.get_by_role("navigation", name="Pages")
        pages.get_by_role("button", name=name, exact=True).click()
        heading = self.page.get_by_role("heading", name=name, level=1, exact=True)
        expect(heading).to_be_visible(timeout=PATIENCE_MS)

    def pick(self, module: str) -> None:
        """Choose a module from the list."""
        modules = self.page.get_by_role("listbox", name="Modules")
        modules.get_by_role("option", name=module).click(timeout=PATIENCE_MS)

    def fill(self, label: str, value: str) -> None:
        """Write a value into a field of the form."""
        field = self.page.get_by_role("textbox", name=label, exact=True)
        field.fill(value, timeout=PATIENCE_MS)

    def choose(self, label: str, value: str) -> None:
        """Choose one of the few values that a field offers."""
        field = self.page.get_by_role("radiogroup", name=label, exact=True)
        field.get_by_role("radio", name=value, exact=True).check(timeout=PATIENCE_MS)

    def run(self) -> None:
        """Press Run."""
        launch = self.page.get_by_role("region", name="Launch")
        button = launch.get_by_role("button", name="Run", exact=True)
        expect(button).to_be_enabled(timeout=PATIENCE_MS)
        button.click()

    def launch(self, module: str, **values: str) -> None:
        """Pick a module, fill its form and run it."""
        self.pick(module)
        for label, value in values.items():
            self.fill(label, value)
        self.run()

    @property
    def card(self) -> Locator:
        """The card of the run that the page follows."""
        return self.page.get_by_role("region", name="Run", exact=True).last

    @property
    def log(self) -> Locator:
        """The log of the run that the page follows."""
        return self.page.get_by_role("log").last

    def expect_state(self, word: str) -> None:
        """Wait until the followed run is in a state or has ended in an outcome."""
        expect(self.card).to_contain_text(word, timeout=PATIENCE_MS)

    def expect_log(self, text: str | re.Pattern[str]) -> None:
        """Wait until the log shows a text."""
        expect(self.log).to_contain_text(text, timeout=PATIENCE_MS)

    def short_id(self) -> str:
        """The six characters that the card names its run with."""
        button = self.card.get_by_role("button", name=re.compile(r"^[0-9a-f]{6}$"))
        return button.inner_text(timeout=PATIENCE_MS).strip()

    def row(self, text: str) -> Locator:
        """The row of the table of runs whose name holds a text, such as a run's id."""
        grid = self.page.get_by_role("grid", name="Runs")
        return grid.get_by_role("row", name=re.compile(re.escape(text)))
