"""A run on files of one's own, made as the how-to says, is told for what it is, and leaves the files alone."""

import json
import re
import shutil
from pathlib import Path

import pytest
from project_copy import copy_project, kedro

from entropice.app.configuration.environment import read_configuration
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.pipelines.reporting.about import UNSTATED
from entropice.pipelines.sources.declaration import SYNTHETIC
from entropice.settings import CONFIG_LOADER_ARGS
from entropice.sha256 import sha256_of

GIVEN = ("land.gpkg", "coverage.gpkg", "rts_darts_level2.gpkg", "arcticdem")
FILES = {
    "globals.yml": "work_root: data/mine\ndata_root: given\n",
    "composition.yml": "world: null\nlabels: polygons\nfeatures: [arcticdem]\n",
    "labels/parameters.yml": "labels: {years: [2022, 2023], polygons: {columns: {year: year, id: id}}}\n",
    "features/parameters.yml": "features: {years: [2022, 2023]}\n",
    "modelling/parameters.yml": (
        "modelling:\n"
        "  features: ['*']\n"
        "  folds: {n_folds: 3}\n"
        "  tuning:\n"
        "    n_inner_folds: 3\n"
        "    candidates:\n"
        "      espa: {n_boxes: 6, eps_class: 1, prior_weight: 0.001, n_init: 1, n_init_search: 1}\n"
        "      logistic: {C: 1.0}\n"
        "  drivers: {n_nulls: 3}\n"
        "  models: [espa, latitude, knn_coordinates, prevalence]\n"
        "  n_bootstrap: 100\n"
        "  prediction_years: [2022, 2023]\n"
    ),
}


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _contents(folder: Path) -> dict[str, str]:
    return {str(path): sha256_of(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def _documented(page: str) -> dict[str, str]:
    """The files of the how-to's own environment, by their comments."""
    section = page.split("## make an environment of one's own", 1)[1].split("\n## ", 1)[0]
    lines = [line.removeprefix("    ") for line in section.splitlines() if line.startswith("    ") or not line]
    blocks = re.split(r"# conf/mine/([\w/]+\.yml)[^\n]*\n", "\n".join(lines))[1:]
    return dict(zip(blocks[::2], blocks[1::2], strict=True))


@pytest.fixture(scope="module")
def project(finished_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose own files are the small virtual Arctic's, without a record of where they come from."""
    project = copy_project(finished_project, tmp_path_factory.mktemp("own") / "project")
    for name in GIVEN:
        source = finished_project / "data/test/01_raw" / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        (project / "given").mkdir(exist_ok=True)
        copy(source, project / "given" / name)
    _write(project / "conf/mine", FILES)
    return project


@pytest.fixture(scope="module")
def manifest(project: Path) -> dict:
    before = _contents(project / "given")
    result = kedro(project, "run", "--env", "mine", "--params", "random_seed=1")
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-2000:]
    assert _contents(project / "given") == before
    return json.loads((project / "data/mine/h3_4/08_reporting/run/manifest.json").read_text())


def test_it_names_its_environment_and_its_sources(manifest: dict) -> None:
    assert manifest["title"] == "Retrogressive thaw slumps: polygons, arcticdem (environment mine)"
    assert "irtual" not in manifest["title"] + manifest["description"]
    assert manifest["rebuild_command"] == "kedro run --env mine --params grid=h3_4,random_seed=1"


def test_it_claims_no_licence_that_nobody_stated(manifest: dict) -> None:
    assert SYNTHETIC.attribution not in manifest["attributions"]
    assert manifest["attributions"][-1] == f"{UNSTATED} land and polygons."


def test_it_lists_every_file_that_was_given(manifest: dict, project: Path) -> None:
    listed = {item["sha256"] for item in manifest["inputs"]}

    assert listed == set(_contents(project / "given").values())
    assert {item["dataset"] for item in manifest["inputs"]} == {
        "land_file", "rts_file", "coverage_file", "elevation_tiles",
    }  # fmt: skip


def test_the_virtual_arctic_does_not_write_among_the_files(project: Path) -> None:
    virtual = {"globals.yml": FILES["globals.yml"], "composition.yml": "world: virtual_arctic\n"}
    _write(project / "conf/careless", virtual)
    before = _contents(project / "given")

    result = kedro(project, "run", "--env", "careless")

    assert result.returncode == 1
    assert "conf/careless/globals.yml" in result.stderr
    assert "world: null" in result.stderr
    assert _contents(project / "given") == before


def test_what_the_how_to_shows_is_valid(project_path: Path, tmp_path: Path) -> None:
    files = _documented((project_path / "docs/how-to.md").read_text())
    shutil.copytree(project_path / "conf/base", tmp_path / "conf/base")
    _write(tmp_path / "conf/mine", files)

    configuration = read_configuration(RootedConfigLoader(str(tmp_path / "conf"), env="mine", **CONFIG_LOADER_ARGS))

    assert set(files) >= {"globals.yml", "composition.yml", "labels/catalog.yml", "modelling/parameters.yml"}
    assert configuration.composition.world is None
    assert configuration.parameters.section("reporting", "title") == "Slumps of the Peel Plateau"
