"""A jsonargparse command line: nested names, type hints, subcommands."""

import pathlib
from typing import List, Optional

from jsonargparse import ActionConfigFile, ArgumentParser

parser = ArgumentParser(description="Hinted.", env_prefix="HINTED")
parser.add_argument("--settings", action=ActionConfigFile)
parser.add_argument("--model.paths", type=int, default=2, help="nested")
parser.add_argument("--model.name", type=Optional[str])
parser.add_argument("--days", type=List[str])
one = ArgumentParser()
one.add_argument("--rate", type=float, default=1.5)
one.add_argument("place", type=str)
commands = parser.add_subcommands(required=True)
commands.add_subcommand("one", one, help="the one")

if __name__ == "__main__":
    parser.parse_args()
    pathlib.Path("worked").touch()
