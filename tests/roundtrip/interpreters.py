"""The Pythons of this machine."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from pathlib import Path

_ASK = "import sys; print('%d.%d.%d' % sys.version_info[:3])"


@functools.cache
def others() -> tuple[str, ...]:
    """A Python of each minor version from 3.8 on but our own, where there is one."""
    found = {sys.version_info[1]: ""}
    for path in _candidates():
        version = _version(path)
        if version is not None and version[0] == 3 and version[1] >= 8:
            found.setdefault(version[1], path)
    return tuple(path for _, path in sorted(found.items()) if path)


def _candidates() -> list[str]:
    named = [shutil.which(f"python3.{minor}") for minor in range(8, 20)]
    kept = sorted(Path.home().glob(".pyenv/versions/3.*/bin/python"))
    return [path for path in (*named, *map(str, kept)) if path]


def _version(path: str) -> tuple[int, ...] | None:
    asked = subprocess.run(
        [path, "-c", _ASK], capture_output=True, text=True, check=False
    )
    if asked.returncode != 0:
        return None
    return tuple(int(part) for part in asked.stdout.split("."))
