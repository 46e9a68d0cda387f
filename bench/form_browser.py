"""From a pick to a form that can be filled in, and typing in a large one."""

from __future__ import annotations

import platform
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.serving import standalone

from .figure import Figure

ROUNDS = 24
SMALL, LARGE, HUGE = 40, 163, 1_000
"""The largest form that the specification names has 163 arguments (pylint)."""

_MODULE = '''"""A form of {count} arguments."""
import argparse
import datetime

parser = argparse.ArgumentParser(description=__doc__)
KINDS = [
    dict(type=int, default=10),
    dict(action="store_true"),
    dict(choices=["one", "two", "three", "four", "five", "six"]),
    dict(type=datetime.date.fromisoformat),
    dict(nargs="+"),
    dict(action=argparse.BooleanOptionalAction),
    dict(),
    dict(type=float, default=0.5),
]
for number in range({count}):
    if number % 10 == 0:
        group = parser.add_argument_group(f"Group {{number // 10}}")
    words = f"what the setting number {{number}} of this module does to its result"
    group.add_argument(f"--setting-{{number}}", help=words, **KINDS[number % 8])
parser.parse_args()
'''

# Milliseconds from a click on a module to the frame in which its rows can be filled in:
# those of the first screen, or all of them.
_PICK = """
([name, rows]) => new Promise((done) => {
  const short = name.split(".").pop();
  const begun = performance.now();
  document.querySelector(`[data-name="${name}"]`).click();
  const look = () => {
    const title = document.querySelector(".ops-form-head .ops-form-title");
    const drawn = document.querySelectorAll(".ops-field[data-id] input").length;
    if (title?.textContent === short && drawn >= rows) {
      requestAnimationFrame(() => done(performance.now() - begun));
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})
"""

# Notes how long the browser was kept from answering.
_WATCH = """
() => {
  window.long_tasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.long_tasks.push(entry.duration);
  }).observe({ type: "longtask" });
}
"""

# Milliseconds from a key in the search to the frame that shows its hits.
_SEARCH = """
(words) => new Promise((done) => {
  const field = document.querySelector(".ops-form-search input[type=search]");
  const begun = performance.now();
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
})
"""


def figures() -> Iterator[Figure]:
    """What a user waits for between a module and its form."""
    with _panel() as page:
        yield _pick(page, SMALL, SMALL, target=150, said="all rows drawn")
        yield _pick(page, LARGE, SMALL, target=500, said="the first screen drawn")
        yield _pick(page, LARGE, LARGE, target=500, said="all rows drawn")
        yield from _typing(page, LARGE)
        yield _pick(page, HUGE, SMALL, target=500, said="the first screen drawn")
        yield from _typing(page, HUGE)


def _pick(page: Page, count: int, rows: int, *, target: float, said: str) -> Figure:
    names = [f"runners.of_{count}_{letter}" for letter in "ab"]
    for name in names:  # the probe's answer is known from here on
        page.evaluate(_PICK, [name, rows])
    times = [page.evaluate(_PICK, [names[at % 2], rows]) for at in range(ROUNDS)]
    return Figure(
        name=f"pick to a form of {count:,} arguments, {said}",
        value=statistics.median(times),
        unit="ms",
        target=target,
        note=f"Voila, {ROUNDS} picks, slowest {max(times):.0f} ms, spec cached",
    )


def _typing(page: Page, count: int) -> Iterator[Figure]:
    page.evaluate(_PICK, [f"runners.of_{count}_a", count])
    page.evaluate(_WATCH)
    words = ["s", "set", "setting-1", "setting-12", "nothing", "", "result", ""]
    times = [page.evaluate(_SEARCH, words[at % len(words)]) for at in range(ROUNDS)]
    yield Figure(
        name=f"a key in the search of {count:,} arguments",
        value=statistics.median(times),
        unit="ms",
        target=50,
        note=f"to the frame with the hits, {ROUNDS} keys, slowest {max(times):.0f} ms",
    )
    field = page.get_by_role("textbox", name="setting-6", exact=True)
    field.press_sequentially("a text of some length", delay=30)
    page.wait_for_function("document.activeElement.value.endsWith('length')")
    longest = max(page.evaluate("long_tasks"), default=0.0)
    yield Figure(
        name=f"longest task while typing in a form of {count:,} arguments",
        value=longest,
        unit="ms",
        target=50,
        note="searching, then 21 keys in a field; what is under 50 ms counts as 0",
    )


@contextmanager
def _panel() -> Iterator[Page]:
    """The panel, over a project with forms of several sizes."""
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
    ):
        home, project = Path(folder) / "home", Path(folder) / "project"
        home.mkdir(mode=0o700)
        (project / "runners").mkdir(parents=True)
        (project / "runners/__init__.py").touch()
        for count in (SMALL, LARGE, HUGE):
            for letter in "ab":
                module = project / f"runners/of_{count}_{letter}.py"
                module.write_text(_MODULE.format(count=count))
        with standalone(home, project) as served:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(served.url, timeout=120_000)
            page.locator('[data-name="runners.of_40_a"]').wait_for(timeout=60_000)
            yield page
            browser.close()


if __name__ == "__main__":
    print(platform.platform())
    for figure in figures():
        mark = "ok" if figure.ok else "MISSED"
        what = f"{figure.name}: {figure.value:.1f} {figure.unit}"
        print(f"{mark:7}{what} (target {figure.target:g}; {figure.note})")
