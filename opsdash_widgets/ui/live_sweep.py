"""A group's live table with the log of an opened run: what a cell shows of a sweep."""

from __future__ import annotations

from typing import Any

import ipywidgets

from ..core.model import GroupProgress, GroupRow
from ..core.service import Service
from .controls.log_tail import LogTail
from .controls.sweep_table import SweepTable


class ServiceGroup:
    """A group of the service's as a table's source."""

    def __init__(self, service: Service, group_id: str) -> None:
        self._service = service
        self._group_id = group_id

    @property
    def progress(self) -> GroupProgress:
        """How far it has come, read now."""
        self._service.groups.attend()
        self._service.sync()
        return self._service.groups.progress(self._group_id)

    def table(self) -> list[GroupRow]:
        """Its combinations, as the registry knows them."""
        return self._service.groups.table(self._group_id)

    def stop(self, *, kill_now: bool = False) -> object:
        """Stop it, as the actor of the service."""
        return self._service.groups.stop(self._group_id, kill_now=kill_now)

    def pause(self) -> object:
        """Start nothing more of it."""
        return self._service.groups.pause(self._group_id)

    def resume(self) -> object:
        """Go on with it."""
        return self._service.groups.resume(self._group_id)

    def rerun_failed(self, *, stopped: bool = False) -> object:
        """Run once more what has not succeeded."""
        return self._service.groups.rerun_failed(self._group_id, stopped=stopped)


def live_sweep(service: Service, group_id: str) -> ipywidgets.Widget:
    """A table that follows one group, over the log of the run that is opened in it.

    Raises:
        GroupNotFound: there is no such group.
    """
    source = ServiceGroup(service, service.groups.get(group_id).group_id)
    table = SweepTable(source)
    table.show(source.progress, source.table())
    box = ipywidgets.VBox([table])

    def opened(_: Any, kind: str, message: dict[str, Any]) -> None:
        if kind == "open":
            log = LogTail(service.log(str(message.get("run_id"))), height="200px")
            box.children = (table, log)

    table.on_ask(opened)
    return box
