"""The sample prices: synthetic daily closes of five tickers over three years.

``data/prices.csv`` is made up (a seeded random walk on weekdays); it is no market data.
"""

import csv
import datetime
import os

PRICES_FILE = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "data/prices.csv"
)


def load_prices():
    """Ticker -> {date: close}, in the order of the file."""
    with open(PRICES_FILE, newline="", encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    tickers = [name for name in rows[0] if name != "date"]
    prices = {ticker: {} for ticker in tickers}
    for row in rows:
        day = datetime.date.fromisoformat(row["date"])
        for ticker in tickers:
            prices[ticker][day] = float(row[ticker])
    return prices
