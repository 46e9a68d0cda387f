"""The users' own controls: which argument gets one, and how its value travels."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Callable, Iterator
from typing import Any

import ipywidgets
import pytest

from opsdash_widgets.core.model import (
    Argument,
    Command,
    CommandSet,
    Kind,
    ModuleSpec,
    ParserSpec,
)
from opsdash_widgets.ui.controls import registered
from opsdash_widgets.ui.controls.argparse_form import ArgparseForm
from opsdash_widgets.ui.controls.registered import register_control

DESKS = ["rates", "fx", "credit"]


class Side(enum.Enum):
    BUY = "b"
    SELL = "s"


def option(name: str, **more: Any) -> Argument:
    """An option of that name."""
    return Argument(
        id=name, dest=name.lstrip("-"), **{"option_strings": (name,), **more}
    )


def spec(*arguments: Argument, module: str = "jobs.book") -> ModuleSpec:
    """A module that takes these, and the same again below its command ``build``."""
    inner = ParserSpec(arguments=arguments)
    commands = CommandSet(commands=(Command(name="build", parser=inner),))
    parser = ParserSpec(arguments=arguments, commands=commands)
    return ModuleSpec(module=module, kind=Kind.ARGPARSE, parser=parser)


def dropdown(argument: Argument) -> ipywidgets.Dropdown:
    """A choice of desks that rests on none."""
    return ipywidgets.Dropdown(options=DESKS, value=None)


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    """Nothing is registered before a test, nor after it."""
    yield
    for each in tuple(registered._registered):
        each.remove()


@pytest.fixture
def shown() -> Iterator[Callable[..., ArgparseForm]]:
    """Shows arguments in a form of their own; all are closed afterwards."""
    forms: list[ArgparseForm] = []

    def show(*arguments: Argument, module: str = "jobs.book") -> ArgparseForm:
        form = ArgparseForm()
        forms.append(form)
        form.show(spec(*arguments, module=module))
        return form

    yield show
    for form in forms:
        form.close()


Show = Callable[..., ArgparseForm]


def test_a_changed_widget_gives_the_forms_value(shown: Show) -> None:
    register_control(dropdown, argument="--desk")
    form = shown(option("--desk"))
    assert form.values == {}
    form.hosted["--desk"].value = "fx"
    assert form.get_values().values == {"--desk": "fx"}


def test_a_value_from_elsewhere_is_shown_and_a_reset_takes_it_back(shown: Show) -> None:
    register_control(lambda a: ipywidgets.IntSlider(value=3, max=9), argument="--n")
    form = shown(option("--n", type_name="int"))
    slider = form.hosted["--n"]
    form.set_value("--n", "7")
    assert slider.value == 7
    form.set_value("--n", None)
    assert slider.value == 3
    assert form.get_values().values == {}


def test_a_value_that_the_widget_cannot_show_brings_the_built_in_control_back(
    shown: Show,
) -> None:
    register_control(lambda a: ipywidgets.IntSlider(value=3, max=9), argument="--n")
    form = shown(option("--n", type_name="int"))
    form.set_value("--n", "70")
    assert "--n" not in form.hosted
    assert "cannot show this value" in form.hosted_notes["--n"]
    assert form.get_values().values == {"--n": "70"}
    form.set_value("--n", "5")
    assert form.hosted["--n"].value == 5
    assert form.hosted_notes == {}


@pytest.mark.parametrize(
    ("widget", "argument", "value", "given"),
    [
        (ipywidgets.Text, {}, "a b", "a b"),
        (ipywidgets.IntText, {"type_name": "int"}, 4, "4"),
        (ipywidgets.FloatText, {"type_name": "int"}, 4.0, "4"),
        (ipywidgets.FloatText, {"type_name": "float"}, 0.5, "0.5"),
        (
            ipywidgets.DatePicker,
            {},
            datetime.date(2025, 3, 31),
            "2025-03-31",
        ),
        (ipywidgets.Checkbox, {"action": "store_true", "nargs": 0}, True, True),
        (ipywidgets.Checkbox, {"action": "boolean_optional", "nargs": 0}, True, True),
        (ipywidgets.IntText, {"action": "count", "nargs": 0}, 2, 2),
        (ipywidgets.TagsInput, {"nargs": "*"}, ["a", "b"], ["a", "b"]),
        (ipywidgets.TagsInput, {"action": "append"}, ["a", "b"], ["a", "b"]),
        (
            ipywidgets.IntRangeSlider,
            {"nargs": 2, "type_name": "int"},
            (10, 20),
            ["10", "20"],
        ),
        (
            lambda: ipywidgets.SelectMultiple(options=DESKS),
            {"nargs": "+"},
            ("fx", "rates"),
            ["fx", "rates"],
        ),
        (
            lambda: ipywidgets.Dropdown(options=list(Side), value=None),
            {},
            Side.SELL,
            "s",
        ),
        (
            lambda: ipywidgets.ToggleButtons(options=[1, 2]),
            {"type_name": "int"},
            2,
            "2",
        ),
        (
            lambda: ipywidgets.Dropdown(options=[("Foreign", "fx")], value=None),
            {},
            "fx",
            "fx",
        ),
    ],
)
def test_a_value_goes_there_and_comes_back_by_itself(
    shown: Show,
    widget: Callable[[], Any],
    argument: dict[str, Any],
    value: Any,
    given: Any,
) -> None:
    register_control(lambda a: widget(), argument="--x")
    form = shown(option("--x", **argument))
    form.hosted["--x"].value = value
    assert form.get_values().values == {"--x": given}
    other = shown(option("--x", **argument))
    other.values = {"values": {"--x": given}}
    assert other.hosted_notes == {}
    assert other.hosted["--x"].value == value


def test_ones_own_conversions_are_used_both_ways(shown: Show) -> None:
    register_control(
        lambda a: ipywidgets.IntSlider(value=0, max=100),
        argument="--share",
        to_text=lambda value: f"{value}%" if value else None,
        from_text=lambda text: int(text.rstrip("%")),
    )
    form = shown(option("--share"))
    form.hosted["--share"].value = 25
    assert form.get_values().values == {"--share": "25%"}
    form.set_value("--share", "40%")
    assert form.hosted["--share"].value == 40


def test_a_conversion_that_fails_is_said_at_the_field_until_it_works(
    shown: Show,
) -> None:
    def to_text(value: str) -> str:
        if not value.isupper():
            raise ValueError("A book's name is in capitals")
        return value

    register_control(lambda a: ipywidgets.Text(), argument="--book", to_text=to_text)
    form = shown(option("--book"))
    field = form.hosted["--book"]
    field.value = "EUR"
    field.value = "eur"
    assert form.hosted_errors == {"--book": "A book's name is in capitals."}
    assert form.get_values().values == {}
    field.value = "USD"
    assert form.hosted_errors == {}
    assert form.get_values().values == {"--book": "USD"}


def test_a_reset_clears_what_was_no_value(shown: Show) -> None:
    register_control(
        lambda a: ipywidgets.Text(), argument="--book", to_text=lambda v: {}[v]
    )
    form = shown(option("--book"))
    form.hosted["--book"].value = "eur"
    form._dispatch(form, {"kind": "reset_hosted", "field": "--book"}, [])
    assert form.hosted_errors == {}
    assert form.hosted["--book"].value == ""


def test_a_default_is_what_an_untouched_widget_shows(shown: Show) -> None:
    register_control(lambda a: ipywidgets.IntSlider(value=1, max=9), argument="--n")
    form = shown(option("--n", type_name="int", default=4))
    assert form.hosted["--n"].value == 4
    assert form.hosted_notes == {}
    form.hosted["--n"].value = 6
    form.set_value("--n", None)
    assert form.hosted["--n"].value == 4


def test_what_is_shown_but_not_given_is_said(shown: Show) -> None:
    register_control(lambda a: ipywidgets.IntSlider(value=1, max=9), argument="--n")
    form = shown(option("--n", type_name="int"))
    assert form.hosted_notes["--n"] == "Not given until it is changed."
    form.hosted["--n"].value = 2
    assert "--n" not in form.hosted_notes
    beyond = shown(option("--n", type_name="int", default=400))
    assert beyond.hosted_notes["--n"] == "Until it is changed, the default is used."


def test_a_required_argument_gets_what_its_control_shows(shown: Show) -> None:
    register_control(lambda a: ipywidgets.IntSlider(value=3, max=9), argument="--n")
    form = shown(option("--n", type_name="int", required=True))
    assert form.get_values().values == {"--n": "3"}
    form.show(spec(option("--other"), module="jobs.other"))
    assert form.values == {}
    empty = shown(option("--n", type_name="int", required=True), option("--desk"))
    register_control(dropdown, argument="--desk")
    assert empty.get_values().values == {"--n": "3"}


@pytest.mark.parametrize(
    ("factory", "said"),
    [
        (lambda a: 1 / 0, "division by zero."),
        (lambda a: "text", "it made no widget with a `value`."),
        (lambda a: ipywidgets.HBox(), "it made no widget with a `value`."),
    ],
)
def test_a_factory_that_fails_leaves_the_built_in_control_and_says_why(
    shown: Show, factory: Any, said: str
) -> None:
    register_control(factory, argument="--desk")
    form = shown(option("--desk"), option("--other"))
    assert form.hosted == {}
    assert form.hosted_notes["--desk"].endswith(f"{said} This is the built-in one.")
    assert "--other" not in form.hosted_notes


def test_the_last_registration_wins_and_the_one_before_returns(shown: Show) -> None:
    register_control(lambda a: ipywidgets.Text(), argument="--desk")
    form = shown(option("--desk"))
    last = register_control(dropdown, argument="--desk")
    assert isinstance(form.hosted["--desk"], ipywidgets.Dropdown)
    last.remove()
    assert isinstance(form.hosted["--desk"], ipywidgets.Text)


def test_a_control_that_is_registered_later_shows_the_value_that_is_there(
    shown: Show,
) -> None:
    form = shown(option("--desk"))
    form.set_value("--desk", "credit")
    register_control(dropdown, argument="--desk")
    assert form.hosted["--desk"].value == "credit"


def test_several_forms_have_widgets_of_their_own(shown: Show) -> None:
    register_control(dropdown, argument="--desk")
    one, two = shown(option("--desk")), shown(option("--desk"))
    one.hosted["--desk"].value = "fx"
    assert two.hosted["--desk"].value is None
    assert two.values == {}


def test_a_command_has_widgets_of_its_own(shown: Show) -> None:
    register_control(dropdown, argument="build --desk")
    form = shown(option("--desk"))
    assert set(form.hosted) == {"build --desk"}
    form.hosted["build --desk"].value = "fx"
    assert form.values == {}, "its command is not chosen"
    form.values = {"command": {"name": "build", "values": {}}}
    form.hosted["build --desk"].value = "rates"
    chosen = form.get_values().command
    assert chosen is not None
    assert chosen.values == {"--desk": "rates"}


@pytest.mark.parametrize(
    ("criteria", "fits"),
    [
        ({"type": int}, ["--n"]),
        ({"type": "int"}, ["--n"]),
        ({"type": datetime.date.fromisoformat}, ["--day"]),
        ({"type": "datetime.*"}, ["--day"]),
        ({"type": str}, ["--desk"]),
        ({"argument": "--d*"}, ["--desk", "--day"]),
        ({"argument": "day"}, ["--day"]),
        ({"argument": "--n", "module": "jobs.*"}, ["--n"]),
        ({"argument": "--n", "module": "other.*"}, []),
        ({"when": lambda a: a.dest == "n"}, ["--n"]),
    ],
)
def test_a_control_is_for_what_all_its_criteria_name(
    shown: Show, criteria: dict[str, Any], fits: list[str]
) -> None:
    register_control(lambda a: ipywidgets.Text(), **criteria)
    form = shown(
        option("--desk"),
        option("--n", type_name="int"),
        option("--day", type_name="datetime.date.fromisoformat"),
    )
    assert [path for path in form.hosted if " " not in path] == fits


def test_a_condition_that_fails_is_said_at_the_field(shown: Show) -> None:
    register_control(dropdown, when=lambda a: a.nothing)  # type: ignore[attr-defined]  # what fails
    form = shown(option("--desk"))
    assert "no attribute 'nothing'" in form.hosted_notes["--desk"]


def test_a_registration_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="say which arguments it is for"):
        register_control(dropdown)
    with pytest.raises(TypeError, match="must be a function"):
        register_control("Dropdown", argument="--x")  # type: ignore[arg-type]  # refused


def test_the_same_arguments_keep_their_widgets_and_closed_forms_leave_none(
    shown: Show,
) -> None:
    made: list[ipywidgets.Widget] = []

    def factory(argument: Argument) -> ipywidgets.Widget:
        made.append(ipywidgets.Text())
        return made[-1]

    register_control(factory, argument="--desk")
    form = shown(option("--desk"))
    first = form.hosted["--desk"]
    form.show(spec(option("--desk"), option("--new")))
    assert form.hosted["--desk"] is first
    form.show(spec(option("--new"), module="jobs.other"))
    assert form.hosted == {}
    form.close()
    assert all(widget.comm is None for widget in made)
