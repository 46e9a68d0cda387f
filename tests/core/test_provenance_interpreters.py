"""Which Python ran it and what was installed there: any Python, asked once."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.model import LaunchRequest
from opsdash_widgets.core.provenance import interpreter as asking_python
from opsdash_widgets.core.provenance.interpreter import Place, interpreter_state
from tests.roundtrip import interpreters

from .desk import Desk

LONG_AGO = 1_700_000_000


@pytest.fixture
def place(home: Path, tmp_path: Path) -> Place:
    return Place(str(tmp_path), {}, home)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The interpreters that were asked, one entry for each time."""
    found: list[str] = []
    ask = asking_python.ask

    def noting(command: Any, **where: Any) -> Any:
        found.append(command[0])
        return ask(command, **where)

    monkeypatch.setattr(asking_python, "ask", noting)
    return found


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """The Python of an environment in which three things are installed."""
    folder = tmp_path / "venv"
    command = [sys.executable, "-m", "venv", "--without-pip", folder]
    subprocess.run(command, check=True)
    site = site_of(folder)
    (site / "Some_Thing-1.0.dist-info").mkdir()
    (site / "old_one-2.5-py3.9.egg-info").write_text("Metadata-Version: 1.1\n")
    editable = site / "edited.egg-info"
    editable.mkdir()
    (editable / "PKG-INFO").write_text("Name: Edited.Here\nVersion: 3\n\nName: x\n")
    (site / "~ome_thing-0.9.dist-info").mkdir()  # what pip leaves behind
    settle(folder)
    return folder / "bin" / "python"


def site_of(folder: Path) -> Path:
    return next(folder.glob("lib/python3*/site-packages"))


def settle(folder: Path) -> None:
    """Have nothing in a folder look as if it were being changed just now."""
    for path in (folder, *folder.rglob("*")):
        os.utime(path, (LONG_AGO, LONG_AGO), follow_symlinks=False)


def kept_list(home: Path, digest: str) -> list[str]:
    path = home / "logs" / "packages" / f"{digest}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return list(json.loads(path.read_text())["packages"])


def test_our_own_python_is_told_as_it_knows_itself(place: Place) -> None:
    python, packages = interpreter_state(sys.executable, place)
    assert python.path == sys.executable
    assert python.implementation == sys.implementation.name
    assert python.version == sys.version.split()[0]
    installed = kept_list(place.home, packages.digest)
    assert packages.count == len(installed)
    assert f"msgspec=={metadata.version('msgspec')}" in installed


def test_an_environment_tells_what_is_installed_in_it(place: Place, venv: Path) -> None:
    python, packages = interpreter_state(str(venv), place)
    assert python.version == sys.version.split()[0]
    expected = ["edited-here==3", "old-one==2.5", "some-thing==1.0"]
    assert kept_list(place.home, packages.digest) == expected


def test_every_python_of_the_machine_tells_its_version(place: Place) -> None:
    for path in interpreters.others():
        python, packages = interpreter_state(path, place)
        command = [path, "-c", "import platform; print(platform.python_version())"]
        said = subprocess.run(command, capture_output=True, text=True, check=True)
        assert python.version == said.stdout.strip()
        assert len(packages.digest) == 64


def test_it_is_asked_once(place: Place, venv: Path, asked: list[str]) -> None:
    first = interpreter_state(str(venv), place)
    assert interpreter_state(str(venv), place) == first
    assert asked == [str(venv)]


def test_an_installation_is_seen_without_asking_again(
    place: Place, venv: Path, asked: list[str]
) -> None:
    _, before = interpreter_state(str(venv), place)
    (site_of(venv.parent.parent) / "more-1.dist-info").mkdir()
    _, after = interpreter_state(str(venv), place)
    assert asked == [str(venv)]
    more = set(kept_list(place.home, after.digest))
    assert more - set(kept_list(place.home, before.digest)) == {"more==1"}


def upgraded(venv: Path) -> None:
    os.utime(venv.parent.parent / "pyvenv.cfg")


def another(venv: Path) -> None:
    target = venv.resolve()
    venv.unlink()
    venv.write_bytes(target.read_bytes())
    venv.chmod(0o755)


