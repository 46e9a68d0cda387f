"""``opsdash spec MODULE``: what a module takes, from its own parser."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..core.model import Argument, ModuleSpec, ParserSpec


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "show what a module takes"
    parser = subparsers.add_parser("spec", help=words, description=words.capitalize())
    parser.add_argument("module", metavar="MODULE", help="as after python -m")
    parser.add_argument("--json", action="store_true", help="the ModuleSpec as JSON")
    add_interpreter_options(parser)
    return parser


def add_interpreter_options(parser: argparse.ArgumentParser) -> None:
    """The options that say which Python is asked."""
    parser.add_argument(
        "--env", metavar="NAME", default="", help="a named environment (DEV, UAT, …)"
    )
    parser.add_argument(
        "--python", metavar="INTERPRETER", default="", help="another Python"
    )


def run(args: argparse.Namespace) -> int:
    """Probe the module and show its spec."""
    from .session import opened_service
    from .terminal import emit_json, tell

    with opened_service(args) as service:
        spec = service.module_spec(
            args.module, environment=args.env, interpreter=args.python
        )
    if args.json:
        emit_json(_plain(spec))
        return 0
    for warning in spec.warnings:
        tell(warning)
    _write(spec)
    return 0


def _plain(value: Any) -> Any:
    """Builtins of a record with every field: one left out would have to be guessed."""
    import msgspec

    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.asdict(value)
        plain = {name: _plain(field) for name, field in fields.items()}
        return _as_argparse(plain)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value


def _as_argparse(record: dict[str, Any]) -> dict[str, Any]:
    """A record as a reader of argparse expects it: SUPPRESS is its text there."""
    if record.get("default_repr") == repr(_SUPPRESS):
        record["default"] = _SUPPRESS
    if record.get("hidden") and record.get("help_raw", "") is None:
        record["help_raw"] = _SUPPRESS
    return record


def _write(spec: ModuleSpec) -> None:
    from ..core.redaction import safe_text
    from .terminal import heading

    print(heading(safe_text(spec.module)) + safe_text(f"  {spec.title}"))
    if spec.parser.arguments or spec.parser.commands:
        _write_parser(spec.parser, "")
    elif not spec.warnings:  # they tell why nothing is known
        print("It takes no arguments of its own.")


def _write_parser(parser: ParserSpec, path: str) -> None:
    from .terminal import heading, write_table

    rows = [_row(one) for one in parser.arguments if not one.hidden]
    if rows:
        write_table(("ARGUMENT", "TAKES", "DEFAULT", "HELP"), rows)
    for command in parser.commands.commands if parser.commands else ():
        print(heading(f"\n{path}{command.name}") + f"  {command.help or ''}")
        _write_parser(command.parser, f"{path}{command.name} ")


def _row(one: Argument) -> tuple[str, str, str, str]:
    name = ", ".join(one.option_strings) or one.dest
    default = "required" if one.required else one.default_repr
    shown = "" if default in _NO_DEFAULT else default
    return name, _takes(one), shown, one.help or ""


_SUPPRESS = argparse.SUPPRESS
_NO_DEFAULT = ("None", repr(_SUPPRESS))


def _takes(one: Argument) -> str:
    if one.choices is not None:
        return "|".join(choice.value for choice in one.choices)
    if one.action not in ("store", "append", "extend", "custom"):
        return one.action
    many = "" if one.nargs is None else f", {one.nargs} of them"
    return (one.type_name or "text") + many
