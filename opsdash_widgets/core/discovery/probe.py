"""Ask a module, in the interpreter that will run it, which arguments it takes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import ModuleNotFound
from ..model import ModuleSpec
from . import place, sandbox, spec_cache, verdicts

_CHILD = Path(__file__).parent / "child" / "probe_child.py"
_NEEDS_ITS_FOLDER = ("FileNotFoundError", "NotADirectoryError")


class _Attempt(NamedTuple):
    """One way of asking: see ``probe_child.py`` for the modes."""

    mode: str
    argv: tuple[str, ...]


_ATTEMPTS = (
    _Attempt("help", ("--help",)),
    _Attempt("help", ("-h",)),
    _Attempt("hook", ()),
    _Attempt("parse", ()),
)


def probe_module(
    module: str,
    *,
    interpreter: str,
    cwd: str | Path,
    variables: Mapping[str, str] | None = None,
    timeout_s: float = 10.0,
    cache_dir: Path | None = None,
    fresh: bool = False,
    choices_s: float | None = None,
    environment: str = "",
) -> ModuleSpec:
    """What a module takes, asked in a sandbox or known from before.

    Args:
        module: dotted name, as after ``python -m``.
        interpreter: the Python that will run it.
        cwd: the folder that ``python -m`` would be started in.
        variables: environment variables over our own.
        timeout_s: after this time, in seconds, the module is killed.
        cache_dir: where answers are kept; nowhere where None.
        fresh: ask again even where the answer is known.
        choices_s: ask again where the choices that the module computes are older than
            this, in seconds.
        environment: the environment's name, for the sentences of errors.

    Raises:
        ModuleNotFound: the environment has no such module.
        ModuleUnreadable: its source does not parse.
        ProbeFailed: it did not show its parser; ``cause`` says why.
        EnvironmentNotUsable: the interpreter or the folder is not there.
    """
    if not all(part.isidentifier() for part in module.split(".")):
        raise ModuleNotFound(
            module,
            f"`{module}` is not a module's name.",
            "Give a dotted name, as after `python -m`, such as `package.module`.",
        )
    key = spec_key(module, interpreter=interpreter, cwd=cwd, variables=variables)
    where = verdicts.Place(module, key.interpreter, environment)
    folder = Path(key.folder)
    if cache_dir is not None and not fresh:
        known = spec_cache.load(cache_dir, key, choices_s)
        if known is not None:
            return known
    started, asked_ns = time.monotonic(), time.time_ns()
    reply = _ask(where, folder, place.child_variables(folder, variables), timeout_s)
    spec = verdicts.spec(where, reply, time.monotonic() - started)
    if cache_dir is not None:
        spec_cache.save(cache_dir, key, spec, reply, asked_ns)
    return spec


def spec_key(
    module: str,
    *,
    interpreter: str,
    cwd: str | Path,
    variables: Mapping[str, str] | None = None,
) -> spec_cache.Key:
    """What the answer about a module is kept by.

    Raises:
        EnvironmentNotUsable: the interpreter or the folder is not there.
    """
    python, folder = place.interpreter_path(interpreter), str(place.working_folder(cwd))
    return spec_cache.Key(module, python, folder, dict(variables or {}))


def _ask(
    where: verdicts.Place, folder: Path, variables: dict[str, str], timeout_s: float
) -> dict[str, Any]:
    """The first reply that holds a parser, else the first one that says why not."""
    deadline = time.monotonic() + timeout_s
    first: dict[str, Any] | None = None
    cwd: Path | None = None
    for attempt in _attempts():
        left = max(deadline - time.monotonic(), 0.0)
        if first is not None and (left <= 0 or _is_pointless(attempt, first)):
            continue
        reply = _ask_once(where, folder, variables, left, attempt, cwd)
        elsewhere = cwd is None and not reply["overlaid"]
        if elsewhere and reply.get("type") in _NEEDS_ITS_FOLDER:
            cwd = folder
            left = max(deadline - time.monotonic(), 0.0)
            reply = _ask_once(where, folder, variables, left, attempt, cwd)
        if first is None or reply["status"] == "parser":
            first = reply
        if verdicts.is_final(reply):
            break
    assert first is not None  # noqa: S101 - there is at least one attempt
    return first


def _is_pointless(attempt: _Attempt, first: dict[str, Any]) -> bool:
    """Whether asking in another way would only give the first reply again."""
    if attempt.mode == "hook":
        return not first.get("hook")
    answered = first["status"] == "exit" and first["code"] == 0 and first["output"]
    return attempt.argv == ("-h",) and bool(answered)


def _attempts() -> Iterator[_Attempt]:
    yield from _ATTEMPTS


def _ask_once(
    where: verdicts.Place,
    folder: Path,
    variables: dict[str, str],
    timeout_s: float,
    attempt: _Attempt,
    cwd: Path | None,
) -> dict[str, Any]:
    request = {
        "module": where.module,
        "folder": str(folder),
        "argv": attempt.argv,
        "mode": attempt.mode,
        "timeout_s": timeout_s,
        "asked_at": time.monotonic(),
    }
    command = [
        *(where.interpreter, str(_CHILD), "{answer_fd}", "{confined}"),
        json.dumps(request),
    ]
    try:
        answer = sandbox.ask(
            command,
            expected=2,
            timeout_s=timeout_s,
            variables=variables,
            folder=folder,
            cwd=cwd,
        )
    except OSError as error:
        raise place.cannot_start(where.interpreter, error) from error
    reply = verdicts.reply(where, answer, timeout_s)
    return {**reply, "overlaid": answer.confinement.is_full}
