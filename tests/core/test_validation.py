"""The module's own parser says what it says, in its own words, at the right field."""

from __future__ import annotations

from pathlib import Path

import pytest

from .asking import Asked, refused


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


FULL = """
def even(text):
    if int(text) % 2:
        raise argparse.ArgumentTypeError(f"{text} is odd")
    return int(text)

parser = argparse.ArgumentParser()
parser.add_argument("source", type=pathlib.Path)
parser.add_argument("-n", "--paths", type=int)
parser.add_argument("--even", type=even)
parser.add_argument("--mode", choices=["a", "b"])
parser.add_argument("--name", required=True)
one = parser.add_mutually_exclusive_group(required=True)
one.add_argument("--this", action="store_true")
one.add_argument("--that", action="store_true")
commands = parser.add_subparsers(dest="what")
build = commands.add_parser("build", aliases=["b"])
build.add_argument("--jobs", type=int)
deep = build.add_subparsers(required=True, dest="deep")
deep.add_parser("deeper").add_argument("--level", required=True)
parser.parse_args()
"""
GIVEN = ["src", "--name=n", "--this"]


def test_every_refusal_has_the_parsers_words_and_its_field(asked: Asked) -> None:
    cases: list[tuple[list[str], str, tuple[str, ...]]] = [
        ([*GIVEN, "--paths=x"], "invalid int value: 'x'", ("--paths",)),
        ([*GIVEN, "--even=3"], "argument --even: 3 is odd", ("--even",)),
        ([*GIVEN, "--mode=c"], "invalid choice: 'c'", ("--mode",)),
        (["--this"], "required: source, --name", ("source", "--name")),
        (GIVEN[:2], "one of the arguments --this --that", ("--this", "--that")),
        ([*GIVEN, "--that"], "not allowed with argument --this", ("--that",)),
        ([*GIVEN, "--paths"], "expected one argument", ("--paths",)),
        ([*GIVEN, "--nothing"], "unrecognized arguments: --nothing", ()),
        ([*GIVEN, "x"], "invalid choice: 'x'", ("command",)),
        ([*GIVEN, "b", "--jobs=x", "deeper"], "'x'", ("build --jobs",)),
        ([*GIVEN, "build"], "required: deep", ("build command",)),
        ([*GIVEN, "b", "deeper"], "required: --level", ("build deeper --level",)),
        ([*GIVEN, "--t"], "ambiguous option", ()),
    ]
    verdicts = asked(FULL, *(argv for argv, _, _ in cases))
    for (_, words, fields), verdict in zip(cases, verdicts, strict=True):
        assert verdict.fields == fields
        assert words in verdict.message
        assert verdict.accepted is False


def test_what_the_parser_takes_is_accepted(asked: Asked) -> None:
    verdicts = asked(
        FULL,
        [*GIVEN, "--paths=3", "--even=2"],
        [*GIVEN, "build", "--jobs=2", "deeper", "--level=1"],
        ["--help"],
        GIVEN,
    )
    assert [verdict.accepted for verdict in verdicts] == [True] * 4
    assert {verdict.message for verdict in verdicts} == {""}


def test_the_module_is_imported_once_for_all(asked: Asked) -> None:
    source = """
with open("imports", "a") as counted:
    counted.write("x")
def first(text):
    if open("imports").read() != "x":
        raise ValueError
    return text
parser = argparse.ArgumentParser()
parser.add_argument("--x", type=first)
parser.parse_args()
"""
    verdicts = asked(source, *([f"--x={n}"] for n in range(30)))
    assert [verdict.accepted for verdict in verdicts] == [True] * 30


@pytest.mark.parametrize(
    "look",
    [
        "'--x=n' in sys.argv",
        "sys.argv[1:][:1] == ['--x=n']",
        "sys.argv[1] == '--x=n'",
        "any(word == '--x=n' for word in sys.argv[1:])",
        "len(sys.argv) == 3",
    ],
)
def test_a_module_that_decides_before_it_parses_decides_for_each(
    asked: Asked, look: str
) -> None:
    source = f"""
parser = argparse.ArgumentParser()
parser.add_argument("--x", type=str if {look} else int)
parser.add_argument("-v", action="store_true")
parser.parse_args(sys.argv[1:])
"""
    three = ["--x=n", "-v"] if "len" in look else ["--x=n"]
    verdicts = asked(source, ["--x=1"], three, ["--x=2"], ["--x=q"])
    told = [verdict.accepted for verdict in verdicts]
    assert told == [True, True, True, False]


