"""One launch, what was done to it, and what was seen of it meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .plan import Plan
from .processes import Process, holds_lock, now
from .sessions import Answer, Session, Sessions

SETTLED_S = 6.0
"""So long nothing may happen to a run without an end before it is judged so."""
NEVER_MADE_S = 3.0
"""So long a run whose launcher was killed may take to appear."""
TOO_LONG_S = 150.0
"""A run that has not ended after so long never ends."""

Script = Iterator[None]


@dataclass
class Owner:
    """A supervisor or an adopter, as it has signed the lock."""

    process: Process
    since: float
    killed: float | None = None


@dataclass
class History:
    """What was done to a run, and when (boot time, seconds)."""

    owners: list[Owner] = field(default_factory=list)
    job_killed: float | None = None
    launcher_killed: float | None = None
    stops: list[tuple[float, bool]] = field(default_factory=list)
    answered: list[Answer] = field(default_factory=list)
    injected: bool = False
    ran_while_paused: bool = False
    complaints: list[str] = field(default_factory=list)


class Case:
    """One launch."""

    def __init__(self, plan: Plan, ledgers: Path, sessions: Sessions) -> None:
        self.plan = plan
        self.sessions = sessions
        self.history = History()
        self.run_dir: Path | None = None
        self.begun = 0.0
        self.ended = 0.0
        self.session: Session | None = None
        self.launch_answer = Answer()
        self._ledgers = ledgers
        self._notes: list[dict[str, Any]] = []
        self._read = 0
        self._quiet_since = 0.0

    def launch(self, session: Session, module: str) -> None:
        """Have a session launch it."""
        self.session, self.begun = session, now()
        argument = json.dumps(self.plan.argument(str(self._ledgers)))
        limits = self.plan.limits
        self.launch_answer = session.ask(
            do="launch", module=module, argv=[argument], limits=limits
        )

    # What is seen

    @property
    def notes(self) -> list[dict[str, Any]]:
        """What the job has said of itself so far."""
        path = self._ledgers / f"{self.plan.tag}.jsonl"
        try:
            with path.open("rb") as file:
                file.seek(self._read)
                new = file.read()
        except OSError:
            return self._notes
        whole = new[: new.rfind(b"\n") + 1]
        self._read += len(whole)
        self._notes += [json.loads(line) for line in whole.splitlines()]
        return self._notes

    def said(self, what: str) -> dict[str, Any] | None:
        """The last note of one kind."""
        return next((n for n in reversed(self.notes) if n["what"] == what), None)

    @property
    def intended(self) -> bytes:
        """What the job was about to print."""
        path = self._ledgers / f"{self.plan.tag}.bytes"
        return path.read_bytes() if path.exists() else b""

    def file(self, name: str) -> bytes | None:
        """A file of the run directory."""
        if self.run_dir is None:
            return None
        try:
            return (self.run_dir / name).read_bytes()
        except OSError:
            return None

    def json(self, name: str) -> dict[str, Any] | None:
        """The same, decoded; what is no object is ``None``."""
        try:
            found = json.loads(self.file(name) or b"")
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    @property
    def owner(self) -> Process | None:
        """Who has signed the lock last."""
        words = (self.file("lock") or b"").split()
        return Process(int(words[0]), int(words[1])) if len(words) == 3 else None

    @property
    def job(self) -> Process | None:
        """The job's process."""
        child = self.json("child.json")
        return Process(child["pid"], child["ticks"]) if child else None

    @property
    def has_ended(self) -> bool:
        """Whether there is an exit record."""
        return self.run_dir is not None and (self.run_dir / "exit.json").exists()

    def look(self) -> None:
        """Note who owns the run now."""
        owner = self.owner
        known = [one.process for one in self.history.owners]
        if owner is not None and owner not in known:
            self.history.owners.append(Owner(owner, now()))

    @property
    def is_settling(self) -> bool:
        """Whether it only waits for whether something still happens to it."""
        return bool(self._quiet_since) and now() - self._quiet_since > 0.5

    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        time = now()
        if time - self.begun > TOO_LONG_S or self.has_ended:
            return True
        if self.run_dir is None:
            refused = self.launch_answer.lost or self.launch_answer.error
            if not refused or not self._quiet_since:
                self._quiet_since = time
            return time - self._quiet_since > NEVER_MADE_S
        job = self.job
        lives = (job is not None and job.alive) or holds_lock(self.run_dir / "lock")
        if lives or not self._quiet_since:
            self._quiet_since = time
        return time - self._quiet_since > SETTLED_S

    # What is done

    def until(self, condition: Callable[[], object]) -> Script:
        """Wait for a condition."""
        while not condition():
            yield

    def after(self, seconds: float) -> Script:
        """Wait for a time."""
        begun = now()
        while now() - begun < seconds:
            yield

    def kill_owner(self) -> bool:
        """Kill the supervisor or the adopter; whether it was alive."""
        self.look()
        if not self.history.owners:
            return False
        owner = self.history.owners[-1]
        owner.killed = owner.killed or now()
        done = owner.process.kill()
        if not done:
            owner.killed = None
        self.history.injected |= done
        return done

    def kill_job(self) -> bool:
        """Kill the job; whether it was alive."""
        job = self.job
        done = job is not None and job.kill()
        if done:
            self.history.job_killed = now()
            self.history.injected = True
        return done

    def ask(self, number: int, **command: Any) -> Iterator[None]:
        """Ask a session, and another one where that is killed meanwhile."""
        assert self.run_dir is not None
        while True:
            answer = self.sessions.at(number).ask(run_id=self.run_dir.name, **command)
            if command["do"] == "stop":
                self.history.answered.append(answer)
            while not answer.is_over:
                yield
            if answer.value is not None and "StoreError" not in answer.error:
                break
            number += 1
            yield from self.after(0.05)
        if answer.error and not self.is_ending():
            self.history.complaints.append(f"{command['do']}: {answer.error}")

    def is_ending(self) -> bool:
        """Whether the job has ended or is about to."""
        job = self.job
        return bool(self.said("end")) or self.has_ended or not (job and job.alive)
