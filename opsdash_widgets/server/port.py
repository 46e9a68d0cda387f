"""Finds the port to listen on, and takes it before anything else is started."""

from __future__ import annotations

import errno
import socket

from opsdash_widgets.core.errors import ServeError

ADDRESS = "127.0.0.1"
"""Loopback only: a panel that launches programs is not put on a network."""

DEFAULT_PORT = 8866
TRIES = 50
"""How many ports from the default on are tried when nobody asked for a certain one."""


HIGHEST_PORT = 65_535
BACKLOG = 128
"""Connections that may wait to be accepted; Tornado's own number."""


def listen(port: int | None = None) -> tuple[int, list[socket.socket]]:
    """The port and the sockets that listen on it.

    Args:
        port: the one that was asked for; 0 lets the system choose; without it the
            default, or the next one that is free.

    Raises:
        ServeError: the port cannot be had.
    """
    if port is not None:
        return _take(port)
    for candidate in range(DEFAULT_PORT, DEFAULT_PORT + TRIES):
        try:
            return _take(candidate)
        except ServeError:
            continue
    raise ServeError(
        f"No port from {DEFAULT_PORT} to {DEFAULT_PORT + TRIES - 1} is free.",
        "End a server that you no longer need, or name a port with --port.",
    )


def _take(port: int) -> tuple[int, list[socket.socket]]:
    if not 0 <= port <= HIGHEST_PORT:
        raise ServeError(
            f"{port} is not a port.", f"Choose one from 1 to {HIGHEST_PORT}."
        )
    try:
        listening = socket.create_server((ADDRESS, port), backlog=BACKLOG)
    except OSError as error:
        raise ServeError(
            _why(port, error), "Choose another one with --port."
        ) from error
    listening.setblocking(False)
    return listening.getsockname()[1], [listening]


def _why(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is already in use."
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for the system."
    return f"Port {port} cannot be listened on ({error})."
