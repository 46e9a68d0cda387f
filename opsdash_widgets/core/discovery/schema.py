"""The JSON Schema of a ModuleSpec and of a form's values, made from the records.

``core/schemas/module/v1.json`` holds it; a test says when the two differ. To write it
again: ``python -m opsdash_widgets.core.discovery.schema``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from ..model import FormValues, ModuleSpec

SCHEMA_FILE = Path(__file__).parent.parent / "schemas" / "module" / "v1.json"
_ID = "urn:opsdash-widgets:schema:module:1"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def module_schema() -> dict[str, Any]:
    """The schema: a ModuleSpec at its root, the values file under ``$defs``."""
    (root, _), parts = msgspec.json.schema_components(
        (ModuleSpec, FormValues), ref_template="#/$defs/{name}"
    )
    return {
        "$schema": _DIALECT,
        "$id": _ID,
        "title": "What a module takes (ModuleSpec) and its form's values (FormValues)",
        **root,
        "$defs": dict(sorted(parts.items())),
    }


def schema_text() -> str:
    """The schema as the file holds it."""
    return json.dumps(module_schema(), indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
