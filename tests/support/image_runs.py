"""A run of tasks of imagery, made up: ice that drifts for a week, and types of ice told from images."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.ndimage import gaussian_filter

from entropice.imagery.map_layers import Category, MapLayer, Ramp
from entropice.imagery.panels import Panel, PanelRow, Picture
from entropice.report.about import About
from entropice.report.image_run.content import ImageRun, TaskWords, build_run
from entropice.report.kind_texts import KindScoreText, KindTexts
from entropice.report.origin import Origin
from entropice.report.texts import Text

N_DAYS = 7
FIRST_DAY = date(2024, 3, 1)
CONCENTRATION = Ramp(0.0, 1.0, "Blues_r")
DIFFERENCE = Ramp(-0.5, 0.5, "RdBu")
TYPES = (
    Category(0, "open water", "#0b3c6f"), Category(1, "thin ice", "#5aa9c9"), Category(2, "thick ice", "#f2f6f8"),
    Category(3, "none of these", "#8c8c8c"),
)  # fmt: skip
ABOUT = About(
    title="Sea ice of a virtual ocean",
    description="Every image and field of this run was made by Entropice itself; the law of its ice is known.",
    purpose="plumbing check",
    notice="Made up for tests: nothing here says anything about ice.",
    attributions=("Synthetic data, made by Entropice itself; no credit is required.",),
    rebuild_command="kedro run --env sea_ice",
)
COMPOSITION: dict[str, Any] = {
    "world": None,
    "pipelines": ["scenes", "samples", "training", "evaluation", "layers", "image_report"],
    "tasks": {
        "ice_motion": {"kind": "frames", "source": "virtual_ice"},
        "ice_types": {"kind": "class", "source": "virtual_ice"},
    },
}
PARAMETERS: dict[str, Any] = {
    "random_seed": 7,
    "tasks": {
        "ice_motion": {
            "bands": ["ice_concentration", "wind_x", "wind_y"],
            "network": {"architecture": "convlstm", "depth": 2, "encoder_weights": None},
            "training": {"batch_size": 4, "is_flipped": True, "losses": [{"name": "mse", "weight": 1.0}]},
        },
        "ice_types": {"bands": ["red", "green", "blue"], "network": {"architecture": "resnet50"}, "training": {}},
    },
}
PROVENANCE: dict[str, Any] = {
    "inputs": [{"dataset": "fields", "path": "fields.nc", "bytes": 12, "sha256": "ab" * 32}],
    "intermediates": [],
    "settings": {},
    "versions": {"entropice": "0.0", "numpy": "2.0"},
    "code_sha256": "cd" * 32,
}
MOTION = TaskWords(
    "ice_motion", "Ice motion", "frames", "What will be seen next", "virtual_ice", "the virtual ocean",
    KindTexts(
        (Text("network", "The network"), Text("persistence", "Persistence"), Text("drift", "Drift that is kept"),
         Text("known_drift", "Known future drift")),
        (KindScoreText("mse", "Mean squared error", 0), KindScoreText("mae", "Mean absolute error", 0, "%")),
    ),
)  # fmt: skip
TYPING = TaskWords(
    "ice_types", "Ice types", "class", "Which class an image is of", "virtual_ice", "the virtual ocean",
    KindTexts(
        (Text("network", "The network"), Text("prevalence", "Most frequent class")),
        (KindScoreText("accuracy", "Accuracy", 1), KindScoreText("precision", "Precision", 1),
         KindScoreText("slope", "Calibration slope", 1)),
    ),
)  # fmt: skip
CARD: dict[str, Any] = {
    "inputs": "Concentration and wind of 30 days, 25 km a pixel.",
    "outputs": "Concentration of the next 7 days.",
    "learned_from": "80 sequences of the years 2010 to 2019.",
    "tested_on": "20 sequences of years that no model has learned from.",
    "limits": ["Nothing is learned of leads below a pixel.", "Ice beyond day 7 is not foreseen."],
    "expectations": [{"what": "MSE at day 1", "published": "< 0.01", "ours": "0.0041 (persistence 0.0044)"}],
}


_OBJECTS = gpd.GeoDataFrame(
    {
        "object_id": [0, 0, 1],
        "region": "Bhutan",
        "year": [2017, 2021, 2021],
        "split": ["test", "test", "train"],
        "block": pd.array([1, 1, 2], dtype="uint64"),
        "p": [0.9, 0.95, 0.4],
        "area_m2": [9000.0, 12_000, 900],
        "area_low_90_m2": [8000.0, 11_000, 500],
        "area_high_90_m2": [11_000.0, 14_000, 2000],
        "area_sd_m2": [800.0, 900, 400],
        "n_pixels": [90, 120, 9],
        "chance_mean": [0.9, 0.9, 0.5],
        "is_below_min": [False, False, True],
        "is_cut": [False, False, True],
    },
    geometry=[shapely.box(0, 0, 100, 90), shapely.box(0, 0, 100, 120), shapely.box(500, 0, 530, 30)],
    crs="EPSG:3413",
)
_GROWTH = pd.DataFrame({"object_id": [0], "block": pd.array([1], dtype="uint64"), "change_m2": [3000.0]})
_REGIONS = pd.DataFrame(
    {
        "region": "Bhutan",
        "year": [2017, 2017, 2021],
        "split": ["all", "test", "all"],
        "n_objects": [1, 1, 2],
        "area_m2": [9_100_000.0, 9_100_000, 12_500_000],
        "area_low_90_m2": [8e6, 8e6, 1.1e7],
        "area_high_90_m2": [1e7, 1e7, 1.4e7],
    }
)
_SCORES = pd.DataFrame(
    {
        "score": ["area_bias"], "part": ["large"], "value": [0.0123], "low_95": [-0.02], "high_95": [0.04],
        "n_blocks": [5], "n": [234],
    }
)  # fmt: skip
INVENTORY_DATASETS: dict[str, Any] = {
    "inventory": _OBJECTS, "growth": _GROWTH, "region_areas": _REGIONS, "inventory_scores": _SCORES,
}  # fmt: skip
"""What the pipeline ``inventory`` adds to a task."""


def image_run(about: About = ABOUT, **changes: Any) -> ImageRun:
    """The run; changes are datasets by ``<task>__<name>``."""
    given = datasets() | {name.replace("__", "."): value for name, value in changes.items()}
    return build_run(about, Origin(COMPOSITION, PARAMETERS, PROVENANCE), (MOTION, TYPING), given)


def datasets() -> dict[str, Any]:
    """What both tasks end in."""
    return {
        "ice_motion.task_scores": motion_scores(),
        "ice_motion.map_layers": motion_layers(),
        "ice_motion.panel": motion_panel(),
        "ice_motion.card_facts": CARD,
        "ice_types.task_scores": type_scores(),
        "ice_types.map_layers": [type_layer()],
        "ice_types.panel": type_panel(),
        "ice_types.card_facts": CARD | {"outputs": "One of three types of ice.", "expectations": [], "limits": []},
    }


def motion_scores() -> pd.DataFrame:
    """Errors by day and part of network and rivals, and what the network's are less those of each."""
    days, random = np.arange(1, N_DAYS + 1), np.random.default_rng(3)
    levels = {
        "network": 0.0038 * days**0.8, "persistence": 0.0045 * days**0.95, "drift": 0.0039 * days**0.95,
        "known_drift": 0.0007 * days,
    }  # fmt: skip
    rows = []
    for score, factor in (("mse", 1.0), ("mae", 900.0)):
        for part in ("space", "time"):
            for model, values in levels.items():
                for day, value in zip(days, factor * values * (1.1 if part == "time" else 1.0), strict=True):
                    rows.append(_score(model, None, score, value, random, part, float(day)))
                    if model in ("persistence", "drift"):
                        own = factor * levels["network"][day - 1]
                        rows.append(_score("network", model, score, own - value, random, part, float(day)))
    return pd.DataFrame(rows)


