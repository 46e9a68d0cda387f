"""Ways to damage a home, and the kinds of findings that name each."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec

from opsdash_widgets.core.model import Outcome, Run, RunState, Verdict
from opsdash_widgets.core.rundir import new_run_id
from opsdash_widgets.core.stores import SqliteStore

from .ward import Ward, age


def _text(path: Path, text: bytes) -> None:
    path.write_bytes(text)


def _sql(ward: Ward, *statements: str) -> None:
    connection = sqlite3.connect(ward.registry)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def _forget_registry(ward: Ward) -> None:
    for path in ward.home.glob("runs.db*"):
        path.unlink()


def _garbage(ward: Ward) -> None:
    _forget_registry(ward)
    _text(ward.registry, b"this is no database\n" * 400)
    ward.registry.chmod(0o600)


def _half_a_registry(ward: Ward) -> None:
    with ward.registry.open("r+b") as file:
        file.truncate(ward.registry.stat().st_size // 2)


def _folder_for_registry(ward: Ward) -> None:
    _forget_registry(ward)
    ward.registry.mkdir(0o700)


def _fifo_for_registry(ward: Ward) -> None:
    _forget_registry(ward)
    os.mkfifo(ward.registry, 0o600)


def _linked_registry(ward: Ward) -> None:
    elsewhere = ward.home.parent / "elsewhere.db"
    ward.registry.rename(elsewhere)
    ward.registry.symlink_to(elsewhere)


def _row(ward: Ward, change: Callable[[Run], Run]) -> None:
    store = SqliteStore(ward.registry)
    run = store.get(ward.bad)
    assert run is not None
    store.put([change(run)])
    store.close()


def _said_to_have_succeeded(run: Run) -> Run:
    verdict = Verdict(
        state=RunState.FINISHED,
        outcome=Outcome.SUCCEEDED,
        rule="succeeded",
        exit_code=0,
    )
    return msgspec.structs.replace(run, verdict=verdict)


def _alone(run: Run) -> Run:
    spec = msgspec.structs.replace(run.spec, run_id=new_run_id(0.0))
    return msgspec.structs.replace(run, spec=spec, run_dir=f"{run.run_dir}-gone")


def _forget_row(ward: Ward) -> None:
    store = SqliteStore(ward.registry)
    store.remove([ward.bad])
    store.close()
    age(ward.run_dir(ward.bad))


def _half_made(ward: Ward) -> None:
    made = ward.run_dir(f".{new_run_id()}.new")
    made.mkdir(0o700)
    _text(made / "spec.json", b"{")
    age(made / "spec.json", made)


def _without_spec(ward: Ward) -> None:
    (ward.run_dir() / "spec.json").unlink()
    age(ward.run_dir())


def _damaged_spec(ward: Ward) -> None:
    _text(ward.run_dir() / "spec.json", b'{"run_id": "')


def _empty_run(ward: Ward) -> None:
    path = ward.run_dir(new_run_id())
    path.mkdir(0o700)
    age(path)


def _copied_run(ward: Ward) -> None:
    shutil.copytree(ward.run_dir(), ward.run_dir(f"{ward.good}-copy"))


def _renamed_run(ward: Ward) -> None:
    ward.run_dir().rename(ward.run_dir("renamed"))


def _damaged_end(ward: Ward) -> None:
    _text(ward.run_dir(ward.bad) / "exit.json", b"\0" * 200)


def _linked_end(ward: Ward) -> None:
    path = ward.run_dir(ward.bad) / "exit.json"
    path.unlink()
    path.symlink_to(ward.run_dir(ward.good) / "exit.json")


def _linked_log(ward: Ward) -> None:
    path = ward.run_dir() / "output.log"
    path.unlink()
    path.symlink_to("/etc/hostname")


def _fifo_for_lock(ward: Ward) -> None:
    path = ward.run_dir() / "control.json"
    os.mkfifo(path, 0o600)


def _half_written(ward: Ward) -> None:
    paths = [
        ward.run_dir() / ".control.json.0badf00d",
        ward.run_dir() / ".exit.json.new",
        ward.home / "logs" / "groups" / f".{ward.group}.json.0badf00d",
        ward.home / "cache" / "modules" / ".listings-abcd1234",
        ward.home / "presets" / "jobs.takes" / ".mine.json.0badf00d",
    ]
    for path in paths:
        _text(path, b"{")
        path.chmod(0o600)
    age(*paths)


def _modes(ward: Ward) -> None:
    ward.run_dir().chmod(0o755)
    (ward.run_dir() / "output.log").chmod(0o644)
    (ward.run_dir(ward.bad) / "spec.json").chmod(0o400)
    ward.registry.chmod(0o666)
    ward.record.chmod(0o660)
    (ward.home / "logs").chmod(0o777)


def _open_home(ward: Ward) -> None:
    ward.home.chmod(0o777)


def _closed_home(ward: Ward) -> None:
    ward.home.chmod(0o500)


def _owners(ward: Ward) -> None:
    os.chown(ward.run_dir(), 65534, 65534)
    os.chown(ward.run_dir(ward.bad) / "output.log", 65534, 65534)
    os.chown(ward.record, 65534, 65534)


def _strays(ward: Ward) -> None:
    _text(ward.run_dir("notes.txt "), b"a note")
    os.mkfifo(ward.run_dir("a fifo"))
    ward.run_dir("linked").symlink_to(ward.run_dir())
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(ward.run_dir("").parent)  # a socket's path has 108 bytes
        made.bind("socket")
        os.chdir(here)
    ward.run_dir("two words").mkdir()


def _stray_at_home(ward: Ward) -> None:
    _text(ward.home / "todo.txt", b"buy milk")


def _preset(ward: Ward) -> None:
    _text(ward.home / "presets" / "jobs.takes" / "mine.json", b'{"name": "mine",\n}')


def _linked_presets(ward: Ward) -> None:
    path = ward.home / "presets" / "jobs.takes"
    path.rename(ward.home.parent / "elsewhere")
    path.symlink_to(ward.home.parent / "elsewhere")


def _caches(ward: Ward) -> None:
    listings = ward.home / "cache" / "modules" / "listings.msgpack"
    _text(listings, b"\xc1")
    spec = ward.home / "cache" / "specs" / ("0" * 32 + ".json")
    spec.parent.mkdir(0o700, exist_ok=True)
    _text(spec, b"{")
    spec.chmod(0o600)


def _fifo_for_cache(ward: Ward) -> None:
    listings = ward.home / "cache" / "modules" / "listings.msgpack"
    listings.unlink()
    os.mkfifo(listings, 0o600)


def _packages(ward: Ward) -> None:
    path = ward.home / "logs" / "packages" / ("0" * 64 + ".json")
    path.parent.mkdir(0o700, exist_ok=True)
    _text(path, b"{}")
    path.chmod(0o600)


def _group(ward: Ward) -> None:
    _text(ward.record, ward.record.read_bytes()[:40])


def _lost_group(ward: Ward) -> None:
    ward.record.unlink()


def _fifo_for_audit(ward: Ward) -> None:
    path = ward.home / "logs" / "audit.jsonl"
    path.unlink()
    os.mkfifo(path, 0o600)


def _linked_groups(ward: Ward) -> None:
    path = ward.home / "logs" / "groups"
    shutil.move(path, ward.home.parent / "groups elsewhere")
    path.symlink_to(ward.home.parent / "groups elsewhere")


def _file_for_aside(ward: Ward) -> None:
    _text(ward.home / "set-aside", b"")


class Damage(NamedTuple):
    """One way to damage a home.

    Attributes:
        does: does it.
        kinds: the kinds of findings that name it.
    """

    does: Callable[[Ward], None]
    kinds: frozenset[str]


def _damage(does: Callable[[Ward], None], *kinds: str) -> Damage:
    return Damage(does, frozenset(kinds))


DAMAGES = {
    "no registry": _damage(_forget_registry, "registry"),
    "garbage for a registry": _damage(_garbage, "registry"),
    "half a registry": _damage(_half_a_registry, "registry"),
    "a folder for a registry": _damage(_folder_for_registry, "registry", "no-file"),
    "a fifo for a registry": _damage(_fifo_for_registry, "registry", "no-file"),
    "a linked registry": _damage(_linked_registry, "no-file", "registry"),
    "a newer registry": _damage(
        lambda ward: _sql(ward, "PRAGMA user_version = 99"), "registry"
    ),
    "a registry without tables": _damage(
        lambda ward: _sql(ward, "DROP TABLE records"), "registry"
    ),
    "rows without records": _damage(
        lambda ward: _sql(ward, "DELETE FROM records"), "registry"
    ),
    "a wrong row": _damage(
        lambda ward: _row(ward, _said_to_have_succeeded), "row-wrong"
    ),
    "a damaged row": _damage(
        lambda ward: _sql(
            ward,
            "UPDATE records SET record = x'7b' WHERE id ="
            " (SELECT id FROM runs WHERE outcome = 'failed')",
        ),
        "row-wrong",
    ),
    "a row alone": _damage(lambda ward: _row(ward, _alone), "row-alone"),
    "no row": _damage(_forget_row, "row-missing"),
    "a run half made": _damage(_half_made, "unfinished"),
    "a run without its request": _damage(_without_spec, "spec"),
    "a damaged request": _damage(_damaged_spec, "spec"),
    "an empty run": _damage(_empty_run, "spec"),
    "a copied run": _damage(_copied_run, "other-run"),
    "a renamed run": _damage(_renamed_run, "other-run", "row-alone"),
    "a damaged end": _damage(_damaged_end, "exit"),
    "a linked end": _damage(_linked_end, "exit"),
    "a linked log": _damage(_linked_log, "no-file"),
    "a fifo in a run": _damage(_fifo_for_lock, "no-file"),
    "files half written": _damage(_half_written, "temporary"),
    "wrong modes": _damage(_modes, "mode"),
    "an open home": _damage(_open_home, "home-mode"),
    "a closed home": _damage(_closed_home, "home-mode"),
    "strays among runs": _damage(_strays, "stray"),
    "a stray at home": _damage(_stray_at_home, "stray"),
    "a damaged preset": _damage(_preset, "preset"),
    "linked presets": _damage(_linked_presets, "no-folder"),
    "damaged caches": _damage(_caches, "cache"),
    "a fifo for a cache": _damage(_fifo_for_cache, "no-file"),
    "a damaged list of packages": _damage(_packages, "packages"),
    "a damaged group": _damage(_group, "group"),
    "a lost group": _damage(_lost_group, "group"),
    "a fifo for the audit log": _damage(_fifo_for_audit, "no-file"),
    "linked groups": _damage(_linked_groups, "no-folder"),
    "a file for set-aside": _damage(_file_for_aside, "no-folder"),
}
if os.geteuid() == 0:  # nobody else can give a file away
    DAMAGES["wrong owners"] = _damage(_owners, "owner")
