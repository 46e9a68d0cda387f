"""``opsdash run``: as if the module ran in the terminal, and detached all the same."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from opsdash_widgets.core.redaction import MASK


def wait_for_line(process: subprocess.Popen[str], words: str) -> str:
    """Read stderr up to the line with some words."""
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"ended without {words!r}")


def started_run(terminal, process: subprocess.Popen[str]) -> str:
    """The id of the run that a started command follows, once it has written a line."""
    assert process.stdout is not None
    assert process.stdout.readline()
    rows = terminal.json("ps", "--json")
    return str(rows[0]["run_id"])


def test_each_stream_goes_to_its_own_and_the_exit_code_is_the_jobs(terminal) -> None:
    done = terminal("run", "runners.echo", "--", "--out", "a", "--err", "b")
    assert (done.returncode, done.stdout, done.stderr) == (0, "a\n", "b\n")


def test_it_exits_with_the_jobs_code_and_says_how_it_ended(terminal) -> None:
    done = terminal("run", "runners.echo", "--", "--out", "a", "--code", "7")
    assert (done.returncode, done.stdout) == (7, "a\n")
    assert "opsdash: runners.echo failed (exit code 7)" in done.stderr


def test_a_job_that_a_signal_ends_gives_128_and_its_number(terminal) -> None:
    done = terminal("run", "runners.echo", "--", "--die", str(int(signal.SIGUSR2)))
    assert done.returncode == 128 + signal.SIGUSR2


def test_alternating_lines_keep_their_streams(terminal) -> None:
    words = ("--out", "o1", "--err", "e1", "--count", "200")
    done = terminal("run", "runners.echo", "--", *words)
    assert done.stdout == "o1\n" * 200
    assert done.stderr == "e1\n" * 200


def test_the_module_runs_in_the_callers_folder(terminal, tmp_path: Path) -> None:
    terminal.module("runners.where", "import os\nprint(os.getcwd())\n")
    (terminal.folder / "opsdash.toml").write_text("")
    inner = terminal.folder / "inner"
    inner.mkdir()
    env = {**terminal.env, "PYTHONPATH": str(terminal.folder)}
    done = terminal("run", "runners.where", cwd=inner, env=env)
    assert done.stdout.strip() == str(inner)


def test_what_follows_the_dashes_is_the_modules_word_for_word(terminal) -> None:
    terminal.module("runners.words", "import sys\nprint(sys.argv[1:])\n")
    words = ["--json", "-h", "--", "a b", "", "--verbose"]
    done = terminal("run", "runners.words", "--", *words)
    assert done.stdout.strip() == str(words)


def test_without_the_dashes_the_modules_options_are_refused(terminal) -> None:
    done = terminal("run", "runners.echo", "--out", "a")
    assert done.returncode == 2
    assert "put the module's own after --" in done.stderr


def test_detached_it_prints_the_id_alone(terminal) -> None:
    run_id = terminal.detached("runners.echo", "--", "--out", "a")
    run = terminal.until(run_id, lambda run: run["state"] == "finished")
    assert (run["run_id"], run["outcome"]) == (run_id, "succeeded")


def test_who_asked_is_recorded(terminal) -> None:
    run_id = terminal.detached("--requested-by", "the desk", "runners.echo")
    assert terminal.json("show", run_id, "--json")["requested_by"] == "the desk"


def test_the_first_ctrl_c_asks_the_run_to_stop(terminal) -> None:
    words = ("--out", "a", "--count", "1000", "--nap", "0.2")
    with terminal.start("run", "runners.echo", "--", *words) as process:
        run_id = started_run(terminal, process)
        process.send_signal(signal.SIGINT)
        wait_for_line(process, "Ctrl-C again leaves it running")
        _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert "runners.echo stopped" in err
    assert terminal.json("show", run_id, "--json")["outcome"] == "stopped"


def test_the_second_ctrl_c_leaves_it_running_and_says_so(terminal) -> None:
    (terminal.folder / "opsdash.toml").write_text("stop_ask_s = 60\n")
    words = ("--out", "a", "--count", "1000", "--nap", "0.2")
    with terminal.start("run", "runners.echo", "--", *words) as process:
        run_id = started_run(terminal, process)
        process.send_signal(signal.SIGINT)
        wait_for_line(process, "Ctrl-C again leaves it running")
        process.send_signal(signal.SIGINT)
        wait_for_line(process, f"{run_id} is left running")
        process.communicate(timeout=60)
    assert process.returncode == 130
    run = terminal.json("show", run_id, "--json")
    assert (run["state"], run["outcome"]) == ("running", None)
    done = terminal("stop", "--now", "--wait", run_id)
    assert done.returncode == 0


def test_a_second_ctrl_c_after_sigterm_says_that_the_run_was_told_to_end(
    terminal,
) -> None:
    (terminal.folder / "opsdash.toml").write_text("stop_ask_s = 0\n")
    words = ("--deaf", "--out", "a", "--count", "1000", "--nap", "0.2")
    with terminal.start("run", "runners.echo", "--", *words) as process:
        run_id = started_run(terminal, process)
        process.send_signal(signal.SIGINT)
        wait_for_line(process, "SIGTERM sent to 1 process")
        process.send_signal(signal.SIGINT)
        wait_for_line(process, f"{run_id} was already told to end")
        process.communicate(timeout=60)
    assert process.returncode == 130
    assert terminal.json("show", run_id, "--json")["state"] == "stopping"


def test_a_closed_pipe_leaves_the_run_running(terminal) -> None:
    words = ("--out", "a", "--count", "1000", "--nap", "0.1")
    with terminal.start("run", "runners.echo", "--", *words) as process:
        run_id = started_run(terminal, process)
        assert process.stdout is not None
        process.stdout.close()
        wait_for_line(process, f"{run_id} is left running")
    assert process.returncode == 141
    assert terminal.json("show", run_id, "--json")["state"] == "running"


def test_a_secret_in_the_output_is_masked_and_the_rest_is_byte_for_byte(
    terminal,
) -> None:
    source = (
        "import sys\nout = sys.stdout.buffer\n"
        r"out.write(b'\xff\x00\tbinary\r\npassword=hunter2hunter2\nlast')" + "\n"
    )
    terminal.module("runners.raw", source)
    done = terminal("run", "runners.raw", text=False)
    masked = f"password={MASK}".encode()
    assert done.stdout == b"\xff\x00\tbinary\r\n" + masked + b"\nlast"


COLOURED = "print('\\x1b[31mred\\x1b[0m \\x1b]52;c;aGk=\\x07end')\n"


def test_colours_do_not_go_into_a_pipe(terminal) -> None:
    terminal.module("runners.red", COLOURED)
    assert "\x1b[31m" not in terminal("run", "runners.red").stdout


@pytest.mark.parametrize(
    ("no_colour", "shown"), [("", "\x1b[31mred\x1b[0m end"), ("1", "red end")]
)
def test_a_terminal_gets_colours_but_no_other_escapes(
    terminal, no_colour: str, shown: str
) -> None:
    terminal.module("runners.red", COLOURED)
    env = {**terminal.env, "NO_COLOR": no_colour, "TERM": "xterm"}
    assert shown in on_a_terminal(terminal, env, "run", "runners.red")


def on_a_terminal(terminal, env: dict[str, str], *words: str, typed: str = "") -> str:
    """What a command shows on a pseudo-terminal."""
    ours, theirs = pty.openpty()
    streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    with terminal.start(*words, env=env, text=False, **streams):
        os.close(theirs)
        os.write(ours, typed.encode())
        shown = b""
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:  # Linux's way to say that the other end is closed
            pass
        os.close(ours)
    return shown.decode()


PRODUCTION = "[PROD]\nCONFIG_PATH = conf\n"


def test_production_wants_a_confirmation(terminal) -> None:
    (terminal.folder / "config.ini").write_text(PRODUCTION)
    done = terminal("run", "--env", "PROD", "runners.echo")
    assert done.returncode == 1
    assert "runners.echo in PROD" in done.stderr
    assert "--yes" in done.stderr
    assert terminal.json("ps", "-a", "--json") == []


def test_yes_confirms_production(terminal) -> None:
    (terminal.folder / "config.ini").write_text(PRODUCTION)
    terminal.module("runners.env", "import os\nprint(os.environ['CONFIG_PATH'])\n")
    done = terminal("run", "--env", "PROD", "--yes", "runners.env")
    assert (done.returncode, done.stdout) == (0, "conf\n")


@pytest.mark.parametrize(("answer", "runs"), [("y\n", 1), ("n\n", 0), ("\n", 0)])
def test_production_is_asked_for_on_a_terminal(terminal, answer: str, runs) -> None:
    (terminal.folder / "config.ini").write_text(PRODUCTION)
    words = ("run", "--env", "PROD", "runners.echo")
    shown = on_a_terminal(terminal, terminal.env, *words, typed=answer)
    assert "runners.echo in PROD" in shown
    assert len(terminal.json("ps", "-a", "--json")) == runs


def test_another_interpreter_is_used(terminal) -> None:
    link = terminal.folder / "other-python"
    link.symlink_to(sys.executable)
    run_id = terminal.detached("--python", str(link), "runners.echo")
    run = terminal.json("show", run_id, "--json")
    assert Path(run["interpreter"]) == link


def test_a_module_that_nobody_here_wrote_runs_the_same(terminal) -> None:
    (terminal.folder / "in.json").write_text('{"a":1}')
    done = terminal("run", "json.tool", "--", "--compact", "in.json")
    assert (done.returncode, done.stdout) == (0, '{"a":1}\n')


def test_a_run_outlives_the_terminal_that_followed_it(terminal) -> None:
    words = ("--out", "a", "--count", "1000", "--nap", "0.1")
    with terminal.start("run", "runners.echo", "--", *words) as process:
        run_id = started_run(terminal, process)
        process.kill()
        process.communicate(timeout=60)
    before = time.time()
    run = terminal.json("show", run_id, "--json")
    assert run["state"] == "running"
    assert run["started"] < before
