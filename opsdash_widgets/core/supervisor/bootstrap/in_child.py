"""Runs a module as ``python -m`` would, with its output noted and SIGTERM heard.

Standard library only, Python 3.8 and newer: it runs in the interpreter of the job,
which need not have our package.
"""

from __future__ import annotations

import _thread
import os
import runpy
import sys

from ending import ExitNote  # type: ignore[import-not-found]  # found by path
from noting import note_output  # type: ignore[import-not-found]  # found by path

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Any, Callable, Dict, List, NoReturn, Optional, Type

    ExceptHook = Callable[
        [Type[BaseException], BaseException, Optional[TracebackType]], Any
    ]

try:
    import _signal  # type: ignore[import-not-found]  # ``signal`` imports enum
except ImportError:  # another implementation of Python
    import signal as _signal

signal: Any = _signal


def run(argv: List[str], safe_path: bool) -> None:
    """Run a module.

    Args:
        argv: ``[script, run_dir, descriptors, module, argument, …]``; the descriptors
            are of the secret arguments and of the place among the runs that are
            starting, ``-`` for none: ``5,-``.
        safe_path: leave the working directory off ``sys.path``, as ``-P`` asks.
    """
    run_dir, handed, module, arguments = argv[1], argv[2], argv[3], argv[4:]
    secrets_fd, place = handed.split(",")
    if secrets_fd != "-":
        _fill_in_secrets(arguments, int(secrets_fd))
    ending = ExitNote(run_dir)
    guard = _ForkGuard(note_output(run_dir))
    os.register_at_fork(
        before=guard.before,
        after_in_parent=guard.in_parent,
        after_in_child=guard.in_child,
    )
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _exit_on_sigterm)
    _look_like_dash_m(module, arguments)
    if not safe_path:
        sys.path.insert(0, _working_directory())
    if place != "-":
        os.close(int(place))
    try:
        runpy._run_module_as_main(module)  # type: ignore[attr-defined]  # what -m calls
        ending.returned()
    except BaseException as error:
        ending.raised(error)
        sys.excepthook = _without_our_frames(sys.excepthook)
        raise  # the interpreter knows best how to end


def _working_directory() -> str:
    try:
        return os.getcwd()
    except OSError:  # it was removed meanwhile
        return ""


def _look_like_dash_m(module: str, arguments: List[str]) -> None:
    """Leave argv and ``__main__`` as ``python -m module`` has them."""
    sys.argv = ["-m", *arguments]
    if hasattr(sys, "orig_argv"):
        sys.orig_argv = [sys.executable, "-m", module, *arguments]
    main = vars(sys.modules["__main__"])
    for name in [name for name in main if not name.startswith("__")]:
        del main[name]


def _fill_in_secrets(arguments: List[str], fd: int) -> None:
    """Put the values that must not be on a command line into their places."""
    import json

    with os.fdopen(fd, "rb") as pipe:
        for place, value in json.loads(pipe.read() or b"[]"):
            arguments[place] = value


def _exit_on_sigterm(number: int, _: Optional[FrameType]) -> NoReturn:
    """End by ``SystemExit``, so that ``finally`` and ``atexit`` run; hear it once."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _without_our_frames(hook: ExceptHook) -> ExceptHook:
    """The hook in use (the module may have set one), shown the module's frames only."""

    def shown(
        kind: Type[BaseException],
        error: BaseException,
        traceback: Optional[TracebackType],
    ) -> None:
        sys.excepthook = hook
        while traceback and not _is_runpy(traceback.tb_frame.f_code.co_filename):
            traceback = traceback.tb_next
        hook(kind, error.with_traceback(traceback), traceback)

    return shown


def _is_runpy(path: str) -> bool:
    return path == runpy.__file__ or path.startswith("<frozen runpy")


class _ForkGuard:
    """Keeps SIGTERM from a forked child until it has its default action back.

    A child that gets it between the two would run our handler inside a fork hook,
    where an exception is dropped: ``Process.terminate()`` would be lost. (Python before
    3.10 starts programs by a ``fork`` without hooks: there it can still be lost.)
    """

    def __init__(self, streams: List[Any]) -> None:
        self._streams = streams
        self._masks: Dict[int, Any] = {}

    def before(self) -> None:
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        self._masks[_thread.get_ident()] = blocked

    def in_parent(self) -> None:
        mask = self._masks.pop(_thread.get_ident())
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    def in_child(self) -> None:
        if signal.getsignal(signal.SIGTERM) is _exit_on_sigterm:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for stream in self._streams:  # their own descriptions: exact offsets
            stream.reopen()
        self.in_parent()
