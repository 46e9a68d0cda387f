"""``opsdash modules``: what can be run, found without importing anything."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..core.model import ModuleListing


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "list the modules of the configured packages"
    parser = subparsers.add_parser(
        "modules", help=words, description=words.capitalize()
    )
    parser.add_argument(
        "packages", metavar="PACKAGE", nargs="*", help="look in these packages instead"
    )
    parser.add_argument(
        "-a", "--all", action="store_true", help="also what cannot be run"
    )
    parser.add_argument("--json", action="store_true", help="as a JSON list")
    return parser


def run(args: argparse.Namespace) -> int:
    """List the modules."""
    from ..core.model import Kind
    from .session import opened_service
    from .terminal import emit_json, write_table

    with opened_service(args) as service:
        found = service.modules(tuple(args.packages) or None)
        packages = tuple(args.packages) or service.packages()
    if not args.all:
        found = [one for one in found if one.kind is not Kind.NOT_RUNNABLE]
    if args.json:
        emit_json([_as_json(one) for one in found])
    elif found:
        rows = [(one.name, str(one.kind), one.error or one.title) for one in found]
        write_table(("MODULE", "TAKES", "WHAT IT DOES"), rows)
    else:
        print(f"There are no modules to run in {', '.join(packages)}.")
    return 0


def _as_json(one: ModuleListing) -> dict[str, Any]:
    return {
        "module": one.name,
        "package": one.package,
        "title": one.title,
        "kind": str(one.kind),
        "path": one.path,
        "mtime": one.mtime_ns / 1e9,
        "error": one.error,
    }
