"""The table of faults names all of them, and tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "faults.md"

FAULTS = (
    "the kernel is killed",
    "the server is killed, with its session and its kernels",
    "the browser tab is killed",
    "the supervisor is killed",
    "the job is killed",
    "every process is killed at once",
    "the disk is full while logging",
    "the disk is full while the end is recorded",
    "the database is locked",
    "the database is read-only",
    "the database is corrupt",
    "the database is deleted",
    "the database is of another schema version",
    "a run directory is half written",
    "a run directory is deleted while it is tailed",
    "a run directory is replaced by a file",
    "the clock is set back an hour",
    "a log is truncated under a reader",
    "a log is rotated under a reader",
    "binary output",
    "a job forks daemons",
    "a job ignores SIGTERM",
    "a job closes its stdout",
    "a job fills stderr only",
    "a job exits by os._exit",
    "a job is killed by the OOM killer",
    "200 runs are started at once",
    "two panels press Stop at once",
)
"""Those of the specification, as the table calls them."""

ROWS = {
    cells[0]: re.findall(r"`(tests/[^`]+)::(test_\w+)`", cells[2])
    for line in TABLE.read_text("utf-8").splitlines()
    if line.startswith("| ")
    for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_has_a_row_with_a_test(fault: str) -> None:
    assert ROWS[fault]


def test_every_test_of_the_table_is_there() -> None:
    named = {pair for tests in ROWS.values() for pair in tests}
    files = {path for path, _ in named}
    there = {
        (path, node.name)
        for path in files
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert named - there == set()


def test_every_test_of_this_folder_is_in_the_table() -> None:
    named = {path for tests in ROWS.values() for path, _ in tests}
    here = {
        f"tests/faults/{path.name}" for path in Path(__file__).parent.glob("test_*")
    }
    assert here - named == {f"tests/faults/{Path(__file__).name}"}
