"""Presets as files: what they may be called, and what is done to them from outside."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import msgspec
import pytest

from opsdash_widgets.core.errors import (
    ModuleNotFound,
    PresetError,
    PresetNotFound,
)
from opsdash_widgets.core.model import (
    FormValues,
    Preset,
    SavedPreset,
)
from opsdash_widgets.core.presets import LARGEST, PresetStore
from opsdash_widgets.core.presets.schema import SCHEMA_FILE, schema_text


@pytest.fixture
def store(tmp_path: Path) -> PresetStore:
    home, project = tmp_path / "home", tmp_path / "project"
    home.mkdir(mode=0o700)
    project.mkdir()
    return PresetStore(home, project)


def preset(name: str = "month end", **values: object) -> Preset:
    return Preset(name=name, module="jobs.prices", values=FormValues(values=values))


def names(store: PresetStore) -> list[str]:
    return [row.name for row in store.listings("jobs.prices")]


def test_the_schema_file_is_that_of_the_record() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text()


def test_a_saved_preset_is_loaded_as_it_was(store: PresetStore) -> None:
    saved = store.save(preset(**{"--name": "ü\n \U0001f4c8", "--paths": "20"}))
    assert store.load("jobs.prices", "month end") == saved
    assert saved.preset.created == saved.preset.modified > 0
    assert names(store) == ["month end"]


def test_a_preset_is_for_its_owner_alone(store: PresetStore, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        saved = store.save(preset())
    finally:
        os.umask(before)
    file = Path(saved.path)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (file, *file.parents[:2])]
    assert modes == [0o600, 0o700, 0o700]
    assert [path.name for path in file.parent.iterdir()] == ["month end.json"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        ".",
        "..",
        "../up",
        "a/b",
        "/etc/passwd",
        "a\0b",
        "%2e%2e",
        ".hidden",
        "dot.",
        "a\nb",
        "a\\b",
        "x" * 81,
        "\U0001f4c8" * 60,
        "\u202egnp.exe",
        "a\ud800",
        "CON:",
        "<b>",
    ],
)
def test_a_name_that_means_something_to_a_path_is_refused(
    store: PresetStore, tmp_path: Path, name: str
) -> None:
    for act in (
        lambda: store.save(preset(name)),
        lambda: store.load("jobs.prices", name),
        lambda: store.delete("jobs.prices", name),
        lambda: store.restore("jobs.prices", name),
    ):
        with pytest.raises(PresetError) as caught:
            act()
        assert not isinstance(caught.value, PresetNotFound)
    assert not (tmp_path / "home" / "presets").exists()


@pytest.mark.parametrize(
    "name",
    ["month end", "März 2025", "日本", "हिन्दी", "a-b_c.d,e+f=@(g)&'#!", "x" * 80],
)
def test_names_that_people_write_are_kept(store: PresetStore, name: str) -> None:
    store.save(preset(name))
    assert names(store) == [name]
    assert store.load("jobs.prices", f" {name} ").preset.name == name


def test_a_name_is_the_same_however_its_letters_are_composed(
    store: PresetStore,
) -> None:
    store.save(preset("Ma\u0308rz"))
    assert names(store) == ["M\u00e4rz"]
    assert store.load("jobs.prices", "Ma\u0308rz").preset.name == "M\u00e4rz"


def test_names_that_differ_in_case_alone_are_one(store: PresetStore) -> None:
    store.save(preset("Month end"))
    with pytest.raises(PresetError, match="Month end already"):
        store.save(preset("month END"))
    store.rename("jobs.prices", "Month end", "month end")
    assert names(store) == ["month end"]


@pytest.mark.parametrize("module", ["", "../jobs", "/etc", "a..b", "a/b", "x" * 300])
def test_a_module_that_is_no_name_is_refused(store: PresetStore, module: str) -> None:
    with pytest.raises(ModuleNotFound):
        store.listings(module)
    with pytest.raises(ModuleNotFound):
        store.save(Preset(name="a", module=module))


def test_of_two_writers_the_second_is_refused_and_nothing_is_lost(
    store: PresetStore,
) -> None:
    seen = store.save(preset(**{"--paths": "1"}))
    first = msgspec.structs.replace(seen.preset, description="first")
    store.save(first, seen.fingerprint)
    with pytest.raises(PresetError, match="changed by somebody else"):
        store.save(seen.preset, seen.fingerprint)
    assert store.load("jobs.prices", "month end").preset.description == "first"
    with pytest.raises(PresetError, match="already"):
        store.save(preset())


def test_a_preset_deleted_meanwhile_is_not_saved_again_unasked(
    store: PresetStore,
) -> None:
    seen = store.save(preset())
    store.delete("jobs.prices", "month end")
    with pytest.raises(PresetError, match="deleted by somebody else"):
        store.save(seen.preset, seen.fingerprint)


def test_a_deleted_preset_can_be_had_back_but_not_over_another(
    store: PresetStore,
) -> None:
    saved = store.save(preset(**{"--paths": "1"}))
    store.delete("jobs.prices", "month end")
    assert names(store) == []
    store.restore("jobs.prices", "month end")
    assert store.load("jobs.prices", "month end") == saved
    store.delete("jobs.prices", "month end")
    store.save(preset(**{"--paths": "2"}))
    with pytest.raises(PresetError, match="already"):
        store.restore("jobs.prices", "month end")
    assert store.load("jobs.prices", "month end").preset.values.values == {
        "--paths": "2"
    }


def test_renaming_never_takes_the_place_of_another(store: PresetStore) -> None:
    store.save(preset("one"))
    store.save(preset("two"))
    with pytest.raises(PresetError, match="two already"):
        store.rename("jobs.prices", "one", "two")
    store.rename("jobs.prices", "one", "three")
    assert names(store) == ["three", "two"]


def at(saved: SavedPreset) -> Path:
    return Path(saved.path)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('{\n "name": "a",\n "module" 1}', 3, "delimiter"),
        ("", 1, "expecting value"),
        ("[]", 1, "no JSON object"),
        ('{\n "name": 3, "module": "m"}', 2, "expected `str`"),
        ('{"name": "a", "module": "m",\n "values": {"values": []}}', 2, "object"),
        ('{"name": "a", "module": "m",\n\n "extra_args": [1]}', 3, "expected `str`"),
        ('{"name": "a", "module": "m", "schema": "preset/9"}', 0, "preset/9"),
        ('{"name": "a", "module": "m", "values": {"values": {"x": NaN}}}', 0, "NaN"),
        ("[" * 200_000, 0, "deeply"),
        ('{"name": "a\\ud800", "module": "m"}', 0, "JSON cannot"),
    ],
)
def test_a_file_that_is_no_preset_is_named_with_its_line(
    store: PresetStore, text: str, line: int, said: str
) -> None:
    file = at(store.save(preset()))
    file.write_text(text)
    with pytest.raises(PresetError) as caught:
        store.load("jobs.prices", "month end")
    assert caught.value.line == line
    assert said in str(caught.value) + caught.value.details
    if line:
        assert f"{file}, line {line}:" in str(caught.value)
    (row,) = store.listings("jobs.prices")
    assert row.problem


def test_a_file_that_is_no_text_is_named_with_its_line(store: PresetStore) -> None:
    file = at(store.save(preset()))
    file.write_bytes(b'{"name":\n "\xff"}')
    with pytest.raises(PresetError, match="line 2: it is no text"):
        store.load("jobs.prices", "month end")


def test_a_preset_of_100_mb_is_refused_without_being_read(store: PresetStore) -> None:
    file = at(store.save(preset()))
    with file.open("wb") as opened:
        opened.truncate(100 * 1000 * 1000)
    with pytest.raises(PresetError, match=r"100\.0 MB"):
        store.load("jobs.prices", "month end")
    with pytest.raises(PresetError, match="MB"):
        store.save(preset("big", **{"--name": "x" * LARGEST}))
    assert [row.name for row in store.listings("jobs.prices")] == ["month end"]


def test_a_preset_that_cannot_be_read_is_listed_with_its_reason(
    store: PresetStore,
) -> None:
    store.save(preset("good"))
    at(store.save(preset("bad"))).write_text("{")
    at(store.save(preset("odd"))).with_name("a:b.json").write_text("{}")
    rows = {row.name: row.problem for row in store.listings("jobs.prices")}
    assert rows["good"] == ""
    assert "bad.json, line 1" in rows["bad"]
    assert "cannot hold" in rows["a:b"]


def test_a_link_is_not_followed(store: PresetStore, tmp_path: Path) -> None:
    file = at(store.save(preset()))
    secret = tmp_path / "secret.json"
    secret.write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(secret)
    with pytest.raises(PresetError, match="link"):
        store.load("jobs.prices", "month end")
    with pytest.raises(PresetError, match="link"):
        store.save(preset())
    assert file.is_symlink()


@pytest.mark.parametrize("depth", [0, 1])
def test_a_folder_that_is_a_link_is_not_followed(
    store: PresetStore, tmp_path: Path, depth: int
) -> None:
    folder = at(store.save(preset())).parents[depth]
    moved = tmp_path / "elsewhere"
    folder.rename(moved)
    folder.symlink_to(moved)
    for act in (
        lambda: store.listings("jobs.prices"),
        lambda: store.load("jobs.prices", "month end"),
        lambda: store.save(preset("new")),
        lambda: store.delete("jobs.prices", "month end"),
    ):
        with pytest.raises(PresetError, match="link"):
            act()
    assert not list(moved.rglob("new.json"))


def test_a_pipe_in_place_of_a_preset_does_not_hang(store: PresetStore) -> None:
    file = at(store.save(preset()))
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(PresetError, match="cannot be used"):
        store.load("jobs.prices", "month end")


def test_the_projects_presets_are_read_and_never_written(
    store: PresetStore, tmp_path: Path
) -> None:
    folder = tmp_path / "project" / "presets" / "jobs.prices"
    folder.mkdir(parents=True)
    shared = {"name": "x", "module": "y", "description": "of the team"}
    (folder / "month end.json").write_text(json.dumps(shared))
    loaded = store.load("jobs.prices", "month end")
    assert (loaded.place, loaded.preset.name) == ("project", "month end")
    assert loaded.preset.module == "jobs.prices"
    with pytest.raises(PresetNotFound):
        store.delete("jobs.prices", "month end")
    with pytest.raises(PresetNotFound):
        store.rename("jobs.prices", "month end", "other")
    store.save(preset())
    assert store.load("jobs.prices", "month end").place == "own"
    places = [row.place for row in store.listings("jobs.prices")]
    assert places == ["own", "project"]
    assert json.loads((folder / "month end.json").read_text()) == shared
