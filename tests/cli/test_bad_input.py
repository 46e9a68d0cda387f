"""What can be wrong, and what the terminal says: a sentence, a code, nothing lost."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.desk import remove


def told(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that a refused command ends with."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("opsdash: ")
    return lines[0]


@pytest.mark.parametrize("verb", ["run", "spec"])
def test_a_module_that_does_not_exist(terminal, verb: str) -> None:
    done = terminal(verb, "runners.nowhere")
    assert "runners.nowhere" in told(done)
    assert done.stdout == ""
    assert terminal.json("ps", "-a", "--json") == []


@pytest.mark.parametrize("verb", ["run", "spec"])
def test_a_module_that_does_not_parse(terminal, verb: str) -> None:
    terminal.module("runners.broken", "def broken(:\n    pass\n")
    line = told(terminal(verb, "runners.broken"))
    assert "runners.broken" in line
    assert "Line 1" in line
    assert terminal.json("ps", "-a", "--json") == []


ARGPARSE = "import argparse\np = argparse.ArgumentParser()\np.parse_args()\n"


def test_a_module_that_fails_at_import(terminal) -> None:
    terminal.module("runners.fails", "raise RuntimeError('no curve')\n" + ARGPARSE)
    assert "RuntimeError" in told(terminal("spec", "runners.fails"))
    done = terminal("run", "runners.fails")
    assert done.returncode == 1
    assert "Traceback" in done.stderr  # the module's own words, as it wrote them
    assert "no curve" in done.stderr.splitlines()[-1]
    assert done.stderr.splitlines()[-1].startswith("opsdash: runners.fails failed")


def test_a_module_that_hangs_at_import(terminal) -> None:
    (terminal.folder / "opsdash.toml").write_text("probe_timeout_s = 0.5\n")
    hangs = "import threading\nthreading.Event().wait(1000)\n"
    terminal.module("runners.hangs", hangs + ARGPARSE)
    line = told(terminal("spec", "runners.hangs"))
    assert "runners.hangs" in line
    assert "did not show its arguments" in line


def test_a_module_that_prints_at_import(terminal) -> None:
    terminal.module("runners.prints", 'print(\'{"not": "the spec"}\')\n' + ARGPARSE)
    spec = terminal.json("spec", "runners.prints", "--json")
    assert spec["module"] == "runners.prints"


def test_a_module_that_exits_at_import(terminal) -> None:
    terminal.module("runners.exits", "import sys\nsys.exit(3)\n" + ARGPARSE)
    assert "runners.exits" in told(terminal("spec", "runners.exits"))
    assert terminal("run", "runners.exits").returncode == 3


def test_a_module_that_needs_a_missing_package(terminal) -> None:
    terminal.module("runners.needs", "import no_such_package\n" + ARGPARSE)
    assert "no_such_package" in told(terminal("spec", "runners.needs"))
    done = terminal("run", "runners.needs")
    assert done.returncode == 1
    assert "no_such_package" in done.stderr.splitlines()[-1]


def test_a_value_that_the_parser_refuses(terminal) -> None:
    give = '{"values": {"--count": "many"}}'
    done = terminal("argv", "runners.echo", "--values", "-", give=give)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--count" in done.stderr
    done = terminal("run", "runners.echo", "--", "--count", "many")
    assert done.returncode == 2
    assert "argument --count: invalid int value: 'many'" in done.stderr


@pytest.mark.parametrize("verb", ["run", "spec"])
def test_an_interpreter_that_is_not_there(terminal, verb: str) -> None:
    done = terminal(verb, "--python", "/no/such/python", "runners.echo")
    assert "/no/such/python" in told(done)
    assert terminal.json("ps", "-a", "--json") == []


def test_an_environment_whose_interpreter_is_not_there(terminal) -> None:
    (terminal.folder / "config.ini").write_text("[UAT]\nCONDA_ENV = quant311\n")
    line = told(terminal("run", "--env", "UAT", "runners.echo"))
    assert str(terminal.folder / "quant311" / "bin" / "python") in line


def test_an_environment_that_is_not_there(terminal) -> None:
    assert "There is no environment UTA." in told(
        terminal("run", "--env", "UTA", "runners.echo")
    )


def test_a_home_that_cannot_be_written(terminal, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    terminal.env["OPSDASH_HOME"] = str(tmp_path / "file" / "home")
    for words in (["ps"], ["run", "runners.echo"], ["modules"]):
        assert "OPSDASH_HOME" in told(terminal(*words))


def test_a_corrupt_registry(terminal, home: Path) -> None:
    run_id = terminal.detached("runners.echo")
    terminal.until(run_id, lambda run: run["state"] == "finished")
    for path in home.glob("runs.db*"):
        path.unlink()
    (home / "runs.db").write_bytes(b"this is no database" * 1000)
    done = terminal("ps", "-a")
    assert done.returncode == 0
    assert run_id in done.stdout
    assert "corrupt" in done.stderr
    assert list(home.glob("runs.db.corrupt-*"))
    assert terminal("ps").stderr == ""


def test_a_registry_of_another_schema(terminal, home: Path) -> None:
    run_id = terminal.detached("runners.echo")
    terminal.until(run_id, lambda run: run["state"] == "finished")
    for path in home.glob("runs.db*"):
        path.unlink()
    with sqlite3.connect(home / "runs.db") as database:
        database.execute("CREATE TABLE runs (nonsense TEXT)")
    database.close()
    done = terminal("ps", "-a")
    assert "Traceback" not in done.stderr
    assert run_id in done.stdout


def test_a_run_directory_deleted_by_hand(terminal) -> None:
    run_id = terminal.detached("runners.echo", "--", "--out", "a")
    run = terminal.until(run_id, lambda run: run["state"] == "finished")
    remove(run["run_dir"])
    assert run_id in told(terminal("logs", run_id))
    shown = terminal.json("show", run_id, "--json")
    assert (shown["outcome"], shown["argv"]) == ("succeeded", ["--out", "a"])
    assert run_id in terminal("ps").stdout


def test_the_directory_of_a_running_run_deleted_by_hand(terminal) -> None:
    run_id = terminal.detached("runners.echo", "--", "--nap", "1000")
    run = terminal.until(run_id, lambda run: run["pid"])
    moved = Path(run["run_dir"]).rename(Path(run["run_dir"]).with_name("moved"))
    shown = terminal.json("show", run_id, "--json")
    assert shown["outcome"] == "lost"
    assert shown["reason"]
    moved.rename(run["run_dir"])
    assert terminal.json("show", run_id, "--json")["state"] == "running"


def test_a_port_that_is_in_use(terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = told(terminal("serve", "--port", str(port)))
    assert str(port) in line
    assert "--port" in line


@pytest.mark.parametrize("words", [["ps"], ["run", "runners.echo"], ["settings"]])
def test_a_wrong_setting(terminal, words: list[str]) -> None:
    (terminal.folder / "opsdash.toml").write_text('\nrunner_package = "x"\n')
    line = told(terminal(*words))
    assert f"{terminal.folder / 'opsdash.toml'}, line 2" in line
    assert "runners_package" in line


def test_a_broken_configuration(terminal) -> None:
    (terminal.folder / "config.ini").write_text("[DEV]\nnonsense\n")
    line = told(terminal("run", "--env", "DEV", "runners.echo"))
    assert "config.ini: Line 2" in line
    assert terminal("run", "runners.echo").returncode == 0


@pytest.mark.parametrize("verb", ["show", "logs", "stop"])
@pytest.mark.parametrize("run_id", ["nonsense", "../../etc", "", "a\nb"])
def test_a_run_that_there_is_not(terminal, verb: str, run_id: str) -> None:
    terminal.detached("runners.echo")
    told(terminal(verb, run_id))


GONE = """\
import os, sys
os.rmdir(os.getcwd())
from opsdash_widgets.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("words", [["ps"], ["run", "runners.echo"]])
def test_a_folder_that_is_gone_below_the_shell(terminal, words: list[str]) -> None:
    gone = terminal.folder / "gone"
    gone.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", GONE, *words],
        cwd=gone,
        env=terminal.env,
        capture_output=True,
        text=True,
    )
    assert "current folder" in told(done)
