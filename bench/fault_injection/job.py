"""The job that faults are injected into: it says the truth about itself elsewhere.

Started as a module by the code under test, and so without anything of ours: the plan
is its only argument. Into its ledger (outside the run directory) it writes whatever it
is about to print before it prints it, how much of it is printed, which daemons it has
started, and how it is about to end.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

SLEEPS = "import time; time.sleep(600)"


class Ledger:
    """What is true of this job: ``TAG.bytes`` and ``TAG.jsonl``."""

    def __init__(self, path: str) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        self._bytes = os.open(f"{path}.bytes", flags, 0o600)
        self._notes = os.open(f"{path}.jsonl", flags, 0o600)

    def note(self, **what: Any) -> None:
        """Append one fact, on disk when this returns."""
        now = time.clock_gettime(time.CLOCK_BOOTTIME)
        os.write(self._notes, (json.dumps({"at": now, **what}) + "\n").encode())
        os.fdatasync(self._notes)

    def will_print(self, data: bytes) -> None:
        """Append what is printed next."""
        os.write(self._bytes, data)


def start_ticks(pid: int | str) -> int:
    """Field 22 of ``/proc/PID/stat``; proc(5)."""
    with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - a light start
        return int(file.read().rpartition(b")")[2].split()[19])


def main(plan: dict[str, Any]) -> None:
    """Do what the plan says."""
    ledger = Ledger(plan["ledger"])
    if plan["deaf"]:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    printed = 0
    try:
        ledger.note(what="start", pid=os.getpid(), ticks=start_ticks("self"))
        for kind in plan["daemons"]:
            pid = daemon_of(kind)
            ledger.note(what="daemon", kind=kind, pid=pid, ticks=start_ticks(pid))
        for number, (stream, kind, size, pause_s) in enumerate(plan["chunks"]):
            data = content(kind, number, size)
            ledger.will_print(data)
            PRINT[kind](sys.stdout if stream == "out" else sys.stderr, data)
            printed += len(data)
            ledger.note(what="printed", size=printed)
            time.sleep(pause_s)
    except SystemExit as error:  # what SIGTERM becomes
        ledger.note(what="terminated", code=error.code)
        raise
    if plan["how"] == "raise":
        trace = b"it ended by an exception\n"
        ledger.will_print(trace)
        sys.excepthook = lambda *_: PRINT["line"](sys.stderr, trace)
    ledger.note(what="end", how=plan["how"], code=plan["code"])
    END[plan["how"]](plan["code"])


def content(kind: str, number: int, size: int) -> bytes:
    """What a chunk consists of."""
    if kind == "binary":
        return os.urandom(size)
    text = f"line {number} "
    if kind == "burst":
        return b"".join(f"{text}{n}\n".encode() for n in range(size))
    return (text + "x" * size + "\n").encode()


def print_line(stream: Any, data: bytes) -> None:
    """As ``print`` does."""
    print(data.decode(), end="", file=stream, flush=True)


def print_burst(stream: Any, data: bytes) -> None:
    """Line by line, as fast as it goes."""
    for line in data.decode().splitlines():
        print(line, file=stream)
    stream.flush()


def print_binary(stream: Any, data: bytes) -> None:
    """Past the text layer."""
    stream.buffer.write(data)
    stream.flush()


def daemon_of(kind: str) -> int:
    """Start something that does not end by itself; its pid."""
    return child() if kind == "child" else daemon(bare=kind == "bare")


def daemon(*, bare: bool) -> int:
    """A daemon by the book: two forks and a session; ``bare``: without a trace.

    Its descriptors are closed and its environment is empty then.
    """
    read, write = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(write, b"%d\n" % os.getpid())
            if bare:
                os.closerange(0, 1024)
            environment = {} if bare else dict(os.environ)
            command = [sys.executable, "-I", "-S", "-c", SLEEPS]
            os.execve(command[0], command, environment)  # noqa: S606 - no shell
        os._exit(0)
    os.wait()
    with os.fdopen(read, "rb", closefd=True) as pipe:
        pid = int(pipe.readline())
    os.close(write)
    return pid


def child() -> int:
    """A plain child, which nobody waits for."""
    command = [sys.executable, "-I", "-S", "-c", SLEEPS]
    return subprocess.Popen(command).pid


def by_signal(number: int) -> NoReturn:
    """End by a signal of its own."""
    signal.signal(number, signal.SIG_DFL) if number != signal.SIGKILL else None
    os.kill(os.getpid(), number)
    while True:
        time.sleep(1)


def by_exception(_: int) -> NoReturn:
    """End by what nobody catches."""
    raise ValueError


PRINT = {"line": print_line, "burst": print_burst, "binary": print_binary}
END = {
    "return": lambda _: None,
    "exit": sys.exit,
    "raise": by_exception,
    "_exit": os._exit,
    "signal": by_signal,
}

if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
