"""Choices from a generator, from a huge range, of numbers and of texts."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="choices_from")
    parser.add_argument("--step", type=int, choices=range(1_000_000))
    parser.add_argument("--half", type=float, choices=[0.5, 1, 1.5])
    parser.add_argument("--low", type=str.lower, choices=["a", "b", "-x"])
    parser.add_argument("--one", choices={"only": 1})
    parser.add_argument("--more", choices=["", " ", "-v", "--", "x y"], nargs="*")
    parser.add_argument("which", nargs="?", choices=("all", "none"), default="all")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
