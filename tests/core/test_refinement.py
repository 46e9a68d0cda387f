"""A module's own ``opsdash_form``: what it refines, and what it can never break."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import msgspec
import pytest

from opsdash_widgets.core.command import build
from opsdash_widgets.core.model import (
    FieldForm,
    FormGroup,
    FormValues,
    LaunchRequest,
)

from .desk import Desk
from .refined import PARSER, argument, bare, form, probe


def test_labels_help_and_bounds_stand_beside_what_the_parser_says(
    tmp_path: Path,
) -> None:
    spec = probe(
        tmp_path,
        """{"fields": {"--paths": {"label": "Paths", "help": "how many",
            "placeholder": "10", "minimum": 1, "maximum": 99, "advanced": True}}}""",
    )
    assert form(spec, "--paths") == FieldForm(
        label="Paths",
        help="how many",
        placeholder="10",
        minimum=1,
        maximum=99,
        advanced=True,
    )
    assert argument(spec, "--paths").help is None
    assert spec.warnings == ()


def test_a_mapping_changes_nothing_of_what_the_parser_says(tmp_path: Path) -> None:
    plain = probe(tmp_path, "", name="plain")
    refined = probe(
        tmp_path,
        """{"fields": {"--desk": {"label": "x", "choices": ["a"], "strict": True},
                       "--mode": {"choices": ["c"]}, "--paths": {"maximum": 3}},
            "groups": [{"title": "Mine", "fields": ["--paths", "--desk"]}],
            "order": ["--mode"]}""",
    )
    prog = msgspec.structs.replace(bare(refined.parser), prog=plain.parser.prog)
    assert prog.arguments == plain.parser.arguments
    assert prog.groups == plain.parser.groups
    values = FormValues(values={"--desk": "z", "--paths": "50", "--mode": "a"})
    assert build(refined, values).argv == build(plain, values).argv


def test_groups_and_order_stand_in_a_part_of_their_own(tmp_path: Path) -> None:
    spec = probe(
        tmp_path,
        """{"groups": [{"title": "Book", "description": "of the desk", "folded": True,
                        "fields": ["--mode", "--desk", "build --jobs"]}],
            "order": ["--paths"]}""",
    )
    assert spec.parser.form is not None
    assert spec.parser.form.order == ("--paths",)
    (group,) = spec.parser.form.groups
    assert group == FormGroup(
        title="Book",
        description="of the desk",
        arguments=("--mode", "--desk"),
        folded=True,
    )
    assert spec.parser.commands is not None
    inner = spec.parser.commands.commands[0].parser.form
    assert inner is not None
    assert inner.groups[0].arguments == ("--jobs",)


def test_a_field_in_two_groups_stays_in_the_first(tmp_path: Path) -> None:
    spec = probe(
        tmp_path,
        """{"groups": [{"title": "A", "fields": ["--desk"]},
                       {"title": "B", "fields": ["--desk", "--mode"]}]}""",
    )
    assert spec.parser.form is not None
    assert [g.arguments for g in spec.parser.form.groups] == [("--desk",), ("--mode",)]


@pytest.mark.parametrize("key", ["--paths", "-n", "paths"])
def test_a_key_may_be_an_id_an_option_or_a_dest(tmp_path: Path, key: str) -> None:
    spec = probe(tmp_path, f"{{'fields': {{{key!r}: {{'label': 'Paths'}}}}}}")
    assert form(spec, "--paths").label == "Paths"


def test_a_name_without_a_command_is_meant_everywhere_and_one_with_it_there(
    tmp_path: Path,
) -> None:
    spec = probe(
        tmp_path,
        """{"fields": {"build --key": {"label": "There"},
                       "--key": {"label": "Everywhere", "help": "the key"}}}""",
    )
    assert spec.parser.commands is not None
    inner = spec.parser.commands.commands[0].parser.arguments
    (found,) = [a.form for a in inner if a.id == "--key"]
    assert found == FieldForm(label="There", help="the key")
    assert form(spec, "--key").label == "Everywhere"


def test_a_declared_secret_is_masked_from_the_default_to_the_run(desk: Desk) -> None:
    module = desk.module(
        "keyed",
        """
        import argparse, sys
        opsdash_form = {"fields": {"--pin": {"secret": True}}}
        parser = argparse.ArgumentParser()
        parser.add_argument("--pin", default="4711-0815", help="now %(default)s")
        args = parser.parse_args()
        print(len(args.pin), file=sys.stderr)
        """,
    )
    service = desk.service()
    spec = service.module_spec(module)
    assert "4711-0815" not in msgspec.json.encode(spec).decode()
    pin = argument(spec, "--pin")
    assert pin.secret
    assert pin.default_repr == "(set, not shown)"
    request = LaunchRequest(module=module, values=FormValues(values={"--pin": "zebra"}))
    assert "zebra" not in service.preview(request).shell_line
    run = desk.run(service, request)
    assert run.verdict.exit_code == 0
    kept = [path for path in Path(run.run_dir).iterdir() if path.is_file()]
    assert not [path for path in kept if b"zebra" in path.read_bytes()]
    assert (Path(run.run_dir) / "output.log").read_text().strip() == "5"


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("{'feilds': {}}", "no key `feilds` (the nearest right one is `fields`)"),
        ("{'fields': {'--dsek': {}}}", "no argument `--dsek` (the nearest right one"),
        ("{'fields': {'build --job': {}}}", "nearest right one is `build --jobs`"),
        ("{'fields': {'--desk': {'labl': 'x'}}}", "no key `labl` of `--desk`"),
        ("{'fields': {'--desk': 3}}", "must be a mapping"),
        ("{'fields': []}", "`fields` must be a mapping"),
        ("{'order': 'x'}", "`order` must be a list"),
        ("{'order': [3]}", "`3` is no name of an argument"),
        ("{'order': ['']}", "no argument ``"),
        ("{'groups': [{'fields': []}]}", "must be a mapping with a `title`"),
        ("['--desk']", "it is list, and must be a mapping"),
        ("Broken(a=1)", "it cannot be read (RuntimeError: not today)"),
    ],
)
def test_what_is_wrong_in_a_mapping_is_named_and_the_form_stays(
    tmp_path: Path, mapping: str, said: str
) -> None:
    broken = """
    import collections.abc
    class Broken(dict):
        def items(self):
            raise RuntimeError("not today")
    """
    spec = probe(tmp_path, mapping, before=broken)
    assert len(spec.warnings) == 1
    assert said in spec.warnings[0]
    assert len(spec.parser.arguments) == 5


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{'label': 3}", "`label` must be a text"),
        ("{'secret': 'yes'}", "`secret` must be True or False"),
        ("{'minimum': '1'}", "`minimum` must be a number"),
        ("{'maximum': float('nan')}", "`maximum` must be a number"),
        ("{'minimum': 3, 'maximum': 1}", "`minimum` 3 is above `maximum` 1"),
        ("{'meaning': 'dat'}", "the nearest right one is `date`"),
    ],
)
def test_what_is_wrong_with_one_entry_is_said_at_its_field(
    tmp_path: Path, entry: str, said: str
) -> None:
    spec = probe(tmp_path, f"{{'fields': {{'--desk': {entry}}}}}")
    assert said in form(spec, "--desk").warning


def test_the_mapping_of_the_started_module_counts_where_another_builds_the_parser(
    tmp_path: Path,
) -> None:
    (tmp_path / "elsewhere.py").write_text(textwrap.dedent(PARSER))
    spec = probe(
        tmp_path,
        "{'fields': {'--desk': {'label': 'Desk'}}}",
        source="from elsewhere import parser\nparser.parse_args()\n",
    )
    assert form(spec, "--desk").label == "Desk"


def test_a_module_that_shows_its_help_by_itself_and_leaves_is_still_read(
    tmp_path: Path,
) -> None:
    spec = probe(
        tmp_path,
        "{'fields': {'--desk': {'choices': lambda: ['a']}}}",
        source="""
        import argparse, sys
        parser = argparse.ArgumentParser(add_help=False)
        parser.add_argument("--desk")
        args, rest = parser.parse_known_args()
        sys.exit(0)
        """,
    )
    assert [c.value for c in form(spec, "--desk").choices or ()] == ["a"]


def test_a_mapping_below_the_parse_call_is_read_from_the_source(tmp_path: Path) -> None:
    source = PARSER + "\nopsdash_form = {'fields': {'--desk': {'label': 'Late'}}}\n"
    assert form(probe(tmp_path, "", source=source), "--desk").label == "Late"


def test_a_module_without_a_parser_may_refine_its_dates(tmp_path: Path) -> None:
    spec = probe(
        tmp_path,
        "{'fields': {'COB_DATE': {'label': 'Close of business'}}}",
        source="import sys\nprint([a for a in sys.argv if 'COB_DATE' in a])\n",
    )
    assert form(spec, "COB_DATE").label == "Close of business"


def test_a_click_module_is_refined_the_same_way(tmp_path: Path) -> None:
    spec = probe(
        tmp_path,
        """{"fields": {"--desk": {"choices": lambda: ["fx"]},
                       "--pin": {"secret": True}}}""",
        source="""
        import click
        @click.command()
        @click.option("--desk")
        @click.option("--pin", default="4711", show_default=True)
        def main(desk, pin): ...
        if __name__ == "__main__":
            main()
        """,
    )
    assert [c.value for c in form(spec, "--desk").choices or ()] == ["fx"]
    assert argument(spec, "--pin").secret
    assert "4711" not in json.dumps(msgspec.to_builtins(spec))
