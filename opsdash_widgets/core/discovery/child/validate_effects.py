"""What a parser does beside parsing: files that it changes, the network it asks for."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any, Iterator

_CHANGES = {
    *("os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink", "os.truncate"),
    *("os.chmod", "os.chown", "os.mkdir", "shutil.rmtree", "shutil.move"),
    *("shutil.copyfile", "shutil.copytree", "sqlite3.connect", "subprocess.Popen"),
    *("os.system", "os.posix_spawn", "os.spawn", "os.fork"),
}
_NETWORK = {
    *("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"),
    *("socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"),
    *("urllib.Request", "ftplib.connect", "smtplib.connect", "http.client.connect"),
}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_OF_A_SANDBOX = {
    *(errno.EROFS, errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EXDEV, errno.EIO),
    *(errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE),
    *(errno.EAGAIN, errno.ENOMEM, errno.ENODEV, errno.ENXIO, errno.ESTALE),
    *(errno.EOVERFLOW, errno.EOPNOTSUPP, errno.ENETDOWN, errno.ENETUNREACH),
    *(errno.EHOSTUNREACH, errno.ECONNREFUSED, errno.EADDRNOTAVAIL, errno.ETIMEDOUT),
}
_NETWORK_ERRORS = {"gaierror", "herror", "URLError", "timeout", "TimeoutError"}


class Effects:
    """Notes effects from the first parse on.

    Attributes:
        changed: some file was, or may have been, written, made or deleted.
        network: the network was asked for something.
    """

    def __init__(self) -> None:
        self.changed = False
        self.network = False
        self._watching = False

    def watch(self) -> None:
        """Note effects from now on."""
        if not self._watching:
            self._watching = True
            sys.addaudithook(self._audit)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _NETWORK:
            self.network = True
        elif event in _CHANGES or (event == "open" and _is_write(*arguments[:3])):
            self.changed = True


def _is_write(path: Any = None, mode: Any = None, flags: Any = None) -> bool:
    if isinstance(mode, str) and any(letter in mode for letter in "wax+"):
        return True
    return isinstance(flags, int) and bool(flags & _WRITES)


def by_sandbox(error: BaseException | None) -> bool:
    """Whether an error, or one that it came from, may be due to the sandbox."""
    return any(_is_suspect(one) for one in _chain(error))


def _is_suspect(error: BaseException) -> bool:
    if isinstance(error, MemoryError) or type(error).__name__ in _NETWORK_ERRORS:
        return True
    return isinstance(error, OSError) and error.errno in _OF_A_SANDBOX


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    left = [error]
    while left:
        one = left.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            left += [one.__cause__, one.__context__]
