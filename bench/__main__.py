"""``make bench``: every figure of the project, measured here and held to its bar.

Usage: ``python -m bench [NAME ...]``, where a name is that of a file of this folder.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from .figure import Figure

HERE = Path(__file__).parent
HEADINGS = ("figure", "measured", "bar", "", "note")
NOT_THE_USERS = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
"""Variables of a builder's shell that no user's has: they slow every start or print."""


def main(names: list[str]) -> int:
    """Measure, print the table, and return how many figures miss their bar."""
    for variable in NOT_THE_USERS:
        os.environ.pop(variable, None)
    print(_machine(), flush=True)
    found = [figure for name in names or _names() for figure in _measure(name)]
    print("\n" + _table(found))
    return sum(not figure.ok for figure in found)


def _names() -> list[str]:
    """The files of this folder that measure something."""
    texts = {path.stem: path.read_text("utf-8") for path in HERE.glob("*.py")}
    return sorted(name for name, text in texts.items() if "\ndef figures()" in text)


def _measure(name: str) -> Iterator[Figure]:
    print(f"measuring {name} …", file=sys.stderr, flush=True)
    module = importlib.import_module(f".{name}", __package__)
    yield from module.figures()


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, load "
        f"{os.getloadavg()[0]:.1f}, Linux {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _table(figures: list[Figure]) -> str:
    rows = [HEADINGS, *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def _row(figure: Figure) -> tuple[str, ...]:
    sign = "≤" if figure.better == "lower" else "≥"
    return (
        figure.name,
        f"{_number(figure.value)} {figure.unit}",
        f"{sign} {_number(figure.target)} {figure.unit}",
        "ok" if figure.ok else "MISSED",
        figure.note,
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
