"""Has a parser in a function."""


def main():
    import argparse as ap

    parser = ap.ArgumentParser(description="Late.", fromfile_prefix_chars="@")
    parser.add_argument("rest", nargs=ap.REMAINDER)
    return parser.parse_args()
