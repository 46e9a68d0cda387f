"""All that a face asks of a run, for runs whose directory lies."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from opsdash_widgets.core.errors import OpsdashError
from opsdash_widgets.core.service import Service

VICTIM = (
    '{"schema": "exit/1", "code": 0, "stop": true, "by": "THE VICTIM", "paused": 1}\n'
)
"""What another user's file holds: it would pass for many a record."""

NAMES = (
    "spec.json",
    "lock",
    "job.lock",
    "child.json",
    "control.json",
    "control.lock",
    "ladder.jsonl",
    "output.log",
    "output.idx",
    "output.fpos",
    "output.holes",
    "resources.bin",
    "pauses.jsonl",
    "tree.json",
    "exit.note",
    "exit.slot",
    "exit.json",
    "supervisor.log",
)


def everything(service: Service, run_id: str) -> str:
    """Ask all there is to ask of a run; all that was said, errors too."""
    said: list[str] = []

    def log() -> str:
        with contextlib.closing(service.log(run_id)) as opened:
            opened.refresh()
            parts = b"".join(opened.export("all")).decode("utf-8", "replace")
            return f"{opened.notice} {parts}"

    asked: tuple[Callable[[], object], ...] = (
        service.sync,
        lambda: service.run(run_id),
        log,
        lambda: service.stop_rungs(run_id),
        lambda: service.resources(run_id),
        lambda: service.pause(run_id),
        lambda: service.resume(run_id),
        lambda: service.withdraw_stop(run_id),
    )
    for ask in asked:
        try:
            said.append(f"{ask()}")
        except OpsdashError as error:
            said.append(f"{error}")
    return "\n".join(said)


@contextlib.contextmanager
def replaced(run_dir: Path, name: str, kind: str, victim: Path) -> Iterator[None]:
    """Have something else in a file's place for a while."""
    path, aside = run_dir / name, run_dir.parent / f".aside-{name}"
    if path.exists():
        path.rename(aside)
    put(path, kind, victim)
    try:
        yield
    finally:
        path.rmdir() if kind == "folder" else path.unlink(missing_ok=True)
        if aside.exists():
            aside.rename(path)


def put(path: Path, kind: str, victim: Path) -> None:
    """Put a link to another user's file, a FIFO or a folder in a file's place."""
    if kind == "link":
        path.symlink_to(victim)
    elif kind == "hard link":
        os.link(victim, path)
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.mkdir()
