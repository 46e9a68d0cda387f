"""The sessions of a chapter: processes that are asked, killed, and replaced."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from .processes import MARK

ROOT = Path(__file__).parents[2]

MOST_DEATHS = 10
"""More sessions than that do not end unasked: something else is wrong."""


class Answer:
    """What a session will say to a command.

    Attributes:
        value: what it said, or ``None`` so far.
        lost: whether the session died before it said anything.
    """

    def __init__(self) -> None:
        self.value: dict[str, Any] | None = None
        self.lost = False

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.lost or self.value is not None

    @property
    def error(self) -> str:
        """The error that a user would see, or empty."""
        return str((self.value or {}).get("error", ""))


class Session:
    """One session."""

    def __init__(self, project: Path, name: str, environment: dict[str, str]) -> None:
        self.name = name
        command = [sys.executable, "-m", f"{__package__}.session", str(project), name]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=ROOT,
        )
        self._waiting: dict[int, Answer] = {}
        self._guard = threading.Lock()
        self._count = 0
        self._over = False
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    @property
    def is_idle(self) -> bool:
        """Whether it owes no answer."""
        return not self._over and not self._waiting

    def ask(self, **command: Any) -> Answer:
        """Send it a command."""
        answer = Answer()
        assert self.process.stdin is not None
        with self._guard:
            self._count += 1
            if self._over:
                answer.lost = True
                return answer
            self._waiting[self._count] = answer
            line = json.dumps({**command, "number": self._count})
            try:
                self.process.stdin.write(line + "\n")
                self.process.stdin.flush()
            except OSError:
                answer.lost = True
        return answer

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            try:
                said = json.loads(line)
            except ValueError:  # the last words of one that was killed
                break
            with self._guard:
                self._waiting.pop(said.pop("number")).value = said
        with self._guard:
            self._over = True
            for answer in self._waiting.values():
                answer.lost = True

    def kill(self) -> None:
        """End it without a warning."""
        self.process.kill()
        self._finish()

    def close(self) -> int:
        """Let it end by itself; its exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self._finish()

    def _finish(self) -> int:
        code = self.process.wait()
        self._reader.join()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(OSError):  # what was not sent any more
            self.process.stdin.close()
        self.process.stdout.close()
        return code


class Sessions:
    """A number of sessions on one home.

    Attributes:
        died: how often one ended that nobody had killed.
    """

    def __init__(self, project: Path, home: Path, mark: str, count: int) -> None:
        self._project = project
        self._environment = {
            **os.environ,
            "OPSDASH_HOME": str(home),
            MARK: mark,
            "PYTHONPATH": str(ROOT),
        }
        self._made = 0
        self.died = 0
        self.all = [self._new() for _ in range(count)]

    def _new(self) -> Session:
        self._made += 1
        return Session(self._project, f"session-{self._made}", self._environment)

    def idle(self) -> Session | None:
        """One that is not busy."""
        return next((one for one in self.all if one.is_idle), None)

    def at(self, number: int) -> Session:
        """One of them."""
        return self.all[number % len(self.all)]

    def kill(self, session: Session) -> None:
        """Kill one and put another in its place."""
        session.kill()
        self.all[self.all.index(session)] = self._new()

    def replace_dead(self) -> None:
        """Replace those that have ended by themselves, which they should not."""
        for session in list(self.all):
            if session.process.poll() is not None:
                self.died += 1
                if self.died > MOST_DEATHS:
                    raise RuntimeError("sessions end by themselves, see above")
                self.kill(session)

    def close(self) -> None:
        """Let all end by themselves."""
        for session in self.all:
            session.close()
        self.all = []

    def shown(self) -> dict[str, list[Any]]:
        """What a session that is opened now shows of every run."""
        session = self._new()
        answer = session.ask(do="list")
        session.close()
        if answer.value is None or answer.error:
            raise RuntimeError(f"a new session cannot list the runs: {answer.error}")
        shown: dict[str, list[Any]] = answer.value["runs"]
        return shown
