"""What the parse of each argv has come to, and when there is nothing more to learn."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
import warnings
from typing import Any, NamedTuple, NoReturn, Sequence

from . import guard, validate_effects
from .validate_argv import WatchedArgv, plain

_LONGEST = 2_000
_LOOK_S = 0.002
_BY_SANDBOX = "It may only be the sandbox that is in the way: "


class Refusal(NamedTuple):
    """Why a parser refuses an argv.

    Attributes:
        message: the parser's own words.
        fields: paths of the fields that it names.
        by_sandbox: the sandbox may be the reason.
    """

    message: str
    fields: Sequence[str] = ()
    by_sandbox: bool = False


class Trial:
    """The argv that this process tries, and what is known of it.

    Attributes:
        argvs: all that are asked about.
        index: the one that this process tries.
        refusal: how its last parse was refused; None where it was not.
        effects: what was done since its parse began.
    """

    def __init__(self, answer_on: int, request: dict[str, Any]) -> None:
        self.answer_on = answer_on
        self.argvs: list[list[str]] = request["argvs"]
        self.wanted = set(request["ids"])
        self.index = 0
        self.refusal: Refusal | None = None
        self.effects = validate_effects.Effects()
        self._covered: set[str] = set()
        self._parsed = False
        self._clean = False
        self._meant = False
        self._branched = False
        self._owner = os.getpid()
        self._deadline = time.monotonic() + request["timeout_s"]
        self._watch: guard.Watch | None = None
        self._exit = os._exit
        self._argv = WatchedArgv([])

    def install(self, path: str) -> None:
        """Give the module its command line, and hear of its hardest exit."""
        self._argv = WatchedArgv([path, *self.argvs[0]])
        sys.argv = self._argv
        replaced: Any = os
        replaced._exit = self._exits

    def begins(self, args: Sequence[str] | None) -> list[str] | None:
        """A parse begins: the arguments that this process is to try there.

        Where they are those of the command line, one process branches off for each
        other argv, so that all of them share the import.
        """
        if self._watch is not None:
            self._watch.stop()  # what a parser does is no work of the module
            self._watch = None
        if not self._branched and self._is_untouched(args):
            self._branched = True
            for index in range(1, len(self.argvs)):
                if self._is_alike(index) and self._branch(index):
                    break
            if args is not None:
                args = self.argvs[self.index]
        self.effects.watch()
        return None if args is None else plain(args)

    def accepts(
        self, ids: set[str], args: Any, left: Sequence[str], strict: bool
    ) -> None:
        """A parse came back: leave where it was the one that is meant."""
        self.refusal = None
        if args is not None and not args and self.argvs[self.index]:
            return  # parse_args([]) only asks for the defaults
        self._parsed = True
        self._clean = strict or not left
        self._covered |= ids
        meant = bool(self.wanted) and self.wanted <= self._covered
        if (meant and self._clean) or (strict and is_whole(args)):
            self.tell(True)
        self._meant = self._meant or meant
        self.goes_on()

    def refuses(self, refusal: Refusal) -> None:
        """A parse was refused; the module may still try another one."""
        self._parsed = True
        suspect = refusal.by_sandbox or self.effects.network
        self.refusal = refusal._replace(by_sandbox=suspect)
        self.goes_on()

    def refuses_late(self, refusal: Refusal) -> None:
        """A parser refuses what it has let pass before."""
        if self._watch is not None:
            self.refusal = refusal
            self.ended(None)

    def goes_on(self) -> None:
        """The module goes on after a parse: leave at the first thing it does."""
        self._watch = guard.Watch(lambda: self.ended(None))
        self._watch.start()

    def ended(self, error: BaseException | None) -> NoReturn:
        """The module ended, or began its real work: say what is known."""
        if self._watch is not None:
            self._watch.stop()
        if self.refusal is not None:
            accepted = None if self.refusal.by_sandbox else False
            words = _BY_SANDBOX if self.refusal.by_sandbox else ""
            self.tell(accepted, words + self.refusal.message, self.refusal.fields)
        if self._meant or (self._parsed and self._clean):
            self.tell(True)
        if self._parsed:
            self.tell(None, "Its parser left some of the arguments to another one.")
        self.tell(None, f"It did not come to its parser{_because(error)}.")

    def tell(
        self, accepted: bool | None, message: str = "", fields: Sequence[str] = ()
    ) -> NoReturn:
        """Write the verdict on this argv, and leave."""
        if os.getpid() == self._owner:
            verdict = {
                "index": self.index,
                "accepted": accepted,
                "message": message[:_LONGEST],
                "fields": list(fields)[:50],
                "changed": self.effects.changed,
            }
            self._write(json.dumps(verdict))
            if self.index == 0:
                self._write("end")
        self._exit(0)

    def _exits(self, code: int) -> None:
        """The module's own ``os._exit``."""
        if os.getpid() == self._owner:
            self.ended(None)
        self._exit(code)

    def _is_untouched(self, args: Sequence[str] | None) -> bool:
        """Whether a parse gets the command line as this process was given it."""
        whole = [*plain(self._argv)[:1], *self.argvs[0]]
        if plain(sys.argv) != whole:
            return False
        return args is None or plain(args) == whole[1:]

    def _is_alike(self, index: int) -> bool:
        """Whether the module would have come here with another argv as well."""
        path = plain(self._argv)[:1]
        first, other = self.argvs[0], self.argvs[index]
        return self._argv.answers_alike([*path, *first], [*path, *other])

    def _write(self, line: str) -> None:
        data = line.encode("ascii") + b"\n"
        while data:
            data = data[os.write(self.answer_on, data) :]

    def _branch(self, index: int) -> bool:
        """Whether this is the process that branched off, to try another argv."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of threads, from Python 3.12 on
            pid = os.fork()
        if pid:
            self._await(pid, index)
            return False
        self.index = index
        self._owner = os.getpid()
        sys.argv[1:] = self.argvs[index]
        return True

    def _await(self, pid: int, index: int) -> None:
        while os.waitpid(pid, os.WNOHANG)[0] == 0:
            if time.monotonic() > self._deadline:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                return
            time.sleep(_LOOK_S)


def is_whole(args: Sequence[str] | None) -> bool:
    """Whether some arguments are those of the command line."""
    return args is None or plain(args) == plain(sys.argv)[1:]


def _because(error: BaseException | None) -> str:
    if error is None:
        return ""
    if isinstance(error, SystemExit):
        return f": it exits with {error.code!r}"
    return f": {type(error).__name__}: {error}".rstrip(".: ")
