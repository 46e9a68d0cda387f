"""Dialogs over the runs: stop all that is one's own, end a process by its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets
from ipywidgets import CallbackDispatcher

from opsdash_widgets.core.errors import OpsdashError, ValuesError
from opsdash_widgets.core.model import Run
from opsdash_widgets.core.redaction import safe_text
from opsdash_widgets.ui.esm import Control
from opsdash_widgets.ui.run_row import run_row

MOST_NAMED = 8
"""Runs that a dialog names; of the others it says how many there are."""

_COMMAND_LIMIT = 2_000


class RunDialogs(Control, bundle="run_dialogs"):
    """Opens one dialog at a time; it takes no room in the page.

    ``busy`` and ``problem`` are shown in the dialog that is open.
    """

    mine = traitlets.Dict(
        help="The active runs of who acts: count, and rows of the first of them."
    ).tag(sync=True)
    process = traitlets.Dict(
        help="A process as it is named: pid, command, user, started, memory, note."
    ).tag(sync=True)
    grace_s = traitlets.Float(help="Seconds between SIGTERM and SIGKILL.").tag(
        sync=True
    )
    problem = traitlets.Unicode(help="What went wrong; empty: nothing.").tag(sync=True)
    busy = traitlets.Unicode(help="What is under way; empty: nothing.").tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._stop_all = CallbackDispatcher()
        self._find = CallbackDispatcher()
        self._kill = CallbackDispatcher()
        self._handlers |= {
            "stop_all": lambda message: self._stop_all(self),
            "find_process": lambda message: self._find(self, str(message.get("pid"))),
            "kill_process": lambda message: self._kill(self, _how(message)),
        }

    def on_stop_all(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(dialogs)`` when the user stops all that was named."""
        self._stop_all.register_callback(callback, remove=remove)

    def on_find(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(dialogs, text)`` when the user asks which process it is."""
        self._find.register_callback(callback, remove=remove)

    def on_kill(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(dialogs, how)`` when the user kills the named process.

        ``how`` has its number as ``text``, ``tree`` for all below it too, and ``now``
        for SIGKILL at once.
        """
        self._kill.register_callback(callback, remove=remove)

    def ask_stop_all(self, runs: Sequence[Run]) -> None:
        """Name the runs and ask whether to stop them."""
        rows = [run_row(run) for run in runs[:MOST_NAMED]]
        with self.hold_sync():
            self.problem = self.busy = ""
            self.mine = {"count": len(runs), "runs": rows}
        self.send({"kind": "open", "dialog": "stop_all"})

    def ask_kill(self, grace_s: float) -> None:
        """Ask for a process id.

        Args:
            grace_s: seconds between SIGTERM and SIGKILL.
        """
        self.grace_s = grace_s
        self.show_process({})
        self.send({"kind": "open", "dialog": "kill"})

    def show_process(self, process: dict[str, Any]) -> None:
        """Name the process that was asked for; empty names none."""
        texts = {"command": _COMMAND_LIMIT, "user": 200, "note": 600}
        safe = {
            name: safe_text(str(process[name]), limit)
            for name, limit in texts.items()
            if process.get(name)
        }
        with self.hold_sync():
            self.problem = self.busy = ""
            self.process = {**process, **safe}

    def show_problem(self, error: OpsdashError) -> None:
        """Say in the dialog what went wrong, and name no process any more."""
        with self.hold_sync():
            self.process = {}
            self.say(f"{error.message} {_next_step(error)}")

    def say(self, sentence: str) -> None:
        """Say something in the dialog that is open."""
        with self.hold_sync():
            self.problem, self.busy = safe_text(sentence.strip()), ""

    def close_dialog(self) -> None:
        """Close what is open."""
        self.busy = ""
        self.send({"kind": "close"})


def _how(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "text": str(message.get("pid")),
        "tree": message.get("tree") is True,
        "now": message.get("now") is True,
    }


def _next_step(error: OpsdashError) -> str:
    """What a form's error says to do is about fields that this dialog has not."""
    return "" if isinstance(error, ValuesError) else error.next_step
