"""A panel on a small project of its own; what it runs is ended with it."""

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.follow import LogFile
from opsdash_widgets.core.model import RunQuery
from opsdash_widgets.core.service import Service, open_service
from opsdash_widgets.ui.app import Dashboard
from opsdash_widgets.ui.controls.log_tail import LogTail

from .log_views import Browser

PATIENCE_S = 60.0

MODULES = {
    "greet": """
        '''Greets somebody.'''
        import argparse
        parser = argparse.ArgumentParser()
        parser.add_argument("--name", required=True)
        parser.add_argument("--count", type=int, default=1)
        args = parser.parse_args()
        print(f"hello {args.name}")
    """,
    "sleeps": """
        '''Sleeps until it is stopped.'''
        import argparse, time
        argparse.ArgumentParser().parse_args()
        time.sleep(600)
    """,
    "broken": "def f(:",
    "needs": """
        import argparse, no_such_package
        if __name__ == "__main__":
            argparse.ArgumentParser().parse_args()
    """,
}


def until(condition: Callable[[], object], what: str) -> None:
    """Poll until a condition holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.01)


@pytest.fixture
def service(home: Path, tmp_path: Path) -> Iterator[Service]:
    """A service on a project with a few modules, and with DEV and PROD."""
    project = tmp_path / "project"
    package = project / "jobs"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    for name, source in MODULES.items():
        (package / f"{name}.py").write_text(textwrap.dedent(source))
    (project / "opsdash.toml").write_text('runners_package = "jobs"\n')
    (project / "config.ini").write_text(
        f"[DEV]\nINTERPRETER = {sys.executable}\n"
        f"[PROD]\nINTERPRETER = {sys.executable}\n"
    )
    service = open_service(project)
    yield service
    for run in service.runs(RunQuery(limit=100)).runs:
        if not service.run(run.run_id).is_terminal:
            service.stop(run.run_id, kill_now=True)
    until(lambda: _all_ended(service), "every run has ended")
    service.close()


def _all_ended(service: Service) -> bool:
    service.sync()
    return not any(service.counts().values())


@pytest.fixture
def panel(service: Service) -> Iterator[Dashboard]:
    """The panel on that service, its modules read."""
    panel = Dashboard(service)
    until(lambda: panel.page("run").picker.modules, "the modules are listed")
    until(lambda: panel.frame.environments, "the environments are read")
    yield panel
    panel.close()


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Browser]]:
    shown: list[LogTail] = []

    def open_log(source: LogFile | None, **how: Any) -> Browser:
        tail = LogTail(source)
        browsers: list[Browser] = []
        monkeypatch.setattr(
            tail,
            "send",
            lambda content, buffers: [
                one.hear(content, buffers or []) for one in browsers
            ],
        )
        browsers.append(Browser(tail, **how))
        tail.browsers = browsers
        shown.append(tail)
        return browsers[0]

    yield open_log
    for tail in shown:
        tail.close()
