"""Let argparse parse for real, and note what each parse comes to."""

from __future__ import annotations

import argparse
import contextlib
import functools
import inspect
import sys
from typing import Any, Iterator

from . import validate_effects, validate_fields
from .validate_streams import Recorder
from .validate_trial import Refusal, Trial

_PARSES = {
    "parse_args": True,
    "parse_known_args": False,
    "parse_intermixed_args": True,
    "parse_known_intermixed_args": False,
}
"""The methods that parse, and whether they refuse what they do not know."""


def install(trial: Trial) -> None:
    """Follow every parser of this process."""
    _Follower(trial).install()


class _Follower:
    """Wraps what parses and what refuses, also in subclasses with their own."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.parsers: list[argparse.ArgumentParser] = []
        """The parsers that parse now, the outermost first."""
        self.now: tuple[Any, Any] = (None, None)
        """The parser and the action whose values are converted."""
        self.noted: Refusal | None = None
        self._depth = 0
        self._wrapped: set[type] = set()

    def install(self) -> None:
        cls: Any = argparse.ArgumentParser
        self._wrap(cls)
        cls.__init__ = self._made(cls.__init__)
        cls._get_values = self._converting(cls._get_values)
        error: Any = argparse.ArgumentError
        error.__init__ = self._raised(error.__init__)

    def _wrap(self, cls: Any) -> None:
        if cls in self._wrapped:
            return
        self._wrapped.add(cls)
        own = vars(cls)
        for name, strict in _PARSES.items():
            if callable(own.get(name)):
                setattr(cls, name, self._parsing(own[name], strict))
        if callable(own.get("error")):
            cls.error = self._refusing(own["error"])
        if callable(own.get("exit")):
            cls.exit = self._exiting(own["exit"])

    def _made(self, original: Any) -> Any:
        @functools.wraps(original)
        def made(parser: Any, *args: Any, **named: Any) -> None:
            for cls in type(parser).__mro__:
                if issubclass(cls, argparse.ArgumentParser):
                    self._wrap(cls)
            original(parser, *args, **named)

        return made

    def _parsing(self, original: Any, strict: bool) -> Any:
        place = _place_of_args(original)

        @functools.wraps(original)
        def parse(parser: Any, *given: Any, **named: Any) -> Any:
            self.parsers.append(parser)
            try:
                if self._depth:
                    return original(parser, *given, **named)
                call = _Call(original, parser, place, list(given), named)
                return self._outermost(call, strict)
            finally:
                self.parsers.pop()

        return parse

    def _outermost(self, call: _Call, strict: bool) -> Any:
        tried = self.trial.begins(call.args)
        if tried is not None:
            call.args = list(tried)
        self.noted, self.now = None, (None, None)
        with self._within() as said:
            try:
                parsed = call.run()
            except SystemExit as leaving:
                self._left(leaving, said)
                raise
            except Exception as error:
                self.trial.refuses(self.noted or self._failed(error))
                raise
        ids = set(validate_fields.ids(call.parser).values())
        left = parsed[1] if not strict and isinstance(parsed, tuple) else ()
        self.trial.accepts(ids, tried, left, strict)
        return parsed

    @contextlib.contextmanager
    def _within(self) -> Iterator[Recorder]:
        self._depth += 1
        try:
            with Recorder() as said:
                yield said
        finally:
            self._depth -= 1

    def _left(self, leaving: SystemExit, said: Recorder) -> None:
        """A parse that exits: for help or a version it is no refusal."""
        if not leaving.code and self.noted is None:
            self.trial.tell(True)
        words = leaving.code if isinstance(leaving.code, str) else said.last_line
        words = words or f"It exits with code {leaving.code} while it parses."
        self.trial.refuses(self.noted or Refusal(words, self._fields("", None)))

    def _refusing(self, original: Any) -> Any:
        @functools.wraps(original)
        def error(parser: Any, message: Any, *more: Any, **named: Any) -> Any:
            self._note(parser, str(message))
            return original(parser, message, *more, **named)

        return error

    def _exiting(self, original: Any) -> Any:
        @functools.wraps(original)
        def leave(
            parser: Any, status: Any = 0, message: Any = None, **named: Any
        ) -> Any:
            if status and message:
                self._note(parser, str(message).strip())
            return original(parser, status, message, **named)

        return leave

    def _note(self, parser: Any, message: str) -> None:
        """The first words count: a subclass may add to them."""
        if self.noted is not None and self._depth:
            return
        error = sys.exc_info()[1]
        action = getattr(error, "opsdash_action", None)
        fields = validate_fields.named(self._root(parser), parser, action, message)
        refusal = Refusal(message, fields, validate_effects.by_sandbox(error))
        if self._depth:
            self.noted = refusal
        else:
            self.trial.refuses_late(refusal)

    def _failed(self, error: Exception) -> Refusal:
        """An error that argparse lets through: it would end the run as well."""
        suspect = validate_effects.by_sandbox(error)
        if isinstance(error, argparse.ArgumentError):
            parser = getattr(error, "opsdash_parser", None) or self._root(None)
            action = getattr(error, "opsdash_action", None)
            root = self._root(parser)
            fields = validate_fields.named(root, parser, action, error.message)
            return Refusal(str(error), fields, suspect)
        words = f"{type(error).__name__}: {error}".rstrip(": ")
        return Refusal(words, self._fields("", None), suspect)

    def _fields(self, message: str, action: Any) -> list[str]:
        parser, current = self.now
        if parser is None:
            return []
        return validate_fields.named(
            self._root(parser), parser, action or current, message
        )

    def _root(self, parser: Any) -> Any:
        return self.parsers[0] if self.parsers else parser

    def _converting(self, original: Any) -> Any:
        @functools.wraps(original)
        def get_values(parser: Any, action: Any, *rest: Any) -> Any:
            self.now = (parser, action)
            return original(parser, action, *rest)

        return get_values

    def _raised(self, original: Any) -> Any:
        @functools.wraps(original)
        def raised(error: Any, argument: Any, message: Any) -> None:
            original(error, argument, message)
            error.opsdash_action = argument
            error.opsdash_parser = self.parsers[-1] if self.parsers else None

        return raised


class _Call:
    """A call of a method that parses, whatever else a subclass gives it."""

    def __init__(
        self, original: Any, parser: Any, place: int, given: list[Any], named: Any
    ) -> None:
        self.parser = parser
        self._original = original
        self._place = place
        self._given = given
        self._named = named

    @property
    def args(self) -> Any:
        """The arguments to parse; None where they are those of the process."""
        if self._place < len(self._given):
            return self._given[self._place]
        return self._named.get("args")

    @args.setter
    def args(self, args: Any) -> None:
        if self._place < len(self._given):
            self._given[self._place] = args
        else:
            self._named["args"] = args

    def run(self) -> Any:
        return self._original(self.parser, *self._given, **self._named)


def _place_of_args(method: Any) -> int:
    """Where among its positional arguments a method takes those to parse."""
    try:
        names = list(inspect.signature(method).parameters)[1:]
    except (TypeError, ValueError):
        return 0
    return names.index("args") if "args" in names else 0
