"""The page Runs: every run in a table, one of them opened beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence

from opsdash_widgets.core.errors import OpsdashError
from opsdash_widgets.core.model import Capability, Run, RunPage, RunQuery
from opsdash_widgets.core.service import Service
from opsdash_widgets.ui.controls.run_table import RunTable

from .live_run import LiveRun
from .panel import Panel
from .run_menu import RunMenu


class Registry:
    """The service as the table's source."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def page(self, query: RunQuery) -> RunPage:
        """One window of the runs that a query selects."""
        return self._service.runs(query)


class RunsPage:
    """The table, and a drawer (a page of its own where it is narrow) with one run."""

    def __init__(self, panel: Panel, again: Callable[[Run], Awaitable[None]]) -> None:
        self.panel = panel
        self.service = service = panel.service
        self.table = RunTable(
            Registry(service), me=service.actor.name, height="calc(100dvh - 180px)"
        )
        self.table.on_again(self._again)
        if Capability.STOP in service.actor.role.capabilities:
            self.table.on_stop(self._stop)
            self.table.on_pause(self._pause, self._resume)
        self.detail = LiveRun(panel, again, page="runs", detail=True)
        self.detail.box.add_class("ops-drawer")
        self.table.add_class("ops-runs-table")
        self.menu = RunMenu(panel, self.table)
        parts = [self.table, self.detail.box, self.menu.dialogs]
        self.box = panel.box(parts, "ops-page", "ops-page-runs")
        self.table.observe(lambda change: panel.start(self._open(change.new)), "opened")
        self.detail.card.on_close(lambda *_: setattr(self.table, "opened", ""))

    async def _open(self, run_id: str) -> None:
        if run_id:
            await self.detail.show_id(run_id)
        elif self.detail.run_id:
            await self.detail.close()

    async def refresh(self, changed: Collection[str]) -> None:
        """Show what changed of the rows on screen and of the opened run."""
        self.table.refresh()
        await self.detail.refresh(changed)

    def _stop(self, run_ids: list[str]) -> str:
        self.panel.start(self._each("to stop", self.service.stop, run_ids))
        return "Asking\u2026"

    def _pause(self, run_ids: list[str]) -> str:
        self.panel.start(self._each("to pause", self.service.pause, run_ids))
        return "Asking\u2026"

    def _resume(self, run_ids: list[str]) -> str:
        self.panel.start(self._each("to go on", self.service.resume, run_ids))
        return "Asking\u2026"

    async def _each(
        self,
        what: str,
        act: Callable[[str], Run],
        run_ids: Sequence[str],
    ) -> None:
        """Do one thing to each run, and say at the table's foot what came of it."""
        refused: list[OpsdashError] = []
        for run_id in run_ids:
            try:
                await self.panel.ask(act, run_id)
            except OpsdashError as error:
                refused.append(error)
        said = asked(what, len(run_ids) - len(refused), len(run_ids))
        if refused:
            said = f"{said} {refused[0]}"
        self.table.say(said, error=bool(refused))
        self.table.refresh()
        if self.detail.run_id in run_ids:
            await self.detail.show_id(self.detail.run_id)

    def _again(self, run_ids: list[str]) -> str:
        if len(run_ids) > 1:
            return "Select one run: its values are filled into the form."
        self.panel.start(self.detail.run_again(run_ids[0]))
        return "Its values are in the form on the Run page."


def asked(what: str, some: int, of: int) -> str:
    """A sentence that counts the runs that were asked something.

    >>> asked("to stop", 2, 3)
    'Asked 2 of 3 runs to stop.'
    """
    count = f"{some:,}" if some == of else f"{some:,} of {of:,}"
    return f"Asked {count} {'run' if of == 1 else 'runs'} {what}."
