"""What a terminal would show of a line."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdash_widgets.core.follow.ansi import shown
from opsdash_widgets.core.follow.line import drawn
from opsdash_widgets.core.redaction import MASK, PemState, Redactor


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("plain\r", "plain"),
        ("10%\r20%", "20%"),
        ("long text\rXY", "XYng text"),
        ("long text\r\x1b[KXY", "XY"),
        ("\x1b[2K\rdone", "done"),
        ("ab\x08c", "ac"),
        ("abc\x1b[2Dx", "axc"),
        ("abc\x1b[1Gx", "xbc"),
        ("a\x1b[3Cb", "a   b"),
        ("a\tb", "a\tb"),
        ("a\x1b]0;title\x07b", "ab"),
        ("a\x1b[?25lb\x1b[1Ac", "abc"),
        ("unfinished\x1b[3", "unfinished"),
    ],
)
def test_the_text_is_what_a_terminal_shows(raw: str, text: str) -> None:
    assert shown(raw)[0] == text


@pytest.mark.parametrize(
    ("raw", "styles"),
    [
        ("\x1b[31mred\x1b[0m no", ((0, 3, "red"),)),
        ("a\x1b[1;31mb\x1b[22mc", ((1, 2, "red bold"), (2, 3, "red"))),
        ("\x1b[38;5;196mx", ((0, 1, "bright-red"),)),
        ("\x1b[38;2;0;200;0mx", ((0, 1, "green"),)),
        ("\x1b[38:5:4mx", ((0, 1, "blue"),)),
        ("\x1b[97;41mx\x1b[39;49my", ((0, 1, "bright-white bg-red"),)),
        ("\x1b[4mx\x1b[my", ((0, 1, "underline"),)),
        ("old\r\x1b[32mnew", ((0, 3, "green"),)),
        ("\x1b[38mx", ()),
    ],
)
def test_colours_become_names(raw: str, styles: tuple[object, ...]) -> None:
    assert shown(raw)[1] == styles


def test_styles_follow_the_text_where_a_secret_was_masked() -> None:
    raw = b"\x1b[32mok\x1b[0m password=hunter2hunter2 \x1b[31mend\x1b[0m"
    text, styles, cut = drawn(raw, Redactor(), PemState())
    assert text == f"ok password={MASK} end"
    assert [(text[low:high], name) for low, high, name in styles] == [
        ("ok", "green"),
        ("end", "red"),
    ]
    assert not cut


def test_styles_end_at_the_cut() -> None:
    text, styles, cut = drawn(b"\x1b[31m" + b"x" * 50, Redactor(), PemState(), cap=10)
    assert (text, styles, cut) == ("x" * 10, ((0, 10, "red"),), True)


@given(st.text(st.sampled_from("ab \x1b[;0123m\r\x08KGC\x9b]\x07")))
def test_styles_always_lie_within_the_text(raw: str) -> None:
    text, styles = shown(raw)
    assert "\x1b" not in text
    assert all(0 <= low < high <= len(text) for low, high, _ in styles)
    assert all(left[1] <= right[0] for left, right in pairwise(styles))
