"""The form's Python side: values in and out, at any depth of subcommands."""

from __future__ import annotations

import msgspec
import pytest

from opsdash_widgets.core.errors import ModuleUnreadable, ProbeFailed, ValuesError
from opsdash_widgets.core.model import (
    Argument,
    FormValues,
    Kind,
    ModuleSpec,
    ParserSpec,
)
from opsdash_widgets.ui.controls.argparse_form import ArgparseForm

SPOT = Argument(id="--spot", dest="spot", option_strings=("--spot",), type_name="float")
SPEC = ModuleSpec(
    module="runners.price", kind=Kind.ARGPARSE, parser=ParserSpec(arguments=(SPOT,))
)


def test_a_set_value_comes_out_as_form_values() -> None:
    form = ArgparseForm()
    form.show(SPEC)
    form.set_value("--spot", "101.5")
    assert form.get_values() == FormValues(values={"--spot": "101.5"})


def test_none_takes_a_value_back_to_its_default() -> None:
    form = ArgparseForm()
    form.set_value("--spot", "1")
    form.set_value("--spot", None)
    assert form.get_values() == FormValues()


def test_values_of_nested_commands_keep_their_place() -> None:
    form = ArgparseForm()
    form.set_value("--top", True)
    form.set_value("--level", "0.99", command=("report", "var"))
    form.set_value("book", ["a", "b"], command=("report", "var"))
    inner = FormValues(name="var", values={"--level": "0.99", "book": ["a", "b"]})
    report = FormValues(name="report", command=inner)
    assert form.get_values() == FormValues(values={"--top": True}, command=report)
    assert form.given_ids() == {"--top", "--level", "book"}


def test_another_module_starts_with_an_empty_form_the_same_one_does_not() -> None:
    form = ArgparseForm()
    form.show(SPEC)
    form.set_value("--spot", "1")
    form.extra_args = "--more"
    form.show(msgspec.structs.replace(SPEC, title="New"))
    assert form.get_values().values == {"--spot": "1"}
    form.show(ModuleSpec(module="runners.other", kind=Kind.ARGPARSE))
    assert form.get_values() == FormValues()
    assert form.extra_args == ""


def test_extra_arguments_are_split_as_a_shell_does() -> None:
    form = ArgparseForm(extra_args="""--name 'two words' "" --n=1""")
    assert form.get_extra_args() == ("--name", "two words", "", "--n=1")


def test_an_open_quote_in_the_extra_arguments_is_said() -> None:
    with pytest.raises(ValuesError, match="quote that is not closed"):
        ArgparseForm(extra_args="'oh").get_extra_args()


def test_date_tokens_become_arguments_in_their_usual_order() -> None:
    tokens = {"END_DATE": "2025-03-31", "COB_DATE": "2025-03-28", "RUN_DATE": ""}
    form = ArgparseForm(tokens=tokens)
    assert form.get_tokens() == ("COB_DATE=2025-03-28", "END_DATE=2025-03-31")


def test_a_parser_that_cannot_be_had_leaves_the_arguments_to_the_user() -> None:
    form = ArgparseForm()
    error = ProbeFailed("m", "timeout", "m did not answer.", "Give them by hand.")
    form.show_problem(error, module="m")
    assert form.by_hand
    assert form.problem["message"] == "m did not answer."
    assert form.problem["next_step"] == "Give them by hand."


def test_a_module_that_does_not_parse_leaves_nothing_to_the_user() -> None:
    form = ArgparseForm()
    form.show_problem(ModuleUnreadable("m", "m does not parse."), module="m")
    assert not form.by_hand
    form.show(SPEC)
    assert form.problem == {}


def test_errors_of_the_parser_land_at_their_fields() -> None:
    form = ArgparseForm()
    form.show(SPEC)
    form.show_errors(ValuesError("Wrong.", {"--spot": "\x1b[1mGive a number."}))
    assert form.errors == {"--spot": "Give a number."}


def test_a_picked_starter_is_reported_by_name() -> None:
    form = ArgparseForm(starters=[{"name": "runners.price", "title": ""}])
    heard: list[str] = []
    form.on_pick(lambda _, name: heard.append(name))
    form._dispatch(None, {"kind": "pick", "name": "runners.price"}, [])
    assert heard == ["runners.price"]


def test_a_changed_module_keeps_what_its_form_still_has_a_place_for() -> None:
    form = ArgparseForm()
    seed = Argument(id="--seed", dest="seed", option_strings=("--seed",))
    form.show(msgspec.structs.replace(SPEC, parser=ParserSpec(arguments=(SPOT, seed))))
    form.set_value("--spot", "101.5")
    form.set_value("--seed", "7")
    form.show(SPEC)
    assert form.get_values() == FormValues(values={"--spot": "101.5"})
    assert form.changes == "The module has changed: `--seed` went."
    form.show(ModuleSpec(module="runners.other", kind=Kind.ARGPARSE))
    assert form.changes == ""


def test_a_field_to_sweep_is_reported_by_its_path() -> None:
    form = ArgparseForm()
    heard: list[str] = []
    form.on_sweep(lambda _, path: heard.append(path))
    form._dispatch(None, {"kind": "sweep", "field": "fit --level"}, [])
    assert heard == ["fit --level"]


def test_errors_are_revealed_at_one_field_or_at_the_first() -> None:
    form = ArgparseForm()
    sent: list[dict[str, str]] = []
    form.send = lambda content, buffers=None: sent.append(content)  # type: ignore[method-assign] # no browser here
    form.reveal_errors()
    form.reveal_errors("--spot")
    assert [each["field"] for each in sent] == ["", "--spot"]


def test_what_was_typed_last_is_there_before_a_button_is_heard() -> None:
    form = ArgparseForm(spec=msgspec.to_builtins(SPEC))
    state = {"values": {"values": {"--spot": "2"}}, "invalid": {"--spot": "No."}}
    form._dispatch(None, {"kind": "typed", "state": state | {"spec": {}}}, [])
    assert form.get_values().values == {"--spot": "2"}
    assert form.invalid == {"--spot": "No."}
    assert form.spec  # only what is typed is taken over
