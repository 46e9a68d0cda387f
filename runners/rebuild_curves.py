"""Rebuild the yield curves of a period: load quotes, bootstrap, publish."""

import argparse
import datetime
import math
import time

TENORS = (1, 2, 3, 5, 7, 10, 15, 20, 30)
CURRENCIES = ("EUR", "USD", "GBP")
SECONDS_PER_CURVE = 0.02


def make_parser():
    """The arguments of this module."""
    parser = argparse.ArgumentParser(description=__doc__)
    date = datetime.date.fromisoformat
    parser.add_argument(
        "--start-date", type=date, required=True, help="first day, YYYY-MM-DD"
    )
    parser.add_argument(
        "--end-date", type=date, required=True, help="last day, YYYY-MM-DD"
    )
    parser.add_argument(
        "--operation-type",
        choices=["full", "incremental", "validate"],
        default="incremental",
        help="full: every tenor; incremental: the short end; validate: check only",
    )
    return parser


def business_days(start, end):
    """Every weekday from start to end."""
    days = [start + datetime.timedelta(days=n) for n in range((end - start).days + 1)]
    return [day for day in days if day.weekday() < 5]


def par_rates(currency, day, tenors):
    """Made-up par swap rates: a smooth curve that moves slowly with the date."""
    base = {"EUR": 0.022, "USD": 0.039, "GBP": 0.035}[currency]
    level = base + 0.004 * math.sin(day.toordinal() / 60)
    return [level + 0.008 * (1 - math.exp(-tenor / 6)) for tenor in tenors]


def bootstrap(rates, tenors):
    """Discount factors from par rates, one payment a year."""
    factors, annuity, paid = [], 0.0, 0
    for rate, tenor in zip(rates, tenors):
        for _ in range(paid, tenor - 1):
            annuity += factors[-1] if factors else 1 / (1 + rate)
        factor = (1 - rate * annuity) / (1 + rate)
        factors.append(factor)
        annuity, paid = annuity + factor, tenor
    return factors


def main():
    """Rebuild every curve of every business day."""
    parser = make_parser()
    args = parser.parse_args()
    days = business_days(args.start_date, args.end_date)
    if not days:
        parser.error("argument --end-date: no business day between the two dates")
    tenors = TENORS[:4] if args.operation_type == "incremental" else TENORS

    print(f"{args.operation_type}: {len(days)} days, {len(CURRENCIES)} curves a day")
    built = 0
    for day in days:
        for currency in CURRENCIES:
            factors = bootstrap(par_rates(currency, day, tenors), tenors)
            falling = all(a > b for a, b in zip(factors, factors[1:]))
            if not falling:
                raise ValueError(f"{currency} {day}: discount factors do not fall")
            time.sleep(SECONDS_PER_CURVE)
            built += 1
            print(f"{day} {currency} {tenors[-1]:>2}y {factors[-1]:.6f}", flush=True)
    verb = "checked" if args.operation_type == "validate" else "published"
    print(f"{built} curves {verb}")


if __name__ == "__main__":
    main()
