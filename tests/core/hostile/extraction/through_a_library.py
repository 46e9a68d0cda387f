"""Its parser is made by another package."""

from with_parser import main as run

run()
