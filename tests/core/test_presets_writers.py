"""Presets under many writers at once, in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from opsdash_widgets.core.presets import PresetStore

WRITERS = 4
EACH = 15
SOURCE = """
import sys
from pathlib import Path
import msgspec
from opsdash_widgets.core.errors import PresetError
from opsdash_widgets.core.model import FormValues, Preset
from opsdash_widgets.core.presets import PresetStore

store = PresetStore(Path(sys.argv[1]), Path(sys.argv[1]))
done = 0
while done < int(sys.argv[3]):
    try:
        seen = store.load("jobs.a", "shared")
    except PresetError:
        seen = None
    old = seen.preset.values.values if seen else {}
    new = Preset(
        name="shared",
        module="jobs.a",
        values=FormValues(values={**old, f"--{sys.argv[2]}-{done}": "x"}),
    )
    try:
        store.save(new, seen.fingerprint if seen else "")
    except PresetError:
        continue  # somebody was faster: look again
    done += 1
"""


def test_writers_at_once_lose_nothing_of_each_other(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SOURCE, str(tmp_path)]
    writers = [
        subprocess.Popen([*command, str(number), str(EACH)])
        for number in range(WRITERS)
    ]
    assert [writer.wait(120) for writer in writers] == [0] * WRITERS
    store = PresetStore(tmp_path, tmp_path)
    kept = store.load("jobs.a", "shared").preset.values.values
    assert len(kept) == WRITERS * EACH
    folder = tmp_path / "presets" / "jobs.a"
    assert [path.name for path in folder.iterdir()] == ["shared.json"]
