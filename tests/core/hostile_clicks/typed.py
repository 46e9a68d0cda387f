"""A typer command line with all that typer can hold; it works where it is run."""

import datetime
import enum
import pathlib
from typing import List, Optional, Tuple

import typer


class Kind(str, enum.Enum):
    one = "ONE"
    two = "t w o"


app = typer.Typer(help="About it.")
below = typer.Typer()
app.add_typer(below, name="below", help="What is below.")


@app.callback()
def main(verbose: int = typer.Option(0, "--verbose", "-v", count=True)):
    pathlib.Path("worked").touch()


@app.command()
def work(
    name: str,
    files: Optional[List[pathlib.Path]] = typer.Argument(None, help="Which files."),
    paths: int = typer.Option(
        3, min=1, max=9, help="How many.", rich_help_panel="Size"
    ),
    kind: Kind = Kind.one,
    flag: bool = False,
    on: bool = typer.Option(True, "--on/--off", "-o/-O"),
    only: bool = typer.Option(False, "--only"),
    either: Optional[bool] = None,
    pair: Tuple[str, int] = typer.Option(("a", 1)),
    tags: Optional[List[str]] = None,
    when: datetime.datetime = typer.Option("2020-01-01", formats=["%Y-%m-%d"]),
    folder: pathlib.Path = typer.Option(pathlib.Path(), file_okay=False, exists=True),
    key: str = typer.Option("k", envvar="WORK_LEVEL"),
):
    pathlib.Path("worked").touch()


@below.command("list")
def listed(first: str = typer.Argument("f"), second: str = typer.Argument("s")):
    pathlib.Path("worked").touch()


if __name__ == "__main__":
    app()
