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
from .sweep import (
    GroupProgress,
    GroupRow,
    GroupRun,
    GroupState,
    RunGroup,
    SweepFieldView,
    SweepRequest,
    SweepView,
)

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
    "GroupProgress",
    "GroupRow",
    "GroupRun",
    "GroupState",
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
    "RunGroup",
    "RunPage",
    "RunQuery",
    "RunSpec",
    "RunState",
    "SavedPreset",
    "SweepFieldView",
    "SweepRequest",
    "SweepView",
    "Verdict",
    "values_by_path",
    "without_nulls",
]
