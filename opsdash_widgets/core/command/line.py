"""A finished command line, and how it is shown."""

from __future__ import annotations

import keyword
import shlex
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from ..model import FormValues
from ..redaction import MASK, looks_secret


class CommandLine(msgspec.Struct, frozen=True, kw_only=True):
    """The arguments of a launch.

    Attributes:
        argv: the arguments as the module shall see them; may hold secrets.
        masked: the same with ``redaction.MASK`` in place of each secret value
            (``--password=••••••``); the only one that may be stored or shown.
        secrets: (place in the argv, the whole argument at that place) for each
            argument that differs between the two.
        secret_values: the bare secret values, for exact redaction.
    """

    argv: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    secrets: tuple[tuple[int, str], ...] = ()
    secret_values: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"CommandLine(masked={self.masked!r})"


class Token(NamedTuple):
    """One argument of a command line.

    Attributes:
        text: what the module shall see.
        secret: the part of it that must not be shown; empty where there is none.
    """

    text: str
    secret: str = ""

    @property
    def masked(self) -> str:
        """The token as it may be shown."""
        if not self.secret:
            return self.text
        return self.text[: len(self.text) - len(self.secret)] + MASK


def command_line(tokens: Sequence[Token]) -> CommandLine:
    """The command line of tokens."""
    return CommandLine(
        argv=tuple(token.text for token in tokens),
        masked=tuple(token.masked for token in tokens),
        secrets=tuple(
            (place, token.text) for place, token in enumerate(tokens) if token.secret
        ),
        secret_values=tuple(token.secret for token in tokens if token.secret),
    )


def free_line(texts: Sequence[str]) -> CommandLine:
    """The command line of arguments that came as texts, without a form."""
    return command_line(free_tokens(texts))


def free_tokens(texts: Sequence[str]) -> list[Token]:
    """Arguments that came as texts: what follows a telling name is secret.

    >>> [token.masked for token in free_tokens(["--password=x", "--api-key", "y", "z"])]
    ['--password=••••••', '--api-key', '••••••', 'z']
    """
    tokens: list[Token] = []
    follows = False
    for text in texts:
        option, equals, value = text.partition("=")
        named = text.startswith("-") and looks_secret(option)
        if named and equals:
            tokens.append(Token(text, value))
        else:
            is_value = follows and not text.startswith("-")
            tokens.append(Token(text, text if is_value else ""))
        follows = named and not equals
    return tokens


def shell_line(interpreter: str, module: str, masked: Sequence[str]) -> str:
    """The command as one line for a POSIX shell."""
    return shlex.join([interpreter, "-m", module, *masked])


LAUNCH_PARAMETERS = frozenset(
    {
        "argv",
        "command",
        "confirmed",
        "cwd",
        "environment",
        "extra_args",
        "interpreter",
        "limits",
        "module",
        "requested_by",
        "values",
        "variables",
    }
)
"""What ``ops.launch`` takes itself: an argument of such a name goes by argv."""


def python_call(
    module: str,
    values: FormValues | None = None,
    argv: Sequence[str] = (),
    *,
    environment: str = "",
    limits: Mapping[str, float] | None = None,
) -> str:
    """The call that launches the same from a notebook cell.

    Args:
        module: dotted name.
        values: the form's values; keywords are made of them where that can be done.
        argv: the masked arguments, shown where keywords cannot say the same.
        environment: the named environment that was asked for, if one was.
        limits: the limits that were asked for, by their names in a ``RunSpec``.
    """
    named = _keywords(values) if values is not None else None
    hidden = any(MASK in token for token in argv)
    if named is not None and not hidden:
        parts = [repr(module), *(f"{name}={value!r}" for name, value in named.items())]
    elif argv:
        parts = [repr(module), f"argv={list(argv)!r}"]
    else:
        parts = [repr(module)]
    parts += [f"environment={environment!r}"] if environment else []
    parts += [f"limits={dict(limits)!r}"] if limits else []
    return f"ops.launch({', '.join(parts)})"


def _keywords(values: FormValues) -> dict[str, Any] | None:
    """The values by keyword; None where some id cannot be one."""
    if values.command is not None:
        return None
    named = {}
    for identity, value in values.values.items():
        name = keyword_of(identity)
        usable = name.isidentifier() and not keyword.iskeyword(name)
        if not usable or name in named or name in LAUNCH_PARAMETERS:
            return None
        named[name] = value
    return named


def keyword_of(identity: str) -> str:
    """The keyword that stands for an argument's id: ``--start-date``: start_date."""
    return identity.lstrip("-+/").replace("-", "_")
