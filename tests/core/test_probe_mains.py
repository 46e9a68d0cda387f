from __future__ import annotations

import sys
from pathlib import Path

import pytest

from opsdash_widgets.core import discovery


@pytest.mark.parametrize("name", ["tool", "tool.__main__"])
def test_a_main_file_without_a_guard_is_asked_by_either_of_its_names(
    tmp_path: Path, name: str
) -> None:
    package = tmp_path / "tool"
    package.mkdir()
    (package / "__init__.py").write_text(
        "import argparse\n"
        "def main():\n"
        "    parser = argparse.ArgumentParser()\n"
        "    parser.add_argument('--level')\n"
        "    parser.parse_args()\n"
    )
    (package / "__main__.py").write_text("from tool import main\n\nmain()\n")
    spec = discovery.probe_module(name, interpreter=sys.executable, cwd=tmp_path)
    assert [a.id for a in spec.parser.arguments] == ["--help", "--level"]
