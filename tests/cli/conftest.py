"""A terminal with a project of its own, whose runs are ended when the test is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

DEADLINE_S = 60.0
"""Generous: the machine may be busy."""

ECHO = '''\
"""Writes what it is told to."""
import argparse, os, signal, sys, time
parser = argparse.ArgumentParser()
parser.add_argument("--out", action="append", default=[])
parser.add_argument("--err", action="append", default=[])
parser.add_argument("--count", type=int, default=1)
parser.add_argument("--nap", type=float, default=0)
parser.add_argument("--code", type=int, default=0)
parser.add_argument("--die", type=int, default=0)
parser.add_argument("--deaf", action="store_true", help="ignore SIGTERM")
args = parser.parse_args()
if args.deaf:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in range(args.count):
    for line in args.out:
        print(line)
    for line in args.err:
        print(line, file=sys.stderr)
    time.sleep(args.nap)
if args.die:
    os.kill(os.getpid(), args.die)
sys.exit(args.code)
'''


class Terminal:
    """Runs ``opsdash`` in a project's folder."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder = folder
        self.env = env

    def start(self, *words: str, **options: Any) -> subprocess.Popen[str]:
        """Start a command; its output is piped and read as text."""
        pipe = subprocess.PIPE
        standard = {"stdin": subprocess.DEVNULL, "stdout": pipe, "stderr": pipe}
        command = [sys.executable, "-m", "opsdash_widgets", *words]
        kwargs = {"cwd": self.folder, "env": self.env, "text": True}
        return subprocess.Popen(command, **{**standard, **kwargs, **options})

    def __call__(
        self, *words: str, give: str = "", **options: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        if give:
            options["stdin"] = subprocess.PIPE
        with self.start(*words, **options) as process:
            out, err = process.communicate(give or None, timeout=DEADLINE_S)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def json(self, *words: str) -> Any:
        """What a command prints as JSON."""
        done = self(*words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def detached(self, *words: str) -> str:
        """The id of a run that goes on."""
        done = self("run", "--detach", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def until(self, run_id: str, ready: Callable[[dict[str, Any]], object]) -> Any:
        """The run once it is what is waited for."""
        deadline = time.monotonic() + DEADLINE_S
        while time.monotonic() < deadline:
            run = self.json("show", run_id, "--json")
            if ready(run):
                return run
        raise AssertionError(f"still {run}")

    def module(self, name: str, source: str) -> None:
        """Add a module to the project."""
        path = self.folder.joinpath(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")


@pytest.fixture
def terminal(tmp_path: Path, home: Path) -> Iterator[Terminal]:
    folder = tmp_path / "project"
    (folder / "runners").mkdir(parents=True)
    (folder / "runners" / "__init__.py").write_text("")
    env = {**os.environ, "OPSDASH_HOME": str(home)}
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        env.pop(name, None)
    opened = Terminal(folder, env)
    opened.module("runners.echo", ECHO)
    yield opened
    env["OPSDASH_HOME"] = str(home)
    if (home / "logs" / "runs").is_dir() and any((home / "logs" / "runs").iterdir()):
        listed = opened("ps", "--json")
        rows = json.loads(listed.stdout) if listed.returncode == 0 else []
        active = [row["run_id"] for row in rows if row["state"] != "finished"]
        if active:
            opened("stop", "--now", "--wait", *active)
