"""Patch argparse so that asking for help tells the parser instead.

A parser that is asked for its help answers with itself, and the process is left at
once. The parsers seen on the way there are remembered, because for a module whose
first parser has no help of its own, that parses in two passes, or that prints its
help by other means, the fullest of them is the answer.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any, Callable, Dict

from . import choices, dump

_FORMATTED = 200

Leave = Callable[[Dict[str, Any]], None]


class Interceptor:
    """Remembers the parsers that a module makes and leaves when one is asked for.

    Attributes:
        leave: called with the answer; does not return.
        at_parse: leave at the first ``parse_args`` already (nothing asks for help); a
            ``parse_known_args`` may be the first of two.
        on_return: called when a parse came back and the module goes on; told whether
            the call for help is still to be answered.
        on_telling: called before a parser is read: what that runs is no effect.
        main: the module that ran when a parser was last seen; it may have ended since.
    """

    def __init__(
        self,
        leave: Leave,
        at_parse: bool,
        on_return: Callable[[bool], None],
        on_telling: Callable[[], None],
    ) -> None:
        self.leave = leave
        self.at_parse = at_parse
        self.on_return = on_return
        self.on_telling = on_telling
        self.seen: list[argparse.ArgumentParser] = []
        self.passed: list[argparse.ArgumentParser] = []
        self.formatted: dict[int, str] = {}
        self.main: Any = None
        self._depth = 0

    def install(self) -> None:
        """Patch argparse in this process."""
        parser = argparse.ArgumentParser
        replaced: Any = argparse
        replaced._HelpAction.__call__ = lambda action, asked, *rest: self.tell(asked)
        self._replace(parser, "print_help", lambda original: self._tell_method)
        self._replace(parser, "error", lambda original: self._tell_method)
        self._replace(parser, "exit", lambda original: self._tell_method)
        self._replace(parser, "format_help", self._format_help)
        self._replace(parser, "parse_args", self._parse_args)
        self._replace(parser, "parse_known_args", self._parse_known_args)
        self._replace(parser, "parse_known_intermixed_args", _intermixed)
        self._replace(argparse._ActionsContainer, "add_argument", _add_argument)

    def tell(self, parser: argparse.ArgumentParser | None = None) -> None:
        """Leave with the fullest parser, if any was seen."""
        if parser is not None:
            self._remember(parser)
        if not self.seen:
            return
        self.on_telling()
        # One that was only formatted may be part of some text that is built; whoever
        # hears the answer looks for it in what was printed.
        asked = [known for known in self.seen if id(known) not in self.formatted]
        # The later of two equally full ones: it is nearer to the real parse.
        best = max(reversed(asked or self.seen), key=dump.size)
        if parser is not None and dump.size(parser) == dump.size(best):
            best = parser
        warnings: list[str] = []
        data = dump.parser_data(best, warnings)
        earlier = [dump.parser_data(one, []) for one in self.passed if one is not best]
        reply = {
            "status": "parser",
            "kind": "argparse",
            "parser": data,
            "first_passes": _only_theirs(earlier, data),
            "warnings": warnings,
        }
        if not asked:
            reply["formatted"] = self.formatted[id(best)]
        self.leave(reply)

    @staticmethod
    def _replace(owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        setattr(owner, name, make(getattr(owner, name)))

    @property
    def _tell_method(self) -> Any:
        def told(parser: argparse.ArgumentParser, *rest: Any, **named: Any) -> None:
            self.tell(parser)

        return told

    def _format_help(self, original: Any) -> Any:
        def format_help(parser: argparse.ArgumentParser, *args: Any) -> Any:
            if self.passed:
                self.tell(parser)
            text = original(parser, *args)
            self.main = sys.modules.get("__main__")
            if not any(parser is known for known in self.seen):
                self.seen.append(parser)
                self.formatted[id(parser)] = str(text)[:_FORMATTED]
            return text

        return format_help

    def _parse_args(self, original: Any) -> Any:
        def parse_args(
            parser: argparse.ArgumentParser, *args: Any, **named: Any
        ) -> Any:
            if self.at_parse:
                self.tell(parser)
            return original(parser, *args, **named)

        return parse_args

    def _parse_known_args(self, original: Any) -> Any:
        def parse_known_args(
            parser: argparse.ArgumentParser,
            args: Any = None,
            namespace: Any = None,
            **named: Any,
        ) -> Any:
            self._remember(parser)
            self._depth += 1
            try:
                answer = original(parser, args, namespace, **named)
            finally:
                self._depth -= 1
            if self._depth == 0:
                self._came_back(parser, args, answer[1])
            return answer

        return parse_known_args

    def _came_back(self, parser: argparse.ArgumentParser, args: Any, left: Any) -> None:
        whole = args is None or list(args) == sys.argv[1:]
        if whole and parser not in self.passed:
            self.passed.append(parser)
        self.on_return(any(asking in left for asking in ("--help", "-h")))

    def _remember(self, parser: argparse.ArgumentParser) -> None:
        self.formatted.pop(id(parser), None)
        self.main = sys.modules.get("__main__")
        if not any(parser is known for known in self.seen):
            self.seen.append(parser)


def _intermixed(original: Any) -> Any:
    def parse_known_intermixed_args(parser: Any, *args: Any, **named: Any) -> Any:
        parser._opsdash_intermixed = True
        return original(parser, *args, **named)

    return parse_known_intermixed_args


def _add_argument(original: Any) -> Any:
    def add_argument(container: Any, *args: Any, **named: Any) -> Any:
        allowed: Any = named.get("choices")
        is_source = hasattr(allowed, "__next__")
        if is_source and not hasattr(type(allowed), "__contains__"):
            named["choices"] = choices.Remembered(allowed)
        return original(container, *args, **named)

    return add_argument


def _only_theirs(
    earlier: list[dict[str, Any]], data: dict[str, Any]
) -> list[dict[str, Any]]:
    """Parsers of earlier passes, with the options that the last one does not have."""
    known = {option for a in data["arguments"] for option in a["option_strings"]}
    found = []
    for one in earlier:
        missing = [
            argument
            for argument in one["arguments"]
            if argument["option_strings"]
            and known.isdisjoint(argument["option_strings"])
        ]
        if missing:
            found.append({"prog": one["prog"], "arguments": missing})
            known.update(o for a in missing for o in a["option_strings"])
    return found
