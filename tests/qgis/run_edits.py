"""Changes to a copied run folder."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from osgeo import gdal

gdal.UseExceptions()


def edit_manifest(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def give_layer(manifest: dict[str, Any], name: str, **values: object) -> None:
    """Change values of one layer."""
    (layer,) = [layer for layer in manifest["layers"] if layer["name"] == name]
    layer.update(values)


def describe_again(folder: Path) -> None:
    """Make sizes and hashes of the manifest right again after a file was changed."""

    def change(manifest: dict[str, Any]) -> None:
        for entry in manifest["files"]:
            content = (folder / entry["name"]).read_bytes()
            entry.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())

    edit_manifest(folder, change)


def alter_geopackage(folder: Path, statement: str) -> None:
    dataset = gdal.OpenEx(str(folder / "run.gpkg"), gdal.OF_VECTOR | gdal.OF_UPDATE)
    dataset.ExecuteSQL(statement)
    del dataset  # closes the file
    describe_again(folder)
