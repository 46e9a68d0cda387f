"""Remember what a parse prints, as it is printed."""

from __future__ import annotations

import sys
from typing import Any

_KEPT = 4_000


class Recorder:
    """A context in which what is written to stdout and stderr is also kept."""

    def __init__(self) -> None:
        self.text = ""
        self._before: tuple[Any, Any] = (None, None)

    def __enter__(self) -> Recorder:
        self._before = (sys.stdout, sys.stderr)
        if sys.stdout is not None:
            sys.stdout = _Copied(sys.stdout, self)
        if sys.stderr is not None:
            sys.stderr = _Copied(sys.stderr, self)
        return self

    def __exit__(self, *error: object) -> None:
        for name, before in zip(("stdout", "stderr"), self._before):
            if isinstance(getattr(sys, name), _Copied):
                setattr(sys, name, before)

    @property
    def last_line(self) -> str:
        """The last line that says anything."""
        lines = [line.strip() for line in self.text.splitlines() if line.strip()]
        return lines[-1] if lines else ""


class _Copied:
    """A stream that lets its recorder know."""

    def __init__(self, stream: Any, recorder: Recorder) -> None:
        self._stream = stream
        self._recorder = recorder

    def write(self, text: Any) -> Any:
        self._recorder.text = (self._recorder.text + str(text))[-_KEPT:]
        return self._stream.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
