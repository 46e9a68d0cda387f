"""One run followed live: its card and its log."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Any

import msgspec

from opsdash_widgets.core.errors import OpsdashError
from opsdash_widgets.core.model import Run, RunState
from opsdash_widgets.ui.controls.log_tail import LogTail
from opsdash_widgets.ui.controls.run_card import RunCard
from opsdash_widgets.ui.resource_row import POINTS, look_again_s, with_totals
from opsdash_widgets.ui.run_row import card_row, run_row

from .panel import Panel

LADDER_POLL_S = 0.4
"""How often a stop's progress is read while it lasts."""

ANSWER_S = 5.0
"""How long a pause or its end is waited for before that is said to take long."""

ANSWER_POLL_S = 0.1


class LiveRun:
    """A card over a log; ``box`` is what is shown, folded while there is no run.

    Args:
        panel: the service and the frame.
        again: fills the form with an earlier run.
        page: id of the page it stands on: nothing is measured for one that is hidden.
        detail: also show what was run.
    """

    def __init__(
        self,
        panel: Panel,
        again: Callable[[Run], Awaitable[None]],
        *,
        page: str = "run",
        detail: bool = False,
    ) -> None:
        self.panel = panel
        self._again = again
        self._page = page
        self._climbing = ""
        self._measuring = ""
        self.card = RunCard(
            detail=detail,
            closable=True,
            empty="Nothing is running. What you launch appears here.",
        )
        self.log = LogTail()
        self.box = panel.box([self.card, self.log], "ops-live", "ops-live-empty")
        start = panel.start
        self.card.on_stop(lambda _, run_id: start(self.stop(run_id)))
        self.card.on_kill(lambda _, run_id: start(self.stop(run_id, kill_now=True)))
        self.card.on_pause(lambda _, run_id: start(self.pause(run_id)))
        self.card.on_resume(lambda _, run_id: start(self.resume(run_id)))
        self.card.on_again(lambda _, run_id: start(self.run_again(run_id)))
        self.card.on_switch(lambda _, run_id: start(self.show_id(run_id)))
        self.card.on_close(lambda *_: start(self.close()))

    @property
    def run_id(self) -> str:
        """The run that is shown, or empty."""
        return str(self.card.run.get("run_id", ""))

    async def show_id(self, run_id: str) -> None:
        """Show a run by its id."""
        await self.show(await self.panel.ask(self.panel.service.run, run_id))

    async def show(self, run: Run) -> None:
        """Show a run: its card at once, its log as soon as it is there."""
        new = run.run_id != self.run_id
        if new:
            self.card.rungs, self.card.resources = [], {}
        self._draw(run)
        if new:
            await self._follow(run)
            self.panel.start(self._measure(run.run_id))
            # It may have gone on between the first look at it and ours.
            await self.refresh([run.run_id])
        if run.verdict.state is RunState.STOPPING:
            self.panel.start(self._climb(run.run_id))

    def _draw(self, run: Run) -> None:
        self.box.remove_class("ops-live-empty")
        with self.card.hold_sync():
            self.card.may_stop = self.panel.may_control(run)
            self.card.run = card_row(run)
            self.card.resources = with_totals(self.card.resources, run)
        self.log.ended = run.is_terminal

    async def _follow(self, run: Run) -> None:
        """Point the log at the run's output."""
        try:
            log = await self.panel.ask(self.panel.service.log, run.run_id)
        except OpsdashError as error:
            if run.run_id == self.run_id:
                self.log.source = None
            self.panel.frame.notify_error(error)
            return
        if run.run_id == self.run_id:
            self.log.source = log
        else:
            log.close()  # another run was opened while this one's log was

    async def close(self) -> None:
        """Show no run."""
        self.log.source = None
        self.card.run = {}
        self.box.add_class("ops-live-empty")

    async def refresh(self, changed: Collection[str]) -> None:
        """Read the run again if it is among those that changed (empty: any may be)."""
        run_id, word = self.run_id, self.card.run.get("word")
        if not run_id or (changed and run_id not in changed):
            return
        run = await self.panel.ask(self.panel.service.run, run_id)
        if run_id != self.run_id:
            return
        self._draw(run)
        if run.word != word:
            # Whoever reads a change first is the only one to see it: tell the others.
            self.panel.announce(run_id)

    def show_others(self, runs: Iterable[Run]) -> None:
        """Offer the other active runs to switch to."""
        self.card.others = [run_row(run) for run in runs]

    async def stop(self, run_id: str, *, kill_now: bool = False) -> None:
        """Ask for a stop, then show how far it has come until the run has ended."""
        stop = self.panel.service.stop
        await self._change(run_id, stop, run_id, kill_now=kill_now)
        await self._climb(run_id)

    async def pause(self, run_id: str) -> None:
        """Freeze all processes of a run."""
        pause = self.panel.service.pause
        await self._change(run_id, pause, run_id, until=RunState.PAUSED)

    async def resume(self, run_id: str) -> None:
        """Let a frozen run go on."""
        resume = self.panel.service.resume
        await self._change(run_id, resume, run_id, until=RunState.RUNNING)

    async def _change(
        self,
        run_id: str,
        ask: Callable[..., Run],
        *args: Any,
        until: RunState | None = None,
        **options: Any,
    ) -> None:
        """Do something to a run, and show it as it is then, also where it is refused.

        Args:
            run_id: the run.
            ask: what the service is asked.
            args: for it.
            until: the state that its supervisor brings it to; none to wait for.
            options: for it.
        """
        try:
            await self.panel.ask(ask, *args, **options)
            if until is not None:
                await self._await(run_id, until)
        finally:
            with contextlib.suppress(OpsdashError):
                await self.refresh([run_id])
            self.card.answered()

    async def _await(self, run_id: str, state: RunState) -> None:
        """Wait until a run is in a state, or cannot be; say where it takes too long."""
        give_up = time.monotonic() + ANSWER_S
        while time.monotonic() < give_up:
            run = await self.panel.ask(self.panel.service.run, run_id)
            there = run.verdict.state
            if there in (state, RunState.STOPPING) or there.is_terminal:
                return
            await asyncio.sleep(ANSWER_POLL_S)
        self.panel.frame.notify(
            f"Run {run_id[-6:]} was asked to be {state}, but has not answered yet.",
            "Its supervisor does it as soon as it can; stop the run if it never does.",
            level="warn",
        )

    async def _measure(self, run_id: str) -> None:
        """Show what the run uses, once a second while it is active and in sight."""
        if self._measuring == run_id:
            return
        self._measuring = run_id
        try:
            while self.run_id == run_id:
                ended = not self.card.run.get("active")
                if ended or self.panel.frame.page == self._page:
                    used = await self.panel.ask(
                        self.panel.service.resources, run_id, POINTS
                    )
                    if self.run_id == run_id:
                        self.card.show_resources(used)
                if ended:
                    return
                await asyncio.sleep(look_again_s(self.card.run.get("duration")))
        except OpsdashError:
            return  # its directory has gone: the log has said so
        finally:
            if self._measuring == run_id:
                self._measuring = ""

    async def _climb(self, run_id: str) -> None:
        if self._climbing == run_id:
            return
        self._climbing = run_id
        try:
            while self.run_id == run_id and self.card.run.get("active"):
                await self._show_rungs(run_id)
                await self.refresh([run_id])
                await asyncio.sleep(LADDER_POLL_S)
            await self._show_rungs(run_id)  # it may have ended just behind the look
        finally:
            self._climbing = ""

    async def _show_rungs(self, run_id: str) -> None:
        rungs = await self.panel.ask(self.panel.service.stop_rungs, run_id)
        if self.run_id == run_id:
            self.card.rungs = [msgspec.to_builtins(rung) for rung in rungs]

    async def run_again(self, run_id: str) -> None:
        """Fill the form with the run's values."""
        await self._again(await self.panel.ask(self.panel.service.run, run_id))
