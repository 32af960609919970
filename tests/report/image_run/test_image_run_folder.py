"""What a run of tasks of imagery hands on: whole, described by its manifest, and the same bytes each time."""

import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as XML

import numpy as np
import pandas as pd
import pytest
import rasterio
from image_runs import FIRST_DAY, N_DAYS, datasets, image_run, motion_layers, type_layer
from jsonschema import Draft202012Validator

from entropice.errors import RunStateError
from entropice.imagery.map_layers import MapLayer, Ramp
from entropice.io import ImageRunFolderDataset
from entropice.report.image_run.folder import ImageRunFolder, write_image_run
from entropice.report.image_run.manifest import colour_stops
from entropice.report.image_run.page import render_run
from entropice.report.image_run.qml import layer_qml

STYLES = Path(__file__).parents[2] / "qgis" / "styles"


@pytest.fixture(scope="module")
def manifest(image_folder: Path) -> dict[str, Any]:
    return json.loads((image_folder / "manifest.json").read_text(encoding="utf-8"))


def test_the_manifest_follows_its_schema_and_has_no_other_key(manifest: dict[str, Any]) -> None:
    schema = json.loads(files("entropice.report").joinpath("schemas/entropice-images-1.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(manifest)] == []
    assert set(manifest) == set(schema["properties"])
    assert manifest["seeds"] == {"random_seed": 7}


def test_every_other_file_is_listed_with_its_hash(image_folder: Path, manifest: dict[str, Any]) -> None:
    found = {
        file.relative_to(image_folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in image_folder.rglob("*")
        if file.is_file() and file.name != "manifest.json"
    }
    assert {entry["name"]: entry["sha256"] for entry in manifest["files"]} == found
    assert {layer["file"] for layer in manifest["layers"]} <= set(found)


def test_layers_are_rasters_with_a_style_beside_them(image_folder: Path, manifest: dict[str, Any]) -> None:
    first = manifest["layers"][0]
    assert (first["task"], first["begins"], first["ends"]) == ("ice_motion", "2024-03-01", "2024-03-02")
    assert first["title"] == "Plumbing check: Forecast"
    with rasterio.open(image_folder / first["file"]) as file:
        np.testing.assert_array_equal(file.read(1), datasets()["ice_motion.map_layers"][0].values)
        assert file.crs.to_epsg() == 3413
    for layer in manifest["layers"]:
        assert (image_folder / layer["file"]).with_suffix(".qml").is_file()


def _style(folder: Path, layer: str) -> XML.Element:
    return XML.fromstring((folder / "layers" / f"{layer}.qml").read_text(encoding="utf-8"))  # noqa: S314 - made above


def test_a_style_tells_colours_and_the_days_on_which_a_layer_holds(image_folder: Path) -> None:
    style = _style(image_folder, f"ice_motion_day_{N_DAYS}")
    assert style.findtext("temporal/fixedRange/start") == "2024-03-07T00:00:00Z"
    assert style.findtext("temporal/fixedRange/end") == "2024-03-07T23:59:59Z"
    renderer = style.find("pipe/rasterrenderer")
    assert renderer is not None
    assert renderer.get("type") == "singlebandpseudocolor"
    values = [float(item.get("value", "nan")) for item in renderer.iter("item")]
    np.testing.assert_allclose(values, np.linspace(0, 1, 11))
    paletted = _style(image_folder, "ice_types_types")
    assert paletted.find("temporal") is None
    entries = [(entry.get("value"), entry.get("label")) for entry in paletted.iter("paletteEntry")]
    assert entries == [("0", "open water"), ("1", "thin ice"), ("2", "thick ice"), ("3", "none of these")]


def test_stops_begin_and_end_with_the_ramp() -> None:
    stops = colour_stops(Ramp(-2.0, 3.0, "gray"))
    assert stops[0] == (-2.0, "#000000")
    assert stops[-1] == (3.0, "#ffffff")
    assert np.all(np.diff([value for value, _ in stops]) > 0)


def test_scores_are_tables_of_their_own(image_folder: Path) -> None:
    read = pd.read_csv(image_folder / "scores" / "ice_motion.csv")
    pd.testing.assert_frame_equal(read, datasets()["ice_motion.task_scores"], check_dtype=False)


def test_a_model_card_says_all_that_it_must(image_folder: Path) -> None:
    card = (image_folder / "model_cards" / "ice_motion.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", card, re.M) == [
        "What it is", "What it is for, and what not", "Data", "How it was trained", "How good it is",
        "What was published, and what this run has", "What it can't do", "Where it comes from",
    ]  # fmt: skip
    assert "| MSE at day 1 | &lt; 0.01 | 0.0041 (persistence 0.0044) |" in card
    assert "| network.architecture | convlstm |" in card
    assert "| training.losses | name mse, weight 1.0 |" in card
    assert "| training.is\\_flipped | yes |" in card
    first = datasets()["ice_motion.task_scores"].iloc[0]
    told = f"| space, 1 | {first['value']:#.3g} ({first['low_95']:#.3g} to {first['high_95']:#.3g}) |"
    assert told in card


def test_what_looks_like_markup_stays_text_in_a_model_card(tmp_path: Path) -> None:
    facts = datasets()["ice_motion.card_facts"] | {"inputs": "<b>|# x</b>\n## No heading"}
    write_image_run(ImageRunFolder(image_run(ice_motion__card_facts=facts), "<html></html>"), tmp_path)
    card = (tmp_path / "model_cards" / "ice_motion.md").read_text(encoding="utf-8")
    assert "In: &lt;b&gt;\\|\\# x&lt;/b&gt; \\#\\# No heading.\n" in card


def test_the_same_run_gives_the_same_bytes(image_folder: Path, tmp_path: Path) -> None:
    again = image_run()
    write_image_run(ImageRunFolder(again, render_run(again)), tmp_path)
    for file in image_folder.rglob("*"):
        if file.is_file():
            assert (tmp_path / file.relative_to(image_folder)).read_bytes() == file.read_bytes(), file


def test_a_run_folder_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = ImageRunFolderDataset(filepath=str(tmp_path / "run"))
    run = image_run(ice_motion__map_layers=[], ice_types__map_layers=[type_layer()])
    dataset.save(ImageRunFolder(run, "<html>1</html>"))
    before = dataset.load()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("entropice.report.image_run.folder.to_json", full)
    with pytest.raises(Exception, match="Writing failed") as refused:
        dataset.save(ImageRunFolder(run, "<html>2</html>"))
    assert isinstance(refused.value.__cause__, RunStateError)
    monkeypatch.undo()
    assert dataset.load() == before
    assert before["layers"][0]["begins"] is None
    assert FIRST_DAY.year == 2024


@pytest.mark.parametrize(("name", "layer"), [("ramp", motion_layers()[0]), ("classes", type_layer())])
def test_styles_are_those_that_are_tried_in_qgis(name: str, layer: MapLayer) -> None:
    assert layer_qml(layer) == (STYLES / f"{name}.qml").read_text(encoding="utf-8")
