"""Start a process that must leave nothing behind, and hear its answer.

The process gets a session and, where the kernel allows it, a process and a network
namespace of its own, no input, an empty working folder and a timeout. What it prints
is kept, bounded, for the details of an error; nothing of it reaches our own streams.
"""

from __future__ import annotations

import contextlib
import functools
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

_UNSHARE = ("--user", "--map-current-user", "--pid", "--net", "--fork", "--kill-child")
_TOKEN = "OPSDASH_PROBE"  # noqa: S105 - marks our processes, keeps nothing secret
_OUTPUT_KEPT = 64 * 1024
_ANSWER_LIMIT = 64 * 1024 * 1024
_READ = 65_536
_POLL_S = 0.05
_TRY_S = 5


class Answer(NamedTuple):
    """What a process said and how it ended.

    Attributes:
        lines: the complete lines that it wrote on its answer descriptor.
        output: the end of what it printed.
        code: its exit code (negative: the signal), None where it was still running.
        timed_out: it was killed because it took too long.
    """

    lines: tuple[bytes, ...]
    output: str
    code: int | None
    timed_out: bool


def ask(
    command: Sequence[str],
    *,
    expected: int,
    timeout_s: float,
    variables: Mapping[str, str],
    cwd: Path | None = None,
) -> Answer:
    """Run a command until it has answered, then leave no process of it alive.

    Args:
        command: the program and its arguments; ``{answer_fd}`` in them stands for the
            descriptor to answer on.
        expected: how many lines are a complete answer.
        timeout_s: after this time the whole tree is killed.
        variables: its environment.
        cwd: its working folder; a private empty one where None.

    Raises:
        OSError: the program cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="opsdash-probe-") as scratch:
        token = uuid.uuid4().hex
        own = {**variables, _TOKEN: token, "TMPDIR": _folder(scratch, "tmp")}
        working = cwd or Path(_folder(scratch, "work"))
        with _started(command, own, working) as (process, answer_fd, output_fd):
            try:
                deadline = time.monotonic() + timeout_s
                return _listen(process, answer_fd, output_fd, expected, deadline)
            finally:
                _kill_tree(process, token)


def _folder(parent: str, name: str) -> str:
    folder = Path(parent, name)
    folder.mkdir(mode=0o700)
    return str(folder)


@contextlib.contextmanager
def _started(
    command: Sequence[str], variables: Mapping[str, str], cwd: Path
) -> Iterator[tuple[subprocess.Popen[bytes], int, int]]:
    """The running process, with what it answers and what it prints to read from."""
    # What is closed early must not be closed again: another thread may have the number.
    with contextlib.ExitStack() as stack, contextlib.ExitStack() as handed_on:
        answer_fd, answer_write = _pipe(stack, handed_on)
        output_fd, output_write = _pipe(stack, handed_on)
        filled = [part.replace("{answer_fd}", str(answer_write)) for part in command]
        process = subprocess.Popen(
            [*isolation(), *filled],
            stdin=subprocess.DEVNULL,
            stdout=output_write,
            stderr=output_write,
            pass_fds=(answer_write,),
            cwd=cwd,
            env=dict(variables),
            start_new_session=True,
        )
        handed_on.close()
        yield process, answer_fd, output_fd


def _pipe(
    stack: contextlib.ExitStack, handed_on: contextlib.ExitStack
) -> tuple[int, int]:
    reading, writing = os.pipe()
    stack.callback(_close, reading)
    handed_on.callback(_close, writing)
    return reading, writing


def _close(descriptor: int) -> None:
    with contextlib.suppress(OSError):
        os.close(descriptor)


def _listen(
    process: subprocess.Popen[bytes],
    answer_fd: int,
    output_fd: int,
    expected: int,
    deadline: float,
) -> Answer:
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
        _read_ready(selector, 0)
    lines = tuple(bytes(answer).split(b"\n")[:-1])
    text = bytes(output[-_OUTPUT_KEPT:]).decode("utf-8", "replace")
    return Answer(lines, text, process.poll(), timed_out)


def _read_ready(selector: selectors.BaseSelector, timeout_s: float) -> bool:
    """Take what is there; whether there was anything."""
    busy = False
    for key, _ in selector.select(timeout_s):
        data = os.read(key.fd, _READ)
        key.data.extend(data)
        busy = busy or bool(data)
        if not data:
            selector.unregister(key.fd)
    if not selector.get_map() and timeout_s:
        time.sleep(timeout_s)  # nothing left to hear: only the end to wait for
    return busy


def _kill_tree(process: subprocess.Popen[bytes], token: str) -> None:
    """Kill the process, its session and whatever it started, and collect it."""
    strays = _descendants(process.pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if not isolation():
        # Without a process namespace a daemon may have left the tree.
        strays.extend(_marked(token))
    for stray in strays:
        with contextlib.suppress(psutil.Error):
            stray.kill()


def _descendants(pid: int) -> list[psutil.Process]:
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.Error:
        return []


def _marked(token: str) -> list[psutil.Process]:
    """Processes that carry the token in their environment."""
    found = []
    for candidate in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if candidate.environ().get(_TOKEN) == token:
                found.append(candidate)
    return found


@functools.cache
def isolation() -> tuple[str, ...]:
    """The command that gives a process its own namespaces; empty where none can."""
    program = shutil.which("unshare")
    if program is None:
        return ()
    prefix = (program, *_UNSHARE)
    try:
        tried = subprocess.run(
            [*prefix, "true"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TRY_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return prefix if tried.returncode == 0 else ()
