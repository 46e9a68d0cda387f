"""Serves the panel as a web page of its own (Voila), for colleagues who do not code."""

from __future__ import annotations

from pathlib import Path

__all__ = ["serve"]


def serve(
    *,
    port: int | None = None,
    open_browser: bool = False,
    theme: str = "auto",
    project: Path | None = None,
) -> int:
    """Serve the panel on 127.0.0.1 until Ctrl-C or SIGTERM, and print its URL.

    Runs that were started from the panel go on after the server has ended.

    Args:
        port: the port to listen on; without it 8866, or the next one that is free.
        open_browser: whether to open the URL in the user's browser.
        theme: ``light``, ``dark``, or ``auto``, which follows the visitor's system.
        project: the folder that modules are found and run in; without it the one of
            the nearest ``opsdash.toml``, else the current folder.

    Returns:
        The exit code: 0 when the server was asked to end.

    Raises:
        ServeError: the port is in use or not allowed, or a part is not built.
        SettingsError: a settings file is wrong.
    """
    from .run import run  # Voila takes a second to import: only who serves waits

    return run(port=port, open_browser=open_browser, theme=theme, project=project)
