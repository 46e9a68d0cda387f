"""The form of a module: controls by meaning, values out."""

from __future__ import annotations

import getpass
import shlex
from collections.abc import Sequence
from typing import Any

import msgspec
import traitlets
from ipywidgets import CallbackDispatcher, widget_serialization

from opsdash_widgets.core.command.changes import changes, surviving
from opsdash_widgets.core.errors import OpsdashError, ProbeFailed, ValuesError
from opsdash_widgets.core.model import FormValues, Kind, ModuleSpec
from opsdash_widgets.core.redaction import safe_text
from opsdash_widgets.ui.esm import Control

from .hosting import Hosting

DATE_TOKENS = ("COB_DATE", "RUN_DATE", "START_DATE", "END_DATE")
"""The dates that a module without a parser may be given, in the form's order."""


_TYPED = (
    "values",
    "tokens",
    "variables",
    "extra_args",
    "requested_by",
    "invalid",
)
"""What the user types, and what the browser finds wrong with it."""
_BY_HAND = ("no_parser", "timeout", "exit", "crash")
"""Why a probe failed (``ProbeFailed.cause``) that says nothing against a run."""


class ArgparseForm(Control, bundle="argparse_form"):
    """A form for whatever a ModuleSpec says, at any depth of subcommands.

    ``spec`` and ``values`` are plain data (``ModuleSpec`` and ``FormValues`` as JSON);
    ``show``, ``get_values`` and ``set_value`` speak in records. ``invalid`` is what the
    browser finds wrong (field -> sentence), ``errors`` what the module's own parser
    does.
    """

    spec = traitlets.Dict(help="ModuleSpec as plain data; empty shows nothing.").tag(
        sync=True
    )
    values = traitlets.Dict(help="FormValues as plain data.").tag(sync=True)
    tokens = traitlets.Dict(
        help="Date tokens (COB_DATE …) of a module without a parser."
    ).tag(sync=True)
    variables = traitlets.Dict(
        help="Environment variables of a module without a parser."
    ).tag(sync=True)
    extra_args = traitlets.Unicode(help="Further arguments, as in a shell.").tag(
        sync=True
    )
    requested_by = traitlets.Unicode(help="Who asked for the run.").tag(sync=True)
    show_requested_by = traitlets.Bool(
        True, help="Whether the form asks for requested_by itself."
    ).tag(sync=True)
    errors = traitlets.Dict(
        help="Argument id -> what its parser said; the empty id is the whole form."
    ).tag(sync=True)
    invalid = traitlets.Dict(
        help="Field -> what keeps the form from being launched, from the browser."
    ).tag(sync=True)
    loading = traitlets.Bool(help="The arguments are being read.").tag(sync=True)
    problem = traitlets.Dict(
        help="Why there is no form: message, next_step, details."
    ).tag(sync=True)
    by_hand = traitlets.Bool(
        help="There is no form, but the extra arguments can be given."
    ).tag(sync=True)
    empty = traitlets.Unicode(
        "Pick a module to see its arguments.", help="What to do while there is no form."
    ).tag(sync=True)

    recent = traitlets.Dict(
        help="Field path -> values given lately, the newest first; never a secret's."
    ).tag(sync=True)
    hosted = traitlets.Dict(
        help="Field path -> the widget shown in place of the built-in control."
    ).tag(sync=True, **widget_serialization)
    hosted_errors = traitlets.Dict(
        help="Field path -> why its own control's value cannot be given."
    ).tag(sync=True)
    hosted_notes = traitlets.Dict(
        help="Field path -> why its own control is not shown."
    ).tag(sync=True)
    browsable = traitlets.Bool(
        help="Whether somebody answers what the path fields ask (``on_browse``)."
    ).tag(sync=True)

    changes = traitlets.Unicode(
        help="What a changed module did to its form, one line; the user closes it."
    ).tag(sync=True)
    changes_level = traitlets.Enum(
        ("info", "warn"), "info", help="warn: the form may be out of date."
    ).tag(sync=True)
    starters = traitlets.List(
        traitlets.Dict(), help="Modules to offer while there is no form: name, title."
    ).tag(sync=True)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Arguments")
        kwargs.setdefault("requested_by", login_name())
        super().__init__(**kwargs)
        self._pick = CallbackDispatcher()
        self._sweep = CallbackDispatcher()
        self._handlers["pick"] = lambda message: self._pick(
            self, str(message.get("name"))
        )
        self._handlers["sweep"] = lambda message: self._sweep(
            self, str(message.get("field"))
        )
        self._handlers["typed"] = lambda message: self._take_over(
            message.get("state"), _TYPED
        )
        self._browse = CallbackDispatcher()
        for kind in ("list_folder", "check_path"):
            self._handlers[kind] = lambda message: self._browse(self, message)
        self._hosting = Hosting(self)
        self._handlers["reset_hosted"] = lambda message: self._hosting.reset(
            str(message.get("field"))
        )

    def close(self) -> None:
        """Take the form away, and the registered controls in it."""
        self._hosting.close()
        super().close()

    def on_pick(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(form, name)`` when the user picks one of ``starters``."""
        self._pick.register_callback(callback, remove=remove)

    def on_sweep(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(form, path)`` when the user wants to sweep a field."""
        self._sweep.register_callback(callback, remove=remove)

    def on_browse(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(form, question)`` when a path field asks for a folder.

        The answer goes back with ``send``, as ``{"kind": "browsed", "ask": …}`` with
        ``page``, ``problem`` or ``text``.
        """
        self._browse.register_callback(callback, remove=remove)

    def show(self, spec: ModuleSpec) -> None:
        """Show a module's form.

        Where it is the same module's, changed, every value stays whose argument still
        exists and still takes such a value, and ``changes`` says what went and came.
        """
        before = self.spec
        same = before.get("module") == spec.module
        with self.hold_sync():
            if same:
                self._carry_over(msgspec.convert(before, ModuleSpec), spec)
            else:
                self.clear()
            self.spec = msgspec.to_builtins(spec)
            self.loading = False
            self.problem = {}
            self.by_hand = False

    def _carry_over(self, before: ModuleSpec, now: ModuleSpec) -> None:
        values = self.get_values()
        kept = surviving(values, before, now)
        if kept != values:
            self.values = msgspec.to_builtins(kept)
        told = str(changes(before, now))
        if told:
            self.changes_level = "info"
            self.changes = safe_text(f"The module has changed: {told}")
            self.errors = {}

    def clear(self) -> None:
        """Take every value back to its default."""
        with self.hold_sync():
            self.values, self.tokens, self.variables = {}, {}, {}
            self.extra_args = ""
            self.errors, self.invalid = {}, {}
            self.changes = ""

    def show_nothing(self) -> None:
        """Show no form, but what to do first."""
        with self.hold_sync():
            self.clear()
            self.spec, self.problem = {}, {}
            self.loading = self.by_hand = False

    def show_problem(self, error: OpsdashError, module: str = "") -> None:
        """Show why there is no form, in place of one.

        Where only the parser could not be had, arguments can still be given by hand.
        """
        by_hand = isinstance(error, ProbeFailed) and error.cause in _BY_HAND
        with self.hold_sync():
            self.clear()
            self.spec = {}
            self.loading = False
            self.by_hand = by_hand
            self.problem = {**problem_of(error), "module": module}

    def show_errors(self, error: ValuesError) -> None:
        """Show at each field what its parser said, and go to the first one."""
        self.errors = {name: safe_text(text) for name, text in error.fields.items()}
        self.reveal_errors()

    def reveal_errors(self, field: str = "") -> None:
        """Let every field say what is wrong, also those not touched yet.

        Args:
            field: path of the field to go to; empty goes to the first that is wrong.
        """
        self.send({"kind": "show_errors", "field": field})

    @property
    def is_plain(self) -> bool:
        """Whether the module has no parser: tokens instead of fields."""
        parser = self.spec.get("parser") or {}
        return self.spec.get("kind") == Kind.PLAIN and not parser.get("arguments")

    def get_values(self) -> FormValues:
        """The values as the command line is built from.

        Raises:
            msgspec.ValidationError: ``values`` was set to something else.
        """
        return msgspec.convert(self.values or {}, FormValues)

    def set_value(
        self, argument_id: str, value: Any, command: Sequence[str] = ()
    ) -> None:
        """Set one argument's value; ``None`` takes it back to its default.

        Args:
            argument_id: its id in its parser.
            value: as ``FormValues`` holds it.
            command: the subcommands that lead to its parser, outermost first.
        """
        tree = msgspec.to_builtins(self.get_values())
        level = tree
        for name in command:
            if (level.get("command") or {}).get("name") != name:
                level["command"] = {"name": name}
            level = level["command"]
        values = {**level.get("values", {})}
        values.pop(argument_id, None)
        if value is not None:
            values[argument_id] = value
        level["values"] = values
        self.values = tree

    def given_ids(self) -> set[str]:
        """The ids of the arguments that have a value, at any depth."""
        found: set[str] = set()
        level: FormValues | None = self.get_values()
        while level is not None:
            found |= level.values.keys()
            level = level.command
        return found

    def get_tokens(self) -> tuple[str, ...]:
        """The date tokens as arguments: ``COB_DATE=2025-03-31``."""
        known = [name for name in DATE_TOKENS if self.tokens.get(name)]
        return tuple(f"{name}={self.tokens[name]}" for name in known)

    def get_extra_args(self) -> tuple[str, ...]:
        """The further arguments, split as a shell would.

        Raises:
            ValuesError: a quote is not closed.
        """
        try:
            return tuple(shlex.split(self.extra_args))
        except ValueError as error:
            sentence = "The extra arguments have a quote that is not closed."
            raise ValuesError(sentence, {"": sentence}) from error


def login_name() -> str:
    """The login's name, or empty where there is none (a container's bare user id)."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def problem_of(error: OpsdashError) -> dict[str, str]:
    """An error as the browser shows it: one sentence, next step, details."""
    return {
        "message": safe_text(error.message),
        "next_step": safe_text(error.next_step),
        "details": safe_text(error.details),
    }
