"""A written line until it stands in the browser, under Voila; pages of a large log."""

from __future__ import annotations

import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from opsdash_widgets.core.follow import LogFile
from tests.serving import Served, free_port, until

from .figure import Figure

SECONDS = 8
PROBES = 100
RATES = (20, 1_000, 100_000)
LARGE = 1 << 30

_CELL = """
from pathlib import Path
import ipywidgets as widgets
from opsdash_widgets.core.follow import LogFile
from opsdash_widgets.ui.controls.log_tail import LogTail
folder = Path({folder!r})
tail = LogTail(LogFile(folder / "20"), height="600px")
buttons = []
for name in {names!r}:
    button = widgets.Button(description=name)
    def show(_, name=name):
        tail.source = LogFile(folder / name)
    button.on_click(show)
    buttons.append(button)
widgets.VBox([widgets.HBox(buttons), tail])
"""

# Writes lines of 100 bytes at a rate for some seconds, each with its own time (ms).
_WRITER = """
import sys, time
path, rate, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
with open(path, "ab", buffering=0) as out:
    begun, number = time.perf_counter(), 0
    while (now := time.perf_counter() - begun) < seconds:
        due = int(now * rate) - number
        if due > 0:
            stamp = f"{time.time() * 1000:.3f}"
            new = range(number, number + due)
            lines = (f"{n} t={stamp} ".ljust(99, "x") + "\\n" for n in new)
            out.write("".join(lines).encode())
            number += due
        time.sleep(min(0.005, 0.5 / rate))
"""

# Notes when the view reached which line, and the frames drawn meanwhile.
_WATCH = """
() => {
  const seen = (window.seen = []);
  window.frames_drawn = 0;
  window.watched_from = performance.now();
  const count = () => {
    if (window.seen !== seen) return; // another round is watched
    window.frames_drawn += 1;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  const look = () => {
    const rows = document.querySelectorAll('.ops-log-row[data-line]');
    const last = rows[rows.length - 1];
    const now = performance.timeOrigin + performance.now();
    if (last) seen.push([Number(last.dataset.line), now]);
  };
  const window_ = document.querySelector('.ops-log-window');
  new MutationObserver(look).observe(window_, { childList: true });
}
"""
_FPS = "() => 1000 * frames_drawn / (performance.now() - watched_from)"

# Milliseconds from a jump to the frame in which that line is on screen.
_JUMP = """
(line) => new Promise((done) => {
  const field = document.querySelector('.ops-log-jump');
  field.value = String(line);
  const begun = performance.now();
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  const look = () => document.querySelector(`.ops-log-row[data-line="${line - 1}"]`)
    ? done(performance.now() - begun) : requestAnimationFrame(look);
  requestAnimationFrame(look);
})
"""


def figures() -> list[Figure]:
    """What a user waits for in the log."""
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder) / "runs"
        for name in (*map(str, RATES), "large"):
            (runs / name).mkdir(parents=True)
        lines = _fill(runs / "large" / "output.log")
        return [*_in_the_browser(runs, lines), *_in_the_file(runs / "large", lines)]


def _in_the_browser(runs: Path, lines: int) -> Iterator[Figure]:
    with _page(runs) as page:
        for rate in RATES:
            yield from _latency(page, runs / str(rate), rate)
        yield _jumps(page, lines)


def _latency(page: Page, run: Path, rate: int) -> Iterator[Figure]:
    page.get_by_role("button", name=str(rate), exact=True).click()
    page.get_by_text("Nothing printed yet").wait_for()
    page.evaluate(_WATCH)
    command = [sys.executable, "-c", _WRITER, str(run / "output.log"), str(rate)]
    subprocess.run([*command, str(SECONDS)], check=True)
    count = sum(1 for _ in (run / "output.log").open("rb"))

    def arrived() -> bool:
        return bool(
            page.evaluate("seen.length && seen[seen.length - 1][0]") == count - 1
        )

    until(arrived, "the last line is in the browser")
    waits = _waits(run, count, page.evaluate("seen"))
    note = (
        f"Voila, {len(waits)} lines, 90 % within "
        f"{statistics.quantiles(waits, n=10)[-1]:.0f} ms, slowest {max(waits):.0f} ms"
    )
    name = f"written line in the browser at {rate:,} lines/s"
    value = statistics.median(waits)
    yield Figure(name=name, value=value, unit="ms", target=200, note=note)
    frames = page.evaluate(_FPS)
    name = f"frames while {rate:,} lines/s arrive"
    yield Figure(name=name, value=frames, unit="/s", target=30, better="higher")


