"""``opsdash argv MODULE``: the arguments that its form would give for some values."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .spec import add_interpreter_options

if TYPE_CHECKING:
    from ..core.model import FormValues
    from ..core.service import Service

_KEYS = {"values", "command", "name"}


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "print the arguments that the form would give, as a JSON list"
    parser = subparsers.add_parser("argv", help=words, description=words.capitalize())
    parser.add_argument("module", metavar="MODULE", help="as after python -m")
    parser.add_argument(
        "--values",
        metavar="FILE",
        required=True,
        help='JSON: {"values": {ID: VALUE}, "command": {"name": …}}; - reads stdin',
    )
    parser.add_argument(
        "--validate",
        action="store_true",
        help="let the module's own parser try them as well, in a sandbox",
    )
    add_interpreter_options(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Turn the values into arguments, checked by the module's own spec."""
    from ..core.command import build
    from .session import opened_service

    values = read_values(args.values)
    with opened_service(args) as service:
        spec = service.module_spec(
            args.module, environment=args.env, interpreter=args.python
        )
        line = build(spec, values)
        if args.validate:
            _validate(service, args, values)
    sys.stdout.write(_as_json(list(line.argv)) + "\n")
    return 0


def _as_json(argv: list[str]) -> str:
    """The arguments in characters that the terminal can show, all of them else."""
    text = json.dumps(argv, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return json.dumps(argv)
    return text


def _validate(service: Service, args: argparse.Namespace, values: FormValues) -> None:
    """Ask the parser; tell what is not known.

    Raises:
        ValuesError: it refuses the arguments.
    """
    from ..core.model import LaunchRequest
    from .terminal import tell

    verdict = service.validate(
        LaunchRequest(
            module=args.module,
            values=values,
            environment=args.env,
            interpreter=args.python,
        )
    )
    verdict.check(args.module)
    if verdict.message:
        tell(verdict.message)


def read_values(name: str) -> FormValues:
    """The form values of a file, or of stdin where its name is ``-``.

    Raises:
        ValuesError: it holds none.
    """
    import msgspec

    from ..core.errors import ValuesError
    from ..core.model import FormValues

    content = read_content(name)
    try:
        # The standard library's takes half characters: bytes that are no UTF-8.
        raw = json.loads(content)
        _check_keys(raw)
        return msgspec.convert(raw, FormValues)
    except (msgspec.MsgspecError, ValueError) as error:
        message = f"{_title(name)} holds no values for a form: {error}."
        raise ValuesError(message, {}) from error


def read_content(name: str) -> bytes:
    """The bytes of a file, or of stdin where its name is ``-``.

    Raises:
        ValuesError: it cannot be read.
    """
    from ..core.errors import ValuesError

    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ValuesError(f"{name} cannot be read ({reason}).", {}) from error


def _check_keys(raw: Any) -> None:
    """Refuse keys that would be left out without a word.

    Raises:
        ValueError: there is one; the text continues a sentence.
    """
    unknown = sorted(set(raw) - _KEYS) if isinstance(raw, dict) else []
    if unknown:
        raise ValueError(
            f'{unknown[0]!r} is none of "values", "command" and "name" '
            '(write {"values": {"--option": "value"}})'
        )
    if isinstance(raw, dict) and raw.get("command") is not None:
        _check_keys(raw["command"])


def _title(name: str) -> str:
    return "Standard input" if name == "-" else name
