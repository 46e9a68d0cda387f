"""The records of groups: one small file each, changed by one session at a time."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import msgspec

from ..errors import GroupError, GroupNotFound
from ..model import RunGroup
from ..rundir import files, locks, new_run_id

GROUP_ID = re.compile(r"g[0-9]{8}T[0-9]{9}-[0-9a-f]{6}")
"""The form of a group's id: that of a run's behind a ``g``."""

TURN = "starter.lock"
"""Who holds it changes records and starts runs; nobody else does meanwhile."""
TURN_S = 10.0
"""How long a session waits for its turn before it says that it cannot have it."""

SETTLED_NS = 50_000_000
"""Changes that lie closer together may leave one time: a file system's clock ticks."""

_LARGEST = 64 << 20
_ENDING = ".json"
_Seen = tuple[int, int, int]


def new_group_id(now: float | None = None) -> str:
    """A fresh id: sorts by time, safe in a path, and no run's."""
    return f"g{new_run_id(now)}"


class GroupFiles:
    """The folder with the records of all groups of a home.

    Args:
        folder: made where it is first written to, 0700; every file in it is 0600.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, tuple[_Seen, RunGroup]] = {}

    def ids(self) -> list[str]:
        """The ids of all groups, the newest first."""
        try:
            names = os.listdir(self.folder)  # noqa: PTH208 - names are all it needs
        except OSError:
            return []
        ids = (name[: -len(_ENDING)] for name in names if name.endswith(_ENDING))
        return sorted((one for one in ids if GROUP_ID.fullmatch(one)), reverse=True)

    def find(self, fragment: str) -> str:
        """The id that a text means: an id, or an unambiguous end of one.

        Raises:
            GroupNotFound: none, or more than one, ends so.
        """
        ids = self.ids()
        found = [fragment] if fragment in ids else []
        found = found or [one for one in ids if fragment and one.endswith(fragment)]
        if len(found) == 1:
            return found[0]
        if found:
            raise GroupNotFound(
                f"{fragment} could be {len(found)} groups: {', '.join(found[:5])}.",
                "Give more of the id.",
            )
        raise GroupNotFound(
            "There is no such group of runs.",
            "List the groups with `opsdash ps` or on the Run page.",
        )

    def read(self, group_id: str) -> RunGroup:
        """A group's record as it now is.

        Raises:
            GroupNotFound: there is none of that id.
            GroupError: it cannot be read.
        """
        if not GROUP_ID.fullmatch(group_id):
            raise GroupNotFound("That is no group's id.", "It looks like g2024….")
        name = f"{group_id}{_ENDING}"
        try:
            with files.opened_dir(self.folder) as dir_fd:
                seen = _seen(os.stat(name, dir_fd=dir_fd, follow_symlinks=False))
                known = self._known.get(group_id)
                if known and known[0] == seen:
                    return known[1]
                data = files.read_bytes(dir_fd, name, _LARGEST)
        except FileNotFoundError:
            data = None
        except OSError as error:
            raise GroupError(
                f"The record of group {group_id} cannot be read: {error.strerror}.",
                "Close some open files or correct its permissions, then try again.",
            ) from error
        if data is None:
            raise GroupNotFound(
                f"There is no group {group_id}.",
                "It may have been deleted; its runs are on the Runs page.",
            )
        group = files.decode(data, RunGroup)
        if group is None or group.group_id != group_id:
            raise GroupError(
                f"The record of group {group_id} is damaged.",
                "Its runs are on the Runs page; delete the record to be rid of it.",
            )
        self._known[group_id] = (seen, group)
        return group

    def all(self, without: Collection[str] = ()) -> Iterator[RunGroup]:
        """Every group whose record can be read, the newest first."""
        for group_id in self.ids():
            if group_id in without:
                continue
            with contextlib.suppress(GroupError, GroupNotFound):
                yield self.read(group_id)

    def write(self, group: RunGroup) -> RunGroup:
        """Write a record as a whole.

        Raises:
            GroupError: it cannot be written; what was there is untouched.
        """
        try:
            self._make_folder()
            with files.opened_dir(self.folder) as dir_fd:
                name = f"{group.group_id}{_ENDING}"
                files.write_atomic(dir_fd, name, msgspec.json.encode(group))
        except OSError as error:
            raise self._not_written(error) from error
        return group

    def change(self, group_id: str, change: Callable[[RunGroup], RunGroup]) -> RunGroup:
        """Change a record, in our turn.

        Raises:
            GroupNotFound: there is none of that id.
            GroupError: it cannot be read or written, or the turn does not come.
        """
        with self.turn():
            before = self.read(group_id)
            after = change(before)
            return before if after == before else self.write(after)

    def forget(self, group_id: str) -> None:
        """Delete a record of which nothing was started."""
        with contextlib.suppress(OSError):
            (self.folder / f"{group_id}{_ENDING}").unlink()

    @contextlib.contextmanager
    def turn(self, wait_s: float = TURN_S) -> Iterator[None]:
        """Our turn: nobody else changes records or starts runs while it lasts.

        Raises:
            GroupError: it does not come, or the lock cannot be made.
        """
        try:
            self._make_folder()
            with files.opened_dir(self.folder) as dir_fd:
                fd = files.open_regular(dir_fd, TURN, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise self._not_written(error) from error
        try:
            if not locks.take_within(fd, wait_s):
                raise GroupError(
                    "Another session has been starting runs for a long time.",
                    "Wait for it, or end it if it hangs.",
                )
            yield
        finally:
            os.close(fd)

    def folder_version(self) -> object:
        """What changes whenever a record is written, or a new one comes."""
        try:
            return self.folder.stat().st_mtime_ns
        except OSError:
            return None

    def is_settled(self) -> bool:
        """Whether the next change will show in ``folder_version``."""
        try:
            return time.time_ns() - self.folder.stat().st_mtime_ns > SETTLED_NS
        except OSError:
            return True

    def _make_folder(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _not_written(self, error: OSError) -> GroupError:
        return GroupError(
            f"The record of a group cannot be written in {self.folder}: "
            f"{error.strerror}.",
            "Free some space or make the folder writable, then try again.",
        )


def _seen(status: os.stat_result) -> _Seen:
    return (status.st_mtime_ns, status.st_ino, status.st_size)
