"""Hear what a process says on two pipes, until it has said enough."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from typing import NamedTuple

_OUTPUT_KEPT = 64 * 1024
_ANSWER_LIMIT = 64 * 1024 * 1024
_READ = 65_536
_POLL_S = 0.05


class Heard(NamedTuple):
    """What was heard.

    Attributes:
        lines: the complete lines of its answer.
        output: the end of what it printed.
        code: its exit code, None where it was still running.
        timed_out: the answer was not complete in time.
    """

    lines: tuple[bytes, ...]
    output: str
    code: int | None
    timed_out: bool


def listen(
    process: subprocess.Popen[bytes],
    answer_fd: int,
    output_fd: int,
    expected: int,
    deadline: float,
) -> Heard:
    """Read both pipes until the answer is complete, the process ended or time is up."""
    answer, output = bytearray(), bytearray()
    timed_out = False
    with selectors.DefaultSelector() as selector:
        selector.register(answer_fd, selectors.EVENT_READ, answer)
        selector.register(output_fd, selectors.EVENT_READ, output)
        while answer.count(b"\n") < expected and len(answer) < _ANSWER_LIMIT:
            if time.monotonic() > deadline:
                timed_out = True
                break
            ended = process.poll() is not None
            busy = _read_ready(selector, 0 if ended else _POLL_S)
            del output[:-_OUTPUT_KEPT]
            if ended and not busy:
                break
            if not ended and not selector.get_map():
                _wait(process)  # nothing left to hear
        _read_ready(selector, 0)
    lines = tuple(bytes(answer).split(b"\n")[:-1])
    text = bytes(output[-_OUTPUT_KEPT:]).decode("utf-8", "replace")
    return Heard(lines, text, process.poll(), timed_out)


def _read_ready(selector: selectors.BaseSelector, timeout_s: float) -> bool:
    """Take what is there; whether there was anything."""
    if not selector.get_map():
        return False
    busy = False
    for key, _ in selector.select(timeout_s):
        data = os.read(key.fd, _READ)
        key.data.extend(data)
        busy = busy or bool(data)
        if not data:
            selector.unregister(key.fd)
    return busy


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_POLL_S)
    except subprocess.TimeoutExpired:
        return
