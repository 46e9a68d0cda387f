"""The module's own parser says what it says, in its own words, at the right field."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from opsdash_widgets.core import discovery
from opsdash_widgets.core.discovery import ParserVerdict, sandbox
from opsdash_widgets.core.model import Kind, ModuleSpec

HEAD = "import argparse, os, sys, pathlib\n"
TAIL = "\nif __name__ == '__main__':\n    pass\n"


class Asked:
    """Writes a module and asks its parser."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.interpreter = sys.executable
        self.timeout_s = 60.0

    def __call__(
        self, source: str, *argvs: list[str], secrets: tuple[str, ...] = ()
    ) -> list[ParserVerdict]:
        """The verdicts; on a machine that allows none, what is expected of it."""
        (self.folder / "job.py").write_text(HEAD + source + TAIL)
        spec = discovery.probe_module(
            "job", interpreter=self.interpreter, cwd=self.folder
        )
        return self.ask(spec, *argvs, secrets=secrets)

    def ask(
        self, spec: ModuleSpec, *argvs: list[str], secrets: tuple[str, ...] = ()
    ) -> list[ParserVerdict]:
        validation = discovery.validate(
            "job",
            argvs,
            interpreter=self.interpreter,
            cwd=self.folder,
            spec=spec,
            timeout_s=self.timeout_s,
            secrets=secrets,
        )
        if not validation.available:
            assert not sandbox.confinement().is_full
            pytest.xfail(validation.reason)
        assert len(validation.verdicts) == len(argvs)
        return list(validation.verdicts)


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


def refused(verdict: ParserVerdict) -> tuple[str, tuple[str, ...]]:
    assert verdict.accepted is False
    return verdict.message, verdict.fields


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


def test_a_converter_that_crashes_is_a_refusal_at_its_field(asked: Asked) -> None:
    source = """
import json
parser = argparse.ArgumentParser()
parser.add_argument("--table", type=lambda name: {"a": 1}[name])
parser.add_argument("--file", type=lambda name: open(name).read())
parser.parse_args()
"""
    by_key, by_file = asked(source, ["--table=b"], ["--file=nowhere"])
    assert refused(by_key) == ("KeyError: 'b'", ("--table",))
    message, fields = refused(by_file)
    assert "No such file" in message
    assert fields == ("--file",)


def test_an_action_that_exits_is_heard_in_its_own_words(asked: Asked) -> None:
    source = """
class Stop(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None):
        if values == "exit":
            print("not today", file=sys.stderr); sys.exit(4)
        parser.exit(3, f"{values}: not at all\\n")
parser = argparse.ArgumentParser()
parser.add_argument("--stop", action=Stop)
parser.parse_args()
"""
    by_exit, by_parser = asked(source, ["--stop=exit"], ["--stop=now"])
    assert refused(by_exit) == ("not today", ("--stop",))
    assert refused(by_parser)[0] == "now: not at all"


def test_files_may_be_written_and_none_trips_another_argv(asked: Asked) -> None:
    source = """
def new(path):
    if os.path.exists(path):
        raise argparse.ArgumentTypeError("it is there already")
    open(path, "w").close()
    return path
parser = argparse.ArgumentParser()
parser.add_argument("--out", type=new)
parser.add_argument("--also", type=argparse.FileType("w"))
parser.parse_args()
"""
    verdicts = asked(source, *([["--out=o", "--also=p"]] * 3), ["--out=job.py"])
    assert [verdict.accepted for verdict in verdicts] == [True, True, True, False]
    assert [path.name for path in asked.folder.iterdir()] == ["job.py"]


def test_what_only_the_sandbox_refuses_is_not_refused(asked: Asked) -> None:
    source = """
import socket
def host(name):
    try:
        return socket.create_connection((name, 80), 1)
    except OSError:
        raise argparse.ArgumentTypeError(f"no {name}")
parser = argparse.ArgumentParser()
parser.add_argument("--host", type=host)
parser.add_argument("--admin", type=lambda p: os.mkdir("/sys/" + p))
parser.parse_args()
"""
    verdicts = asked(source, ["--host=192.0.2.1"], ["--host=localhost"], ["--admin=x"])
    assert [verdict.accepted for verdict in verdicts] == [None] * 3
    assert "sandbox" in verdicts[0].message
    assert verdicts[0].fields == ("--host",)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("if sys.argv[1:] == ['--x=1']: sys.exit(3)\n", "exits with 3"),
        ("if sys.argv[1:] == ['--x=1']: raise OSError('no')\n", "OSError: no"),
        ("if sys.argv[1:] == ['--x=1']: os._exit(1)\n", "did not come"),
        ("if sys.argv[1:] == ['--x=1']: os.kill(os.getpid(), 9)\n", "no answer"),
    ],
)
def test_a_module_that_does_not_come_to_its_parser_is_unknown(
    asked: Asked, source: str, words: str
) -> None:
    parse = "p = argparse.ArgumentParser(); p.add_argument('--x'); p.parse_args()"
    for verdict in asked(source + parse, ["--x=1"], ["--x=1"]):
        assert verdict.accepted is None
        assert words in verdict.message


