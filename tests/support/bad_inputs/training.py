"""Labels and features that models cannot be trained on, refused by the steps as a run shows it."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from kedro.io import DataCatalog
from kedro.pipeline import Node
from portable_models import GRID, PARAMETERS, SEED, YEARS, cells_between, cube_on, labels_on

from bad_inputs import BadInput
from entropice.app.blame import file_at_fault, parameter_file
from entropice.app.configuration.composition import VIRTUAL_WORLD
from entropice.app.configuration.environment import Configuration, read_configuration
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.errors import EntropiceError
from entropice.io import CubeDataset, TableDataset
from entropice.pipelines.modelling.parameters import ModellingParameters
from entropice.pipelines.modelling.pipeline import create_pipeline
from entropice.settings import CONFIG_LOADER_ARGS

CONF = Path(__file__).parents[3] / "conf"
ChangeTable = Callable[[pd.DataFrame], pd.DataFrame]
ChangeCube = Callable[[xr.Dataset], xr.Dataset]


@cache
def _configuration() -> Configuration:
    return read_configuration(RootedConfigLoader(str(CONF), env="base", runtime_params={}, **CONFIG_LOADER_ARGS))


@cache
def _steps() -> Mapping[str, Node]:
    return {node.name: node for node in create_pipeline(VIRTUAL_WORLD).nodes}


def _run(step: str, inputs: Mapping[str, Any], folder: Path) -> Any:
    """Run a step; its error gets the file that a run would name."""
    node = _steps()[f"modelling.{step}"]
    files = [name for name in node.inputs if not name.startswith("params:")]
    catalog = DataCatalog(
        {
            name: CubeDataset(filepath=str(folder / "features.zarr"))
            if name == "features"
            else TableDataset(filepath=str(folder / f"{name}.parquet"))
            for name in files
        }
    )
    try:
        return node.func(*(inputs[name] for name in node.inputs))
    except EntropiceError as error:
        configuration = _configuration()
        told = parameter_file(error, configuration.parameters, configuration.origin)
        error.path = told or file_at_fault(error, node, inputs, catalog)
        raise


def _trained(
    kind: str, labels: ChangeTable = pd.DataFrame.copy, cube: ChangeCube = xr.Dataset.copy, **changed: Any
) -> BadInput:
    """The steps up to the first fit, on changed labels, features and parameters of the modelling pipeline."""

    def provoke(folder: Path) -> None:
        cells = cells_between(120.0, 180.0)
        plain = cube_on(cells, YEARS)
        parameters = ModellingParameters.model_validate(_merged(PARAMETERS.model_dump(mode="json"), changed))
        inputs: dict[str, Any] = {
            "cells": cells,
            "labels": labels(labels_on(cells, plain)),
            "features": cube(plain),
            "params:grid": GRID,
            "params:random_seed": SEED,
            **{f"params:modelling.{name}": getattr(parameters, name) for name in ModellingParameters.model_fields},
        }
        inputs["params:modelling.models"] = list(parameters.models)
        inputs["training_table"] = _run("build_training_table", inputs, folder)
        inputs["folds"] = _run("make_folds", inputs, folder)
        _run("predict_out_of_fold", inputs, folder)

    return BadInput(kind, provoke)


def _merged(values: dict[str, Any] | None, changed: Mapping[str, Any]) -> dict[str, Any]:
    old = values or {}
    return old | {
        name: _merged(old[name], value) if isinstance(value, dict) else value for name, value in changed.items()
    }


def _without_slumps(labels: pd.DataFrame) -> pd.DataFrame:
    return labels.assign(rts_count=0, rts_area_m2=0.0, rts_area_fraction=0.0, state="observed_without")


def _with_slumps_everywhere(labels: pd.DataFrame) -> pd.DataFrame:
    area_m2 = np.random.default_rng(0).lognormal(9, 0.7, len(labels))
    return labels.assign(rts_count=1, rts_area_m2=area_m2, rts_area_fraction=area_m2 / 1.7e9, state="observed_with")


def _with_slumps_in_one_cell(labels: pd.DataFrame) -> pd.DataFrame:
    none = _without_slumps(labels)
    return pd.concat([_with_slumps_everywhere(labels.head(2)), none.iloc[2:]], ignore_index=True)


def _without_land(labels: pd.DataFrame) -> pd.DataFrame:
    return labels.assign(observed_land_area_m2=labels["observed_land_area_m2"].where(labels.index != 7, 0.0))


ESPA = {
    "n_boxes": [5000, 9000],
    "n_effective_features": 2.0,
    "eps_class": 1.0,
    "prior_weight": 1e-4,
    "n_init": 1,
    "n_init_search": 1,
}


BAD_INPUTS = (
    _trained("labels: nothing was observed", lambda labels: labels.assign(state="unobserved")),
    _trained("labels: one class, no slumps at all", _without_slumps),
    _trained("labels: one class, slumps everywhere", _with_slumps_everywhere),
    _trained("labels: no slumps in the training rows of a fold", _with_slumps_in_one_cell),
    _trained("labels: a cell without observed land", _without_land),
    _trained("features: none is known anywhere", cube=lambda cube: cube * np.nan),
    _trained("features: an infinite value", cube=lambda cube: cube.assign(slope_mean_deg=cube["slope_mean_deg"] / 0)),
    _trained("features: a year that they do not reach", cube=lambda cube: cube.isel(year=[0])),
    _trained("folds: fewer blocks than folds", folds={"n_folds": 50}),
    _trained("folds: a buffer that leaves no training cell", folds={"buffer_m": 9e6}),
    _trained(
        "folds: one label year to leave out",
        lambda labels: labels[labels["year"] == YEARS[0]],
        folds={"schemes": ["spatial", "year"]},
    ),
    _trained(
        "models: more boxes than training rows",
        models=[*PARAMETERS.models, "espa"],
        tuning={"candidates": {"espa": ESPA}},
    ),
)
