"""The JSON schema of a run's manifest, as it is shipped."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from entropice.run_folders import SCHEMA


@cache
def manifest_schema() -> dict[str, Any]:
    """The JSON schema (draft 2020-12) that manifests of runs of cells follow; do not change what is returned."""
    name = f"schemas/{SCHEMA.replace('/', '-')}.schema.json"
    schema: dict[str, Any] = json.loads(files("entropice.report").joinpath(name).read_text(encoding="utf-8"))
    return schema
