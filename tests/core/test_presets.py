"""Presets as files, and what the service does with them."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import msgspec
import pytest

from opsdash_widgets.core.errors import (
    ModuleNotFound,
    PermissionDenied,
    PresetError,
    PresetNotFound,
)
from opsdash_widgets.core.model import (
    FormValues,
    LaunchRequest,
    Preset,
    Role,
    SavedPreset,
)
from opsdash_widgets.core.presets import LARGEST, PresetStore
from opsdash_widgets.core.presets.schema import SCHEMA_FILE, schema_text
from opsdash_widgets.core.service import Service

from .desk import Desk

PRICES = """
    '''Prices.'''
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--paths", type=int, default=100)
    parser.add_argument("--name", required=True)
    parser.add_argument("--password")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--dates", nargs="+", default=["a", "b"])
    if __name__ == "__main__":
        print(vars(parser.parse_args()))
"""


@pytest.fixture
def store(tmp_path: Path) -> PresetStore:
    home, project = tmp_path / "home", tmp_path / "project"
    home.mkdir(mode=0o700)
    project.mkdir()
    return PresetStore(home, project)


@pytest.fixture
def service(desk: Desk) -> Service:
    desk.module("prices", PRICES)
    return desk.service()


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


def test_secrets_are_not_stored_and_the_preset_says_so(
    service: Service, home: Path
) -> None:
    wanted = Preset(
        name="with secrets",
        module="jobs.prices",
        values=FormValues(
            values={
                "--name": "postgres://me:hunter2@host/db",
                "--password": "hunter2",
                "--paths": "5",
            }
        ),
        variables={"DB_PASSWORD": "hunter2", "REGION": "EU"},
        extra_args=("--token", "hunter2", "--api-key=hunter2", "--more"),
    )
    saved = service.presets.save(wanted).preset
    assert saved.values.values == {"--paths": "5"}
    assert saved.variables == {"REGION": "EU"}
    assert saved.extra_args == ("--more",)
    assert set(saved.secrets) == {
        "--name",
        "--password",
        "DB_PASSWORD",
        "extra arguments",
    }
    for file in home.rglob("*"):
        if file.is_file():
            assert b"hunter2" not in file.read_bytes(), file


def test_a_viewer_reads_presets_and_changes_none(desk: Desk) -> None:
    desk.module("prices", PRICES)
    desk.service().presets.save(preset(**{"--name": "a"}))
    seen = desk.service(Role.VIEWER).presets
    assert [row.name for row in seen.list("jobs.prices")] == ["month end"]
    data = seen.export("jobs.prices")
    for act in (
        lambda: seen.save(preset("new")),
        lambda: seen.delete("jobs.prices", "month end"),
        lambda: seen.rename("jobs.prices", "month end", "new"),
        lambda: seen.restore("jobs.prices", "month end"),
        lambda: seen.import_(data),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert [row.name for row in seen.list("jobs.prices")] == ["month end"]
    desk.service(Role.OPERATOR).presets.delete("jobs.prices", "month end")


def test_what_was_done_to_presets_is_on_record(service: Service, home: Path) -> None:
    service.presets.save(preset(**{"--name": "a"}))
    service.presets.delete("jobs.prices", "month end")
    with pytest.raises(PresetNotFound):
        service.presets.delete("jobs.prices", "month end")
    lines = (home / "logs" / "audit.jsonl").read_text().splitlines()
    told = [(line["action"], line["outcome"]) for line in map(json.loads, lines)]
    assert told == [
        ("save preset", "done"),
        ("delete preset", "done"),
        ("delete preset", "PresetNotFound"),
    ]


def test_the_default_preset_lists_every_argument_and_changes_nothing(
    service: Service,
) -> None:
    made = service.presets.generate("jobs.prices")
    assert made.values.values == {
        "--paths": "100",
        "--name": None,
        "--password": None,
        "--fast": False,
        "--dates": ["a", "b"],
    }
    given = msgspec.structs.replace(
        made, values=FormValues(values={**made.values.values, "--name": "x"})
    )
    assert service.presets.dry_run(given).argv == ("--name", "x") or (
        service.presets.dry_run(given).argv == ("--name=x",)
    )


def test_a_preset_says_what_went_and_came_and_changed(
    service: Service, desk: Desk
) -> None:
    saved = service.presets.save(preset(**{"--name": "a", "--dates": ["x"]})).preset
    assert service.presets.compare(saved).is_none
    newer = PRICES.replace("default=100", "default=200").replace("--dates", "--days")
    desk.module("prices", newer.replace('"--fast", action="store_true"', '"--fast"'))
    drift = service.presets.compare(saved)
    assert drift.went == ("--dates",)
    assert drift.lost == ("--dates",)
    assert drift.came == ("--days",)
    assert drift.changed == {
        "--paths": "default was 100, is 200",
        "--fast": "took store true, takes text; default was False, is none",
    }
    assert "--dates went, --days came" in drift.sentence


def test_a_preset_is_checked_without_running_anything(
    service: Service, home: Path
) -> None:
    good = preset(**{"--name": "a"})
    assert service.presets.validate(good).accepted
    bad = service.presets.validate(preset(**{"--name": "a", "--paths": "many"}))
    assert not bad.accepted
    assert "--paths" in bad.fields
    dry = service.presets.dry_run(good)
    assert (dry.module, dry.cwd) == ("jobs.prices", str(home.parent / "project"))
    assert service.runs().total == 0


def test_only_a_missing_secret_keeps_no_preset_from_being_good(
    service: Service, desk: Desk
) -> None:
    desk.module("prices", PRICES.replace('"--password"', '"--password", required=True'))
    wanted = preset(**{"--name": "a", "--password": "hunter2"})
    saved = service.presets.save(wanted).preset
    check = service.presets.validate(saved)
    assert check.accepted
    assert "--password" in check.message


def test_what_is_exported_is_imported_again_and_never_over_others(
    service: Service,
) -> None:
    service.presets.save(preset("one", **{"--name": "a"}))
    service.presets.save(preset("two", **{"--name": "b"}))
    one = service.presets.export("jobs.prices", "one")
    both = service.presets.export("jobs.prices")
    for data, named in ((one, "one already"), (both, "one, two already")):
        with pytest.raises(PresetError, match=named):
            service.presets.import_(data, "jobs.prices")
    service.presets.delete("jobs.prices", "one")
    with pytest.raises(PresetError, match="two already"):
        service.presets.import_(both, "jobs.prices")
    assert [row.name for row in service.presets.list("jobs.prices")] == ["two"]
    service.presets.import_(one, "jobs.prices")
    assert len(service.presets.import_(both, "jobs.prices", overwrite=True)) == 2
    with pytest.raises(PresetError, match=r"for jobs\.prices, not jobs\.other"):
        service.presets.import_(one, "jobs.other")


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"schema": "presets/1", "presets": []}', b'{"nmae": "a"}']
)
def test_a_file_that_holds_no_preset_is_not_imported(
    service: Service, data: bytes
) -> None:
    with pytest.raises(PresetError, match=r"my\.json"):
        service.presets.import_(data, title="my.json")


def test_an_imported_preset_with_a_bad_name_is_refused(service: Service) -> None:
    data = msgspec.json.encode(preset("../../evil"))
    with pytest.raises(PresetError, match="cannot hold `/`"):
        service.presets.import_(data)


def test_recent_values_come_newest_first_without_secrets_or_flags(
    service: Service, desk: Desk
) -> None:
    for paths in ("1", "2", "1", "3"):
        values = {
            "--name": "a",
            "--paths": paths,
            "--password": "hunter2",
            "--fast": True,
        }
        request = LaunchRequest(module="jobs.prices", values=FormValues(values=values))
        desk.run(service, request)
    service.sync()
    assert service.presets.recent("jobs.prices") == {
        "--name": ["a"],
        "--paths": ["3", "1", "2"],
    }
