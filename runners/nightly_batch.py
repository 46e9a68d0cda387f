"""The nightly batch: minutes of work in stages, that cleans up when it is stopped."""

import argparse
import time

STAGES = (
    ("load trades", 20),
    ("load market data", 30),
    ("value portfolio", 60),
    ("aggregate risk", 40),
    ("write reports", 20),
)
SECONDS_PER_STEP = 1.0


def make_parser():
    """The arguments of this module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--speed",
        type=float,
        default=1.0,
        help="1 takes about three minutes, 10 a tenth of it",
    )
    parser.add_argument(
        "--first-stage",
        choices=[name for name, _ in STAGES],
        default=STAGES[0][0],
        help="start with this stage (the ones before are done)",
    )
    parser.add_argument(
        "--book",
        action="append",
        metavar="NAME",
        help="a book to value; may be given several times (default: all)",
    )
    return parser


def run_stage(name, steps, pause_s):
    """Do the steps of one stage."""
    print(f"=== {name}", flush=True)
    for step in range(1, steps + 1):
        time.sleep(pause_s)
        if step % 5 == 0 or step == steps:
            print(f"{name}: {step}/{steps} ({step / steps:.0%})", flush=True)


def main():
    """Run the stages; whatever ends them, release what they hold."""
    parser = make_parser()
    args = parser.parse_args()
    if args.speed <= 0:
        parser.error("argument --speed: must be greater than 0")
    names = [name for name, _ in STAGES]
    todo = STAGES[names.index(args.first_stage) :]
    books = ", ".join(args.book) if args.book else "all books"
    print(f"nightly batch over {books}: {len(todo)} stages", flush=True)
    complete = False
    try:
        for name, steps in todo:
            run_stage(name, steps, SECONDS_PER_STEP / args.speed)
        complete = True
    finally:
        # Runs on a stop too: SIGTERM arrives as SystemExit under opsdash.
        print("closing connections", flush=True)
        print("batch complete" if complete else "batch interrupted", flush=True)


if __name__ == "__main__":
    main()
