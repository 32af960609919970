"""Twenty years of two indices on cells of a HEALPix grid, forecasts of them, and a small map's model."""

from functools import cache
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from cell_frames import cell_frame

from entropice.derive.cell_fields import index_values
from entropice.derive.climate.history import History, derived_features
from entropice.derive.climate.indices import INDEX_BY_NAME
from entropice.dggs import parse_grid
from entropice.io.model_of_run import ModelOfRun
from entropice.learning.outlook.feature_years import climate_of_years
from entropice.learning.outlook.forecasts import YearlyRecord, ahead_of
from entropice.learning.portable import pack
from entropice.pipelines.image_sources.cell_fields import nodes as field_nodes
from entropice.pipelines.kinds.frames.parameters import FrameSampleParameters
from entropice.pipelines.modelling import nodes as modelling
from entropice.pipelines.modelling.parameters import ModellingParameters
from entropice.pipelines.outlook.judging import record_of
from entropice.pipelines.outlook.parameters import OutlookParameters
from entropice.pipelines.sources.era5.parameters import ClimateParameters
from entropice.report.model_files import ModelFiles

GRID, SEED = "healpix_6", 3
YEARS = np.arange(2000, 2020)
LEARNED, LATER = YEARS < 2014, YEARS >= 2017
"""2014 to 2016 are there to choose with."""

ISSUED = np.arange(2002, 2020)
N_HORIZONS = 2
TEMPERATURE, RAIN = NAMES = ("annual_temperature_mean_c", "summer_precipitation_mm")
BANDS = tuple(f"departure_of_{name}" for name in NAMES)
LABEL_YEARS = [2016, 2018, 2019]
OUTLOOK = OutlookParameters(n_map_draws=2, n_bootstrap=20, block_level=3)
SAMPLES = FrameSampleParameters.model_validate(
    {
        "windows": {
            "n_pixels": 4,
            "stride_px": 2,
            "every_steps": 1,
            "n_windows": None,
            "n_frames_in": 3,
            "forecast_horizon": N_HORIZONS,
            "future_horizons": N_HORIZONS,
            "min_known": 0.1,
        },
        "splits": {
            "space": None,
            "n_later_steps": 3,
            "n_validated_steps": 3,
            "gap_steps": 0,
            "block_level": 2,
            "block_steps": 1,
        },
        "statistics": {"dataset_version": "small-1", "computed_date": "2026-11-29", "share": 1.0},
        "symmetry_probability": 0.0,
        "steps_per_epoch": None,
    }
)
CLIMATE = ClimateParameters.model_validate(
    {
        "arctic_year_start_month": 10,
        "rows_per_block": 4,
        "history": {
            "normal_years": 4,
            "trend_years": 5,
            "lag_years": 1,
            "normals": [RAIN],
            "anomalies": [],
            "lags": [RAIN],
            "trends": [TEMPERATURE],
        },
    }
)
MODELLING = ModellingParameters.model_validate(
    {
        "features": "all",
        "n_classes": 3,
        "folds": {"schemes": ["spatial"], "n_folds": 2, "buffer_m": 0.0, "block_level": {"h3": 2, "healpix": 4}},
        "tuning": {"n_inner_folds": 2, "device": "cpu", "candidates": {"logistic": {"C": [1.0]}}},
        "models": ["logistic", "latitude", "knn_coordinates", "prevalence"],
        "map_model": "logistic",
        "n_bootstrap": 100,
        "doubts": {"n_members": 5},
        "drivers": {"n_folds": 2, "n_nulls": 3, "n_cell_drivers": 1},
        "prediction_years": LABEL_YEARS,
    }
)


@cache
def cells() -> gpd.GeoDataFrame:
    grid = parse_grid(GRID)
    ids = np.sort(grid.cells_north_of(84.0))
    lon_deg, lat_deg = grid.centres(ids)
    return cell_frame(ids, grid.polygons(ids)).assign(lon_deg=lon_deg, lat_deg=lat_deg)


def indices(seed: int = 0) -> xr.Dataset:
    """Noise about a trend, by cell and year; rain is never below 0."""
    random, shape = np.random.default_rng(seed), (len(cells()), len(YEARS))
    values = {
        TEMPERATURE: random.normal(size=shape) + 0.1 * (YEARS - 2010) - 10,
        RAIN: np.maximum(random.normal(60, 40, size=shape), 0),
    }
    attributes = {"source": "s", "group": "climate"}
    return xr.Dataset(
        {name: (("cell", "year"), of, attributes) for name, of in values.items()},
        {"cell_ids": ("cell", cells()["cell_id"].to_numpy()), "year": YEARS},
    )


