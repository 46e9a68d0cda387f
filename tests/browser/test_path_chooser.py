"""The file chooser of a path's field, with the mouse and without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.panel import PATIENCE_MS, Panel
from tests.serving import Served

pytestmark = pytest.mark.browser


def chooser(page: Page, panel: Panel, server: Served, name: str) -> Locator:
    """The open chooser of a field of the example module."""
    page.goto(server.url)
    panel.pick("price_note")
    page.get_by_role("button", name=f"Choose a file for {name}", exact=True).click(
        timeout=PATIENCE_MS
    )
    return page.get_by_role("dialog", name=f"Choose a file for {name}")


def names(dialog: Locator) -> Locator:
    """The rows of the chooser's list."""
    return dialog.get_by_role("listbox", name="Files and folders").get_by_role("option")


def test_a_file_is_chosen_with_the_keyboard_alone(
    server: Served, page: Page, panel: Panel
) -> None:
    dialog = chooser(page, panel, server, "Prices")
    rows = names(dialog)
    expect(rows.filter(has_text="prices.csv")).to_have_attribute(
        "aria-selected", "true", timeout=PATIENCE_MS
    )
    page.keyboard.press("Backspace")  # up
    expect(rows.first).to_contain_text("data", timeout=PATIENCE_MS)
    page.keyboard.type("back")
    expect(rows).to_have_count(1, timeout=PATIENCE_MS)
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    prices = page.get_by_role("textbox", name="Prices", exact=True)
    expect(prices).to_have_value("runners/backtest.py")


def test_a_new_name_is_given_in_a_folder(
    server: Served, page: Page, panel: Panel
) -> None:
    dialog = chooser(page, panel, server, "Write to")
    names(dialog).filter(has_text="runners").dblclick(timeout=PATIENCE_MS)
    known = names(dialog).filter(has_text="prices.py")
    expect(known).to_be_visible(timeout=PATIENCE_MS)
    name = dialog.get_by_label("or")
    name.fill("prices.py")
    expect(dialog).to_contain_text("prices.py is there already.")
    name.fill("../up")
    expect(dialog.get_by_role("button", name="Choose", exact=True)).to_be_disabled()
    name.fill("note.txt")
    dialog.get_by_role("button", name="Choose", exact=True).click()
    out = page.get_by_role("textbox", name="Write to", exact=True)
    expect(out).to_have_value("runners/note.txt")


def test_escape_leaves_the_field_as_it_was_and_gives_the_focus_back(
    server: Served, page: Page, panel: Panel
) -> None:
    dialog = chooser(page, panel, server, "Prices")
    expect(names(dialog).first).to_be_visible(timeout=PATIENCE_MS)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("textbox", name="Prices", exact=True)).to_have_value("")
    expect(page.get_by_role("button", name="Choose a file for Prices")).to_be_focused()


def test_a_hostile_name_is_text_and_one_that_leads_elsewhere_is_not_entered(
    server: Served, project: Path, page: Page, panel: Panel
) -> None:
    (project / "<img src=x onerror=alert(1)>").touch()
    (project / "zz_elsewhere").symlink_to("/")
    asked: list[str] = []
    page.on("dialog", lambda each: (asked.append(each.message), each.dismiss()))
    dialog = chooser(page, panel, server, "Write to")
    hostile = names(dialog).filter(has_text="<img src=x")
    expect(hostile).to_be_visible(timeout=PATIENCE_MS)
    elsewhere = names(dialog).filter(has_text="zz_elsewhere")
    expect(elsewhere).to_contain_text("leads elsewhere")
    elsewhere.dblclick(force=True)
    expect(hostile).to_be_visible()
    assert asked == []


def test_a_file_that_is_not_there_is_remarked_upon_at_the_field(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    panel.pick("price_note")
    panel.fill("Prices", "runners/data/none.csv")
    page.keyboard.press("Tab")
    row = page.locator('.ops-field[data-id="--prices"]')
    said = "There is no file runners/data/none.csv."
    expect(row).to_contain_text(said, timeout=PATIENCE_MS)
    panel.fill("Prices", "runners/data/prices.csv")
    page.keyboard.press("Tab")
    expect(row).not_to_contain_text(said, timeout=PATIENCE_MS)
