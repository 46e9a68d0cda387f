"""A sweep's runs: one progress bar, one stop, parameters and outcomes in a table."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import traitlets
from ipywidgets import CallbackDispatcher

from ...core.errors import OpsdashError
from ...core.model import GroupProgress, GroupRow, GroupState
from ...core.redaction import safe_text
from ...core.sweeps import field_label
from ..esm import Control
from ..live import run_in_background

POLL_S = 0.5
"""How often a group is read while it goes on."""
PAUSED_POLL_S = 2.0
"""The same while it is paused or has ended: somebody may resume or run it again."""

_NAME = 200
_WHY = 400
_KINDS = ("stop", "kill", "pause", "resume", "rerun", "open", "runs", "close")


class GroupSource(Protocol):
    """What a table shows and acts on, such as what ``ops.sweep`` gives."""

    @property
    def progress(self) -> GroupProgress:
        """How far the group has come, read now."""

    def table(self) -> list[GroupRow]:
        """Its combinations, in the order of the sweep."""

    def stop(self, *, kill_now: bool = False) -> object:
        """Stop it."""

    def pause(self) -> object:
        """Start nothing more of it."""

    def resume(self) -> object:
        """Go on with it."""

    def rerun_failed(self, *, stopped: bool = False) -> object:
        """Run once more what has not succeeded."""


class SweepTable(Control, bundle="sweep_table"):
    """A group of runs.

    Args:
        source: a group, such as ``ops.group(id)``: the table follows it by itself and
            its buttons act on it.
        traits: initial values of the traits.

    What the user does goes to the source, or, without one, to ``on_ask`` callbacks.
    """

    group = traitlets.Dict(
        help="The group and how far it has come, as ``group_view`` gives it."
    ).tag(sync=True)
    version = traitlets.Int(
        help="Grows with every change of a row; a view asks for what is newer."
    ).tag(sync=True)
    opened = traitlets.Unicode(help="Id of the run that is shown elsewhere.").tag(
        sync=True
    )
    may_stop = traitlets.Bool(True, help="Whether the user may stop and pause.").tag(
        sync=True
    )
    may_launch = traitlets.Bool(
        True, help="Whether the user may resume and run again."
    ).tag(sync=True)
    closable = traitlets.Bool(help="Offer to close it.").tag(sync=True)
    linked = traitlets.Bool(help="Offer to show its runs among all runs.").tag(
        sync=True
    )
    busy = traitlets.Unicode(help="What is under way; empty: nothing.").tag(sync=True)
    question = traitlets.Dict(
        help="What to ask before an action: text, kind, more; empty: nothing."
    ).tag(sync=True)
    problem = traitlets.Unicode(help="Why the last action failed.").tag(sync=True)
    height = traitlets.Unicode("420px", help="CSS height of the rows, at most.").tag(
        sync=True
    )
    empty = traitlets.Unicode("No sweep yet.", help="What to do without one.").tag(
        sync=True
    )

    def __init__(self, source: GroupSource | None = None, **traits: Any) -> None:
        super().__init__(**{"label": "Sweep", **traits})
        self._rows: list[list[Any]] = []
        self._versions: list[int] = []
        self._guard = threading.Lock()
        self._ask = CallbackDispatcher()
        self._handlers["want"] = self._on_want
        for kind in _KINDS:
            self._handlers[kind] = self._on_action
        self._source = source
        if source is not None:
            run_in_background(self._follow(source))

    def on_ask(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(table, kind, message)`` when the user acts.

        Kinds: ``stop``, ``kill``, ``pause``, ``resume``, ``rerun`` (its message says
        ``stopped``), ``open`` (``run_id``), ``runs`` and ``close``.
        """
        self._ask.register_callback(callback, remove=remove)

    def show(self, progress: GroupProgress, rows: Sequence[GroupRow]) -> None:
        """Show a group as it is now; only what changed goes to the browser."""
        with self._guard:
            new = [row_view(row) for row in rows]
            number = self.version + 1
            same = self.group.get("group_id") == progress.group.group_id
            if not same or len(new) != len(self._rows):
                self._rows, self._versions = new, [number] * len(new)
                changed = True
            else:
                changed = False
                for place, row in enumerate(new):
                    if row != self._rows[place]:
                        self._rows[place], self._versions[place] = row, number
                        changed = True
            with self.hold_sync():
                self.group = group_view(progress)
                if changed:
                    self.version = number

    def ask(self, question: str, kind: str, message: dict[str, Any]) -> None:
        """Ask in place; the action comes again, confirmed, when it is a yes."""
        more = {k: v for k, v in message.items() if k in ("stopped", "run_id")}
        self.question = {"text": safe_text(question, _WHY), "kind": kind, "more": more}
        self.send({"kind": "ask"})

    def clear(self) -> None:
        """Show no group."""
        with self._guard, self.hold_sync():
            self._rows, self._versions = [], []
            self.group, self.problem, self.opened = {}, "", ""
            self.version += 1

    @property
    def group_id(self) -> str:
        """The group that is shown, or empty."""
        return str(self.group.get("group_id", ""))

    def _on_want(self, message: dict[str, Any]) -> None:
        """A view asks for the rows that are newer than those it has."""
        since = message.get("since")
        since = since if isinstance(since, int) else 0
        with self._guard:
            newer = [
                [place, *row]
                for place, row in enumerate(self._rows)
                if self._versions[place] > since
            ]
            answer = {
                "kind": "rows",
                "view": str(message.get("view")),
                "group_id": self.group_id,
                "version": self.version,
                "total": len(self._rows),
                "rows": newer,
            }
        self.send(answer)

    def _on_action(self, message: dict[str, Any]) -> None:
        kind = str(message["kind"])
        if kind == "open":
            self.opened = str(message.get("run_id") or "")
        self._ask(self, kind, message)
        act = _ACTS.get(kind)
        if self._source is not None and act is not None:
            run_in_background(self._act(self._source, act, message))

    async def _act(
        self,
        source: GroupSource,
        act: Callable[[GroupSource, dict[str, Any]], object],
        message: dict[str, Any],
    ) -> None:
        self.problem = ""
        try:
            await asyncio.to_thread(act, source, message)
        except OpsdashError as error:
            self.problem = safe_text(str(error))
        await self._read(source)

    async def _follow(self, source: GroupSource) -> None:
        """Show the group for as long as this widget lives."""
        while self.comm is not None:
            await self._read(source)
            over = self.group.get("state") in (GroupState.FINISHED, GroupState.PAUSED)
            await asyncio.sleep(PAUSED_POLL_S if over else POLL_S)

    async def _read(self, source: GroupSource) -> None:
        try:
            progress = await asyncio.to_thread(lambda: source.progress)
            rows = await asyncio.to_thread(source.table)
        except OpsdashError as error:
            self.problem = safe_text(str(error))
        else:
            self.show(progress, rows)


