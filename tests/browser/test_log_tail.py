"""LogTail in a real browser, alone in a notebook under Voila."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.one_log import FIRST_ON_SCREEN, opened, write
from tests.serving import until

pytestmark = pytest.mark.browser


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    folder.mkdir()
    write(folder, "".join(f"line {number}\n" for number in range(2_000)))
    write(folder, "KeyError: EURUSD\n", stream=2)
    write(folder, "<img src=x onerror=alert(1)> password=hunter2\n")
    return folder


@pytest.fixture
def page(run: Path, tmp_path: Path, context: BrowserContext) -> Iterator[Page]:
    with opened(run, tmp_path, context) as page:
        page.locator(".ops-log-row", has_text="password").wait_for()
        yield page


def test_the_log_is_followed_paused_searched_filtered_and_saved(
    page: Page, run: Path
) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    state = page.locator(".ops-log-state")

    expect(state).to_contain_text("2,002 lines")
    write(run, "a new line\n")
    page.locator(".ops-log-row", has_text="a new line").wait_for()
    assert page.locator(".ops-log-row img").count() == 0
    assert "hunter2" not in page.locator(".ops-log-tail").inner_text()

    page.locator(".ops-log-scroller").hover()
    page.mouse.wheel(0, -900)
    expect(state).to_contain_text("not following")
    place = page.evaluate(FIRST_ON_SCREEN)
    write(run, "another\n" * 3)
    expect(page.locator(".ops-log-end")).to_contain_text("3 new lines")
    assert page.evaluate(FIRST_ON_SCREEN) == place
    page.locator(".ops-log-end").click()
    expect(state).to_contain_text("following")
    page.locator(".ops-log-row", has_text="another").first.wait_for()

    page.locator(".ops-log-scroller").focus()
    page.keyboard.press("/")
    page.keyboard.type("line 12")
    expect(page.locator(".ops-log-count")).to_contain_text("of 111")
    page.keyboard.press("Enter")
    expect(page.locator(".ops-log-current mark")).to_have_text("line 12")
    page.keyboard.press("Escape")

    page.get_by_label("Go to line").fill("1000")
    page.get_by_label("Go to line").press("Enter")
    expect(page.locator(".ops-log-selected")).to_contain_text("line 999")

    page.get_by_label("Stream").select_option("err")
    expect(state).to_contain_text("1 line of 2,006")
    expect(page.locator(".ops-log-err")).to_contain_text("KeyError")
    page.get_by_label("Stream").select_option("all")
    expect(state).to_contain_text("2,006 lines")

    with page.expect_download() as download:
        page.locator("[data-action=download]").click()
    text = Path(download.value.path()).read_text()
    assert download.value.suggested_filename == "run.log"
    assert len(text.splitlines()) == 2_006
    assert "hunter2" not in text
    assert dialogs == []


def test_the_keyboard_moves_through_a_log_taller_than_a_browser_allows(
    page: Page, run: Path
) -> None:
    (run / "output.log").write_text(
        "".join(f"line {number}\n" for number in range(400_000))
    )
    (run / "output.idx").unlink()
    expect(page.locator(".ops-log-state")).to_contain_text("400,000 lines")
    page.locator(".ops-log-row", has_text="line 399999").wait_for()
    page.locator(".ops-log-scroller").focus()
    page.keyboard.press("g")
    page.locator(".ops-log-row", has_text="line 0").first.wait_for()
    assert page.evaluate(FIRST_ON_SCREEN) == 0
    page.keyboard.press("ArrowDown")
    until(lambda: page.evaluate(FIRST_ON_SCREEN) == 1, "one line further")
    page.keyboard.press("PageDown")
    until(lambda: page.evaluate(FIRST_ON_SCREEN) > 15, "one page further")
    page.keyboard.press("End")
    page.locator(".ops-log-row", has_text="line 399999").wait_for()
    expect(page.locator(".ops-log-state")).to_contain_text("following")
