"""``opsdash settings``: the settings in force, and what each is for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..core.settings import Settings


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "show the settings in force"
    parser = subparsers.add_parser(
        "settings", help=words, description=words.capitalize()
    )
    parser.add_argument("--json", action="store_true", help="as a JSON object")
    return parser


def run(args: argparse.Namespace) -> int:
    """Show every setting with its value."""
    from ..core.settings import FILE_NAME, SETTINGS, load_settings
    from .session import project_folder
    from .terminal import emit_json, write_table

    settings = load_settings(project_folder(args))
    if args.json:
        emit_json(_values(settings))
        return 0
    files = (settings.project / FILE_NAME, settings.home / FILE_NAME)
    print(" over ".join(map(_named, files)) + "\n")
    values = _values(settings)
    rows = [(one.name, _shown(values[one.name]), one.help) for one in SETTINGS]
    write_table(("SETTING", "VALUE", "WHAT IT IS FOR"), rows)
    print("\n" + _validation(settings))
    return 0


def _validation(settings: Settings) -> str:
    """Whether the parsers of modules are asked before a launch, one sentence."""
    from ..core.discovery import validation_off

    if not settings.validate_before_launch:
        return "Parsers are not asked before a launch: it is switched off."
    on = "Parsers are asked before a launch: this machine has a throw-away file system."
    return validation_off() or on


def _values(settings: Settings) -> dict[str, Any]:
    import msgspec

    return {
        name: str(value) if isinstance(value, Path) else value
        for name, value in msgspec.structs.asdict(settings).items()
    }


def _named(file: Path) -> str:
    return str(file) if file.is_file() else f"{file} (not there)"


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value) or "-"
