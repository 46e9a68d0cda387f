"""One probe from the request to the answer, in the target interpreter."""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import runpy
import sys
import time
import traceback
from typing import Any

from . import click_hook, guard, on_import, other_hook, reading, refinement
from .decide import judge
from .intercept import Interceptor
from .locate import Located, content, locate, on_disk

_exit_now = os._exit
_TRACEBACK_LIMIT = 20_000
_FILES = 2_000
_HANG_SHARE = 0.9
_NOT_ASKED = (reading.PLAIN, reading.NOT_RUNNABLE, reading.FIRE)
_TRY_S = 2.0
_FORM_SHARE = 0.5
_FORM_S = 3.0
"""At most so long may a module's functions take to give the choices of its form."""


class Session:
    """Answers one request on a descriptor, and leaves."""

    def __init__(self, answer_on: int, request: dict[str, Any]) -> None:
        self.answer_on = answer_on
        self.module: str = request["module"]
        self.folder: str = request["folder"]
        self.argv: list[str] = request["argv"]
        self.mode: str = request["mode"]
        spent_s = max(time.monotonic() - request["asked_at"], 0.0)
        self.timeout_s: float = max(request["timeout_s"] - spent_s, 0.1)
        self.confined: bool = request["confined"]
        self.tries = False
        self.owner = os.getpid()
        self.scratch = os.getcwd()
        self.said: dict[str, Any] = {"python": list(sys.version_info[:3])}
        self.started = time.monotonic()
        self.watch: guard.Watch | None = None
        self.interceptor: Interceptor | None = None

    def run(self) -> None:
        """Find the module, decide whether it may be run, run it, answer."""
        os.write(self.answer_on, b"{}\n")  # says that a usable Python was started
        sys.path.insert(0, self.folder)
        found = locate(self.module, sys.path)
        self.said.update(path=found.path, init=found.init)
        if not found.path:
            self._not_found(found)
        read, unsure = judge(self.module, found, sys.path)
        self.said.update(kind=read.kind, title=read.title)
        if read.kind == reading.BROKEN:
            self.answer({"status": "broken", "error": read.error, "line": read.line})
        # What the source alone does not tell is tried where nothing of it can stay.
        self.tries = unsure and self.confined
        if read.kind in _NOT_ASKED and not self.tries:
            self.answer({"status": "no parser"})
        self.said["hook"] = _has_hook(found.path)
        guard.limit_resources(self.timeout_s)
        guard.shorten_waits()
        # Where it hangs stands in its output then, before the timeout kills it.
        faulthandler.dump_traceback_later(self.timeout_s * _HANG_SHARE)
        self._run_module(found, read.kind)

    def answer(self, reply: dict[str, Any]) -> None:
        """Write the answer and leave at once; a forked copy only leaves."""
        if os.getpid() == self.owner:
            _flush()
            if reply["status"] in ("parser", "no parser"):
                self.said["form"] = self._form()
            self.said["files"] = self._imported_files()
            self.said["folders"] = [path for path in sys.path if os.path.isdir(path)]
            data = self._as_at_a_launch(json.dumps(dict(self.said, **reply)))
            while data:
                data = data[os.write(self.answer_on, data) :]
            os.close(self.answer_on)
        _exit_now(0)

    def _form(self) -> Any:
        """What the module says of its own form; asking it must not keep the answer."""
        if self.watch is not None:
            self.watch.stop()
        left = self.timeout_s - (time.monotonic() - self.started)
        main = self.interceptor.main if self.interceptor else None
        paths = (self.said.get("path"), self.said.get("init"))
        limit_s = min(max(left, 0.0) * _FORM_SHARE, _FORM_S)
        return refinement.told(self.module, paths, main, self.folder, limit_s)

    def _as_at_a_launch(self, text: str) -> bytes:
        """A default such as ``os.getcwd()`` names the folder that a run starts in."""
        here, there = (json.dumps(path)[1:-1] for path in (self.scratch, self.folder))
        return text.replace(here, there).encode("utf-8") + b"\n"

    def _not_found(self, found: Located) -> None:
        self.answer(
            {
                "status": "not found",
                "found": found.found,
                "is_package": found.is_package,
            }
        )

    def _run_module(self, found: Located, kind: str) -> None:
        watch = self._intercepted()
        if self.tries:
            watch.start(listen=False)
        elif self.mode == "parse" and not self.confined:
            watch.start()
        sys.argv[:] = [found.path, *self.argv]
        try:
            self._execute()
        except SystemExit as leaving:
            self._leave({"status": "exit", "code": _exit_code(leaving)})
        except BaseException as error:
            self._leave(_failure(error))
        self._leave({"status": "end"})

    def _intercepted(self) -> guard.Watch:
        """Catch every parser from now on; what watches the module after its parse."""
        grace_s = guard.PATIENT_S if self.confined else guard.GRACE_S
        watch = guard.Watch(
            lambda: self._leave({"status": "end"}),
            self.confined,
            _TRY_S if self.tries else grace_s,
        )
        interceptor = Interceptor(
            self.answer,
            self.mode == "parse",
            on_return=lambda asking: watch.start(listen=not (self.confined and asking)),
            on_telling=watch.stop,
        )
        interceptor.install()
        os._exit = self._exited  # type: ignore[assignment] # the module's way out too
        on_import.Follower(
            {**click_hook.wanted(self.answer), **other_hook.wanted(self._leave)}
        ).install()
        self.interceptor, self.watch = interceptor, watch
        return watch

    def _exited(self, code: int = 0) -> None:
        if os.getpid() == self.owner and self.interceptor is not None:
            self.interceptor.tell()
            if self.tries:
                self.answer({"status": "no parser"})
        _exit_now(code)

    def _leave(self, reply: dict[str, Any]) -> None:
        """Tell the parser that was seen, else how the module ended."""
        if self.interceptor is not None:
            self.interceptor.tell()
        final = reply["status"] == "no parser" or not self.tries
        self.answer(reply if final else {"status": "no parser"})

    def _execute(self) -> None:
        if self.mode != "hook":
            runpy.run_module(self.module, run_name="__main__", alter_sys=True)
            return
        names = runpy.run_module(self.module, run_name=self.module, alter_sys=True)
        build = names.get("build_parser")
        if callable(build):
            build().print_help()

    def _imported_files(self) -> list[str]:
        """The project's own files that were imported, for the cache."""
        root = self.module.partition(".")[0]
        folder = os.path.abspath(self.folder) + os.sep
        found = {self.said.get("path"), self.said.get("init")}
        for name, module in list(sys.modules.items()):
            path = getattr(module, "__file__", None)
            if not isinstance(path, str) or "site-packages" in path:
                continue
            if path.startswith(folder) or name.partition(".")[0] == root:
                found.add(path)
        return sorted({on_disk(path) for path in found if path})[:_FILES]


