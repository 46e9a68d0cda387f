"""What is about to be launched, where, and the button that does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets
from ipywidgets import CallbackDispatcher

from opsdash_widgets.core.errors import OpsdashError, ValuesError
from opsdash_widgets.core.model import LIMITS, limit_text, parse_limit
from opsdash_widgets.core.redaction import safe_text
from opsdash_widgets.ui.esm import Control

from .argparse_form import problem_of


class LaunchBar(Control, bundle="launch_bar"):
    """Environment, requester, the command, "Dry run" and "Run".

    ``on_run`` callbacks get ``(bar, confirmed)``; ``confirmed`` says that the user was
    asked the question in ``confirm`` and said yes. ``blocked`` is the sentence that
    keeps the buttons from working. ``limits`` holds what was written; what it means
    comes from ``get_limits``.
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
    limit_fields = traitlets.List(
        traitlets.Dict(), help="The limits there are: name, label, help, example."
    ).tag(sync=True)
    limits = traitlets.Dict(help="Limit name -> what was written.").tag(sync=True)
    limit_defaults = traitlets.Dict(
        help="Limit name -> the text of what holds where nothing is written."
    ).tag(sync=True)
    limit_errors = traitlets.Dict(
        help="Limit name -> what is wrong with what was written."
    ).tag(sync=True)
    limit_summary = traitlets.Unicode(
        help="The limits that were written, in one line; empty: none."
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
        self._usual_limits: dict[str, float] = {}
        kwargs.setdefault("limit_fields", [field._asdict() for field in LIMITS])
        super().__init__(**kwargs)
        self.observe(lambda _: self._read_limits(), "limits")
        self._read_limits()
        self._run = CallbackDispatcher()
        self._dry_run = CallbackDispatcher()
        self._reveal = CallbackDispatcher()
        self._handlers["run"] = self._pressed
        self._handlers["dry_run"] = self._pressed_dry
        self._handlers["reveal"] = lambda message: self._reveal(
            self, str(message.get("field") or "")
        )

    def _pressed(self, message: dict[str, Any]) -> None:
        self._take_over(message, ("environment", "requested_by", "limits"))
        self._run(self, message.get("confirmed") is True)

    def _pressed_dry(self, message: dict[str, Any]) -> None:
        self._take_over(message, ("environment", "requested_by", "limits"))
        self._dry_run(self)

    def get_limits(self) -> dict[str, float]:
        """The limits that were written, each in its unit; 0 for none at all.

        Raises:
            ValuesError: one of them cannot be read; it is no field of the form.
        """
        limits, wrong = self._parse_limits()
        if wrong:
            raise ValuesError(next(iter(wrong.values())), {})
        return limits

    def show_limits(self, limits: Mapping[str, float]) -> None:
        """Fill the fields with the limits of a run; what holds anyway is left out."""
        usual = self._usual_limits
        self.limits = {
            field.name: _limit_words(field.name, limits.get(field.name, 0.0))
            for field in LIMITS
            if limits.get(field.name, 0.0) != usual.get(field.name, 0.0)
        }

    def show_usual_limits(self, limits: Mapping[str, float]) -> None:
        """Say what holds where a field is empty; 0 is no limit."""
        self._usual_limits = dict(limits)
        self.limit_defaults = {
            name: limit_text(name, value) for name, value in limits.items() if value
        }

    def _parse_limits(self) -> tuple[dict[str, float], dict[str, str]]:
        """What was written as numbers, and what is wrong with the rest."""
        limits: dict[str, float] = {}
        wrong: dict[str, str] = {}
        for field in LIMITS:
            try:
                value = parse_limit(field.name, str(self.limits.get(field.name, "")))
            except ValuesError as error:
                wrong[field.name] = safe_text(error.message)
            else:
                if value is not None:
                    limits[field.name] = value
        return limits, wrong

    def _read_limits(self) -> None:
        limits, wrong = self._parse_limits()
        with self.hold_sync():
            self.limit_errors = wrong
            self.limit_summary = " \u00b7 ".join(
                f"{field.label} {_limit_words(field.name, limits[field.name])}"
                for field in LIMITS
                if field.name in limits
            )

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


def _limit_words(name: str, value: float) -> str:
    return limit_text(name, value) if value else "none"


def named_fields(error: OpsdashError) -> list[dict[str, str]]:
    """The fields that an error is about: path and what a person calls it."""
    paths = error.fields if isinstance(error, ValuesError) else {}
    return [{"field": path, "name": field_name(path)} for path in paths if path]


def field_name(path: str) -> str:
    """What a person calls a field: ``level`` for ``fit --level``, but ``-k``."""
    name = path.split(" ")[-1]
    return name.lstrip("-") if name.startswith("--") else name
