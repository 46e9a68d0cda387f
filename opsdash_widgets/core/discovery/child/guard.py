"""What a probed module may do: limits, and a watch on what it does after parsing.

A module that goes on after its parse call has not asked for help: it may make a second
parser, or begin its real work. So from then on it is watched, and left at the first
thing that has an effect.
"""

from __future__ import annotations

import io
import os
import sys
import threading
import time
from typing import Any, Callable

_CPU_MARGIN_S = 5
_FILE_LIMIT = 256 * 1024 * 1024
GRACE_S = 5.0
"""How long a module may take between two parse calls or imports."""
PATIENT_S = 10.0
"""The same where nothing that it does stays."""
_CPU_SHARE = 0.5
"""How much of that it may compute: the machine may be busy."""
_LOOK_S = 0.1
_LONG_WAIT_S = 2.0
_WAITS_CUT = 5

_EFFECTS = {
    *("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty"),
    *("os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink", "os.truncate"),
    *("os.kill", "os.killpg", "os.chmod", "os.chown", "subprocess.Popen"),
    *("shutil.rmtree", "shutil.move", "shutil.copyfile", "shutil.copytree"),
    *("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"),
    *("sqlite3.connect", "smtplib.send", "urllib.Request", "ftplib.connect"),
    *("signal.pthread_kill", "webbrowser.open", "os.mkdir"),
}
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def limit_resources(timeout_s: float) -> None:
    """Bound what a module that runs wild can use up."""
    import resource

    seconds = int(timeout_s) + _CPU_MARGIN_S
    wanted = (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, _FILE_LIMIT),
    )
    for limit, value in wanted:
        hard = resource.getrlimit(limit)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(limit, (most, hard))
        except (OSError, ValueError):
            continue  # a stricter limit holds already


def shorten_waits() -> None:
    """Let a module that waits at import (for a licence, for a retry) wait no longer.

    Only the first long waits of the main thread are cut: what waits in a loop for
    something else must not turn into a busy one.
    """
    sleep = time.sleep
    main = threading.get_ident()
    left = [_WAITS_CUT]

    def shortened(seconds: Any) -> None:
        cut = left[0] > 0 and threading.get_ident() == main
        if cut and isinstance(seconds, (int, float)) and seconds >= _LONG_WAIT_S:
            left[0] -= 1
            seconds = 0
        sleep(seconds)

    time.sleep = shortened


class Watch:
    """Leaves the process at the first effect, once it was switched on.

    Attributes:
        leave: called at the effect; does not return where a parser is known.
        patient: let it work for a while, because nothing that it does stays; what it
            writes to its standard output is an effect still.
        grace_s: how long it may take until the next parse call or import.
    """

    def __init__(
        self,
        leave: Callable[[], None],
        patient: bool = False,
        grace_s: float = GRACE_S,
    ) -> None:
        self.leave = leave
        self.grace_s = grace_s
        self.patient = patient
        self._on = False
        self._listens = False
        self._leaving = False
        self._alive = (0.0, 0.0)
        self._owner = os.getpid()
        self._scratch = os.path.realpath(os.environ.get("TMPDIR", "/tmp")) + os.sep  # noqa: S108 - compared, not used

    def start(self, listen: bool = True) -> None:
        """Watch from now on.

        Args:
            listen: what it prints is an effect too.
        """
        self._alive = (time.process_time(), time.monotonic())
        if listen and not self._listens:
            self._listens = True
            self._listen()
        if not self._on:
            self._on = True
            sys.addaudithook(self._audit)
            threading.Thread(target=self._wait, daemon=True).start()

    def _listen(self) -> None:
        for name in ("stdout",) if self.patient else ("stdout", "stderr"):
            stream = getattr(sys, name)
            if isinstance(stream, io.TextIOWrapper):
                setattr(sys, name, _Tripwire(stream, self._trip))
            elif stream is not None:
                setattr(sys, name, _Proxy(stream, self._trip))

    def stop(self) -> None:
        """The answer is known: what it still takes to say it is no effect."""
        self._leaving = True

    def _trip(self) -> None:
        if os.getpid() != self._owner:
            os._exit(0)
        if not self._leaving:
            self._leaving = True
            self.leave()
            os._exit(0)

    def _wait(self) -> None:
        while True:
            time.sleep(_LOOK_S)
            worked, seen = self._alive
            computed = time.process_time() - worked
            if (
                computed > self.grace_s * _CPU_SHARE
                or time.monotonic() - seen > self.grace_s
            ):
                self._trip()

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._leaving:
            return
        if event == "import":
            self._alive = (time.process_time(), time.monotonic())
        if self.patient:
            return
        if event in _EFFECTS or (event == "open" and self._is_write(arguments)):
            self._trip()

    def _is_write(self, arguments: tuple[Any, ...]) -> bool:
        path, mode, flags = (*arguments, None, None, None)[:3]
        if isinstance(mode, str):
            writes = any(letter in mode for letter in "wax+")
        else:
            writes = isinstance(flags, int) and bool(flags & _WRITE_FLAGS)
        if not writes or not isinstance(path, (str, bytes)):
            return False
        name = os.path.realpath(os.fsdecode(path))
        return not name.startswith((self._scratch, "/dev/"))


class _Tripwire(io.TextIOWrapper):
    """A stream that trips the watch when something is written to it."""

    def __init__(self, stream: io.TextIOWrapper, trip: Callable[[], None]) -> None:
        self._stream = stream  # would close what it writes to if it went
        self._trip = trip
        super().__init__(stream.buffer, stream.encoding, stream.errors)

    def write(self, text: Any) -> int:
        if text:
            self._trip()
        return len(text)


class _Proxy:
    """The same for a stream that the module itself has put there."""

    def __init__(self, stream: Any, trip: Callable[[], None]) -> None:
        self._stream = stream
        self._trip = trip

    def write(self, text: Any) -> int:
        if text:
            self._trip()
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
