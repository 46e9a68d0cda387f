"""A run: the request, where it is, how it ended."""

from __future__ import annotations

import enum
from typing import Any

import msgspec

from .resources import Totals


class RunState(enum.StrEnum):
    """Where a run is."""

    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    ORPHANED = "orphaned"
    """Without its supervisor, alive or with an end that is not recorded yet; whoever
    looks adopts it."""
    FINISHED = "finished"

    @property
    def is_terminal(self) -> bool:
        """Whether nothing more will happen to the run."""
        return self is RunState.FINISHED


class Outcome(enum.StrEnum):
    """How a run ended; every outcome but the first carries its reason."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    KILLED = "killed"
    STOPPED = "stopped"
    LIMIT = "limit"
    START_FAILED = "start_failed"
    LOST = "lost"
    ENDED_UNKNOWN = "ended_unknown"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a run directory says about its run; the same from any process.

    Attributes:
        state: where the run is.
        outcome: how it ended; ``None`` before it did.
        reason: one sentence for every outcome but succeeded; for a state that needs
            explaining (orphaned) too.
        rule: the name of the rule of the state function that decided.
        exit_code: the job's exit code, ``None`` while unknown or killed by a signal.
        signal: the number of the signal that ended it, or ``None``.
        started: wall time of the job's start, seconds since the epoch, or ``None``.
        ended: wall time of its end, seconds since the epoch, or ``None``.
        duration: seconds of boot time from start to end (or to now), or ``None``.
        pid: the job's process id, or ``None`` before it started.
        rung: the last rung of a stop (``ask``, ``terminate``, ``kill``), or empty.
        limit: ``time``, ``memory`` or ``output`` where a limit ended it, or empty.
        source: how the exit code is known: ``wait`` (its supervisor waited for it),
            or as an adopter knows it: ``pidfd``, ``note``, ``zombie``; else empty.
        paused_s: how long it was frozen in all, seconds.
        totals: what it used of the machine; ``None`` before its end.
    """

    state: RunState
    outcome: Outcome | None = None
    reason: str = ""
    rule: str = ""
    exit_code: int | None = None
    signal: int | None = None
    started: float | None = None
    ended: float | None = None
    duration: float | None = None
    pid: int | None = None
    rung: str = ""
    limit: str = ""
    source: str = ""
    paused_s: float = 0.0
    totals: Totals | None = None


class RunSpec(msgspec.Struct, frozen=True, kw_only=True):
    """The frozen request, as ``spec.json`` holds it.

    Secret values are not in it: a secret argument's place in ``argv`` holds
    ``redaction.MASK`` and its name stands in ``secret_names``.

    Attributes:
        schema: name and version of this format.
        run_id: sorts by time, safe in a path.
        module: dotted name.
        argv: arguments as the module sees them, secrets masked.
        values: the form's values where a form was used, secrets left out.
        extra_args: those of the arguments that were given beside the form.
        environment: the environment's name, may be empty.
        interpreter: absolute path of the Python.
        cwd: working directory.
        variables: environment variables set for the run over the launcher's own.
        user: the operating system's user.
        requested_by: who asked.
        launched_by: the login that launched it; empty in old files (``owner``).
        host: where it was launched.
        executor: where it was submitted.
        limits: limit name -> value (``model.LIMITS``); empty where there is none.
        provenance: git commit, dirty flag, package digest, as far as known.
        secret_names: arguments and variables whose values are kept out.
        created: wall time of the request, seconds since the epoch.
        group: the group that it waits its turn in; empty where it never queues.
        priority: the greatest is started first of what waits; equal ones in order.
    """

    run_id: str
    module: str
    argv: tuple[str, ...] = ()
    interpreter: str = ""
    cwd: str = ""
    schema: str = "run/1"
    values: dict[str, Any] | None = None
    environment: str = ""
    variables: dict[str, str] = {}
    user: str = ""
    requested_by: str = ""
    host: str = ""
    executor: str = "local"
    limits: dict[str, float] = {}
    provenance: dict[str, Any] = {}
    secret_names: tuple[str, ...] = ()
    created: float = 0.0
    group: str = ""
    priority: int = 0
    extra_args: tuple[str, ...] = ()
    launched_by: str = ""

    @property
    def owner(self) -> str:
        """Whose run it is: the login that launched it."""
        return self.launched_by or self.requested_by


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One execution of a RunSpec, as the registry and every face show it.

    Attributes:
        spec: the request.
        verdict: what the run directory said when it was last read.
        run_dir: absolute path of the run directory.
        explanation: why it failed, in one sentence from its own output
            (``KeyError: 'EURUSD' in load_curves (var_report.py:88)``); may be empty.
    """

    spec: RunSpec
    verdict: Verdict
    run_dir: str = ""
    explanation: str = ""

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.spec.run_id

    @property
    def is_terminal(self) -> bool:
        """Whether nothing more will happen to the run."""
        return self.verdict.state.is_terminal

    @property
    def word(self) -> str:
        """The one word that a status shows: the outcome, or the state before it."""
        return str(self.verdict.outcome or self.verdict.state)
