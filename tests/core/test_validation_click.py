"""click's own parser says what it says; no command is ever run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from opsdash_widgets.core import discovery
from opsdash_widgets.core.discovery import ParserVerdict, sandbox

CLICK = """
import os, click

class Even(click.ParamType):
    name = "even"
    def convert(self, value, parameter, context):
        if int(value) % 2:
            self.fail(f"{value} is odd", parameter, context)
        return int(value)

def not_three(context, parameter, value):
    if value == 3:
        raise click.BadParameter("three is taken")
    return value

@click.group()
@click.option("--size", type=int, callback=not_three)
@click.pass_context
def cli(context, size):
    os.write(1, b"it worked")
    context.obj = {"size": size}

@cli.command("fit")
@click.option("--even", type=Even(), required=True)
@click.option("--mode", type=click.Choice(["a", "b"]))
@click.option("--out", type=click.File("w"))
@click.argument("source")
@click.argument("more", nargs=-1, type=float)
def fit(**given):
    os.write(1, b"it worked")

@cli.group("deep")
def deep():
    os.write(1, b"it worked")

@deep.command("deeper")
@click.option("--name", prompt=True)
@click.option("--ready/--no-ready")
def deeper(**given):
    os.write(1, b"it worked")

if __name__ == "__main__":
    cli()
"""
TYPER = """
import enum
import typer

class Colour(enum.Enum):
    red = "red"
    blue = "blue"

app = typer.Typer()

@app.command()
def paint(colour: Colour, times: int = typer.Option(1, min=1)):
    open("worked", "w").close()

@app.command()
def wash(name: str):
    open("worked", "w").close()

if __name__ == "__main__":
    app()
"""


def asked(
    folder: Path, source: str, *argvs: list[str]
) -> tuple[list[ParserVerdict], str]:
    """The verdicts, and all that the module printed."""
    (folder / "job.py").write_text(source)
    spec = discovery.probe_module("job", interpreter=sys.executable, cwd=folder)
    heard: list[str] = []
    ask = sandbox.ask

    def listening(*args: object, **named: object) -> sandbox.Answer:
        answer = ask(*args, **named)  # type: ignore[arg-type] # passed on as they are
        heard.append(answer.output)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "ask", listening)
        validation = discovery.validate(
            "job",
            argvs,
            interpreter=sys.executable,
            cwd=folder,
            spec=spec,
            timeout_s=60,
        )
    if not validation.available:
        assert not sandbox.confinement().is_full
        pytest.xfail(validation.reason)
    return list(validation.verdicts), "".join(heard)


def test_every_refusal_has_clicks_words_and_its_field(tmp_path: Path) -> None:
    cases: list[tuple[list[str], str, tuple[str, ...]]] = [
        (["--size", "x", "fit"], "is not a valid integer", ("--size",)),
        (["--size", "3", "fit"], "three is taken", ("--size",)),
        (["fit", "s"], "Missing option '--even'", ("fit --even",)),
        (["fit", "--even", "2"], "Missing argument 'SOURCE'", ("fit source",)),
        (["fit", "--even", "3", "s"], "3 is odd", ("fit --even",)),
        (["fit", "--even", "2", "--mode", "c", "s"], "'c' is not", ("fit --mode",)),
        (["fit", "--even", "2", "s", "x"], "not a valid float", ("fit more",)),
        (["fit", "--even", "2", "--nothing", "s"], "No such option", ()),
        (["nothing"], "No such command", ("command",)),
        (["deep", "nothing"], "No such command", ("deep command",)),
        (["deep", "deeper"], "on a terminal", ("deep deeper --name",)),
    ]
    verdicts, output = asked(tmp_path, CLICK, *(argv for argv, _, _ in cases))
    for (_, words, fields), verdict in zip(cases, verdicts, strict=True):
        assert words in verdict.message
        assert verdict.fields == fields
        assert verdict.accepted is False
    assert "it worked" not in output


def test_what_click_takes_is_accepted_and_nothing_is_run(tmp_path: Path) -> None:
    verdicts, output = asked(
        tmp_path,
        CLICK,
        ["--size", "2", "fit", "--even", "2", "--out", "o", "s", "1.5", "2"],
        ["deep", "deeper", "--name", "n", "--no-ready"],
        ["--help"],
        ["deep", "--help"],
    )
    assert [verdict.accepted for verdict in verdicts] == [True] * 4
    assert "it worked" not in output
    assert [path.name for path in tmp_path.iterdir()] == ["job.py"]


@pytest.mark.parametrize(
    "start",
    [
        "cli(standalone_mode=False)",
        "cli.main(args=__import__('sys').argv[1:], standalone_mode=False)",
        "raise SystemExit(cli(prog_name='other', obj={}))",
    ],
)
def test_click_is_heard_however_it_is_started(tmp_path: Path, start: str) -> None:
    source = CLICK.replace("    cli()\n", f"    {start}\n")
    (bad, good), output = asked(
        tmp_path, source, ["--size", "x"], ["fit", "--even", "2", "s"]
    )
    assert (bad.accepted, bad.fields) == (False, ("--size",))
    assert good.accepted is True
    assert "it worked" not in output


def test_a_chain_of_commands_is_parsed_to_its_end(tmp_path: Path) -> None:
    source = """
import click
@click.group(chain=True)
def cli(): raise SystemExit("it worked")
@cli.command("one")
@click.option("--x", type=int)
def one(x): pass
@cli.command("two")
@click.option("--y", type=int)
def two(y): pass
if __name__ == "__main__":
    cli()
"""
    (good, bad), _ = asked(
        tmp_path, source, ["one", "--x", "1", "two"], ["one", "two", "--y", "q"]
    )
    assert good.accepted is True
    assert (bad.accepted, bad.fields) == (False, ("two --y",))


def test_typer_is_heard_too(tmp_path: Path) -> None:
    verdicts, _ = asked(
        tmp_path,
        TYPER,
        ["paint", "green"],
        ["paint", "red", "--times", "0"],
        ["wash"],
        ["paint", "red", "--times", "2"],
    )
    assert [verdict.accepted for verdict in verdicts] == [False, False, False, True]
    fields = [verdict.fields for verdict in verdicts]
    assert fields[:3] == [("paint colour",), ("paint --times",), ("wash name",)]