def type_scores() -> pd.DataFrame:
    """Scores of all, and precision by class."""
    random = np.random.default_rng(4)
    of_all = [
        _score("network", None, "accuracy", 0.91, random),
        _score("prevalence", None, "accuracy", 0.4, random),
        _score("network", "prevalence", "accuracy", 0.51, random),
        _score("network", None, "slope", 0.97, random),
    ]
    by_class = [_score("network", None, "precision", 0.9, random, part) for part in ("open water", "thin ice")]
    return pd.DataFrame([*of_all, *by_class])


def _score(
    model: str, other: str | None, score: str, value: float, random: np.random.Generator,
    part: str | None = None, horizon: float | None = None,
) -> dict[str, Any]:  # fmt: skip
    half = abs(value) * random.uniform(0.05, 0.15)
    return {
        "model": model, "compared_with": other, "score": score, "part": part, "horizon": horizon, "value": value,
        "low_95": value - half, "high_95": value + half, "n_blocks": 24, "n": 12_345,
    }  # fmt: skip


def concentration(day: int, n_pixels: int = 96) -> np.ndarray:
    """Ice that drifts to the right; NaN over land."""
    noise = gaussian_filter(np.random.default_rng(1).normal(size=(n_pixels, 2 * n_pixels)), 6)
    ice = np.clip(0.5 + 6 * noise[:, n_pixels - 3 * day : 2 * n_pixels - 3 * day], 0, 1)
    rows, columns = np.mgrid[:n_pixels, :n_pixels]
    is_land = (rows - n_pixels) ** 2 + columns**2 < (n_pixels / 3) ** 2
    return np.where(is_land, np.nan, ice).astype(np.float32)


