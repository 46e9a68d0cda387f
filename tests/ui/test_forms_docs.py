"""The examples of docs/forms.md do what the text says."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from opsdash_widgets.core.discovery import probe_module
from opsdash_widgets.core.discovery.refined_field import KEYS, MEANINGS
from opsdash_widgets.core.model import ModuleSpec
from opsdash_widgets.ui.controls import registered
from opsdash_widgets.ui.controls.argparse_form import ArgparseForm

DOC = (Path(__file__).parents[2] / "docs" / "forms.md").read_text("utf-8")


def section(title: str) -> str:
    """The text below a heading."""
    return DOC.partition(f"## {title}\n")[2].partition("\n## ")[0]


def example(title: str) -> str:
    """The Python of a section."""
    found = re.search(r"```python\n(.*?)```", section(title), re.S)
    assert found
    return found[1]


@pytest.fixture
def spec(tmp_path: Path) -> ModuleSpec:
    """The spec of the module that refines its form."""
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "report.py").write_text(example("A module's own refinements"))
    return probe_module("desk.report", interpreter=sys.executable, cwd=tmp_path)


@pytest.fixture(autouse=True)
def _none_left() -> Iterator[None]:
    yield
    for each in tuple(registered._registered):
        each.remove()


def test_the_refining_module_is_refined_without_a_warning(spec: ModuleSpec) -> None:
    known = {a.id: a for a in spec.parser.arguments}
    forms = {identity: a.form for identity, a in known.items() if a.form}
    assert spec.warnings == ()
    assert {form.warning for form in forms.values()} == {""}
    assert [c.value for c in forms["--desk"].choices or ()] == ["rates", "fx"]
    assert known["--mail-pin"].secret
    assert spec.parser.form is not None
    assert [group.title for group in spec.parser.form.groups] == ["Report", "Mail"]


def test_the_registered_controls_are_shown_in_its_form(spec: ModuleSpec) -> None:
    form = ArgparseForm()
    form.show(spec)
    exec(example("Your own controls"), {})  # noqa: S102 - the example itself
    form.hosted["--desk"].value = "fx"
    assert form.hosted["--retries"].value == 2
    form.hosted["--retries"].value = 4
    assert form.get_values().values == {"--desk": "fx", "--retries": "4"}
    form.close()


def test_every_key_and_meaning_is_documented() -> None:
    text = section("A module's own refinements")
    assert [word for word in (*KEYS, *MEANINGS) if f"`{word}`" not in text] == []
