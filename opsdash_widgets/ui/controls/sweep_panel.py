"""Writing a sweep: fields over ranges and lists, counted while they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import traitlets
from ipywidgets import CallbackDispatcher

from opsdash_widgets.core.errors import OpsdashError
from opsdash_widgets.core.model import ModuleSpec, SweepView
from opsdash_widgets.core.redaction import safe_text
from opsdash_widgets.core.sweeps import Option, sweep_options
from opsdash_widgets.ui.esm import Control

from .argparse_form import problem_of

MANY = 50
"""More runs than these are asked about before they are launched."""


class SweepPanel(Control, bundle="sweep_panel"):
    """The fields that are swept, what that comes to, and the button that launches it.

    ``fields`` and ``zip`` are what the user has written; whoever hosts it answers with
    ``show_view``. ``on_launch`` callbacks get ``(panel, confirmed)``.
    """

    module = traitlets.Unicode(help="The module; empty: none yet.").tag(sync=True)
    options = traitlets.List(
        traitlets.Dict(), help="What can be swept: path, label, hint, many."
    ).tag(sync=True)
    fields = traitlets.List(
        traitlets.Dict(), help="What is swept: path and text, in order."
    ).tag(sync=True)
    zip = traitlets.Bool(help="The fields go together, value by value.").tag(sync=True)
    limit = traitlets.Int(1, help="How many runs at a time.").tag(sync=True)
    unfolded = traitlets.Bool(help="Whether its rows are shown.").tag(sync=True)
    view = traitlets.Dict(help="What it comes to: fields, count, summary, error.").tag(
        sync=True
    )
    recent = traitlets.List(
        traitlets.Dict(), help="Earlier sweeps: group_id, title, module, word, created."
    ).tag(sync=True)
    blocked = traitlets.Unicode(help="Why nothing can be launched; empty: it can.").tag(
        sync=True
    )
    confirm = traitlets.Unicode(help="The question before a launch; empty: none.").tag(
        sync=True
    )
    busy = traitlets.Unicode(help="What is under way; empty: nothing.").tag(sync=True)
    problem = traitlets.Dict(
        help="Why the launch failed: message, next_step, details."
    ).tag(sync=True)
    many = traitlets.Int(MANY, help="More runs than these are asked about.").tag(
        sync=True
    )

    def __init__(self, **traits: Any) -> None:
        super().__init__(**{"label": "Sweep", **traits})
        self._launch = CallbackDispatcher()
        self._pick = CallbackDispatcher()
        self._handlers["launch"] = lambda message: self._launch(
            self, message.get("confirmed") is True
        )
        self._handlers["pick"] = lambda message: self._pick(
            self, str(message.get("group_id"))
        )

    def on_launch(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(panel, confirmed)`` when the user launches."""
        self._launch.register_callback(callback, remove=remove)

    def on_pick(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(panel, group_id)`` when the user picks an earlier sweep."""
        self._pick.register_callback(callback, remove=remove)

    def show(self, spec: ModuleSpec | None, commands: Sequence[str] = ()) -> None:
        """Offer a module's fields; what is written is kept where it still exists."""
        options = sweep_options(spec, commands) if spec else []
        known = {option.path for option in options}
        module = spec.module if spec else ""
        with self.hold_sync():
            if module != self.module:
                self.fields, self.zip, self.problem, self.confirm = [], False, {}, ""
                self.view = {}
            self.module = module
            self.options = [_option_view(option) for option in options]
            self.fields = [row for row in self.fields if row.get("path") in known]

    def sweep_field(self, path: str, text: str = "") -> None:
        """Unfold, with a row for a field that the keyboard goes to."""
        rows = [row for row in self.fields if row.get("path")]
        if path not in [row["path"] for row in rows]:
            rows.append({"path": path, "text": text})
        with self.hold_sync():
            self.fields = rows
            self.unfolded = True
        self.send({"kind": "focus", "path": path})

    def get_fields(self) -> dict[str, str]:
        """What is swept, as a ``SweepRequest`` takes it."""
        return {
            str(row["path"]): str(row.get("text", ""))
            for row in self.fields
            if row.get("path")
        }

    def show_view(self, view: SweepView) -> None:
        """Show what the fields come to."""
        shown = msgspec.to_builtins(view)
        for row in shown["fields"]:
            for name in ("first", "last", "error"):
                row[name] = safe_text(row[name], 300)
        self.view = {**shown, "error": safe_text(view.error, 600)}

    def show_problem(self, error: OpsdashError) -> None:
        """Show why nothing was launched."""
        with self.hold_sync():
            self.busy = ""
            self.problem = problem_of(error)

    def ask(self, question: str) -> None:
        """Ask in place before launching; ``on_launch`` follows when it is a yes."""
        self.confirm = safe_text(question)
        self.send({"kind": "ask"})


def _option_view(option: Option) -> dict[str, Any]:
    return {
        "path": option.path,
        "label": safe_text(option.label, 200),
        "hint": safe_text(option.hint, 200),
    }
