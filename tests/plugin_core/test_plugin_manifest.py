import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from qgis_plugin.entropice.core.errors import MAX_GOT_CHARACTERS, RunFolderError
from qgis_plugin.entropice.core.layers import Layer
from qgis_plugin.entropice.core.manifest import read_manifest
from qgis_plugin.entropice.core.manifest_file import MAX_MANIFEST_BYTES
from qgis_plugin.entropice.core.scales import Categorical, Graduated, Single

JSON_SCHEMA = Path(__file__).parents[2] / "src/entropice/report/schemas/entropice-run-2.schema.json"
Write = Callable[[dict[str, Any]], Path]


def test_a_manifest_becomes_its_values(run_folder: Path):
    manifest = read_manifest(run_folder)
    assert (manifest.grid_key, manifest.grid_name) == ("h3_4", "h3")
    assert manifest.years == (2021, 2022)
    assert manifest.year_names[2022] == "summer 2022"
    assert manifest.class_names == ("none", "few", "some", "many")
    assert manifest.map_model_title == "eSPA"
    assert manifest.cells.table == "cells"
    assert [table.role for table in manifest.tables] == ["cells", *["context"] * 2, *["attributes"] * 3]
    assert manifest.feature_titles["elevation_mean_m"] == "mean elevation"
    outlines, probability, *_ = manifest.layers
    assert outlines.scale == Single(None, "#b2480a", 0.3)
    assert probability == Layer(
        name="p_any_rts_2022",
        table=manifest.cells,
        column="p_any_rts_2022",
        quantity="p_any_rts",
        year=2022,
        title="Probability of any slump",
        description="",
        unit="1",
        group="prediction",
        on_map=True,
        is_default=True,
        format="percent",
        scale=Graduated((0.0, 0.1, 0.25, 1.0), ("#fff7d1", "#fe9929", "#7f2704")),
        overview="overview_p_any_rts_2022.tif",
    )


def test_the_manifest_of_these_tests_is_one_that_the_pipeline_could_write(manifest_values: dict[str, Any]):
    Draft202012Validator(json.loads(JSON_SCHEMA.read_text(encoding="utf-8"))).validate(manifest_values)


def test_a_categorical_scale_knows_label_and_colour_of_a_value(run_folder: Path):
    (drivers,) = [layer.scale for layer in read_manifest(run_folder).layers if layer.name == "driver_1_2022"]
    assert isinstance(drivers, Categorical)
    assert drivers.labels == {"elevation_mean_m": "mean elevation"}
    assert drivers.colour_of("elevation_mean_m") == "#0072b2"
    assert drivers.colour_of("northness_mean") == "#a8a8a8"
    (states,) = [layer.scale for layer in read_manifest(run_folder).layers if layer.name == "state_2022"]
    assert isinstance(states, Categorical)
    assert states.colour_of("unheard of") is None


def test_a_grid_of_a_later_version_is_taken_as_it_is(write_run: Write, manifest_values: dict[str, Any]):
    manifest_values["grid"] = {"key": "isea_9", "grid_name": "isea", "level": 9, "aperture": 3}
    manifest = read_manifest(write_run(manifest_values))
    assert (manifest.grid_key, manifest.grid_name) == ("isea_9", "isea")


def test_a_layer_may_be_of_a_year_without_labels(write_run: Write, manifest_values: dict[str, Any]):
    layer_named(manifest_values, "entropy_2022")["year"] = 2050
    manifest = read_manifest(write_run(manifest_values))
    assert manifest.years == (2021, 2022, 2050)
    assert manifest.year_name(2050) == "2050"


def test_a_long_title_is_shortened_to_one_line(write_run: Write, manifest_values: dict[str, Any]):
    manifest_values["title"] = "long\n" * 60
    title = read_manifest(write_run(manifest_values)).title
    assert len(title) == 200
    assert title.startswith("long long ")
    assert title.endswith("…")


def test_a_number_of_thousands_of_digits_is_not_even_read(run_folder: Path):
    path = run_folder / "manifest.json"
    text = path.read_text(encoding="utf-8").replace('"n_cells": 3', '"n_cells": 3' + "0" * 2_000)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RunFolderError, match="2001 digits"):
        read_manifest(run_folder)


def test_a_document_of_something_else_is_no_run(write_run: Write):
    with pytest.raises(RunFolderError) as caught:
        read_manifest(write_run({"name": "app", "start_url": "/"}))
    assert caught.value.field == "schema"
    assert "Choose the folder" in caught.value.fix


@pytest.mark.parametrize(
    ("schema", "fix"),
    [
        ("entropice-run/1", "kedro run"),
        ("entropice-run/3", "Update the plugin"),
        ("entropice-applied/1", "Open the run whose model was applied"),
    ],
)
def test_another_schema_is_refused_with_the_fix(
    write_run: Write, manifest_values: dict[str, Any], schema: str, fix: str
):
    manifest_values["schema"] = schema
    with pytest.raises(RunFolderError) as caught:
        read_manifest(write_run(manifest_values))
    assert caught.value.field == "schema"
    assert fix in caught.value.fix


