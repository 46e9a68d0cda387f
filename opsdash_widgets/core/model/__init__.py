"""The frozen records that every layer speaks in."""

from __future__ import annotations

from .actor import Actor, Capability, Role
from .environment import Environment
from .form import Choice, FieldForm, FormGroup, ParserForm
from .launch import FormValues, LaunchRequest
from .limits import LIMITS, Limit, check_limits, limit_text, parse_limit
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
from .resources import Resources, Sample, Totals
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
    "LIMITS",
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
    "Limit",
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
    "Resources",
    "Role",
    "Run",
    "RunGroup",
    "RunPage",
    "RunQuery",
    "RunSpec",
    "RunState",
    "Sample",
    "SavedPreset",
    "SweepFieldView",
    "SweepRequest",
    "SweepView",
    "Totals",
    "Verdict",
    "check_limits",
    "limit_text",
    "parse_limit",
    "values_by_path",
    "without_nulls",
]
