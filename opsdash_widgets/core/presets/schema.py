"""The JSON Schema of a preset, made from the record.

``core/schemas/preset/v1.json`` holds it; a test says when the two differ. To write it
again: ``python -m opsdash_widgets.core.presets.schema``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from ..model import Preset

SCHEMA_FILE = Path(__file__).parent.parent / "schemas" / "preset" / "v1.json"
_ID = "urn:opsdash-widgets:schema:preset:1"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def preset_schema() -> dict[str, Any]:
    """The schema, with a Preset at its root."""
    (root,), parts = msgspec.json.schema_components(
        (Preset,), ref_template="#/$defs/{name}"
    )
    return {
        "$schema": _DIALECT,
        "$id": _ID,
        "title": "The values that are kept for one module under a name (Preset)",
        **root,
        "$defs": dict(sorted(parts.items())),
    }


def schema_text() -> str:
    """The schema as the file holds it."""
    return json.dumps(preset_schema(), indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
