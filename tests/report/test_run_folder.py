import hashlib
import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from entropice.pipelines.sources.declaration import SYNTHETIC
from entropice.report.run_folder import write_run_folder


@pytest.fixture(scope="module")
def folder(run_folder, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("run")
    write_run_folder(run_folder, path)
    return path


@pytest.fixture(scope="module")
def manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def schema() -> dict:
    return json.loads(files("entropice.report").joinpath("schemas/entropice-run-2.schema.json").read_text("utf-8"))


def test_the_manifest_follows_its_schema_and_has_no_other_key(manifest: dict, schema: dict) -> None:
    Draft202012Validator.check_schema(schema)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(manifest)] == []
    assert set(manifest) == set(schema["properties"]) - {"tasks"}
    assert manifest["schema"] == "entropice-run/2"
    assert manifest["grid"] == {"key": "h3_3", "grid_name": "h3", "level": 3}
    assert manifest["year_names"] == {"2021": "2021", "2022": "2018–2022, pooled"}


def test_a_run_of_a_model_that_explains_nothing_follows_the_schema(
    make_run_folder, fabricated, schema: dict, tmp_path: Path
) -> None:
    plain = make_run_folder(
        with_limit=False,
        **{name: getattr(fabricated, name).head(0) for name in ("drivers", "cell_drivers", "responses", "boxes")},
    )
    write_run_folder(plain, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(manifest)] == []
    assert manifest["drivers"] == []
    tables = {table["table"]: table["n_rows"] for table in manifest["tables"]}
    assert tables["responses"] == 0
    assert not {"boxes", "box_values"} & tables.keys()
    assert "Not shown: this run has no feature importances. The model behind the map, eSPA, gives none." in (
        tmp_path / "report.html"
    ).read_text(encoding="utf-8")


def test_every_other_file_is_listed_with_its_hash(folder: Path, manifest: dict) -> None:
    listed = {entry["name"]: entry["sha256"] for entry in manifest["files"]}
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}
    del found["manifest.json"]
    assert listed == found


def test_layers_name_tables_columns_and_overviews_that_exist(folder: Path, manifest: dict) -> None:
    columns = {table["table"]: {column["name"] for column in table["columns"]} for table in manifest["tables"]}
    for layer in manifest["layers"]:
        assert layer["column"] is None or layer["column"] in columns[layer["table"]]
        assert layer["table"] in columns
        assert layer["overview"] is None or (folder / layer["overview"]).is_file()
        if layer["scale"] is not None and layer["scale"]["kind"] == "graduated":
            assert len(layer["scale"]["breaks"]) == len(layer["scale"]["colours"]) + 1
    assert {overview["layer"] for overview in manifest["overviews"]} == {
        layer["name"] for layer in manifest["layers"] if layer["overview"]
    }


def test_models_schemes_and_scores_come_in_the_readers_order(manifest: dict) -> None:
    assert [(model["name"], model["is_reference"]) for model in manifest["models"]] == [
        ("espa", False), ("logistic", False), ("knn_coordinates", False), ("prevalence", True), ("bayes_limit", True),
    ]  # fmt: skip
    assert [scheme["name"] for scheme in manifest["schemes"]] == ["spatial", "random"]
    assert [(score["name"], score["bigger_is_better"]) for score in manifest["score_names"]] == [
        ("log_skill", True), ("rpss", True), ("auc", True), ("brier_skill", True), ("ece", False),
    ]  # fmt: skip
    assert manifest["map_model"] == {"name": "espa", "title": "eSPA", "chosen": None}


def test_the_limit_and_its_shares_are_among_the_scores(manifest: dict) -> None:
    rows = {(row["scheme"], row["model"], row["score"]): row for row in manifest["scores"]}
    assert rows["spatial", "espa", "auc"]["share_of_limit"] == pytest.approx(0.12 / 0.2)
    assert rows["spatial", "bayes_limit", "auc"]["share_of_limit"] == pytest.approx(1.0)
    assert rows["spatial", "espa", "ece"]["share_of_limit"] is None


def test_it_says_what_the_environment_is_made_of(manifest: dict) -> None:
    assert manifest["composition"]["features"] == ["era5_monthly"]
    assert manifest["attributions"] == [SYNTHETIC.attribution, "A source, 2020, CC BY 4.0."]


def test_it_holds_no_machine_path(folder: Path) -> None:
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    assert str(folder) not in text


def test_same_content_same_bytes(run_folder, folder: Path, tmp_path: Path) -> None:
    write_run_folder(run_folder, tmp_path)
    assert {f.name: f.read_bytes() for f in tmp_path.iterdir()} == {f.name: f.read_bytes() for f in folder.iterdir()}
