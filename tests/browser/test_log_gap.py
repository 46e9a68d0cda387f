"""A log that was cut in its middle, under a real page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.one_log import FIRST_ON_SCREEN, opened, write
from tests.punching import cut_out

pytestmark = pytest.mark.browser

LINE = 13
COUNT = 20_000


def numbered(numbers: range) -> str:
    return "".join(f"line {number:07d}\n" for number in numbers)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    folder.mkdir()
    write(folder, numbered(range(COUNT)))
    return folder


@pytest.fixture
def page(run: Path, tmp_path: Path, context: BrowserContext) -> Iterator[Page]:
    with opened(run, tmp_path, context) as page:
        page.locator(".ops-log-row", has_text="line 0019999").wait_for()
        yield page


def test_the_view_keeps_its_place_while_the_log_is_cut_and_shows_the_gap(
    page: Page, run: Path
) -> None:
    state, gap = page.locator(".ops-log-state"), page.locator(".ops-log-gap")
    short = page.locator(".ops-log-short")
    expect(state).to_contain_text("20,000 lines")
    expect(short).to_be_hidden()
    page.get_by_label("Go to line").fill("15000")
    page.get_by_label("Go to line").press("Enter")
    expect(page.locator(".ops-log-selected")).to_contain_text("line 0014999")
    place = page.evaluate(FIRST_ON_SCREEN)

    for start, end in ((100, 9_000), (9_000, 14_000)):
        cut_out(run, start * LINE, end * LINE)
        write(run, "more\n")
        expect(state).to_contain_text(f"of {COUNT + 1 + (end > 9_000):,}")
        expect(short).to_contain_text(f"{(end - 100) * LINE / 1000:.0f} kB cut out")
        assert page.evaluate(FIRST_ON_SCREEN) == place
        expect(page.locator(".ops-log-selected")).to_contain_text("line 0014999")
        expect(page.locator(".ops-log-end")).to_contain_text("new line")
    expect(state).to_contain_text("6,102 lines of 20,002")

    short.click()
    words = "… 181 kB and 13,900 lines cut out here by the log limit …"
    expect(gap).to_have_text(words)
    expect(gap).to_be_in_viewport()
    assert gap.get_attribute("role") == "note"
    assert gap.locator(".ops-log-number").count() == 0
    after = page.locator(".ops-log-gap + .ops-log-row")
    expect(after).to_contain_text("line 0014000")
    assert after.locator(".ops-log-number").get_attribute("data-number") == "14001"
    gap.click()
    expect(page.locator(".ops-log-gap.ops-log-selected")).to_have_count(0)

    page.get_by_label("Go to line").fill("500")
    page.get_by_label("Go to line").press("Enter")
    expect(page.locator(".ops-log-notice")).to_contain_text("was cut out")
    page.get_by_label("Search the log").fill("line 00140")
    expect(page.locator(".ops-log-count")).to_contain_text("of 100")
    expect(page.locator(".ops-log-current mark")).to_have_text("line 00140")

    with page.expect_download() as download:
        page.locator("[data-action=download]").click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert (len(lines), lines[100]) == (6_103, words)
