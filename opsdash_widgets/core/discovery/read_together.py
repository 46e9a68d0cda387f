"""Read many source files on several cores."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from .child import decide
from .child.locate import Located
from .child.reading import Reading
from .listing_cache import SourceFile

_WORKER = Path(__file__).parent / "child" / "read_many.py"
_WORTH_A_PROCESS = 300
"""Files that take about as long to read as a process takes to start, and again."""
_MOST_PROCESSES = 4
_PATIENCE_S = 60


def read_all(files: Sequence[SourceFile], roots: Sequence[str]) -> list[Reading]:
    """What each file says, in their order."""
    shares = _shares(files)
    answers: list[list[Reading] | None] = [None] * len(shares)

    def ask(place: int) -> None:
        answers[place] = _ask(shares[place], roots)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(1, len(shares))]
    for thread in threads:
        thread.start()
    answers[0] = [read_one(file, roots) for file in shares[0]]
    for thread in threads:
        thread.join()
    found: list[Reading] = []
    for share, answer in zip(shares, answers, strict=True):
        found.extend(answer or [read_one(file, roots) for file in share])
    return found


def read_one(file: SourceFile, roots: Sequence[str]) -> Reading:
    """What one file says."""
    located = Located(file.path, file.is_main, init=file.init)
    return decide.quickly(file.name, located, roots)


def _shares(files: Sequence[SourceFile]) -> list[Sequence[SourceFile]]:
    cores = len(os.sched_getaffinity(0))
    count = max(1, min(cores, _MOST_PROCESSES, len(files) // _WORTH_A_PROCESS))
    size = -(-len(files) // count) if files else 1
    return [files[start : start + size] for start in range(0, len(files), size)] or [[]]


def _ask(share: Sequence[SourceFile], roots: Sequence[str]) -> list[Reading] | None:
    """What another process reads; None where it could not."""
    rows = [(file.name, file.path, file.is_main, file.init) for file in share]
    request = json.dumps({"roots": list(roots), "files": rows})
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        answer = subprocess.run(
            [sys.executable, "-I", "-S", str(_WORKER)],
            input=request.encode("utf-8"),
            capture_output=True,
            timeout=_PATIENCE_S,
            check=True,
        )
        return [Reading(*fields) for fields in json.loads(answer.stdout)]
    return None
