"""Reading and writing a configuration file: whole or not at all, never over others."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ..errors import ConfigError
from .ini import ConfigFile, one_newline

LARGEST = 1 << 20
"""No configuration that a person wrote has more bytes."""

OFFERED = """\
# The named environments. CONDA_ENV is the folder of a Python environment.
# Every key but INTERPRETER, CWD and PRODUCTION is an environment variable of the run.
[DEV]
CONDA_ENV =
CONFIG_PATH =
RESULT_PATH =

[UAT]
CONDA_ENV =
CONFIG_PATH =
RESULT_PATH =

[PROD]
CONDA_ENV =
CONFIG_PATH =
RESULT_PATH =
"""
"""What is offered where there is no file yet; written only when it is saved."""


def read_config(path: Path) -> ConfigFile:
    """The configuration at a path, or the offered one where there is none.

    Raises:
        ConfigError: it cannot be read, or its text is no configuration.
    """
    raw = read_raw(path)
    try:
        return raw.with_text(raw.text)
    except ConfigError as error:
        message = f"{path}: {error.message}"
        raise ConfigError(message, error.next_step, line=error.line) from error


def read_raw(path: Path) -> ConfigFile:
    """The text at a path with no sections read from it, so that it can be mended.

    Raises:
        ConfigError: there is something at the path that is no text file.
    """
    content = _content(_real(path))
    if content is None:
        return ConfigFile(text=OFFERED, sections=())
    bom = content.startswith(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ConfigError(
            f"{path} is not a text file in UTF-8.", "Save it as UTF-8.", line=line
        ) from error
    return ConfigFile(
        text=one_newline(text),
        sections=(),
        newline="\r\n" if b"\r\n" in content else "\n",
        bom=bom,
        fingerprint=_fingerprint(content),
    )


def write_config(path: Path, file: ConfigFile) -> ConfigFile:
    """Replace the file at a path, keeping its mode, or make it with mode 0600.

    Returns:
        The document as it now is on disk.

    Raises:
        ConfigError: it was changed by someone else since it was read, or it cannot be
            written; the file is then as it was.
    """
    target = _real(path)
    text = file.text.replace("\n", file.newline)
    content = (b"\xef\xbb\xbf" if file.bom else b"") + text.encode()
    if len(content) > LARGEST:
        raise ConfigError(f"{path} would have more than 1 MB.", "Make it shorter.")
    try:
        with _folder_lock(target.parent) as folder:
            _refuse_change(path, target, file)
            _replace(folder, target, content)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written ({error.strerror or error}).",
            "Make its folder writable for yourself, or choose another config_file.",
        ) from error
    return msgspec.structs.replace(file, fingerprint=_fingerprint(content))


def _real(path: Path) -> Path:
    """The path with a link in its own folder followed; a link out of it is refused."""
    try:
        real = path.resolve()
        inside = path.parent.resolve()
    except (OSError, RuntimeError) as error:
        raise ConfigError(
            f"{path} cannot be found ({error}).", "Correct the path."
        ) from error
    if path.is_symlink() and real.parent != inside:
        raise ConfigError(
            f"{path} is a link to {real}, outside its own folder.",
            f"Set config_file to {real} to edit it there.",
        )
    return real


def _content(path: Path) -> bytes | None:
    """The bytes of a regular file, or ``None`` where there is none."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read ({error.strerror or error}).",
            "Make it readable for yourself.",
        ) from error
    with os.fdopen(descriptor, "rb") as opened:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ConfigError(f"{path} is not a file.", "Move it away.")
        content = opened.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ConfigError(f"{path} has more than 1 MB.", "Choose another config_file.")
    if b"\0" in content:
        raise ConfigError(f"{path} is not a text file.", "Choose another config_file.")
    return content


def _fingerprint(content: bytes) -> str:
    import hashlib  # OpenSSL takes 10 ms to load: listing runs need not wait for it

    return hashlib.sha256(content).hexdigest()


def _refuse_change(path: Path, target: Path, file: ConfigFile) -> None:
    content = _content(target)
    now = "" if content is None else _fingerprint(content)
    if now != file.fingerprint:
        raise ConfigError(
            f"{path} was changed by someone else; nothing was written.",
            "Reload it and make your changes again.",
        )


@contextlib.contextmanager
def _folder_lock(folder: Path) -> Iterator[int]:
    """A descriptor of the folder, locked against other writers of this package."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _replace(folder: int, target: Path, content: bytes) -> None:
    temporary = f".{target.name}.{secrets.token_hex(4)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o600, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            _keep_mode(descriptor, target)
            opened.write(content)
            opened.flush()
            os.fsync(descriptor)
        os.rename(temporary, target.name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        raise
    os.fsync(folder)


def _keep_mode(descriptor: int, target: Path) -> None:
    try:
        before = target.stat(follow_symlinks=False)
    except FileNotFoundError:
        return
    with contextlib.suppress(PermissionError):  # a group that we are not in
        os.fchown(descriptor, before.st_uid, before.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
