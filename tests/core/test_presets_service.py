"""What the service does with presets: secrets, roles, defaults, checks, exchange."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from opsdash_widgets.core.errors import (
    PermissionDenied,
    PresetError,
    PresetNotFound,
)
from opsdash_widgets.core.model import FormValues, LaunchRequest, Preset, Role
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
def service(desk: Desk) -> Service:
    desk.module("prices", PRICES)
    return desk.service()


def preset(name: str = "month end", **values: object) -> Preset:
    return Preset(name=name, module="jobs.prices", values=FormValues(values=values))


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


@pytest.mark.parametrize("free", ["argv", "extra_args"])
def test_a_secret_among_free_arguments_is_stored_nowhere(
    service: Service, desk: Desk, home: Path, free: str
) -> None:
    words = ("--name", "a", "--password", "hunter2", "--password=hunter22")
    given = {free: words} | ({"values": FormValues()} if free != "argv" else {})
    if free != "argv":
        desk.module("prices", PRICES.replace(", required=True", ""))
    run = desk.run(service, LaunchRequest(module="jobs.prices", **given))
    assert run.verdict.exit_code == 0
    output = Path(run.run_dir) / "output.log"
    assert "hunter22" in output.read_text()
    for file in home.rglob("*"):
        if file.is_file() and file != output:
            assert b"hunter2" not in file.read_bytes(), file
