"""What a task has found, made up: a grid of cells, tiles on some of them, outlines on some of these."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from entropice.report.results import TaskResults

YEARS = (2021, 2022)
RATIOS = (200.0, 500.0, 1000.0)
MODELS = {"network": 0.8, "pixel_logistic": 0.1, "pixel_boosting": 0.4}
TILE_M = 3000.0
GATE: dict[str, Any] = {
    "bound": 0.05,
    "threshold_per_km2": 0.004,
    "missed_share": 0.032,
    "n_blocks": 35,
    "model": "best",
    "land_saved": 0.25,
    "curve": [
        {"threshold_per_km2": threshold, "missed_share": share**2, "land_saved": share}
        for threshold, share in zip([None, 0.001, 0.004, 0.02, 0.1], [0.0, 0.1, 0.18, 0.6, 1.0], strict=True)
    ],
}


def task_results(cells: gpd.GeoDataFrame) -> TaskResults:
    """Results on cells of ``cell_id area_m2 land_fraction geometry``; the first third passes no gate."""
    random = np.random.default_rng(5)
    n = len(cells)
    passes = np.arange(n) >= n // 3
    is_imaged = passes & (np.arange(n) % 2 == 0)
    expected = np.where(passes, 0.005 + random.gamma(1.0, 0.02, n), 0.001)
    tiles = _tiles(cells[is_imaged], expected[is_imaged], random)
    outlines = _outlines(tiles, random)
    return TaskResults(
        outlines=outlines,
        imaged_tiles=tiles,
        cell_finds=_finds(cells, expected, passes, is_imaged, random),
        gate=GATE,
        image_scores=_image_scores(),
        image_curves=_image_curves(),
        object_scores=_object_scores(),
        joint_scores=_joint_scores(),
    )


def _tiles(cells: gpd.GeoDataFrame, expected: np.ndarray, random: np.random.Generator) -> gpd.GeoDataFrame:
    centres = shapely.get_coordinates(shapely.centroid(cells.geometry.to_numpy()))
    half_m = TILE_M / 2
    squares = shapely.box(*(centres - half_m).T, *(centres + half_m).T)
    is_best = np.arange(len(cells)) % 3 > 0
    of_year = [
        gpd.GeoDataFrame(
            {
                "tile": [f"{x:+.0f}_{y:+.0f}" for x, y in centres],
                "cell_id": cells["cell_id"].to_numpy(),
                "year": year,
                "stratum": 0,
                "inclusion": np.where(is_best, 1.0, 0.2),
                "is_best": is_best,
                "expected": expected * TILE_M**2 / 1e6,
                "n_found": random.integers(0, 3, len(cells)),
                "expected_found": random.uniform(0, 1, len(cells)),
                "seen_area_m2": 0.9 * TILE_M**2,
            },
            geometry=squares,
            crs=cells.crs,
        )
        for year in YEARS
    ]
    return gpd.GeoDataFrame(pd.concat(of_year, ignore_index=True), crs=cells.crs)


def _outlines(tiles: gpd.GeoDataFrame, random: np.random.Generator) -> gpd.GeoDataFrame:
    held = tiles[tiles["n_found"] > 0].reset_index(drop=True)
    p = random.uniform(0.02, 1.0, len(held))
    blobs = held.geometry.centroid.buffer(120.0)
    return gpd.GeoDataFrame(
        {
            "outline_id": np.arange(len(held)), "tile": held["tile"], "cell_id": held["cell_id"],
            "year": held["year"], "area_m2": blobs.area, "area_sd_m2": 0.1 * blobs.area, "n_pixels": 300,
            "log_odds": np.log(p / (1 - p)), "p_pixels": p, "p": np.clip(1.1 * p, 0, 1),
        },
        geometry=blobs.to_numpy(),
        crs=tiles.crs,
    )  # fmt: skip


def _finds(
    cells: gpd.GeoDataFrame,
    expected: np.ndarray,
    passes: np.ndarray,
    is_imaged: np.ndarray,
    random: np.random.Generator,
) -> pd.DataFrame:
    n = len(cells)
    found = np.where(is_imaged, random.gamma(0.5, 0.05, n), np.nan)
    growth = np.where(is_imaged & (np.arange(n) % 4 == 0), random.normal(200.0, 600.0, n), np.nan)
    left = passes & ~is_imaged
    ranks = pd.Series(np.where(left, expected, np.nan)).rank(ascending=False, method="first").astype("Int64")
    return pd.DataFrame(
        {
            "cell_id": cells["cell_id"].to_numpy(),
            "expected_per_km2": expected,
            "passes_gate": passes,
            "n_tiles": is_imaged.astype(np.int64),
            "seen_area_m2": np.where(is_imaged, 0.9 * TILE_M**2, 0.0),
            "found": 8.1 * found,
            "found_per_km2": found,
            "found_low_90": 0.5 * found,
            "found_high_90": 2.0 * found,
            "growth_m2_per_year": growth,
            "growth_low_90": growth - 300.0,
            "growth_high_90": growth + 300.0,
            "look_next_rank": ranks,
        }
    )


def _image_scores() -> pd.DataFrame:
    scores = {"pr_auc": 1.0, "iou": 0.7, "log_skill": 0.9, "slope": 1.2, "predicted_over_observed": 0.9}
    rows = []
    for model, skill in MODELS.items():
        for ratio in RATIOS:
            for score, factor in scores.items():
                value = factor * skill
                rows.append((model, None, ratio, score, value, value - 0.3, value + 0.05, 33))
                if model != "network":
                    lead = factor * MODELS["network"] - value
                    rows.append(("network", model, ratio, score, lead, lead - 0.5, lead + 0.2, 33))
    columns = ["model", "compared_with", "ratio", "score", "value", "low_95", "high_95", "n_blocks"]
    frame = pd.DataFrame(rows, columns=columns).assign(mean=np.nan, n_undefined=0)
    return frame.astype({"compared_with": "str"})


def _image_curves() -> pd.DataFrame:
    recall = np.linspace(0.05, 1.0, 20)
    chance = np.array([1e-4, 1e-3, 1e-2, 0.1, 0.5, 0.9])
    parts = []
    for model, skill in MODELS.items():
        for ratio in RATIOS:
            precision = skill * (1 - recall**3) * 200.0 / ratio
            told = {"model": model, "ratio": ratio}
            parts += [
                pd.DataFrame(told | {"curve": "precision_recall", "x": recall, "y": precision, "n": np.nan}),
                pd.DataFrame(told | {"curve": "reliability", "x": chance, "y": chance**1.2, "n": 1e6 * (1 - chance)}),
            ]
    return pd.concat(parts, ignore_index=True)


def _object_scores() -> pd.DataFrame:
    """Scores of all objects, and recall of two classes of sizes, of which the smaller falls behind at IoU .5."""
    nan = np.nan
    rows: list[tuple[Any, ...]] = []
    for iou, value in ((0.1, 0.7), (0.3, 0.6), (0.5, 0.4)):
        for ratio in RATIOS:
            rows += [
                (iou, ratio, nan, nan, score, value, value - 0.2, value + 0.1, 33, 23, 20)
                for score in ("precision", "recall")
            ]
        for low_m, high_m, n_true, n_found in ((50.0, 200.0, 20, 10), (200.0, nan, 3, 3)):
            recall = n_found / n_true
            rows += [
                (iou, nan, low_m, high_m, "recall_of_size", recall, recall - 0.2, recall, 33, n_true, n_found),
                (iou, nan, low_m, high_m, "advises_resolutions", float(iou == 0.5 and high_m > 0), nan, nan, 33, n_true,
                 n_found),
            ]  # fmt: skip
    columns = [
        "min_iou", "ratio", "low_m", "high_m", "score", "value", "low_95", "high_95", "n_blocks", "n_true", "n_found",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _joint_scores() -> pd.DataFrame:
    values = {
        ("pixels", None): 0.5,
        ("hard_gate", None): 0.48,
        ("soft", None): 0.55,
        ("hard_gate", "pixels"): -0.02,
        ("soft", "pixels"): 0.05,
        ("soft", "hard_gate"): 0.11,
    }
    rows = [
        (*ways, ratio, "pr_auc", value, value - 0.1, value + 0.1, 23, 20)
        for ways, value in values.items()
        for ratio in (500.0, 1000.0)
    ]
    names = ["way", "compared_with", "ratio", "score", "value", "low_95", "high_95", "n_true", "n_found"]
    return pd.DataFrame(rows, columns=names)
