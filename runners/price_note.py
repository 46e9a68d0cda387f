"""A short note on a ticker's prices, with a form that the module refines itself."""

import argparse
import csv
import datetime
import os
import sys

from .prices import PRICES_FILE


def tickers():
    """The tickers of the sample prices: value -> what the form shows."""
    with open(PRICES_FILE, newline="", encoding="utf-8") as source:
        names = next(csv.reader(source))[1:]
    return {name: f"{name} (sample)" for name in names}


opsdash_form = {
    "fields": {
        "--ticker": {"label": "Ticker", "choices": tickers, "strict": True},
        "--prices": {"label": "Prices", "meaning": "file", "must_exist": True},
        "--days": {"label": "Days back", "minimum": 2, "maximum": 250},
        "--comment": {
            "meaning": "multiline",
            "placeholder": "for the desk",
        },
        "--out": {"label": "Write to", "meaning": "file", "placeholder": "the log"},
        "--sign": {"label": "Signature", "secret": True, "help": "never stored"},
        "--encoding": {"advanced": True},
    },
    "groups": [
        {"title": "What", "fields": ["--ticker", "--days", "--prices"]},
        {
            "title": "The note",
            "description": "Goes to the log where no file is named.",
            "fields": ["--comment", "--out", "--sign"],
        },
    ],
}


def make_parser():
    """The arguments of this module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ticker", required=True)
    parser.add_argument("--prices", default=PRICES_FILE, help="a file of daily closes")
    parser.add_argument("--days", type=int, default=20, help="closes to look at")
    parser.add_argument("--comment", default="")
    parser.add_argument("--out", help="a new text file")
    parser.add_argument("--sign", default="")
    parser.add_argument("--encoding", default="utf-8")
    return parser


def closes(args):
    """The last closes of the ticker, oldest first."""
    with open(args.prices, newline="", encoding=args.encoding) as source:
        rows = list(csv.DictReader(source))
    if rows and args.ticker not in rows[0]:
        sys.exit(f"There is no ticker {args.ticker} in {args.prices}.")
    return [float(row[args.ticker]) for row in rows[-args.days :]]


def note(args):
    """The note's lines."""
    found = closes(args)
    change = found[-1] / found[0] - 1
    yield f"{args.ticker}: {found[-1]:.2f}, {change:+.1%} over {len(found)} closes"
    if args.comment:
        yield args.comment
    yield "Written {}{}".format(
        datetime.date.today().isoformat(), ", signed" if args.sign else ""
    )


def main():
    """Write the note."""
    args = make_parser().parse_args()
    text = "\n".join(note(args)) + "\n"
    if not args.out:
        sys.stdout.write(text)
        return
    with open(args.out, "x", encoding=args.encoding) as out:
        out.write(text)
    print(f"written to {os.path.abspath(args.out)}")


if __name__ == "__main__":
    main()
