"""The ``opsdash`` command itself: verbs, errors in words, a reader that leaves."""

from __future__ import annotations

import importlib
import stat
from pathlib import Path

import pytest

from opsdash_widgets._version import __version__
from opsdash_widgets.cli.main import (
    COMMANDS,
    INTERRUPTED,
    PIPE_CLOSED,
    build_parser,
    main,
)
from opsdash_widgets.core.errors import OpsdashError, ValuesError


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Have ``opsdash ps`` end with an error."""

    def run(args: object) -> int:
        raise error

    monkeypatch.setattr(importlib.import_module("opsdash_widgets.cli.ps"), "run", run)


def test_every_verb_describes_itself(capsys: pytest.CaptureFixture[str]) -> None:
    shown = build_parser().format_help()
    for verb in COMMANDS:
        assert f"\n    {verb} " in shown
        with pytest.raises(SystemExit) as left:
            main([verb, "--help"])
        assert left.value.code == 0
        assert f"opsdash {verb}" in capsys.readouterr().out


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"opsdash {__version__}\n"


@pytest.mark.parametrize("words", [[], ["nonsense"], ["ps", "extra"]])
def test_words_that_are_no_command_end_with_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2
    assert "usage: opsdash" in capsys.readouterr().err


def test_an_error_is_one_sentence_and_its_next_step(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, OpsdashError("It broke.", "Mend it.", "deep\nwords"))
    assert main(["ps"]) == 1
    assert capsys.readouterr().err == "opsdash: It broke. Mend it.\n"


def test_the_details_come_with_verbose(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, OpsdashError("It broke.", "", "deep\nwords"))
    assert main(["ps", "--verbose"]) == 1
    assert capsys.readouterr().err == "opsdash: It broke.\ndeep\nwords\n"


def test_every_refused_value_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fields = {"--count": "It must be a number.", "": "One of two is needed."}
    raising(monkeypatch, ValuesError("Two values are wrong.", fields))
    assert main(["ps"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told[1:] == ["  --count: It must be a number.", "  One of two is needed."]


def test_the_unexpected_is_a_sentence_and_the_traceback_a_private_file(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "logs").mkdir()
    raising(monkeypatch, KeyError("EURUSD"))
    assert main(["ps"]) == 1
    told = capsys.readouterr().err
    [path] = (home / "logs").iterdir()
    assert "KeyError: 'EURUSD'" in told
    assert str(path) in told
    assert "Traceback" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_traceback_is_shown_where_it_was_asked_for(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, KeyError("EURUSD"))
    assert main(["ps", "--traceback"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_secrets_in_an_error_are_masked(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, OpsdashError("Refused: password=hunter2hunter2 was wrong."))
    main(["ps"])
    assert "hunter2" not in capsys.readouterr().err


def test_ctrl_c_ends_quietly_with_130(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, KeyboardInterrupt())
    assert main(["ps"]) == INTERRUPTED
    assert capsys.readouterr().err == ""


def test_a_reader_that_leaves_is_no_error(terminal) -> None:
    with terminal.start("modules", "json", "--json") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert process.returncode == PIPE_CLOSED


def test_a_terminal_without_utf_8_is_no_error(terminal) -> None:
    terminal.module("runners.euro", '"""Prices in \u20ac."""\nprint("hello")\n')
    env = {**terminal.env, "PYTHONIOENCODING": "ascii"}
    done = terminal("modules", env=env)
    assert done.returncode == 0
    assert "Prices in ?." in done.stdout


def test_the_module_is_the_command(terminal) -> None:
    assert terminal("--version").stdout == f"opsdash {__version__}\n"