def _waits(run: Path, count: int, seen: list[tuple[int, float]]) -> list[float]:
    """Milliseconds from the writing of lines to the view's reaching them."""
    wanted = set(range(count // 20, count, max(1, count // PROBES)))
    waits = []
    with (run / "output.log").open() as lines:
        for number, line in enumerate(lines):
            if number in wanted:
                written = float(line.split("t=")[1].split()[0])
                shown = next(at for last, at in seen if last >= number)
                waits.append(shown - written)
    return waits


def _jumps(page: Page, lines: int) -> Figure:
    page.get_by_role("button", name="large").click()
    page.locator(".ops-log-state", has_text=f"{lines:,} lines").wait_for(timeout=60_000)
    dice = random.Random(1)  # noqa: S311 # the same places every time
    times = [page.evaluate(_JUMP, dice.randrange(1, lines)) for _ in range(25)]
    return Figure(
        name=f"jump in a log of {lines:,} lines",
        value=statistics.median(times),
        unit="ms",
        target=150,
        note=f"Voila, {len(times)} jumps, slowest {max(times):.0f} ms",
    )


def _in_the_file(run: Path, lines: int) -> Iterator[Figure]:
    speeds = []
    for _ in range(5):
        log = LogFile(run)
        begun = time.process_time()
        log.refresh()
        speeds.append(log.size / (time.process_time() - begun) / 1e9)
    note = f"{log.size / 1e9:.1f} GB, 5 rounds, cached file, CPU time"
    value = statistics.median(speeds)
    yield Figure(
        name="index of a log",
        value=value,
        unit="GB/s",
        target=1,
        better="higher",
        note=note,
    )
    times = []
    dice = random.Random(1)  # noqa: S311 # the same places every time
    for _ in range(200):
        begun = time.perf_counter()
        log.lines(dice.randrange(lines), 50)
        times.append((time.perf_counter() - begun) * 1000)
    note = f"{len(times)} pages of {lines:,} lines, slowest {max(times):.1f} ms"
    value = statistics.median(times)
    yield Figure(
        name="any 50 lines of a log", value=value, unit="ms", target=1, note=note
    )


def _fill(path: Path) -> int:
    """Write a large log; how many lines it has."""
    block = "".join(
        f"2025-03-31 10:00:00 INFO backtest step {number:06d} done\n".rjust(100, ".")
        for number in range(10_000)
    ).encode()
    rounds = LARGE // len(block)
    with path.open("wb") as out:
        for _ in range(rounds):
            out.write(block)
    return rounds * 10_000


@contextmanager
def _page(runs: Path) -> Iterator[Page]:
    """A page of Voila with a log and a button for each of the runs."""
    notebook = runs.parent / "log.ipynb"
    names = [*map(str, RATES), "large"]
    notebook.write_text(_notebook(_CELL.format(folder=str(runs), names=names)))
    port = free_port()
    command = [sys.executable, "-m", "voila", str(notebook), "--no-browser"]
    with (
        sync_playwright() as playwright,
        Served(
            [*command, f"--port={port}"], runs.parent / "home", runs.parent
        ) as served,
    ):
        served.wait_for_url(rf"http://\S*:{port}/\S*")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"http://127.0.0.1:{port}/", timeout=120_000)
        page.locator(".ops-log-tail").wait_for(timeout=60_000)
        yield page
        browser.close()


def _notebook(source: str) -> str:
    cell = {
        "cell_type": "code",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": source,
    }
    python = {"name": "python3", "language": "python", "display_name": "Python 3"}
    book = {"cells": [cell], "metadata": {"kernelspec": python}}
    return json.dumps({**book, "nbformat": 4, "nbformat_minor": 5})


if __name__ == "__main__":
    print(f"{platform.platform()}, {os.cpu_count()} cores")
    for figure in figures():
        mark = "ok" if figure.ok else "MISSED"
        what = f"{figure.name}: {figure.value:.2f} {figure.unit}"
        print(f"{mark:7}{what} (target {figure.target:g}; {figure.note})")
