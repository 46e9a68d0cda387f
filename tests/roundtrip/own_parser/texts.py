"""Texts that an argument takes, nasty ones among them."""

from __future__ import annotations

import argparse
import random
import signal
from typing import Any

PLAIN = ["a", "b", "a b", "ü", "x=y", "1", "7", "foo", "é\n", "'q'", '"', "\t", "$HOME"]
PLAIN += ["*", "out", "1.5", "3", "2024-03-28", "a,b", "a:b"]
NASTY = ["", "-1", "-1e3", "-1abc", "-x", "--long", "-", "=", "=x", "-a b", "--opt=1"]
NASTY += ["-.5", "+x", "-5", "-v", "--al", "a\nb", "-\n", "--foo bar", "--help", "-h"]
OF_SOME_TYPE = ["0", "10", "true", "yes", "utf-8", "json", "INFO", "127.0.0.1", "80"]
OF_SOME_TYPE += ["0.5", "100", "all", "none", "1:2", "a.b", "sys", "./x", "10M", "[1]"]
OF_SOME_TYPE += ["2024-01-01T00:00:00", "1,2", "{}", "localhost:80", "http://x/y"]
_TIME_S = 10
_CHOICES = 50


class Texts:
    """Draws texts, and remembers which of them an argument has taken."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self._known: dict[tuple[int, str], bool] = {}

    def one(
        self, parser: argparse.ArgumentParser, action: argparse.Action, plain: float
    ) -> str | None:
        """A text that the argument takes; None where none is found.

        Args:
            parser: the argument's parser.
            action: the argument.
            plain: how often the text shall be an easy one, from 0 to 1.
        """
        for text in self._offered(action, plain):
            if self._is_taken(parser, action, text):
                return text
        return None

    def _offered(self, action: argparse.Action, plain: float) -> list[str]:
        if action.choices is not None:
            return self._choices(action.choices)
        easy = [*PLAIN, *OF_SOME_TYPE]
        first = easy if self.draw.random() < plain else NASTY
        return [*self.draw.sample(first, 12), *self.draw.sample(easy, len(easy))]

    def _choices(self, choices: Any) -> list[str]:
        texts = []
        for item in list(choices)[:_CHOICES]:
            names = (item, getattr(item, "value", item), getattr(item, "name", item))
            texts += [str(name) for name in names]
        self.draw.shuffle(texts)
        return texts

    def _is_taken(
        self, parser: argparse.ArgumentParser, action: argparse.Action, text: str
    ) -> bool:
        key = (id(action), text)
        if key not in self._known:
            signal.alarm(_TIME_S)
            try:
                converted(parser, action, text)
                self._known[key] = True
            except BaseException:
                self._known[key] = False
            finally:
                signal.alarm(0)
        return self._known[key]


def converted(
    parser: argparse.ArgumentParser, action: argparse.Action, text: str
) -> Any:
    """What an argument makes of one text."""
    value = parser._get_value(action, text)
    if action.nargs != argparse.REMAINDER:
        parser._check_value(action, value)
    return value
