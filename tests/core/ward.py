"""A home made by real runs, copies of it, and its doctor."""

from __future__ import annotations

import os
import shutil
import stat
import time
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from opsdash_widgets.core.model import (
    Actor,
    FormValues,
    LaunchRequest,
    Preset,
    RunQuery,
    RunState,
    SweepRequest,
)
from opsdash_widgets.core.service import Service, open_doctor
from opsdash_widgets.core.service.doctor import Doctor
from opsdash_widgets.core.service.doctoring.findings import Report
from opsdash_widgets.core.settings import HOME_VARIABLE

from .desk import Desk, until

OLD_S = 3600.0
"""How much older something is made that shall not look as if it were just written."""

TAKES = """
    import argparse, sys, time
    parser = argparse.ArgumentParser()
    parser.add_argument("--code", type=int, default=0)
    parser.add_argument("--nap", type=float, default=0.0)
    if __name__ == "__main__":
        args = parser.parse_args()
        print("code", args.code)
        time.sleep(args.nap)
        sys.exit(args.code)
"""


class Ward(NamedTuple):
    """A home and its runs.

    Attributes:
        home: the home folder.
        good: the id of a run that succeeded.
        bad: the id of one that failed with 3.
        other: the id of one that succeeded, which nothing is done to.
        group: the id of a group that is paused.
        waiting: the ids of its runs that wait.
    """

    home: Path
    good: str
    bad: str
    other: str
    group: str
    waiting: tuple[str, ...]

    def run_dir(self, run_id: str = "") -> Path:
        """Where a run's directory is; the good one's by default."""
        return self.home / "logs" / "runs" / (run_id or self.good)

    @property
    def registry(self) -> Path:
        """The registry."""
        return self.home / "runs.db"

    @property
    def record(self) -> Path:
        """The record of the group."""
        return self.home / "logs" / "groups" / f"{self.group}.json"

    def copy(self, home: Path) -> Ward:
        """The same home elsewhere, its registry filled by a session."""
        shutil.rmtree(home)
        shutil.copytree(
            self.home,
            home,
            ignore=lambda _, names: [n for n in names if "runs.db" in n],
        )
        return self._replace(home=home)


def admit(desk: Desk, home: Path) -> Ward:
    """Fill a home with real runs, a group of which some wait, a preset and caches."""
    takes = desk.module("takes", TAKES)
    service = desk.service()
    service.modules()
    good, bad, other = (
        desk.run(service, _request(takes, code)).run_id for code in ("0", "3", "0")
    )
    service.presets.save(Preset(name="mine", module=takes, values=_values(code="2")))
    sweep = SweepRequest(base=_request(takes, nap="600"), fields={"code": "0,1,2"})
    group = service.groups.launch(msgspec.structs.replace(sweep, limit=1)).group_id
    first, *waiting = (run.run_id for run in service.groups.get(group).runs)
    until(lambda: service.run(first).verdict.state is RunState.RUNNING, "it has begun")
    service.groups.pause(group)
    service.stop(first, kill_now=True)
    until(lambda: service.run(first).is_terminal, "it has ended")
    service.close()
    return Ward(home, good, bad, other, group, tuple(waiting))


def _request(module: str, code: str = "0", **values: str) -> LaunchRequest:
    return LaunchRequest(module=module, values=_values(code=code, **values))


def _values(**values: str) -> FormValues:
    return FormValues(values={f"--{name}": text for name, text in values.items()})


def age(*paths: Path) -> None:
    """Make files look as if nobody had touched them for long."""
    then = time.time() - OLD_S
    for path in paths:
        os.utime(path, (then, then), follow_symlinks=False)


def contents(folder: Path) -> dict[str, tuple[int, bytes | str]]:
    """Everything below a folder: its mode, and its bytes or where it leads."""
    found: dict[str, tuple[int, bytes | str]] = {}
    for path in sorted(folder.rglob("*")):
        seen = path.lstat()
        what: bytes | str = ""
        if stat.S_ISREG(seen.st_mode):
            what = path.read_bytes()
        elif path.is_symlink():
            what = os.readlink(path)  # noqa: PTH115 - a text
        found[str(path.relative_to(folder))] = (seen.st_mode, what)
    return found


Ends = dict[str, tuple[str, int | None, int | None]]
"""Run id -> its word, exit code and signal."""


def ends(service: Service) -> Ends:
    """Run id -> its word, exit code and signal, as a session sees them."""
    service.sync()
    runs = service.runs(RunQuery(limit=1000)).runs
    return {
        run.run_id: (run.word, run.verdict.exit_code, run.verdict.signal)
        for run in runs
    }


def truth(desk: Desk) -> Ends:
    """What a session of its own says of every run."""
    service = desk.service()
    try:
        return ends(service)
    finally:
        service.close()
        desk.opened.remove(service)


def kinds(report: Report) -> set[str]:
    """What a report names."""
    return {finding.kind for finding in report.findings}


def told(report: Report) -> str:
    """All that a report tells."""
    return "\n".join(map(str, report.findings))


@pytest.fixture(scope="session")
def first_ward(tmp_path_factory: pytest.TempPathFactory) -> Ward:
    """A home with real runs, which is copied for each test."""
    folder = tmp_path_factory.mktemp("ward")
    home = folder / "home"
    home.mkdir(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(home))
        desk = Desk(folder)
        found = admit(desk, home)
        until(desk._all_gone, "no supervisor is left")  # two runs go on waiting
    return found


@pytest.fixture
def ward(first_ward: Ward, home: Path, desk: Desk) -> Ward:
    """A home of this test's own, whole, with its registry."""
    ward = first_ward.copy(home)
    truth(desk)
    return ward


@pytest.fixture
def doctor(home: Path, desk: Desk) -> Doctor:
    """The doctor of a test's home."""
    return open_doctor(desk.project, Actor(name="the doctor"))
