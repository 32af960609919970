"""A small fabricated run on the cells around the pole, which hold ±180° as well."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import yaml

from entropice.dggs import parse_grid
from entropice.pipelines.reporting.nodes import assemble_run, render_report
from entropice.pipelines.reporting.parameters import ReportingParameters
from entropice.report.run_folder import RunFolder
from entropice.report.tables import yearly_tables

CLASS_NAMES = ["none", "few", "some", "many"]
YEARS = [2021, 2022]
_FIELDS = ("units", "group", "source", "statistic", "years", "long_name")
FEATURES = {
    name: dict(zip(_FIELDS, values, strict=True))
    for name, values in {
        "elevation_mean_m": ("m", "terrain", "ArcticDEM", "mean", "2007 to 2022", "mean elevation"),
        "slope_sd_deg": ("degree", "terrain", "ArcticDEM", "sd", "2007 to 2022", "spread of slope"),
        "summer_precipitation_mm": ("mm", "climate", "ERA5", "mean", "y", "summer precipitation"),
        "thawing_degree_days_c_d": ("°C d", "climate", "ERA5", "mean", "y", "thawing degree days"),
    }.items()
}


@dataclass(frozen=True)
class FabricatedRun:
    grid: str
    cells: gpd.GeoDataFrame
    land: gpd.GeoDataFrame
    labels: pd.DataFrame
    predictions: pd.DataFrame
    cell_drivers: pd.DataFrame
    drivers: pd.DataFrame
    out_of_fold: pd.DataFrame
    limit: pd.DataFrame
    scores: pd.DataFrame
    limit_scores: pd.DataFrame
    classes: dict[str, Any]
    features: Any
    provenance: dict[str, Any]


def fabricate(grid_key: str, min_lat_deg: float) -> FabricatedRun:
    random = np.random.default_rng(3)
    cells = _cells(grid_key, min_lat_deg)
    cell_years = pd.MultiIndex.from_product([cells["cell_id"], YEARS], names=["cell_id", "year"]).to_frame(index=False)
    labels = _labels(cell_years, random)
    observed = labels[labels["state"] != "unobserved"]
    out_of_fold = pd.concat(
        [
            _forecasts(observed, scheme, model, random)
            for scheme in ("spatial", "random")
            for model in ("espa", "logistic", "knn_coordinates", "prevalence")
        ],
        ignore_index=True,
    )
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    return FabricatedRun(
        grid=grid_key,
        cells=cells,
        land=gpd.GeoDataFrame(geometry=[shapely.union_all(cells.geometry.to_numpy()).buffer(30_000)], crs=cells.crs),
        labels=labels,
        predictions=_predictions(cell_years, cells, random),
        cell_drivers=_cell_drivers(cell_years, random),
        drivers=pd.DataFrame(
            {
                "feature": list(FEATURES),
                "group": [attributes["group"] for attributes in FEATURES.values()],
                "weight": weights,
                "null_q95": [0.2, 0.25, 0.22, 0.21],
                "rank": [1, 2, 3, 4],
            }
        ),
        out_of_fold=out_of_fold,
        limit=_forecasts(observed, "spatial", "limit", random).assign(standard_error_max=0.004),
        scores=_scores(["espa", "logistic", "knn_coordinates", "prevalence"], ["spatial", "random"]),
        limit_scores=_scores(["limit"], ["spatial", "random"]),
        classes={"names": CLASS_NAMES, "edges": [2e-6, 2e-5], "mean_rts_area_fraction": [0.0, 1e-6, 1e-5, 1e-4]},
        features=_FeatureCube({name: _Variable(attributes) for name, attributes in FEATURES.items()}),
        provenance={
            "inputs": [{"dataset": "rts_file", "path": "rts.gpkg", "bytes": 12, "sha256": "ab" * 32}],
            "intermediates": [{"dataset": "labels", "path": "labels.parquet", "bytes": 3, "sha256": "cd" * 32}],
            "versions": {"python": "3.11.2", "numpy": "2.4.6"},
            "code_sha256": "ef" * 32,
        },
    )


@dataclass(frozen=True)
class _Variable:
    attrs: dict[str, str]


@dataclass(frozen=True)
class _FeatureCube:
    data_vars: dict[str, _Variable]


def _cells(grid_key: str, min_lat_deg: float) -> gpd.GeoDataFrame:
    grid = parse_grid(grid_key)
    cell_ids = grid.cells_north_of(min_lat_deg)
    lon_deg, lat_deg = grid.centres(cell_ids)
    return gpd.GeoDataFrame(
        {"cell_id": cell_ids, "lon_deg": lon_deg, "lat_deg": lat_deg, "area_m2": 1e9, "land_fraction": 0.8},
        geometry=grid.polygons(cell_ids),
        crs="EPSG:3413",
    )


def _labels(cell_years: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    n = len(cell_years)
    count = random.poisson(0.4, n).astype(float)
    state = np.where(count > 0, "observed_with", "observed_without")
    unobserved = random.uniform(size=n) < 0.4
    return cell_years.assign(
        observed_fraction=np.where(unobserved, 0.0, 0.9),
        state=np.where(unobserved, "unobserved", state),
        rts_count=pd.array(np.where(unobserved, np.nan, count), dtype="Int64"),
        rts_per_km2=np.where(unobserved, np.nan, count / 800.0),
    )


def _probabilities(risk: np.ndarray) -> pd.DataFrame:
    some = np.clip(risk, 0.002, 0.95)
    parts = np.outer(some, [0.5, 0.3, 0.2])
    return pd.DataFrame(np.column_stack([1 - some, parts]), columns=[f"p_{name}" for name in CLASS_NAMES])


def _predictions(cell_years: pd.DataFrame, cells: gpd.GeoDataFrame, random: np.random.Generator) -> pd.DataFrame:
    place = cells.set_index("cell_id").loc[cell_years["cell_id"]]
    wave = np.sin(np.deg2rad(2 * place["lon_deg"].to_numpy())) + np.cos(place["lat_deg"].to_numpy())
    probabilities = _probabilities(np.exp(1.2 * wave - 2.5 + 0.2 * random.standard_normal(len(place))))
    values = probabilities.to_numpy()
    return pd.concat([cell_years, probabilities], axis=1).assign(
        class_=np.array(CLASS_NAMES)[values.argmax(axis=1)],
        p_max=values.max(axis=1),
        entropy=-(values * np.log(values)).sum(axis=1),
        expected_rts_area_fraction=values @ [0.0, 1e-6, 1e-5, 1e-4],
        box=random.integers(0, 8, len(place)),
    )


def _cell_drivers(cell_years: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    orders = random.permuted(np.tile(np.arange(4), (len(cell_years), 1)), axis=1)[:, :3]
    return pd.concat(
        [
            cell_years.assign(rank=rank, feature=np.array(list(FEATURES))[orders[:, rank - 1]], share=share)
            for rank, share in ((1, 0.5), (2, 0.3), (3, 0.1))
        ],
        ignore_index=True,
    )


def _forecasts(observed: pd.DataFrame, scheme: str, model: str, random: np.random.Generator) -> pd.DataFrame:
    has_slumps = (observed["state"] == "observed_with").to_numpy()
    risk = np.clip(0.33 + 0.25 * (has_slumps - 0.33) + 0.1 * random.standard_normal(len(observed)), 0.01, 0.95)
    true_class = np.where(has_slumps, random.choice(CLASS_NAMES[1:], len(observed)), "none")
    frame = observed[["cell_id", "year"]].reset_index(drop=True)
    return pd.concat(
        [frame.assign(scheme=scheme, fold=0, model=model, class_=true_class), _probabilities(risk)], axis=1
    )


def _scores(models: list[str], schemes: list[str]) -> pd.DataFrame:
    base = {"espa": 0.12, "logistic": 0.10, "knn_coordinates": -0.03, "prevalence": 0.0, "limit": 0.2}
    rows = []
    for scheme in schemes:
        for model in models:
            skill = base[model] + (0.1 if scheme == "random" and model != "prevalence" else 0.0)
            for score, value in {
                "log_skill": skill, "rpss": 0.8 * skill, "auc": 0.5 + skill, "brier_skill": 0.7 * skill, "ece": 0.02,
            }.items():  # fmt: skip
                rows.append((scheme, model, score, value, value - 0.04, value + 0.05, 300, 100, 5))
    columns = ["scheme", "model", "score", "value", "low_95", "high_95", "n_cell_years", "n_positive", "n_folds"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture(scope="session")
def fabricated() -> FabricatedRun:
    return fabricate("h3_3", 84.0)


def reporting_parameters(**changes: Any) -> ReportingParameters:
    values = {
        "title": "A fabricated run",
        "description": "Nothing here is real.",
        "purpose": "model",
        "notice": "",
        "year_names": {2022: "2018–2022, pooled"},
        "overview_pixel_size_m": 20_000.0,
        "n_limit_draws": 50,
        "attributions": ["A source, 2020, CC BY 4.0."],
        "rebuild_command": "kedro run --params grid=h3_3",
    }
    return ReportingParameters.model_validate(values | changes)


def all_parameters() -> dict[str, Any]:
    """The committed parameters of the base environment, unparsed, with a machine path added."""
    files = sorted((Path(__file__).parents[2] / "conf" / "base").glob("*/parameters.yml"))
    merged: dict[str, Any] = {}
    for file in files:
        merged |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return merged | {"grid": "h3_3", "random_seed": 0, "data_root": "/somewhere/else"}


def report_of(run: FabricatedRun, *, with_limit: bool = True, **changes: Any) -> str:
    limit = {"limit": run.limit, "limit_scores": run.limit_scores} if with_limit else {}
    return render_report(
        run.cells, run.land, run.labels, run.features, run.classes, run.out_of_fold, run.scores, run.predictions,
        run.drivers, run.cell_drivers, run.provenance, all_parameters(), reporting_parameters(**changes), run.grid,
        **limit,
    )  # fmt: skip


def run_of(run: FabricatedRun, report_html: str, **changes: Any) -> RunFolder:
    return assemble_run(
        run.cells, run.labels, run.features, run.classes, run.scores, run.predictions, run.drivers, run.cell_drivers,
        run.provenance, all_parameters(), reporting_parameters(**changes), run.grid, report_html,
        limit_scores=run.limit_scores,
    )  # fmt: skip


@pytest.fixture(scope="session")
def make_report(fabricated: FabricatedRun) -> Callable[..., str]:
    """Render the fabricated run's report, with other parameters where named."""
    return partial(report_of, fabricated)


@pytest.fixture(scope="session")
def run_folder(fabricated: FabricatedRun) -> RunFolder:
    return run_of(fabricated, "<!DOCTYPE html>")


@pytest.fixture(scope="session")
def make_run_folder(fabricated: FabricatedRun) -> Callable[..., RunFolder]:
    """Assemble the fabricated run, with other parameters where named."""
    return partial(run_of, fabricated, "<!DOCTYPE html>")


@pytest.fixture(scope="session")
def tables(fabricated: FabricatedRun) -> dict[int, gpd.GeoDataFrame]:
    run = fabricated
    return yearly_tables(run.cells, run.labels, run.predictions, run.cell_drivers, CLASS_NAMES)
