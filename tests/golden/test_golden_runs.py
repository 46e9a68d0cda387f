"""Run directories of every version so far are read for ever, and say the same."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from opsdash_widgets.core.follow import LogFile
from opsdash_widgets.core.model import Verdict
from opsdash_widgets.core.rundir import processes, read_spec, read_verdict

RUNS = Path(__file__).parent / "runs_v1"
BOOT_ID = "11111111-1111-4111-8111-111111111111"
PID_NAMESPACE = "pid:[4026531836]"

SHOWN = 100
"""Characters of a line that are compared."""

EXPECTED = {path.stem: json.loads(path.read_text()) for path in RUNS.glob("*.json")}
NAMES = {run_id: expected["what"] for run_id, expected in sorted(EXPECTED.items())}


@pytest.fixture(autouse=True)
def machine_of_the_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The boot on which they ran, except where it was another one even then."""
    boot_id = tmp_path / "boot_id"
    boot_id.write_text(f"{BOOT_ID}\n")
    monkeypatch.setenv("OPSDASH_BOOT_ID", str(boot_id))
    monkeypatch.setattr(processes, "pid_namespace", lambda: PID_NAMESPACE)


@pytest.fixture(params=list(NAMES), ids=list(NAMES.values()))
def golden(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A copy of a golden run directory with its locks held, and what is expected."""
    run_dir = tmp_path / request.param
    shutil.copytree(RUNS / request.param, run_dir)
    expected = EXPECTED[request.param]
    held = [os.open(run_dir / name, os.O_RDWR) for name in expected["held"]]
    for fd in held:
        fcntl.flock(fd, fcntl.LOCK_EX)
    yield run_dir, expected
    for fd in held:
        os.close(fd)


def test_every_golden_run_is_one_of_its_expectations() -> None:
    assert {path.name for path in RUNS.iterdir() if path.is_dir()} == set(EXPECTED)
    assert len(EXPECTED) > 10


def test_a_golden_run_is_judged_as_ever(golden: tuple[Path, dict[str, Any]]) -> None:
    run_dir, expected = golden
    verdict = msgspec.to_builtins(read_verdict(run_dir))
    known = expected["verdict"]
    if not msgspec.convert(known, Verdict).state.is_terminal:
        known = {name: known[name] for name in known if name != "duration"}
    assert {name: verdict[name] for name in known} == known


def test_a_golden_request_is_read_as_ever(golden: tuple[Path, dict[str, Any]]) -> None:
    run_dir, _ = golden
    written = json.loads((run_dir / "spec.json").read_text())
    spec = json.loads(msgspec.json.encode(read_spec(run_dir)))
    assert {name: spec[name] for name in written} == written


def test_a_golden_output_is_shown_as_ever(golden: tuple[Path, dict[str, Any]]) -> None:
    run_dir, expected = golden
    log = LogFile(run_dir)
    log.refresh()
    lines = [
        f"{line.stream} {line.text[:SHOWN]}" for line in log.lines(0, log.line_count)
    ]
    log.close()
    assert lines == expected["lines"]
