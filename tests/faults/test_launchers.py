"""What launches a run may die; the run does not notice."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from opsdash_widgets.core.model import LaunchRequest, Outcome, Role
from opsdash_widgets.core.service import Service
from tests.core.desk import Desk, until
from tests.serving import Served, free_port

JOB = """
    import os, sys, time
    print("ready")
    while not os.path.exists("go"):
        time.sleep(0.01)
    for number in range(100):
        print("line", number)
    sys.exit(3)
"""

LAUNCHES = """
from pathlib import Path
from opsdash_widgets.core.model import LaunchRequest
from opsdash_widgets.core.service import open_service
service = open_service(Path({project!r}))
service.launch(LaunchRequest(module="jobs.waits"))
"""


def run_in(client: BlockingKernelClient, source: str) -> None:
    """Run a cell and wait for it."""
    reply = client.execute_interactive(source, timeout=60, output_hook=print)
    assert reply["content"]["status"] == "ok", reply


def the_run_goes_on_to_its_end(desk: Desk, service: Service) -> None:
    until(service.sync, "the run is known")
    (run,) = service.runs().runs
    output = Path(run.run_dir) / "output.log"
    until(lambda: output.exists() and output.read_bytes(), "it goes on")
    (desk.project / "go").touch()
    run = desk.ended(service, run)
    assert (run.verdict.outcome, run.verdict.exit_code) == (Outcome.FAILED, 3)
    lines = [f"line {number}" for number in range(100)]
    assert output.read_text().splitlines() == ["ready", *lines]
    module = desk.module("next", "print('next')")
    assert desk.run(service, LaunchRequest(module=module)).verdict.exit_code == 0


@pytest.fixture
def kernel(desk: Desk, tmp_path: Path) -> Iterator[KernelManager]:
    """An IPython kernel, as a notebook has one."""
    folders = {"IPYTHONDIR": tmp_path / "ipython", "JUPYTER_RUNTIME_DIR": tmp_path}
    own = {name: str(folder) for name, folder in folders.items()}
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env=os.environ | own, cwd=str(desk.project))
    yield manager
    manager.shutdown_kernel(now=True)
    manager.cleanup_resources()


def test_a_killed_kernel_takes_no_run_along(desk: Desk, kernel: KernelManager) -> None:
    desk.module("waits", JOB)
    client = kernel.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    run_in(client, LAUNCHES.format(project=str(desk.project)))
    client.stop_channels()
    kernel.signal_kernel(signal.SIGKILL)
    the_run_goes_on_to_its_end(desk, desk.service(Role.ADMIN))


def members_of(server: Served) -> list[psutil.Process]:
    """The server's session, and its kernels with theirs: what a restart ends."""
    sid = os.getsid(server.process.pid)
    leaders = {sid, *(one.pid for one in server.kernels())}
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) in leaders:
                found.append(process)
        except OSError:
            continue
    return found


def test_a_server_that_is_killed_with_its_session_takes_no_run_along(
    desk: Desk, home: Path
) -> None:
    desk.module("waits", JOB)
    alone = [sys.executable, "-c", "import os; os.setsid(); os.execv(ARGS[0], ARGS)"]
    alone[2] = alone[2].replace("ARGS", "__import__('sys').argv[1:]")
    serve = [sys.executable, "-m", "opsdash_widgets", "serve", "--port"]
    command = [*alone, *serve, str(free_port())]
    with Served(command, home, desk.project) as server:
        server.wait_for_url()
        (kernel,) = until_there(server)
        client = BlockingKernelClient()
        client.load_connection_file(kernel.cmdline()[-1])
        client.start_channels()
        client.wait_for_ready(timeout=60)
        run_in(client, LAUNCHES.format(project=str(desk.project)))
        client.stop_channels()
        members = members_of(server)
        assert server.process.pid in [one.pid for one in members]
        assert kernel.pid in [one.pid for one in members]
        for process in members:
            process.kill()
        server.process.wait(60)
        the_run_goes_on_to_its_end(desk, desk.service(Role.ADMIN))


def until_there(server: Served) -> list[Any]:
    """The kernel that waits for the first page."""
    until(lambda: len(server.kernels()) == 1, "a kernel waits for a page")
    return server.kernels()
