"""``ops.sweep``: one module over lists and ranges, as a group of detached runs."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from ..core.errors import ConfirmationNeeded, ValuesError
from ..core.model import LaunchRequest, RunGroup, SweepRequest
from ..core.service import Service
from .group import GroupHandle
from .launch import form_of
from .session import service

_MEANS_MANY = (",", "..", "{", "[")
"""What in a text makes it a list, a range, or one that follows another field."""


def sweep(
    module: str,
    *,
    zip: bool | Sequence[str] | Sequence[Sequence[str]] = False,  # noqa: A002 - what it does, as Python calls it
    limit: int | None = None,
    title: str = "",
    fields: Mapping[str, Any] | None = None,
    values: Mapping[str, Any] | None = None,
    extra_args: Iterable[str] = (),
    environment: str = "",
    interpreter: str | os.PathLike[str] = "",
    cwd: str | os.PathLike[str] = "",
    variables: Mapping[str, str] | None = None,
    requested_by: str = "",
    confirmed: bool = False,
    **arguments: Any,
) -> GroupHandle:
    """Launch a module once for each combination of some arguments' values.

    ``ops.sweep("runners.var_report", confidence=[0.95, 0.99], limit=4)``. A list, a
    range, dates or a pandas index are swept, and so is a text that is a list
    (``"a,b"``), a range (``"2024-01-01..2024-03-31:B"``) or names another swept field
    (``"{start_date}"``); every other value holds for all runs.

    Args:
        module: dotted name, as after ``python -m``.
        zip: names of fields that go together, value by value, or True for all of them;
            the others make a grid.
        limit: how many run at a time; the number of cores where it is None.
        title: what the group is called.
        fields: what is swept, by name, for names that this function takes itself.
        values: what is the same for all, by name; never taken for a list or a range.
        extra_args: further arguments, appended as they are.
        environment: a named environment (``DEV`` …); the default one where empty.
        interpreter: overrides the environment's Python.
        cwd: overrides the environment's working directory.
        variables: environment variables over those of the environment.
        requested_by: who asked; your user name where empty.
        confirmed: launch in a production environment without being asked.
        **arguments: the module's arguments by name.

    Raises:
        OpsdashError: nothing was launched; the message says what to do.
    """
    swept = {name: _swept(value) for name, value in (fields or {}).items()}
    fixed = dict(values or {})
    for name, value in arguments.items():
        if _is_many(value):
            swept[name] = _swept(value)
        else:
            fixed[name] = value
    folder = str(Path(cwd).absolute()) if cwd else ""
    base = LaunchRequest(
        module=module,
        values=form_of(module, fixed, environment, os.fspath(interpreter), folder),
        extra_args=tuple(extra_args),
        environment=environment,
        interpreter=os.fspath(interpreter),
        cwd=folder,
        variables=dict(variables or {}),
        requested_by=requested_by,
        confirmed=confirmed,
    )
    request = SweepRequest(
        base=base, fields=swept, zips=_zips(zip, swept), limit=limit, title=title
    )
    opened = service()
    return GroupHandle(opened, _launched(opened, request).group_id)


def group(group_id: str) -> GroupHandle:
    """A group by its id, or an unambiguous end of it.

    Raises:
        GroupNotFound: none, or more than one, answers to it.
    """
    opened = service()
    return GroupHandle(opened, opened.groups.get(group_id).group_id)


def _launched(opened: Service, request: SweepRequest) -> RunGroup:
    try:
        return opened.groups.launch(request)
    except ConfirmationNeeded as needed:
        if needed.cause != "module":
            raise
    # Naming a module in a line of code is the confirmation that a form asks for.
    base = msgspec.structs.replace(request.base, confirmed=True)
    return opened.groups.launch(msgspec.structs.replace(request, base=base))


def _is_many(value: Any) -> bool:
    """Whether a value stands for several."""
    if isinstance(value, str):
        return value == "*" or any(mark in value for mark in _MEANS_MANY)
    kinds = (bytes, os.PathLike, Mapping)
    return isinstance(value, Iterable) and not isinstance(value, kinds)


def _swept(value: Any) -> str | list[Any]:
    """What a sweep is asked for: a text, or the values as plain data."""
    if isinstance(value, str):
        return value
    return [_item(one) for one in value] if _is_many(value) else [_item(value)]


def _item(value: Any) -> Any:
    if isinstance(value, datetime.datetime) and not _has_time(value):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value is None or isinstance(value, bool | str | int | float | dict):
        return value
    if hasattr(value, "item"):  # a number or a date of numpy's
        return _item(value.item())
    if isinstance(value, list | tuple):
        return [_item(one) for one in value]
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def _has_time(value: datetime.datetime) -> bool:
    return value.tzinfo is not None or value.time() != datetime.time()


def _zips(
    asked: bool | Sequence[str] | Sequence[Sequence[str]], swept: Mapping[str, Any]
) -> tuple[tuple[str, ...], ...]:
    if asked is True:
        return (tuple(swept),)
    if not asked:
        return ()
    if isinstance(asked, str):
        message = "Give zip the names of two fields or more, or True."
        raise ValuesError(message, {"": message})
    if all(isinstance(one, str) for one in asked):
        return (tuple(map(str, asked)),)
    return tuple(tuple(names) for names in asked)
