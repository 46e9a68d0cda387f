"""A copy of the file system whose changes are thrown away.

An overlay cannot be laid over a folder in which something else is mounted (the kernel
keeps a less privileged namespace from looking below a mount). So the root, and each
folder on the way to a mount, is made anew, and an overlay is laid over every folder in
it below which nothing is mounted. Where that cannot be done, the folder is shown
read-only: nothing is ever written through.
"""

from __future__ import annotations

import os
import stat

from . import devices, kernel

TYPE_CHECKING = False  # as of typing, whose import would cost as much as the mounts
if TYPE_CHECKING:
    from collections.abc import Iterable

_PSEUDO = frozenset(
    {
        *("autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs"),
        *("devpts", "devtmpfs", "efivarfs", "fusectl", "hugetlbfs", "mqueue", "nsfs"),
        *("proc", "pstore", "rpc_pipefs", "securityfs", "selinuxfs", "sysfs"),
        "tracefs",
    }
)
_OWN = ("/proc", "/dev", "/sys")
_MANY = 64
"""Entries of a folder on the way to a mount that are worth a mount each."""
_TOO_MANY = 2_000
_ESCAPED = {"\\040": " ", "\\011": "\t", "\\012": "\n", "\\134": "\\"}
"""How the kernel writes what would end a name in its list of mounts."""
_UNSAFE = frozenset(",:\\")
"""What would end a name among the options of an overlay."""
_WRITABLE_LIMIT = "size=1g,mode=755"


class Layout:
    """Builds the copy under ``root``; what is written there goes to ``uppers``."""

    def __init__(
        self, base: str, mounts: dict[str, str], wanted: Iterable[str]
    ) -> None:
        self.root = f"{base}/root"
        self.uppers = f"{base}/uppers"
        self.sources = f"{base}/sources"
        self._mounts = mounts
        self._wanted = tuple(wanted)
        self._made = 0
        self._laid = 0
        self._refused: OSError | None = None

    def build(self) -> None:
        """Make the copy complete.

        Raises:
            OSError: some part of it cannot be made.
        """
        for folder in (self.root, self.uppers, self.sources):
            os.mkdir(folder)
        kernel.mount("tmpfs", self.root, _WRITABLE_LIMIT, kernel.NO_SETUID)
        self._fill("/")
        os.chmod(self.root, _mode("/"))
        if self._refused is not None and not self._laid:
            raise self._refused  # this kernel allows none

    def _place(self, path: str) -> None:
        """Show one folder, as writable as can be."""
        kind = self._mounts.get(path)
        if kind in _PSEUDO:
            self._read_only(path)
        elif not self._holds_mounts(path):
            self._overlay(path)
        elif self._is_worth_it(path):
            os.makedirs(self.root + path, exist_ok=True)
            self._fill(path)
            os.chmod(self.root + path, _mode(path))
        else:
            self._read_only(path)
            for inner in self._ways_on(path):
                self._place(inner)

    def _fill(self, path: str) -> None:
        """Make a folder anew, entry by entry."""
        with os.scandir(path) as entries:
            for entry in entries:
                if path == "/" and entry.path in _OWN:
                    self._own(entry.path)
                elif entry.is_symlink():
                    os.symlink(os.readlink(entry.path), self.root + entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    self._folder(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    self._file(entry.path)

    def _own(self, path: str) -> None:
        target = self.root + path
        os.mkdir(target)
        if path == "/proc":
            devices.show_processes(target)
        elif path == "/dev":
            devices.show_devices(target)
        else:
            kernel.bind(path, target)
            kernel.make_read_only(target)

    def _folder(self, path: str) -> None:
        if path not in self._mounts and _is_empty(path):
            os.mkdir(self.root + path)
            os.chmod(self.root + path, _mode(path))
            return
        self._place(path)

    def _file(self, path: str) -> None:
        with open(self.root + path, "xb"):
            pass
        kernel.bind(path, self.root + path)
        kernel.make_read_only(self.root + path)

    def _overlay(self, path: str) -> None:
        self._made += 1
        upper = f"{self.uppers}/{self._made}"
        work = f"{self.uppers}/{self._made}w"
        os.mkdir(upper)
        os.mkdir(work)
        target = self.root + path
        if not os.path.isdir(target):
            os.mkdir(target)
        options = f"lowerdir={self._named(path)},upperdir={upper},workdir={work}"
        try:
            os.chmod(upper, _mode(path))
            kernel.mount(
                "overlay",
                target,
                options + ",userxattr",
                kernel.NO_SETUID | kernel.NO_DEVICES,
            )
        except OSError as error:
            self._refused = error
            self._read_only(path)
        else:
            self._laid += 1

    def _read_only(self, path: str) -> None:
        target = self.root + path
        os.makedirs(target, exist_ok=True)
        kernel.bind(path, target)
        kernel.make_read_only(target)

    def _named(self, path: str) -> str:
        """A name of a folder that can stand among options."""
        if not _UNSAFE & set(path):
            return path
        name = f"{self.sources}/{self._made}"
        os.mkdir(name)
        kernel.bind(path, name)
        return name

    def _holds_mounts(self, path: str) -> bool:
        return any(place.startswith(path + "/") for place in self._mounts)

    def _is_worth_it(self, path: str) -> bool:
        try:
            count = len(os.listdir(path))
        except OSError:
            return False
        return count <= (_TOO_MANY if path in self._wanted else _MANY)

    def _ways_on(self, path: str) -> set[str]:
        """The folders right below a path that lead to what must be writable."""
        found = set()
        for wanted in self._wanted:
            if wanted.startswith(path + "/"):
                step = wanted[len(path) + 1 :].partition("/")[0]
                found.add(f"{path}/{step}")
        return {inner for inner in found if os.path.isdir(inner)}


def mounted() -> dict[str, str]:
    """What is mounted where: the folder, and the kind of file system."""
    found: dict[str, str] = {}
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as f:
        for line in f:
            before, _, after = line.partition(" - ")
            found[_unescaped(before.split(" ")[4])] = after.split(" ", 1)[0]
    return found


def _unescaped(name: str) -> str:
    for written, meant in _ESCAPED.items():
        name = name.replace(written, meant)
    return name


def _is_empty(path: str) -> bool:
    try:
        with os.scandir(path) as entries:
            return next(entries, None) is None
    except OSError:
        return False


def _mode(path: str) -> int:
    """The mode of a copy that is ours: not writable where the real one is not."""
    mode = stat.S_IMODE(os.stat(path).st_mode)
    return mode if os.access(path, os.W_OK) else mode & ~0o222
