"""How a click command's options are grouped: by typer, click-option-group, cloup.

click itself has no groups: its options stand under "Options".
"""

from __future__ import annotations

from typing import Any, Sequence, Tuple

from . import plain

Ids = Sequence[Tuple[Any, str]]


def groups(command: Any, context: Any, ids: Ids) -> list[dict[str, Any]]:
    """Titled groups in the order in which they first appear; each id in one."""
    titles: dict[str, dict[str, Any]] = {}
    of_command = _of_command(command)
    for parameter, identity in ids:
        is_option = parameter.param_type_name == "option"
        title, description = of_command.get(id(parameter)) or _of_parameter(parameter)
        if not title:
            title = "options" if is_option else "positional arguments"
        group = titles.setdefault(
            title, {"title": title, "description": description, "arguments": []}
        )
        group["arguments"].append(identity)
    return list(titles.values())


def exclusive(ids: Ids) -> list[dict[str, Any]]:
    """The mutually exclusive groups of the package click-option-group."""
    found: dict[int, dict[str, Any]] = {}
    for parameter, identity in ids:
        group = getattr(parameter, "group", None)
        name = type(group).__name__
        if not name.endswith("MutuallyExclusiveOptionGroup"):
            continue
        row = {"arguments": [], "required": name.startswith("Required")}
        found.setdefault(id(group), row)["arguments"].append(identity)
    return list(found.values())


def _of_parameter(parameter: Any) -> tuple[str, str | None]:
    panel = getattr(parameter, "rich_help_panel", None)
    if isinstance(panel, str):
        return plain.text(panel), None
    group = getattr(parameter, "group", None)
    name = getattr(group, "name", None) or getattr(group, "title", None)
    if isinstance(name, str):
        return plain.text(name), plain.text_or_none(getattr(group, "help", None))
    return "", None


def _of_command(command: Any) -> dict[int, tuple[str, str | None]]:
    """Cloup's groups: the command lists them."""
    found: dict[int, tuple[str, str | None]] = {}
    for group in getattr(command, "option_groups", None) or ():
        title = getattr(group, "title", None)
        for parameter in getattr(group, "options", None) or ():
            if isinstance(title, str):
                found[id(parameter)] = (plain.text(title), None)
    return found
