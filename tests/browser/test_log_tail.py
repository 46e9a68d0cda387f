"""LogTail in a real browser, alone in a notebook under Voila."""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.serving import Served, free_port, until

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000
_CELL = """
from opsdash_widgets.core.follow import LogFile
from opsdash_widgets.ui.controls.log_tail import LogTail
LogTail(LogFile({run!r}), height="400px")
"""
_FIRST_ON_SCREEN = """
() => {
  const top = document.querySelector('.ops-log-scroller').getBoundingClientRect().top;
  const rows = [...document.querySelectorAll('.ops-log-row[data-line]')];
  const shown = rows.filter((row) => row.getBoundingClientRect().bottom > top + 2);
  return Number(shown[0].dataset.line);
}
"""


def write(run: Path, text: str, stream: int = 1) -> None:
    with (run / "output.log").open("ab") as out, (run / "output.idx").open("ab") as idx:
        idx.write(struct.pack("<QQQ", out.tell(), 10**9, stream))
        out.write(text.encode())


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
    cell = {
        "cell_type": "code",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": _CELL.format(run=str(run)),
    }
    python = {"name": "python3", "language": "python", "display_name": "Python 3"}
    book = {"cells": [cell], "metadata": {"kernelspec": python}}
    notebook = tmp_path / "log.ipynb"
    notebook.write_text(json.dumps({**book, "nbformat": 4, "nbformat_minor": 5}))
    port = free_port()
    command = [sys.executable, "-m", "voila", str(notebook), "--no-browser"]
    home = tmp_path / "home"
    with Served([*command, f"--port={port}"], home, tmp_path) as served:
        served.wait_for_url(rf"http://\S*:{port}/\S*")
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"http://127.0.0.1:{port}/", timeout=2 * PATIENCE_MS)
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
    place = page.evaluate(_FIRST_ON_SCREEN)
    write(run, "another\n" * 3)
    expect(page.locator(".ops-log-end")).to_contain_text("3 new lines")
    assert page.evaluate(_FIRST_ON_SCREEN) == place
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
    assert page.evaluate(_FIRST_ON_SCREEN) == 0
    page.keyboard.press("ArrowDown")
    until(lambda: page.evaluate(_FIRST_ON_SCREEN) == 1, "one line further")
    page.keyboard.press("PageDown")
    until(lambda: page.evaluate(_FIRST_ON_SCREEN) > 15, "one page further")
    page.keyboard.press("End")
    page.locator(".ops-log-row", has_text="line 399999").wait_for()
    expect(page.locator(".ops-log-state")).to_contain_text("following")
