"""Output on its way to the terminal: whole lines, bytes as they were, no secrets."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdash_widgets.cli.output import Outlet
from opsdash_widgets.core.redaction import MASK, Redactor


class Screen(io.BytesIO):
    """Bytes that were shown, on a terminal or not."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def shown(
    *parts: bytes, terminal: bool = False, colours: bool = False, secrets=()
) -> bytes:
    screen = Screen(terminal=terminal)
    outlet = Outlet(screen, Redactor(secrets), colours=colours)
    for part in parts:
        outlet.write(part)
    outlet.finish()
    return screen.getvalue()


@given(st.lists(st.binary(max_size=50).filter(lambda part: b"\x1b" not in part)))
def test_into_a_pipe_bytes_go_as_they_are_however_they_are_cut(
    parts: list[bytes],
) -> None:
    whole = b"".join(parts)
    assert shown(*parts) == shown(whole)
    if whole.isalpha() or not whole:
        assert shown(whole) == whole


def test_binary_output_is_not_touched() -> None:
    content = bytes(range(256)).replace(b"\x1b", b"") * 10
    assert shown(content) == content


def test_a_secret_is_masked_wherever_it_is_cut() -> None:
    text = b"before\nthe key is s3cr3tvalue, said\r\nafter"
    for at in range(len(text)):
        assert shown(text[:at], text[at:], secrets=["s3cr3tvalue"]) == (
            f"before\nthe key is {MASK}, said\r\nafter".encode()
        )


def test_a_private_key_of_several_lines_is_masked() -> None:
    key = "-----BEGIN PRIVATE KEY-----\nTUlJRXZRSUJBREFO\n-----END PRIVATE KEY-----\n"
    assert b"TUlJ" not in shown(key.encode())


@pytest.mark.parametrize(
    ("colours", "expected"), [(True, b"\x1b[31mred\x1b[0m\n"), (False, b"red\n")]
)
def test_colours_are_kept_or_taken_out(colours: bool, expected: bytes) -> None:
    raw = b"\x1b[31mred\x1b[0m\n"
    assert shown(raw, terminal=True, colours=colours) == expected
    assert shown(raw, colours=colours) == expected


def test_a_terminal_gets_no_other_escapes() -> None:
    raw = b"\x1b]52;c;aGk=\x07\x1b[2J\x1b[1;1Hhi\x08\x9b31m\x1b]0;t\x1b[31mitle\x07!\n"
    out = shown(raw, terminal=True, colours=True)
    assert out.replace(b"\x1b[31m", b"").isascii() or b"\x1b]" not in out
    for code in (b"\x1b]", b"\x1b[2J", b"\x1b[1;1H", b"\x07", b"\x08"):
        assert code not in out


def test_progress_on_a_terminal_is_drawn_over_itself() -> None:
    assert shown(b"\r10%\r20%", b"\r30%\n", terminal=True) == b"\r10%\r20%\r30%\n"


def test_a_line_without_an_end_comes_out_in_the_end() -> None:
    assert shown(b"no end") == b"no end"
    assert shown(b"half\r") == b"half\r"


def test_a_very_long_line_does_not_wait_for_its_end() -> None:
    screen = Screen(terminal=False)
    outlet = Outlet(screen, Redactor(), colours=False)
    for _ in range(40):
        outlet.write(b"x" * 100_000)
    assert len(screen.getvalue()) > 2_000_000
    outlet.finish()
    assert screen.getvalue() == b"x" * 4_000_000
