"""Bad modules and bad environments: one sentence each that says what to do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from opsdash_widgets.core.discovery import probe_module
from opsdash_widgets.core.errors import (
    EnvironmentNotUsable,
    ModuleNotFound,
    ModuleUnreadable,
    ProbeFailed,
)

REACHES = "import argparse\nargparse.ArgumentParser().parse_args()\n"


def failure(
    folder: Path, source: str, name: str = "bad", timeout_s: float = 20
) -> ProbeFailed:
    (folder / f"{name}.py").write_text(source + REACHES)
    with pytest.raises(ProbeFailed) as raised:
        probe_module(
            name,
            interpreter=sys.executable,
            cwd=folder,
            timeout_s=timeout_s,
            environment="UAT",
        )
    return raised.value


def test_a_module_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ModuleNotFound) as raised:
        probe_module("json.nope", interpreter=sys.executable, cwd=tmp_path)
    assert "There is no module `json.nope` in" in raised.value.message
    assert raised.value.next_step


def test_a_package_that_cannot_be_run(tmp_path: Path) -> None:
    with pytest.raises(ModuleNotFound, match="package without a `__main__`"):
        probe_module("email", interpreter=sys.executable, cwd=tmp_path)


@pytest.mark.parametrize("name", ["", "a b", "../x", "a..b", "-c", "x;y", "a\0b"])
def test_a_name_that_is_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModuleNotFound, match="is not a module's name"):
        probe_module(name, interpreter=sys.executable, cwd=tmp_path)


def test_a_module_that_does_not_parse(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("def broken(:\n")
    with pytest.raises(ModuleUnreadable) as raised:
        probe_module("bad", interpreter=sys.executable, cwd=tmp_path)
    assert "Line 1 does not parse" in raised.value.message
    assert str(tmp_path / "bad.py") in raised.value.next_step


def test_a_module_that_imports_one_that_does_not_parse(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("def broken(:\n")
    error = failure(tmp_path, "import other\n")
    assert error.cause == "import_error"
    assert "SyntaxError" in error.message
    assert "(other.py, line 1)" in error.message


def test_a_module_that_fails_at_import(tmp_path: Path) -> None:
    error = failure(tmp_path, "HOMES = {}\nHOMES['EURUSD']\n")
    assert error.cause == "import_error"
    assert error.message == (
        "`bad` fails before it shows its arguments: "
        "KeyError: 'EURUSD' (bad.py, line 2)."
    )
    assert error.next_step
    assert error.details.startswith("Traceback (most recent call last):")
    assert "runpy" not in error.details


def test_a_missing_package_is_named_with_the_environment(tmp_path: Path) -> None:
    error = failure(tmp_path, "import no_such_package.part\n")
    assert error.cause == "missing_package"
    assert str(error) == (
        "`no_such_package` is not installed in the environment UAT. "
        "Install it there, or choose another environment."
    )


def test_a_missing_part_of_a_package_that_is_there_is_no_missing_package(
    tmp_path: Path,
) -> None:
    error = failure(tmp_path, "import json.nope\n")
    assert error.cause == "import_error"
    assert "No module named 'json.nope'" in error.message


def test_a_module_that_hangs_at_import_is_stopped(tmp_path: Path) -> None:
    source = "import threading\nthreading.Event().wait(600)\n"
    error = failure(tmp_path, source, timeout_s=2)
    assert error.cause == "timeout"
    assert "within 2 s and was stopped" in error.message
    assert 'bad.py", line 2' in error.details


def test_a_module_that_asks_somebody_at_import(tmp_path: Path) -> None:
    error = failure(tmp_path, "name = input('Who are you? ')\nprint(name)\n")
    assert "EOFError" in error.message
    assert "asks for input at import" in error.next_step


def test_a_module_that_prints_for_ever_is_stopped_and_its_output_bounded(
    tmp_path: Path,
) -> None:
    error = failure(tmp_path, "while True: print('x' * 1000)\n", timeout_s=2)
    assert error.cause == "timeout"
    assert len(error.details) < 100_000


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import sys; sys.exit(3)\n", "with code 3"),
        ("raise SystemExit\n", "with code 0"),
        ("import sys; sys.exit('no licence')\n", 'saying "no licence"'),
    ],
)
def test_a_module_that_exits_at_import(tmp_path: Path, source: str, told: str) -> None:
    error = failure(tmp_path, source)
    assert error.cause == "exit"
    assert told in error.message


def test_a_module_that_dies_at_import(tmp_path: Path) -> None:
    error = failure(tmp_path, "import os\nos.kill(os.getpid(), 9)\nos.abort()\n")
    assert error.cause == "crash"
    assert "was killed by SIG" in error.message


def test_a_module_that_leaves_by_the_back_door(tmp_path: Path) -> None:
    error = failure(tmp_path, "import os\nos._exit(7)\n")
    assert error.cause == "crash"
    assert "code 7" in error.message


def test_a_module_that_answers_help_by_itself(tmp_path: Path) -> None:
    source = "import sys\nif __name__:\n    print('usage: bad X'); sys.exit(0)\n"
    error = failure(tmp_path, source)
    assert error.cause == "no_parser"
    assert "usage: bad X" in error.details


def test_an_interpreter_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentNotUsable, match="no Python interpreter at"):
        probe_module("json.tool", interpreter="/no/such/python", cwd=tmp_path)


@pytest.mark.parametrize("program", ["/bin/true", "/bin/cat"])
def test_an_interpreter_that_is_no_python(tmp_path: Path, program: str) -> None:
    with pytest.raises(EnvironmentNotUsable, match="does not work as a Python"):
        probe_module("json.tool", interpreter=program, cwd=tmp_path)


def test_an_interpreter_that_cannot_be_executed(tmp_path: Path) -> None:
    text = tmp_path / "python"
    text.write_text("no program")
    text.chmod(0o755)
    with pytest.raises(EnvironmentNotUsable):
        probe_module("json.tool", interpreter=str(text), cwd=tmp_path)


def test_a_working_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentNotUsable, match="working folder"):
        probe_module("json.tool", interpreter=sys.executable, cwd=tmp_path / "gone")


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    spec = probe_module(
        "json.tool", interpreter=sys.executable, cwd=tmp_path, cache_dir=blocked / "x"
    )
    assert spec.parser.arguments
