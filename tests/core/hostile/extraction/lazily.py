"""Reaches its parser through a name that is only known at run time."""

import importlib
import sys

if __name__ == "__main__":
    name = "".join(["with", "_", "parser"])
    sys.exit(importlib.import_module(name).main())
