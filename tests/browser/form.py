"""The form of a module as a user handles it: by names and roles."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.panel import PATIENCE_MS


class Form:
    """The form on a page, by the names that its fields show."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".ops-argparse_form")

    def text(self, name: str) -> Locator:
        """A field that takes text."""
        return self.root.get_by_role("textbox", name=name, exact=True)

    def fill(self, name: str, value: str) -> None:
        """Write a value into a field."""
        self.text(name).fill(value, timeout=PATIENCE_MS)

    def radio(self, group: str, name: str) -> Locator:
        """One of the few things that a field can be."""
        field = self.root.get_by_role("radiogroup", name=group, exact=True)
        return field.get_by_role("radio", name=name, exact=True)

    def member(self, name: str) -> Locator:
        """The radio button of a member of an exclusive group."""
        return self.root.locator("fieldset").get_by_role("radio", name=name, exact=True)

    def button(self, name: str) -> Locator:
        """A button by its whole name."""
        return self.root.get_by_role("button", name=name, exact=True)

    def field(self, argument_id: str) -> Locator:
        """The row of an argument."""
        return self.root.locator(f'.ops-field[data-id="{argument_id}"]')

    def expect_error(self, argument_id: str, text: str) -> None:
        """Wait until a field says what is wrong with it."""
        message = self.field(argument_id).locator(".ops-field-error")
        expect(message).to_contain_text(text, timeout=PATIENCE_MS)

    def paste(self, field: Locator, text: str) -> None:
        """Paste a text into a field, as from another program."""
        field.evaluate(
            """(element, text) => {
              element.focus();
              const data = new DataTransfer();
              data.setData("text/plain", text);
              element.dispatchEvent(new ClipboardEvent("paste",
                { clipboardData: data, bubbles: true, cancelable: true }));
            }""",
            text,
        )
