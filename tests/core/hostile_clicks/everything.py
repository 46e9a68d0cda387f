"""A click command line with all that click can hold; it works where it is run."""

import enum
import pathlib

import click


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Lazy(click.Group):
    """Commands that are loaded when they are asked for; one cannot be."""

    def list_commands(self, ctx):
        return ["alias", "arguments", "missing"]

    def get_command(self, ctx, name):
        if name == "missing":
            raise ImportError(name)
        return arguments


def called():
    raise SystemExit("a default was called")


def converted(ctx, param, value):
    raise SystemExit("a callback was called")


@click.group(invoke_without_command=True)
@click.option("--verbose", "-v", count=True)
@click.option("--debug/--no-debug", default=None)
@click.option("--colour/--plain", "-c/-p", default=True)
@click.option(" /--no-cache", "cache", default=True)
@click.option("--upper", "letters", flag_value="upper", default=True)
@click.option("--lower", "letters", flag_value="lower")
def main(**given):
    pathlib.Path("worked").write_text(repr(given))


@main.group(context_settings={"auto_envvar_prefix": "DEMO"})
@click.argument("base")
@click.option("--pair", nargs=2, type=(str, int))
def store(**given):
    pathlib.Path("worked").touch()


@store.command()
@click.option("--n", "-n", type=click.IntRange(1, 10), required=True, help="How\f no")
@click.option("--share", type=click.FloatRange(0, 1, max_open=True))
@click.option("--moved", type=click.IntRange(0, 5, clamp=True))
@click.option("--when", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--tag", "-t", multiple=True)
@click.option("--point", nargs=2, type=float, multiple=True)
@click.option("--mode", type=click.Choice(["a", "b c"]), default="a")
@click.option("--paint", type=click.Choice(Colour), default=Colour.RED)
@click.option("--made", default=called)
@click.option("--checked", callback=converted)
@click.option("--level", envvar=["LEVEL_A", "LEVEL_B"], default="e")
@click.option("--hidden", hidden=True)
@click.option("--source", type=click.Path(exists=True, dir_okay=False))
@click.option("--target", type=click.File("w"))
@click.option("-single", "single")
@click.option("/slash", "slash")
@click.argument("many", nargs=-1, required=True)
@click.argument("last")
def copy(**given):
    pathlib.Path("worked").touch()


@main.command()
@click.option("--optional", is_flag=False, flag_value="bare", default="no")
@click.option("-o", "short", is_flag=False, flag_value="bare")
@click.option("--several", is_flag=False, flag_value="bare", multiple=True)
@click.argument("value", required=False)
def optional(**given):
    pathlib.Path("worked").touch()


@main.command()
@click.option("--name", prompt="Your name", default="me")
@click.option("--passphrase", prompt=True, hide_input=True)
@click.argument("rest", nargs=-1, type=click.UNPROCESSED)
def asks(**given):
    pathlib.Path("worked").touch()


@main.command("arguments")
@click.argument("one", required=False, default="first")
@click.argument("two", required=False)
def arguments(**given):
    pathlib.Path("worked").touch()


@main.group(chain=True)
@click.option("--top")
def chained(**given):
    pathlib.Path("worked").touch()


@chained.command()
@click.option("--a")
@click.argument("file")
def step(**given):
    pathlib.Path("worked").touch()


main.add_command(Lazy("lazy"))

if __name__ == "__main__":
    main()
