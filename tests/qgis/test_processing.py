import csv
import json
from pathlib import Path

import pytest
from entropice.adapter.provider import EntropiceProvider
from entropice.core.run_folder import Run
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
)


def test_qgis_process_turns_a_run_into_a_project(process, run: Run, project: QgsProject, tmp_path: Path):
    target = tmp_path / "map.qgz"
    finished = process("--json", "run", "entropice:openrun", f"--FOLDER={run.folder}", f"--PROJECT={target}")
    assert finished.returncode == 0, finished.stderr
    n_layers = json.loads(finished.stdout)["results"]["N_LAYERS"]
    assert project.read(str(target))
    assert len(project.mapLayers()) == n_layers
    assert all(layer.isValid() for layer in project.mapLayers().values())
    assert project.crs().authid() == "EPSG:3413"


def test_qgis_process_fails_with_the_message(process, copied_run: Path):
    (copied_run / "run.gpkg").unlink()
    finished = process("run", "entropice:openrun", f"--FOLDER={copied_run}")
    assert finished.returncode == 1
    assert "A file of the run is missing." in finished.stdout + finished.stderr
    assert "Traceback" not in finished.stdout + finished.stderr


def test_algorithm_adds_the_layers_to_the_current_project(run: Run, project: QgsProject):
    provider = EntropiceProvider()
    provider.loadAlgorithms()
    context = QgsProcessingContext()
    context.setProject(project)
    algorithm = provider.algorithm("openrun")
    results, is_done = algorithm.run({"FOLDER": str(run.folder)}, context, QgsProcessingFeedback())
    assert is_done
    assert len(project.mapLayers()) == results["N_LAYERS"]
    with pytest.raises(QgsProcessingException, match="not an Entropice run"):
        algorithm.run({"FOLDER": "/"}, context, QgsProcessingFeedback(), {}, False)


def test_audit_sample_is_a_layer_whose_answers_stand_in_its_sheet(run: Run, project: QgsProject, tmp_path: Path):
    provider = EntropiceProvider()
    provider.loadAlgorithms()
    algorithm = provider.algorithm("drawauditsample")
    context = QgsProcessingContext()
    context.setProject(project)
    sheet = tmp_path / "sample.csv"
    order = {"FOLDER": str(run.folder), "N_CELLS": 40, "SEED": 1, "SHEET": str(sheet)}
    assert algorithm.run(order, context, QgsProcessingFeedback())[1]
    (layer,) = project.mapLayers().values()
    assert (layer.featureCount(), layer.isSpatial(), layer.crs().authid()) == (40, True, "EPSG:4326")
    before = list(csv.DictReader(sheet.read_text(encoding="utf-8").splitlines()))

    assert layer.startEditing()
    for feature in layer.getFeatures():
        layer.changeAttributeValue(feature.id(), layer.fields().indexOf("observed"), "1")
    assert layer.commitChanges(), layer.commitErrors()

    after = list(csv.DictReader(sheet.read_text(encoding="utf-8").splitlines()))
    assert [row["observed"] for row in after] == ["1"] * 40
    for old, new in zip(before, after, strict=True):
        assert (old["map"], old["cell"]) == (new["map"], new["cell"])
        assert float(old["p_any"]) == float(new["p_any"])
    with pytest.raises(QgsProcessingException, match="nothing was changed"):
        algorithm.run(order, context, QgsProcessingFeedback(), {}, False)
    with pytest.raises(QgsProcessingException, match="this year"):
        algorithm.run(order | {"YEAR": 1999}, context, QgsProcessingFeedback(), {}, False)
