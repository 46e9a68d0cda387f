"""Presets in a real browser: kept, applied, edited as JSON, taken away and had back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.panel import PATIENCE_MS, Panel
from tests.serving import Served

pytestmark = pytest.mark.browser

MODULE = "runners.price_options"


@pytest.fixture
def bar(server: Served, page: Page, panel: Panel) -> Locator:
    """The preset bar over the form of the example module."""
    page.goto(server.url)
    panel.pick("price_options")
    shown = page.get_by_role("region", name="Presets", exact=True)
    expect(shown).to_be_visible(timeout=PATIENCE_MS)
    expect(field(page, "spot")).to_be_visible(timeout=PATIENCE_MS)
    return shown


def field(page: Page, label: str) -> Locator:
    """A text field of the form."""
    return page.get_by_role("textbox", name=label, exact=True)


def save_as(bar: Locator, name: str) -> None:
    """Save the form under a new name, from the menu."""
    menu(bar, "Save as\u2026")
    box = bar.get_by_role("form")
    box.get_by_label("Name").fill(name)
    box.get_by_role("button", name="Save").click()
    expect(bar).to_contain_text(f"{name} is saved", timeout=PATIENCE_MS)


def menu(bar: Locator, entry: str) -> None:
    """Choose from the menu of the bar."""
    bar.get_by_role("button", name="More about presets").click()
    bar.get_by_role("menuitem", name=entry, exact=True).click()


def choose(bar: Locator, name: str) -> None:
    """Apply a preset from the list."""
    bar.get_by_role("button", name=re.compile("^Preset:")).click()
    bar.get_by_role("option", name=re.compile(f"^{name}")).click()
    expect(bar).to_contain_text(f"{name} is in the form", timeout=PATIENCE_MS)


def test_a_form_is_kept_changed_and_brought_back(
    bar: Locator, page: Page, panel: Panel
) -> None:
    panel.fill("spot", "101.5")
    panel.fill("paths", "2000")
    save_as(bar, "month end")
    modified = bar.get_by_text("modified", exact=True)
    expect(modified).to_be_hidden()
    panel.fill("paths", "3000")
    expect(modified).to_be_visible(timeout=PATIENCE_MS)
    choose(bar, "month end")
    expect(field(page, "paths")).to_have_value("2000", timeout=PATIENCE_MS)
    expect(modified).to_be_hidden(timeout=PATIENCE_MS)
    bar.get_by_role("button", name="Undo").click()
    expect(field(page, "paths")).to_have_value("3000", timeout=PATIENCE_MS)
    choose(bar, "month end")
    panel.run()
    panel.expect_state("succeeded")
    panel.expect_log("paths")


def test_the_keyboard_alone_keeps_and_applies(
    bar: Locator, page: Page, panel: Panel
) -> None:
    panel.fill("spot", "7")
    save = bar.get_by_role("button", name="Save", exact=True)
    save.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("by keys")
    page.keyboard.press("Enter")
    expect(bar).to_contain_text("by keys is saved", timeout=PATIENCE_MS)
    expect(bar.get_by_role("form")).to_be_hidden()
    panel.fill("spot", "8")
    bar.get_by_role("button", name=re.compile("^Preset:")).focus()
    page.keyboard.press("Enter")
    expect(bar.get_by_role("option", name=re.compile("by keys"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(field(page, "spot")).to_have_value("7", timeout=PATIENCE_MS)
    bar.get_by_role("button", name="More about presets").focus()
    page.keyboard.press("Enter")
    expect(bar.get_by_role("menuitem", name="Save as\u2026")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(bar.get_by_role("menuitem", name="Rename\u2026")).to_be_focused()
    page.keyboard.press("Escape")
    expect(bar.get_by_role("menu")).to_be_hidden()


def test_what_is_deleted_can_be_had_back(
    bar: Locator, panel: Panel, home: Path
) -> None:
    panel.fill("spot", "9")
    save_as(bar, "short lived")
    file = home / "presets" / MODULE / "short lived.json"
    assert file.is_file()
    menu(bar, "Delete")
    expect(bar).to_contain_text("short lived is deleted", timeout=PATIENCE_MS)
    assert not file.exists()
    bar.get_by_role("button", name="Undo").click()
    expect(bar).to_contain_text("short lived is back", timeout=PATIENCE_MS)
    assert file.is_file()


def test_any_part_is_edited_as_json_checked_and_applied(
    bar: Locator, page: Page, panel: Panel
) -> None:
    panel.fill("spot", "100")
    menu(bar, "Edit as JSON\u2026")
    editor = page.get_by_role("dialog", name="The preset as JSON")
    parts = editor.get_by_role("treeitem")
    expect(parts.first).to_be_focused(timeout=PATIENCE_MS)
    parts.filter(has_text="--spot").last.click()
    text = editor.get_by_role("textbox", name="JSON of the chosen part")
    expect(text).to_have_value('"100"')
    text.fill('"10')
    expect(editor.get_by_text("This is no JSON")).to_be_visible()
    check = editor.get_by_role("button", name="Validate")
    expect(check).to_be_disabled()
    text.fill('"many"')
    check.click()
    wrong = editor.get_by_text("not a number")
    expect(wrong.first).to_be_visible(timeout=PATIENCE_MS)
    text.fill('"250"')
    check.click()
    expect(editor.locator("[data-tone=success]")).to_be_visible(timeout=PATIENCE_MS)
    editor.get_by_role("button", name="Apply to the form").click()
    expect(editor).to_be_hidden(timeout=PATIENCE_MS)
    expect(field(page, "spot")).to_have_value("250", timeout=PATIENCE_MS)


def test_a_preset_goes_out_as_a_file_and_comes_in_again(
    bar: Locator, page: Page, panel: Panel, tmp_path: Path
) -> None:
    panel.fill("spot", "12")
    save_as(bar, "travels")
    with page.expect_download() as download:
        menu(bar, "Export")
    file = tmp_path / "mine.json"
    download.value.save_as(file)
    assert json.loads(file.read_text())["values"]["values"] == {"--spot": "12"}
    with page.expect_file_chooser() as chooser:
        menu(bar, "Import\u2026")
    chooser.value.set_files(file)
    question = bar.get_by_role("alertdialog")
    expect(question).to_contain_text("travels already", timeout=PATIENCE_MS)
    question.get_by_role("button", name="Replace").click()
    expect(bar).to_contain_text("Imported: travels", timeout=PATIENCE_MS)


def test_a_hostile_preset_is_shown_as_text(
    server: Served, page: Page, panel: Panel, project: Path
) -> None:
    folder = project / "presets" / MODULE
    folder.mkdir(parents=True, exist_ok=True)
    evil = "<img src=x onerror=alert(1)>"
    shared = {
        "name": "x",
        "module": MODULE,
        "description": evil,
        "values": {"values": {"--spot": evil, evil: "x"}},
    }
    (folder / "evil.json").write_text(json.dumps(shared))
    (folder / "broken.json").write_text("{")
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(server.url)
    panel.pick("price_options")
    bar = page.get_by_role("region", name="Presets", exact=True)
    bar.get_by_role("button", name=re.compile("^Preset:")).click(timeout=PATIENCE_MS)
    broken = bar.get_by_role("option", name=re.compile("^broken"))
    expect(broken).to_be_disabled(timeout=PATIENCE_MS)
    expect(broken).to_contain_text("line 1")
    bar.get_by_role("option", name=re.compile("^evil")).click()
    expect(bar).to_contain_text("evil is in the form", timeout=PATIENCE_MS)
    menu(bar, "Edit as JSON\u2026")
    editor = page.get_by_role("dialog", name="The preset as JSON")
    expect(editor).to_contain_text(evil, timeout=PATIENCE_MS)
    assert page.locator("img[src=x]").count() == 0
    assert dialogs == []
