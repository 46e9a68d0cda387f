"""The calls to the kernel that Python has no names for."""

from __future__ import annotations

import ctypes
import os

NEW_USER = 0x10000000
NEW_PID = 0x20000000
NEW_NET = 0x40000000
NEW_IPC = 0x08000000
NEW_MOUNTS = 0x00020000

NO_SETUID = 0x2
NO_DEVICES = 0x4
_BIND = 0x1000
_MOVE = 0x2000
_RECURSIVE = 0x4000
_PRIVATE = 0x40000

_MOUNT_SETATTR = 442
"""The number of the call: since Linux 5.1 one for all processors."""
_HERE = -100
_WHOLE_TREE = 0x8000
_READ_ONLY = 0x1

_PARENT_DEATH_SIGNAL = 1
_DUMPABLE = 4
_DROP_BOUNDING = 24
_NO_NEW_PRIVILEGES = 38
_LAST_CAPABILITY = 63
_KEPT_OF_ROOT = frozenset(range(9))
"""What root may do with files, signals and user ids (CAP_CHOWN to CAP_SETPCAP)."""

_libc = ctypes.CDLL(None, use_errno=True)


class _Attributes(ctypes.Structure):
    """``struct mount_attr``."""

    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("user_namespace", ctypes.c_uint64),
    )


def unshare(flags: int) -> None:
    """Leave the namespaces that the flags name for new ones."""
    _done(_libc.unshare(flags), "unshare")


def mount(kind: str, target: str, data: str = "", flags: int = 0) -> None:
    """Mount a new file system."""
    _mount(kind, target, kind, flags, data)


def bind(source: str, target: str) -> None:
    """Show a file or a folder, and what is mounted below it, at another place."""
    _mount(source, target, None, _BIND | _RECURSIVE)


def move(source: str, target: str) -> None:
    """Move a mount."""
    _mount(source, target, None, _MOVE)


def keep_mounts_private() -> None:
    """Let no mount made from now on reach another namespace, nor one of theirs us."""
    _mount("none", "/", None, _PRIVATE | _RECURSIVE)


def make_read_only(target: str) -> None:
    """Make a mount read-only, and whatever is mounted below it."""
    wanted = _Attributes(set=_READ_ONLY)
    _done(
        _libc.syscall(
            ctypes.c_long(_MOUNT_SETATTR),
            ctypes.c_int(_HERE),
            os.fsencode(target),
            ctypes.c_uint(_WHOLE_TREE),
            ctypes.byref(wanted),
            ctypes.c_size_t(ctypes.sizeof(wanted)),
        ),
        f"make {target} read-only",
    )


def die_with_parent() -> None:
    """Be killed when the process that started this one ends."""
    _libc.prctl(_PARENT_DEATH_SIGNAL, 9, 0, 0, 0)


def be_opaque() -> None:
    """Let no process without privileges trace this one or read its memory."""
    _libc.prctl(_DUMPABLE, 0, 0, 0, 0)


def drop_privileges() -> None:
    """Give up what only mounting needed, for this process and all that it starts."""
    for capability in range(_LAST_CAPABILITY + 1):
        if capability not in _KEPT_OF_ROOT:
            _libc.prctl(_DROP_BOUNDING, capability, 0, 0, 0)
    _done(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "give up privileges")


def _mount(
    source: str, target: str, kind: str | None, flags: int, data: str = ""
) -> None:
    status = _libc.mount(
        os.fsencode(source),
        os.fsencode(target),
        kind.encode() if kind else None,
        ctypes.c_ulong(flags),
        os.fsencode(data) if data else None,
    )
    _done(status, f"mount {source} on {target}")


def _done(status: int, what: str) -> None:
    if status != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
