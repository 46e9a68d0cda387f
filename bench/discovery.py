"""How long it takes to list modules, to ask one for its arguments, and to try some.

Listed is a package of 2,000 and of 5,000.

Each file is a small program with a docstring, a parser and a few functions, or one in
four a library, a plain program or a broken file. Cold: nothing remembered (the files
are in the page cache). Warm: a new process's first listing with the cache on disk.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from opsdash_widgets.core.discovery import find_modules, listing_cache

from .figure import Figure
from .probing import figures_of_probing

ROUNDS = 20

PROGRAM = '''"""Job {n}: rebuild one thing of many.

It reads quotes, checks them, and writes what it made.
"""

from __future__ import annotations

import argparse
import logging
from datetime import date

log = logging.getLogger(__name__)


def load(day: date, source: str) -> dict[str, float]:
    """Quotes of a day."""
    quotes = {{"a": 1.0, "b": 2.0, "c": float({n})}}
    return {{name: value * len(source) for name, value in quotes.items()}}


def check(quotes: dict[str, float]) -> None:
    """Refuse what cannot be."""
    for name, value in quotes.items():
        if value < 0:
            raise ValueError(f"{{name}} is negative: {{value}}")


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--day", type=date.fromisoformat, required=True)
    parser.add_argument("--source", default="eod", choices=["eod", "intraday"])
    args = parser.parse_args()
    quotes = load(args.day, args.source)
    check(quotes)
    for name, value in sorted(quotes.items()):
        log.info("%s %s", name, value)


if __name__ == "__main__":
    main()
'''
LIBRARY = '"""Library {n}."""\n\n' + PROGRAM.split("def main")[0].split('"""\n', 1)[1]
PLAIN = '"""Plain {n}."""\nimport sys\n\nfor token in sys.argv[1:]:\n    print(token)\n'
BROKEN = "def broken{n}(:\n    pass\n"


def make(folder: Path, count: int) -> None:
    package = folder / "jobs"
    package.mkdir()
    for n in range(count):
        text = PROGRAM
        if n % 4 == 3:
            text = (LIBRARY, PLAIN, LIBRARY, BROKEN)[n // 4 % 4]
        inner = package / f"part{n // 100:02d}"
        inner.mkdir(exist_ok=True)
        (inner / f"job{n:04d}.py").write_text(text.format(n=n))


def forget() -> None:
    listing_cache._memory.clear()
    listing_cache._loaded.clear()


def measure(folder: Path, cache: Path | None, rounds: int) -> list[float]:
    took = []
    for _ in range(rounds):
        forget()
        started = time.perf_counter()
        find_modules(["jobs"], [folder], cache)
        took.append(time.perf_counter() - started)
    return took


def figures() -> list[Figure]:
    """Listing modules, which imports nothing; the probe; the validation."""
    found = figures_of_probing()
    for count, cold, warm in ((2_000, 500, 50), (5_000, 1_000, 50)):
        with tempfile.TemporaryDirectory() as name:
            folder, cache = Path(name), Path(name, "cache")
            make(folder, count)
            found.append(_figure(f"{count:,} modules listed, cold", cold, folder))
            find_modules(["jobs"], [folder], cache)
            found.append(
                _figure(f"{count:,} modules listed, warm", warm, folder, cache)
            )
    return found


def _figure(name: str, bar: float, folder: Path, cache: Path | None = None) -> Figure:
    took = measure(folder, cache, ROUNDS)
    return Figure(
        name=name,
        value=statistics.median(took) * 1000,
        unit="ms",
        target=bar,
        note=f"{ROUNDS} rounds, best {min(took) * 1000:.0f} ms",
    )
