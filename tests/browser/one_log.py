"""A log alone in a notebook, as Voila serves it."""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from tests.serving import Served, free_port

PATIENCE_MS = 60_000
FIRST_ON_SCREEN = """
() => {
  const top = document.querySelector('.ops-log-scroller').getBoundingClientRect().top;
  const rows = [...document.querySelectorAll('.ops-log-row[data-line]')];
  const shown = rows.filter((row) => row.getBoundingClientRect().bottom > top + 2);
  return Number(shown[0].dataset.line);
}
"""
_CELL = """
from opsdash_widgets.core.follow import LogFile
from opsdash_widgets.ui.controls.log_tail import LogTail
LogTail(LogFile({run!r}), height="400px")
"""


def write(run: Path, text: str, stream: int = 1) -> None:
    """Append to a log, noting whose it is."""
    with (run / "output.log").open("ab") as out, (run / "output.idx").open("ab") as idx:
        idx.write(struct.pack("<QQQ", out.tell(), 10**9, stream))
        out.write(text.encode())


@contextmanager
def opened(run: Path, folder: Path, context: BrowserContext) -> Iterator[Page]:
    """A page that shows the log of a run directory."""
    cell = {
        "cell_type": "code",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": _CELL.format(run=str(run)),
    }
    python = {"name": "python3", "language": "python", "display_name": "Python 3"}
    book = {"cells": [cell], "metadata": {"kernelspec": python}}
    notebook = folder / "log.ipynb"
    notebook.write_text(json.dumps({**book, "nbformat": 4, "nbformat_minor": 5}))
    port = free_port()
    command = [sys.executable, "-m", "voila", str(notebook), "--no-browser"]
    with Served([*command, f"--port={port}"], folder / "home", folder) as served:
        served.wait_for_url(rf"http://\S*:{port}/\S*")
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"http://127.0.0.1:{port}/", timeout=2 * PATIENCE_MS)
        yield page
