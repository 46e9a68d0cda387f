"""Draw values for a module's own parser, then say what it makes of their argvs.

Given are ``MODULE SEED COUNT ARGUMENT…`` (the last are what the module is given to show
its parser). On stdin: the ids of the spec; then, when the drawn forms have been read on
stdout, for each of them a list of argvs, of which one should do.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import signal
import sys
import tempfile
from typing import Any, Callable, Iterator, NoReturn

from .assign import Assigner, CannotDraw
from .catch import parser_of
from .meaning import dests_of, namespace, shown
from .texts import Texts

_TIME_S = 20
_TRIES = 12
_PLAIN = (1.0, 0.8, 0.5, 0.0)


def main() -> None:
    """Talk, on the descriptors that were stdin and stdout."""
    module, seed, count, *argv = sys.argv[1:]
    asked, answers = _private_streams()
    parser = parser_of(module, argv)
    if parser is None:
        _say(answers, {"forms": None})
        os._exit(0)
    folder = tempfile.mkdtemp(prefix="opsdash-roundtrip-")
    os.chdir(folder)
    for name in ("a", "out"):
        open(name, "w").close()  # some arguments are files that must be there
    ids = json.loads(asked.readline())
    drawn, troubles = _drawn(parser, ids, int(seed), int(count))
    forms = [form for form, _ in drawn]
    _say(answers, {"forms": forms, "troubles": troubles, "folder": folder})
    argvs = json.loads(asked.readline())
    verdicts = [_verdict(parser, some, want) for some, (_, want) in zip(argvs, drawn)]
    _say(answers, {"verdicts": verdicts})
    os._exit(0)


def _private_streams() -> tuple[Any, Any]:
    """Streams that the module cannot read or write; its own lead nowhere."""
    asked = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return asked, answers


def _say(answers: Any, what: dict[str, Any]) -> None:
    answers.write(json.dumps(what) + "\n")
    answers.flush()


def _drawn(
    parser: argparse.ArgumentParser, ids: dict[str, Any], seed: int, count: int
) -> tuple[list[tuple[Any, str]], list[str]]:
    """Values with what they mean, and what stood in the way of others."""
    draw = random.Random(seed)
    texts = Texts(draw)
    dests = dests_of(parser)
    drawn: list[tuple[Any, str]] = []
    troubles: list[str] = []
    for number in range(_TRIES * count):
        if len(drawn) == count:
            break
        assigner = Assigner(draw, texts, _PLAIN[number % len(_PLAIN)])
        try:
            with _quiet():
                form, meant = assigner.level(parser, ids)
        except CannotDraw as error:
            troubles.append(str(error))
            continue
        good, told = _apart(lambda meant=meant: shown(namespace(meant), dests))
        if good:
            drawn.append((form, told))
        else:
            troubles.append(told)
    return drawn, troubles[:3]


def _apart(work: Callable[[], str]) -> tuple[bool, str]:
    """What some work comes to in a process of its own, as parsing may change things.

    An action may well add to the list that is another's default.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            with _quiet():
                answer = "+" + work()
        except BaseException as error:
            answer = "-" + repr(error)[:300]
        with os.fdopen(writing, "w", encoding="utf-8", errors="replace") as told:
            told.write(answer)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as heard:
        answer = heard.read()
    os.waitpid(child, 0)
    return answer[:1] == "+", answer[1:]


def _verdict(parser: argparse.ArgumentParser, argvs: Any, want: str) -> str:
    """Empty where one of the argvs gives what is wanted, else what the last gives."""
    parser.error = _refuse
    good, told = _apart(lambda: _last(parser, argvs, want))
    return told if good else f"refused: {told}"


def _last(parser: argparse.ArgumentParser, argvs: Any, want: str) -> str:
    got = "no argv"
    dests = dests_of(parser)
    for number, argv in enumerate(argvs):
        try:
            got = shown(parser.parse_args(list(argv)), dests)
        except (Exception, SystemExit):
            if number + 1 == len(argvs):
                raise
            continue
        if got == want:
            return ""
    return f"reads {got}, not {want}"


def _refuse(message: str) -> NoReturn:
    raise SystemExit(message)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    signal.alarm(_TIME_S)
    try:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            yield
    finally:
        signal.alarm(0)
