"""Fit a straight line to noisy points and print it: the smallest example."""

import argparse
import random


def fit_line(points):
    """Slope and intercept of the least-squares line through (x, y) points."""
    count = len(points)
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    return slope, mean_y - slope * mean_x


def main():
    """Draw points around a known line and fit it again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=50, help="points to draw")
    parser.add_argument("--noise", type=float, default=0.5, help="their deviation")
    args = parser.parse_args()

    random.seed(1)
    points = [
        (x / 10, 2.0 * x / 10 + 1.0 + random.gauss(0, args.noise))
        for x in range(args.points)
    ]
    slope, intercept = fit_line(points)
    print(f"drew {len(points)} points around y = 2.000 x + 1.000")
    print(f"fitted                     y = {slope:.3f} x + {intercept:.3f}")


if __name__ == "__main__":
    main()
