from __future__ import annotations

import sys
from pathlib import Path

from opsdash_widgets.core import discovery

SOURCE = """
import argparse, pathlib
class Mine(type(pathlib.Path())): pass
parser = argparse.ArgumentParser()
parser.add_argument("--read", type=argparse.FileType("r"))
parser.add_argument("--write", type=argparse.FileType("w"))
parser.add_argument("--path", type=pathlib.Path)
parser.add_argument("--mine", type=Mine)
parser.add_argument("--text")
parser.parse_args()
"""


def test_a_type_says_what_path_it_takes_and_whether_it_must_be_there(
    tmp_path: Path,
) -> None:
    (tmp_path / "takes.py").write_text(SOURCE)
    spec = discovery.probe_module("takes", interpreter=sys.executable, cwd=tmp_path)
    said = {a.dest: (a.path, a.must_exist) for a in spec.parser.arguments}
    assert said["read"] == ("file", True)
    assert said["write"] == ("file", False)
    assert said["path"] == said["mine"] == ("any", False)
    assert said["text"] == ("", False)