def _has_hook(path: str) -> bool:
    """Whether a module's source has a ``build_parser`` that could be called."""
    try:
        return b"build_parser" in content(path)
    except OSError:
        return False


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # closed, or replaced by the module
            stream.flush()


def _exit_code(leaving: SystemExit) -> Any:
    code = leaving.code
    return code if code is None or isinstance(code, int) else str(code)


def _failure(error: BaseException) -> dict[str, Any]:
    """What a module raised, as the traceback's last line and the whole of it."""
    shown = traceback.format_exception(type(error), error, _own_frames(error))
    last = traceback.format_exception_only(type(error), error)[-1].strip()
    frames = traceback.extract_tb(_own_frames(error))
    reply: dict[str, Any] = {
        "status": "error",
        "type": type(error).__name__,
        "last_line": last[:2_000],
        "traceback": "".join(shown)[-_TRACEBACK_LIMIT:],
        "where": [frames[-1].filename, frames[-1].lineno] if frames else None,
    }
    if isinstance(error, ModuleNotFoundError) and error.name:
        reply["missing"] = error.name
        reply["missing_found"] = locate(error.name, sys.path).found
    elif isinstance(error, SyntaxError):
        reply["where"] = [error.filename, error.lineno]
    return reply


def _own_frames(error: BaseException) -> Any:
    """The traceback without our frames and runpy's at its top."""
    frames = error.__traceback__
    while frames is not None:
        name = frames.tb_frame.f_code.co_filename
        ours = name == __file__ or os.path.basename(name) == "runpy.py"
        if not ours and not name.startswith("<frozen runpy"):
            return frames
        frames = frames.tb_next
    return error.__traceback__ if isinstance(error, ImportError) else None
