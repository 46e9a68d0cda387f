"""``%oprun`` and ``%%oprun``, in a shell as a notebook has one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

import opsdash_widgets as ops
from opsdash_widgets.cell.magics import MagicError, cell_arguments
from opsdash_widgets.core.model import Argument, Kind, ModuleSpec, ParserSpec

from .test_cell import project

__all__ = ["project"]

TALK = "jobs.talk"

SPEC = ModuleSpec(
    module="m",
    kind=Kind.ARGPARSE,
    parser=ParserSpec(
        arguments=(
            Argument(id="--title", dest="title", option_strings=("--title",)),
            Argument(id="--days", dest="d", option_strings=("--days",), nargs="+"),
        )
    ),
)


@pytest.fixture
def shell(
    project: object, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InteractiveShell]:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    made = InteractiveShell.instance(colors="nocolor")
    made.history_manager.enabled = False
    ops.load_ipython_extension(made)
    made.user_ns["ops"] = ops
    yield made
    made.history_manager.end_session()
    InteractiveShell.clear_instance()


def run(shell: InteractiveShell, source: str) -> Any:
    """The value of a cell."""
    result = shell.run_cell(source)
    result.raise_error()
    return result.result


def test_a_line_launches_a_module_and_is_its_run(shell: InteractiveShell) -> None:
    made = run(shell, f"run = %oprun {TALK} --paths 3 --start-date 'a b'\nrun")
    assert isinstance(made, ops.RunHandle)
    assert made.wait(60).argv == ("--paths", "3", "--start-date", "a b")


def test_values_of_the_notebook_stand_in_a_line_and_in_a_cell(
    shell: InteractiveShell,
) -> None:
    shell.user_ns["day"] = "two words"
    made = run(shell, f'%oprun {TALK} --paths {{1 + 2}} --start-date "$day"')
    assert made.wait(60).argv == ("--paths", "3", "--start-date", "two words")
    made = run(shell, f"%%oprun {TALK}\n--paths {{1 + 2}}\n\n# why\n--start-date $day")
    assert made.wait(60).argv == ("--paths", "3", "--start-date", "two words")


def test_a_preset_is_launched_with_arguments_over_it(shell: InteractiveShell) -> None:
    ops.presets(TALK).save("month end", paths=7, fast=True)
    made = run(shell, f"%oprun --preset 'month end' --wait {TALK} --paths 8")
    assert made.done
    assert made.argv == ("--paths=8", "--fast")


def test_a_run_is_kept_in_a_variable_and_shown_as_a_line(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(shell, f"%oprun --as mine --detach --wait {TALK}") is None
    assert shell.user_ns["mine"].run_id in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "which module"),
        ("--nope x", "--nope"),
        ("--preset", "expected one argument"),
        ("no.such.module", "no module"),
        (f"--preset none {TALK}", "no preset none"),
        (f"--env MARS {TALK}", "MARS"),
        (f"{TALK} 'open", "quote"),
    ],
)
def test_a_mistake_is_one_sentence_without_a_traceback(
    shell: InteractiveShell,
    capsys: pytest.CaptureFixture[str],
    line: str,
    words: str,
) -> None:
    result = shell.run_cell(f"%oprun {line}")
    assert isinstance(result.error_in_exec, ops.OpsdashError)
    shown = capsys.readouterr()
    told = shown.out + shown.err
    assert words in told
    assert "Traceback" not in told
    assert len(told.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("cell", "argv"),
    [
        ("--title two words", ["--title", "two words"]),
        ("--title  'two  words' ", ["--title", "two  words"]),
        ("--title=two words", ["--title=two words"]),
        ("--title -1", ["--title=-1"]),
        ("--title it's", ["--title", "it's"]),
        ('--title "a" and "b"', ["--title", '"a" and "b"']),
        ("--days a 'b c'", ["--days", "a", "b c"]),
        ("\n  # nothing\n\n--title #fff\n", ["--title", "#fff"]),
        ("fit\n--unknown a b", ["fit", "--unknown", "a b"]),
        ("a word of its own", ["a word of its own"]),
        ("--flag", ["--flag"]),
    ],
)
def test_a_cell_has_one_argument_a_line(cell: str, argv: list[str]) -> None:
    assert cell_arguments(cell, SPEC) == argv


def test_a_quote_that_is_open_is_refused() -> None:
    with pytest.raises(MagicError, match="quote is not closed"):
        cell_arguments("--days 'a", SPEC)


def test_the_magic_is_documented(shell: InteractiveShell) -> None:
    told = shell.object_inspect("%oprun")
    assert "--preset NAME" in told["docstring"]


def test_importing_the_package_in_a_shell_is_enough() -> None:
    source = (
        "from IPython.core.interactiveshell import InteractiveShell as S\n"
        "shell = S.instance()\n"
        "shell.run_cell('import opsdash_widgets')\n"
        "assert shell.find_line_magic('oprun') and shell.find_cell_magic('oprun')\n"
        "import sys\n"
        "assert 'msgspec' not in sys.modules, 'something heavy was imported'\n"
    )
    subprocess.run([sys.executable, "-c", source], check=True, timeout=120)


def test_importing_the_package_elsewhere_does_not_import_ipython() -> None:
    source = "import sys, opsdash_widgets; assert 'IPython' not in sys.modules"
    subprocess.run([sys.executable, "-c", source], check=True, timeout=120)
