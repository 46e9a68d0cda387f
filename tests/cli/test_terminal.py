"""What reaches the terminal: aligned, cut to the line, and safe."""

from __future__ import annotations

import sys

import pytest

from opsdash_widgets.cli import terminal, times

Captured = pytest.CaptureFixture[str]


def make_narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have stdout be a terminal of 40 columns without colours."""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)


ROWS = [
    ("20250101T000000000-abcdef", "running", "a long explanation of it all"),
    ("20250101T000000000-abcdee", "failed", "short"),
]


def test_columns_are_aligned(capsys: Captured) -> None:
    terminal.write_table(("RUN", "STATE", "WHY"), ROWS)
    lines = capsys.readouterr().out.splitlines()
    assert {line.index(word) for line, word in zip(lines, STATES, strict=True)} == {27}
    assert lines[1].endswith("a long explanation of it all")


STATES = ("STATE", "running", "failed")


def test_on_a_terminal_the_last_columns_are_cut_and_the_first_never(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    make_narrow(monkeypatch)
    terminal.write_table(("RUN", "STATE", "WHY"), ROWS)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith(ROWS[0][0])
    assert lines[1].endswith("…")


def test_a_table_is_made_to_fit_the_line(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    make_narrow(monkeypatch)
    rows = [("a", "b" * 100, "c" * 50)]
    terminal.write_table(("ONE", "TWO", "THREE"), rows)
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 40


def test_wide_letters_take_two_columns(capsys: Captured) -> None:
    rows = [("日本", "x"), ("e\u0301a", "x"), ("abcd", "x")]
    terminal.write_table(("NAME", "X"), rows)
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.index("x") for line in lines] == [4, 7, 6]


def test_cells_cannot_break_the_table_or_the_terminal(capsys: Captured) -> None:
    terminal.write_table(("A", "B"), [("one\ntwo", "\x1b]52;c;aGk=\x07\x1b[31mred")])
    assert capsys.readouterr().out.splitlines()[1] == "one two  red"


def test_a_sentence_on_stderr_is_safe(capsys: Captured) -> None:
    terminal.tell("\x1b[2Jpassword=hunter2hunter2")
    told = capsys.readouterr().err
    assert "\x1b" not in told
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("environment", "is_terminal", "shown"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    environment: dict[str, str],
    is_terminal: bool,
    shown: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    assert ("\x1b[" in terminal.coloured("failed", "failed")) is shown


def test_without_a_terminal_nothing_is_confirmed(capsys: Captured) -> None:
    assert not terminal.confirm("Launch it?")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (4.21, "4.2 s"), (42, "0:42"), (124, "2:04"), (3729, "1:02:09")],
)
def test_durations_have_units(seconds: float | None, words: str) -> None:
    assert times.duration(seconds) == words


@pytest.mark.parametrize(
    ("past", "words"), [(3, "3 s ago"), (125, "2 m ago"), (7300, "2 h ago")]
)
def test_times_are_told_from_now(past: float, words: str) -> None:
    assert times.ago(1000.0, now=1000.0 + past) == words


def test_long_past_times_are_dates() -> None:
    assert times.ago(0.0, now=10e8).startswith("19")
    assert times.exact(0.0)[:2] == "19"
    assert times.ago(None) == times.exact(None) == ""