_ACTS: dict[str, Callable[[GroupSource, dict[str, Any]], object]] = {
    "stop": lambda source, _: source.stop(),
    "kill": lambda source, _: source.stop(kill_now=True),
    "pause": lambda source, _: source.pause(),
    "resume": lambda source, _: source.resume(),
    "rerun": lambda source, said: source.rerun_failed(
        stopped=said.get("stopped") is True
    ),
}


def group_view(progress: GroupProgress) -> dict[str, Any]:
    """What a view shows of a group as a whole; every text is safe to show."""
    group = progress.group
    return {
        "group_id": group.group_id,
        "short": group.group_id[-6:],
        "module": safe_text(group.module, _NAME),
        "title": safe_text(group.title, _WHY),
        "fields": [safe_text(field_label(path), _NAME) for path in group.fields],
        "limit": group.limit,
        "environment": safe_text(group.environment, _NAME),
        "requested_by": safe_text(group.requested_by, _NAME),
        "created": group.created,
        "state": str(progress.state),
        "counts": progress.counts,
        "total": progress.total,
        "done": progress.done,
        "queued": progress.queued,
        "active": progress.active,
        "eta_s": progress.eta_s,
        "ended": progress.ended,
        "notice": safe_text(progress.notice, _WHY),
    }


def row_view(row: GroupRow) -> list[Any]:
    """What a view shows of one combination: id, word, times, why, tries, values.

    A list and not a dict: there may be thousands.
    """
    run = row.run
    verdict = run.verdict if run else None
    why = (run.explanation or run.verdict.reason) if run else _UNMADE
    return [
        row.run_id,
        run.word if run else "lost",
        verdict.started if verdict else None,
        verdict.duration if verdict and run and run.is_terminal else None,
        safe_text(why, _WHY),
        row.tries,
        [safe_text(text, _NAME) for text in row.point],
    ]


_UNMADE = "Its folder was never made, or is gone."
