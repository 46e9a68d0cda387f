"""What the folders of a home may hold, and what is wrong with what they do hold."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from ...errors import HomeError
from ...groups.files import GROUP_ID
from .findings import SETS_ASIDE, Severity, Trouble, trouble
from .home import ASIDE, Home, chmod, is_settled, listed, lstat, word_of
from .processes import holders, named

NOTHING = re.compile(r"(?!)")
ANYTHING = re.compile(r".*", re.DOTALL)

TEMPORARY = re.compile(
    r"\..+\.(?:[0-9a-f]{8}|new)|\.(?:listings|spec|[0-9a-f]{16})-\w{8}", re.DOTALL
)
"""Names under which files are written before they get their own."""

FILE, FOLDER = 0o600, 0o700
"""What the owner may do; nobody else may do more than the home itself allows."""

_STARTERS = r"starters?\.lock"
_REGISTRY = r".+\.db(?:\.corrupt-\w+)?(?:-wal|-shm|-journal)?"
"""Any: the settings of another project may name another."""


class Layout(NamedTuple):
    """What one folder may hold.

    Attributes:
        parts: where it is below the home.
        files: the names of files that are ours.
        folders: the names of folders that are ours.
        theirs: the names of files that people write: others may read them.
        stray: how bad anything else is; ``None`` where anything may be there. A folder
            is only named: it may be one that a newer version knows.
    """

    parts: tuple[str, ...]
    files: re.Pattern[str] = NOTHING
    folders: re.Pattern[str] = NOTHING
    theirs: re.Pattern[str] = NOTHING
    stray: Severity | None = Severity.WARNING


LOGS = Layout(
    ("logs",),
    files=re.compile(r"audit\.jsonl|opsdash-error-.*\.txt"),
    folders=re.compile(r"runs|groups|packages|starting"),
    stray=Severity.NOTE,
)
GROUPS = Layout(
    ("logs", "groups"), files=re.compile(rf"{GROUP_ID.pattern}\.json|{_STARTERS}")
)
STARTING = Layout(("logs", "starting"), files=re.compile(r"\d{1,4}"))
PACKAGES = Layout(("logs", "packages"), files=re.compile(r"[0-9a-f]{64}\.json"))
PRESETS = Layout(("presets",), folders=re.compile(r"[\w-]+(?:\.[\w-]+)*"))
CACHE = Layout(("cache",), files=ANYTHING, folders=ANYTHING, stray=None)


def home_layout(registry: str, theirs: Collection[str]) -> Layout:
    """The home folder itself.

    Args:
        registry: what the settings call the registry.
        theirs: the names of what else settings say that is in it.
    """
    own = "|".join(re.escape(name) for name in ("opsdash.toml", "config.ini", *theirs))
    return Layout(
        (),
        files=re.compile(f"{_REGISTRY}|{re.escape(registry)}(?:-wal|-shm|-journal)?"),
        folders=re.compile(rf"logs|cache|presets|{ASIDE}"),
        theirs=re.compile(own),
        stray=Severity.NOTE,
    )


def presets_of(module: str) -> Layout:
    """The folder of one module's presets."""
    return Layout(
        ("presets", module), files=re.compile(r"[^.].*\.json|\..+\.json\.deleted")
    )


def cache_of(name: str) -> Layout:
    """One folder of a cache."""
    return Layout(("cache", name), files=ANYTHING, stray=None)


def examine_folder(home: Home, layout: Layout) -> Iterator[Trouble]:
    """What is wrong with the entries of a folder; nothing where it is not there."""
    try:
        with home.folder(*layout.parts) as dir_fd:
            names = listed(dir_fd)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        if not stat.S_ISLNK(_kind(home, layout.parts)):  # said where it stands
            yield unreadable("/".join(layout.parts) or ".", error)
        return
    for name in names:
        with contextlib.suppress(FileNotFoundError), home.folder(*layout.parts) as fd:
            seen = lstat(fd, name)
            if seen is not None:
                yield from _entry(home, layout, name, seen)


