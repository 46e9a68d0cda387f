"""Backtest a momentum or mean-reversion strategy over the sample prices."""

import argparse
import datetime
import math
import statistics

from runners.prices import load_prices

TRADING_DAYS = 252


def make_parser():
    """The arguments of this module."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="The prices are synthetic sample data: no result means anything.",
    )
    strategy = parser.add_argument_group("Strategy")
    strategy.add_argument(
        "--strategy",
        choices=["momentum", "mean-reversion"],
        default="momentum",
        help="follow the past return, or bet against it",
    )
    strategy.add_argument(
        "--lookback", type=int, default=60, metavar="DAYS", help="days to look back"
    )
    strategy.add_argument(
        "--holding", type=int, default=5, metavar="DAYS", help="days between trades"
    )
    strategy.add_argument(
        "--max-weight",
        type=float,
        default=0.5,
        help="largest share of the capital in one ticker, 0 to 1",
    )

    data = parser.add_argument_group("Data")
    data.add_argument(
        "--tickers",
        nargs="+",
        default=None,
        metavar="TICKER",
        help="tickers to trade (default: all)",
    )
    date = datetime.date.fromisoformat
    data.add_argument(
        "--start-date", type=date, default=date("2022-01-03"), help="YYYY-MM-DD"
    )
    data.add_argument(
        "--end-date", type=date, default=date("2024-12-31"), help="YYYY-MM-DD"
    )

    costs = parser.add_argument_group("Costs")
    costs.add_argument(
        "--cost-bps", type=float, default=5.0, help="per trade, in basis points"
    )
    costs.add_argument(
        "--capital", type=float, default=1_000_000.0, help="at the start, in EUR"
    )
    parser.add_argument(
        "--no-monthly",
        dest="monthly",
        action="store_false",
        help="leave out the line per month",
    )
    return parser


def target_weights(args, prices, days, today):
    """Ticker -> share of the capital, long the best (or worst) half."""
    start, end = days[today - args.lookback], days[today]
    score = {t: prices[t][end] / prices[t][start] - 1 for t in prices}
    if args.strategy == "mean-reversion":
        score = {ticker: -value for ticker, value in score.items()}
    ranked = sorted(score, key=score.get, reverse=True)
    chosen = ranked[: max(1, len(ranked) // 2)]
    share = min(args.max_weight, 1.0 / len(chosen))
    return dict.fromkeys(chosen, share)


def run(args, prices, days):
    """The capital at the end of each day, and what the trades cost."""
    capital, paid, weights = args.capital, 0.0, {}
    curve = []
    for today in range(args.lookback, len(days)):
        if weights:
            before, day = days[today - 1], days[today]
            moves = {t: prices[t][day] / prices[t][before] - 1 for t in weights}
            capital *= 1 + sum(weights[t] * moves[t] for t in weights)
        if (today - args.lookback) % args.holding == 0:
            wanted = target_weights(args, prices, days, today)
            traded = sum(abs(wanted.get(t, 0.0) - weights.get(t, 0.0)) for t in prices)
            cost = capital * traded * args.cost_bps / 10_000
            capital, paid, weights = capital - cost, paid + cost, wanted
        curve.append((days[today], capital))
        next_day = days[today + 1] if today + 1 < len(days) else None
        if args.monthly and (next_day is None or next_day.month != days[today].month):
            held = ", ".join(sorted(weights))
            print(f"{days[today]:%Y-%m}  {capital:14,.0f}  holding {held}", flush=True)
    return curve, paid


def report(args, curve, paid):
    """Print return, risk and costs."""
    values = [value for _, value in curve]
    daily = [after / before - 1 for before, after in zip(values, values[1:])]
    years = len(daily) / TRADING_DAYS
    growth = (values[-1] / args.capital) ** (1 / years) - 1
    risk = statistics.stdev(daily) * math.sqrt(TRADING_DAYS)
    peak = drawdown = 0.0
    for value in values:
        peak = max(peak, value)
        drawdown = max(drawdown, 1 - value / peak)
    print()
    print(f"final capital   {values[-1]:14,.0f} EUR")
    print(f"return          {growth:14.2%} per year")
    print(f"volatility      {risk:14.2%} per year")
    print(f"Sharpe ratio    {growth / risk:14.2f}")
    print(f"max. drawdown   {drawdown:14.2%}")
    print(f"costs           {paid:14,.0f} EUR")


def main():
    """Run the backtest and print its result."""
    parser = make_parser()
    args = parser.parse_args()
    prices = load_prices()
    unknown = set(args.tickers or ()) - set(prices)
    if unknown:
        known = ", ".join(prices)
        parser.error(f"argument --tickers: {', '.join(unknown)} not among {known}")
    if args.tickers:
        prices = {ticker: prices[ticker] for ticker in args.tickers}
    days = [
        day
        for day in next(iter(prices.values()))
        if args.start_date <= day <= args.end_date
    ]
    if len(days) < args.lookback + 20:
        parser.error("argument --lookback: longer than the days between the dates")

    print(f"{args.strategy} over {', '.join(prices)}: {days[0]} to {days[-1]}")
    curve, paid = run(args, prices, days)
    report(args, curve, paid)


if __name__ == "__main__":
    main()
