"""Other sessions on a home, and a module that leaves a trace of each of its starts."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

from opsdash_widgets.core.model import (
    FormValues,
    GroupState,
    LaunchRequest,
    SweepRequest,
)
from opsdash_widgets.core.service import Service

from .desk import Desk, until

NOTES = """
    import argparse, os, time
    parser = argparse.ArgumentParser()
    parser.add_argument("--number", type=int, required=True)
    parser.add_argument("--into", required=True)
    parser.add_argument("--wait", type=float, default=0.0)
    parser.add_argument("--password")
    if __name__ == "__main__":
        args = parser.parse_args()
        # One file for each start: a second start of the same run would show.
        with open(f"{args.into}/{args.number}-{os.getpid()}", "w") as file:
            file.write(args.password or "")
        time.sleep(args.wait)
"""

STARTS = """
    import sys, time
    from pathlib import Path
    from opsdash_widgets.core.model import Actor
    from opsdash_widgets.core.service import open_service
    service = open_service(Path(sys.argv[1]), Actor(name="another session"))
    service.groups.attend(go_on=True)
    print("there", flush=True)
    while True:
        service.groups.attend()
        time.sleep(0.02)
"""

LAUNCHES = """
    import sys, time
    from pathlib import Path
    from opsdash_widgets.core.model import *
    from opsdash_widgets.core.service import open_service
    service = open_service(Path(sys.argv[1]), Actor(name="who launched it"))
    base = LaunchRequest(module="jobs.notes", values=FormValues(values={
        "--into": sys.argv[2], "--wait": sys.argv[4]}))
    group = service.groups.launch(SweepRequest(
        base=base, fields={"number": sys.argv[3]}, limit=2))
    print(group.group_id, flush=True)
    time.sleep(600)
"""


class Sessions:
    """Other sessions on the same home: processes of their own."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._processes: list[subprocess.Popen[str]] = []

    def start(self, source: str, *words: str) -> tuple[subprocess.Popen[str], str]:
        """Start one, and wait until it says something."""
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(source), *words],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.getcwd()},  # noqa: PTH109 - a text
        )
        self._processes.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline().strip()

    def kill(self, process: subprocess.Popen[str]) -> None:
        """End one without a warning."""
        process.kill()
        process.wait()

    def close(self) -> None:
        """End all."""
        for process in self._processes:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


def starts(into: Path) -> Counter[str]:
    """Number -> how often its run was started."""
    return Counter(path.name.split("-")[0] for path in into.iterdir())


def request(into: Path, number: str, limit: int = 2, **values: str) -> SweepRequest:
    given = {"--into": str(into), **{f"--{k}": v for k, v in values.items()}}
    base = LaunchRequest(module="jobs.notes", values=FormValues(values=given))
    return SweepRequest(base=base, fields={"number": number}, limit=limit)


def until_over(service: Service, group_id: str) -> dict[str, int]:
    def over() -> bool:
        service.sync()
        return service.groups.progress(group_id).state is GroupState.FINISHED

    until(over, "the group has ended")
    return service.groups.progress(group_id).counts
