import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qgis_plugin.entropice.core.errors import MAX_GOT_CHARACTERS, RunFolderError
from qgis_plugin.entropice.core.manifest import read_manifest
from qgis_plugin.entropice.core.manifest_file import MAX_MANIFEST_BYTES

Write = Callable[[dict[str, Any]], Path]


def test_a_manifest_becomes_its_values(run_folder: Path):
    manifest = read_manifest(run_folder)
    assert manifest.grid_key == "h3_4"
    assert manifest.years == (2021, 2022)
    assert manifest.year_names[2022] == "summer 2022"
    assert manifest.class_names == ("none", "few", "some", "many")
    assert [table.kind for table in manifest.tables] == ["cells", "cells", "drivers", "drivers", "attributes"]
    assert manifest.tables[-1].year is None
    assert manifest.feature_titles["elevation_mean_m"] == "mean elevation"


WRONG: dict[str, tuple[str, Callable[[dict[str, Any]], object]]] = {
    "newer schema": ("schema", lambda m: m.update(schema="entropice-run/2")),
    "no schema": ("schema", lambda m: m.pop("schema")),
    "number as run id": ("run_id", lambda m: m.update(run_id=7)),
    "run id with a quote": ("run_id", lambda m: m.update(run_id="' or 1=1 --")),
    "other CRS": ("crs", lambda m: m.update(crs="EPSG:4326")),
    "unknown purpose": ("purpose", lambda m: m.update(purpose="sales")),
    "no years": ("years", lambda m: m.update(years=[])),
    "years descending": ("years", lambda m: m.update(years=[2022, 2021])),
    "year as truth value": ("years", lambda m: m.update(years=[True, 2022])),
    "year without name": ("year_names.2021", lambda m: m["year_names"].pop("2021")),
    "grid is text": ("grid", lambda m: m.update(grid="h3_4")),
    "grid key is a path": ("grid.key", lambda m: m["grid"].update(key="../h3_4")),
    "one class": ("classes.names", lambda m: m["classes"].update(names=["none"])),
    "class twice": ("classes.names", lambda m: m["classes"].update(names=["none", "none"])),
    "class with SQL": ("classes.names", lambda m: m["classes"].update(names=["none", 'x" from y'])),
    "table with a pipe": ("layers[0].table", lambda m: m["layers"][0].update(table="cells|option:X=1")),
    "table twice": ("layers", lambda m: m["layers"][1].update(table="cells_h3_4_2021")),
    "unknown kind": ("layers[0].kind", lambda m: m["layers"][0].update(kind="raster")),
    "year the run does not have": ("layers[0].year", lambda m: m["layers"][0].update(year=1999)),
    "attributes with a year": ("layers[4].year", lambda m: m["layers"][4].update(year=2021)),
    "year without cells": ("layers", lambda m: m["layers"].pop(0)),
    "cells without probability": ("layers[0].styles", lambda m: m["layers"][0].update(styles=["class"])),
    "negative rows": ("layers[0].n_rows", lambda m: m["layers"][0].update(n_rows=-1)),
    "rows as text": ("layers[0].n_rows", lambda m: m["layers"][0].update(n_rows="3")),
    "layer is a list": ("layers[0]", lambda m: m["layers"].__setitem__(0, [])),
    "overview not among the files": ("overviews[0].file", lambda m: m["overviews"][0].update(file="other.tif")),
    "overview is a report": ("overviews[0].file", lambda m: m["overviews"][0].update(file="report.html")),
    "feature without title": ("features[0].long_name", lambda m: m["features"][0].pop("long_name")),
    "no geopackage": ("files", lambda m: m["files"].pop(0)),
    "file twice": ("files", lambda m: m["files"].append(m["files"][0])),
    "hash too short": ("files[0].sha256", lambda m: m["files"][0].update(sha256="abc")),
    "hash in capitals": ("files[0].sha256", lambda m: m["files"][0].update(sha256="A" * 64)),
    "negative size": ("files[0].bytes", lambda m: m["files"][0].update(bytes=-1)),
    "attribution is a number": ("attributions", lambda m: m.update(attributions=[1])),
}


@pytest.mark.parametrize(("field", "change"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_value_is_named(
    write_run: Write, manifest_values: dict[str, Any], field: str, change: Callable[[dict[str, Any]], object]
):
    change(manifest_values)
    folder = write_run(manifest_values)
    with pytest.raises(RunFolderError) as caught:
        read_manifest(folder)
    assert caught.value.field == field
    assert caught.value.path == (folder / "manifest.json").resolve()
    assert caught.value.expected
    assert caught.value.fix in str(caught.value)


CONTENTS = {
    "empty": b"",
    "not JSON": b"{",
    "not UTF-8": b'{"schema": "\xff"}',
    "a list": b"[]",
    "NaN": b'{"schema": NaN}',
    "infinity": b'{"schema": -Infinity}',
    "the same key twice": b'{"schema": 1, "schema": 2}',
    "deep": b'{"a": ' + b"[" * 20 + b"]" * 20 + b"}",
    "very deep": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "huge": b'{"a": "' + b"x" * MAX_MANIFEST_BYTES + b'"}',
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_an_unreadable_manifest_is_refused_shortly(tmp_path: Path, content: bytes):
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(RunFolderError, match="cannot be read") as caught:
        read_manifest(tmp_path)
    assert len(caught.value.got or "") <= MAX_GOT_CHARACTERS


def test_a_folder_without_manifest_is_not_a_run(tmp_path: Path):
    with pytest.raises(RunFolderError, match="not an Entropice run"):
        read_manifest(tmp_path / "nowhere")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_manifest_gives_a_manifest_or_our_error(run_folder: Path, data: st.DataObject):
    content = bytearray(json.dumps(json.loads((run_folder / "manifest.json").read_text())).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, 2 * len(content)))]
    damaged = run_folder / "damaged"
    damaged.mkdir(exist_ok=True)
    (damaged / "manifest.json").write_bytes(content)
    with suppress(RunFolderError):
        read_manifest(damaged)
