"""LogTail: the log of a run, live and as a whole, through a window on the file."""

from __future__ import annotations

import sys
from typing import Any

import traitlets

from ...core.follow import LogFile
from ..esm import Control
from ..live import background_loop
from .log_session import KINDS, LogSession


class LogTail(Control, bundle="log_tail"):
    """Shows a log file as it grows; the browser only ever holds a window on it.

    ``LogTail(LogFile(run_dir))`` works alone in a cell. The log is not closed by the
    control: whoever opened it closes it.

    Args:
        source: the log to show; ``None`` shows that no run is selected.
        height: any CSS length.

    Attributes:
        source: the log; may be set at any time, from any thread.
        height: any CSS length.
        following: whether the view stays at the end; scrolling up turns it off.
        ended: whether the log grows no more: then nothing is said about following.
        line_count: lines of the log so far.
    """

    source = traitlets.Instance(LogFile, allow_none=True)
    height = traitlets.Unicode("360px").tag(sync=True)
    following = traitlets.Bool(True).tag(sync=True)
    ended = traitlets.Bool(False).tag(sync=True)
    line_count = traitlets.Int(0)

    def __init__(
        self, source: LogFile | None = None, height: str = "360px", **kwargs: Any
    ) -> None:
        kwargs.setdefault("label", "Log")
        super().__init__(height=height, **kwargs)
        self._session = LogSession(self._post, self._note_lines)
        self._handlers = dict.fromkeys(KINDS, self._hand_over)
        self.observe(self._use_source, "source")
        self.source = source

    def close(self) -> None:
        """Stop following and remove the view."""
        # At the interpreter's end no thread starts any more: asking for one would wait
        # for ever, and what is followed ends by itself.
        if not sys.is_finalizing():
            background_loop().call_soon_threadsafe(self._session.close)
        super().close()

    def _hand_over(self, content: dict[str, Any]) -> None:
        """To the background loop: the kernel's own stalls while a cell runs."""
        background_loop().call_soon_threadsafe(self._session.take, content)

    def _use_source(self, change: dict[str, Any]) -> None:
        background_loop().call_soon_threadsafe(self._session.show, change["new"])

    def _post(self, content: dict[str, Any], buffers: list[bytes] | None) -> None:
        if self.comm is not None:
            self.send(content, buffers)

    def _note_lines(self, count: int) -> None:
        self.line_count = count
