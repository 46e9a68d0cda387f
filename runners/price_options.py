"""Monte Carlo price of a European option, with its standard error."""

import argparse
import datetime
import math
import random
import sys
import time

DAYS_PER_YEAR = 365.0
BATCH = 2_000
BAR_WIDTH = 30


def make_parser():
    """The arguments of this module."""
    parser = argparse.ArgumentParser(description=__doc__)
    contract = parser.add_argument_group("Contract", "What is priced.")
    contract.add_argument(
        "--spot", type=float, required=True, help="price of the underlying today"
    )
    contract.add_argument(
        "--strike", type=float, default=100.0, help="strike price (default %(default)s)"
    )
    contract.add_argument(
        "--expiry",
        type=datetime.date.fromisoformat,
        default=None,
        metavar="DATE",
        help="expiry date, YYYY-MM-DD (default: one year after the valuation date)",
    )
    contract.add_argument(
        "--valuation-date",
        type=datetime.date.fromisoformat,
        default=None,
        metavar="DATE",
        help="date of the price, YYYY-MM-DD (default: today)",
    )
    contract.add_argument("--put", action="store_true", help="a put instead of a call")

    market = parser.add_argument_group("Market")
    market.add_argument(
        "--volatility", type=float, default=0.2, help="per year, 0.2 means 20 %%"
    )
    market.add_argument(
        "--rate", type=float, default=0.02, help="risk-free, continuous, per year"
    )

    method = parser.add_argument_group("Simulation")
    method.add_argument("--paths", type=int, default=100_000, help="paths to simulate")
    method.add_argument("--steps", type=int, default=12, help="time steps per path")
    method.add_argument(
        "--method",
        choices=["euler", "milstein"],
        default="euler",
        help="scheme of the discretisation",
    )
    method.add_argument(
        "--antithetic",
        action="store_true",
        help="mirror every path, which lowers the error at the same cost",
    )
    method.add_argument("--seed", type=int, default=42, help="of the random numbers")
    return parser


def check(parser, args):
    """Refuse values that make no sense, as argparse refuses the others."""
    for name in ("spot", "strike", "volatility", "paths", "steps"):
        if getattr(args, name) <= 0:
            parser.error(f"argument --{name}: must be greater than 0")
    if args.years <= 0:
        parser.error("argument --expiry: must be after the valuation date")


def simulate(args, randoms):
    """Price of the underlying at expiry, along one path."""
    dt = args.years / args.steps
    root = math.sqrt(dt)
    sigma, price = args.volatility, args.spot
    for shock in randoms:
        move = args.rate * dt + sigma * root * shock
        if args.method == "milstein":
            move += 0.5 * sigma * sigma * dt * (shock * shock - 1.0)
        price *= 1.0 + move
    return price


def payoff(args, price):
    """What the option pays at a price of the underlying."""
    return max(args.strike - price, 0.0) if args.put else max(price - args.strike, 0.0)


def one_sample(args, source):
    """One undiscounted payoff, or the mean of two mirrored ones."""
    shocks = [source.gauss(0.0, 1.0) for _ in range(args.steps)]
    value = payoff(args, simulate(args, shocks))
    if args.antithetic:
        mirrored = payoff(args, simulate(args, [-shock for shock in shocks]))
        value = 0.5 * (value + mirrored)
    return value


def black_scholes(args):
    """The exact price, to compare with."""
    root = args.volatility * math.sqrt(args.years)
    d1 = math.log(args.spot / args.strike) / root
    d1 += (args.rate + 0.5 * args.volatility**2) * args.years / root
    sign = -1.0 if args.put else 1.0

    def normal(x):
        return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))

    discounted = args.strike * math.exp(-args.rate * args.years)
    first = args.spot * normal(sign * d1)
    return sign * (first - discounted * normal(sign * (d1 - root)))


def show_progress(done, total, started):
    """One frame of the progress bar, on stderr and over the one before."""
    share = done / total
    filled = int(share * BAR_WIDTH)
    took = time.monotonic() - started
    left = took / share - took
    bar = "█" * filled + " " * (BAR_WIDTH - filled)
    sys.stderr.write(
        f"\rpaths: {share:4.0%}|{bar}| {done}/{total} "
        f"[{took // 60:02.0f}:{took % 60:02.0f}<{left // 60:02.0f}:{left % 60:02.0f}, "
        f"{done / max(took, 1e-9):.0f}paths/s]"
    )
    sys.stderr.flush()


def run(args):
    """Simulate all paths; mean and standard error of the discounted payoff."""
    source = random.Random(args.seed)
    discount = math.exp(-args.rate * args.years)
    total = squares = 0.0
    started = time.monotonic()
    for done in range(1, args.paths + 1):
        value = discount * one_sample(args, source)
        total += value
        squares += value * value
        if done % BATCH == 0 or done == args.paths:
            show_progress(done, args.paths, started)
    sys.stderr.write("\n")
    mean = total / args.paths
    variance = max(squares / args.paths - mean * mean, 0.0)
    return mean, math.sqrt(variance / args.paths)


def main():
    """Price the option and compare it with the exact price."""
    parser = make_parser()
    args = parser.parse_args()
    start = args.valuation_date or datetime.date.today()
    expiry = args.expiry or start + datetime.timedelta(days=365)
    args.years = (expiry - start).days / DAYS_PER_YEAR
    check(parser, args)

    kind = "put" if args.put else "call"
    print(
        f"European {kind}: spot {args.spot:g}, strike {args.strike:g}, "
        f"expiry {expiry} ({args.years:.3f} years)"
    )
    print(
        f"{args.paths:,} paths of {args.steps} steps, {args.method}, seed {args.seed}"
    )
    mean, error = run(args)
    exact = black_scholes(args)
    print(f"price           {mean:12.4f}")
    print(f"standard error  {error:12.4f}")
    print(f"Black-Scholes   {exact:12.4f}")
    print(
        f"difference      {mean - exact:12.4f} ({abs(mean - exact) / error:.1f} s.e.)"
    )


if __name__ == "__main__":
    main()
