"""The choices that a module computes for its form, and what may go wrong with them."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from opsdash_widgets.core import discovery
from opsdash_widgets.core.model import Choice

from .desk import until
from .refined import PARSER, form, probe


def test_choices_are_asked_from_a_function_or_by_name(tmp_path: Path) -> None:
    (tmp_path / "book.py").write_text("def desks():\n    return {'r': 'Rates'}\n")
    spec = probe(
        tmp_path,
        """{"fields": {"--desk": {"choices": "book:desks", "strict": True},
                       "--key": {"choices": names}}}""",
        before="""
        def names():
            print("noise")
            return ["one", ("two", "Two"), 3]
        """,
    )
    assert form(spec, "--desk").choices == (Choice(value="r", label="Rates"),)
    assert form(spec, "--desk").strict
    assert form(spec, "--desk").dynamic
    listed = [(c.value, c.label) for c in form(spec, "--key").choices or ()]
    assert listed == [("one", "one"), ("two", "Two"), ("3", "3")]


def test_choices_are_asked_in_the_folder_that_a_run_starts_in(tmp_path: Path) -> None:
    (tmp_path / "curves").mkdir()
    (tmp_path / "curves" / "eod.csv").touch()
    spec = probe(
        tmp_path,
        """{"fields": {"--desk": {"choices": lambda: os.listdir("curves")}}}""",
        before="import os\n",
    )
    assert [c.value for c in form(spec, "--desk").choices or ()] == ["eod.csv"]


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("lambda: 1 / 0", "failed (ZeroDivisionError: division by zero)"),
        ("lambda: threading.Event().wait(60)", "took longer than"),
        ("lambda: os._exit(3)", "ended the process"),
        ("lambda: os.kill(os.getpid(), 9)", "ended the process"),
        ("lambda: sys.exit('no')", "failed (SystemExit: no)"),
        ("lambda: 7", "int is no list of choices"),
        ("lambda: parser.parse_args(['--help'])", "ended the process"),
        ("'book.no_such'", "failed (ModuleNotFoundError"),
        ("'not a name'", "is not a name such as"),
        ("3", "int is no list of choices"),
    ],
)
def test_a_function_that_fails_costs_its_choices_and_says_so_at_the_field(
    tmp_path: Path, function: str, said: str
) -> None:
    spec = probe(
        tmp_path,
        f"""{{"fields": {{"--desk": {{"label": "Desk", "choices": {function}}}}}}}""",
        before="import os, sys, threading\n",
    )
    assert said in form(spec, "--desk").warning
    assert form(spec, "--desk").choices is None
    assert form(spec, "--desk").label == "Desk"
    assert not (tmp_path / "worked").exists()


def test_a_parsers_own_choices_are_named_and_ordered_but_never_more(
    tmp_path: Path,
) -> None:
    spec = probe(
        tmp_path,
        """{"fields": {"--mode": {"choices": {"c": "Close", "zz": "None"}}}}""",
    )
    offered = [(c.value, c.label) for c in form(spec, "--mode").choices or ()]
    assert offered == [("c", "Close"), ("a", "a"), ("b", "b")]
    assert "does not allow `zz`" in form(spec, "--mode").warning


def test_computed_choices_are_asked_again_and_the_rest_is_kept(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    (tmp_path / "refined.py").write_text(
        "import os\nopsdash_form = {'fields': {'--desk': {'choices': "
        "lambda: sorted(n for n in os.listdir('.') if n.endswith('.csv'))}}}\n" + PARSER
    )

    def asked(choices_s: float | None) -> list[str]:
        spec = discovery.probe_module(
            "refined",
            interpreter=sys.executable,
            cwd=tmp_path,
            cache_dir=cache,
            choices_s=choices_s,
        )
        return [c.value for c in form(spec, "--desk").choices or ()]

    assert asked(60) == []
    (tmp_path / "a.csv").touch()
    assert asked(60) == []
    (kept,) = cache.glob("*.json")
    os.utime(kept, (time.time() - 61, time.time() - 61))
    assert asked(None) == []
    assert asked(60) == ["a.csv"]


def test_a_function_that_leaves_processes_behind_is_ended_with_the_probe(
    tmp_path: Path,
) -> None:
    probe(
        tmp_path,
        "{'fields': {'--desk': {'choices': begin}}}",
        before="""
        import os, pathlib, subprocess, sys
        def begin():
            code = "import time; time.sleep(600)"
            subprocess.Popen([sys.executable, "-c", code, "opsdash-left-behind"])
            return ["a"]
        """,
    )
    until(lambda: not left_behind(), "nothing of it runs")


def left_behind() -> list[str]:
    """Processes that carry the test's mark."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes()
        except OSError:
            continue
        if b"opsdash-left-behind" in text and b"time.sleep(600)" in text:
            found.append(str(path))
    return found
