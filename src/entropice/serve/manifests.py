"""Manifests of finished runs that follow their schema, so that nobody who reads them need doubt them."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema

from entropice.run_folders import IMAGES, MANIFEST, SCHEMA, not_usable, read_any_manifest


def described_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run of cells or of images.

    It is ``manifest.json`` in `folder`; `schema` is one of ``entropice-run/2`` and ``entropice-images/1``, and is
    followed in full. Files that it lists are not looked at.

    Raises
    ------
    InputFileError
        There is none, it can't be read, or it does not follow the schema that it names.
    """
    manifest, path = read_any_manifest(folder), folder / MANIFEST
    schema = str(manifest.get("schema"))
    if schema not in (SCHEMA, IMAGES):
        raise not_usable(path, "schema", schema, f"{SCHEMA} or {IMAGES}")
    error = next(_validator(schema).iter_errors(manifest), None)
    if error is not None:
        field = error.json_path.removeprefix("$.")
        raise not_usable(path, field, error.message, f"what the schema says: {error.validator}")
    return manifest


@cache
def _validator(schema: str) -> "jsonschema.Draft202012Validator":
    name = f"schemas/{schema.replace('/', '-')}.schema.json"
    document = json.loads(files("entropice.report").joinpath(name).read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(document)
