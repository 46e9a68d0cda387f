"""Let click (and typer) parse for real: every level, and none of the commands run.

The callback of a parameter belongs to its parser: it is where click lets a value be
refused. That of a command is the module's real work, so a group's subcommand is
resolved here, as ``invoke`` would, without calling the group.
"""

from __future__ import annotations

import sys
from typing import Any

from . import plain, validate_effects
from .on_import import Then
from .validate_argv import plain as plain_argv
from .validate_streams import Recorder
from .validate_trial import Refusal, Trial

_CORES = ("click.core", "asyncclick.core")
_OF_MAIN = {"args", "prog_name", "complete_var", "standalone_mode", "_anyio_backend"}
_OF_MAIN |= {"windows_expand_args", "rich_markup_mode"}
_COMMAND = "command"
_CHAIN = 100


def wanted(trial: Trial) -> dict[str, Then]:
    """What to do with each click as it is imported."""

    def patch(module: Any) -> None:
        parameter = getattr(module, "Parameter", None)
        attempt = _Attempt(trial)
        if parameter is not None:
            attempt.follow(parameter)
        for cls in list(vars(module).values()):
            if isinstance(cls, type) and cls.__module__ == module.__name__:
                _patch(cls, attempt)

    return dict.fromkeys(_CORES, patch)


def _patch(cls: Any, attempt: _Attempt) -> None:
    own = vars(cls)
    if callable(own.get("make_context")):
        cls.make_context = _asked(own["make_context"], attempt)
    if callable(own.get("main")):

        def main(
            command: Any, args: Any = None, prog_name: Any = None, **named: Any
        ) -> None:
            extra = {k: v for k, v in named.items() if k not in _OF_MAIN}
            attempt.run(command, prog_name, args, extra)

        cls.main = main


def _asked(original: Any, attempt: _Attempt) -> Any:
    def make_context(
        command: Any, name: Any, args: Any, parent: Any = None, **extra: Any
    ) -> Any:
        resilient = extra.get("resilient_parsing")
        if parent is None and not resilient and not attempt.running:
            attempt.run(command, name, args, extra)
        return original(command, name, args, parent=parent, **extra)

    return make_context


class _Attempt:
    """Parses the arguments of a command and of those below it, then leaves."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.running = False
        self.path: list[str] = []
        self.now: Any = None
        """The parameter whose value is processed."""
        self.choosing = False
        """A subcommand is being looked for."""

    def follow(self, parameter: Any) -> None:
        """Know which parameter is processed."""
        original = parameter.handle_parse_result

        def handle_parse_result(one: Any, *args: Any, **named: Any) -> Any:
            self.now = one
            answer = original(one, *args, **named)
            self.now = None
            return answer

        parameter.handle_parse_result = handle_parse_result

    def run(self, command: Any, name: Any, args: Any, extra: dict[str, Any]) -> None:
        """Try the arguments; does not return."""
        self.running = True
        tried = self.trial.begins(args)
        given = plain_argv(sys.argv)[1:] if tried is None else tried
        with Recorder() as said:
            try:
                self._parse(command, name or command.name or "", given, None, extra)
            except SystemExit as leaving:
                self._left(leaving.code, said)
            except Exception as error:
                self._failed(error, said)
        self.trial.tell(True)

    def _parse(
        self, command: Any, name: str, args: Any, parent: Any, extra: dict[str, Any]
    ) -> Any:
        context = command.make_context(name, list(args), parent=parent, **extra)
        if hasattr(command, "resolve_command"):
            with context.scope(cleanup=False):
                self._below(command, context)
        return context

    def _below(self, command: Any, context: Any) -> None:
        """Parse what is left to the subcommands, one or a chain of them."""
        before: Any = getattr(context, "_protected_args", None)
        if before is None:
            before = getattr(context, "protected_args", ())
        left = [*before, *context.args]
        chained = bool(getattr(command, "chain", False))
        if not left:
            if not getattr(command, "invoke_without_command", False):
                self.choosing = True
                context.fail("Missing command.")
            return
        depth = len(self.path)
        for _ in range(_CHAIN):
            left = self._step(command, context, left, chained)
            del self.path[depth:]
            if not chained or not left:
                return

    def _step(self, command: Any, context: Any, left: Any, chained: bool) -> Any:
        self.choosing = True
        name, inner, rest = command.resolve_command(context, left)
        self.choosing = False
        self.path.append(_canonical(command, context, name, inner))
        extra: dict[str, Any] = {}
        if chained:
            extra = {"allow_extra_args": True, "allow_interspersed_args": False}
        return self._parse(inner, name, rest, context, extra).args

    def _left(self, code: Any, said: Recorder) -> None:
        if not code:
            self.trial.tell(True)
        words = code if isinstance(code, str) else said.last_line
        self._refused(words or f"It exits with code {code} while it parses.", self.now)

    def _failed(self, error: Exception, said: Recorder) -> None:
        """Errors of click's own are refusals; what else is raised would end the run."""
        kind = type(error).__name__
        if kind == "NoArgsIsHelpError":
            command = getattr(getattr(error, "ctx", None), "command", None)
            self.choosing = hasattr(command, "resolve_command")
            words = "Missing command." if self.choosing else "Missing arguments."
            self._refused(words, None)
        if hasattr(error, "format_message"):
            blamed = getattr(error, "param", None) or self.now
            self._refused(str(error.format_message()), blamed, error)
        if kind == "Exit" and hasattr(error, "exit_code"):
            self._left(error.exit_code, said)
        if kind == "Abort":
            words = "It would ask on a terminal, and a run has none."
            self._refused(words, self.now)
        words = f"{kind}: {error}".rstrip(": ")
        if self.path:
            # The callbacks of the groups above were not called; it may miss what they
            # prepare.
            self.trial.tell(None, words)
        self._refused(words, self.now, error)

    def _refused(
        self, message: str, parameter: Any, error: BaseException | None = None
    ) -> None:
        field = _field(self.path, parameter, getattr(error, "ctx", None))
        if self.choosing:
            field = " ".join([*self.path, _COMMAND])
        suspect = validate_effects.by_sandbox(error)
        fields = [field] if field else []
        self.trial.refusal = Refusal(message, fields, suspect)
        if self.trial.effects.network:
            self.trial.refusal = self.trial.refusal._replace(by_sandbox=True)
        self.trial.ended(None)


def _canonical(command: Any, context: Any, name: Any, inner: Any) -> str:
    """The name of a subcommand in the form: its own, where it is listed by it."""
    own = getattr(inner, "name", None)
    if own and own != name:
        try:
            if own in command.list_commands(context):
                return str(own)
        except Exception:
            return str(name)
    return str(name)


def _field(path: list[str], parameter: Any, context: Any) -> str:
    if parameter is None:
        return ""
    command = getattr(context, "command", None)
    parameters = list(command.get_params(context)) if command is not None else []
    taken: dict[str, int] = {}
    for one in parameters or [parameter]:
        identity = _identity(one)
        taken[identity] = taken.get(identity, 0) + 1
        if one is parameter:
            number = taken[identity]
            shown = identity if number == 1 else f"{identity}#{number}"
            return " ".join([*path, shown])
    return ""


def _identity(parameter: Any) -> str:
    """The id of a parameter, as the probe gives it."""
    if parameter.param_type_name != "option":
        return plain.text(parameter.name)
    options = [plain.text(o) for o in parameter.opts or parameter.secondary_opts]
    long = [option for option in options if option.startswith("--")]
    return (long or options or [plain.text(parameter.name)])[0]
