"""Start a process that must leave nothing behind, and hear its answer.

Where the kernel allows it, the process sees the user's files through an overlay whose
changes are thrown away, and has processes, a network and shared memory of its own (see
``confine``). Elsewhere it gets as many namespaces as there are to be had, and an empty
working folder. It has no input and a timeout; what it prints is kept, bounded, for the
details of an error, and nothing of it reaches our own streams.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

from .listening import Heard, listen

_TOKEN = "OPSDASH_PROBE"  # noqa: S105 - marks our processes, keeps nothing secret
_START = "import sys; sys.path.append({folder!r}); from confine.run import main; main()"
_END_S = 5.0
_TRY_S = 5.0
_LEVELS = ("full", "part", "none")
_MOST = "full"
"""How far to confine at most; tests lower it, for machines that allow less."""


class Confinement(NamedTuple):
    """How far a process was kept from the machine.

    Attributes:
        level: ``full`` (an overlay over the files, and no network), ``part``
            (no network and no other processes, but the files themselves) or ``none``.
        reason: why it is not more; empty for ``full``.
    """

    level: str
    reason: str = ""

    @property
    def is_full(self) -> bool:
        """Whether nothing that it wrote reached the user's files."""
        return self.level == "full"


class Answer(NamedTuple):
    """What a process said and how it ended.

    Attributes:
        lines: the complete lines that it wrote on its answer descriptor.
        output: the end of what it printed.
        code: its exit code (negative: the signal), None where it was still running.
        timed_out: it was killed because it took too long.
        confinement: how far it was kept from the machine.
    """

    lines: tuple[bytes, ...]
    output: str
    code: int | None
    timed_out: bool
    confinement: Confinement = Confinement("none")


_tried: list[Confinement] = []


def confinement() -> Confinement:
    """What this machine allows; tried once, by starting nothing of the user's."""
    if not _tried:
        program = shutil.which("true") or sys.executable
        command = [program] if shutil.which("true") else [program, "-I", "-c", ""]
        folder = Path("/")
        ask(command, expected=1, timeout_s=_TRY_S, variables=os.environ, folder=folder)
    return _tried[0] if _tried else Confinement("none", "it could not be tried in time")


def ask(
    command: Sequence[str],
    *,
    expected: int,
    timeout_s: float,
    variables: Mapping[str, str],
    folder: Path,
    cwd: Path | None = None,
    given: bytes = b"",
    needed: str = "any",
) -> Answer:
    """Run a command until it has answered, then leave no process of it alive.

    Args:
        command: the program (an absolute path) and its arguments; ``{answer_fd}`` in
            them stands for the descriptor to answer on, ``{given_fd}`` for the one
            that holds what is given, ``{confined}`` for the level of confinement.
        expected: how many lines are a complete answer.
        timeout_s: after this time the whole tree is killed.
        variables: its environment.
        folder: its working folder where an overlay lies over it.
        cwd: its working folder elsewhere; a private empty one where None.
        given: what it may read; never on a command line nor on a disk.
        needed: ``full``: do not start it at all where there is no overlay.

    Raises:
        OSError: the program cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="opsdash-probe-") as scratch:
        token = uuid.uuid4().hex
        own = {**variables, _TOKEN: token}
        order = _Order(command, own, folder, cwd, scratch, given, needed)
        confined = Confinement("none", "it did not start in time")
        with _started(order) as (process, answer_fd, output_fd):
            try:
                deadline = time.monotonic() + timeout_s
                heard = listen(process, answer_fd, output_fd, expected + 1, deadline)
                confined = _reported(heard, confined)
            finally:
                _end(process, token, confined)
    return _answer(command, heard, confined)


class _Order(NamedTuple):
    """What is started, and where."""

    command: Sequence[str]
    variables: Mapping[str, str]
    folder: Path
    cwd: Path | None
    scratch: str
    given: bytes
    needed: str


def _answer(command: Sequence[str], heard: Heard, confined: Confinement) -> Answer:
    """The answer without the report that comes before it.

    Raises:
        OSError: the program cannot be started.
    """
    lines = heard.lines[1:]
    if lines and lines[0].startswith(b"failed "):
        number = int(lines[0].split(b" ")[1])
        raise OSError(number, os.strerror(number), command[0])
    return Answer(lines, heard.output, heard.code, heard.timed_out, confined)


def _reported(heard: Heard, unknown: Confinement) -> Confinement:
    """What the first line of an answer says, remembered for ``confinement``."""
    if not heard.lines:
        return unknown
    level, _, reason = heard.lines[0].decode("utf-8", "replace").partition(" ")
    if level not in _LEVELS:
        return unknown
    confined = Confinement(level, reason)
    _tried[:] = [confined]
    return confined


@contextlib.contextmanager
def _started(order: _Order) -> Iterator[tuple[subprocess.Popen[bytes], int, int]]:
    """The running process, with what it answers and what it prints to read from."""
    # What is closed early must not be closed again: another thread may have its number.
    with contextlib.ExitStack() as stack, contextlib.ExitStack() as handed_on:
        answer_fd, answer_write = _pipe(stack, handed_on)
        output_fd, output_write = _pipe(stack, handed_on)
        given_fd = _holding(handed_on, order.given)
        for name in ("tmp", "work"):
            Path(order.scratch, name).mkdir(mode=0o700)
        filled = [
            part.replace("{answer_fd}", str(answer_write)).replace(
                "{given_fd}", str(given_fd)
            )
            for part in order.command
        ]
        process = subprocess.Popen(
            _confined(filled, order, answer_write),
            stdin=subprocess.DEVNULL,
            stdout=output_write,
            stderr=output_write,
            pass_fds=(answer_write, given_fd),
            cwd="/",
            env=dict(order.variables),
            start_new_session=True,
        )
        handed_on.close()
        yield process, answer_fd, output_fd


def _confined(command: Sequence[str], order: _Order, report_on: int) -> list[str]:
    """The command behind the program that confines it."""
    start = _START.format(folder=str(Path(__file__).parent))
    own = str(order.cwd or "")
    return [
        *(sys.executable, "-I", "-S", "-c", start, str(report_on), order.needed, _MOST),
        *(str(order.folder), order.scratch, own, *command),
    ]


def _pipe(
    stack: contextlib.ExitStack, handed_on: contextlib.ExitStack
) -> tuple[int, int]:
    reading, writing = os.pipe()
    stack.callback(os.close, reading)
    handed_on.callback(os.close, writing)
    return reading, writing


def _holding(stack: contextlib.ExitStack, data: bytes) -> int:
    """A descriptor to read some data from, however much it is."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("given")
    else:
        handle, name = tempfile.mkstemp()
        Path(name).unlink()
        descriptor = handle
    stack.callback(os.close, descriptor)
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _end(process: subprocess.Popen[bytes], token: str, confined: Confinement) -> None:
    """Kill the process and whatever it started, and collect it."""
    if confined.level != "none" and _ended(process):
        return  # the last process of a namespace ends after all others in it
    strays = _descendants(process.pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    strays.extend(_marked(token))
    for stray in strays:
        with contextlib.suppress(psutil.Error):
            stray.kill()


def _ended(process: subprocess.Popen[bytes]) -> bool:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_END_S)
    except subprocess.TimeoutExpired:
        return False
    return True


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
