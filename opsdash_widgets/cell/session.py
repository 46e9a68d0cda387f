"""The one service of this kernel."""

from __future__ import annotations

import threading

from ..core.service import Service, open_service

_guard = threading.Lock()
_open: list[Service] = []


def service() -> Service:
    """The service that this kernel's cells and panels share, opened on first use.

    Raises:
        OpsdashError: the home folder, the settings or the registry cannot be used.
    """
    with _guard:
        if not _open:
            _open.append(open_service())
        return _open[0]
