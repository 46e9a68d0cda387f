"""One supervised run of a small program, or a service, for figures that need one."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opsdash_widgets.core.executors import LocalExecutor
from opsdash_widgets.core.model import RunSpec
from opsdash_widgets.core.rundir import create_run_dir, new_run_id, read_verdict
from opsdash_widgets.core.service import Service, open_service


def run_to_end(
    folder: Path, module: str, executor: LocalExecutor, poll_s: float
) -> Path:
    """Launch a module of a folder, wait for its end, and give its run directory."""
    spec = RunSpec(
        run_id=new_run_id(),
        module=module,
        interpreter=sys.executable,
        cwd=str(folder),
        created=time.time(),
    )
    run_dir, lock = create_run_dir(folder / "runs", spec)
    executor.submit(run_dir, spec, lock)
    while not read_verdict(run_dir).state.is_terminal:
        time.sleep(poll_s)
    executor.reap()
    return run_dir


@contextmanager
def service_on(folder: Path) -> Iterator[Service]:
    """A service on a folder's ``project`` with its ``home`` as the home folder."""
    before = os.environ.get("OPSDASH_HOME")
    os.environ["OPSDASH_HOME"] = str(folder / "home")
    service = open_service(folder / "project")
    try:
        yield service
    finally:
        service.close()
        if before is None:
            del os.environ["OPSDASH_HOME"]
        else:
            os.environ["OPSDASH_HOME"] = before
