"""Lay out a command line for click and typer, and read it back as click would.

The rules, each measured against click 7.1 to 8.5 and the click that typer brings:

* An option takes whatever follows it, also what begins with a dash, also ``--``; only
  where its value may be left out does it take nothing that looks like an option.
* ``--opt=value`` for long options, two tokens for short ones: ``-p=x`` is ``=x``.
* ``--`` before positionals lets them begin with a dash; everything behind it is theirs.
* A group stops at its first positional; what its own positionals leave over is the
  command and that command's arguments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from ..errors import ValuesError
from ..model import Argument, ParserSpec
from .click_reading import Refused, is_open, prefixes, read
from .line import Token
from .shape import Occurrence

_END = "--"
_ENDS_EARLY = ("help", "version")


class Level(Protocol):
    """One command of the chain from the module's own down to the last subcommand."""

    @property
    def parser(self) -> ParserSpec:
        """What the command takes."""

    @property
    def options(self) -> list[Occurrence]:
        """The uses of its options, in order."""

    @property
    def positionals(self) -> list[Occurrence]:
        """The uses of its positionals, in order."""

    @property
    def command(self) -> str:
        """The name of the subcommand that follows; empty for the last level."""

    @property
    def prefix(self) -> str:
        """What stands before an id in the errors."""


def lay_out(levels: Sequence[Level], extra: Sequence[Token]) -> list[Token]:
    """The tokens of a chain of commands.

    Args:
        levels: the commands, outermost first.
        extra: further arguments as they are; they stand before the positionals where
            they begin with an option, else at the end.

    Raises:
        ValuesError: a value cannot be given to click on a command line.
    """
    fields: dict[str, str] = {}
    uses = [_uses(level, fields) for level in levels]
    if fields:
        raise _error(fields)
    tokens = _tokens(levels, uses, [])
    _check(levels, uses, [token.text for token in tokens])
    return _tokens(levels, uses, extra) if extra else tokens


def _uses(level: Level, fields: dict[str, str]) -> list[Occurrence]:
    """Every use of a level: what was given, and what else must be written out."""
    given = [*level.options, *level.positionals]
    for use in given:
        _check_use(level, use, fields)
    if any(use.argument.action in _ENDS_EARLY for use in given):
        return given
    known = {use.argument.id for use in given}
    asking = [
        use
        for argument in level.parser.arguments
        if argument.id not in known and _would_ask(argument)
        for use in _answer(level, argument, fields)
    ]
    return [*level.options, *asking, *_positionals(level, fields)]


def _positionals(level: Level, fields: dict[str, str]) -> list[Occurrence]:
    """The positionals, none left out that would take another's value for its own."""
    given = {use.argument.id: use for use in level.positionals if use.texts}
    ordered = [a for a in level.parser.arguments if a.is_positional]
    uses = []
    for place, argument in enumerate(ordered):
        if argument.id in given:
            uses.append(given[argument.id])
            continue
        behind = [a.id for a in ordered[place + 1 :] if a.id in given]
        before = [a.id for a in ordered[:place] if a.id in given and is_open(a)]
        taken = [*behind, *before, *([level.command] if level.command else [])]
        if not taken or is_open(argument):
            continue
        written = _written_out(argument)
        if not written:
            fields.setdefault(
                level.prefix + argument.id,
                f"Give it too: it would take what is meant for `{taken[0]}`.",
            )
        uses.extend(written)
    return uses


def _check_use(level: Level, use: Occurrence, fields: dict[str, str]) -> None:
    argument = use.argument
    if argument.is_positional or argument.nargs != "?":
        return
    if not use.texts and argument.prompt:
        fields[level.prefix + argument.id] = (
            "Without a value it would ask for one at the terminal: give it."
        )
    for text in use.texts:
        if len(text) > 1 and text[0] in prefixes(level.parser):
            fields[level.prefix + argument.id] = (
                f"`{text}` begins with {text[0]}: an option whose value may be left "
                "out takes no such value."
            )


def _would_ask(argument: Argument) -> bool:
    """Whether it asks at the terminal where it is left out."""
    return bool(argument.prompt) and argument.nargs != "?" and not argument.variables


def _answer(
    level: Level, argument: Argument, fields: dict[str, str]
) -> list[Occurrence]:
    """What a prompt would be answered with: the default; a run has no terminal."""
    uses = _written_out(argument)
    if not uses:
        fields.setdefault(
            level.prefix + argument.id,
            f"Its module asks for it at the terminal (`{argument.prompt}`), which a "
            "run has not: give it here.",
        )
    return uses


