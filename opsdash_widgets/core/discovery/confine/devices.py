"""The processes and devices that a confined program sees."""

from __future__ import annotations

import os

from . import kernel

_NODES = ("null", "zero", "full", "random", "urandom", "tty")
_ACCELERATORS = ("nvidia", "dri", "kfd")
"""Devices that decide a default such as ``cuda``, and keep nothing."""
_LINKS = {
    "fd": "/proc/self/fd",
    "stdin": "/proc/self/fd/0",
    "stdout": "/proc/self/fd/1",
    "stderr": "/proc/self/fd/2",
    "ptmx": "pts/ptmx",
}
_FOR_ROOT = ("sys", "sysrq-trigger", "irq", "bus", "fs")
"""What the machine's root may change through ``/proc``."""


def show_processes(target: str) -> None:
    """Mount a ``/proc`` of the new process namespace, or the old one read-only."""
    try:
        kernel.mount("proc", target)
    except OSError:
        # A container that hides parts of /proc allows no whole one below it.
        kernel.bind("/proc", target)
        kernel.make_read_only(target)
        return
    if os.geteuid() != 0:
        return
    for name in _FOR_ROOT:
        path = f"{target}/{name}"
        if os.path.exists(path):
            kernel.bind(path, path)
            kernel.make_read_only(path)


def show_devices(target: str) -> None:
    """Make a ``/dev`` with what a program may need and none of the machine's disks."""
    kernel.mount("tmpfs", target, "mode=755,size=64m", kernel.NO_SETUID)
    for name in os.listdir("/dev"):
        if name in _NODES or name.startswith(_ACCELERATORS):
            _show(f"/dev/{name}", f"{target}/{name}")
    for name, to in _LINKS.items():
        os.symlink(to, f"{target}/{name}")
    os.mkdir(f"{target}/shm")
    kernel.mount("tmpfs", f"{target}/shm", "mode=1777,size=1g", kernel.NO_SETUID)
    os.mkdir(f"{target}/pts")
    try:
        kernel.mount("devpts", f"{target}/pts", "newinstance,ptmxmode=0666,mode=620")
    except OSError:
        os.unlink(f"{target}/ptmx")  # no terminals of its own, then


def _show(source: str, target: str) -> None:
    if os.path.isdir(source):
        os.mkdir(target)
    else:
        with open(target, "xb"):
            pass
    kernel.bind(source, target)
