"""The kernel that waits for the next visitor."""

from __future__ import annotations

import json
from pathlib import Path

from tests.serving import Served, until


def test_a_kernel_runs_in_the_projects_folder(server: Served) -> None:
    kernel = until(server.kernels, "a kernel waits")[0]
    assert kernel.cwd() == str(server.home.parent / "project")


def test_a_kernel_is_spoken_to_through_files_of_the_users_own(server: Served) -> None:
    kernel = until(server.kernels, "a kernel waits")[0]
    connection = Path(kernel.cmdline()[-1])
    assert json.loads(connection.read_text())["transport"] == "ipc"
    assert connection.parent.stat().st_mode & 0o777 == 0o700


def test_a_kernel_that_dies_while_it_waits_is_replaced(server: Served) -> None:
    until(lambda: server.health()["ready_kernels"], "a kernel waits")
    first = server.kernels()[0]
    first.kill()
    until(lambda: not server.health()["waiting_kernels"], "its death is noticed")
    until(lambda: server.health()["ready_kernels"], "another one waits")
    assert server.kernels() != [first]