def _written_out(argument: Argument) -> list[Occurrence]:
    """A use that says the default; none where the default cannot be said."""
    default = argument.default
    if argument.action == "boolean_optional" and isinstance(default, bool):
        return [Occurrence(argument, negated=not default)]
    if argument.action != "store" or isinstance(default, bool):
        return []
    single = argument.nargs in (None, "?")
    if single and isinstance(default, str | int | float):
        return [Occurrence(argument, (str(default),))]
    if isinstance(default, list) and len(default) == argument.nargs:
        return [Occurrence(argument, tuple(str(item) for item in default))]
    return []


def _tokens(
    levels: Sequence[Level], uses: Sequence[list[Occurrence]], extra: Sequence[Token]
) -> list[Token]:
    tokens: list[Token] = []
    for level, given in zip(levels, uses, strict=True):
        options = [use for use in given if not use.argument.is_positional]
        positionals = [use for use in given if use.argument.is_positional]
        for use in options:
            tokens.extend(_option_tokens(level.parser, use))
        first = extra[0].text[:1] if extra else ""
        if level is levels[-1] and first in prefixes(level.parser):
            tokens.extend(extra)
            extra = []
        behind = [text for use in positionals for text in _texts(use)]
        if level.command:
            behind.append(Token(level.command))
        elif level is levels[-1]:
            behind.extend(extra)
            extra = []
        tokens.extend(_ended(level, options, bool(positionals), behind))
    return [*tokens, *extra]


def _ended(
    level: Level, options: list[Occurrence], positionals: bool, behind: list[Token]
) -> Iterator[Token]:
    """What stands behind the options, with ``--`` before it where that is needed."""
    if not behind:
        return
    is_open = bool(options) and options[-1].argument.nargs == "?"
    still_open = is_open and not options[-1].texts
    odd = behind[0].text[:1] in prefixes(level.parser) and bool(level.command)
    if positionals or still_open or odd:
        yield Token(_END)
    yield from behind


def _texts(use: Occurrence) -> list[Token]:
    return [Token(t, t if use.argument.secret else "") for t in use.texts]


def _option_tokens(parser: ParserSpec, use: Occurrence) -> list[Token]:
    option = _option_string(parser, use)
    if len(use.texts) == 1 and len(option) > 2:
        text = use.texts[0]
        return [Token(f"{option}={text}", text if use.argument.secret else "")]
    return [Token(option), *_texts(use)]


def _option_string(parser: ParserSpec, use: Occurrence) -> str:
    """The option to write: a long one, of those that no later parameter has taken."""
    argument = use.argument
    off = argument.off_strings
    own = off if use.negated else [o for o in argument.option_strings if o not in off]
    owners = {o: a.id for a in parser.arguments for o in a.option_strings}
    free = [option for option in own if owners[option] == argument.id] or list(own)
    return next((option for option in free if len(option) > 2), free[0])


def _check(
    levels: Sequence[Level], uses: Sequence[list[Occurrence]], argv: list[str]
) -> None:
    """Read the command line back.

    Raises:
        ValuesError: it does not say what was meant.
    """
    parsers = [level.parser for level in levels]
    commands = [level.command for level in levels if level.command]
    try:
        levels_read = read(parsers, commands, argv)
    except Refused as refused:
        raise _error({"": f"click would refuse it: {refused}"}) from refused
    for level, given, found in zip(levels, uses, levels_read, strict=True):
        wanted = _by_argument(given)
        for identity in {**wanted, **found}:
            if wanted.get(identity) != found.get(identity):
                raise _error({level.prefix + identity: _INEXPRESSIBLE})


def _by_argument(
    uses: list[Occurrence],
) -> dict[str, list[tuple[tuple[str, ...], bool]]]:
    by_id: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for use in uses:
        if use.texts or not use.argument.is_positional:
            by_id.setdefault(use.argument.id, []).append((use.texts, use.negated))
    return by_id


_INEXPRESSIBLE = (
    "This value cannot be given to this module on a command line together with the "
    "others."
)


def _error(fields: dict[str, str]) -> ValuesError:
    if len(fields) == 1:
        name, sentence = next(iter(fields.items()))
        return ValuesError(f"{name}: {sentence}" if name else sentence, fields)
    names = ", ".join(name for name in fields if name)
    return ValuesError(f"{len(fields)} values are wrong: {names}.", fields)
