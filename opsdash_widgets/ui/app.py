"""The panel: the frame, the pages, and what keeps them up to date."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Any

from ipywidgets import Box, Layout

from opsdash_widgets.core.errors import OpsdashError
from opsdash_widgets.core.service import Service, open_service

from .controls.navigation import Navigation
from .own_controls import load_controls
from .pages.config import ConfigPage
from .pages.panel import Panel
from .pages.run import RunPage
from .pages.runs import RunsPage

PAGES = (
    {"id": "run", "label": "Run", "icon": "play"},
    {"id": "runs", "label": "Runs", "icon": "list"},
    {"id": "config", "label": "Config", "icon": "sliders"},
)
WATCH_AGAIN_S = 2.0
"""How long to wait after the registry could not be asked."""


class Dashboard(Box):  # type: ignore[misc]  # ipywidgets has no types
    """The whole panel: ``Dashboard()`` as a cell's last line shows it.

    It opens at once with its frame; modules, runs and environments follow from the
    background. A page other than the first is built when it is first visited.

    Args:
        service: what it asks; a service of its own on the project's settings where not
            given.
        page: the page to open: ``run``, ``runs`` or ``config``.

    Raises:
        ValueError: there is no page of that name.
    """

    _watching: Future[None] | None = None

    def __init__(self, service: Service | None = None, page: str = "run") -> None:
        self._built: dict[str, Any] = {}
        if page not in _IDS:
            raise ValueError(f"there is no page {page!r}; choose one of {_IDS}")
        layout = Layout()
        self.frame = Navigation(page=page, pages=list(PAGES))
        self._pages_box = Box(layout=layout)
        frame_box = Box(children=(self.frame, self._pages_box), layout=layout)
        super().__init__(children=(frame_box,), layout=layout)
        for box, name in (
            (self, "ops-panel"),
            (frame_box, "ops-frame"),
            (self._pages_box, "ops-pages"),
        ):
            box.add_class("opsdash")
            box.add_class(name)
        try:
            self.service = service or open_service()
        except OpsdashError as error:
            self.frame.pages = []
            self.frame.notify_error(error)
            return
        self._open(layout)

    def _open(self, layout: Layout) -> None:
        service = self.service
        self.frame.title = service.settings.dashboard_name
        self.frame.user = service.actor.name
        self.panel = Panel(service, self.frame, layout)
        self.panel.announce = self._announce
        self.panel.show_runs = self._show_runs
        if service.notice:
            self.frame.notify(service.notice, level="warn")
        try:
            load_controls(service.settings)
        except OpsdashError as error:
            self.frame.notify_error(error)
        self._visit(self.frame.page)
        self.frame.observe(lambda change: self._revisit(change.new), "page")
        self.frame.on_open(lambda _: self.panel.start(self._reopen()))
        self._watching = self.panel.start(self._keep())

    def page(self, name: str) -> Any:
        """The page of that name, built if it has not been visited yet."""
        if name not in self._built:
            self._built[name] = self._build(name)
            self._pages_box.children = tuple(
                built.box for built in self._built.values()
            )
        return self._built[name]

    def _build(self, name: str) -> RunPage | RunsPage | ConfigPage:
        if name == "runs":
            return RunsPage(self.panel, self._fill_form)
        if name == "config":
            return ConfigPage(self.panel)
        page = RunPage(self.panel)
        self.panel.start(page.open_page())
        return page

    def _visit(self, name: str) -> None:
        if name not in _IDS:
            return
        try:
            self.page(name)
        except OpsdashError as error:
            self.frame.notify_error(error)

    def _revisit(self, name: str) -> None:
        self._visit(name)
        # Another panel, or an editor, may have changed an environment meanwhile.
        self.panel.start(self.panel.read_environments())

    def _show_runs(self, query: str) -> None:
        self.page("runs").table.query_text = query
        self.frame.page = "runs"

    async def _fill_form(self, run: Any) -> None:
        await self.page("run").fill_from(run)

    async def _reopen(self) -> None:
        """A browser opens the panel, maybe long after the kernel has made it."""
        await self._try(self.panel.read_environments())
        if "run" in self._built:
            await self._built["run"].reopen()

    async def _keep(self) -> None:
        """Keep counts, rows and the followed runs up to date, for ever."""
        await self._try(self.panel.read_environments())
        while True:
            try:
                await self._show_changes(())
                async for changed in self.service.watch():
                    await self._show_changes(changed)
            except OpsdashError as error:
                self.frame.notify_error(error)
                await asyncio.sleep(WATCH_AGAIN_S)

    async def _show_changes(self, changed: tuple[str, ...]) -> None:
        self.frame.counts = await self.panel.ask(self.service.counts)
        run, runs = self._built.get("run"), self._built.get("runs")
        if run is not None:
            run.live.show_others(await self.panel.active_runs())
            await self._try(run.live.refresh(changed))
        if runs is not None:
            await self._try(runs.refresh(changed))

    def _announce(self, run_id: str) -> None:
        self.panel.start(self._show_changes((run_id,)))

    async def _try(self, work: Any) -> None:
        """One page's failure must not keep the others from what is new."""
        try:
            await work
        except OpsdashError as error:
            self.frame.notify_error(error)

    def close(self) -> None:
        """Take the panel away and end its background work; runs go on."""
        if self._watching is not None:
            self._watching.cancel()
        if "run" in self._built:
            self._built["run"].close()
        super().close()


_IDS = tuple(row["id"] for row in PAGES)
