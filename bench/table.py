"""The run table in a browser under Voila, and the registry below it."""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from playwright.sync_api import Page, sync_playwright

from opsdash_widgets.core.model import RunQuery
from opsdash_widgets.core.stores import SqliteStore
from tests.serving import Served, free_port

from .figure import Figure
from .runs import fill

ROUNDS = 25
IN_THE_TABLE = 10_000
IN_THE_REGISTRY = 100_000

# The button makes a new table and puts it in the page, as a page of the panel does.
_CELL = """
from pathlib import Path
import ipywidgets as widgets
from opsdash_widgets.core.stores import open_store
from opsdash_widgets.ui.controls.run_table import RunTable

store = open_store(Path({path!r}))
box = widgets.VBox()
button = widgets.Button(description="Open")

def show(_):
    for old in box.children:
        old.close()
    box.children = [RunTable(store, me="me")]

button.on_click(show)
widgets.VBox([button, box])
"""

# Milliseconds from just before an action to the frame in which a condition holds.
_CLOCK = """
([action, condition]) => new Promise((done) => {
  const met = new Function(`return ${condition}`);
  const begun = performance.now();
  new Function(action)();
  const look = () => {
    if (met()) done(performance.now() - begun);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})
"""

_SHOWN = (
    "!document.querySelector('.old') && "
    "document.querySelectorAll('.ops-rt-row:not([data-empty]) .ops-status').length > 8"
    " && !document.querySelector('.ops-rt-row[data-empty]')"
)
_OPEN = (
    "document.querySelector('.ops-run-table')?.classList.add('old');"
    "[...document.querySelectorAll('button')]"
    ".find(button => button.textContent === 'Open').click()"
)
_JUMP = (
    "const s = document.querySelector('.ops-rt-scroll');"
    "s.scrollTop = s.scrollHeight * {part}; s.dispatchEvent(new Event('scroll'))"
)
_JUMPED = (
    "[...document.querySelectorAll('.ops-rt-row:not([data-empty])')].some("
    "r => Math.abs(r.getAttribute('aria-rowindex') / {rows} - {part}) < 0.01)"
    " && !document.querySelector('.ops-rt-row[data-empty]')"
)
_SORT = "document.querySelector('[data-column=module] button').click()"
_SORTED = (
    '(() => {{ const top = document.querySelector(\'.ops-rt-row[aria-rowindex="2"] '
    ".ops-rt-module'); return top?.textContent === 'runners.{name}' }})()"
)


def figures() -> list[Figure]:
    """What a user waits for in the table, and what the registry takes."""
    return [*_in_the_browser(), *_in_the_registry()]


def _in_the_browser() -> Iterator[Figure]:
    with _page(IN_THE_TABLE) as page:
        opened = [_time(page, _OPEN, _SHOWN) for _ in range(ROUNDS)]
        jumped = []
        for number in range(ROUNDS):
            part = (number * 37 % 90 + 5) / 100
            done = _JUMPED.format(part=part, rows=IN_THE_TABLE)
            jumped.append(_time(page, _JUMP.format(part=part), done))
        sort = []
        for number in range(ROUNDS):
            name = "backtest" if number % 2 == 0 else "var_report"
            sort.append(_time(page, _SORT, _SORTED.format(name=name)))
    many = f"{IN_THE_TABLE:,} runs"
    yield _browser_figure(f"run table of {many}: open", opened, 300)
    yield _browser_figure(f"run table of {many}: jump anywhere", jumped, 150)
    yield _browser_figure(f"run table of {many}: sort", sort, 250)


def _browser_figure(name: str, times: list[float], target: float) -> Figure:
    note = f"Voila, {len(times)} rounds, slowest {max(times):.0f} ms"
    value = statistics.median(times)
    return Figure(name=name, value=value, unit="ms", target=target, note=note)


def _time(page: Page, action: str, condition: str) -> float:
    return float(page.evaluate(_CLOCK, [action, condition]))


@contextmanager
def _page(count: int) -> Iterator[Page]:
    """A page of Voila with a button that opens a table of so many runs."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder) / "home"
        home.mkdir()
        fill(home / "runs.db", count).close()
        notebook = Path(folder) / "table.ipynb"
        notebook.write_text(_notebook(_CELL.format(path=str(home / "runs.db"))))
        port = free_port()
        command = [sys.executable, "-m", "voila", str(notebook), "--no-browser"]
        with Served([*command, f"--port={port}"], home, Path(folder)) as served:
            served.wait_for_url(rf"http://\S*:{port}/\S*")
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"http://127.0.0.1:{port}/", timeout=120_000)
            page.get_by_role("button", name="Open").wait_for(timeout=60_000)
            _time(page, _OPEN, _SHOWN)  # the first one also compiles the script
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


def _in_the_registry() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        store = fill(Path(folder) / "runs.db", IN_THE_REGISTRY)
        newest = RunQuery(limit=50)
        deep = RunQuery(limit=50, offset=50_000, sort="module")
        text = RunQuery(limit=50, text="eurusd backtest")
        yield _registry_figure("newest 50", _page_of(store, newest), 0.5)
        yield _registry_figure("50 from place 50,000", _page_of(store, deep), 20)
        yield _registry_figure("two words", _page_of(store, text), 20)
        yield _registry_figure("seen by others", store.version, 0.1)
        yield _registry_figure("one run put", _putter(store), 5)
        store.close()


def _page_of(store: SqliteStore, query: RunQuery) -> Callable[[], object]:
    return lambda: store.page(query)


def _putter(store: SqliteStore) -> Callable[[], object]:
    runs = iter(store.page(RunQuery(limit=200)).runs)

    def put() -> None:
        run = next(runs)
        store.put([msgspec.structs.replace(run, explanation=f"again {run.run_id}")])

    return put


def _registry_figure(name: str, act: Callable[[], object], target: float) -> Figure:
    times = []
    for _ in range(4 * ROUNDS):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1000)
    return Figure(
        name=f"registry of {IN_THE_REGISTRY:,} runs: {name}",
        value=statistics.median(times),
        unit="ms",
        target=target,
        note=f"{len(times)} rounds, slowest {max(times):.1f} ms",
    )


if __name__ == "__main__":
    print(f"{platform.platform()}, {os.cpu_count()} cores")
    for figure in figures():
        mark = "ok" if figure.ok else "MISSED"
        what = f"{figure.name}: {figure.value:.2f} {figure.unit}"
        print(f"{mark:7}{what} (target {figure.target:g}; {figure.note})")
