"""Searching a log: ripgrep where it is installed, else grep, else here.

The tools read the raw file, so what they find is a candidate only: it counts where the
*shown* text matches too. Otherwise a search could be used to spell out a masked secret,
and overdrawn progress frames would be found that nobody can see.
"""

from __future__ import annotations

import os
import re
import selectors
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, NamedTuple

from ..errors import OpsdashError

if TYPE_CHECKING:
    from .logfile import LogFile

_POLL_S = 0.05
_BATCH = 1024
_READ = 1024 * 1024
_ESCAPES = r"(?:\x1b\[[0-9;]*m)*"
"""Colours may stand between any two characters of what is looked for."""


class Wanted(NamedTuple):
    """What is looked for."""

    pattern: str
    regex: bool
    ignore_case: bool


def search(
    log: LogFile,
    wanted: Wanted,
    limit: int,
    start: int,
    cancelled: Callable[[], bool],
) -> list[int]:
    """See ``LogFile.search``."""
    _check(wanted)
    found: list[int] = []
    if not wanted.pattern or start >= log.line_count:
        return found
    for batch in _batches(_candidates(log, wanted, start, cancelled)):
        found += _confirmed(log, wanted, batch)
        if len(found) >= limit or cancelled():
            break
    return found[:limit]


def _check(wanted: Wanted) -> None:
    if not wanted.regex:
        return
    try:
        re.compile(wanted.pattern)
    except re.error as error:
        raise _wrong(str(error)) from error


def _wrong(details: str) -> OpsdashError:
    return OpsdashError(
        f"The regular expression is wrong: {details}.",
        "Correct it, or turn regular expressions off to search the text as it is.",
    )


def _batches(numbers: Iterator[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    for number in numbers:
        batch.append(number)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _confirmed(log: LogFile, wanted: Wanted, batch: list[int]) -> list[int]:
    """Those whose shown text matches, not only their raw bytes."""
    with log.lock:
        known = [number for number in batch if number < log.line_count]
        texts = [line.text for line in log.lines_at(known)]
    hits = set(_matching(wanted, texts))
    return [number for at, number in enumerate(known) if at in hits]


def _matching(wanted: Wanted, texts: list[str]) -> list[int]:
    """Places of the texts that match, by the tool that found them."""
    tool = _tool()
    if tool is None or not wanted.regex:
        expression = _expression(wanted)
        return [at for at, text in enumerate(texts) if expression.search(text)]
    ended = subprocess.run(
        _arguments(tool, wanted, wanted.pattern),
        input="\n".join(texts).encode("utf-8", "replace"),
        capture_output=True,
        env=_environment(wanted),
        check=False,
    )
    numbers = (line.partition(b":")[0] for line in ended.stdout.split(b"\n"))
    return [int(number) - 1 for number in numbers if number]


def _candidates(
    log: LogFile, wanted: Wanted, start: int, cancelled: Callable[[], bool]
) -> Iterator[int]:
    """Numbers of lines whose raw bytes match, ascending, each once."""
    with log.lock:
        fd = log.reopened()
        if fd < 0:
            return
        os.lseek(fd, log.index.start_of(fd, start), os.SEEK_SET)
        escapes = log.index.has_escapes
    try:
        tool = _tool()
        if tool is None:
            yield from _scan(fd, wanted, escapes, start, cancelled)
        else:
            yield from _run(tool, fd, wanted, escapes, start, cancelled)
    finally:
        os.close(fd)


def _tool() -> str | None:
    return shutil.which("rg") or shutil.which("grep")


def _arguments(tool: str, wanted: Wanted, pattern: str) -> list[str]:
    ripgrep = os.path.basename(tool) == "rg"  # noqa: PTH119 — a text, not a path in use
    literal = not wanted.regex and pattern == wanted.pattern
    kind = "--fixed-strings" if literal else ("--pcre2" if ripgrep else "-P")
    own = ["--no-config", "--no-heading", "--no-mmap"] if ripgrep else []
    case = ["--ignore-case"] if wanted.ignore_case else []
    common = ["--line-number", "--only-matching", "--text", "--color=never"]
    last = ["-"] if ripgrep else []
    return [tool, *own, *common, *case, kind, "-e", pattern, *last]


def _environment(wanted: Wanted) -> dict[str, str]:
    """Bytes are the fastest to compare; letters beyond ASCII need their language."""
    return {"LC_ALL": "C" if wanted.pattern.isascii() else "C.UTF-8"}


def _raw_pattern(wanted: Wanted, escapes: bool) -> str:
    if wanted.regex or not escapes or len(wanted.pattern) == 1:
        return wanted.pattern
    return _ESCAPES.join(re.escape(character) for character in wanted.pattern)


def _run(
    tool: str,
    fd: int,
    wanted: Wanted,
    escapes: bool,
    start: int,
    cancelled: Callable[[], bool],
) -> Iterator[int]:
    with subprocess.Popen(
        _arguments(tool, wanted, _raw_pattern(wanted, escapes)),
        stdin=fd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(wanted),
    ) as process:
        try:
            if process.stdout is None or process.stderr is None:
                return
            yield from _numbers(process.stdout, start, cancelled)
            if not cancelled() and (words := process.stderr.read(1000)):
                raise _wrong(words.decode("utf-8", "replace").strip().rstrip("."))
        finally:
            process.kill()


def _numbers(
    printed: IO[bytes], start: int, cancelled: Callable[[], bool]
) -> Iterator[int]:
    """The line numbers in what the tool prints (``12:match``), from 0."""
    last, pending = -1, b""
    with selectors.DefaultSelector() as selector:
        selector.register(printed, selectors.EVENT_READ)
        while not cancelled():
            if not selector.select(_POLL_S):
                continue
            data = os.read(printed.fileno(), _READ)
            if not data:
                return
            *lines, rest = (pending + data).split(b"\n")
            pending = rest[:32]  # the number stands in front; a match may be long
            for line in lines:
                number = start + int(line.partition(b":")[0]) - 1
                if number != last:
                    yield number
                    last = number


def _expression(wanted: Wanted) -> re.Pattern[str]:
    text = wanted.pattern if wanted.regex else re.escape(wanted.pattern)
    return re.compile(text, re.IGNORECASE if wanted.ignore_case else 0)


def _scan(
    fd: int,
    wanted: Wanted,
    escapes: bool,
    start: int,
    cancelled: Callable[[], bool],
) -> Iterator[int]:
    """Without any tool: block by block, whole lines."""
    text = _raw_pattern(wanted, escapes)
    if not wanted.regex and text == wanted.pattern:
        text = re.escape(text)
    flags = re.IGNORECASE if wanted.ignore_case else 0
    expression = re.compile(text, flags)
    number, pending = start, b""
    while data := os.read(fd, _READ):
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            if expression.search(line.decode("utf-8", "replace")):
                yield number
            number += 1
        if cancelled():
            return
    if pending and expression.search(pending.decode("utf-8", "replace")):
        yield number
