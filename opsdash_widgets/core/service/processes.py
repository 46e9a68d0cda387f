"""Processes by their number, for admins: look at one, and end it."""

from __future__ import annotations

from ..errors import ConfirmationNeeded, OpsdashError, ProcessError
from ..model import Actor, Capability
from ..settings import Settings
from .audit import AuditLog
from .gate import require
from .process_ending import Ending, Name, end
from .process_facts import ProcessInfo, above_us, look_at, tree_below


class Processes:
    """The processes of this machine, for one actor; ``service.processes``.

    Runs have their own stop, which leaves a true record of their end: this is for what
    is no run.
    """

    def __init__(self, settings: Settings, actor: Actor, audit: AuditLog) -> None:
        self._settings = settings
        self._actor = actor
        self._audit = audit

    def find(self, pid: int) -> ProcessInfo:
        """A process by its number, as it is now.

        Raises:
            PermissionDenied: the actor may not kill processes.
            ProcessError: there is none.
        """
        require(self._actor, Capability.KILL_PROCESS)
        found = look_at(pid, self._settings.runs_dir) if pid > 0 else None
        if found is None:
            raise ProcessError(
                f"There is no process {pid}.", "Look for its number with `ps` or `top`."
            )
        return found

    def kill(
        self,
        info: ProcessInfo,
        *,
        tree: bool = False,
        kill_now: bool = False,
        confirmed: bool = False,
    ) -> Ending:
        """End the process that was found, if its number is still its own.

        SIGTERM first, SIGKILL after the grace time (``stop_grace_s``): it returns when
        the process is gone, or has outlived that.

        Args:
            info: from ``find``.
            tree: with all below it, but for runs that it has launched.
            kill_now: with SIGKILL at once.
            confirmed: the user has confirmed the question, which names the process.

        Raises:
            PermissionDenied: the actor may not.
            ConfirmationNeeded: it is not confirmed.
            ProcessError: it is one that is never killed (this process and what it
                descends from, a run's supervisor, the first process, a thread of the
                kernel), or the system does not let us.
        """
        action = "kill process now" if kill_now else "kill process"
        who = {"pid": f"{info.pid}", "command": info.command, "user": info.user}
        try:
            require(self._actor, Capability.KILL_PROCESS)
            self._refuse(info)
            if not confirmed:
                raise ConfirmationNeeded(_question(info, tree=tree), "process")
            ending = self._end(info, tree=tree, kill_now=kill_now)
        except OpsdashError as error:
            self._audit.record(self._actor, action, type(error).__name__, **who)
            raise
        self._audit.record(self._actor, action, ending.word, **who, run=info.run_id)
        return ending

    def why_never(self, info: ProcessInfo) -> str:
        """Why ``kill`` will refuse it, so that nobody is asked in vain; or nothing."""
        try:
            self._refuse(info)
        except ProcessError as error:
            return str(error)
        return ""

    def _refuse(self, info: ProcessInfo) -> None:
        """Raise for what is never killed."""
        if info.pid <= 1:
            raise ProcessError(
                f"Process {info.pid} is the system's first: it is never killed.",
                "Restart the machine, or the container, by its own means.",
            )
        if info.pid in above_us():
            raise ProcessError(
                f"Process {info.pid} is this session, or it holds this session.",
                "Close the session where it was opened.",
            )
        if info.supervises:
            which = f" of run {info.run_id}" if info.run_id else " of a run"
            raise ProcessError(
                f"Process {info.pid} is the supervisor{which}: it sees its end.",
                "Stop the run instead.",
            )
        if not info.command and not info.rss:
            raise ProcessError(
                f"Process {info.pid} is a thread of the system's kernel.",
                "It cannot be killed; look at what makes it busy.",
            )

    def _end(self, info: ProcessInfo, *, tree: bool, kill_now: bool) -> Ending:
        def below(pid: int) -> set[Name]:
            return set(tree_below(pid)) if tree else set()

        try:
            return end(
                (info.pid, info.ticks),
                below,
                kill_now=kill_now,
                grace_s=self._settings.stop_grace_s,
            )
        except PermissionError as error:
            raise ProcessError(
                f"Process {info.pid} belongs to {info.user}, and the system does not "
                "let us signal it.",
                f"Ask {info.user} or root to end it.",
            ) from error


def _question(info: ProcessInfo, *, tree: bool) -> str:
    count = len(set(tree_below(info.pid))) if tree else 0
    below = {0: "", 1: " with the process below it"}
    more = below.get(count, f" with the {count} processes below it")
    run = f" (it belongs to run {info.run_id})" if info.run_id else ""
    return f"Kill {info.sentence}{run}{more}?"