def laid_out(cube: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
    """Fields, and what is usual."""
    return field_nodes.lay_out_cells(cube, GRID, SAMPLES.splits, SAMPLES.windows.n_pixels)


def record(cube: xr.Dataset) -> YearlyRecord:
    return record_of(cube, laid_out(cube)[1])


OFF = 0.01
"""What `forecasts` are off by, in standard deviations: too high from even years, too low from odd ones."""


def forecasts(known: YearlyRecord, later_by: int = 0) -> xr.Dataset:
    """What comes (or what comes so many years later) is all but known; the last year stands for those after it."""
    last = int(known.years[-1])
    said = [known.departures(np.minimum(ahead_of(year, N_HORIZONS) + later_by, last).tolist()) for year in ISSUED]
    off = np.where(ISSUED % 2 == 0, OFF, -OFF)[:, None, None, None]
    return xr.Dataset(
        {"departures": (("issued", "horizon", "index", "cell"), (np.stack(said) + off).astype(np.float32))},
        {"issued": ISSUED, "index": list(NAMES)},
    )


def with_values(cube: xr.Dataset, years: np.ndarray, value: float) -> xr.Dataset:
    """The same cube with another number in every cell of some years."""
    return cube.where(~xr.DataArray(years, dims="year"), value).assign_attrs(cube.attrs)


def feature_cube(cube: xr.Dataset, climate: ClimateParameters = CLIMATE) -> xr.Dataset:
    """Features of label years: a slope, and climate by the functions of the house."""
    asked = derived_features([INDEX_BY_NAME[name] for name in NAMES], History(**climate.history.model_dump()))
    of_climate = climate_of_years(index_values(cube), YEARS, cube, asked, LABEL_YEARS)
    about = {"units": "degree", "group": "terrain", "source": "s", "statistic": "mean", "years": "y", "long_name": ""}
    slope = np.random.default_rng(7).normal(size=len(cells()))
    return of_climate.assign(slope_mean_deg=("cell", slope, about))


def labels(cube: xr.Dataset) -> pd.DataFrame:
    """Slumps where it is warm and steep."""
    random = np.random.default_rng(1)
    warmth = cube[TEMPERATURE].sel(year=LABEL_YEARS).transpose("cell", "year").to_numpy()
    rate = np.exp(1.2 * (warmth + 9.5) + 0.8 * feature_cube(cube)["slope_mean_deg"].to_numpy()[:, None] - 0.5)
    count = random.poisson(rate).ravel()
    area_m2 = count * random.lognormal(9, 0.7, len(count))
    return pd.DataFrame(
        {
            "cell_id": np.repeat(cells()["cell_id"].to_numpy(), len(LABEL_YEARS)),
            "year": np.tile(LABEL_YEARS, len(cells())),
            "observed_fraction": 1.0,
            "observed_land_area_m2": 9e9,
            "state": np.where(count > 0, "observed_with", "observed_without"),
            "rts_count": count,
            "rts_area_m2": area_m2,
            "rts_per_km2": count / 9e3,
            "rts_area_fraction": area_m2 / 9e9,
        }
    )


@cache
def finished_map() -> Any:
    """What a finished run holds: features, training table, folds, model and its predictions."""
    cube = indices()
    features = feature_cube(cube)
    table = modelling.build_training_table(labels(cube), features, "all")
    splitting = MODELLING.folds
    where = (features, cells(), GRID, SEED, splitting)
    compared = (MODELLING.tuning, list(MODELLING.models), MODELLING.n_classes)
    folds = modelling.make_folds(table, cells(), GRID, SEED, splitting)
    _, out_of_fold = modelling.predict_out_of_fold(table, folds, *where, *compared)
    classes, model, _ = modelling.fit_model(table, *where, *compared, "logistic", LABEL_YEARS)
    doubts, _ = modelling.fit_doubts(model, classes, table, folds, out_of_fold, *where, MODELLING.doubts, 20)
    parts = {"map_model": (model.arrays, model.metadata), "doubts_model": (doubts.arrays, doubts.metadata)}
    files = ModelFiles(*pack(parts, classes, GRID, table, features))
    return SimpleNamespace(
        indices=cube,
        features=features,
        table=table,
        folds=folds,
        given=ModelOfRun("model.json", {"run_id": "0", "title": "A small run"}, files),
        predictions=modelling.predict(model, classes, doubts, features, cells(), GRID, splitting, LABEL_YEARS),
    )