def test_a_manifest_of_schema_1_is_refused_for_its_schema_alone(write_run: Write):
    with pytest.raises(RunFolderError) as caught:
        read_manifest(write_run({"schema": "entropice-run/1", "layers": [{"table": "cells_h3_4_2021"}]}))
    assert caught.value.fix == "Make the run again: `kedro run`."


def layer_named(values: dict[str, Any], name: str) -> dict[str, Any]:
    return next(layer for layer in values["layers"] if layer["name"] == name)


def scale_of(name: str, **changes: object) -> Callable[[dict[str, Any]], None]:
    def change(values: dict[str, Any]) -> None:
        layer = layer_named(values, name)
        layer["scale"] = {**layer["scale"], **changes}

    return change


def first_category(**changes: object) -> Callable[[dict[str, Any]], None]:
    def change(values: dict[str, Any]) -> None:
        scale = layer_named(values, "state_2022")["scale"]
        scale["categories"] = [{**scale["categories"][0], **changes}, *scale["categories"][1:]]
        layer_named(values, "state_2022")["scale"] = scale

    return change


WRONG: dict[str, tuple[str, Callable[[dict[str, Any]], object]]] = {
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
    "no map model": ("map_model", lambda m: m.pop("map_model")),
    "one class": ("classes.names", lambda m: m["classes"].update(names=["none"])),
    "class twice": ("classes.names", lambda m: m["classes"].update(names=["none", "none"])),
    "class with SQL": ("classes.names", lambda m: m["classes"].update(names=["none", 'x" from y'])),
    "table with a pipe": ("tables[0].table", lambda m: m["tables"][0].update(table="cells|option:X=1")),
    "table twice": ("tables", lambda m: m["tables"][1].update(table="cells")),
    "unknown role": ("tables[0].role", lambda m: m["tables"][0].update(role="raster")),
    "points": ("tables[0].geometry", lambda m: m["tables"][0].update(geometry="Point")),
    "text of 10,001 characters": ("notice", lambda m: m.update(notice="x" * 10_001)),
    "text with an expression": ("title", lambda m: m.update(title="[% 1 + 1 %]")),
    "text with a control character": ("notice", lambda m: m.update(notice="a\x07b")),
    "text that turns its direction": ("attributions", lambda m: m.update(attributions=["a\u202eb"])),
    "text with half a character": ("title", lambda m: m.update(title="\ud83d")),
    "more entries than can be meant": ("attributions", lambda m: m.update(attributions=["x"] * 20_001)),
    "year 0": ("years", lambda m: m.update(years=[0, 2022])),
    "layer of the year 10000": ("layers[1].year", lambda m: layer_named(m, "p_any_rts_2022").update(year=10_000)),
    "rows beyond exact numbers": ("tables[0].n_rows", lambda m: m["tables"][0].update(n_rows=2**53 + 1)),
    "more colours than a legend shows": (
        "layers[1].scale.colours",
        scale_of("p_any_rts_2022", breaks=[*range(252)], colours=["#000000"] * 251),
    ),
    "more categories than a legend shows": (
        "layers[2].scale.categories",
        scale_of(
            "class_2022",
            categories=[{"value": str(i), "label": "x", "colour": "#000000"} for i in range(251)],
        ),
    ),
    "outline wider than paper": ("layers[0].scale.stroke_width_mm", scale_of("slumps", stroke_width_mm=101)),
    "no cells": ("tables", lambda m: m["tables"][0].update(n_rows=0)),
    "no table of cells": ("tables", lambda m: m["tables"][0].update(role="context")),
    "two tables of cells": ("tables", lambda m: m["tables"][1].update(role="cells")),
    "cells without numbers": ("tables", lambda m: m["tables"][0]["columns"].pop(0)),
    "cells without geometry": ("tables[0].geometry", lambda m: m["tables"][0].pop("geometry")),
    "negative rows": ("tables[0].n_rows", lambda m: m["tables"][0].update(n_rows=-1)),
    "rows as text": ("tables[0].n_rows", lambda m: m["tables"][0].update(n_rows="3")),
    "layer is a list": ("layers[0]", lambda m: m["layers"].__setitem__(0, [])),
    "layer twice": ("layers", lambda m: m["layers"].append(m["layers"][0])),
    "layer with a quote": ("layers[0].name", lambda m: m["layers"][0].update(name='"; drop')),
    "layer of another table": ("layers[1].table", lambda m: m["layers"][1].update(table="elsewhere")),
    "column that is not there": ("layers[1].column", lambda m: m["layers"][1].update(column="entropie")),
    "year as text": ("layers[1].year", lambda m: m["layers"][1].update(year="2022")),
    "on the map as text": ("layers[1].on_map", lambda m: m["layers"][1].update(on_map="yes")),
    "on the map without geometry": ("layers[0].table", lambda m: m["layers"][0].update(table="scores")),
    "on the map without scale": ("layers[1].scale", lambda m: m["layers"][1].update(scale=None)),
    "steps without values": ("layers[1].column", lambda m: m["layers"][1].update(column=None)),
    "two defaults": ("layers", lambda m: m["layers"][0].update(is_default=True)),
    "no default": ("layers", lambda m: m["layers"][1].update(is_default=False)),
    "overview not among the files": ("layers", lambda m: m["layers"][1].update(overview="other.tif")),
    "overview is a report": ("layers[1].overview", lambda m: m["layers"][1].update(overview="report.html")),
    "overview of classes": ("layers[2].scale.kind", lambda m: m["layers"][2].update(overview=m["files"][1]["name"])),
    "scale is text": ("layers[1].scale", lambda m: m["layers"][1].update(scale="reds")),
    "scale without kind": ("layers[1].scale.kind", lambda m: m["layers"][1].update(scale={})),
    "breaks that descend": ("layers[1].scale.breaks", scale_of("p_any_rts_2022", breaks=[0, 0.5, 0.4, 1])),
    "breaks that stand": ("layers[1].scale.breaks", scale_of("p_any_rts_2022", breaks=[0, 0.5, 0.5, 1])),
    "too few breaks": ("layers[1].scale.breaks", scale_of("p_any_rts_2022", breaks=[0, 0.5, 1])),
    "no step": ("layers[1].scale.breaks", scale_of("p_any_rts_2022", breaks=[0], colours=[])),
    "a break beyond all floats": ("layers[1].scale.breaks", scale_of("p_any_rts_2022", breaks=[0, 1, 2, 10**400])),
    "a break is text": ("layers[1].scale.breaks", scale_of("p_any_rts_2022", breaks=[0, "0.5", 1, 2])),
    "colour by name": ("layers[1].scale.colours", scale_of("p_any_rts_2022", colours=["red", "#000000", "#ffffff"])),
    "colour with transparency": ("layers[1].scale.colours", scale_of("p_any_rts_2022", colours=["#00000000"] * 3)),
    "category without label": ("layers[9].scale.categories[0].label", first_category(label=None)),
    "category with a colour in capitals": ("layers[9].scale.categories[0].colour", first_category(colour="#B2480A")),
    "category twice": ("layers[9].scale.categories", first_category(value="unobserved")),
    "others alone": ("layers[12].scale.categories", scale_of("driver_1_2022", categories=[])),
    "others without colour": ("layers[12].scale.other.colour", scale_of("driver_1_2022", other={"label": "other"})),
    "stroke of negative width": ("layers[0].scale.stroke_width_mm", scale_of("slumps", stroke_width_mm=-1)),
    "stroke is an image": ("layers[0].scale.stroke", scale_of("slumps", stroke="url(http://example.org)")),
    "feature without title": ("features[0].long_name", lambda m: m["features"][0].pop("long_name")),
    "no geopackage": ("files", lambda m: m["files"].pop(0)),
    "file twice": ("files", lambda m: m["files"].append(m["files"][0])),
    "hash too short": ("files[0].sha256", lambda m: m["files"][0].update(sha256="abc")),
    "hash in capitals": ("files[0].sha256", lambda m: m["files"][0].update(sha256="A" * 64)),
    "negative size": ("files[0].bytes", lambda m: m["files"][0].update(bytes=-1)),
    "attribution is a number": ("attributions", lambda m: m.update(attributions=[1])),
}  # fmt: skip


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


def test_what_readers_must_see_is_collected(write_run: Write, manifest_values: dict[str, Any]):
    manifest_values["notice"] = "A check of plumbing."
    manifest_values["beaten"] = {"statement": "The model of the map is beaten."}
    manifest_values["leaks"].update(
        statement="2 signs of leaks were looked for, 1 found.", findings=[{"kind": "a leak"}]
    )
    assert read_manifest(write_run(manifest_values)).notices == (
        "A check of plumbing.",
        "The model of the map is beaten.",
        "Leak alarm: 2 signs of leaks were looked for, 1 found.",
    )


def test_a_run_without_findings_or_of_an_earlier_version_has_nothing_to_say(
    write_run: Write, manifest_values: dict[str, Any], tmp_path: Path
):
    assert read_manifest(write_run(manifest_values)).notices == ()
    del manifest_values["leaks"]
    (tmp_path / "run" / "manifest.json").write_text(json.dumps(manifest_values), encoding="utf-8")
    assert read_manifest(tmp_path / "run").notices == ()
