"""What a click or typer parameter allows, as data; no converter is called."""

from __future__ import annotations

import datetime
import enum
import os
from typing import Any, Iterable

from . import names, plain

_LISTED = 1_000
_CLICKS = "click.types"
_KNOWN = {
    "IntParamType": "int",
    "IntRange": "int",
    "FloatParamType": "float",
    "FloatRange": "float",
    "StringParamType": "",
    "UnprocessedParamType": "",
    "BoolParamType": "bool",
    "UUIDParameterType": "uuid.UUID",
}
_PLAIN = {int: "int", float: "float", str: "", bool: "bool"}


def described(parameter: Any) -> dict[str, Any]:
    """The type of a parameter, its choices, its bounds, and what path it takes."""
    descriptor = getattr(parameter, "type_descriptor", None)
    if descriptor is not None:
        return _of_annotation(parameter, descriptor)
    kind = parameter.type
    exact = type(kind).__module__.endswith(_CLICKS)
    known = _KNOWN.get(type(kind).__name__) if exact else None
    clamped = bool(getattr(kind, "clamp", False))
    # Where the case is free, more is allowed than the choices as they are listed.
    strict = type(kind).__name__ == "Choice" and bool(kind.case_sensitive)
    return {
        "type_name": _type_name(kind) if known is None else known,
        "type_known": known is not None or (exact and strict),
        "choices": listed(getattr(kind, "choices", None), _member_name),
        **_bounds(kind, not clamped),
        "formats": _texts(getattr(kind, "formats", None)),
        **_path(kind),
    }


def choice_text(parameter: Any, value: Any) -> Any:
    """A default that is a member of an enum, as it stands on a command line."""
    if isinstance(value, (list, tuple)):
        return [choice_text(parameter, item) for item in value]
    if not isinstance(value, enum.Enum):
        return value
    by_value = getattr(parameter, "type_descriptor", None) is not None
    return _member_value(value) if by_value else _member_name(value)


def listed(choices: Any, text: Any) -> list[dict[str, str]] | None:
    """Choices as they stand on a command line, None where anything goes."""
    if choices is None or not isinstance(choices, Iterable):
        return None
    try:
        items = list(choices)
    except Exception:
        return None
    if len(items) > _LISTED:
        return None
    return [{"value": text(item), "label": _label(item)} for item in items]


def _label(item: Any) -> str:
    return plain.text(item.name if isinstance(item, enum.Enum) else item)


def _member_name(item: Any) -> str:
    """Click reads a member of an enum by its name."""
    return plain.text(item.name if isinstance(item, enum.Enum) else item)


def _member_value(item: Any) -> str:
    """Typer reads it by its value."""
    return plain.text(item.value if isinstance(item, enum.Enum) else item)


def _type_name(kind: Any) -> str:
    inner = getattr(kind, "types", None)
    if type(kind).__name__ == "Tuple" and inner is not None:
        return f"tuple[{', '.join(_item_name(item) for item in inner)}]"
    function = getattr(kind, "func", None)
    if type(kind).__name__ == "FuncParamType" and function is not None:
        return names.type_name(function)
    return names.qualified(type(kind))


def _item_name(kind: Any) -> str:
    known = _KNOWN.get(type(kind).__name__)
    return (known or "str") if known is not None else _type_name(kind)


def _bounds(owner: Any, enforced: bool) -> dict[str, Any]:
    """The bounds that a value must keep; a clamped one is moved, not refused."""
    least = _number(getattr(owner, "min", None)) if enforced else None
    most = _number(getattr(owner, "max", None)) if enforced else None
    ends = []
    if least is not None and getattr(owner, "min_open", False):
        ends.append("minimum")
    if most is not None and getattr(owner, "max_open", False):
        ends.append("maximum")
    return {"minimum": least, "maximum": most, "open_ends": ends}


def _path(owner: Any) -> dict[str, Any]:
    """What a ``Path`` or ``File`` asks of the path that it is given."""
    mode = getattr(owner, "mode", None)
    if isinstance(mode, str) and type(owner).__name__ == "File":
        return {"path": "file", "must_exist": "r" in mode and "+" not in mode}
    if not all(hasattr(owner, name) for name in ("exists", "file_okay", "dir_okay")):
        return {}
    return {
        "path": _path_kind(owner),
        "must_exist": bool(owner.exists),
    }


def _path_kind(owner: Any) -> str:
    if owner.file_okay and not owner.dir_okay:
        return "file"
    return "folder" if owner.dir_okay and not owner.file_okay else "any"


def _number(bound: Any) -> float | None:
    return float(bound) if isinstance(bound, (int, float)) else None


def _texts(items: Any) -> list[str]:
    return [plain.text(item) for item in items] if items else []


def _of_annotation(parameter: Any, descriptor: Any) -> dict[str, Any]:
    """The same for a typer with a click of its own: its types are annotations."""
    info = descriptor.parameter_info
    annotation = descriptor.annotation
    inner = getattr(annotation, "__args__", ())
    several = getattr(annotation, "__origin__", None)
    if several is list and inner:
        annotation = inner[0]
    custom = getattr(info, "parser", None)
    data: dict[str, Any] = {"type_name": "", "type_known": False}
    if custom is not None:
        data["type_name"] = names.type_name(custom)
    elif several is tuple:
        data["type_name"] = f"tuple[{', '.join(names.type_name(a) for a in inner)}]"
    elif annotation in _PLAIN:
        data.update(type_name=_PLAIN[annotation], type_known=True)
    else:
        data["type_name"] = names.type_name(annotation)
    clamped = bool(getattr(info, "clamp", False))
    data["choices"] = listed(descriptor.choices, _member_value)
    if data["choices"] is not None:
        data["type_known"] = bool(descriptor.case_sensitive)
    data.update(_bounds(parameter, not clamped and parameter.nargs != 0))
    if annotation is datetime.datetime:
        data["formats"] = _texts(info.formats)
    if isinstance(annotation, type) and issubclass(annotation, os.PathLike):
        data.update(path=_path_kind(info), must_exist=bool(info.exists))
    elif descriptor.is_file:
        write = "Write" in getattr(annotation, "__name__", "")
        mode = info.mode or ("w" if write else "r")
        data.update(path="file", must_exist="r" in mode)
    return data
