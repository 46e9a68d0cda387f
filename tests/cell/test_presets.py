"""Presets from a cell."""

from __future__ import annotations

from pathlib import Path

import pytest

import opsdash_widgets as ops
from opsdash_widgets.core.errors import PresetError, PresetNotFound, ValuesError

from .test_cell import project

__all__ = ["project"]

TALK = "jobs.talk"

pytestmark = pytest.mark.usefixtures("project")


def test_values_are_saved_under_a_name_and_launched_by_it() -> None:
    presets = ops.presets(TALK)
    assert len(presets) == 0
    assert repr(presets) == f"No presets for {TALK} yet."
    made = presets.save("month end", paths=7, fast=True, description="the usual")
    assert made.values == {"--paths": "7", "--fast": True}
    assert presets.names == ["month end"]
    assert "month end" in presets
    run = presets["month end"].launch().wait(60)
    assert run.argv == ("--paths=7", "--fast")


def test_a_launch_may_say_otherwise() -> None:
    made = ops.presets(TALK).save("a", paths=7, fast=True)
    run = made.launch(paths=8, fast=False).wait(60)
    assert run.argv == ("--paths=8",)
    run = made.launch(paths=None, extra_args=["--start-date", "2025-01-01"]).wait(60)
    assert set(run.argv) == {"--fast", "--start-date=2025-01-01"}
    with pytest.raises(ValuesError, match="no argument"):
        made.launch(pathz=1)


def test_a_dry_run_and_a_check_run_nothing() -> None:
    presets = ops.presets(TALK)
    made = presets.save("a", paths=7)
    assert made.dry_run().argv == ("--paths=7",)
    assert made.validate().accepted
    assert made.compare().is_none
    assert not presets.save("b", paths="many").validate().accepted
    assert len(ops.runs()) == 0


def test_saving_twice_keeps_the_last(project: Path) -> None:
    presets = ops.presets(TALK)
    first = presets.save("a", paths=1)
    second = presets.save("a", paths=2)
    assert presets["a"].values == {"--paths": "2"}
    assert second.record.created == first.record.created


def test_a_preset_is_renamed_deleted_and_had_back() -> None:
    presets = ops.presets(TALK)
    made = presets.save("a", paths=1)
    assert made.rename("b").name == "b"
    made.delete()
    assert presets.names == []
    assert presets.restore("b").values == {"--paths": "1"}
    with pytest.raises(PresetNotFound, match="no preset c"):
        presets["c"]


def test_presets_travel_by_file(project: Path) -> None:
    presets = ops.presets(TALK)
    one = presets.save("a", paths=1).export(project)
    presets.generate("b")
    both = presets.export(project / "both.json")
    assert (one.name, both.name) == ("a.json", "both.json")
    with pytest.raises(PresetError, match="already"):
        presets.import_(one)
    assert [made.name for made in presets.import_(both, overwrite=True)] == ["a", "b"]
    with pytest.raises(PresetError, match="cannot be read"):
        presets.import_(project / "none.json")
    with pytest.raises(PresetError, match="cannot be written"):
        presets.export(project / "none" / "there.json")


def test_a_list_shows_what_it_holds_and_nothing_of_it_is_markup() -> None:
    presets = ops.presets(TALK)
    presets.save("a", paths=1, description="<img src=x onerror=alert(1)>\x1b[31m")
    assert "\x1b" not in repr(presets)
    html = presets._repr_html_()
    assert "<img" not in html
    assert "&lt;img" in html
    assert [made.name for made in presets] == ["a"]
    assert presets[0].name == "a"
    assert [made.name for made in presets[:1]] == ["a"]
    assert "--paths='1'" in repr(presets[0])


def test_what_fields_were_given_lately_is_known() -> None:
    ops.launch(TALK, paths=5).wait(60)
    ops.launch(TALK, argv=["--paths", "6"]).wait(60)
    ops.service().sync()
    assert ops.presets(TALK).recent()["--paths"] == ["5"]
    spec = ops.spec(TALK)
    assert ops.service().presets.recent(TALK, spec)["--paths"] == ["6", "5"]
