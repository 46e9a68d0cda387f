"""Searching a log: ripgrep where it is installed, else grep, else here.

The tools read the raw file, so what they find is a candidate only: it counts where the
*shown* text matches too. Otherwise a search could be used to spell out a masked secret,
and overdrawn progress frames would be found that nobody can see.

A candidate is a place in the file, not the number of a line: while the tools read,
something may be cut out of the file, and then numbers change.
"""

from __future__ import annotations

import os
import re
import selectors
import shutil
import subprocess
import threading
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


class Part(NamedTuple):
    """Bytes without a gap in them; the last ones may go on growing."""

    fd: int
    start: int
    end: int
    is_last: bool


class Wanted(NamedTuple):
    """What is looked for."""

    pattern: str
    regex: bool
    ignore_case: bool


class Found(NamedTuple):
    """Lines that match: their places, and their numbers while nothing is cut out."""

    places: list[int]
    numbers: list[int]
    cuts: int

    def numbers_now(self, log: LogFile) -> list[int]:
        """Their numbers as they are now, without those that are gone."""
        if self.cuts == log.cuts:
            return self.numbers
        numbers = log.index.lines_of(log.fd, self.places)
        return [number for number in dict.fromkeys(numbers) if number >= 0]


def search(
    log: LogFile,
    wanted: Wanted,
    limit: int,
    start: int,
    cancelled: Callable[[], bool],
) -> Found:
    """See ``LogFile.find``."""
    _check(wanted)
    found: dict[int, int] = {}
    cuts = log.cuts
    if not wanted.pattern or start >= log.line_count:
        return Found([], [], cuts)
    for batch in _batches(_candidates(log, wanted, start, cancelled)):
        found |= _confirmed(log, wanted, batch)
        if len(found) >= limit or cancelled():
            break
    # Numbers found before and after something was cut out are of two countings.
    places, numbers = list(found.values()), list(found)
    if log.cuts != cuts:
        places.sort()
        cuts = -1
    return Found(places[:limit], numbers[:limit], cuts)


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


def _batches(places: Iterator[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    for place in places:
        batch.append(place)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _confirmed(log: LogFile, wanted: Wanted, places: list[int]) -> dict[int, int]:
    """Number and place of those whose shown text matches, not only their raw bytes."""

    def read() -> tuple[dict[int, int], list[str]]:
        numbers = log.index.lines_of(log.fd, places)
        pairs = zip(reversed(numbers), reversed(places), strict=True)
        known = {number: place for number, place in pairs if number >= 0}
        known = dict(sorted(known.items()))
        return known, [line.text for line in log.lines_at(list(known))]

    known, texts = log.steady(read)
    hits = set(_matching(wanted, texts))
    return {number: known[number] for at, number in enumerate(known) if at in hits}


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
    """Places in lines whose raw bytes match, ascending, each line once."""
    with log.lock:
        fd = log.reopened()
        if fd < 0:
            return
        begun = log.index.start_of(log.fd, start)
        spans = [log.index.span(at) for at in range(len(log.index.cuts) + 1)]
        escapes = log.index.has_escapes
    try:
        tool = _tool()
        for span in spans:
            if span.end <= begun or cancelled():
                continue
            low = max(begun, span.start)
            part = Part(fd, low, span.end, is_last=span is spans[-1])
            if tool is None:
                yield from _scan(part, wanted, escapes, cancelled)
            else:
                yield from _run(tool, part, wanted, escapes, cancelled)
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
    common = ["--line-number", "--byte-offset", "--only-matching", "--text"]
    case.append("--color=never")
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
    part: Part,
    wanted: Wanted,
    escapes: bool,
    cancelled: Callable[[], bool],
) -> Iterator[int]:
    os.lseek(part.fd, part.start, os.SEEK_SET)
    with subprocess.Popen(
        _arguments(tool, wanted, _raw_pattern(wanted, escapes)),
        stdin=part.fd if part.is_last else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(wanted),
    ) as process:
        feeder = threading.Thread(target=_feed, args=(part, process.stdin))
        try:
            if process.stdout is None or process.stderr is None:
                return
            if process.stdin is not None:
                feeder.start()
            for place in _places(process.stdout, part.start, cancelled):
                if place >= part.end:
                    return
                yield place
            if not cancelled() and (words := process.stderr.read(1000)):
                raise _wrong(words.decode("utf-8", "replace").strip().rstrip("."))
        finally:
            process.kill()
            if process.stdin is not None:
                feeder.join()


def _feed(part: Part, into: IO[bytes]) -> None:
    """What lies before a gap is handed over, for the tool would read on into it."""
    try:
        with into:
            for data in _read(part):
                into.write(data)
    except OSError:  # the tool was ended before it had read all
        return


def _read(part: Part) -> Iterator[bytes]:
    at = part.start
    while data := os.pread(part.fd, min(_READ, part.end - at), at):
        yield data
        at += len(data)


def _places(
    printed: IO[bytes], start: int, cancelled: Callable[[], bool]
) -> Iterator[int]:
    """Where the lines match in what the tool prints (``12:345:match``)."""
    last, pending = b"", b""
    with selectors.DefaultSelector() as selector:
        selector.register(printed, selectors.EVENT_READ)
        while not cancelled():
            if not selector.select(_POLL_S):
                continue
            data = os.read(printed.fileno(), _READ)
            if not data:
                return
            *lines, rest = (pending + data).split(b"\n")
            pending = rest[:48]  # the numbers stand in front; a match may be long
            for line in lines:
                number, place, _ = line.split(b":", 2)
                if number != last:
                    yield start + int(place)
                    last = number


def _expression(wanted: Wanted) -> re.Pattern[str]:
    text = wanted.pattern if wanted.regex else re.escape(wanted.pattern)
    return re.compile(text, re.IGNORECASE if wanted.ignore_case else 0)


def _scan(
    part: Part, wanted: Wanted, escapes: bool, cancelled: Callable[[], bool]
) -> Iterator[int]:
    """Without any tool: block by block, whole lines."""
    text = _raw_pattern(wanted, escapes)
    if not wanted.regex and text == wanted.pattern:
        text = re.escape(text)
    flags = re.IGNORECASE if wanted.ignore_case else 0
    expression = re.compile(text, flags)
    place, pending = part.start, b""
    for data in _read(part):
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            if expression.search(line.decode("utf-8", "replace")):
                yield place
            place += len(line) + 1
        if cancelled():
            return
    if pending and expression.search(pending.decode("utf-8", "replace")):
        yield place
