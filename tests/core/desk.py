"""A project with a package ``jobs`` and services on its home, for tests of these."""

from __future__ import annotations

import asyncio
import os
import shutil
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

from opsdash_widgets.core.model import Actor, LaunchRequest, Role, Run, RunQuery
from opsdash_widgets.core.service import Service, open_service
from opsdash_widgets.core.supervisor import process

PATIENCE_S = 60.0


def until(condition: Callable[[], object], what: str) -> None:
    """Poll until a condition holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.01)


def remove(run_dir: Path | str) -> None:
    """Delete a run directory into which its supervisor may just be writing."""

    def gone() -> bool:
        shutil.rmtree(run_dir, ignore_errors=True)
        return not Path(run_dir).exists()

    until(gone, "the directory is gone")


class Desk:
    """A project with a package ``jobs``, and services on its home."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.package = self.project / "jobs"
        self.package.mkdir(parents=True)
        (self.package / "__init__.py").write_text("")
        (self.project / "opsdash.toml").write_text('runners_package = "jobs"\n')
        self.opened: list[Service] = []

    def module(self, name: str, source: str) -> str:
        """Write a module and give its name back."""
        (self.package / f"{name}.py").write_text(textwrap.dedent(source))
        return f"jobs.{name}"

    def service(self, role: Role = Role.ADMIN) -> Service:
        """A session of its own."""
        actor = Actor(name=f"an {role}", role=role)
        self.opened.append(open_service(self.project, actor))
        return self.opened[-1]

    def run(self, service: Service, request: LaunchRequest) -> Run:
        """Launch and wait for the end."""
        return self.ended(service, service.launch(request))

    def ended(self, service: Service, run: Run) -> Run:
        """Wait for the end."""
        return asyncio.run(service.wait(run.run_id, poll_s=0.02))

    def running(self, service: Service, source: str) -> tuple[Run, list[str]]:
        """Launch, and wait until it prints "ready": the run, and its words before."""
        module = self.module("long", source)
        run = service.launch(LaunchRequest(module=module))
        output = Path(run.run_dir) / "output.log"
        until(
            lambda: output.exists() and output.read_text().endswith("ready\n"),
            "it is ready",
        )
        return service.run(run.run_id), output.read_text().split()[:-1]

    def close(self) -> None:
        """End what still runs, and wait until every supervisor has gone."""
        if self.opened:
            self._stop_all(self.service())
        until(self._all_gone, "no supervisor is left")
        for service in self.opened:
            service.close()

    def _stop_all(self, admin: Service) -> None:
        admin.sync()
        for run in admin.runs(RunQuery(limit=1000)).runs:
            if Path(run.run_dir).is_dir() and not run.is_terminal:
                admin.stop(run.run_id, kill_now=True)

    def _all_gone(self) -> bool:
        for service in self.opened:
            service._executor.reap()
        left = [s for s in self.opened if s._executor._supervisors]  # type: ignore[attr-defined]  # its own reaping
        return not left and not process.descendants(os.getpid())
