"""A run outlives the kernel that launched it, and the panel finds it again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.panel import PATIENCE_MS, Panel
from tests.serving import Served, until

pytestmark = pytest.mark.browser

LINES = 40
SLOW = f'''\
"""Counts slowly, then ends with the code 3."""
import argparse, sys, time

def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--until-file", required=True)
    options = parser.parse_args()
    import pathlib
    print("line 0", flush=True)
    while not pathlib.Path(options.until_file).exists():
        time.sleep(0.05)
    for number in range(1, {LINES}):
        print("line", number, flush=True)
    sys.exit(3)

if __name__ == "__main__":
    main()
'''


@pytest.fixture
def slow_module(project: Path) -> Path:
    """A module that ends when a file appears; gives that file's path."""
    (project / "runners" / "slow_count.py").write_text(SLOW)
    return project / "go"


def end_the_pages_kernel(server: Served, page: Page) -> None:
    """Kill the kernel of the page as the kernel's own out-of-memory killer would."""
    config = page.locator("#jupyter-config-data").text_content() or "{}"
    kernel_id = json.loads(config)["kernelId"]
    for process in server.kernels():
        if kernel_id in " ".join(process.cmdline()):
            process.kill()


def test_a_killed_kernel_leaves_the_run_its_log_and_its_exit_code(
    server: Served, page: Page, panel: Panel, home: Path, slow_module: Path
) -> None:
    page.goto(server.url)
    panel.pick("slow_count")
    panel.fill("until-file", str(slow_module))
    panel.run()
    panel.expect_state("running")
    short = panel.short_id()

    end_the_pages_kernel(server, page)
    banner = page.get_by_role("alert").filter(has_text="your runs go on")
    expect(banner).to_be_visible(timeout=PATIENCE_MS)
    slow_module.touch()
    banner.get_by_role("button", name="Reload").click()

    panel.go_to("Runs")
    row = panel.row(short)
    expect(row).to_contain_text("failed", timeout=PATIENCE_MS)
    run_dir = until(
        lambda: next((home / "logs" / "runs").glob(f"*{short}"), None), "its folder"
    )
    assert json.loads((run_dir / "exit.json").read_text())["code"] == 3
    assert (run_dir / "output.log").read_text().splitlines() == [
        f"line {number}" for number in range(LINES)
    ]
    row.get_by_role("gridcell").filter(has_text="slow_count").click()
    panel.expect_state("exit 3")
    panel.expect_log(re.compile(rf"line {LINES - 1}\b"))