def motion_layers() -> list[MapLayer]:
    """A forecast for each of seven days."""
    return [
        MapLayer(
            f"day_{day}", "Forecast", "Share of the sea that ice covers.", "1", concentration(day),
            -1_200_000.0, 1_200_000.0, 25_000.0, CONCENTRATION,
            FIRST_DAY + timedelta(day - 1), FIRST_DAY + timedelta(day),
        )
        for day in range(1, N_DAYS + 1)
    ]  # fmt: skip


def type_layer() -> MapLayer:
    """Types of ice; NaN over land."""
    ice = concentration(0)
    types = np.where(np.isnan(ice), np.nan, np.digitize(ice, [0.15, 0.5])).astype(np.float32)
    types[5:15, 60:80] = 3
    return replace(
        motion_layers()[0], name="types", title="Types of ice", values=types, style=TYPES, begins=None, ends=None,
        description="What the network takes an image for.",
    )  # fmt: skip


def motion_panel() -> Panel:
    """Forecast, truth and what differs, for three days."""
    rows = []
    for day in (1, 3, 7):
        said, true = concentration(day), concentration(day + 1)
        pictures = (
            Picture("Forecast", said, CONCENTRATION), Picture("Truth", true, CONCENTRATION),
            Picture("Forecast less truth", said - true, DIFFERENCE),
        )  # fmt: skip
        rows.append(PanelRow(f"day {day}, {np.isfinite(true).sum():,} valid pixels", pictures))
    return Panel("A week of ice", tuple(rows), "Differences grow from day to day; land is not known.")


def type_panel() -> Panel:
    """Images and what they were taken for."""
    random = np.random.default_rng(6)
    image = np.clip(gaussian_filter(random.random((64, 64, 3)), (3, 3, 0)), 0, 1).astype(np.float32)
    stretched = ((image - image.min()) / np.ptp(image)).astype(np.float32)
    pictures = (
        Picture("Image", stretched),
        Picture("Chance of thick ice", concentration(2, 64), Ramp(0, 1, "viridis")),
    )
    return Panel("Images and chances", (PanelRow("", pictures),), "What is white need not be thick.")
