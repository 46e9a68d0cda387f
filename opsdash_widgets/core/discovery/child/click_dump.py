"""Turn a click (or typer) command into the same data as an argparse parser."""

from __future__ import annotations

import sys
from typing import Any, Callable

from . import names, plain

_TYPES = {"integer": "int", "float": "float", "text": "", "boolean": "bool"}
_DEPTH = 12
_OWNERS = (
    ("click", ("Command", "MultiCommand", "Group", "BaseCommand")),
    ("typer.core", ("TyperCommand", "TyperGroup")),
)


def install(leave: Callable[[dict[str, Any]], None]) -> None:
    """Make every click command answer with itself instead of running."""

    def told(command: Any, *args: Any, **named: Any) -> None:
        warnings: list[str] = []
        data = command_data(command, warnings)
        leave({"status": "parser", "parser": data, "warnings": warnings})

    for module_name, class_names in _OWNERS:
        try:
            module = __import__(module_name, fromlist=["main"])
        except ImportError:
            continue
        for name in class_names:
            cls = vars(module).get(name)
            if cls is not None and "main" in vars(cls):
                cls.main = told


def command_data(
    command: Any, warnings: list[str], context: Any = None, depth: int = 0
) -> dict[str, Any]:
    """A click command and everything below it."""
    click = sys.modules["click"]
    name = getattr(command, "name", None) or ""
    own = click.Context(command, info_name=name, parent=context)
    parameters = list(command.get_params(own))
    arguments = [_argument(parameter, own) for parameter in parameters]
    taken: dict[str, int] = {}
    for argument in arguments:
        base = argument["id"]
        taken[base] = taken.get(base, 0) + 1
        if taken[base] > 1:
            argument["id"] = f"{base}#{taken[base]}"
    positionals = sum(1 for a in arguments if not a["option_strings"])
    options = [a["id"] for a in arguments if a["option_strings"]]
    groups = [{"title": "options", "arguments": options}] if options else []
    return {
        "prog": plain.text(name),
        "description": plain.text_or_none(command.help),
        "epilog": plain.text_or_none(getattr(command, "epilog", None)),
        "allow_abbrev": False,
        "arguments": arguments,
        "groups": groups,
        "commands": _commands(command, own, positionals, warnings, depth),
    }


def _commands(
    command: Any, context: Any, position: int, warnings: list[str], depth: int
) -> dict[str, Any] | None:
    if not hasattr(command, "list_commands") or depth >= _DEPTH:
        return None
    found = []
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if inner is None:
            warnings.append(f"The command `{name}` cannot be loaded.")
            continue
        found.append(
            {
                "name": plain.text(name),
                "help": plain.text_or_none(inner.get_short_help_str(300)),
                "parser": command_data(inner, warnings, context, depth + 1),
            }
        )
    required = not getattr(command, "invoke_without_command", False)
    return {"commands": found, "required": required, "position": position}


def _argument(parameter: Any, context: Any) -> dict[str, Any]:
    # A name of the function is no option: only an option has option strings.
    is_option = parameter.param_type_name == "option"
    on = [plain.text(o) for o in parameter.opts] if is_option else []
    off = [plain.text(o) for o in parameter.secondary_opts] if is_option else []
    long = [option for option in on if option.startswith("--")]
    dest = plain.text(parameter.name)
    action, nargs = _action(parameter, off)
    default = _default(parameter, context)
    secret = bool(getattr(parameter, "hide_input", False)) or (
        nargs != 0 and any(names.is_secret_name(n) for n in (dest, *on))
    )
    if secret:
        default = None
    return {
        "id": (long or on or [dest])[0],
        "dest": dest,
        "option_strings": on + off,
        "off_strings": off,
        "action": action,
        "action_classes": [names.qualified(type(parameter))],
        "nargs": nargs,
        "default": plain.value(default),
        "default_repr": plain.representation(default),
        "required": bool(parameter.required),
        "help": plain.text_or_none(getattr(parameter, "help", None)),
        "metavar": plain.text_or_none(parameter.metavar),
        "hidden": bool(getattr(parameter, "hidden", False)),
        "deprecated": bool(getattr(parameter, "deprecated", False)),
        "secret": secret,
        **_type(parameter.type),
    }


def _action(parameter: Any, off: list[str]) -> Any:
    """The argparse action of the same command line, and its nargs."""
    if getattr(parameter, "count", False):
        return "count", 0
    if getattr(parameter, "is_flag", False):
        if "--help" in parameter.opts and not parameter.expose_value:
            return "help", 0
        if "--version" in parameter.opts and not parameter.expose_value:
            return "version", 0
        if parameter.multiple:
            return "append_const", 0
        return ("boolean_optional" if off else "store_true"), 0
    if getattr(parameter, "multiple", False):
        return "append", None if parameter.nargs == 1 else parameter.nargs
    if parameter.nargs == -1:
        return "store", "+" if parameter.required else "*"
    if parameter.nargs == 1:
        positional = parameter.param_type_name == "argument"
        return "store", "?" if positional and not parameter.required else None
    return "store", parameter.nargs


def _default(parameter: Any, context: Any) -> Any:
    default = parameter.default
    if callable(default):
        # Calling it may ask somebody, or read a file.
        return None
    # click 8.3 says "nothing was set" by a sentinel of its own.
    return None if type(default).__name__ in ("Sentinel", "_Sentinel") else default


def _type(kind: Any) -> dict[str, Any]:
    name = plain.text(getattr(kind, "name", ""))
    allowed = getattr(kind, "choices", None)
    listed = None
    if allowed is not None:
        listed = [_choice(item) for item in allowed]
    known = _TYPES.get(name)
    bounded = hasattr(kind, "min") and not getattr(kind, "min_open", False)
    if name.endswith(" range"):
        known = _TYPES.get(name[: -len(" range")])
    return {
        "type_name": names.qualified(type(kind)) if known is None else known,
        "type_known": known is not None,
        "choices": listed,
        "minimum": _number(kind.min) if bounded else None,
        "maximum": _number(kind.max) if bounded else None,
    }


def _choice(item: Any) -> dict[str, str]:
    shown = plain.text(getattr(item, "name", item))
    return {"value": shown, "label": shown}


def _number(bound: Any) -> float | None:
    return float(bound) if isinstance(bound, (int, float)) else None