def path_file(venv: Path) -> None:
    extra = venv.parent.parent / "extra"
    (extra / "extra-1.dist-info").mkdir(parents=True)
    (site_of(venv.parent.parent) / "extra.pth").write_text(f"{extra}\n")


@pytest.mark.parametrize("change", [upgraded, another, path_file])
def test_a_python_that_was_changed_is_asked_again(
    place: Place, venv: Path, asked: list[str], change: Callable[[Path], None]
) -> None:
    interpreter_state(str(venv), place)
    change(venv)
    _, packages = interpreter_state(str(venv), place)
    assert asked == [str(venv)] * 2
    added = "extra==1" in kept_list(place.home, packages.digest)
    assert added is (change is path_file)


def test_a_list_that_was_deleted_is_written_again(place: Place, venv: Path) -> None:
    _, packages = interpreter_state(str(venv), place)
    (place.home / "logs" / "packages" / f"{packages.digest}.json").unlink()
    assert interpreter_state(str(venv), place)[1] == packages
    assert kept_list(place.home, packages.digest)


@pytest.mark.parametrize("garbage", [b"", b"[]", b'{"format": 1}', b"\xff"])
def test_a_cache_that_is_garbage_is_made_anew(
    place: Place, venv: Path, garbage: bytes
) -> None:
    first = interpreter_state(str(venv), place)
    (file,) = (place.home / "cache" / "interpreters").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_bytes(garbage)
    assert interpreter_state(str(venv), place) == first


def test_a_launcher_script_is_asked_each_time_where_the_run_is(
    place: Place, tmp_path: Path, venv: Path, asked: list[str]
) -> None:
    shim = tmp_path / "shim"
    shim.write_text('#!/bin/sh\nexec "$(cat which)" "$@"\n')
    shim.chmod(0o755)
    (tmp_path / "which").write_text(str(venv))
    _, inner = interpreter_state(str(shim), place)
    assert inner.count == 3
    (tmp_path / "which").write_text(sys.executable)
    _, ours = interpreter_state(str(shim), place)
    assert ours.count > 3
    assert asked == [str(shim)] * 2


@pytest.mark.parametrize("script", ["exit 3", "echo hello", "sleep 600"])
def test_a_python_that_does_not_answer_is_not_known_and_holds_nobody_up(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(asking_python, "TIMEOUT_S", 0.3)
    double = tmp_path / "python"  # a double of an interpreter
    double.write_text(f"#!/bin/sh\n{script}\n")
    double.chmod(0o755)
    python, packages = interpreter_state(str(double), place)
    assert (python.path, python.version) == (str(double), "")
    assert (packages.digest, packages.count) == ("", 0)
    missing, _ = interpreter_state(str(tmp_path / "nosuch"), place)
    assert missing.version == ""


def test_a_module_in_the_working_folder_is_not_run_by_asking(
    place: Place, tmp_path: Path, venv: Path
) -> None:
    for name in ("site", "json", "ast", "sys", "usercustomize", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    python, _ = interpreter_state(str(venv), place)
    assert python.version
    assert not (tmp_path / "ran").exists()


def test_a_run_records_the_python_of_its_environment(desk: Desk, venv: Path) -> None:
    module = desk.module("prints", "print('done')\n")
    service = desk.service()
    request = LaunchRequest(module=module, interpreter=str(venv))
    run = desk.run(service, request)
    assert run.spec.provenance["interpreter"]["path"] == str(venv)
    assert run.spec.provenance["packages"]["count"] == 3


def test_a_disk_that_does_not_answer_holds_no_launch_up(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from opsdash_widgets.core.provenance import collecting

    asked = []
    over = threading.Event()

    def hangs(*_: object) -> Any:  # a double of a folder on a dead server
        asked.append(True)
        over.wait()

    monkeypatch.setattr(collecting, "MOST_S", 0.1)
    monkeypatch.setattr(collecting, "git_state", hangs)
    monkeypatch.setattr(collecting, "interpreter_state", hangs)
    run = desk.run(desk.service(), LaunchRequest(module=desk.module("p", "")))
    over.set()
    assert len(asked) == 2
    assert run.spec.provenance["git"] is None
    assert run.spec.provenance["packages"]["digest"] == ""
