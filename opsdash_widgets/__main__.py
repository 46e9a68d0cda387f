"""``python -m opsdash_widgets`` is the ``opsdash`` command."""

from __future__ import annotations

import sys

from opsdash_widgets.cli import main

if __name__ == "__main__":
    sys.exit(main())
