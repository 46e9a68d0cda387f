"""``opsdash kill PID``: named, asked, ended."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

WAITS = "import time; print('ready', flush=True); time.sleep(600)"


@pytest.fixture
def other() -> Iterator[subprocess.Popen[str]]:
    """A process that is no run."""
    command = [sys.executable, "-c", WAITS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        started.stdout.readline()
        yield started
        started.kill()


def test_without_a_confirmation_it_names_the_process_and_leaves_it(
    terminal, other: subprocess.Popen[str]
) -> None:
    done = terminal("kill", str(other.pid))
    assert done.returncode == 1
    assert f"Kill process {other.pid}, python" in done.stderr
    assert "s ago? Add --yes to confirm it." in done.stderr
    assert other.poll() is None


def test_confirmed_it_ends_it(terminal, other: subprocess.Popen[str]) -> None:
    done = terminal("kill", "--yes", str(other.pid))
    assert done.returncode == 0
    assert f"Process {other.pid} has ended after SIGTERM." in done.stderr
    assert other.wait(60) == -signal.SIGTERM


def test_a_yes_on_the_terminal_confirms_it(
    terminal, other: subprocess.Popen[str]
) -> None:
    ours, theirs = pty.openpty()
    with terminal.start(
        "kill", "--now", "--tree", str(other.pid), stdin=theirs, stderr=theirs
    ) as asked:
        os.close(theirs)
        os.write(ours, b"y\n")
        assert asked.wait(60) == 0
    os.close(ours)
    assert other.wait(60) == -signal.SIGKILL


@pytest.mark.parametrize("pid", ["4194304", "0", "1"])
def test_what_is_never_killed_is_said_so_in_one_sentence(terminal, pid: str) -> None:
    done = terminal("kill", "--yes", pid)
    assert done.returncode == 1
    assert f"process {pid}" in done.stderr.lower()
    assert "Traceback" not in done.stderr
