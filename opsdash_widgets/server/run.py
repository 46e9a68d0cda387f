"""What ``opsdash serve`` does, from the port to the last line it prints."""

from __future__ import annotations

import secrets
import sys
import threading
import webbrowser
from pathlib import Path

from opsdash_widgets.core.errors import ServeError
from opsdash_widgets.core.settings import load_settings

from .app import STATIC, PanelApp
from .page import THEMES
from .port import ADDRESS, listen

TOKEN_BYTES = 24


def run(
    *, port: int | None, open_browser: bool, theme: str, project: Path | None
) -> int:
    """Serve the panel; see ``opsdash_widgets.server.serve``."""
    _check(theme, project)
    settings = load_settings(project)
    port, sockets = listen(port)
    token = secrets.token_hex(TOKEN_BYTES)
    app = PanelApp.instance(
        project=settings.project,
        title=settings.dashboard_name,
        theme=theme,
        settings_files=(
            settings.home / "opsdash.toml",
            settings.project / "opsdash.toml",
        ),
        sockets=sockets,
        port=port,
        token=token,
    )
    app.initialize([])
    url = f"http://{ADDRESS}:{port}/?token={token}"
    app.start(lambda: _say(url, open_browser=open_browser))
    print("The server has ended; runs go on.", flush=True)  # noqa: T201 # a command's
    return 0


def _check(theme: str, project: Path | None) -> None:
    if theme not in THEMES:
        raise ServeError(
            f"There is no theme {theme!r}.", f"Choose one of {', '.join(THEMES)}."
        )
    if project is not None and not project.is_dir():
        raise ServeError(
            f"There is no folder {project}.", "Name the project's folder, or none."
        )
    if not (STATIC / "page.js").is_file():
        raise ServeError(
            "The page's browser part is not built.",
            "Run `make build` in the project's folder, or install the released wheel.",
        )


def _say(url: str, *, open_browser: bool) -> None:
    """Print the URL, alone on its line so that a script can take it."""
    sys.stdout.write(
        "The panel is at\n"
        f"{url}\n"
        "Only this computer can open it. Ctrl-C ends the server; runs go on.\n"
    )
    sys.stdout.flush()
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
