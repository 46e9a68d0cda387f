"""The form follows its module's source under the user's hands."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.panel import PATIENCE_MS, Panel
from tests.serving import Served

pytestmark = pytest.mark.browser

FIRST = '''"""Priced by the day."""
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--book", required=True)
parser.add_argument("--paths", type=int)
args = parser.parse_args()
print(f"book {args.book}")
'''
SECOND = FIRST.replace('"--paths", type=int', '"--seed", type=int')
BROKEN = FIRST.replace("import argparse", "import argparse (")


@pytest.fixture(scope="module")
def project(place: Path) -> Path:
    """The project of these tests, with a module that they change."""
    (place / "project" / "runners" / "daily_price.py").write_text(FIRST)
    return place / "project"


def test_a_form_and_the_list_of_modules_follow_the_sources(
    server: Served, page: Page, panel: Panel, project: Path
) -> None:
    source = project / "runners" / "daily_price.py"
    page.goto(server.url)
    panel.pick("daily_price")
    form = page.locator(".ops-argparse_form")
    book = form.get_by_role("textbox", name="book", exact=True)
    book.fill("EMEA", timeout=PATIENCE_MS)

    saved = time.monotonic()
    source.write_text(SECOND)
    expect(form.locator('[data-id="--seed"]')).to_be_visible(timeout=PATIENCE_MS)
    print(f"followed after {time.monotonic() - saved:.2f} s")
    expect(form.locator('[data-id="--paths"]')).to_have_count(0)
    expect(form).to_contain_text("--paths went, --seed is new")
    expect(book).to_have_value("EMEA")

    source.write_text(BROKEN)
    expect(form).to_contain_text("cannot be read as Python", timeout=PATIENCE_MS)
    expect(form).to_contain_text("The form is as it last was.")
    expect(book).to_have_value("EMEA")

    source.write_text(SECOND)
    gone = form.get_by_text("cannot be read as Python")
    expect(gone).to_have_count(0, timeout=PATIENCE_MS)
    panel.run()
    panel.expect_log("book EMEA")

    (project / "runners" / "weekly_price.py").write_text(FIRST)
    modules = page.get_by_role("listbox", name="Modules")
    fresh = modules.get_by_role("option", name="weekly_price")
    expect(fresh).to_be_visible(timeout=PATIENCE_MS)
    (project / "runners" / "weekly_price.py").unlink()
    expect(fresh).to_have_count(0, timeout=PATIENCE_MS)
