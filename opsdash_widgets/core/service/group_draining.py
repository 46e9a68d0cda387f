"""The thread that starts what waits, for as long as something does."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from ..errors import OpsdashError
from .group_starting import Starter

POLL_S = 0.005
"""How often a look is taken whether a run has ended: what follows it waits so long."""
TROUBLE_S = 1.0
"""How long to wait where records or the registry cannot be used."""

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())  # late output would land in a later cell


class Drain:
    """Runs a starter in a daemon thread while there is something to be started.

    Args:
        starter: what starts.
        reap: collects the supervisors that have ended.
    """

    def __init__(self, starter: Starter, reap: Callable[[], None]) -> None:
        self._starter = starter
        self._reap = reap
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()
        self._wanted = False

    def wake(self) -> None:
        """Start what may be started now, in the background."""
        with self._guard:
            self._wanted = True
            if self._closed.is_set() or (self._thread and self._thread.is_alive()):
                return
            self._thread = threading.Thread(
                target=self._run, name="opsdash-starter", daemon=True
            )
            self._thread.start()

    def step(self) -> bool:
        """One step here and now; whether something waits."""
        return self._starter.step()

    def close(self) -> None:
        """End the thread; the runs go on, and what waits goes on waiting."""
        self._closed.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        while not self._closed.is_set():
            self._wanted = False
            try:
                waits = self._starter.step()
                self._reap()
            except OpsdashError:
                _log.exception("waiting runs could not be started")
                self._closed.wait(TROUBLE_S)
                continue
            if not waits and self._is_over():
                return
            self._wait()

    def _is_over(self) -> bool:
        """Whether nobody has asked meanwhile; the next to ask gets a thread anew."""
        with self._guard:
            if not self._wanted:
                self._thread = None
            return not self._wanted

    def _wait(self) -> None:
        deadline = time.monotonic() + TROUBLE_S
        while time.monotonic() < deadline and not self._wanted:
            if self._closed.wait(POLL_S) or self._starter.has_news():
                return
