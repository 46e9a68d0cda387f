"""Turn a click (or typer) command into the same data as an argparse parser."""

from __future__ import annotations

import sys
from typing import Any

from . import click_groups, click_types, names, plain, reading

_DEPTH = 12
_UNSET = ("Sentinel", "_Sentinel")


def kind_of(command: Any) -> str:
    """Whether a command is typer's or click's."""
    names_of = {cls.__module__ for cls in type(command).__mro__}
    # The first versions of typer made commands of click's own classes.
    made_by = getattr(command.callback, "__globals__", {}).get("__name__", "")
    roots = {name.partition(".")[0] for name in (*names_of, str(made_by))}
    return reading.TYPER if "typer" in roots else reading.CLICK


def command_data(
    command: Any,
    warnings: list[str],
    parent: Any = None,
    depth: int = 0,
    extra: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A click command and everything below it.

    Args:
        command: the command.
        warnings: gets a sentence for whatever the data cannot say.
        parent: the context of the command above.
        depth: how many commands stand above it.
        extra: what the command's context is given besides its own settings.
    """
    name = getattr(command, "name", None) or ""
    context = _context(command, name, parent, dict(extra or {}))
    parameters = list(command.get_params(context))
    arguments = [_argument(parameter, context) for parameter in parameters]
    _make_unique(arguments)
    positionals = sum(1 for a in arguments if not a["option_strings"])
    ids = [(p, a["id"]) for p, a in zip(parameters, arguments)]
    return {
        "prog": plain.text(name),
        "description": _help(command.help),
        "epilog": _help(getattr(command, "epilog", None)),
        "allow_abbrev": False,
        "interspersed": bool(context.allow_interspersed_args),
        "bare_is_help": bool(getattr(command, "no_args_is_help", False)),
        "arguments": arguments,
        "groups": click_groups.groups(command, context, ids),
        "exclusive_groups": click_groups.exclusive(ids),
        "commands": _commands(command, context, positionals, warnings, depth),
    }


def _context(command: Any, name: str, parent: Any, extra: dict[str, Any]) -> Any:
    """The context that the command would be given; nothing is parsed."""
    for key, value in (getattr(command, "context_settings", None) or {}).items():
        extra.setdefault(key, value)
    cls = getattr(command, "context_class", None)
    if cls is None:  # click 7
        core = next(c.__module__ for c in reversed(type(command).__mro__[:-1]))
        cls = sys.modules[core].Context
    return cls(command, info_name=name, parent=parent, **extra)


def _make_unique(arguments: list[dict[str, Any]]) -> None:
    taken: dict[str, int] = {}
    for argument in arguments:
        base = argument["id"]
        taken[base] = taken.get(base, 0) + 1
        if taken[base] > 1:
            argument["id"] = f"{base}#{taken[base]}"


def _commands(
    command: Any, context: Any, position: int, warnings: list[str], depth: int
) -> dict[str, Any] | None:
    if not hasattr(command, "list_commands"):
        return None
    if depth >= _DEPTH:
        warnings.append(f"Subcommands below the {depth}th level are left out.")
        return None
    chained = bool(getattr(command, "chain", False))
    below = {"allow_extra_args": True, "allow_interspersed_args": False}
    found: dict[int, dict[str, Any]] = {}
    for name, inner in _loaded(command, context, warnings):
        known = found.get(id(inner))
        if known is not None:
            _add_name(known, name, inner)
            continue
        try:
            extra = dict(below) if chained else None
            parser = command_data(inner, warnings, context, depth + 1, extra)
        except Exception:
            warnings.append(f"The command `{name}` cannot be read.")
            continue
        found[id(inner)] = {
            "name": name,
            "aliases": [],
            "help": _short_help(inner),
            "hidden": bool(getattr(inner, "hidden", False)),
            "deprecated": bool(getattr(inner, "deprecated", False)),
            "parser": parser,
        }
    if chained and found:
        warnings.append(
            "Its commands can be chained: the form gives one; write those that follow "
            "it as extra arguments."
        )
    bare = ("invoke_without_command", "default_if_no_args")
    return {
        "commands": list(found.values()),
        "required": not any(getattr(command, name, False) for name in bare),
        "position": position,
        "chained": chained,
    }


def _loaded(command: Any, context: Any, warnings: list[str]) -> list[tuple[str, Any]]:
    """The commands of a group; one that cannot be imported is left out, and named."""
    found = []
    try:
        listed = list(command.list_commands(context))
    except (Exception, SystemExit):
        warnings.append("Its commands cannot be listed.")
        return []
    for name in listed:
        try:
            inner = command.get_command(context, name)
        except (Exception, SystemExit):
            inner = None
        if inner is None:
            warnings.append(f"The command `{plain.text(name)}` cannot be loaded.")
        else:
            found.append((plain.text(name), inner))
    return found


def _add_name(known: dict[str, Any], name: str, inner: Any) -> None:
    """One command under two names: its own stands first."""
    if name == plain.text(inner.name) and known["name"] != name:
        known["name"], name = name, known["name"]
    known["aliases"].append(name)


def _short_help(command: Any) -> str | None:
    try:
        return plain.text(command.get_short_help_str(300)) or None
    except Exception:
        return _help(getattr(command, "help", None))


def _help(text: Any) -> str | None:
    """A help text without the marks that click takes out: a form feed ends it."""
    if text is None:
        return None
    shown = plain.text(text).partition("\f")[0].rstrip()
    return "\n".join(line for line in shown.split("\n") if line.strip() != "\b")


def _argument(parameter: Any, context: Any) -> dict[str, Any]:
    # A name of the function is no option: only an option has option strings.
    is_option = parameter.param_type_name == "option"
    on = [plain.text(o) for o in parameter.opts] if is_option else []
    off = [plain.text(o) for o in parameter.secondary_opts] if is_option else []
    action, nargs = _action(parameter, on, off)
    if action == "help":  # click keeps them in a set: in another order each time
        on = [name for name in context.help_option_names if name in on] or on
    dest = plain.text(parameter.name)
    default = click_types.choice_text(parameter, _default(parameter, context))
    const = False if action == "store_false" else _const(parameter)
    secret = bool(getattr(parameter, "hide_input", False)) or (
        nargs != 0 and any(names.is_secret_name(n) for n in (dest, *on))
    )
    shown = plain.representation(default)
    if secret and default is not None:
        default, shown = None, "(set, not shown)"
    return {
        "id": _identity(on or off, dest),
        "dest": dest,
        "option_strings": on + off,
        "off_strings": off if action == "boolean_optional" else [],
        "action": action,
        "action_classes": [names.qualified(type(parameter))],
        "nargs": nargs,
        "const": plain.value(click_types.choice_text(parameter, const)),
        "const_repr": plain.representation(const),
        "default": plain.value(default),
        "default_repr": shown,
        "required": bool(parameter.required),
        "help": _help(getattr(parameter, "help", None)),
        "metavar": plain.text_or_none(parameter.metavar),
        "hidden": bool(getattr(parameter, "hidden", False)),
        "deprecated": bool(getattr(parameter, "deprecated", False)),
        "secret": secret,
        "variables": _variables(parameter, context),
        "prompt": _prompt(parameter),
        **click_types.described(parameter),
    }


def _identity(options: list[str], dest: str) -> str:
    long = [option for option in options if option.startswith("--")]
    return (long or options or [dest])[0]


def _action(parameter: Any, on: list[str], off: list[str]) -> Any:
    """The argparse action of the same command line, and its nargs."""
    if getattr(parameter, "count", False):
        return "count", 0
    if getattr(parameter, "is_flag", False):
        return _flag_action(parameter, on, off), 0
    if getattr(parameter, "_flag_needs_value", False) and parameter.nargs == 1:
        return ("append" if parameter.multiple else "store"), "?"
    if getattr(parameter, "multiple", False):
        return "append", None if parameter.nargs == 1 else parameter.nargs
    if parameter.nargs == -1:
        return "store", "+" if parameter.required else "*"
    if parameter.nargs == 1:
        positional = parameter.param_type_name == "argument"
        return "store", "?" if positional and not parameter.required else None
    return "store", parameter.nargs


def _flag_action(parameter: Any, on: list[str], off: list[str]) -> str:
    if parameter.is_eager and not parameter.expose_value:
        for word in ("help", "version"):
            if parameter.name == word or "--" + word in on:
                return word
    if parameter.multiple:
        return "append_const"
    if off:
        return "boolean_optional" if on else "store_false"
    const = _const(parameter)
    if isinstance(const, bool):
        return "store_true" if const else "store_false"
    return "store_const"


def _const(parameter: Any) -> Any:
    """What a flag, or an optional-value option without its value, stands for."""
    for name in ("flag_activation_value", "_depr_flag_value", "flag_value"):
        if hasattr(parameter, name):
            const = getattr(parameter, name)
            if _is_unset(const):
                const = True if getattr(parameter, "is_flag", False) else None
            return const
    return None


def _default(parameter: Any, context: Any) -> Any:
    """The default, also that of a default map; one that must be called is not."""
    default = parameter.default
    if not callable(default):
        try:
            # Before 8.0.2 a default was converted here: a converter may do anything.
            parameter.type_cast_value = lambda context, value: value
            default = parameter.get_default(context, call=False)
        except Exception:  # click 7 has no `call`; a subclass may do anything
            default = parameter.default
    if _is_unset(default) or isinstance(default, type(NotImplemented)):
        return None
    return default


def _is_unset(value: Any) -> bool:
    """Click 8.3 says "nothing was set" by a sentinel of its own."""
    return type(value).__name__ in _UNSET


def _variables(parameter: Any, context: Any) -> list[str]:
    named = getattr(parameter, "envvar", None)
    found = [named] if isinstance(named, str) else list(named or ())
    prefix = getattr(context, "auto_envvar_prefix", None)
    if prefix and getattr(parameter, "allow_from_autoenv", False) and parameter.name:
        found.append(f"{prefix}_{parameter.name.upper()}")
    return [plain.text(name) for name in found]


def _prompt(parameter: Any) -> str:
    prompt = getattr(parameter, "prompt", None)
    return plain.text(prompt) if prompt else ""
