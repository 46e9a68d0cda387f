from __future__ import annotations

import sys
from pathlib import Path

import pytest

from opsdash_widgets.core import discovery
from opsdash_widgets.core.model import Argument, Kind, ModuleSpec

FULL = '''"""Everything a parser can hold.

More.
"""
import argparse, datetime, enum, pathlib, sys
print("printed at import")
print("and here", file=sys.stderr)

class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"

class Pair(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None):
        raise RuntimeError("an action was run")

def danger(text):
    raise RuntimeError("a converter was run")

def main():
    parser = argparse.ArgumentParser(
        prog="full", description="About %(prog)s.", epilog="100% done")
    parser.add_argument("source", type=pathlib.Path, help="where from")
    parser.add_argument("rest", nargs="*")
    model = parser.add_argument_group("Model", "Of the model.")
    model.add_argument("-n", "--paths", type=int, default=1000, metavar="N",
                       help="paths (default %(default)s)")
    model.add_argument("--bad-help", help="100% of %(nothing)s", default=float("nan"))
    model.add_argument("--colour", type=Colour, choices=list(Colour),
                       default=Colour.RED)
    model.add_argument("--years", type=int, choices=range(1, 100_000))
    model.add_argument("--when", type=datetime.date.fromisoformat,
                       default=datetime.date(2024, 3, 28))
    parser.add_argument("--danger", type=danger, default=object())
    parser.add_argument("--pair", action=Pair, nargs=2, metavar=("KEY", "VALUE"))
    parser.add_argument("--api-key", default="hunter2", help="now %(default)s")
    parser.add_argument("--max-tokens", type=int)
    parser.add_argument("--hidden", help=argparse.SUPPRESS)
    parser.add_argument("--level", dest="mode")
    parser.add_argument("--fast", dest="mode", action="store_const", const=9)
    parser.add_argument("--gen", choices=(c for c in "ab"))
    parser.add_argument("-v", action="count", default=0)
    one = parser.add_mutually_exclusive_group(required=True)
    one.add_argument("--this", action="store_true")
    one.add_argument("--that", action="append_const", const=[1])
    parser.parse_args()
    open("worked", "w").close()

if __name__ == "__main__":
    main()
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "full.py").write_text(FULL)
    return folder


def probe(project: Path, name: str, source: str | None = None) -> ModuleSpec:
    if source is not None:
        (project / f"{name}.py").write_text(source)
    return discovery.probe_module(name, interpreter=sys.executable, cwd=project)


@pytest.fixture
def full(project: Path) -> dict[str, Argument]:
    return {a.id: a for a in probe(project, "full").parser.arguments}


def test_the_parser_comes_back_and_nothing_of_the_module_reaches_us(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    spec = probe(project, "full")
    assert spec.kind is Kind.ARGPARSE
    assert spec.title == "Everything a parser can hold."
    assert spec.path == str(project / "full.py")
    assert spec.parser.description == "About full."
    assert spec.parser.epilog == "100% done"
    assert capfd.readouterr() == ("", "")
    assert sorted(path.name for path in project.iterdir()) == ["full.py"]


def test_every_argument_has_its_id_and_stands_in_its_group(project: Path) -> None:
    parser = probe(project, "full").parser
    ids = [argument.id for argument in parser.arguments]
    assert ids[:5] == ["--help", "source", "rest", "--paths", "--bad-help"]
    assert len(set(ids)) == len(ids)
    model = next(group for group in parser.groups if group.title == "Model")
    assert model.description == "Of the model."
    assert model.arguments[0] == "--paths"
    (exclusive,) = parser.exclusive_groups
    assert exclusive.arguments == ("--this", "--that")
    assert exclusive.required


def test_an_argument_tells_all_that_argparse_knows(full: dict[str, Argument]) -> None:
    paths = full["--paths"]
    assert paths.option_strings == ("-n", "--paths")
    assert (paths.dest, paths.action, paths.type_name) == ("paths", "store", "int")
    assert (paths.default, paths.default_repr) == (1000, "1000")
    assert paths.help == "paths (default 1000)"
    assert (paths.metavar, paths.type_known) == ("N", True)
    assert full["source"].type_name == "pathlib.Path"
    assert full["source"].required
    assert full["-v"].action == "count"
    assert full["--fast"].const == 9
    assert full["--hidden"].hidden
    assert full["--hidden"].help is None


def test_choices_come_from_enums_generators_and_ranges(
    full: dict[str, Argument],
) -> None:
    colour = full["--colour"]
    assert [c.value for c in colour.choices or ()] == ["red", "blue"]
    assert [c.label for c in colour.choices or ()] == ["RED", "BLUE"]
    assert colour.default == "red"
    assert [c.value for c in full["--gen"].choices or ()] == ["a", "b"]
    years = full["--years"]
    assert (years.choices, years.minimum, years.maximum) == (None, 1, 99_999)


def test_help_that_does_not_format_is_shown_as_it_stands(
    full: dict[str, Argument],
) -> None:
    assert full["--bad-help"].help == "100% of %(nothing)s"


def test_defaults_are_safe_for_json_and_have_their_repr(
    full: dict[str, Argument],
) -> None:
    assert full["--bad-help"].default is None
    assert full["--bad-help"].default_repr == "nan"
    assert full["--danger"].default is None
    assert full["--danger"].default_repr.startswith("<object object")
    assert full["--when"].default == "2024-03-28"
    assert full["--when"].type_name == "datetime.date.fromisoformat"


def test_converters_and_actions_are_named_and_never_run(
    full: dict[str, Argument],
) -> None:
    assert full["--danger"].type_name == "full.danger"
    assert not full["--danger"].type_known
    assert full["--pair"].action == "custom"
    assert full["--pair"].action_classes == ("full.Pair", "argparse.Action")
    assert full["--level"].type_known
    assert full["--pair"].metavar == ("KEY", "VALUE")


def test_a_default_from_the_working_folder_names_the_one_of_a_run(
    project: Path,
) -> None:
    source = (
        "import argparse, os\n"
        "if __name__ == '__main__':\n"
        "    parser = argparse.ArgumentParser()\n"
        "    parser.add_argument('--out', default=os.getcwd() + '/out')\n"
        "    parser.parse_args()\n"
    )
    out = probe(project, "writes", source).parser.arguments[1]
    assert out.default == f"{project}/out"


def test_a_secret_is_known_by_its_name_and_its_default_is_not_told(
    full: dict[str, Argument],
) -> None:
    assert full["--api-key"].secret
    assert full["--api-key"].default is None
    assert "hunter2" not in repr(full)
    assert not full["--max-tokens"].secret


def test_subcommands_come_to_any_depth_with_their_aliases(project: Path) -> None:
    source = """
import argparse
p = argparse.ArgumentParser()
p.add_argument("first")
subs = p.add_subparsers(title="Commands", dest="what", required=True)
build = subs.add_parser("build", aliases=["b"], help="builds it")
build.add_argument("--jobs", type=int, default=1)
deep = build.add_subparsers()
deep.add_parser("deeper").add_argument("--x")
subs.add_parser("clean")
p.parse_args()
"""
    commands = probe(project, "subs", source).parser.commands
    assert commands is not None
    assert (commands.dest, commands.title) == ("what", "Commands")
    assert (commands.required, commands.position) == (True, 1)
    build, clean = commands.commands
    assert (build.name, build.aliases, build.help) == ("build", ("b",), "builds it")
    assert clean.name == "clean"
    assert build.parser.commands is not None
    deeper = build.parser.commands.commands[0].parser
    assert [a.id for a in deeper.arguments] == ["--help", "--x"]


def test_positionals_of_one_dest_get_different_ids(project: Path) -> None:
    source = """
import argparse
p = argparse.ArgumentParser(add_help=False)
p.add_argument("x"); p.add_argument("x")
p.parse_args()
"""
    spec = probe(project, "twice", source)
    assert [a.id for a in spec.parser.arguments] == ["x", "x#2"]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("no_help", "p = A(add_help=False); p.add_argument('--x'); p.parse_args()"),
        (
            "two_passes",
            (
                "q = A(add_help=False); q.add_argument('--config')\n"
                "q.parse_known_args()\n"
                "p = A(); p.add_argument('--x'); p.parse_args()"
            ),
        ),
        (
            "known_only",
            (
                "p = A(add_help=False); p.add_argument('--x'); p.parse_known_args()\n"
                "open(__file__ + '.worked', 'w'); print('works')"
            ),
        ),
        (
            "own_error",
            (
                "class P(A):\n def error(self, m): raise SystemExit(3)\n"
                "p = P(add_help=False); p.add_argument('--x'); p.parse_args()"
            ),
        ),
        (
            "own_help",
            (
                "import sys\np = A(add_help=False); p.add_argument('--x')\n"
                "if '--help' in sys.argv: print(p.format_help()); sys.exit()\n"
                "p.parse_args()"
            ),
        ),
        (
            "needs_no_arguments",
            (
                "import sys\nif sys.argv[1:]: sys.exit(1)\n"
                "p = A(); p.add_argument('--x'); p.parse_args()\n"
                "open(__file__ + '.worked', 'w')"
            ),
        ),
        (
            "fixed_arguments",
            (
                "p = A(); p.add_argument('--x'); p.parse_args([])\n"
                "open(__file__ + '.worked', 'w')"
            ),
        ),
        (
            "intermixed",
            (
                "p = A(); p.add_argument('--x'); p.add_argument('y', nargs='*')\n"
                "p.parse_intermixed_args()"
            ),
        ),
        (
            "hook",
            (
                "def build_parser():\n p = A(); p.add_argument('--x'); return p\n"
                "if __name__ == '__main__':\n"
                "    import sys; sys.exit(1) if sys.argv[1:] else build_parser()"
            ),
        ),
    ],
)
def test_the_parser_is_found_however_the_module_reaches_it(
    project: Path, name: str, source: str
) -> None:
    head = "from argparse import ArgumentParser as A\n"
    spec = probe(project, name, head + source)
    assert "--x" in [argument.id for argument in spec.parser.arguments]
    if name == "two_passes":
        (first,) = spec.first_passes
        assert [argument.id for argument in first.arguments] == ["--config"]
    assert not list(project.glob("*.worked"))


def test_a_module_whose_parser_is_not_reached_is_not_run(project: Path) -> None:
    source = """
import argparse
def options(parser: argparse.ArgumentParser): ...
def work(): open(__file__ + ".worked", "w").close()
if __name__ == "__main__":
    work()
"""
    spec = probe(project, "worker", source)
    assert spec.kind is Kind.PLAIN
    assert not list(project.glob("*.worked"))


def test_a_module_without_a_parser_gets_the_date_tokens_it_names(
    project: Path,
) -> None:
    source = """'''Usage: END_DATE after START_DATE.'''
import os, sys
run = os.environ["RUN_DATE"]
START_DATE, END_DATE = sys.argv[1:3]
print(START_DATE)
"""
    spec = probe(project, "dated", source)
    assert {a.id for a in spec.parser.arguments} == {"START_DATE", "END_DATE"}
    assert spec.warnings == (
        "It reads RUN_DATE from the environment: set it as a variable.",
    )


def test_a_module_that_only_defines_things_says_so(project: Path) -> None:
    spec = probe(project, "library", "X = 1\n")
    assert spec.kind is Kind.NOT_RUNNABLE
    assert "running it does nothing" in spec.warnings[0]


def test_a_package_runs_its_main_with_relative_imports(project: Path) -> None:
    package = project / "tool"
    package.mkdir()
    (package / "__init__.py").write_text('"""A tool."""\n')
    (package / "__main__.py").write_text("from .cli import main\nmain()\n")
    (package / "cli.py").write_text(
        "import argparse\n"
        "def main():\n p = argparse.ArgumentParser(); p.add_argument('--x')\n"
        " p.parse_args()\n"
    )
    spec = probe(project, "tool")
    assert [a.id for a in spec.parser.arguments] == ["--help", "--x"]
    assert spec.title == "A tool."


def test_names_of_ours_hide_no_module_of_the_project(project: Path) -> None:
    (project / "dump.py").write_text("NAME = '--mine'\n")
    source = (
        "import argparse, dump\np = argparse.ArgumentParser()\n"
        "p.add_argument(dump.NAME)\np.parse_args()\n"
    )
    spec = probe(project, "reading", source)
    assert "--mine" in [argument.id for argument in spec.parser.arguments]
