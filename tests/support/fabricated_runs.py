"""A small fabricated run on the cells around the pole, which hold ±180° as well."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from itertools import product
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr

from entropice.dggs import parse_grid
from entropice.io import Arrays
from entropice.learning.survey import SurveyPlan, plan_survey
from entropice.pipelines.composition import Composition
from entropice.pipelines.reporting.about import about_run
from entropice.pipelines.reporting.nodes import assemble_run
from entropice.pipelines.reporting.parameters import ReportingParameters
from entropice.report.results import RunResults, TaskResults, dataset_names
from entropice.report.run_folder import RunFolder

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


def fabricate(grid_key: str, min_lat_deg: float) -> RunResults:
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
    cube = _cube(cells, random)
    outlines = cells.geometry.centroid.buffer(300.0).to_numpy()[:5]
    return RunResults(
        cells=cells,
        land=gpd.GeoDataFrame(geometry=[shapely.union_all(cells.geometry.to_numpy()).buffer(30_000)], crs=cells.crs),
        rts=gpd.GeoDataFrame(
            {"rts_id": range(5), "year": 2021, "area_m2": shapely.area(outlines)}, geometry=outlines, crs=cells.crs
        ),
        coverage=gpd.GeoDataFrame(
            {"year": YEARS}, geometry=[cells.geometry.iloc[0], shapely.union_all(outlines)], crs=cells.crs
        ),
        labels=labels,
        predictions=_predictions(cell_years, cells, random),
        cell_drivers=_cell_drivers(cell_years, random),
        responses=_responses(),
        boxes=_boxes(),
        box_values=_box_values(),
        survey=_survey(cells, labels, cell_years, random),
        map_model_choice={"name": "espa", "title": "eSPA", "chosen": None},
        regional_calibration=_regional_calibration(),
        leaks={"checks": ["label as a feature", "buffer removed"], "findings": []},
        limit_leaks={"checks": ["score above the limit"], "findings": []},
        drivers=pd.DataFrame(
            {
                "level": ["group", "group", *["cluster"] * 4],
                "group": ["terrain", "climate", *(attributes["group"] for attributes in FEATURES.values())],
                "feature": ["elevation_mean_m", "summer_precipitation_mm", *FEATURES],
                "features": [*(" ".join(list(FEATURES)[i : i + 2]) for i in (0, 2)), *FEATURES],
                "n_features": [2, 2, 1, 1, 1, 1],
                "importance": [0.5, 0.3, *weights],
                "low_95": 0.05,
                "high_95": 0.9,
                "leave_out": [0.02, 0.01, *[np.nan] * 4],
                "null_q95": [0.4, 0.4, 0.2, 0.25, 0.22, 0.21],
                "p_value": [0.01, 0.6, 0.01, 0.02, 0.6, 0.7],
                "q_value": [0.02, 0.6, 0.04, 0.04, 0.7, 0.7],
                "is_discovery": [True, False, True, True, False, False],
                "rank": [1, 2, 1, 2, 3, 4],
            }
        ),
        folds=_folds(observed["cell_id"].unique()),
        out_of_fold=out_of_fold,
        bayes_limit=_forecasts(observed, "spatial", "bayes_limit", random).assign(standard_error_max=0.004),
        scores=_scores(["espa", "logistic", "knn_coordinates", "prevalence"], ["spatial", "random"]),
        fold_scores=_fold_scores(["espa", "logistic", "knn_coordinates", "prevalence"], ["spatial", "random"]),
        bayes_limit_scores=_scores(["bayes_limit"], ["spatial", "random"]),
        true_map_skill=_true_map_skill(),
        classes={"names": CLASS_NAMES, "edges": [2e-6, 2e-5], "mean_rts_area_fraction": [0.0, 1e-6, 1e-5, 1e-4]},
        features=cube,
        training_table=observed[["cell_id", "year"]].assign(**dict.fromkeys(FEATURES, 0.0)),
        provenance={
            "inputs": [{"dataset": "rts_file", "path": "rts.gpkg", "bytes": 12, "sha256": "ab" * 32}],
            "intermediates": [{"dataset": "labels", "path": "labels.parquet", "bytes": 3, "sha256": "cd" * 32}],
            "settings": {"rts_file": {"type": "VectorFileDataset", "layer": None}},
            "versions": {"python": "3.11.2", "numpy": "2.4.6"},
            "code_sha256": "ef" * 32,
        },
    )


def _cube(cells: gpd.GeoDataFrame, random: np.random.Generator) -> xr.Dataset:
    """Static features, and one of each year with a gap."""
    n = len(cells)
    by_year = random.normal(size=(n, len(YEARS)))
    by_year[0] = np.nan
    return xr.Dataset(
        {
            name: (("cell", "year"), by_year, attributes)
            if attributes["years"] == "y"
            else ("cell", random.normal(size=n), attributes)
            for name, attributes in FEATURES.items()
        },
        coords={"cell_ids": ("cell", cells["cell_id"].to_numpy()), "year": YEARS},
    )


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
        rts_area_fraction=np.where(unobserved, np.nan, 4e-6 * count**2),
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
        **_doubts(len(place), np.random.default_rng(4)),
    )


def _regional_calibration() -> pd.DataFrame:
    """Two regions, one of them with a single block."""
    return pd.DataFrame(
        {
            "region": ["-180 to -135", "0 to 45"], "n_cell_years": [100, 20], "n_blocks": [7, 1],
            "n_positive": [30, 5], "mean_p_any": [0.35, 0.2], "frequency": [0.3, 0.25], "bias": [0.05, -0.05],
            "low_95": [0.01, np.nan], "high_95": [0.09, np.nan],
        }
    )  # fmt: skip


def _doubts(n: int, random: np.random.Generator) -> dict[str, object]:
    """Every third row is outside, far from all training cells."""
    is_applicable = np.arange(n) % 3 > 0
    return {
        "p_any_sd": random.uniform(0.01, 0.1, n),
        "p_any_low": 0.0,
        "p_any_high": 1.0,
        "conformal_set": np.where(is_applicable, "none", "none|few"),
        "dissimilarity": random.uniform(0, 1, n),
        "distance_m": np.where(is_applicable, 1e4 - 0.3, 8.12e5 + 0.4),
        "unknown_groups": 0,
        "is_applicable": is_applicable,
        "not_applicable_because": pd.array(np.where(is_applicable, None, "far: 812 km"), dtype="str"),
    }


def _survey(
    cells: gpd.GeoDataFrame, labels: pd.DataFrame, cell_years: pd.DataFrame, random: np.random.Generator
) -> pd.DataFrame:
    predictions = cell_years.assign(p_any=random.uniform(size=len(cell_years)), is_applicable=True)
    return plan_survey(cells, labels, predictions, SurveyPlan(5e3, 100.0, 1.0, 100.0, 1.0))


def _responses() -> pd.DataFrame:
    """A curve of each feature but the last."""
    points = np.arange(10) / 4.5 - 1
    curve = pd.DataFrame({"value": points, "effect": 0.1 * points, "low_90": 0.05 * points, "high_90": 0.15 * points})
    return pd.concat([curve.assign(feature=name) for name in list(FEATURES)[:3]], ignore_index=True)[
        ["feature", "value", "effect", "low_90", "high_90"]
    ].assign(n=60)


def _boxes() -> pd.DataFrame:
    """Eight of them, with fewer and fewer slumps."""
    probabilities = _probabilities(np.linspace(0.8, 0.1, 8))
    return pd.DataFrame(
        {"box": range(8), "n_training_rows": 40, "share_of_training_rows": 0.125, "share_of_land": 0.12}
    ).assign(p_any=1 - probabilities["p_none"], **probabilities)


def _box_values() -> pd.DataFrame:
    """Two features a box, the range of one unknown."""
    ends = {"low_80": [-0.5, np.nan] * 8, "high_80": [0.5, np.nan] * 8}
    return pd.DataFrame(
        {
            "box": np.repeat(np.arange(8), 2), "rank": [1, 2] * 8, "feature": list(FEATURES)[:2] * 8,
            "value": 0.25, **ends, "mean": 0.0, "departure_sd": [1.5, -0.5] * 8, "share": [0.6, 0.1] * 8,
        }
    )  # fmt: skip


def _cell_drivers(cell_years: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    orders = random.permuted(np.tile(np.arange(4), (len(cell_years), 1)), axis=1)[:, :3]
    return pd.concat(
        [
            cell_years.assign(
                rank=rank, feature=np.array(list(FEATURES))[orders[:, rank - 1]], share=share, contribution=-share
            )
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
    base = {"espa": 0.12, "logistic": 0.10, "knn_coordinates": -0.03, "prevalence": 0.0, "bayes_limit": 0.2}
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


def _folds(cell_ids: np.ndarray) -> pd.DataFrame:
    """Three folds in turn; in spatial folds the cell after a tested one is left out."""
    place = np.arange(len(cell_ids)) % 6
    pieces = []
    for scheme, fold in product(("spatial", "random"), range(3)):
        role = np.where(place // 2 == fold, "test", "train")
        if scheme == "spatial":
            role = np.where((place == (2 * fold + 2) % 6) & (role == "train"), "buffer", role)
        pieces.append(pd.DataFrame({"scheme": scheme, "fold": fold, "cell_id": cell_ids, "role": role}))
    return pd.concat(pieces, ignore_index=True).assign(year=pd.Series(dtype="Int64"))


def _true_map_skill() -> pd.DataFrame:
    """A map that is worse where nobody has looked."""
    scores = {"log_skill": 0.15, "rpss": 0.12, "auc": 0.65, "brier_skill": 0.1, "ece": 0.03}
    return pd.DataFrame(
        [
            (extent, score, value - shift, n_cell_years, n_cell_years // 3)
            for extent, shift, n_cell_years in (("all land", 0.0, 400), ("land never observed", 0.05, 100))
            for score, value in scores.items()
        ],
        columns=["extent", "score", "value", "n_cell_years", "n_positive"],
    )


def _fold_scores(models: list[str], schemes: list[str]) -> pd.DataFrame:
    """The scores about which three folds scatter; fold 2 has no slumps, so there is no AUC."""
    pooled = _scores(models, schemes)[["scheme", "model", "score", "value"]]
    pieces = [
        pooled.assign(fold=fold, value=pooled["value"] + shift, n_cell_years=100, n_positive=n_positive)
        for fold, shift, n_positive in ((0, 0.03, 60), (1, -0.03, 40), (2, 0.0, 0))
    ]
    told = pd.concat(pieces, ignore_index=True)
    told["value"] = told["value"].mask((told["n_positive"] == 0) & (told["score"] == "auc"))
    return told[["scheme", "fold", "model", "score", "value", "n_cell_years", "n_positive"]]


GRID = "h3_3"
MAP_MODEL = Arrays({"0.0.edges": np.array([0.5, 1.5])}, {"format": "a model"})
DOUBTS_MODEL = Arrays({"rows": np.array([3, 1])}, {"format": "doubts"})
RUN = {
    "composition": {"world": "virtual_arctic", "labels": "darts", "features": ["era5_monthly"]},
    "parameters": {"grid": GRID, "random_seed": 0, "virtual_arctic": {"seed": 1}},
}


def reporting_parameters(**changes: Any) -> ReportingParameters:
    values = {
        "title": "A fabricated run",
        "description": "Nothing here is real.",
        "purpose": "model",
        "notice": "",
        "year_names": {2022: "2018–2022, pooled"},
        "overview_pixel_size_m": 20_000.0,
        "n_bayes_limit_draws": 50,
        "attributions": ["A source, 2020, CC BY 4.0."],
    }
    return ReportingParameters.model_validate(values | changes)


def run_of(
    results: RunResults, *, with_limit: bool = True, tasks: Mapping[str, TaskResults] | None = None, **changes: Any
) -> RunFolder:
    """The run of fabricated results, with other datasets or reporting parameters where named, and with tasks."""
    datasets = {name: changes.pop(name, getattr(results, name)) for name in dataset_names(with_limit=with_limit)}
    reporting = reporting_parameters(**changes)
    about = about_run(reporting, Composition.model_validate(RUN["composition"]), "base", "kedro run")
    declared = {"tasks": {name: {"kind": "mask", "source": "virtual_slumps"} for name in tasks}} if tasks else {}
    described = {"about": asdict(about), "composition": RUN["composition"] | declared}
    of_tasks = {
        f"{name}.{field.name}": getattr(task, field.name)
        for name, task in (tasks or {}).items()
        for field in fields(task)
    }
    _, run = assemble_run(reporting, GRID, RUN | described, MAP_MODEL, DOUBTS_MODEL, **datasets, **of_tasks)
    return run
