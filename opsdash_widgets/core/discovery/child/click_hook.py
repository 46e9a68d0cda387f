"""Make click and typer commands answer with themselves instead of running.

A command is asked for by ``main``, or, where a subclass has a ``main`` of its own (as
typer and rich-click have), by the ``make_context`` that each of them comes to. typer
brings a click of its own, as ``typer._click``, in its newer versions.
"""

from __future__ import annotations

from typing import Any, Callable, Dict

from .on_import import Then

Leave = Callable[[Dict[str, Any]], None]

_CORES = ("click.core", "asyncclick.core")
_OF_MAIN = {"args", "prog_name", "complete_var", "standalone_mode", "_anyio_backend"}
_OF_MAIN |= {"windows_expand_args", "rich_markup_mode"}


def wanted(leave: Leave) -> dict[str, Then]:
    """What to do with each click as it is imported."""

    def patch(module: Any) -> None:
        for cls in list(vars(module).values()):
            if isinstance(cls, type) and cls.__module__ == module.__name__:
                _patch(cls, leave)

    return dict.fromkeys(_CORES, patch)


def _patch(cls: Any, leave: Leave) -> None:
    own = vars(cls)
    if "make_context" in own and callable(own["make_context"]):
        cls.make_context = _asked(own["make_context"], leave)
    if "main" in own and callable(own["main"]):

        def main(command: Any, *args: Any, **named: Any) -> None:
            extra = {k: v for k, v in named.items() if k not in _OF_MAIN}
            _tell(command, extra, leave)

        cls.main = main


def _asked(original: Any, leave: Leave) -> Any:
    def make_context(
        command: Any, name: Any = None, args: Any = None, *more: Any, **extra: Any
    ) -> Any:
        parent = more[0] if more else extra.get("parent")
        if parent is None and not extra.get("resilient_parsing"):
            extra.pop("parent", None)
            _tell(command, extra, leave)
        return original(command, name, args, *more, **extra)

    return make_context


def _tell(command: Any, extra: dict[str, Any], leave: Leave) -> None:
    from . import click_dump  # only a module that uses click waits for it

    warnings: list[str] = []
    data = click_dump.command_data(command, warnings, extra=extra)
    kind = click_dump.kind_of(command)
    leave({"status": "parser", "kind": kind, "parser": data, "warnings": warnings})