def test_a_parser_that_takes_too_long_is_unknown(asked: Asked) -> None:
    source = """
import time
parser = argparse.ArgumentParser()
parser.add_argument("--x", type=lambda text: text == "fast" or time.sleep(600))
parser.parse_args()
"""
    asked.timeout_s = 3.0
    slow, _ = asked(source, ["--x=slow"], ["--x=slow"])
    assert slow.accepted is None
    assert slow.message == "Its parser did not answer in time."


def test_no_time_at_all_is_unknown_too(asked: Asked) -> None:
    (asked.folder / "job.py").write_text("import argparse")
    for asked.timeout_s in (0.0, 0.001, 0.02):
        verdicts = asked.ask(ModuleSpec(module="job", kind=Kind.ARGPARSE), [], [])
        assert [verdict.accepted for verdict in verdicts] == [None, None]


def test_a_module_without_a_parser_is_not_started(asked: Asked) -> None:
    asked.interpreter = sys.executable
    for kind in (Kind.PLAIN, Kind.FIRE, Kind.NOT_RUNNABLE):
        spec = ModuleSpec(module="job", kind=kind)
        (verdict,) = asked.ask(spec, ["2024-01-02"])
        assert verdict.accepted is None


def test_secrets_are_in_no_message(asked: Asked) -> None:
    source = """
parser = argparse.ArgumentParser()
parser.add_argument("--pin", type=int)
parser.parse_args()
"""
    secrets = ("hunter2", 'o\'ne "two"\n')
    for verdict, secret in zip(
        asked(source, *([f"--pin={s}"] for s in secrets), secrets=secrets),
        secrets,
        strict=True,
    ):
        message, fields = refused(verdict)
        assert fields == ("--pin",)
        assert secret not in message
        assert repr(secret)[1:-1] not in message
        assert "invalid int value" in message


def test_the_values_stand_on_no_command_line_and_in_no_variable(asked: Asked) -> None:
    source = """
def seen(text):
    own = open(f"/proc/{os.getpid()}/cmdline").read()
    if text in own or text in repr(dict(os.environ)):
        raise ValueError("seen")
    return text
parser = argparse.ArgumentParser()
parser.add_argument("--x", type=seen)
parser.parse_args()
"""
    (verdict,) = asked(source, ["--x=unlikely-to-be-elsewhere"])
    assert verdict.accepted is True


def test_what_argparse_gets_is_what_was_meant(asked: Asked) -> None:
    hard = ["", " ", "-", "é\n\t'\"", "\udcff", "x" * 100_000, "--", "-1"]
    source = f"""
expected = {hard!r}
def check(text):
    if text not in expected:
        raise ValueError(text)
    return text
parser = argparse.ArgumentParser()
parser.add_argument("--x", type=check)
parser.parse_args()
"""
    verdicts = asked(source, *([f"--x={text}"] for text in hard))
    assert [verdict.accepted for verdict in verdicts] == [True] * len(hard)


@pytest.mark.parametrize("most", ["part", "none"])
def test_where_no_overlay_is_to_be_had_nothing_is_asked_and_it_is_said(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, most: str
) -> None:
    monkeypatch.setattr(sandbox, "_MOST", most)  # stands for a machine without one
    monkeypatch.setattr(sandbox, "_tried", [])
    validation = discovery.validate(
        "job",
        [["--x"]],
        interpreter=sys.executable,
        cwd=asked.folder,
        spec=ModuleSpec(module="job", kind=Kind.ARGPARSE),
    )
    assert not validation.available
    assert validation.verdicts == ()
    assert "is not asked before a launch" in validation.reason
    assert discovery.validation_off() == validation.reason
