"""What ``%oprun`` and ``%%oprun`` do; their words are in ``opsdash_widgets.magics``."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from typing import Any, NamedTuple, NoReturn

import msgspec

from ..core.errors import OpsdashError
from ..core.model import LIMITS, Argument, LaunchRequest, ModuleSpec, ParserSpec
from .handle import RunHandle
from .launch import given_limits, launched
from .session import service


class MagicError(OpsdashError):
    """What a magic refuses: IPython shows its sentence and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class _Usage(argparse.ArgumentParser):
    """The magic's own options; a mistake in them is one sentence."""

    def error(self, message: str) -> NoReturn:
        raise MagicError(f"oprun: {message}.", "`%oprun?` tells how it is written.")


class _Asked(NamedTuple):
    """One magic as it was written."""

    options: argparse.Namespace
    module: str
    arguments: tuple[str, ...]


def oprun(line: str, cell: str | None = None) -> RunHandle | None:
    """Launch what a line, or a cell, asks for.

    Raises:
        MagicError: it was not launched; the message says what to do.
    """
    try:
        asked = _asked(line)
        run = launched(_request(asked, cell))
        if asked.options.wait:
            run.wait()
    except MagicError:
        raise
    except OpsdashError as error:
        raise MagicError(error.message, error.next_step, error.details) from None
    if asked.options.as_name:
        _shell().user_ns[asked.options.as_name] = run
    if asked.options.detach:
        print(run)  # noqa: T201 - what a cell shows
        return None
    return run


def cell_arguments(cell: str, spec: ModuleSpec | None) -> list[str]:
    r"""The arguments of a cell with one on each line.

    >>> cell_arguments("# why\n--title two words\n\nfit", None)
    ['--title', 'two words', 'fit']

    Args:
        cell: the lines.
        spec: what the module takes: says which options take several values, or none.

    Raises:
        MagicError: a quote is not closed.
    """
    options = dict(_options(spec.parser)) if spec is not None else {}
    tokens: list[str] = []
    for line in cell.splitlines():
        text = line.strip()
        if text and not text.startswith("#"):
            tokens += _line_arguments(text, options)
    return tokens


def _asked(line: str) -> _Asked:
    words = _split(line)
    own: list[str] = []
    while words and words[0].startswith("-"):
        option = words.pop(0)
        own.append(option)
        if option in _WITH_VALUE and words:
            own.append(words.pop(0))
    options = _usage().parse_args(own)
    if not words:
        raise MagicError(
            "oprun: which module?", "Write `%oprun MODULE ARGUMENTS`; see `%oprun?`."
        )
    return _Asked(options, words[0], tuple(words[1:]))


_LIMITS = {f"--{limit.name.rpartition('_')[0]}-limit": limit.name for limit in LIMITS}
_WITH_VALUE = ("--preset", "--env", "--python", "--requested-by", "--as", *_LIMITS)


def _usage() -> argparse.ArgumentParser:
    usage = _Usage(prog="oprun", add_help=False, allow_abbrev=False)
    for name in _WITH_VALUE:
        dest = "as_name" if name == "--as" else _LIMITS.get(name)
        usage.add_argument(name, default="", dest=dest)
    for name in ("--yes", "--detach", "--wait"):
        usage.add_argument(name, action="store_true")
    return usage


def _request(asked: _Asked, cell: str | None) -> LaunchRequest:
    options = asked.options
    arguments = [*asked.arguments]
    if cell is not None:
        arguments += cell_arguments(_expanded(cell), _spec(asked))
    shared: dict[str, Any] = {
        "environment": options.env,
        "interpreter": options.python,
        "requested_by": options.requested_by,
        "confirmed": options.yes,
    }
    limits = given_limits({name: getattr(options, name) for name in _LIMITS.values()})
    if options.preset:
        presets = service().presets
        preset = presets.load(asked.module, options.preset).preset
        given = presets.request(presets.with_arguments(preset, arguments), **shared)
        return msgspec.structs.replace(given, limits=limits)
    return LaunchRequest(
        module=asked.module, argv=tuple(arguments), limits=limits, **shared
    )


def _spec(asked: _Asked) -> ModuleSpec | None:
    """What the module takes, or ``None`` where it cannot be asked: it may still run."""
    options = asked.options
    try:
        return service().module_spec(
            asked.module, environment=options.env, interpreter=options.python
        )
    except OpsdashError:
        return None


def _options(parser: ParserSpec) -> Iterator[tuple[str, Argument]]:
    """Every option string, of the subcommands too; an outer one goes first."""
    for command in parser.commands.commands if parser.commands else ():
        yield from _options(command.parser)
    for argument in parser.arguments:
        for option in argument.option_strings:
            yield option, argument


def _line_arguments(text: str, options: dict[str, Argument]) -> list[str]:
    head, _, rest = text.partition(" ")
    rest = rest.strip()
    if "=" in head and head.startswith("-"):
        name, _, value = text.partition("=")
        return [f"{name}={_value(value)}"]
    known = options.get(head)
    if known is None and not head.startswith("-"):
        return [_value(text)]
    if not rest:
        return [head]
    if known is not None and _takes_several(known):
        return [head, *_split(rest)]
    value = _value(rest)
    if known is not None and value.startswith("-") and head.startswith("--"):
        return [f"{head}={value}"]
    return [head, value]


def _takes_several(argument: Argument) -> bool:
    return argument.nargs not in (None, "?", 1)


def _value(text: str) -> str:
    """One value as it stands; quotes are taken off where they hold all of it."""
    if text[:1] in ("'", '"'):
        words = _split(text)
        if len(words) == 1:
            return words[0]
    return text


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        raise MagicError(
            f"oprun: a quote is not closed in `{text.strip()}`.", "Close it."
        ) from None


def _expanded(cell: str) -> str:
    """``$name`` and ``{expression}`` in a cell, as IPython has them in a line.

    Line by line, so that one that cannot be expanded stays alone as it is written.
    """
    from IPython.utils.text import DollarFormatter

    names = _shell().user_ns
    formatter = DollarFormatter()

    def expand(line: str) -> str:
        try:
            return str(formatter.vformat(line, args=[], kwargs=names))
        except Exception:  # noqa: BLE001 - an expression may raise anything
            return line

    return "\n".join(expand(line) for line in cell.splitlines())


def _shell() -> Any:
    from IPython import get_ipython

    return get_ipython()
