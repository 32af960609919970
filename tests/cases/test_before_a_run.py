"""What would stop a run late is looked at first, and an error names the one file that it is about."""

from pathlib import Path
from typing import Any

import pytest
from kedro.io import DataCatalog
from kedro.pipeline import Node, Pipeline

from entropice.app.before_run import check_devices, check_features, check_writable
from entropice.app.blame import file_at_fault, parameter_file
from entropice.app.configuration.composition import VIRTUAL_WORLD, compose
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.app.configuration.parameters import Parameters, validate_parameters
from entropice.errors import ConfigError, LabelError, RunStateError
from entropice.espa import devices
from entropice.io import TableDataset, VectorFileDataset
from entropice.pipelines.composition import Composition
from entropice.settings import CONFIG_LOADER_ARGS

PROJECT = Path(__file__).parents[2]


BOXES = {"n_boxes": 2, "eps_class": 1.0, "prior_weight": 0.1, "n_init": 1, "n_init_search": 1}
TUNING = {"n_inner_folds": 2, "candidates": {"espa": BOXES, "logistic": {"C": 1.0}}}
COMPARED = ["espa", "logistic", "latitude", "knn_coordinates", "prevalence"]


def _parameters(composition: Composition = VIRTUAL_WORLD, **modelling: Any) -> Parameters:
    raw = dict(RootedConfigLoader(str(PROJECT / "conf"), env="base", **CONFIG_LOADER_ARGS)["parameters"])
    return validate_parameters(raw | {"modelling": raw["modelling"] | modelling}, composition)


def _origin(location: tuple[int | str, ...]) -> str:
    return f"the file of {'.'.join(map(str, location))}"


def _given(*features: str) -> Composition:
    return Composition(world=None, labels="polygons", features=features)


def test_a_folder_that_can_be_made_is_writable_and_not_made(tmp_path: Path) -> None:
    check_writable(tmp_path / "data/mine")

    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")

    with pytest.raises(RunStateError, match="cannot be written") as caught:
        check_writable(tmp_path / "data/mine")

    assert caught.value.field == "work_root"


def test_a_device_is_asked_for_only_where_a_step_computes_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "cuda_place", lambda: None)
    pipelines, parameters = compose(VIRTUAL_WORLD), _parameters(models=COMPARED, tuning=TUNING | {"device": "cuda"})

    check_devices(pipelines["labels"], parameters, _origin)
    check_devices(pipelines["modelling"], _parameters(models=COMPARED, tuning=TUNING | {"device": "auto"}), _origin)
    with pytest.raises(ConfigError, match="no CUDA device") as caught:
        check_devices(pipelines["modelling"], parameters, _origin)

    assert caught.value.path == "the file of modelling.tuning.device"


@pytest.mark.parametrize(
    ("sources", "patterns"),
    [
        (("era5_monthly", "arcticdem", "alphaearth"), None),
        (("arcticdem",), ["slope_*", "position_1000m_sd_m"]),
        (("alphaearth",), ["embedding_63_sd", "embedding_norm"]),
        (("era5_fields",), ["t_500_hpa_*"]),
        (("arcticdem", "rasters"), ["ground_ice_mean_percent"]),
        (("era5_hourly",), ["summer_rain_lag_3_mm"]),
    ],
    ids=["base", "terrain", "embeddings", "fields", "rasters", "climate"],
)
def test_features_that_the_sources_may_have_are_let_go(sources: tuple[str, ...], patterns: list[str] | None) -> None:
    changes = {} if patterns is None else {"features": patterns}

    check_features(_given(*sources), _parameters(**changes), _origin)


@pytest.mark.parametrize(
    ("sources", "patterns", "words"),
    [
        (("arcticdem",), ["frost_number"], "it is of era5_monthly or era5_hourly"),
        (("era5_fields",), ["*", "slope_mean_deg"], "slope_mean_deg: it is of arcticdem"),
        (("arcticdem",), ["slope_maen_deg"], "did you mean slope_mean_deg?"),
        (("arcticdem",), ["position_500m_sd_m"], "position_"),
        (("era5_monthly", "arcticdem"), ["embedding_norm"], "it is of alphaearth"),
    ],
    ids=["climate", "fields", "slip", "radius", "embeddings"],
)
def test_features_of_another_environment_are_refused(sources: tuple[str, ...], patterns: list[str], words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_features(_given(*sources), _parameters(features=patterns), _origin)

    assert words in str(caught.value)


def test_an_error_on_a_parameter_names_the_file_that_gives_it() -> None:
    error = LabelError("Nothing observed.", field="labels.years, labels.min_observed_fraction")

    assert parameter_file(error, _parameters(), _origin) == "the file of labels.years"
    assert parameter_file(LabelError("No.", field="rts_area_fraction"), _parameters(), _origin) is None


FILES = {
    "coverage_file": VectorFileDataset(filepath="coverage.gpkg"),
    "rts_file": VectorFileDataset(filepath="rts.gpkg"),
    "cells": TableDataset(filepath="cells.parquet"),
    "labels": TableDataset(filepath="labels.parquet"),
}


def _fail(_: object) -> None:
    raise LabelError("Wrong.")


def _step(coverage: object, rts: object, cells: object, *, of: str) -> None:
    _fail({"coverage_file": coverage, "rts_file": rts, "cells": cells}[of])


@pytest.mark.parametrize(
    ("names", "of", "path"),
    [
        (["coverage_file", "rts_file", "cells"], "rts_file", "rts.gpkg"),
        (["coverage_file", "rts_file", "cells"], "coverage_file", "coverage.gpkg"),
        (["rts_file", "cells"], "cells", "rts.gpkg"),
        (["labels", "cells"], "cells", "cells.parquet"),
    ],
    ids=["second source", "first source", "one source", "no source"],
)
def test_an_error_of_a_step_names_one_file(names: list[str], of: str, path: str) -> None:
    values = {name: object() for name in FILES}
    node = Node(lambda *_: 0, names, "made", name="step")
    try:
        _step(values["coverage_file"], values["rts_file"], values["cells"], of=of)
    except LabelError as error:
        found = file_at_fault(error, Pipeline([node]).nodes[0], values, DataCatalog(FILES))

    assert found == path
