"""What holds for every file of the project."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST = 400
"""Lines of a source file."""


def tracked(*patterns: str) -> list[Path]:
    """The files of the project that git knows, or would add."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines()]


def test_no_source_file_is_a_room_with_too_much_in_it() -> None:
    long = {
        str(path): count
        for path in tracked("*.py", "*.ts", "*.css", "*.mjs")
        if path.is_file()
        and (count := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert long == {}


@pytest.mark.parametrize("pattern", ["requirements/*.txt", "frontend/**/*.json"])
def test_no_lock_file_holds_an_address(pattern: str) -> None:
    for path in tracked(pattern):
        text = path.read_text("utf-8")
        assert '"resolved"' not in text, path
        assert "--index-url" not in text, path
        assert " @ http" not in text, path
