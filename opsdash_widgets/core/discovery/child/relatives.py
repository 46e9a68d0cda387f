"""What the parsers of configargparse and jsonargparse know beyond argparse.

Both derive from argparse and are read like it. Their options may also come from the
environment and from files of settings, so that a required one need not be given; and
jsonargparse lifts ``required`` from its actions while it parses.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from . import plain

_LIFTED = "_suppressed_required_actions"


def further(parser: argparse.ArgumentParser, action: argparse.Action) -> dict[str, Any]:
    """What to add to the data of an action; nothing where the parser is argparse's."""
    roots = {cls.__module__.partition(".")[0] for cls in type(parser).__mro__}
    data: dict[str, Any] = {}
    if "configargparse" in roots and action.option_strings:
        data["elsewhere"] = _reads_files(parser)
        variable = getattr(action, "env_var", None)
        data["variables"] = [plain.text(variable)] if variable else []
    if "jsonargparse" in roots:
        _restore_required()
        data["elsewhere"] = _reads_configs(parser)
        data["required"] = _is_required(parser, action)
        hint = getattr(action, "_typehint", None)
        if hint is not None:
            data["annotation"] = _annotation(hint)
    return data


def _reads_files(parser: Any) -> bool:
    named = getattr(parser, "_default_config_files", None)
    return bool(named) or any(
        getattr(action, "is_config_file_arg", False) for action in parser._actions
    )


def _reads_configs(parser: Any) -> bool:
    if getattr(parser, "default_config_files", None):
        return True
    kinds = {type(action).__name__ for action in parser._actions}
    return "ActionConfigFile" in kinds


def _restore_required() -> None:
    """Take back what jsonargparse lifts while it parses, also from the subcommands."""
    lifted = getattr(sys.modules.get("jsonargparse._required"), _LIFTED, None)
    for action in lifted.get() if lifted is not None else ():
        action.required = True


def _is_required(parser: Any, action: Any) -> bool:
    keys = getattr(parser, "required_args", ())  # where an older one keeps them
    return bool(action.required) or action.dest in keys


def _annotation(hint: Any) -> str:
    name = hint.__name__ if isinstance(hint, type) else str(hint)
    return plain.text(name).replace("typing.", "")
