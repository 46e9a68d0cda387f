"""The doctor where others hold what it looks at: they are named, and left alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from opsdash_widgets.core.service.doctor import Doctor
from opsdash_widgets.core.service.doctoring import groups, rows

from .ward import Ward, kinds, told

LOCKS = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1])
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(600)
"""
FLOCKS = """
import fcntl, os, sys, time
fd = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
fcntl.flock(fd, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(600)
"""


class Holder:
    """Other processes that hold something, and hang."""

    def __init__(self) -> None:
        self.held: list[subprocess.Popen[str]] = []

    def __call__(self, source: str, path: Path) -> subprocess.Popen[str]:
        """Start one, and wait until it holds a file."""
        process = subprocess.Popen(
            [sys.executable, "-c", source, str(path)],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.held.append(process)
        assert process.stdout is not None
        process.stdout.readline()
        return process

    def close(self) -> None:
        """End all."""
        for process in self.held:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


@pytest.fixture
def holder() -> Iterator[Holder]:
    made = Holder()
    yield made
    made.close()


def test_a_registry_that_somebody_has_locked_is_left_to_him(
    ward: Ward, doctor: Doctor, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "BUSY_S", 0.1)
    process = holder(LOCKS, ward.registry)
    identity = ward.registry.stat().st_ino
    fixed = doctor.fix()
    assert kinds(fixed) == {"registry-locked"}
    assert str(process.pid) in told(fixed)
    assert not fixed.is_whole
    assert ward.registry.stat().st_ino == identity
    process.kill()  # what it had locked is free with its death
    process.wait()
    assert doctor.look().findings == ()


def test_who_keeps_his_turn_of_starting_runs_is_named(
    ward: Ward, doctor: Doctor, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "_TURN_S", 0.1)
    process = holder(FLOCKS, ward.record.with_name("starter.lock"))
    fixed = doctor.fix()
    assert kinds(fixed) == {"turn"}
    assert str(process.pid) in told(fixed)
    assert process.poll() is None


def test_who_holds_the_lock_of_a_run_whose_supervisor_is_gone_is_named(
    ward: Ward, doctor: Doctor, holder: Holder
) -> None:
    (ward.run_dir() / "exit.json").unlink()
    process = holder(FLOCKS, ward.run_dir() / "lock")
    fixed = doctor.fix()
    assert kinds(fixed) == {"lock"}
    assert str(process.pid) in told(fixed)
    assert process.poll() is None


def test_a_stray_that_somebody_writes_is_left_to_him(
    ward: Ward, doctor: Doctor, holder: Holder
) -> None:
    path = ward.home / "logs" / "serve.log"
    process = holder(FLOCKS, path)
    fixed = doctor.fix()
    assert kinds(fixed) == {"stray"}
    assert str(process.pid) in told(fixed)
    assert fixed.is_whole
    assert path.exists()
