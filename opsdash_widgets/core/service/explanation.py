"""Why a run failed, in one sentence from its own output."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterable
from pathlib import PurePath

from ..model import Outcome, RunSpec, Verdict
from ..redaction import safe_text

TAIL = 64 * 1024
"""Bytes at the end of the output that are looked at."""

LONGEST = 300
"""Characters of an explanation."""

LONGEST_LINE = 2_000
"""Characters of a line that are looked at: what explains is short."""

_FRAME = re.compile(
    r'^\s+File "(?P<path>[^"]+)", line (?P<line>\d+)(?:,? in (?P<name>.+))?$'
)
"""A frame of a traceback; without a name the place of a syntax error."""
_PARSER_ERROR = re.compile(r"^\S.*?: error: (?P<message>.+)$")
_NO_PACKAGE = re.compile(r"^ModuleNotFoundError: No module named '(?P<name>[^']+)'")
_NO_MODULE = re.compile(
    r"^\S*python\S*: (?P<message>No module named .+|No code object.+)$"
)
_FATAL = "Fatal Python error: "
"""What ``faulthandler`` writes when the interpreter dies; frames follow, last first."""
_TRACEBACK = "Traceback (most recent call last):"

UNEXPLAINED = (
    Outcome.SUCCEEDED,
    Outcome.STOPPED,
    Outcome.START_FAILED,
    Outcome.LIMIT,
    Outcome.LOST,
)
"""Outcomes whose own reason says everything."""


def is_explained_by_output(verdict: Verdict) -> bool:
    """Whether the end of the output can tell more than the verdict's own reason.

    Who is killed by SIGKILL has no last words.
    """
    if verdict.outcome is None or verdict.signal == signal.SIGKILL:
        return False
    return verdict.outcome not in UNEXPLAINED


def explain(spec: RunSpec, tail: str) -> str:
    """The sentence for a run that did not succeed, or nothing if its output has none.

    Args:
        spec: the run's request.
        tail: the end of its output, at most ``TAIL`` bytes of it.
    """
    lines = [line[:LONGEST_LINE] for line in safe_text(tail).splitlines()]
    message = (
        _from_fatal_error(lines, spec.cwd)
        or _from_traceback(lines, spec.cwd)
        or _from_parser(lines)
        or _last_words(lines)
    )
    package = _NO_PACKAGE.match(message)
    if package:
        where = f" {spec.environment}" if spec.environment else ""
        name = package["name"].partition(".")[0]
        message = (
            f"`{name}` is not installed in the environment{where}: install it there, "
            f"or choose another environment."
        )
    return safe_text(message, LONGEST)


def _from_traceback(lines: list[str], cwd: str) -> str:
    """``KeyError: 'EURUSD' in load_curves (var_report.py:88)``."""
    starts = [n for n, line in enumerate(lines) if line.endswith(_TRACEBACK)]
    if not starts:
        return ""
    frames, error = [], ""
    for line in lines[starts[-1] + 1 :]:
        found = _FRAME.match(line)
        if found:
            frames.append(found)
        elif line[:1].strip():
            error = line.strip()
            break
    if not error or not frames:
        return error
    frame = frames[-1] if frames[-1]["name"] is None else _telling(frames, cwd)
    return _placed(error, frame)


def _from_fatal_error(lines: list[str], cwd: str) -> str:
    """``Fatal Python error: Segmentation fault in price (model.py:88)``."""
    starts = [n for n, line in enumerate(lines) if line.startswith(_FATAL)]
    if not starts or any(line.endswith(_TRACEBACK) for line in lines[starts[-1] :]):
        return ""  # it was another process of the run's
    error = lines[starts[-1]].strip()
    frames: list[re.Match[str]] = []
    for line in lines[starts[-1] + 1 :]:
        found = _FRAME.match(line)
        if found:
            frames.insert(0, found)
        elif frames:  # another thread, or the list of extension modules
            break
    return _placed(error, _telling(frames, cwd)) if frames else error


def _placed(error: str, frame: re.Match[str]) -> str:
    place = f"({PurePath(frame['path']).name}:{frame['line']})"
    return (
        f"{error} in {frame['name']} {place}" if frame["name"] else f"{error} {place}"
    )


def _telling(frames: list[re.Match[str]], cwd: str) -> re.Match[str]:
    """The last frame in the user's own code: not a library's, not a comprehension's."""
    own = [
        frame
        for frame in frames
        if cwd
        and frame["path"].startswith(f"{cwd.rstrip('/')}/")
        and "/site-packages/" not in frame["path"]
    ]
    named = [f for f in own or frames if not (f["name"] or "<").startswith("<")]
    return (named or own or frames)[-1]


def _from_parser(lines: Iterable[str]) -> str:
    """The parser's own words after ``prog: error:``."""
    for line in reversed(list(lines)[-20:]):
        found = _PARSER_ERROR.match(line) or _NO_MODULE.match(line)
        if found:
            return found["message"]
    return ""


def _last_words(lines: Iterable[str]) -> str:
    return next((line.strip() for line in reversed(list(lines)) if line.strip()), "")
