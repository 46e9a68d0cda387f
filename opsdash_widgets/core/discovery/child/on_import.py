"""Do something with a module as soon as a probed module has imported it.

Nothing is imported for it: a module that never asks for click does not wait for click.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Any, Callable, Sequence

Then = Callable[[Any], None]


class Follower:
    """A finder that finds nothing itself, and calls back after certain imports.

    Attributes:
        wanted: the end of a module's dotted name -> what to call with the module;
            packages bring copies of others (``pip._vendor.rich``, ``typer._click``).
    """

    def __init__(self, wanted: dict[str, Then]) -> None:
        self.wanted = wanted

    def install(self) -> None:
        """Follow the imports of this process, and what is imported already."""
        sys.meta_path.insert(0, self)
        for name, module in list(sys.modules.items()):
            then = self._then(name)
            if then is not None:
                then(module)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: Any = None
    ) -> Any:
        """The spec that the next finder gives, its loader followed by the call."""
        then = self._then(name)
        if then is None:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find and finder is not self else None
            if spec is not None:
                _follow(spec.loader, then)
                return spec
        return None

    def _then(self, name: str) -> Then | None:
        for ending, then in self.wanted.items():
            before = name[: -len(ending)]
            if name.endswith(ending) and before[-1:] in _JOINTS:
                return then
        return None


_JOINTS = ("", ".", "_")


def _follow(loader: Any, then: Then) -> None:
    execute = getattr(loader, "exec_module", None)
    if execute is None:
        return

    def exec_module(module: Any) -> None:
        execute(module)
        then(module)

    with contextlib.suppress(AttributeError, TypeError):  # a loader in C is closed
        loader.exec_module = exec_module
