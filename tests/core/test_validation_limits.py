"""What a parser may do while it is asked, and when its word cannot be had."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from opsdash_widgets.core import discovery
from opsdash_widgets.core.discovery import sandbox
from opsdash_widgets.core.model import Kind, ModuleSpec

from .asking import Asked, refused


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


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
