"""The probe with modules of others, its sandbox, and what it keeps."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from opsdash_widgets.core import discovery
from opsdash_widgets.core.discovery import sandbox
from opsdash_widgets.core.model import Kind, ModuleSpec

ONE_OPTION = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--x")
parser.parse_args()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def probe(project: Path, name: str, source: str | None = None) -> ModuleSpec:
    if source is not None:
        (project / f"{name}.py").write_text(source)
    return discovery.probe_module(name, interpreter=sys.executable, cwd=project)


@pytest.mark.parametrize(
    ("module", "argument"),
    [
        ("json.tool", "--indent"),
        ("compileall", "--workers"),
        ("zipfile", "--list"),
        ("http.server", "port"),
        ("pytest", "--maxfail"),
    ],
)
def test_modules_that_no_one_here_wrote_tell_their_arguments(
    project: Path, module: str, argument: str
) -> None:
    wanted = probe(project, module)
    assert wanted.kind is Kind.ARGPARSE
    assert argument in [known.id for known in wanted.parser.arguments]


def test_as_many_options_come_as_the_help_of_pytest_shows(project: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "pytest", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=project,
    ).stdout
    spec = probe(project, "pytest")
    known = {o for a in spec.parser.arguments for o in a.option_strings}
    listed = {
        word.rstrip(",").partition("=")[0]
        for line in shown.splitlines()
        if line.startswith("  -")
        for word in line.split()[:1]
    }
    assert len(listed) > 60
    assert listed <= known


def test_a_module_that_reads_a_file_of_its_folder_gets_its_folder(
    project: Path,
) -> None:
    (project / "names.txt").write_text("--from-file")
    source = (
        "import argparse\nname = open('names.txt').read()\n"
        "p = argparse.ArgumentParser(); p.add_argument(name); p.parse_args()\n"
    )
    spec = probe(project, "relative", source)
    assert "--from-file" in [argument.id for argument in spec.parser.arguments]


def test_relative_entries_of_pythonpath_mean_the_projects_folder(
    project: Path,
) -> None:
    (project / "src").mkdir()
    (project / "src" / "inner.py").write_text(ONE_OPTION)
    spec = discovery.probe_module(
        "inner",
        interpreter=sys.executable,
        cwd=project,
        variables={"PYTHONPATH": "src"},
    )
    assert [a.id for a in spec.parser.arguments] == ["--help", "--x"]


def test_nothing_that_the_module_started_is_left(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = """
import argparse, os, subprocess, sys
note = os.path.join(os.path.dirname(__file__), "pids")
child = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()} ')"
subprocess.Popen([sys.executable, "-c", child + "; time.sleep(600)", note],
                 start_new_session=True)
while not os.path.exists(note) or not open(note).read().strip(): pass
argparse.ArgumentParser().parse_args()
"""
    marks = project / "pids"
    for most in ("full", "part", "none"):
        marks.unlink(missing_ok=True)
        monkeypatch.setattr(sandbox, "_MOST", most)
        probe(project, "starter", source)
        left = [p for p in psutil.process_iter() if _mentions(p, str(marks))]
        assert left == []


def _mentions(process: psutil.Process, text: str) -> bool:
    try:
        return process.status() != "zombie" and text in process.cmdline()
    except psutil.Error:
        return False


def test_a_spec_is_kept_until_a_file_that_it_came_from_changes(
    project: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    helper = project / "helper.py"
    helper.write_text("NAME = '--one'\n")
    (project / "uses.py").write_text(
        "import argparse\nfrom helper import NAME\n"
        "p = argparse.ArgumentParser(); p.add_argument(NAME); p.parse_args()\n"
    )

    def ask(fresh: bool = False) -> ModuleSpec:
        return discovery.probe_module(
            "uses",
            interpreter=sys.executable,
            cwd=project,
            cache_dir=cache,
            fresh=fresh,
        )

    first = ask()
    assert ask() == first
    assert ask(fresh=True).probed_s != first.probed_s
    helper.write_text("NAME = '--another'\n")
    assert "--another" in [a.id for a in ask().parser.arguments]
    assert all(entry.stat().st_mode & 0o77 == 0 for entry in cache.iterdir())


def test_click_commands_tell_their_parameters(project: Path) -> None:
    source = """
import click
@click.group()
def cli(): ...
@cli.command()
@click.argument("source")
@click.option("--count", "-c", type=int, default=3, help="how often")
@click.option("--loud/--quiet", default=True)
@click.option("--tag", multiple=True)
@click.option("--api-token", default="hunter2")
def go(**kw): open(__file__ + ".worked", "w")
if __name__ == "__main__":
    cli()
"""
    spec = probe(project, "clicks", source)
    assert spec.kind is Kind.CLICK
    assert spec.parser.commands is not None
    (go,) = spec.parser.commands.commands
    arguments = {a.id: a for a in go.parser.arguments}
    assert arguments["source"].is_positional
    assert (arguments["--count"].type_name, arguments["--count"].default) == ("int", 3)
    assert arguments["--loud"].off_strings == ("--quiet",)
    assert arguments["--tag"].action == "append"
    assert arguments["--api-token"].secret
    assert "hunter2" not in repr(spec)
    assert not list(project.glob("*.worked"))


def test_the_probe_leaves_the_callers_folder_and_descriptors_alone(
    project: Path,
) -> None:
    probe(project, "one", ONE_OPTION)
    before = set(Path("/proc/self/fd").iterdir())
    probe(project, "one")
    assert set(Path("/proc/self/fd").iterdir()) == before
