"""``opsdash logs RUN``: what was written, and what is being written."""

from __future__ import annotations

import signal

import pytest

from opsdash_widgets.core.redaction import MASK
from tests.punching import cut_out


@pytest.fixture
def ended(terminal) -> str:
    source = (
        "import sys\n"
        "for i in range(5):\n"
        "    print('out', i)\n"
        "    print('err', i, file=sys.stderr)\n"
    )
    terminal.module("runners.five", source)
    run_id = terminal.detached("runners.five")
    terminal.until(run_id, lambda run: run["state"] == "finished")
    return run_id


def lines(stream: str, numbers: range) -> str:
    return "".join(f"{stream} {number}\n" for number in numbers)


def test_the_whole_log_goes_to_stdout_in_order(terminal, ended: str) -> None:
    done = terminal("logs", ended)
    expected = "".join(f"out {i}\nerr {i}\n" for i in range(5))
    assert (done.stdout, done.stderr) == (expected, "")


def test_one_stream_alone(terminal, ended: str) -> None:
    assert terminal("logs", "--stdout", ended).stdout == lines("out", range(5))
    assert terminal("logs", "--stderr", ended).stdout == lines("err", range(5))


def test_the_last_lines(terminal, ended: str) -> None:
    assert terminal("logs", "--tail", "3", ended).stdout == "err 3\nout 4\nerr 4\n"
    assert terminal("logs", "--tail", "0", ended).stdout == ""
    assert terminal("logs", "--tail", "99", ended).stdout.count("\n") == 10


def test_the_last_lines_of_one_stream(terminal, ended: str) -> None:
    done = terminal("logs", "--tail", "2", "--stderr", ended)
    assert done.stdout == lines("err", range(3, 5))


def test_following_ends_with_the_run(terminal) -> None:
    run_id = terminal.detached(
        "runners.echo", "--", "--out", "a", "--count", "5", "--nap", "0.1"
    )
    done = terminal("logs", "-f", run_id)
    assert (done.returncode, done.stdout) == (0, "a\n" * 5)


def test_ctrl_c_ends_the_following_and_not_the_run(terminal) -> None:
    words = ("--out", "a", "--count", "1000", "--nap", "0.1")
    run_id = terminal.detached("runners.echo", "--", *words)
    with terminal.start("logs", "-f", run_id) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "a\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "")
    assert terminal.json("show", run_id, "--json")["state"] == "running"


GAP = "… 36 B and 6 lines cut out here by the log limit …\n"


def test_what_was_cut_out_is_a_line_of_its_own(terminal, home, ended: str) -> None:
    cut_out(home / "logs" / "runs" / ended, 12, 48)
    expected = f"out 0\nerr 0\n{GAP}out 4\nerr 4\n"
    for words in ((), ("-f",), ("--tail", "9")):
        done = terminal("logs", *words, ended)
        assert (done.stdout, done.stderr) == (expected, "")
    assert terminal("logs", "--stdout", ended).stdout == f"out 0\n{GAP}out 4\n"
    assert terminal("logs", "--stderr", ended).stdout == f"err 0\n{GAP}err 4\n"
    assert terminal("logs", "--tail", "2", ended).stdout == "out 4\nerr 4\n"
    assert terminal("logs", "--tail", "3", ended).stdout == f"{GAP}out 4\nerr 4\n"


def test_a_line_that_was_torn_ends_before_the_gap(terminal, home, ended: str) -> None:
    cut_out(home / "logs" / "runs" / ended, 14, 46)
    gap = "… 32 B and 5 lines cut out here by the log limit …"
    assert terminal("logs", ended).stdout.splitlines() == [
        *("out 0", "err 0", "ou", gap, "3", "out 4", "err 4")
    ]


def test_secrets_are_masked(terminal) -> None:
    run_id = terminal.detached("runners.echo", "--", "--out", "api_key=abcdef123456")
    terminal.until(run_id, lambda run: run["state"] == "finished")
    assert terminal("logs", run_id).stdout == f"api_key={MASK}\n"


def test_a_number_of_lines_that_is_none_is_refused(terminal) -> None:
    done = terminal("logs", "--tail", "few", "x")
    assert done.returncode == 2
    assert "number" in done.stderr
