"""Real supervised runs for the tests of the core: nothing is left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.executors import LocalExecutor
from opsdash_widgets.core.executors.local import SUPERVISOR
from opsdash_widgets.core.model import RunSpec, RunState, Verdict
from opsdash_widgets.core.rundir import (
    create_run_dir,
    new_run_id,
    read_spec,
    read_verdict,
    request_stop,
)
from opsdash_widgets.core.supervisor import process

from .desk import Desk, until
from .sessions import Sessions
from .ward import doctor, first_ward, ward

__all__ = ["doctor", "first_ward", "ward"]

WAITS = "import time\nprint('ready')\ntime.sleep(600)\n"
"""A module that says so when it runs, and then waits for its end."""


class Bench:
    """A folder of modules and a folder of runs."""

    def __init__(self, folder: Path) -> None:
        self.modules = folder / "modules"
        self.modules.mkdir()
        self.runs = folder / "runs"
        self.executor = LocalExecutor()
        self.launched: list[Path] = []

    def module(self, name: str, source: str) -> str:
        """Write a module and give its name back."""
        (self.modules / f"{name}.py").write_text(textwrap.dedent(source))
        return name

    def launch(
        self,
        module: str,
        *argv: str,
        secrets: Sequence[tuple[int, str]] = (),
        interpreter: str = sys.executable,
        cwd: str = "",
    ) -> Path:
        """Launch a module and give its run directory."""
        spec = RunSpec(
            run_id=new_run_id(),
            module=module,
            argv=argv,
            interpreter=interpreter,
            cwd=cwd or str(self.modules),
            secret_names=tuple(f"argument {place}" for place, _ in secrets),
            created=time.time(),
        )
        run_dir, lock = create_run_dir(self.runs, spec)
        self.launched.append(run_dir)
        self.executor.submit(run_dir, spec, lock, secrets)
        return run_dir

    def running(self, before: str = "", source: str = WAITS) -> Path:
        """Launch a module that prints "ready" and goes on, and wait until it does.

        Args:
            before: what it does first.
            source: the rest.
        """
        run_dir = self.launch(self.module("long", before + textwrap.dedent(source)))
        self.until_printed(run_dir, "ready")
        return run_dir

    def supervise(
        self, module: str, *, through: Sequence[str] = (), **fields: Any
    ) -> Path:
        """Start a supervisor by hand, as another engine would.

        Args:
            module: what to run.
            through: a command that starts the supervisor in its way.
            **fields: what stands in ``spec.json``, right or wrong.
        """
        spec = RunSpec(
            run_id=new_run_id(),
            module=module,
            interpreter=sys.executable,
            cwd=str(self.modules),
        )
        run_dir, lock = create_run_dir(self.runs, spec)
        self.launched.append(run_dir)
        if fields:
            changed = json.loads((run_dir / "spec.json").read_text()) | fields
            (run_dir / "spec.json").write_text(json.dumps(changed))
        with (run_dir / "supervisor.log").open("wb") as errors:
            supervisor = subprocess.Popen(
                [*through, sys.executable, "-I", "-S", SUPERVISOR, run_dir, str(lock)],
                stdin=subprocess.DEVNULL,
                stderr=errors,
                pass_fds=[lock],
            )
        os.close(lock)
        self.executor._supervisors.append(supervisor)
        return run_dir

    def ended(self, run_dir: Path) -> Verdict:
        """The verdict once the run has ended."""
        until(lambda: read_verdict(run_dir).state.is_terminal, "the run has ended")
        return read_verdict(run_dir)

    def run(self, module: str, *argv: str) -> tuple[Verdict, str]:
        """Run to the end: the verdict and the output."""
        run_dir = self.launch(module, *argv)
        return self.ended(run_dir), self.output(run_dir)

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Poll until a condition holds."""
        until(condition, what)

    def output(self, run_dir: Path) -> str:
        """All the output of a run."""
        return (run_dir / "output.log").read_text()

    def until_printed(self, run_dir: Path, text: str) -> None:
        """Wait until a run's output holds a text."""
        path = run_dir / "output.log"
        until(lambda: path.exists() and text in path.read_text(), f"{text} is printed")

    def close(self) -> None:
        """Stop what still runs, and wait until every supervisor has gone."""
        for run_dir in self.launched:
            state = read_verdict(run_dir).state if run_dir.is_dir() else None
            if state is None or state.is_terminal:
                continue
            request_stop(run_dir, by="teardown", kill=True, ask_s=0, grace_s=0)
            if state is RunState.ORPHANED:  # as a test that has failed leaves it
                self.executor.adopt(run_dir, read_spec(run_dir))
        until(self._all_gone, "no supervisor of this test is left")

    def _all_gone(self) -> bool:
        self.executor.reap()
        ours = self.executor._supervisors
        return not ours and not process.descendants(os.getpid())


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A place to launch real runs; whatever still runs is ended afterwards."""
    place = Bench(tmp_path)
    yield place
    place.close()


@pytest.fixture
def desk(home: Path, tmp_path: Path) -> Iterator[Desk]:
    """A project and its services; whatever still runs is ended afterwards."""
    place = Desk(tmp_path)
    yield place
    place.close()


@pytest.fixture
def sessions(desk: Desk) -> Iterator[Sessions]:
    """A way to start other sessions, which are ended afterwards."""
    place = Sessions(desk)
    yield place
    place.close()


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """Where the jobs leave a file for each start."""
    folder = tmp_path / "starts"
    folder.mkdir()
    return folder
