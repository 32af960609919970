"""Kedro-Viz, which runs no hooks, shows each environment's own pipelines in layers, with descriptions and previews."""

import base64
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from entropice.report.charts import CHARTS

OBSERVED = ["ice_observed", "modification_observed", "lakes_observed"]
ENVIRONMENTS = [
    "base",
    "sample",
    "test",
    "arctic",
    "cluster",
    "slump_imagery",
    "sea_ice",
    "human_modification",
    "years_to_come",
    *OBSERVED,
]
RETURNING = "slump_imagery"
"""What its networks find returns as raw labels that its models learn from, so that its layers have no order."""
LAYERS = ["raw", "intermediate", "primary", "feature", "model_input", "models", "model_output", "reporting"]

SAVE_WHAT_IS_SHOWN = """
import sys
from pathlib import Path
import fsspec
from kedro_viz.api.rest.responses.save_responses import save_api_responses_to_fs
from kedro_viz.data_access import data_access_manager
from kedro_viz.server import load_and_populate_data
target, with_previews, *environments = sys.argv[1:]
for environment in environments:
    data_access_manager.reset_fields()
    load_and_populate_data(Path.cwd(), env=environment)
    save_api_responses_to_fs(f"{target}/{environment}", fsspec.filesystem("file"), bool(with_previews))
"""


def _save_what_is_shown(project: Path, target: Path, environments: list[str], *, with_previews: bool) -> str:
    """Write all that Kedro-Viz's page asks its server for; what it logs on the way."""
    arguments = [str(target), "previews" if with_previews else "", *environments]
    command = [sys.executable, "-c", SAVE_WHAT_IS_SHOWN, *arguments]
    result = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout + result.stderr


class Shown:
    """What the page of one environment shows."""

    def __init__(self, folder: Path) -> None:
        self.api = folder / "api"
        self.main = json.loads((self.api / "main").read_text())
        self.datasets = {node["name"]: node for node in self.main["nodes"] if node["type"] == "data"}

    def details(self, node: dict[str, Any]) -> dict[str, Any]:
        return json.loads((self.api / "nodes" / node["id"]).read_text())


@pytest.fixture(scope="module")
def saved(project_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lineage")
    _save_what_is_shown(project_path, folder, ENVIRONMENTS, with_previews=False)
    return folder


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def shown(saved: Path, request: pytest.FixtureRequest) -> Shown:
    return Shown(saved / request.param)


@pytest.fixture(scope="module")
def finished(finished_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    folder = tmp_path_factory.mktemp("finished_lineage")
    logged = _save_what_is_shown(finished_project, folder, ["test"], with_previews=True)
    assert "could not be previewed" not in logged
    return Shown(folder / "test")


@pytest.mark.parametrize(("environment", "has_truth"), [("base", True), ("sample", False)])
def test_the_lineage_shown_is_that_of_the_environment(saved: Path, environment: str, has_truth: bool) -> None:
    datasets = set(Shown(saved / environment).datasets)

    assert {"cells", "labels", "predictions", "run"} <= datasets
    assert {"truth", "bayes_limit", "terrain_features"} & datasets == (
        {"truth", "bayes_limit", "terrain_features"} if has_truth else set()
    )


@pytest.mark.parametrize("environment", [environment for environment in ENVIRONMENTS if environment != RETURNING])
def test_the_layers_are_shown_in_their_order(saved: Path, environment: str) -> None:
    layers = Shown(saved / environment).main["layers"]

    assert layers == [layer for layer in LAYERS if layer in layers]
    assert {"primary", "models", "reporting"} <= set(layers)


def test_what_returns_as_labels_leaves_layers_without_an_order(saved: Path) -> None:
    assert Shown(saved / RETURNING).main["layers"] == []


def test_every_dataset_is_in_a_layer(shown: Shown) -> None:
    assert {name for name, node in shown.datasets.items() if node["layer"] not in LAYERS} == set()


def test_every_step_shows_its_description(shown: Shown) -> None:
    steps = [node for node in shown.main["nodes"] if node["type"] == "task"]

    assert len(steps) > 10
    assert [step["name"] for step in steps if '"""' not in shown.details(step)["code"]] == []


def test_every_dataset_of_a_finished_run_has_a_preview(finished: Shown) -> None:
    previews = {name: finished.details(node)["preview"] for name, node in finished.datasets.items()}

    assert {name for name, preview in previews.items() if not preview} == set()


def test_what_has_no_rows_shows_its_description(finished: Shown) -> None:
    details = finished.details(finished.datasets["terrain_moments"])

    assert details["preview_type"] == "HTMLPreview"
    assert "Moments of every terrain layer" in details["preview"]


def test_the_report_is_shown_with_its_figures(finished: Shown, finished_project: Path) -> None:
    details = finished.details(finished.datasets["report_html"])
    report = (finished_project / "data/test/h3_4/08_reporting/report.html").read_text()

    assert details["preview_type"] == "HTMLPreview"
    assert "<style>" not in details["preview"]
    assert "Transfer skill" in details["preview"]
    assert "<script" not in details["preview"]
    charts = details["preview"].count('<img src="data:image/svg+xml;base64,')
    assert charts == len(CHARTS) - report.count("— not shown") > 0


def test_the_map_is_shown_in_its_colours(finished: Shown, finished_project: Path) -> None:
    details = finished.details(finished.datasets["run"])
    manifest = json.loads((finished_project / "data/test/h3_4/08_reporting/run/manifest.json").read_text())
    default = next(layer for layer in manifest["layers"] if layer["is_default"])
    with Image.open(io.BytesIO(base64.b64decode(details["preview"]))) as picture:
        pixels = picture.convert("RGBA").getcolors() or []

    colours = default["scale"]["colours"]
    drawn = {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b, opacity) in pixels if opacity}

    assert details["preview_type"] == "ImagePreview"
    assert {colours[0], colours[-1]} <= drawn <= set(colours)