def _kind(home: Home, parts: tuple[str, ...]) -> int:
    with contextlib.suppress(OSError), home.folder(*parts[:-1]) as fd:
        seen = lstat(fd, parts[-1]) if parts else None
        return seen.st_mode if seen else 0
    return 0


def _entry(
    home: Home, layout: Layout, name: str, seen: os.stat_result
) -> Iterator[Trouble]:
    parts = (*layout.parts, name)
    if TEMPORARY.fullmatch(name) and not stat.S_ISDIR(seen.st_mode):
        if is_settled(seen):
            yield leftover(home, parts)
    elif layout.theirs.fullmatch(name):
        yield from _of_people(home, parts, seen)  # a folder may be a setting's, too
    elif layout.folders.fullmatch(name) and (
        stat.S_ISDIR(seen.st_mode) or not layout.files.fullmatch(name)
    ):
        yield from _folder(home, parts, seen)
    elif layout.files.fullmatch(name):
        yield from file_troubles(home, parts, seen)
    elif layout.stray is not None and stat.S_ISDIR(seen.st_mode):
        yield trouble(
            "stray",
            "/".join(parts),
            "A folder that this version of opsdash does not know.",
            "If it is not yours and no newer version's, move it away.",
            severity=Severity.NOTE,
        )
    elif layout.stray is not None:
        yield stray(home, parts, seen, layout.stray)


def _folder(
    home: Home, parts: tuple[str, ...], seen: os.stat_result
) -> Iterator[Trouble]:
    if stat.S_ISDIR(seen.st_mode):
        yield from access_troubles(home, parts, seen)
        return
    where = "/".join(parts)
    what = f"{word_of(seen.st_mode).capitalize()} stands where a folder should be."
    if parts == (ASIDE,):
        yield trouble(
            "no-folder",
            where,
            what,
            "`opsdash doctor --fix` gives it another name.",
            repair=lambda: _renamed(home),
        )
    elif (
        stat.S_ISLNK(seen.st_mode)
        and parts[:1] == ("logs",)
        and parts[1:] != ("groups",)
    ):
        yield trouble(
            "linked-folder",
            where,
            "The folder of the runs is reached through a link; it was not looked into.",
            "Put the folder itself there, or move the whole home and set OPSDASH_HOME.",
        )
    else:
        yield trouble(
            "no-folder",
            where,
            what,
            SETS_ASIDE,
            severity=Severity.ERROR,
            repair=lambda: home.set_aside(*parts),
        )


def _renamed(home: Home) -> str:
    name = f"{ASIDE}-{secrets.token_hex(4)}"
    with home.folder() as fd:
        os.rename(ASIDE, name, src_dir_fd=fd, dst_dir_fd=fd)
    return f"It is called {name} now."


def _of_people(
    home: Home, parts: tuple[str, ...], seen: os.stat_result
) -> Iterator[Trouble]:
    """A file that people write: nobody else may, whoever may read it."""
    excess = seen.st_mode & 0o022 & ~home.mode
    if stat.S_ISREG(seen.st_mode) and excess:
        mode = stat.S_IMODE(seen.st_mode) & ~excess
        yield _mode_trouble(home, parts, seen, mode, "Others may change it")


def file_troubles(
    home: Home, parts: tuple[str, ...], seen: os.stat_result
) -> Iterator[Trouble]:
    """What is wrong with a file of ours, but for what it holds."""
    if stat.S_ISREG(seen.st_mode):
        yield from access_troubles(home, parts, seen)
    else:
        yield not_a_file(parts, seen, lambda: home.set_aside(*parts))


def not_a_file(
    parts: tuple[str, ...], seen: os.stat_result, repair: Callable[[], str] | None
) -> Trouble:
    """Something else stands where a file of ours should be."""
    word = word_of(seen.st_mode)
    return trouble(
        "no-file",
        "/".join(parts),
        f"{word.capitalize()} stands where a file should be; it is not followed.",
        SETS_ASIDE if repair else "Run this again when the run has ended.",
        severity=Severity.ERROR,
        repair=repair,
    )


