"""Value at risk of a small book; fails on the intraday curves, which lack EURUSD."""

import argparse
import random
import statistics
import time

POSITIONS = {"EURUSD": 2_000_000, "GBPUSD": -750_000, "USDJPY": 1_200_000}
VOLATILITY = {"EURUSD": 0.0052, "GBPUSD": 0.0061, "USDJPY": 0.0058}
CURVE_SETS = {
    "eod": {"EURUSD": 1.0832, "GBPUSD": 1.2651, "USDJPY": 149.8},
    "intraday": {"GBPUSD": 1.2648, "USDJPY": 149.7},
}
BATCHES = 10


def make_parser():
    """The arguments of this module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--curve-set",
        choices=sorted(CURVE_SETS),
        default="eod",
        help="rates to value with",
    )
    parser.add_argument(
        "--confidence", type=float, default=0.99, help="between 0 and 1"
    )
    parser.add_argument(
        "--horizon", type=int, default=1, metavar="DAYS", help="in days"
    )
    parser.add_argument(
        "--scenarios", type=int, default=20_000, help="scenarios to draw"
    )
    return parser


def load_curves(curve_set):
    """Rate of every currency pair of the book."""
    rates = CURVE_SETS[curve_set]
    return {pair: rates[pair] for pair in POSITIONS}


def draw_losses(args):
    """Losses of the book in the base currency, one per scenario."""
    source = random.Random(7)
    losses = []
    for _ in range(BATCHES):
        losses.extend(
            -sum(
                amount * source.gauss(0, VOLATILITY[pair]) * args.horizon**0.5
                for pair, amount in POSITIONS.items()
            )
            for _ in range(args.scenarios // BATCHES)
        )
        print(f"scenarios {len(losses):,} of {args.scenarios:,}", flush=True)
        time.sleep(0.05)
    return losses


def main():
    """Load the curves, draw the scenarios, print the report."""
    parser = make_parser()
    args = parser.parse_args()
    if not 0 < args.confidence < 1:
        parser.error("argument --confidence: must lie between 0 and 1")
    print(f"loading the {args.curve_set} curves", flush=True)
    curves = load_curves(args.curve_set)
    for pair, rate in curves.items():
        print(f"{pair} {rate:10.4f}  position {POSITIONS[pair]:>12,}", flush=True)
    losses = sorted(draw_losses(args))
    var = losses[min(int(args.confidence * len(losses)), len(losses) - 1)]
    tail = [loss for loss in losses if loss >= var]
    print(f"value at risk, {args.confidence:.1%}, {args.horizon} d: {var:12,.0f} USD")
    print(f"expected shortfall:          {statistics.mean(tail):12,.0f} USD")


if __name__ == "__main__":
    main()
