"""Ask another program one thing: briefly, and with nothing of it left behind."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

MOST_BYTES = 1 << 20
"""What a program says beyond this is not read."""


class Answer(NamedTuple):
    """What a program said.

    Attributes:
        code: its exit code; None where its time was up, or it said too much.
        text: both its streams, as far as they were read.
    """

    code: int | None
    text: str


def ask(
    command: Sequence[str],
    *,
    cwd: str,
    variables: Mapping[str, str],
    timeout_s: float,
) -> Answer:
    """Run a program in a session of its own, which is killed when its time is up.

    Raises:
        OSError: it cannot be started.
    """
    deadline = time.monotonic() + timeout_s
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    code = None
    with process.stdout or contextlib.nullcontext() as pipe:
        said, whole = _read(pipe.fileno(), deadline) if pipe else (b"", False)
        if whole:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = process.wait(max(0.0, deadline - time.monotonic()))
        if code is None:  # not reaped yet, so that the number is still its own
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return Answer(code, said.decode("utf-8", "replace"))


def _read(fd: int, deadline: float) -> tuple[bytes, bool]:
    """What is said until the end, and whether that was reached in time."""
    said = bytearray()
    waiting = select.poll()
    waiting.register(fd, select.POLLIN)
    while len(said) < MOST_BYTES:
        left_ms = max(0.0, deadline - time.monotonic()) * 1000
        if not waiting.poll(left_ms):
            return bytes(said), False
        chunk = os.read(fd, 1 << 16)
        if not chunk:
            return bytes(said), True
        said += chunk
    return bytes(said), False
