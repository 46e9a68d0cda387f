from __future__ import annotations

import json

from opsdash_widgets.core.discovery.schema import SCHEMA_FILE, schema_text


def test_the_schema_file_is_the_one_that_the_records_make() -> None:
    assert SCHEMA_FILE.read_text() == schema_text()


def test_the_schema_has_an_id_and_describes_the_values_file_too() -> None:
    schema = json.loads(SCHEMA_FILE.read_text())
    assert schema["$id"].endswith(":module:1")
    values = schema["$defs"]["FormValues"]["properties"]
    assert set(values) == {"values", "command", "name"}
