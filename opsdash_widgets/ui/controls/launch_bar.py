"""What is about to be launched, where, and the button that does it."""

from __future__ import annotations

from typing import Any

import traitlets
from ipywidgets import CallbackDispatcher

from opsdash_widgets.core.errors import OpsdashError, ValuesError
from opsdash_widgets.core.redaction import safe_text
from opsdash_widgets.ui.esm import Control

from .argparse_form import problem_of


class LaunchBar(Control, bundle="launch_bar"):
    """Environment, requester, the command, "Dry run" and "Run".

    ``on_run`` callbacks get ``(bar, confirmed)``; ``confirmed`` says that the user was
    asked the question in ``confirm`` and said yes. ``blocked`` is the sentence that
    keeps the buttons from working.
    """

    module = traitlets.Unicode(help="The module to launch; empty: none yet.").tag(
        sync=True
    )
    environment = traitlets.Unicode(help="Name of the environment.").tag(sync=True)
    environments = traitlets.List(
        traitlets.Dict(), help="The environments in order: name, production."
    ).tag(sync=True)
    requested_by = traitlets.Unicode(help="Who asked for the run.").tag(sync=True)
    shell_line = traitlets.Unicode(help="The command for a shell.").tag(sync=True)
    python_call = traitlets.Unicode(help="The call for a notebook cell.").tag(sync=True)
    blocked = traitlets.Unicode(
        "Pick a module first.", help="Why nothing can be launched; empty: it can."
    ).tag(sync=True)
    revealable = traitlets.Bool(
        help="Whether there is something to show about why it is blocked."
    ).tag(sync=True)
    unchecked = traitlets.Unicode(
        help="Why the module's parser is not asked before a launch; empty: it is."
    ).tag(sync=True)
    missing = traitlets.List(
        traitlets.Dict(), help="The fields behind ``blocked``: path and name of each."
    ).tag(sync=True)
    confirm = traitlets.Unicode(
        help="The question to ask before a launch; empty: none."
    ).tag(sync=True)
    busy = traitlets.Unicode(help="What is under way; empty: nothing.").tag(sync=True)
    problem = traitlets.Dict(
        help="Why the launch failed: message, next_step, details."
    ).tag(sync=True)
    preview = traitlets.Dict(
        help="The answer of a dry run: argv, interpreter, verdict, …; see `Preview`."
    ).tag(sync=True)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Launch")
        super().__init__(**kwargs)
        self._run = CallbackDispatcher()
        self._dry_run = CallbackDispatcher()
        self._reveal = CallbackDispatcher()
        self._handlers["run"] = self._pressed
        self._handlers["dry_run"] = lambda message: self._dry_run(self)
        self._handlers["reveal"] = lambda message: self._reveal(
            self, str(message.get("field") or "")
        )

    def _pressed(self, message: dict[str, Any]) -> None:
        self._take_over(message, ("environment", "requested_by"))
        self._run(self, message.get("confirmed") is True)

    def on_run(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(bar, confirmed)`` when the user runs."""
        self._run.register_callback(callback, remove=remove)

    def on_dry_run(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(bar)`` when the user asks for a dry run."""
        self._dry_run.register_callback(callback, remove=remove)

    def on_reveal(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(bar, field)`` when the user asks what is missing.

        ``field`` is the path of one field, or empty for the first that is wrong.
        """
        self._reveal.register_callback(callback, remove=remove)

    def ask(self, question: str) -> None:
        """Ask in place before launching; ``on_run`` follows when the user says yes."""
        self.confirm = safe_text(question)
        self.send({"kind": "ask"})

    def show_problem(self, error: OpsdashError) -> None:
        """Show why a launch or a dry run failed."""
        with self.hold_sync():
            self.busy = ""
            self.preview = {}
            self.problem = problem_of(error) | {"fields": named_fields(error)}


def named_fields(error: OpsdashError) -> list[dict[str, str]]:
    """The fields that an error is about: path and what a person calls it."""
    paths = error.fields if isinstance(error, ValuesError) else {}
    return [{"field": path, "name": field_name(path)} for path in paths if path]


def field_name(path: str) -> str:
    """What a person calls a field: ``level`` for ``fit --level``, but ``-k``."""
    name = path.split(" ")[-1]
    return name.lstrip("-") if name.startswith("--") else name