def test_a_module_that_takes_its_command_line_apart_is_asked_for_each(
    asked: Asked,
) -> None:
    source = """
parser = argparse.ArgumentParser()
parser.add_argument("--x", type=int)
if sys.argv[1:2] == ["go"]:
    other = argparse.ArgumentParser()
    other.add_argument("--y", type=int, required=True)
    other.parse_args(sys.argv[2:])
else:
    parser.parse_args(sys.argv[1:])
"""
    verdicts = asked(source, ["go", "--y=x"], ["--x=x"], ["go", "--y=1"], ["--x=1"])
    told = [verdict.accepted for verdict in verdicts]
    assert told == [False, False, True, True]


@pytest.mark.parametrize(
    "parser",
    [
        # a class of its own that ends otherwise
        """
class Parser(argparse.ArgumentParser):
    def error(self, message):
        print("sorry:", message); sys.exit(1)
parser = Parser()
""",
        # one that raises instead
        """
class Bad(Exception): pass
class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Bad(message)
parser = Parser()
""",
        "parser = argparse.ArgumentParser(exit_on_error=False)\n",
        # one whose parse_args takes more
        """
class Parser(argparse.ArgumentParser):
    def parse_args(self, env=1, args=None, namespace=None):
        return super().parse_args(args, namespace)
    def parse_known_args(self, args=None, namespace=None, **other):
        return super().parse_known_args(args, namespace)
parser = Parser()
""",
        # one whose parse_args does more
        """
class Parser(argparse.ArgumentParser):
    def parse_args(self, args=None, namespace=None):
        return super().parse_args(args, namespace)
parser = Parser()
""",
    ],
)
@pytest.mark.parametrize(
    "parse",
    [
        "parser.parse_args()",
        "try:\n    parser.parse_args()\nexcept Exception as e:\n    print(e)",
        "try:\n    parser.parse_args()\nexcept SystemExit as e:\n    os._exit(0)",
        "parser.parse_known_args()",
        "parser.parse_args(args=sys.argv[1:])",
        (
            "first = argparse.ArgumentParser(add_help=False)\n"
            "first.add_argument('--config')\n"
            "parser.parse_args(args=first.parse_known_args()[1])"
        ),
    ],
)
def test_parsers_of_all_kinds_are_heard(asked: Asked, parser: str, parse: str) -> None:
    source = parser + "parser.add_argument('-x', '--ex', type=int)\n" + parse
    good, bad = asked(source, ["--ex=1"], ["--ex=a"])
    assert good.accepted is True
    message, fields = refused(bad)
    assert "invalid int value: 'a'" in message
    assert fields == ("--ex",)


def test_the_second_of_two_parsers_has_the_last_word(asked: Asked) -> None:
    source = """
one = argparse.ArgumentParser(); one.add_argument("--x")
two = argparse.ArgumentParser(); two.add_argument("--y", type=int)
try:
    one.parse_args()
except SystemExit:
    two.parse_args()
"""
    (taken,) = asked(source, ["--y=3"])
    assert taken.accepted is True
    (bad,) = asked(source, ["--y=a"])
    assert "invalid int value" in refused(bad)[0]


def test_a_refusal_of_what_was_let_pass_is_heard(asked: Asked) -> None:
    source = """
parser = argparse.ArgumentParser()
parser.add_argument("--x")
known, rest = parser.parse_known_args()
if rest and rest != ["--for-others"]:
    parser.error(f"what is {rest[0]}?")
print("works")
"""
    verdicts = asked(source, ["--x=1"], ["--what"], ["--for-others"])
    assert [verdict.accepted for verdict in verdicts] == [True, False, True]
    assert refused(verdicts[1]) == ("what is --what?", ())


def test_jsonargparse_names_its_fields(asked: Asked) -> None:
    source = """
import jsonargparse
def fit(n: int, ratio: float = 0.5): pass
def go(name: str): pass
jsonargparse.CLI([fit, go])
"""
    verdicts = asked(source, ["fit", "x"], ["fit"], ["fit", "1", "--ratio=z"], [])
    fields = [refused(verdict)[1] for verdict in verdicts]
    assert fields == [("fit n",), ("fit n",), ("fit --ratio",), ("command",)]
    assert asked(source, ["go", "a"])[0].accepted is True


def test_asking_for_defaults_is_not_the_parse(asked: Asked) -> None:
    source = """
parser = argparse.ArgumentParser()
parser.add_argument("--x", type=int)
defaults = parser.parse_args([])
parser.parse_args()
"""
    good, bad = asked(source, ["--x=1"], ["--x=a"])
    assert good.accepted is True
    assert refused(bad)[1] == ("--x",)
