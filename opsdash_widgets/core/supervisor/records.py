"""Small JSON files, read and written without importing ``json`` (and ``re``, ``enum``).

The C accelerator behind ``json`` is used directly; where an interpreter lacks it the
package is imported after all.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from typing import Any

_json: Any
try:
    import _json  # CPython's accelerator behind ``json``
except ImportError:  # another implementation of Python
    import json as _json

_make_scanner: Any = getattr(_json, "make_scanner", None)
_quote: Any = getattr(_json, "encode_basestring_ascii", None) or _json.dumps

SLOT_SIZE = 4096
"""Bytes reserved for the exit record, so that a full disk cannot lose it."""

SMALL = 1 << 20
"""Bytes read at most of a file that anybody may have written."""

_OPEN = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class _Context:
    """What the scanner asks of a ``JSONDecoder``."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float


def loads(text: str) -> Any:
    """Decode JSON.

    Raises:
        ValueError: the text is no JSON.
    """
    if _make_scanner is None:
        return _json.loads(text)
    try:
        return _make_scanner(_Context)(text.strip(), 0)[0]
    except (StopIteration, ValueError, RecursionError, SystemError):
        # SystemError: the scanner finds no json.decoder to raise its own error with.
        raise ValueError("not JSON") from None


def loads_dict(text: str) -> dict[str, Any]:
    """Decode a JSON object.

    Raises:
        ValueError: the text is no JSON, or no object.
    """
    value = loads(text)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def dumps(value: Any) -> str:
    """Encode ``None``, booleans, numbers, strings, lists and dicts of them as JSON."""
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return str(_quote(value))
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_quote(k)}: {dumps(v)}' for k, v in value.items())}}}"
    return f"[{', '.join(dumps(item) for item in value)}]"


def read_text(dir_fd: int, name: str, limit: int = 16 << 20) -> str | None:
    """The text of a file, or ``None`` where there is none that can be read."""
    try:
        fd = os.open(name, os.O_RDONLY | _OPEN, dir_fd=dir_fd)
    except OSError:
        return None
    chunks = []
    try:
        while limit > 0 and (chunk := os.read(fd, min(limit, 1 << 16))):
            chunks.append(chunk)
            limit -= len(chunk)
    except OSError:  # a folder, or a FIFO with nothing in it
        return None
    finally:
        os.close(fd)
    return b"".join(chunks).decode("utf-8", "replace")


def open_append(dir_fd: int, name: str) -> int:
    """A new description of a file of the run directory, for appending, mode 0600.

    Raises:
        OSError: it cannot be made, or is no file: a FIFO that is full would hang us.
    """
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _OPEN
    fd = os.open(name, flags, 0o600, dir_fd=dir_fd)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError(errno.EINVAL, "not a regular file", name)
    fcntl.fcntl(fd, fcntl.F_SETFL, os.O_APPEND)  # blocking writes for the job
    return fd


def open_append_if_possible(dir_fd: int, name: str) -> int:
    """The same for what a run can do without; -1 where there is no space for it."""
    try:
        return open_append(dir_fd, name)
    except OSError:
        return -1


def write_new(dir_fd: int, name: str, record: dict[str, Any]) -> None:
    """Write a record as a whole: under a temporary name, then renamed."""
    temporary = f".{name}.new"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _OPEN
    fd = os.open(temporary, flags, 0o600, dir_fd=dir_fd)
    try:
        os.write(fd, (dumps(record) + "\n").encode())
    finally:
        os.close(fd)
    os.rename(temporary, name, src_dir_fd=dir_fd, dst_dir_fd=dir_fd)


def append_record(fd: int, *numbers: int) -> bool:
    """Append one record of ``output.fpos``, as a whole or not at all; whether it is.

    A full disk may take a part of it, which would shift all that follow.
    """
    record = b"".join(number.to_bytes(8, "little") for number in numbers)
    try:
        if os.write(fd, record) == len(record):
            return True
        os.ftruncate(fd, os.fstat(fd).st_size // len(record) * len(record))
    except OSError:
        return False
    return False


def append_line(dir_fd: int, name: str, record: dict[str, Any]) -> None:
    """Append one JSON line to a file, as far as that can be done.

    Neither a full disk nor a strange file keeps from happening what the line tells.
    """
    try:
        fd = open_append(dir_fd, name)
    except OSError:
        return
    try:
        os.write(fd, (dumps(record) + "\n").encode())
    except OSError:
        return
    finally:
        os.close(fd)


def complain(text: str) -> None:
    """Say in ``supervisor.log`` what is wrong; on a full disk it stays unsaid."""
    try:
        os.write(2, f"{text}\n".encode())
    except OSError:
        return


def reserve_slot(dir_fd: int) -> int:
    """Reserve the space of the exit record, and keep its file open."""
    flags = os.O_WRONLY | os.O_CREAT | _OPEN
    fd = os.open("exit.slot", flags, 0o600, dir_fd=dir_fd)
    os.posix_fallocate(fd, 0, SLOT_SIZE)
    return fd


def commit_slot(dir_fd: int, slot: int, record: dict[str, Any]) -> None:
    """Fill the reserved slot and make it the exit record.

    Raises:
        OSError: the run directory is gone, or its disk cannot be written.
    """
    line = (dumps(record) + "\n").encode()
    try:
        named = os.stat("exit.slot", dir_fd=dir_fd, follow_symlinks=False)
        if not os.path.samestat(os.fstat(slot), named):
            raise FileNotFoundError
        os.pwrite(slot, line, 0)
        os.ftruncate(slot, len(line))
        os.fsync(slot)
        os.rename("exit.slot", "exit.json", src_dir_fd=dir_fd, dst_dir_fd=dir_fd)
    except OSError:  # the job has removed or replaced it, or is in our way
        _make_way(dir_fd)
        write_new(dir_fd, "exit.json", record)
    os.fsync(dir_fd)


def _make_way(dir_fd: int) -> None:
    """Undo what a job may have done to its run directory to keep us from writing."""
    try:
        os.fchmod(dir_fd, 0o700)
        there = os.stat("exit.json", dir_fd=dir_fd, follow_symlinks=False)
        if stat.S_ISDIR(there.st_mode):
            new = ".exit.json.folder"
            os.rename("exit.json", new, src_dir_fd=dir_fd, dst_dir_fd=dir_fd)
    except OSError:
        return
