"""A job that the kernel kills because memory ran out is told as such."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from opsdash_widgets.core.model import Outcome
from opsdash_widgets.core.supervisor.oom import killed_in
from tests.core.desk import Desk

LIMIT = 96 << 20
MOUNT = Path("/sys/fs/cgroup/memory")

LAUNCHES = """
    import asyncio, os, sys
    from pathlib import Path
    if sys.argv[2]:
        with open(sys.argv[2] + "/cgroup.procs", "w") as file:
            file.write(str(os.getpid()))
    from opsdash_widgets.core.model import LaunchRequest
    from opsdash_widgets.core.service import open_service
    service = open_service(Path(sys.argv[1]))
    run = service.launch(LaunchRequest(module="jobs.eats"))
    asyncio.run(service.wait(run.run_id))
    service._executor._supervisors[0].wait()
    service.close()
    print(run.run_id)
"""

EATS = """
    import time
    print("eats", flush=True)
    held = []
    while True:
        held.append(b"x" * (1 << 20))
"""

BY_KERNEL = (
    b"3,1124,5400,-;Out of memory: Killed process 4711 (python) total-vm:9064180kB, "
    b"anon-rss:7812344kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:15512kB"
)
BY_CGROUP = (
    b"3,1320,9916,-;Memory cgroup out of memory: Killed process 815 (python3) "
    b"total-vm:131072kB, anon-rss:98304kB, file-rss:512kB, shmem-rss:0kB, UID:0"
)
OLD = b"3,99,12,-;Killed process 42, UID 1000, (python) total-vm:1kB, anon-rss:0kB"
OTHER = b"6,1,1,-;usb 1-1: Killed process of enumeration 4711"


@pytest.fixture
def small_memory() -> Iterator[str]:
    """A memory cgroup of this test's own; empty where none can be made."""
    path = MOUNT / f"opsdash-test-{os.getpid()}"
    try:
        path.mkdir()
        (path / "memory.limit_in_bytes").write_text(str(LIMIT))
    except OSError:
        yield ""
        return
    yield str(path)
    with contextlib.suppress(OSError):
        path.rmdir()


@pytest.mark.parametrize(
    ("pids", "told"),
    [
        ({4711}, "kernel"),
        ({815, 1}, "cgroup"),
        ({42}, "kernel"),
        ({471}, ""),
        (set(), ""),
    ],
)
def test_the_kernels_log_is_understood(pids: set[int], told: str) -> None:
    assert killed_in([OTHER, BY_KERNEL, BY_CGROUP, OLD], pids) == told


def test_where_nobody_may_read_the_log_nothing_is_claimed() -> None:
    assert killed_in(None, {4711}) is None


def test_a_job_that_eats_all_memory_is_killed_and_that_is_said(
    desk: Desk, small_memory: str
) -> None:
    """In a memory cgroup where one can be made, else by a limit of its own."""
    eats = textwrap.dedent(EATS)
    if not small_memory:
        limit = f"import resource\nresource.setrlimit(9, ({LIMIT}, {LIMIT}))\n"
        eats = limit + eats
    desk.module("eats", eats)
    source = textwrap.dedent(LAUNCHES)
    done = subprocess.run(
        [sys.executable, "-c", source, str(desk.project), small_memory],
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    service = desk.service()
    verdict = service.run(done.stdout.strip()).verdict
    if small_memory:
        assert (verdict.outcome, verdict.signal) == (Outcome.KILLED, 9)
        assert "memory" in verdict.reason
    else:
        assert (verdict.outcome, verdict.exit_code) == (Outcome.FAILED, 1)
        assert "MemoryError" in service.run(done.stdout.strip()).explanation
