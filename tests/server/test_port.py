"""The port: taken first, and refused in one sentence."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from opsdash_widgets.core.errors import ServeError
from opsdash_widgets.server import port as port_module
from opsdash_widgets.server.port import listen
from tests.serving import free_port


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        yield one.getsockname()[1]


def close(sockets: list[socket.socket]) -> None:
    for one in sockets:
        one.close()


def test_it_listens_on_loopback_only() -> None:
    port, sockets = listen(0)
    assert [one.getsockname() for one in sockets] == [("127.0.0.1", port)]
    close(sockets)


def test_a_port_that_was_asked_for_and_is_in_use_is_refused_in_a_sentence(
    taken: int,
) -> None:
    with pytest.raises(ServeError) as caught:
        listen(taken)
    assert str(caught.value) == (
        f"Port {taken} is already in use. Choose another one with --port."
    )


def test_the_default_port_gives_way_to_the_next_one_that_is_free(
    taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(port_module, "DEFAULT_PORT", taken)
    port, sockets = listen()
    assert taken < port < taken + port_module.TRIES
    close(sockets)


def test_no_free_port_at_all_is_said(
    taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(port_module, "DEFAULT_PORT", taken)
    monkeypatch.setattr(port_module, "TRIES", 1)
    with pytest.raises(ServeError, match="No port from"):
        listen()


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(ServeError, match=f"{port} is not a port"):
        listen(port)


def test_a_free_port_is_taken_as_asked() -> None:
    wanted = free_port()
    port, sockets = listen(wanted)
    assert port == wanted
    close(sockets)
