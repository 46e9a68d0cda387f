"""Daily returns of every ticker between two dates, from the sample prices."""

import argparse
import datetime
import statistics

from runners.prices import load_prices


def main():
    """Print one line per day and the mean of each ticker."""
    parser = argparse.ArgumentParser(description=__doc__)
    date = datetime.date.fromisoformat
    parser.add_argument(
        "--start-date", type=date, required=True, help="first day, YYYY-MM-DD"
    )
    parser.add_argument(
        "--end-date", type=date, required=True, help="last day, YYYY-MM-DD"
    )
    args = parser.parse_args()
    if args.end_date < args.start_date:
        parser.error("argument --end-date: must not be before --start-date")

    prices = load_prices()
    tickers = list(prices)
    days = [d for d in prices[tickers[0]] if args.start_date <= d <= args.end_date]
    if len(days) < 2:
        parser.error("the sample prices cover 2022-01-03 to 2024-12-31: choose in it")

    print("date        " + "".join(f"{ticker:>9}" for ticker in tickers))
    returns = {ticker: [] for ticker in tickers}
    for before, day in zip(days, days[1:]):
        for ticker in tickers:
            returns[ticker].append(prices[ticker][day] / prices[ticker][before] - 1)
        row = "".join(f"{returns[ticker][-1]:9.2%}" for ticker in tickers)
        print(f"{day}  {row}", flush=True)
    means = "".join(f"{statistics.mean(returns[ticker]):9.3%}" for ticker in tickers)
    print(f"mean        {means}")


if __name__ == "__main__":
    main()
