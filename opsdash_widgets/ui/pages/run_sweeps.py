"""Sweeps on the page Run: written under the form, followed above the opened run."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

import msgspec

from opsdash_widgets.core.errors import ConfirmationNeeded, OpsdashError, ValuesError
from opsdash_widgets.core.model import (
    Capability,
    FormValues,
    GroupProgress,
    GroupState,
    ModuleSpec,
    RunGroup,
    SweepRequest,
)
from opsdash_widgets.core.redaction import safe_text
from opsdash_widgets.ui.controls.sweep_panel import SweepPanel
from opsdash_widgets.ui.controls.sweep_table import SweepTable

if TYPE_CHECKING:
    from .run import RunPage

REST_S = 0.1
"""How long what is written must rest before it is counted anew."""
FOLLOW_S = 0.5
"""How often the shown group is read while its runs go on."""
FOLLOW_IDLE_S = 2.0
"""The same while none does."""
EARLIER = 5
"""How many earlier sweeps are offered."""


class RunSweeps:
    """Wires the sweep's panel and table to the page's form and to the service.

    Args:
        page: the page; its form's values hold for all runs of a sweep.
    """

    def __init__(self, page: RunPage) -> None:
        self._page = page
        self._panel = page.panel
        self._groups = page.panel.service.groups
        may = page.panel.service.actor.role.capabilities
        self._may_launch = Capability.LAUNCH in may
        self.panel = SweepPanel(limit=len(os.sched_getaffinity(0)))
        self.table = SweepTable(
            closable=True,
            linked=True,
            may_stop=Capability.STOP in may,
            may_launch=self._may_launch,
            height="none",
        )
        self._changes = 0
        self._offered: tuple[dict[str, Any], tuple[str, ...]] = {}, ()
        self._shown = self._found = ""
        self._last: GroupProgress | None = None
        self.box = self._panel.box([self.table], "ops-sweeps", "ops-sweeps-empty")
        self._wire()

    def _wire(self) -> None:
        start, page, panel = self._panel.start, self._page, self.panel
        page.form.observe(lambda _: start(self._offer()), "spec")
        page.form.observe(lambda _: start(self._count()), ["values", "extra_args"])
        page.form.on_sweep(lambda _, path: panel.sweep_field(path))
        panel.observe(lambda _: start(self._count()), ["fields", "zip"])
        panel.observe(lambda _: start(self.show_recent()), "unfolded")
        page.bar.observe(lambda _: self._moved(), ["environment", "blocked"])
        panel.on_launch(lambda _, confirmed: start(self.launch(confirmed=confirmed)))
        panel.on_pick(lambda _, group_id: start(self.show(group_id)))
        self.table.on_ask(lambda _, kind, said: start(self._act(kind, said)))

    # Writing

    async def _offer(self) -> None:
        """Offer the form's fields, once it is there; a large form has many."""
        spec = self._page.form.spec
        commands = _commands(self._page.form.get_values())
        if self._offered[0] is not spec or self._offered[1] != commands:
            self._offered = spec, commands
            read = msgspec.convert(spec, ModuleSpec) if spec else None
            self.panel.show(read, commands)
        self._moved()

    def _moved(self) -> None:
        """Another environment asks anew; what blocks a launch blocks a sweep too."""
        names = [str(row.get("path")) for row in self.panel.fields]
        self.panel.confirm = ""
        missing = [key for key in self._page.form.invalid if key not in names]
        self.panel.blocked = self._page.bar.blocked if missing else ""

    async def _count(self) -> None:
        """What is written changed: once it rests, say what it comes to."""
        self._changes += 1
        mine = self._changes
        await asyncio.sleep(REST_S)
        panel, form = self.panel, self._page.form
        if mine != self._changes or not panel.module or not form.spec:
            return
        await self._offer()
        if not panel.fields:
            panel.view = {}
            return
        try:
            view = await self._panel.ask(self._groups.view, self.request())
        except OpsdashError as error:
            if mine == self._changes:
                panel.view = {"error": safe_text(str(error)), "fields": []}
        else:
            if mine == self._changes:
                panel.show_view(view)
                panel.problem = {}

    def request(self, *, confirmed: bool = False) -> SweepRequest:
        """The sweep that the page asks for now.

        Raises:
            ValuesError: the extra arguments cannot be split.
        """
        fields = self.panel.get_fields()
        base = self._page.request(confirmed=confirmed)
        return SweepRequest(
            base=base,
            fields={**fields},
            zips=(tuple(fields),) if self.panel.zip else (),
            limit=self.panel.limit,
        )

    async def launch(self, *, confirmed: bool) -> None:
        """Launch the sweep, or say why not; ask first where that is due."""
        panel = self.panel
        panel.busy = "Checking every run…"
        panel.problem = {}
        try:
            group = await self._panel.ask(
                self._groups.launch, self.request(confirmed=confirmed)
            )
        except ConfirmationNeeded as error:
            panel.ask(error.question)
        except ValuesError as error:
            self._page.form.show_errors(error)
            panel.show_problem(error)
        except OpsdashError as error:
            panel.show_problem(error)
        else:
            with panel.hold_sync():
                panel.confirm, panel.unfolded = "", False
            await self.show(group.group_id)
        finally:
            panel.busy = ""

    # Following

    async def show(self, group_id: str) -> None:
        """Show a group, and keep it up to date."""
        self._shown = group_id
        self._last = None
        self.table.problem = ""
        self.box.remove_class("ops-sweeps-empty")
        await self.refresh()
        self._panel.start(self._follow(group_id))

    async def _follow(self, group_id: str) -> None:
        """Keep the shown group up to date, also where another session changes it."""
        while self._shown == group_id:
            last = self._last
            idle = last is not None and not last.active and not last.group.waits
            await asyncio.sleep(FOLLOW_IDLE_S if idle else FOLLOW_S)
            await self.refresh()

    def close(self) -> None:
        """Show no group any more."""
        self._shown = ""

    async def find(self) -> None:
        """Show the newest group that has not ended, as after a kernel's restart.

        One that was found so and has ended since, before anybody saw it, goes again:
        a kernel may have waited long for its page.
        """
        await self.show_recent()
        if self._shown and self._shown == self._found:
            progress = await self._panel.ask(self._groups.progress, self._shown)
            if progress.state is GroupState.FINISHED:
                self._hide()
        if self._shown:
            return
        for group in await self._panel.ask(self._groups.recent, EARLIER):
            progress = await self._panel.ask(self._groups.progress, group.group_id)
            if progress.state is not GroupState.FINISHED:
                await self.show(group.group_id)
                self._found = group.group_id
                return

    async def show_recent(self) -> None:
        """Offer the earlier sweeps."""
        rows = []
        for group in await self._panel.ask(self._groups.recent, EARLIER):
            progress = await self._panel.ask(self._groups.progress, group.group_id)
            rows.append(_earlier(group, progress))
        if rows != self.panel.recent:
            self.panel.recent = rows

    async def refresh(self) -> None:
        """Read the shown group again."""
        group_id = self._shown
        if not group_id:
            return
        progress = await self._panel.ask(self._groups.progress, group_id)
        if progress == self._last or group_id != self._shown:
            return
        self._last = progress
        rows = await self._panel.ask(self._groups.table, group_id)
        if group_id == self._shown:
            self.table.show(progress, rows)

    async def _act(self, kind: str, said: dict[str, Any]) -> None:
        """Do what the user asks of the shown group."""
        group_id, table = self._shown, self.table
        table.problem = ""
        if kind == "close":
            self._hide()
        elif kind == "open":
            self._found = ""
            await self._page.live.show_id(str(said.get("run_id")))
        elif kind == "runs":
            self._panel.show_runs(f"group:{group_id[-6:]}")
        elif group_id:
            await self._change(kind, group_id, said)

    def _hide(self) -> None:
        self.close()
        self.table.clear()
        self.box.add_class("ops-sweeps-empty")

    async def _change(self, kind: str, group_id: str, said: dict[str, Any]) -> None:
        groups, ask = self._groups, self._panel.ask
        self.table.busy = _BUSY.get(kind, "")
        try:
            if kind in ("stop", "kill"):
                await ask(groups.stop, group_id, kill_now=kind == "kill")
            elif kind == "pause":
                await ask(groups.pause, group_id)
            elif kind == "resume":
                await ask(groups.resume, group_id)
            elif kind == "rerun":
                stopped, sure = (
                    said.get("stopped") is True,
                    said.get("confirmed") is True,
                )
                await ask(
                    groups.rerun_failed, group_id, stopped=stopped, confirmed=sure
                )
        except ConfirmationNeeded as error:
            self.table.ask(error.question, kind, said)
        except OpsdashError as error:
            self.table.problem = safe_text(str(error))
        finally:
            self.table.busy = ""
        await self.refresh()


_BUSY = {"stop": "Stopping…", "rerun": "Queueing…"}


def _commands(values: FormValues) -> tuple[str, ...]:
    names = []
    level = values.command
    while level is not None:
        names.append(level.name)
        level = level.command
    return tuple(names)


def _earlier(group: RunGroup, progress: GroupProgress) -> dict[str, Any]:
    word = str(progress.state)
    if progress.state is GroupState.FINISHED:
        whole = progress.succeeded == progress.total
        stopped = progress.counts.get("stopped", 0)
        word = "succeeded" if whole else "stopped" if stopped else "failed"
    return {
        "group_id": group.group_id,
        "title": safe_text(group.title, 200),
        "module": safe_text(group.module, 200),
        "word": word,
        "created": group.created,
    }
