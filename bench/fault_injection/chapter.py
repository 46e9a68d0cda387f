"""Some hundred launches on a home of their own, and the judgement over them."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import job
from .case import Case, Script
from .judge import Finding, find
from .plan import Plan
from .processes import Process, marked, now
from .scripts import script
from .sessions import Sessions
from .store_faults import StoreFault, StoreFaults

SESSIONS = 3
TICK_S = 0.002
GONE_S = 20.0
"""What a run leaves running may take so long to be ended."""

SETTINGS = """\
runners_package = "jobs"
validate_before_launch = false
stop_ask_s = 0.05
stop_grace_s = 0.6
"""


@dataclass
class Result:
    """What a chapter has found.

    Attributes:
        findings: every run and what is wrong with it.
        store: the faults of the registry.
        left: run tag -> processes that it left running.
        died: sessions that ended though nobody had killed them.
    """

    findings: list[tuple[Case, Finding]] = field(default_factory=list)
    store: list[StoreFault] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    died: int = 0


def run_chapter(
    plans: list[Plan], at_once: int, dice: random.Random, keep: Path | None
) -> Result:
    """Launch, inject, wait, judge, and clean up.

    Args:
        plans: the launches.
        at_once: how many may be active.
        dice: for what is not in a plan.
        keep: where the directories of what went wrong are copied to.
    """
    with tempfile.TemporaryDirectory(prefix="opsdash-faults-") as name:
        chapter = Chapter(Path(name), plans, at_once, dice)
        try:
            chapter.run()
            return chapter.judge(keep)
        finally:
            chapter.end()


class Chapter:
    """The state of one chapter."""

    def __init__(
        self, folder: Path, plans: list[Plan], at_once: int, dice: random.Random
    ) -> None:
        self._mark = uuid.uuid4().hex
        self._home = folder / "home"
        self._runs = self._home / "logs" / "runs"
        self._ledgers = folder / "ledgers"
        self._at_once = at_once
        project = folder / "project"
        (project / "jobs").mkdir(parents=True)
        self._ledgers.mkdir()
        self._home.mkdir(mode=0o700)
        (project / "opsdash.toml").write_text(SETTINGS)
        (project / "jobs" / "__init__.py").touch()
        shutil.copy(job.__file__, project / "jobs" / "job.py")
        self._sessions = Sessions(project, self._home, self._mark, SESSIONS)
        self._waiting = [Case(p, self._ledgers, self._sessions) for p in plans][::-1]
        self._cases = list(self._waiting)
        self._active: list[tuple[Case, Script]] = []
        self._seen: set[str] = set()
        registry = self._home / "runs.db"
        self._store = StoreFaults(registry, self._sessions, dice)

    def run(self) -> None:
        """See all through to their ends."""
        while self._waiting or self._active:
            self._launch_next()
            self._find_directories()
            self._store.step()
            self._sessions.replace_dead()
            self._active = [pair for pair in self._active if self._goes_on(*pair)]
            time.sleep(TICK_S)
        self._store.release()
        self._sessions.close()

    def _launch_next(self) -> None:
        while self._waiting and self._unsettled() < self._at_once:
            session = self._sessions.idle()
            if session is None:
                return
            case = self._waiting.pop()
            case.launch(session, "jobs.job")
            self._active.append((case, script(case)))

    def _unsettled(self) -> int:
        return sum(1 for case, _ in self._active if not case.is_settling)

    def _find_directories(self) -> None:
        """Which run has which directory: by the tag in its request."""
        try:
            names = set(os.listdir(self._runs))  # noqa: PTH208 - many times a second
        except OSError:
            return
        for name in names - self._seen:
            if name.startswith("."):
                continue
            self._seen.add(name)
            argv = json.loads((self._runs / name / "spec.json").read_bytes())["argv"]
            tag = Path(json.loads(argv[0])["ledger"]).name
            for case, _ in self._active:
                if case.plan.tag == tag:
                    case.run_dir = self._runs / name

    @staticmethod
    def _goes_on(case: Case, steps: Script) -> bool:
        case.look()
        next(steps, None)
        if case.is_over():
            case.ended = now()
            return False
        return True

    def judge(self, keep: Path | None) -> Result:
        """What is wrong with which run."""
        left = self._left_running()
        shown = self._sessions.shown()
        audited = self._audited()
        result = Result(store=self._store.events, left=left, died=self._sessions.died)
        for case in self._cases:
            name = case.run_dir.name if case.run_dir else ""
            finding = find(case, shown.get(name), audited[name])
            result.findings.append((case, finding))
            if keep and (finding.wrong or finding.missing or left[case.plan.tag]):
                self._keep(case, keep)
        return result

    def _audited(self) -> Counter[str]:
        path = self._home / "logs" / "audit.jsonl"
        lines = [json.loads(line) for line in path.read_bytes().splitlines()]
        actions = ("stop", "kill now")
        return Counter(line["run"] for line in lines if line["action"] in actions)

    def _left_running(self) -> Counter[str]:
        """Tag -> what of it does not end by itself."""
        deadline = now() + GONE_S
        while now() < deadline and any(self._alive()):
            time.sleep(0.1)
        alive = {process: tag for tag, process in self._alive()}
        for process in alive:
            process.kill()
        return Counter(alive.values())

    def _alive(self) -> Iterator[tuple[str, Process]]:
        for process, variables in marked(self._mark):
            yield self._tag(variables.get("OPSDASH_RUN_ID", "")), process
        for case in self._cases:
            named = [owner.process for owner in case.history.owners]
            named += [
                Process(note["pid"], note["ticks"])
                for note in case.notes
                if note["what"] in ("start", "daemon")
            ]
            for process in named:
                if process.alive:
                    yield case.plan.tag, process

    def _tag(self, run_id: str) -> str:
        names = {c.run_dir.name: c.plan.tag for c in self._cases if c.run_dir}
        return names.get(run_id, "")

    def _keep(self, case: Case, keep: Path) -> None:
        keep.mkdir(parents=True, exist_ok=True)
        for path in self._ledgers.glob(f"{case.plan.tag}.*"):
            shutil.copy(path, keep)
        if case.run_dir:
            with contextlib.suppress(shutil.Error, OSError):
                shutil.copytree(case.run_dir, keep / f"{case.plan.tag}.run")

    def end(self) -> None:
        """Leave nothing running, whatever has happened."""
        self._store.release()
        for session in self._sessions.all:
            session.kill()
        for _, process in list(self._alive()):
            process.kill()
