"""The wheel: built without Node, it installs and works in an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.serving import Served

ROOT = Path(__file__).parents[1]
PIP = ["-m", "pip", "--disable-pip-version-check", "--quiet"]
BUILT = [
    "opsdash_widgets/server/dashboard.ipynb",
    "opsdash_widgets/server/static/page.js",
    "opsdash_widgets/server/template/index.html.j2",
    "opsdash_widgets/ui/static/argparse_form.js",
    "opsdash_widgets/ui/static/log_tail.js",
    "opsdash_widgets/ui/static/run_table.css",
    "data/share/jupyter/labextensions/opsdash-widgets/install.json",
    "data/share/jupyter/labextensions/opsdash-widgets/package.json",
]
NOT_FOR_USERS = ("tests/", "bench/", "runners/", "frontend/", "node_modules/")


def without_node(binaries: Path | None = None) -> dict[str, str]:
    """The environment with a PATH on which there is no Node, and no tool of ours."""
    path = str(binaries) if binaries else str(Path(sys.executable).parent)
    assert shutil.which("node", path=path) is None
    return {**os.environ, "PATH": path}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of what is checked out, with the browser parts as they are built."""
    folder = tmp_path_factory.mktemp("dist")
    options = ["--no-build-isolation", "--no-deps", "--wheel-dir", str(folder)]
    subprocess.run(
        [sys.executable, *PIP, "wheel", *options, str(ROOT)],
        check=True,
        env=without_node(),
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of an environment that holds the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True, symlinks=True)
    python = str(folder / "bin" / "python")
    locked = ["--require-hashes", "-r", str(ROOT / "requirements" / "run.txt")]
    subprocess.run([python, *PIP, "install", *locked], check=True)
    subprocess.run([python, *PIP, "install", "--no-deps", str(wheel)], check=True)
    return folder / "bin"


def test_it_holds_every_built_part_and_nothing_that_users_do_not_need(
    wheel: Path,
) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [part for part in BUILT if not any(n.endswith(part) for n in names)] == []
    assert [name for name in names if name.startswith(NOT_FOR_USERS)] == []
    assert [name for name in names if name.endswith((".ts", ".map", ".pyc"))] == []


def test_it_works_where_there_is_no_node(installed: Path, tmp_path: Path) -> None:
    environment = without_node(installed)
    usage = subprocess.run(
        [installed / "opsdash", "--help"],
        check=True,
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "serve" in usage.stdout
    where = subprocess.run(
        [installed / "python", "-c", "import opsdash_widgets as o; print(o.__file__)"],
        check=True,
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(installed.parent)


def test_it_serves_the_panel(installed: Path, tmp_path: Path) -> None:
    home, project = tmp_path / "home", tmp_path / "project"
    home.mkdir(mode=0o700)
    project.mkdir()
    command = [str(installed / "opsdash"), "serve"]
    path = without_node(installed)["PATH"]
    with Served(command, home, project, PATH=path).wait_for_url() as served:
        assert served.health()["status"] == "ok"
        status, body, _ = served.get("", Authorization=f"token {served.token}")
        assert status == 200
        assert "application/vnd.jupyter.widget-view+json" in body
