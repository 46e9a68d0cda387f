"""Values given by keyword (``ops.launch("m", paths=200_000)``) as a form's values."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from ..errors import ValuesError
from ..model import Argument, FormValues, ModuleSpec
from .line import keyword_of


def form_values(spec: ModuleSpec, keywords: Mapping[str, Any]) -> FormValues:
    """A form's values from keywords: ids, option names or dests.

    Raises:
        ValuesError: a keyword names no argument of the module.
    """
    known = _names(spec.parser.arguments)
    values, wrong = {}, {}
    for name, value in keywords.items():
        if name in known:
            values[known[name]] = value
        else:
            near = difflib.get_close_matches(name, known, 1)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            wrong[name] = f"`{spec.module}` has no argument `{name}`.{hint}"
    if wrong:
        raise ValuesError(" ".join(wrong.values()), wrong)
    return FormValues(values=values)


def _names(arguments: tuple[Argument, ...]) -> dict[str, str]:
    """Keyword -> id; an option's own name wins over a dest."""
    names: dict[str, str] = {}
    for argument in arguments:
        names.setdefault(argument.dest, argument.id)
    for argument in arguments:
        for option in argument.option_strings:
            names[keyword_of(option)] = argument.id
        names[argument.id] = argument.id
    return names
