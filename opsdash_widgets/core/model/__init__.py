"""The frozen records that every layer speaks in."""

from __future__ import annotations

from .actor import Actor, Capability, Role
from .environment import Environment
from .form import Choice, FieldForm, FormGroup, ParserForm
from .launch import FormValues, LaunchRequest
from .module import (
    Argument,
    Command,
    CommandSet,
    ExclusiveGroup,
    Group,
    Kind,
    ModuleListing,
    ModuleSpec,
    ParserSpec,
)
from .preset import (
    Preset,
    PresetCheck,
    PresetDrift,
    PresetField,
    PresetListing,
    SavedPreset,
    values_by_path,
    without_nulls,
)
from .query import STATUS_ORDER, RunPage, RunQuery
from .run import Outcome, Run, RunSpec, RunState, Verdict

__all__ = [
    "STATUS_ORDER",
    "Actor",
    "Argument",
    "Capability",
    "Choice",
    "Command",
    "CommandSet",
    "Environment",
    "ExclusiveGroup",
    "FieldForm",
    "FormGroup",
    "FormValues",
    "Group",
    "Kind",
    "LaunchRequest",
    "ModuleListing",
    "ModuleSpec",
    "Outcome",
    "ParserForm",
    "ParserSpec",
    "Preset",
    "PresetCheck",
    "PresetDrift",
    "PresetField",
    "PresetListing",
    "Role",
    "Run",
    "RunPage",
    "RunQuery",
    "RunSpec",
    "RunState",
    "SavedPreset",
    "Verdict",
    "values_by_path",
    "without_nulls",
]
