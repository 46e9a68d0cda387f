"""A sweep over business dates as a user makes it: written, followed, run again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.panel import PATIENCE_MS, Panel
from tests.serving import Served

pytestmark = pytest.mark.browser

DATED = '''\
"""One report for a day; there is none for 10 January until the curves are mended."""
import argparse, datetime, pathlib, sys
parser = argparse.ArgumentParser()
parser.add_argument("--start-date", type=datetime.date.fromisoformat, required=True)
parser.add_argument("--vol", type=float, default=0.2)
if __name__ == "__main__":
    args = parser.parse_args()
    print("report of", args.start_date)
    if args.start_date.day == 10 and not pathlib.Path("mended").exists():
        raise KeyError("EURUSD")
'''


class Sweep:
    """The sweep's parts on the page Run."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.fold = page.get_by_role("button", name=re.compile("^Sweep many"))
        self.editor = page.locator(".ops-sweep_panel")
        self.table = page.locator(".ops-sweep_table")
        self.grid = page.get_by_role("grid", name="Combinations")

    def write(self, place: int, field: str, text: str) -> None:
        """Choose a field in a row, and write what it is swept over."""
        self.editor.get_by_label("Swept field").nth(place).select_option(field)
        box = self.editor.get_by_label(f"Values of {field.lstrip('-')}")
        box.fill(text)

    def rows(self, word: str = "") -> Locator:
        """The rows on screen with a status."""
        rows = self.grid.get_by_role("row").filter(
            has=self.page.get_by_role("gridcell")
        )
        return rows.filter(has_text=word) if word else rows

    def count(self, word: str) -> Locator:
        """The button that counts a status and shows only those."""
        return self.table.get_by_role("button", name=re.compile(rf"^[\d,]+\s?{word}$"))

    def button(self, name: str) -> Locator:
        """A button of the table's head."""
        return self.table.get_by_role("button", name=name, exact=True)


@pytest.fixture
def sweep(page: Page, server: Served, project: Path) -> Sweep:
    """The page Run with the dated module's form."""
    (project / "runners" / "dated.py").write_text(DATED)
    (project / "mended").unlink(missing_ok=True)
    page.goto(server.url)
    Panel(page).pick("dated")
    opened = Sweep(page)
    expect(opened.fold).to_be_visible(timeout=PATIENCE_MS)
    return opened


def test_business_dates_are_launched_as_one_and_the_failed_one_is_run_again(
    sweep: Sweep, page: Page, project: Path
) -> None:
    sweep.fold.click()
    sweep.write(0, "--start-date", "2024-01-01..2024-01-31:B")
    expect(sweep.editor).to_contain_text("23 business days")
    expect(sweep.editor).to_contain_text("2024-01-31")
    sweep.editor.get_by_label("At a time").fill("4")
    sweep.editor.get_by_label("At a time").press("Tab")
    sweep.editor.get_by_role("button", name="Launch 23 runs").click()
    expect(sweep.table).to_contain_text("23 of 23 done", timeout=PATIENCE_MS)
    expect(sweep.count("failed")).to_have_text(re.compile("1"))
    bar = page.get_by_role("progressbar", name="Runs that have ended")
    expect(bar).to_have_attribute("aria-valuetext", "1 failed, 22 succeeded")
    sweep.count("failed").click()
    expect(sweep.rows()).to_have_count(1)
    expect(sweep.rows()).to_contain_text("2024-01-10")
    expect(sweep.rows()).to_contain_text("KeyError: 'EURUSD'")
    sweep.rows().click()
    Panel(page).expect_log("report of 2024-01-10")
    (project / "mended").touch()
    sweep.button("Re-run the failed one").click()
    expect(sweep.table).to_contain_text("23 succeeded", timeout=PATIENCE_MS)
    expect(sweep.rows("try 2")).to_contain_text("2024-01-10")
    expect(sweep.button("Re-run the failed one")).to_have_count(0)


def test_a_sweep_is_sorted_stopped_with_a_question_and_found_by_another_page(
    sweep: Sweep, page: Page, server: Served
) -> None:
    Panel(page).pick("nightly_batch")
    expect(sweep.fold).to_be_visible(timeout=PATIENCE_MS)
    sweep.fold.click()
    sweep.write(0, "--book", "rates,fx,credit,equity,oil")
    launch = sweep.editor.get_by_role("button", name=re.compile(r"^Launch \d+ runs$"))
    expect(launch).to_be_enabled(timeout=PATIENCE_MS)
    launch.click()
    expect(sweep.rows("running").first).to_be_visible(timeout=PATIENCE_MS)
    sort = sweep.grid.get_by_role("button", name="book")
    sort.click()
    expect(sort.locator("..")).to_have_attribute("aria-sort", "ascending")
    other = page.context.new_page()
    other.goto(server.url)
    found = Sweep(other)
    expect(found.rows("running").first).to_be_visible(timeout=PATIENCE_MS)
    sweep.button("Stop").click()
    question = page.get_by_role("alertdialog", name="Confirm")
    expect(question).to_contain_text("will not start")
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(sweep.button("Stop")).to_be_focused()
    sweep.button("Stop").click()
    question.get_by_role("button", name="Stop it").click()
    sweep.button("Kill now").click()
    for each in (sweep, found):
        expect(each.table).to_have_attribute(
            "data-state", "finished", timeout=PATIENCE_MS
        )
    expect(found.button("Run the 5 stopped")).to_be_visible()
    other.close(run_before_unload=True)


def test_what_is_written_wrongly_is_said_in_place_and_a_great_sweep_is_asked_about(
    sweep: Sweep, page: Page
) -> None:
    sweep.fold.press("Enter")
    sweep.write(0, "--start-date", "2024-03-01..2024-01-01")
    expect(sweep.editor).to_contain_text("before it begins")
    expect(sweep.editor.get_by_role("button", name="Launch")).to_be_disabled()
    sweep.write(0, "--start-date", "2024-01-01..2024-12-31:B")
    sweep.editor.get_by_role("button", name="Sweep another field").click()
    sweep.write(1, "--vol", "0.1..0.5:0.1")
    expect(sweep.editor).to_contain_text("262 business days")
    expect(sweep.editor).to_contain_text("= 1,310 runs")
    sweep.editor.get_by_role("button", name="Launch 1,310 runs").click()
    question = page.get_by_role("alertdialog", name="Confirm the launch")
    expect(question).to_contain_text("Launch 1,310 runs of runners.dated")
    question.get_by_role("button", name="Cancel").click()
    expect(sweep.grid).to_have_count(0)