def access_troubles(
    home: Home, parts: tuple[str, ...], seen: os.stat_result
) -> Iterator[Trouble]:
    """Whose it is, and who may do what with it."""
    if seen.st_uid != home.owner:
        if not home.is_shared:
            yield _owner_trouble(home, parts, seen)
        return
    needed, bits = (FOLDER, 0o077) if stat.S_ISDIR(seen.st_mode) else (FILE, 0o066)
    allowed = needed | home.mode & bits
    mode = seen.st_mode & 0o777
    if mode & ~allowed:
        wanted = mode & allowed | needed
        yield _mode_trouble(home, parts, seen, wanted, "Others may use it")
    elif needed & ~mode:
        yield _mode_trouble(home, parts, seen, mode | needed, "Its owner cannot use it")


def _mode_trouble(
    home: Home, parts: tuple[str, ...], seen: os.stat_result, wanted: int, what: str
) -> Trouble:
    mode = stat.S_IMODE(seen.st_mode)
    special = mode & 0o7000 if stat.S_ISDIR(seen.st_mode) else 0
    wanted |= special  # a folder may hand its group on

    def repair() -> str:
        with home.folder(*parts[:-1]) as fd:
            now = lstat(fd, parts[-1])
            if now is None or not os.path.samestat(now, seen):
                raise FileNotFoundError
            chmod(fd, parts[-1], wanted)
        return f"Its mode is {wanted:04o} now."

    return trouble(
        "mode",
        "/".join(parts),
        f"{what}: its mode is {mode:04o}.",
        f"`opsdash doctor --fix` makes it {wanted:04o}.",
        repair=repair if seen.st_nlink == 1 or stat.S_ISDIR(seen.st_mode) else None,
    )


def _owner_trouble(home: Home, parts: tuple[str, ...], seen: os.stat_result) -> Trouble:
    def repair() -> str:
        with home.folder(*parts[:-1]) as fd:
            now = lstat(fd, parts[-1])
            if now is None or not os.path.samestat(now, seen):
                raise FileNotFoundError
            os.chown(parts[-1], home.owner, -1, dir_fd=fd, follow_symlinks=False)
        return f"It belongs to user {home.owner} now, as the home does."

    may = os.geteuid() == 0 and (seen.st_nlink == 1 or stat.S_ISDIR(seen.st_mode))
    where = "/".join(parts)
    return trouble(
        "owner",
        where,
        f"It belongs to user {seen.st_uid}, and the home to user {home.owner}.",
        "`opsdash doctor --fix` gives it to the home's owner."
        if may
        else f"Ask an administrator for `chown -R {home.owner}` on it.",
        severity=Severity.ERROR,
        repair=repair if may else None,
    )


def leftover(home: Home, parts: tuple[str, ...]) -> Trouble:
    """A file that was never given its own name."""
    return trouble(
        "temporary",
        "/".join(parts),
        "A file was left half written; whoever wrote it has died.",
        SETS_ASIDE,
        repair=lambda: home.set_aside(*parts),
    )


def stray(
    home: Home, parts: tuple[str, ...], seen: os.stat_result, severity: Severity
) -> Trouble:
    """Something that is none of ours."""
    word = word_of(seen.st_mode)
    return trouble(
        "stray",
        "/".join(parts),
        f"{word.capitalize()} that opsdash has not put there.",
        SETS_ASIDE,
        severity=severity,
        repair=lambda: _unused_aside(home, parts),
    )


def _unused_aside(home: Home, parts: tuple[str, ...]) -> str:
    with home.folder(*parts[:-1]) as fd:
        found = holders(fd, parts[-1], own=True)
    if found:
        raise HomeError(
            f"{named(found).capitalize()} has it open.", "Move it away when it is not."
        )
    return home.set_aside(*parts)


def unreadable(where: str, error: OSError) -> Trouble:
    """A folder that cannot be looked into."""
    return trouble(
        "unreadable",
        where,
        f"It cannot be looked into: {error.strerror}.",
        "Make it readable for yourself, then run this again.",
        severity=Severity.ERROR,
    )
