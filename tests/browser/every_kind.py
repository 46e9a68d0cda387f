"""One argument of every kind; prints what it was given as JSON."""

import argparse
import datetime
import decimal
import json
import pathlib


class Setting(argparse.Action):
    """Collects NAME=VALUE, as many modules do by an action of their own."""

    def __call__(self, parser, namespace, values, option_string=None):
        """Add one setting to the mapping."""
        name, _, value = values.partition("=")
        settings = dict(getattr(namespace, self.dest) or {})
        setattr(namespace, self.dest, settings | {name: value})


def make_parser():
    """The arguments of this module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("desk", help="name of the desk")
    parser.add_argument("--owner", required=True, help="who answers for the run")

    one = parser.add_argument_group("One value", "Arguments that take one value.")
    one.add_argument("--paths", type=int, default=1000, help="number of paths")
    one.add_argument("--rate", type=float, default=0.05, help="yearly rate")
    one.add_argument("--note", help="any text, also an empty one")
    one.add_argument("--letter", help="a text of several lines")
    one.add_argument("--padded", help="a text with spaces around it")
    one.add_argument("--notional", type=decimal.Decimal, help="in EUR")
    one.add_argument("--config", type=pathlib.Path, help="file of settings")
    one.add_argument("--api-token", help="for the market data")
    one.add_argument("--method", choices=["euler", "milstein"], default="euler")
    one.add_argument("--currency", choices=CURRENCIES, help="of the report")
    one.add_argument("--asof", type=datetime.date.fromisoformat, help="a day")
    one.add_argument("--load-date", metavar="YYYYMMDD", help="a day without dashes")
    one.add_argument("--trace", nargs="?", const="all", help="what to trace")

    switch = parser.add_argument_group("Switches")
    switch.add_argument("--cache", action=argparse.BooleanOptionalAction)
    switch.add_argument("--quick", action="store_true", help="fewer checks")
    switch.add_argument("--no-color", action="store_false", dest="color")
    switch.add_argument("--level", action="store_const", const=99)
    switch.add_argument("-v", "--verbose", action="count", default=0)
    switch.add_argument("--mark", action="append_const", const="x")

    several = parser.add_argument_group("Several values")
    several.add_argument("--tag", action="append", help="given once for each tag")
    several.add_argument("--pair", action="append", nargs=2, metavar=("FROM", "TO"))
    several.add_argument("--window", nargs=3, type=int, metavar=("A", "B", "C"))
    several.add_argument("--tickers", nargs="+", help="one or more")
    several.add_argument("--filters", nargs="*", help="none or more")
    several.add_argument("--books", action="extend", nargs="+", help="in any number")
    several.add_argument("--set", action=Setting, help="NAME=VALUE")

    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--live", action="store_true", help="from the feed")
    source.add_argument("--file", help="from a file")
    speed = parser.add_mutually_exclusive_group()
    speed.add_argument("--fast", action="store_true")
    speed.add_argument("--slow", type=int, metavar="SECONDS", help="wait in between")

    parser.add_argument("--seed", type=int, help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="task", title="Task")
    fit = commands.add_parser("fit", aliases=["calibrate"], help="fit the model")
    fit.add_argument("--iterations", type=int, default=10)
    run = commands.add_parser("report", help="write a report")
    kinds = run.add_subparsers(dest="kind", required=True)
    var = kinds.add_parser("var", help="value at risk")
    var.add_argument("--confidence", type=float, default=0.99)
    var.add_argument("rest", nargs=argparse.REMAINDER, help="for the printer")
    kinds.add_parser("pnl", help="profit and loss")
    return parser


CURRENCIES = ["CHF", "EUR", "GBP", "JPY", "NOK", "SEK", "USD"]

if __name__ == "__main__":
    print(json.dumps(vars(make_parser().parse_args()), default=str, sort_keys=True))
