"""Run this folder by its path, in any interpreter."""

from __future__ import annotations

import os
import sys

_PARENT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

if __name__ == "__main__":
    sys.path[0] = _PARENT
    from own_parser.talk import main

    del sys.path[0]
    main()
