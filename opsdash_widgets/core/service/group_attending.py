"""Being there to start what waits, and pausing what nobody was there for."""

from __future__ import annotations

import atexit
import contextlib
import time
import weakref
from collections.abc import Callable

import msgspec

from .. import rundir
from ..errors import GroupError, OpsdashError
from ..groups import GroupFiles, Presence
from ..model import Actor, Capability, RunGroup
from ..ports import Executor
from ..rundir import processes
from ..settings import Settings
from .group_draining import Drain
from .group_launching import BEING_QUEUED
from .group_reading import pause_reason
from .group_secrets import KnownSecrets
from .group_starting import Starter
from .syncing import Registry


class Attendance:
    """One session among those that start what waits."""

    def __init__(
        self,
        settings: Settings,
        actor: Actor,
        files: GroupFiles,
        registry: Registry,
        executor: Executor,
        secrets: KnownSecrets,
    ) -> None:
        self._settings = settings
        self._actor = actor
        self._files = files
        self._presence = Presence(files.folder)
        self._starter = Starter(files, settings.runs_dir, executor, registry, secrets)
        self._drain = Drain(self._starter, executor.reap)

    def attend(self, *, go_on: bool = False) -> None:
        """Be there, and start what may be started.

        Groups that waited while nobody was there are paused first.

        Args:
            go_on: what was left alone in order (the last panel was closed) goes on.

        Raises:
            GroupError: the records cannot be read or written.
        """
        self.come(go_on=go_on)
        if self._presence.there and self._starter.has_news():
            self._drain.wake()

    def come(self, *, go_on: bool = False) -> None:
        """Be there from now on until ``close``; for those who may launch."""
        may = Capability.LAUNCH in self._actor.role.capabilities
        if not may or self._presence.there:
            return
        with self._files.turn():
            if not self._come():
                self._pause_what_was_left(go_on=go_on)
        atexit.register(_close_quietly, weakref.WeakMethod(self.close))

    def _come(self) -> bool:
        try:
            return self._presence.come()
        except OSError as error:
            raise GroupError(
                f"Nobody can be told that we start runs: {error.strerror}.",
                "Make the home folder writable, then try again.",
            ) from error

    def _pause_what_was_left(self, *, go_on: bool) -> None:
        boot = processes.boot_id()
        for group in self._files.all():
            if group.drained or group.stopped_by:
                continue
            if go_on and group.left and not group.paused:
                self._files.write(msgspec.structs.replace(group, left=0.0))
            elif group.waits or group.reason == BEING_QUEUED:
                reason = pause_reason(group, boot)
                paused = msgspec.structs.replace(group, paused=True, reason=reason)
                self._files.write(
                    paused if self._anything_waits(group) else over(group)
                )

    def _anything_waits(self, group: RunGroup) -> bool:
        for run in reversed(group.runs):
            path = rundir.run_dir_path(self._settings.runs_dir, run.run_id)
            with contextlib.suppress(OSError):
                if rundir.read_verdict(path).rule == "not_started":
                    return True
        return False

    def wake(self) -> None:
        """Start what may be started now, in the background."""
        self._drain.wake()

    def step(self) -> bool:
        """Start here what may be started now; whether anything waits."""
        return self._drain.step()

    def close(self) -> None:
        """Start nothing more; the last to leave notes that what waits was left."""
        self._drain.close()
        if not self._presence.there:
            return
        with contextlib.suppress(OpsdashError), self._files.turn():
            if self._presence.go():
                for group in self._files.all():
                    if group.waits:
                        left = msgspec.structs.replace(group, left=time.time())
                        self._files.write(left)


def over(group: RunGroup) -> RunGroup:
    """A group of which nothing waits any more."""
    return msgspec.structs.replace(group, drained=True, paused=False, reason="")


def _close_quietly(close: weakref.WeakMethod[Callable[[], None]]) -> None:
    found = close()
    if found is not None:
        with contextlib.suppress(OpsdashError):
            found()
