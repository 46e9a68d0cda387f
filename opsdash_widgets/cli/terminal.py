"""What goes to the terminal: sentences, tables, colours, questions; all made safe."""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any, TextIO

from ..core.redaction import safe_text

GAP = "  "
NARROWEST = 8
"""A column is not made narrower than this to fit a line."""

_SGR = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}
_SGR |= {"blue": "34", "magenta": "35"}
_TONES = {
    "queued": "dim",
    "starting": "blue",
    "running": "blue",
    "paused": "yellow",
    "stopping": "yellow",
    "orphaned": "yellow",
    "succeeded": "green",
    "stopped": "dim",
    "lost": "magenta",
    "ended_unknown": "magenta",
}


def tell(text: str, prefix: str = "opsdash: ") -> None:
    """One sentence to the user, on stderr: stdout carries what was asked for."""
    sys.stderr.write(f"{prefix}{safe_text(text)}\n")
    sys.stderr.flush()


def emit_json(value: Any) -> None:
    """A value as indented JSON on stdout."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def confirm(question: str) -> bool:
    """Ask on the terminal; without one nothing is confirmed."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    sys.stderr.write(f"opsdash: {safe_text(question)} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def has_colours(stream: TextIO) -> bool:
    """Whether a stream shows colours and the user wants them (no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def coloured(text: str, word: str) -> str:
    """Text in the colour of a state or an outcome, where stdout shows colours."""
    tone = _TONES.get(word, "red")
    return f"\x1b[{_SGR[tone]}m{text}\x1b[0m" if has_colours(sys.stdout) else text


def heading(text: str) -> str:
    """Text in bold, where stdout shows colours."""
    return f"\x1b[1m{text}\x1b[0m" if has_colours(sys.stdout) else text


def line_width() -> int:
    """How many columns a line of stdout has; very many where it is no terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 1 << 16


def write_table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    state: int | None = None,
    keep: int = 1,
) -> None:
    """Aligned columns; on a terminal the last ones are cut to fit the line.

    Args:
        headers: the columns' names.
        rows: their cells.
        state: the column whose words get their colour.
        keep: how many columns from the left are never cut.
    """
    cells = [[_one_line(cell) for cell in row] for row in rows]
    columns = list(zip(headers, *cells, strict=True))
    widths = [max(_width(cell) for cell in column) for column in columns]
    if sys.stdout.isatty():
        widths = _fitted(widths, line_width(), keep)
    print(heading(_line(headers, widths)))
    for row in cells:
        print(_line(row, widths, state))


def _line(row: Sequence[str], widths: list[int], state: int | None = None) -> str:
    parts = []
    for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
        text = _cut(cell, width)
        room = " " * (width - _width(text))
        parts.append((coloured(text, cell) if place == state else text) + room)
    return GAP.join(parts).rstrip()


def _fitted(widths: list[int], line: int, keep: int) -> list[int]:
    """Widths that fit a line: the widest of those that may be cut give way."""
    fitted = list(widths)
    room = line - len(GAP) * (len(widths) - 1)
    while sum(fitted) > room:
        most = max(range(keep, len(fitted)), key=lambda place: fitted[place], default=0)
        if fitted[most] <= NARROWEST or not most:
            break
        over = sum(fitted) - room
        fitted[most] = max(NARROWEST, fitted[most] - max(1, over // 2))
    return fitted


def _one_line(text: str) -> str:
    return " ".join(safe_text(text).split())


def _width(text: str) -> int:
    """Columns that a text takes: wide letters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 1 + (_east_asian(letter) in "WF")
        for letter in text
    )


def _east_asian(letter: str) -> str:
    return unicodedata.east_asian_width(letter)


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    while _width(text) > width - 1:
        text = text[:-1]
    return f"{text}…"
