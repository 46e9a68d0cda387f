"""What the pages share: the service, the frame, and work beside the kernel."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from typing import Any, ParamSpec, TypeVar

from ipywidgets import Box, Layout, Widget

from opsdash_widgets.core.model import (
    Capability,
    Environment,
    Run,
    RunQuery,
    RunState,
)
from opsdash_widgets.core.service import Service
from opsdash_widgets.ui.controls.navigation import Navigation
from opsdash_widgets.ui.live import run_in_background

P = ParamSpec("P")
T = TypeVar("T")

ACTIVE = tuple(
    state
    for state in RunState
    if not state.is_terminal and state is not RunState.QUEUED
)
MOST_ACTIVE = 50
"""More active runs than these are found on the Runs page."""


class Panel:
    """The service and the frame, and the one way in which pages do their work.

    A widget's callback only starts a coroutine with ``start``; the coroutine runs on
    the background loop, asks the service with ``ask`` (in a thread, since it blocks)
    and writes the traits. So the kernel's main thread never waits, and every trait
    has one writer.

    Args:
        service: what the pages ask.
        frame: where notices, counts and environments are shown.
        layout: one for all boxes; each with its own would be a model more to open.
    """

    def __init__(self, service: Service, frame: Navigation, layout: Layout) -> None:
        self.service = service
        self.frame = frame
        self.layout = layout
        self.environments: tuple[Environment, ...] = ()
        self.announce: Callable[[str], None] = lambda run_id: None
        """Tells all pages that a run was seen to have changed."""
        self.show_runs: Callable[[str], None] = lambda query: None
        """Shows the page Runs with something in its filter box."""
        self.reconfigured: Callable[[], object] = lambda: None
        """Tells the page Run that an environment is not what it was."""

    def start(self, work: Coroutine[Any, Any, None]) -> Future[None]:
        """Run a coroutine in the background; what it raises becomes a notice."""
        return run_in_background(self._guarded(work))

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - each failure becomes a notice
            self.frame.notify_error(error, traceback.format_exc())

    async def ask(
        self, question: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call something that blocks, in a thread."""
        return await asyncio.to_thread(question, *args, **kwargs)

    def box(self, children: Sequence[Widget], *names: str) -> Box:
        """A container that only the stylesheet lays out."""
        box = Box(children=tuple(children), layout=self.layout)
        for name in ("opsdash", *names):
            box.add_class(name)
        return box

    async def read_environments(self) -> None:
        """Bring the named environments into the frame; keep the choice where it is."""
        before = self.environments
        self.environments = await self.ask(self.service.environments)
        rows = [
            {"name": each.name, "production": each.production}
            for each in self.environments
        ]
        names = [each.name for each in self.environments]
        wanted = self.frame.environment or self.service.settings.default_environment
        safest = next((e.name for e in self.environments if not e.production), "")
        with self.frame.hold_sync():
            self.frame.environments = rows
            self.frame.environment = wanted if wanted in names else safest
        if before and before != self.environments:
            self.reconfigured()

    def may_control(self, run: Run) -> bool:
        """Whether who acts may stop, pause and resume a run; the service decides."""
        actor = self.service.actor
        needed = {Capability.STOP}
        if run.spec.owner != actor.name:
            needed.add(Capability.CONTROL_OTHERS)
        return needed <= actor.role.capabilities

    async def active_runs(self) -> list[Run]:
        """The runs that have not ended, the newest first."""
        query = RunQuery(states=ACTIVE, limit=MOST_ACTIVE)
        return list((await self.ask(self.service.runs, query)).runs)
