"""Start a program in namespaces of its own, over a throw-away file system.

Arguments: the descriptor to report on, how much is needed (``full`` or ``any``), how
much is tried at most (``full``, ``part`` or ``none``), the folder to work in, a private
folder for where there is no overlay, the program's own folder there (or nothing), and
the program, ``{confined}`` in it standing for how far it is confined. The report is one
line: ``full``; or ``part`` or ``none`` and the reason; or ``failed``, an error number
and the program.

Three processes stand over the program: the one that was started stays outside and
maps the users; the second holds the user namespace; the third is the first process of
the process namespace, and with it everything in there ends.
"""

from __future__ import annotations

import os
import sys

from . import kernel, layout

TYPE_CHECKING = False  # as of typing, whose import would cost as much as the mounts
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Sequence
    from typing import NoReturn
else:
    import _signal as signal  # without its enums

_WITHOUT_MOUNTS = kernel.NEW_USER | kernel.NEW_PID | kernel.NEW_NET | kernel.NEW_IPC
_MOST_PROCESSES = 4_096
_UNSHARED = b"unshared\n"
_READY = b"ready\n"
_CANNOT = 126


class Order:
    """What is to be started, and how."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.report_on = int(arguments[0])
        self.needed, self.most, self.cwd = arguments[1:4]
        self.scratch, self.own_folder = arguments[4:6]
        self.command = tuple(arguments[6:])


def main() -> None:
    """Do what the arguments say."""
    order = Order(sys.argv[1:])
    kernel.die_with_parent()
    reason = "it is switched off"
    if order.most == "full":
        reason = _attempt(order, full=True)
    if order.needed == "full":
        _report(order, f"none {reason}")
        os._exit(_CANNOT)
    if order.most != "none":
        _attempt(order, full=False, reason=reason)
    _report(order, f"none {reason}")
    _work_in(order, order.own_folder)
    _execute(order, "none")


def _attempt(order: Order, *, full: bool, reason: str = "") -> str:
    """Run the program in namespaces and exit with its code; else say why not."""
    said_read, said_write = os.pipe()
    mapped_read, mapped_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(said_read)
        os.close(mapped_write)
        _guarded(
            said_write, lambda: _hold(order, full, reason, said_write, mapped_read)
        )
    os.close(said_write)
    os.close(mapped_read)
    signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGTERM))
    said = os.read(said_read, 4_096)
    if said == _UNSHARED:
        try:
            _map_users(pid)
            os.write(mapped_write, _READY)
        except OSError as error:
            said = str(error).encode()
        else:
            said = os.read(said_read, 4_096)
    os.close(mapped_write)
    if said != _READY:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(said_read)
        return said.decode("utf-8", "replace").strip() or "it ended at once"
    os._exit(_code(os.waitpid(pid, 0)[1]))


def _guarded(said: int, do: Callable[[], None]) -> NoReturn:
    """Run the rest of a forked process; tell what went wrong to the one above."""
    try:
        do()
    except OSError as error:
        os.write(said, (error.strerror or str(error)).encode())
    finally:
        os._exit(_CANNOT)


def _hold(order: Order, full: bool, reason: str, said: int, mapped: int) -> None:
    """The second process: in the namespaces, but for that of the processes."""
    kernel.die_with_parent()
    kernel.unshare(_WITHOUT_MOUNTS | (kernel.NEW_MOUNTS if full else 0))
    os.write(said, _UNSHARED)
    if os.read(mapped, len(_READY)) != _READY:
        return
    pid = os.fork()
    if pid == 0:
        _guarded(said, lambda: _govern(order, full, reason, said))
    signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGKILL))
    os.close(said)
    os._exit(_code(os.waitpid(pid, 0)[1]))


def _govern(order: Order, full: bool, reason: str, said: int) -> None:
    """The third process: the first one of its namespace, which ends with it."""
    kernel.die_with_parent()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _switch_on_loopback()
    if full:
        _change_root(order)
    _be_killed_first()
    _report(order, "full" if full else f"part {reason}")
    os.write(said, _READY)
    os.close(said)
    kernel.be_opaque()
    pid = os.fork()
    if pid == 0:
        kernel.drop_privileges()
        _limit_processes()
        _work_in(order, order.cwd if full else order.own_folder, private=not full)
        _execute(order, "full" if full else "part")
    while True:
        ended, status = os.wait()
        if ended == pid:
            os._exit(_code(status))


def _map_users(pid: int) -> None:
    """Give the namespace the users that this process can give it."""
    try:
        for kind in ("uid", "gid"):
            with open(f"/proc/self/{kind}_map", encoding="ascii") as known:
                ranges = [line.split() for line in known]
            same = "".join(f"{first} {first} {n}\n" for first, _, n in ranges)
            _write(f"/proc/{pid}/{kind}_map", same)
    except OSError:
        _write(f"/proc/{pid}/uid_map", f"{os.geteuid()} {os.geteuid()} 1\n")
        _write(f"/proc/{pid}/setgroups", "deny")
        _write(f"/proc/{pid}/gid_map", f"{os.getegid()} {os.getegid()} 1\n")


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode("ascii"))
    finally:
        os.close(descriptor)


def _change_root(order: Order) -> None:
    kernel.keep_mounts_private()
    mounts = layout.mounted()
    place = f"{order.scratch}/work"  # hidden by ours while the copy is built
    kernel.mount("tmpfs", place, "mode=755,size=2g", kernel.NO_SETUID)
    home = os.environ.get("HOME", "/")
    wanted = (order.cwd, home, os.environ.get("TMPDIR", "/tmp"))  # noqa: S108 - not used, shown
    plan = layout.Layout(place, mounts, map(os.path.realpath, filter(None, wanted)))
    plan.build()
    os.chdir(plan.root)
    kernel.move(plan.root, "/")
    os.chroot(".")
    os.chdir("/")


def _switch_on_loopback() -> None:
    """Let programs look for a free port on the new network's own loopback."""
    import _socket
    import fcntl
    import struct

    try:
        asked = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
        request = struct.pack("16sH14s", b"lo", 0x41, b"")  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(asked.fileno(), 0x8914, request)  # SIOCSIFFLAGS
        asked.close()
    except OSError:
        return  # then there is no network at all


def _be_killed_first() -> None:
    """Where memory runs out, the module goes, not the panel."""
    try:
        _write("/proc/self/oom_score_adj", "1000")
    except OSError:
        return


def _limit_processes() -> None:
    import resource

    hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    most = _MOST_PROCESSES if hard == resource.RLIM_INFINITY else hard
    most = min(most, _MOST_PROCESSES)
    resource.setrlimit(resource.RLIMIT_NPROC, (most, hard))


def _work_in(order: Order, folder: str, *, private: bool = True) -> None:
    """Go to a folder; without an overlay, to a private one where none is named."""
    if private:
        os.environ["TMPDIR"] = os.path.join(order.scratch, "tmp")
    os.chdir(folder or f"{order.scratch}/work")


def _execute(order: Order, level: str) -> NoReturn:
    command = [part.replace("{confined}", level) for part in order.command]
    try:
        os.execve(command[0], command, os.environ)  # noqa: S606 - no shell is wanted
    except OSError as error:
        _report(order, f"failed {error.errno} {order.command[0]}")
        os._exit(_CANNOT)


def _report(order: Order, text: str) -> None:
    os.write(order.report_on, text.replace("\n", " ").encode() + b"\n")


def _code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code
