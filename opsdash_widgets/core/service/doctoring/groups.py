"""The records of groups, and runs that wait in a group without one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import msgspec

from ...errors import OpsdashError
from ...groups import GroupFiles
from ...groups.files import GROUP_ID, TURN
from ...model import GroupRun, RunGroup
from ...rundir import files, locks, read_spec
from ..group_launching import checked_limit
from .findings import Severity, Trouble, trouble
from .home import Home, listed
from .processes import holders, named, until
from .run_dirs import RUNS, Walk

FOLDER = ("logs", "groups")

REASON = "Its record was damaged or gone, and was made anew from its runs."
"""Why a group is paused of which the record was made anew."""

_ENDING = ".json"
_LARGEST = 64 << 20
_TURN_S = 2.0
"""How long a turn may last before that is worth a word."""


def examine_groups(home: Home, walk: Walk) -> Iterator[Trouble]:
    """What is wrong with the groups of a home.

    Args:
        home: the home.
        walk: which runs belong to which group; how many groups is counted in it.
    """
    known: set[str] = set()
    try:
        with home.folder(*FOLDER) as fd:
            names = listed(fd)
            yield from _turn(fd)
            for name in names:
                group_id = name.removesuffix(_ENDING)
                if name.endswith(_ENDING) and GROUP_ID.fullmatch(group_id):
                    known.add(group_id)
                    yield from _record(home, fd, group_id, walk)
    except FileNotFoundError:
        pass
    except OSError:  # it is said of the folder itself what it is
        return
    walk.counts.groups = len(known)
    for group_id in sorted(set(walk.waiting) - known):
        yield _lost(home, group_id, walk)


def _turn(fd: int) -> Iterator[Trouble]:
    """Whoever starts runs does so in turns of milliseconds."""
    if until(lambda: not locks.is_held(fd, TURN), _TURN_S):
        return
    yield trouble(
        "turn",
        "/".join((*FOLDER, TURN)),
        f"{named(holders(fd, TURN))} has kept its turn of starting runs for seconds, "
        "and nobody else can start any.",
        "Wait for it, or end it if it hangs.",
    )


def _record(home: Home, fd: int, group_id: str, walk: Walk) -> Iterator[Trouble]:
    name = group_id + _ENDING
    data = files.read_bytes(fd, name, _LARGEST)
    if data is None:
        return  # gone, or no file: the latter is told of where it stands
    group = files.decode(data, RunGroup)
    if group is not None and group.group_id == group_id:
        return
    where = "/".join((*FOLDER, name))
    if _is_newer(data):
        yield trouble(
            "newer",
            where,
            "It was written by a newer version of opsdash_widgets.",
            "Update opsdash_widgets.",
        )
        return
    yield trouble(
        "group",
        where,
        "The record of a group is damaged.",
        "`opsdash doctor --fix` moves it to set-aside/ and makes one from its runs, "
        "paused if some wait.",
        severity=Severity.ERROR,
        repair=lambda: _anew(home, group_id, walk, damaged=True),
    )


def _is_newer(data: bytes) -> bool:
    with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raw = msgspec.json.decode(data)
        schema = raw.get("schema") if isinstance(raw, dict) else None
        return (
            isinstance(schema, str) and schema[:6] == "group/" and schema != "group/1"
        )
    return False


def _lost(home: Home, group_id: str, walk: Walk) -> Trouble:
    count = len(walk.waiting[group_id])
    return trouble(
        "group",
        "/".join((*FOLDER, group_id + _ENDING)),
        f"Runs wait in a group ({count:,}), and its record is not there: nobody will "
        "start them.",
        "`opsdash doctor --fix` makes one from its runs, paused.",
        repair=lambda: _anew(home, group_id, walk, damaged=False),
    )


def _anew(home: Home, group_id: str, walk: Walk, *, damaged: bool) -> str:
    """Move a damaged record aside, and make one of the group's runs, if there are any.

    Raises:
        OSError, GroupError: it cannot be done.
    """
    records = GroupFiles(home.path.joinpath(*FOLDER))
    said = ""
    with records.turn():
        if damaged:
            with contextlib.suppress(OpsdashError):
                records.read(group_id)
                return "It has been repaired by somebody else."
            said = home.set_aside(*FOLDER, group_id + _ENDING)
        elif group_id in records.ids():
            return "It is there again."
        made = _made(home, group_id, walk)
        if made is not None:
            records.write(made)
            said += f" One was made of its {len(made.runs):,} runs."
    return said.strip()


def _made(home: Home, group_id: str, walk: Walk) -> RunGroup | None:
    specs = []
    for name in sorted(walk.groups.get(group_id, ())):
        with contextlib.suppress(OpsdashError):
            specs.append(read_spec(home.path.joinpath(*RUNS, name)))
    if not specs:
        return None
    first = specs[0]
    waits = bool(walk.waiting.get(group_id))
    return RunGroup(
        group_id=group_id,
        module=first.module,
        title=first.module,
        runs=tuple(GroupRun(run_id=spec.run_id) for spec in specs),
        limit=checked_limit(None),
        created=first.created,
        requested_by=first.requested_by,
        launched_by=first.launched_by,
        environment=first.environment,
        paused=waits,
        reason=REASON if waits else "",
        drained=not waits,
    )
