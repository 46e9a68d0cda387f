"""The presets of a module: choose, apply, save, exchange, and edit one as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import traitlets
from ipywidgets import CallbackDispatcher

from opsdash_widgets.core.errors import OpsdashError
from opsdash_widgets.core.model import PresetCheck, PresetDrift, PresetListing
from opsdash_widgets.core.redaction import safe_text
from opsdash_widgets.ui.esm import Control

from .argparse_form import problem_of

KINDS = (
    "load",
    "save",
    "save_as",
    "rename",
    "delete",
    "undo",
    "default",
    "export",
    "import",
    "edit",
    "validate",
    "apply",
)
"""What the user can ask for; each is the ``kind`` of a message."""
MOST_TEXT = 4 << 20
"""Characters of a file that is imported, as the presets' own limit."""


class PresetBar(Control, bundle="preset_bar"):
    """A module's presets, by name, and what can be done with them.

    It knows neither the files nor the form: ``on_ask`` callbacks get
    ``(bar, kind, message)`` with one of ``KINDS``, and what is done is shown by
    ``show``, ``tell`` and ``show_problem``.
    """

    module = traitlets.Unicode(help="The module; empty hides the bar.").tag(sync=True)
    environment = traitlets.Unicode(
        help="The chosen environment, which a preset may be saved with."
    ).tag(sync=True)
    presets = traitlets.List(
        traitlets.Dict(),
        help="Rows: key, name, place, description, requested_by, modified, problem.",
    ).tag(sync=True)
    chosen = traitlets.Unicode(help="Key of the preset in use; empty: none.").tag(
        sync=True
    )
    modified = traitlets.Bool(help="The form is not what the preset says.").tag(
        sync=True
    )
    can_edit = traitlets.Bool(True, help="Whether the user may change presets.").tag(
        sync=True
    )
    busy = traitlets.Unicode(help="What is under way; empty: nothing.").tag(sync=True)
    status = traitlets.Dict(
        help="What was done last: text, and undo, whether it can be taken back."
    ).tag(sync=True)
    drift = traitlets.Dict(
        help="How the form differs from the preset's: sentence, went, came, changed."
    ).tag(sync=True)
    problem = traitlets.Dict(
        help="Why it was not done: message, next_step, details."
    ).tag(sync=True)
    document = traitlets.Dict(help="The preset in the editor, as JSON.").tag(sync=True)
    check = traitlets.Dict(
        help="What was found of the document: accepted, message, fields."
    ).tag(sync=True)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Presets")
        super().__init__(**kwargs)
        self._ask = CallbackDispatcher()
        for kind in KINDS:
            self._handlers[kind] = self._asker(kind)

    def on_ask(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(bar, kind, message)`` when the user asks for something."""
        self._ask.register_callback(callback, remove=remove)

    def show(self, rows: Sequence[PresetListing]) -> None:
        """Show the presets that there are."""
        self.presets = [
            {**msgspec.to_builtins(_safe(row)), "key": key_of(row.place, row.name)}
            for row in rows
        ]

    def show_drift(self, drift: PresetDrift, secrets: Sequence[str] = ()) -> None:
        """Say how the form differs from the preset's, and which secrets it lacks."""
        shown = msgspec.to_builtins(drift)
        self.drift = {
            **_texts(shown),
            "sentence": safe_text(drift.sentence),
            "secrets": [safe_text(name) for name in secrets],
        }

    def show_check(self, check: PresetCheck) -> None:
        """Show what was found of the document in the editor."""
        self.check = _texts(msgspec.to_builtins(check))

    def tell(self, text: str, *, undo: bool = False) -> None:
        """Say what was done."""
        with self.hold_sync():
            self.problem = {}
            self.status = {"text": safe_text(text), "undo": undo}

    def show_problem(self, error: OpsdashError) -> None:
        """Say why something was not done."""
        with self.hold_sync():
            self.status = {}
            self.problem = problem_of(error)

    def open_editor(self, document: dict[str, Any]) -> None:
        """Open the editor on a preset's tree."""
        with self.hold_sync():
            self.check = {}
            self.document = document
        self.send({"kind": "edit"})

    def close_editor(self) -> None:
        """Close the editor: its document is in the form."""
        self.send({"kind": "applied"})

    def give_file(self, name: str, text: str) -> None:
        """Let the browser save a file."""
        self.send({"kind": "file", "name": name, "text": text})

    def ask_to_replace(self, error: OpsdashError) -> None:
        """Ask whether an import may replace what is there."""
        self.send({"kind": "exists", "message": safe_text(error.message)})

    def done(self) -> None:
        """Close the box that asked for a name: it was taken."""
        self.send({"kind": "done"})

    def _asker(self, kind: str) -> Callable[[dict[str, Any]], None]:
        return lambda message: self._ask(self, kind, message)


def key_of(place: str, name: str) -> str:
    """What tells a preset from one of the same name elsewhere."""
    return f"{place}:{name}"


def _safe(row: PresetListing) -> PresetListing:
    return msgspec.structs.replace(
        row,
        description=safe_text(row.description, 400),
        requested_by=safe_text(row.requested_by, 80),
        problem=safe_text(row.problem, 400),
    )


def _texts(value: Any) -> Any:
    """Plain data with every text made safe to show."""
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, list | tuple):
        return [_texts(item) for item in value]
    if isinstance(value, dict):
        return {safe_text(str(key)): _texts(item) for key, item in value.items()}
    return value
