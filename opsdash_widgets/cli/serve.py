"""``opsdash serve``: the panel as a web page, for this machine alone."""

from __future__ import annotations

import argparse


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "serve the panel on 127.0.0.1 and print its URL"
    parser = subparsers.add_parser("serve", help=words, description=words.capitalize())
    parser.add_argument(
        "--port", type=_port, help="the port (default: 8866, or the next free one)"
    )
    parser.add_argument(
        "--open", action="store_true", help="open the page in the browser"
    )
    parser.add_argument(
        "--theme",
        choices=("auto", "light", "dark"),
        default="auto",
        help="auto follows the visitor's system (default)",
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    from ..server import serve
    from .session import project_folder

    return serve(
        port=args.port,
        open_browser=args.open,
        theme=args.theme,
        project=project_folder(args),
    )


def _port(text: str) -> int:
    if text.isdecimal() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(
        "a port is a number up to 65535; 0 takes a free one"
    )
