"""Real runs to inject faults into; whatever still runs is ended afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.conftest import bench, desk, sessions

__all__ = ["bench", "desk", "sessions"]

ROOT = Path(__file__).parents[2]

UNSHARE = "/usr/bin/unshare"


@pytest.fixture
def small_disk(tmp_path: Path) -> Callable[..., str]:
    """Runs a script with a small file system of its own, where no other sees it.

    The script finds it at its first argument, and ``ROOT`` on its path.
    """

    def run(script: str, size: str = "2m") -> str:
        (tmp_path / "disk").mkdir()
        path = tmp_path / "script.py"
        path.write_text(textwrap.dedent(script))
        mounts = 'mount -t tmpfs -o size=$0,mode=700 none "$1" && shift && exec "$@"'
        inside = [sys.executable, str(path), str(tmp_path / "disk")]
        command = ["sh", "-c", mounts, size, str(tmp_path / "disk"), *inside]
        done = subprocess.run(
            [UNSHARE, "--user", "--map-root-user", "--mount", *command],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
