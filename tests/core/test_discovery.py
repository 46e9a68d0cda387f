from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from opsdash_widgets.core.discovery import find_modules, listing, listing_cache
from opsdash_widgets.core.discovery.child import decide
from opsdash_widgets.core.errors import ModuleNotFound
from opsdash_widgets.core.model import Kind, ModuleListing

PARSER = '''"""Title of it.

More."""
import argparse
raise RuntimeError("imported!")
def main():
    argparse.ArgumentParser().parse_args()
if __name__ == "__main__":
    main()
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "jobs"
    (package / "sub").mkdir(parents=True)
    (package / "tool").mkdir()
    files = {
        "__init__.py": "",
        "parsed.py": PARSER,
        "plain.py": "'Prints.'\nprint('imported!')\n",
        "library.py": '"""Only\nthings."""\nimport logging\nlogging.basicConfig()\n',
        "broken.py": "x = 1\ndef broken(:\n    pass\n",
        "sub/deep.py": PARSER,
        "tool/__init__.py": '"""The tool."""\n',
        "tool/__main__.py": "from jobs.parsed import main\nmain()\n",
        "clicks.py": "import click\n@click.command()\ndef go(): ...\ngo()\n",
        "types.py": "import typer\napp = typer.Typer()\nif __name__=='__main__': app()",
        "fires.py": "import fire\nif __name__ == '__main__':\n    fire.Fire()\n",
    }
    for name, text in files.items():
        (package / name).write_text(text)
    return tmp_path


def found(project: Path) -> dict[str, ModuleListing]:
    return {row.name: row for row in find_modules(["jobs"], [project])}


def test_modules_are_found_with_their_kinds_and_none_is_imported(
    project: Path,
) -> None:
    kinds = {name: str(row.kind) for name, row in found(project).items()}
    assert kinds == {
        "jobs.broken": "broken",
        "jobs.clicks": "click",
        "jobs.fires": "fire",
        "jobs.library": "not runnable",
        "jobs.parsed": "argparse",
        "jobs.plain": "plain",
        "jobs.sub.deep": "argparse",
        "jobs.tool": "argparse",
        "jobs.types": "typer",
    }
    assert "jobs" not in sys.modules


def test_a_row_has_the_first_line_of_the_docstring(project: Path) -> None:
    rows = found(project)
    assert rows["jobs.parsed"].title == "Title of it."
    assert rows["jobs.plain"].title == "Prints."
    assert rows["jobs.tool"].title == "The tool."
    assert rows["jobs.parsed"].package == "jobs"


def test_a_file_that_does_not_parse_is_listed_with_the_line(project: Path) -> None:
    row = found(project)["jobs.broken"]
    assert row.error.startswith("broken.py: Line 2 does not parse: ")


def test_a_changed_file_is_read_again(project: Path) -> None:
    assert found(project)["jobs.plain"].title == "Prints."
    file = project / "jobs" / "plain.py"
    file.write_text("'Does more now.'\nprint(2)\n")
    os.utime(file, ns=(1, 1))
    row = found(project)["jobs.plain"]
    assert (row.title, row.mtime_ns) == ("Does more now.", 1)


def test_new_and_removed_files_show_at_once(project: Path) -> None:
    found(project)
    (project / "jobs" / "fresh.py").write_text(PARSER)
    (project / "jobs" / "plain.py").unlink()
    names = set(found(project))
    assert "jobs.fresh" in names
    assert "jobs.plain" not in names


def test_what_was_read_is_kept_on_disk(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    first = find_modules(["jobs"], [project], cache)
    monkeypatch.setattr(listing_cache, "_memory", {})
    monkeypatch.setattr(listing_cache, "_loaded", set())
    monkeypatch.setattr(decide, "quickly", None)
    assert find_modules(["jobs"], [project], cache) == first


def test_a_thousand_modules_are_read_by_several_processes_in_order(
    tmp_path: Path,
) -> None:
    package = tmp_path / "many"
    package.mkdir()
    for n in range(1_000):
        (package / f"job{n:04d}.py").write_text(f"'Job {n}.'\nprint({n})\n")
    rows = find_modules(["many"], [tmp_path])
    assert [row.title for row in rows] == [f"Job {n}." for n in range(1_000)]


def test_a_broken_cache_file_is_read_around(project: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "listings.msgpack").write_bytes(b"\xc1 no msgpack")
    assert find_modules(["jobs"], [project], cache)


def test_a_package_that_is_not_there_says_what_to_do(project: Path) -> None:
    with pytest.raises(ModuleNotFound) as raised:
        find_modules(["jobz"], [project])
    assert "There is no package `jobz`" in raised.value.message
    assert "runners_package" in raised.value.next_step


def test_a_single_module_may_stand_for_a_package(project: Path) -> None:
    (row,) = find_modules(["jobs.parsed"], [project])
    assert row.name == "jobs.parsed"


def test_a_docstring_is_no_guard(tmp_path: Path) -> None:
    text = '"""How to use it:\n\nif __name__ == "__main__":\n    run()\n"""\nX = 1\n'
    (tmp_path / "quoted.py").write_text(text)
    assert listing("quoted", [tmp_path]).kind is Kind.NOT_RUNNABLE


def test_stray_quotes_do_not_hide_a_guard(tmp_path: Path) -> None:
    text = "QUOTE = '\"\"\"'\nif __name__ == '__main__':\n    print(QUOTE)\n"
    (tmp_path / "quoting.py").write_text(text)
    assert listing("quoting", [tmp_path]).kind is Kind.PLAIN


@pytest.mark.parametrize(
    "source",
    [
        b"\xff\xfe\x00binary",
        b"x = 1\0",
        b"# coding: no-such-codec\nx = 1\n",
        b"(" * 2_000,
    ],
)
def test_a_file_that_is_no_text_is_broken_and_breaks_nothing(
    tmp_path: Path, source: bytes
) -> None:
    (tmp_path / "odd.py").write_bytes(source)
    row = listing("odd", [tmp_path])
    assert row.kind is Kind.BROKEN
    assert row.error.startswith("odd.py: ")


def test_an_invalid_escape_is_no_syntax_error(tmp_path: Path) -> None:
    (tmp_path / "escape.py").write_text("print('\\d')\n")
    assert listing("escape", [tmp_path]).kind is Kind.PLAIN


@pytest.mark.parametrize(
    "module", ["json.tool", "compileall", "zipfile", "http.server", "pytest"]
)
def test_modules_that_no_one_here_wrote_are_listed_with_their_parser(
    module: str,
) -> None:
    row = listing(module, [Path.cwd()])
    assert row.kind is Kind.ARGPARSE
    assert row.title


def test_a_package_without_main_cannot_be_listed(project: Path) -> None:
    with pytest.raises(ModuleNotFound, match="package without a `__main__`"):
        listing("jobs.sub", [project])


def test_a_module_that_is_nowhere_cannot_be_listed(project: Path) -> None:
    with pytest.raises(ModuleNotFound, match=r"There is no module `jobs\.nope`"):
        listing("jobs.nope", [project])


def test_a_parser_is_found_behind_imports(project: Path) -> None:
    assert listing("jobs.tool", [project]).kind is Kind.ARGPARSE


def test_a_parser_that_running_does_not_reach_does_not_count(project: Path) -> None:
    (project / "jobs" / "unreached.py").write_text(
        "import argparse\n"
        "def options(parser: argparse.ArgumentParser): ...\n"
        "def other(): return argparse.ArgumentParser().parse_args()\n"
        "def train(): print('hours of work')\n"
        "if __name__ == '__main__':\n    train()\n"
    )
    assert listing("jobs.unreached", [project]).kind is Kind.PLAIN
