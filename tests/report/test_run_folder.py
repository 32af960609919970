import hashlib
import json
from pathlib import Path

import pytest

from entropice.report.run_folder import write_run_folder

KEYS = {
    "schema", "run_id", "entropice_version", "title", "purpose", "notice", "grid", "crs", "n_cells", "years",
    "year_names", "classes", "layers", "overviews", "features", "scores", "drivers", "parameters", "seeds",
    "versions", "code_sha256", "inputs", "intermediates", "files", "attributions", "rebuild_command",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(run_folder, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("run")
    write_run_folder(run_folder, path)
    return path


@pytest.fixture(scope="module")
def manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_the_manifest_has_exactly_the_agreed_keys(manifest: dict) -> None:
    assert set(manifest) == KEYS
    assert manifest["schema"] == "entropice-run/1"
    assert manifest["grid"] == {"key": "h3_3", "grid_name": "h3", "level": 3}
    assert manifest["year_names"] == {"2021": "2021", "2022": "2018–2022, pooled"}


def test_every_other_file_is_listed_with_its_hash(folder: Path, manifest: dict) -> None:
    listed = {entry["name"]: entry["sha256"] for entry in manifest["files"]}
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}
    del found["manifest.json"]
    assert listed == found


def test_layers_say_what_is_in_the_geopackage(manifest: dict, fabricated) -> None:
    top = manifest["layers"][0]
    assert top["table"] == "cells_h3_3_2022"
    assert (top["default_style"], top["n_rows"]) == ("probability", len(fabricated.cells))
    assert [layer["kind"] for layer in manifest["layers"]] == ["cells"] * 2 + ["drivers"] * 2 + ["attributes"] * 2


def test_the_limit_and_its_shares_are_among_the_scores(manifest: dict) -> None:
    rows = {(row["scheme"], row["model"], row["score"]): row for row in manifest["scores"]}
    assert rows["spatial", "espa", "auc"]["share_of_limit"] == pytest.approx(0.12 / 0.2)
    assert rows["spatial", "limit", "auc"]["share_of_limit"] == pytest.approx(1.0)
    assert rows["spatial", "espa", "ece"]["share_of_limit"] is None


def test_it_holds_no_machine_path(folder: Path) -> None:
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    assert "/somewhere/else" not in text
    assert str(folder) not in text


def test_same_content_same_bytes(run_folder, folder: Path, tmp_path: Path) -> None:
    write_run_folder(run_folder, tmp_path)
    assert {f.name: f.read_bytes() for f in tmp_path.iterdir()} == {f.name: f.read_bytes() for f in folder.iterdir()}
