"""The page Runs: every run in a table, one of them opened beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from opsdash_widgets.core.model import Capability, Run, RunPage, RunQuery
from opsdash_widgets.core.service import Service
from opsdash_widgets.ui.controls.run_table import RunTable

from .live_run import LiveRun
from .panel import Panel


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
        service = panel.service
        self.table = RunTable(
            Registry(service), me=service.actor.name, height="calc(100dvh - 180px)"
        )
        self.table.on_again(self._again)
        if Capability.STOP in service.actor.role.capabilities:
            self.table.on_stop(self._stop)
        self.detail = LiveRun(panel, again, detail=True)
        self.detail.box.add_class("ops-drawer")
        self.table.add_class("ops-runs-table")
        self.box = panel.box([self.table, self.detail.box], "ops-page", "ops-page-runs")
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
        self.panel.start(self._stop_all(run_ids))
        one = len(run_ids) == 1
        return "Asked it to stop." if one else f"Asked {len(run_ids)} runs to stop."

    async def _stop_all(self, run_ids: list[str]) -> None:
        for run_id in run_ids:
            if run_id == self.detail.run_id:
                self.panel.start(self.detail.stop(run_id))
            else:
                await self.panel.ask(self.panel.service.stop, run_id)

    def _again(self, run_ids: list[str]) -> str:
        if len(run_ids) > 1:
            return "Select one run: its values are filled into the form."
        self.panel.start(self.detail.run_again(run_ids[0]))
        return "Its values are in the form on the Run page."
