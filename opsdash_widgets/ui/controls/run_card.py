"""One run: where it is, how it ended and why, and what can be done with it."""

from __future__ import annotations

from typing import Any

import traitlets
from ipywidgets import CallbackDispatcher

from opsdash_widgets.core.model import Run
from opsdash_widgets.ui.esm import Control
from opsdash_widgets.ui.resource_row import Used, resource_row
from opsdash_widgets.ui.run_row import Recorded, card_row, recorded


class RunCard(Control, bundle="run_card"):
    """One run.

    Args:
        run: a run, such as ``ops.run(id)``, or its row (``ui.run_row.card_row``), which
            is what the trait holds; assign the next row to show it anew.
        traits: initial values of the other traits.

    Callbacks get ``(card, run_id)``. The card asks before it reports a stop; a kill is
    asked for on the ladder itself. Until ``answered`` it shows what was pressed as
    under way.
    """

    run = traitlets.Dict(help="The run's row; empty shows what to do.").tag(sync=True)
    rungs = traitlets.List(
        traitlets.Dict(), help="The rungs its stop has reached: rung, at."
    ).tag(sync=True)
    resources = traitlets.Dict(
        help="What it uses, see ``ui.resource_row``; empty shows none of it."
    ).tag(sync=True)
    problem = traitlets.Unicode(
        help="Why what was asked of the run was not done; empty: nothing is wrong."
    ).tag(sync=True)
    others = traitlets.List(
        traitlets.Dict(), help="Rows of other active runs, to switch to."
    ).tag(sync=True)
    detail = traitlets.Bool(help="Also show what was run.").tag(sync=True)
    closable = traitlets.Bool(help="Offer to close the card.").tag(sync=True)
    may_stop = traitlets.Bool(
        True, help="Whether the user may stop, pause and resume runs."
    ).tag(sync=True)
    empty = traitlets.Unicode(
        "No run yet.", help="What to do while there is none."
    ).tag(sync=True)

    def __init__(
        self, run: Run | Recorded | dict[str, Any] | None = None, **traits: Any
    ) -> None:
        traits.setdefault("label", "Run")
        row = run or {}
        if not isinstance(row, dict):
            row = card_row(recorded(row))
        super().__init__(run=row, **traits)
        self._events = {kind: CallbackDispatcher() for kind in _KINDS}
        for kind, dispatcher in self._events.items():
            self._handlers[kind] = self._reporter(dispatcher)

    def _reporter(self, dispatcher: Any) -> Any:
        def report(message: dict[str, Any]) -> None:
            run_id = str(message.get("run_id") or self.run.get("run_id") or "")
            if run_id:
                dispatcher(self, run_id)

        return report

    def show_resources(self, resources: Used | None) -> None:
        """Show what the run uses, such as ``run.resources``, or nothing of it."""
        self.resources = resource_row(resources) if resources else {}

    def answered(self) -> None:
        """What was asked for is done, or was refused: show the run as it is."""
        self.send({"kind": "answered"})

    def on_stop(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(card, run_id)`` when the user confirmed a stop."""
        self._events["stop"].register_callback(callback, remove=remove)

    def on_kill(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(card, run_id)`` when the user skips ahead to the kill."""
        self._events["kill"].register_callback(callback, remove=remove)

    def on_pause(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(card, run_id)`` when the user freezes the run."""
        self._events["pause"].register_callback(callback, remove=remove)

    def on_resume(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(card, run_id)`` when the user lets a frozen run go on."""
        self._events["resume"].register_callback(callback, remove=remove)

    def on_again(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(card, run_id)`` when the user wants the same run again."""
        self._events["again"].register_callback(callback, remove=remove)

    def on_close(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(card, run_id)`` when the user closes the card."""
        self._events["close"].register_callback(callback, remove=remove)

    def on_switch(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(card, run_id)`` when the user picks another active run."""
        self._events["switch"].register_callback(callback, remove=remove)


_KINDS = ("stop", "kill", "pause", "resume", "again", "close", "switch")
