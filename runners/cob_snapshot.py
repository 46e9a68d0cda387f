"""Snapshot of the sample prices at close of business: give a COB_DATE or several.

Usage: python -m runners.cob_snapshot COB_DATE

It has no parser: each argument is a date, YYYY-MM-DD.
"""

import datetime
import sys

from runners.prices import load_prices


def main(argv):
    """Print the closes of each date; exit code 2 where there is none."""
    if not argv:
        print("usage: python -m runners.cob_snapshot COB_DATE", file=sys.stderr)
        return 2
    prices = load_prices()
    for token in argv:
        try:
            day = datetime.date.fromisoformat(token)
        except ValueError:
            print(f"{token} is not a date such as 2024-03-28", file=sys.stderr)
            return 2
        if day not in next(iter(prices.values())):
            print(f"no prices on {day}: not a business day of the sample", flush=True)
            return 1
        print(f"close of business {day}", flush=True)
        for ticker, closes in prices.items():
            print(f"  {ticker:<6}{closes[day]:10.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
