"""Modules that would leave a file behind, or begin their work, leave nothing."""

from __future__ import annotations

import contextlib
import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from opsdash_widgets.core import discovery
from opsdash_widgets.core.discovery import sandbox
from opsdash_widgets.core.errors import ProbeFailed
from opsdash_widgets.core.model import Kind, ModuleSpec

PLACES = {
    "the working folder": "'{mark}'",
    "home": "os.path.expanduser('~/{mark}')",
    "beside its source": "os.path.join(os.path.dirname(__file__), '{mark}')",
    "/tmp": "'/tmp/{mark}'",
    "the folder for temporary files": "os.path.join(tempfile.gettempdir(), '{mark}')",
    "shared memory": "'/dev/shm/{mark}'",
    "/var/tmp": "'/var/tmp/{mark}'",
}
HEAD = """
import argparse, atexit, os, subprocess, sys, tempfile, threading, time
path = {path}
def leave(*ignored):
    open(path, "w").close()
    return "left"
"""
PARSE = """
parser = argparse.ArgumentParser()
parser.add_argument("--x", default="")
args = parser.parse_args()
"""
WAYS = {
    "at import": "leave()" + PARSE,
    "after parse_args": PARSE + "leave()",
    "after parse_args, and exits hard": PARSE + "leave(); os._exit(0)",
    "at exit": "atexit.register(leave)" + PARSE,
    "from a thread": "threading.Thread(target=leave).start()" + PARSE,
    "from a fork": "if os.fork() == 0:\n    leave(); os._exit(0)\nos.wait()" + PARSE,
    "from a daemon": """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for _ in range(600):
            leave(); time.sleep(0.1)
    os._exit(0)
os.wait()
"""
    + PARSE,
    "by a program": (
        "subprocess.run([sys.executable, '-c', 'import sys; open(sys.argv[1], \"w\")',"
        " path])" + PARSE
    ),
    "and exits hard at import": "leave(); os._exit(3)" + PARSE,
    "in a converter": PARSE.replace('default=""', "type=leave"),
    "in a converter of a default": PARSE.replace(
        'default=""', 'type=leave, default="d"'
    ),
    "in an action": """
class Leave(argparse.Action):
    def __call__(self, *rest):
        leave()
"""
    + PARSE.replace('default=""', "action=Leave"),
    "by FileType": PARSE.replace(
        'default=""', "type=lambda t: argparse.FileType('w')(path)"
    ),
    "in its own parse_args": """
class Parser(argparse.ArgumentParser):
    def parse_args(self, *rest):
        parsed = super().parse_args(*rest); leave(); return parsed
"""
    + PARSE.replace("argparse.ArgumentParser()", "Parser()"),
    "in its own error": """
class Parser(argparse.ArgumentParser):
    def error(self, message):
        leave(); super().error(message)
"""
    + PARSE.replace("argparse.ArgumentParser()", "Parser()").replace(
        'default=""', "type=int"
    ),
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Iterator[Path]:
    folder = tmp_path / "project"
    folder.mkdir()
    yield folder
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["job.py"], "it keeps its source and nothing else"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("place", ["beside its source"])
def test_nothing_is_left_however_it_is_written(
    project: Path, home: Path, way: str, place: str
) -> None:
    leaves_nothing(project, home, WAYS[way], PLACES[place])


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_left_wherever_it_is_written(
    project: Path, home: Path, place: str
) -> None:
    leaves_nothing(project, home, WAYS["at import"], PLACES[place])
    leaves_nothing(project, home, WAYS["in a converter"], PLACES[place])


def leaves_nothing(project: Path, home: Path, body: str, place: str) -> None:
    """Probe and validate a module; then look where it might have written."""
    mark = f"opsdash-mark-{uuid.uuid4().hex}"
    path = place.format(mark=mark)
    (project / "job.py").write_text(HEAD.format(path=path) + body + f"# {mark}\n")
    if sandbox.confinement().is_full:
        with contextlib.suppress(ProbeFailed):
            discovery.probe_module("job", interpreter=sys.executable, cwd=project)
    validated(project, [["--x", "1"], ["--x", "b"], []])
    looked = [project, home, Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]
    looked.append(Path(os.environ.get("TMPDIR", "/tmp")))
    left = [folder / mark for folder in looked if (folder / mark).exists()]
    assert left == []
    assert [one for one in psutil.process_iter() if _mentions(one, mark)] == []


def validated(
    project: Path, argvs: list[list[str]], spec: ModuleSpec | None = None
) -> discovery.Validation:
    return discovery.validate(
        "job",
        argvs,
        interpreter=sys.executable,
        cwd=project,
        spec=spec or ModuleSpec(module="job", kind=Kind.ARGPARSE),
        timeout_s=60,
    )


def _mentions(process: psutil.Process, text: str) -> bool:
    try:
        return process.status() != "zombie" and any(
            text in word for word in process.cmdline()
        )
    except psutil.Error:
        return False


def test_a_converter_that_deletes_its_path_deletes_nothing(project: Path) -> None:
    kept = project.parent / "kept"
    kept.write_text("precious")
    (project / "job.py").write_text(
        "import argparse, os\n"
        "parser = argparse.ArgumentParser()\n"
        "parser.add_argument('--x', type=os.remove)\n"
        "parser.parse_args()\n"
    )
    validation = validated(project, [["--x", str(kept)], ["--x", str(kept)]])
    assert kept.read_text() == "precious"
    if validation.available:
        verdicts = [verdict.accepted for verdict in validation.verdicts]
        assert verdicts == [True, True], "neither stumbles over what the other did"


WORK = """
import argparse, os, sys
parser = argparse.ArgumentParser()
parser.add_argument("--x", type=int)
{parse}
os.write(1, b"it worked")
"""


@pytest.mark.parametrize(
    "parse",
    [
        "parser.parse_args()",
        "parser.parse_args(sys.argv[1:])",
        "parser.parse_known_args()",
        "parser.parse_intermixed_args()",
        (
            "first = argparse.ArgumentParser(add_help=False)\n"
            "first.add_argument('--config')\n"
            "known, rest = first.parse_known_args()\n"
            "parser.parse_args(rest)"
        ),
        "args = parser.parse_args()\nparser.error('unreached') if not args.x else 0",
        "try:\n    parser.parse_args()\nexcept SystemExit:\n    print('it worked')",
    ],
)
def test_the_real_work_after_the_parse_never_runs(
    project: Path, monkeypatch: pytest.MonkeyPatch, parse: str
) -> None:
    heard: list[str] = []
    ask = sandbox.ask

    def listening(*args: object, **named: object) -> sandbox.Answer:
        answer = ask(*args, **named)  # type: ignore[arg-type] # passed on as they are
        heard.append(answer.output)
        return answer

    monkeypatch.setattr(sandbox, "ask", listening)
    (project / "job.py").write_text(WORK.format(parse=parse))
    spec = discovery.probe_module("job", interpreter=sys.executable, cwd=project)
    assert "--x" in [argument.id for argument in spec.parser.arguments]
    validation = validated(project, [["--x", "1"], ["--x", "no"], []], spec)
    assert len(heard) >= 2
    assert "it worked" not in "".join(heard)
    if validation.available:
        verdicts = [verdict.accepted for verdict in validation.verdicts]
        assert verdicts == [True, False, True]
