"""Fabricated finished runs of several grids: one world, whose forecasts are as good as a test asks for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from entropice.comparison.finished_run import FinishedRun
from entropice.dggs import Region, build_cells, parse_grid

YEARS = [2021, 2022]
MEANS = [0.0, 1e-3]
LAND = gpd.GeoDataFrame(geometry=[shapely.box(-900_000, -900_000, 900_000, 900_000)], crs="EPSG:3413")


def wealth(x_m: np.ndarray) -> np.ndarray:
    """Share of the ground that has slumps: from nothing in the west to all in the east."""
    return np.clip((x_m + 900_000) / 1_800_000, 0.0, 1.0)


def _slumps() -> gpd.GeoDataFrame:
    random = np.random.default_rng(5)
    x, y = random.uniform(-880_000, 880_000, (2, 3000))
    is_there = random.uniform(size=3000) < wealth(x)
    outlines = shapely.box(x - 250, y - 250, x + 250, y + 250)[is_there]
    years = random.choice(YEARS, size=is_there.sum())
    return gpd.GeoDataFrame(
        {"rts_id": range(is_there.sum()), "year": years, "area_m2": shapely.area(outlines)},
        geometry=outlines,
        crs=LAND.crs,
    )


CONTEXT = {
    "land": LAND,
    "slumps": _slumps(),
    "searched_ground": gpd.GeoDataFrame({"year": YEARS}, geometry=[LAND.geometry.iloc[0]] * 2, crs=LAND.crs),
}


class FabricatedRun:
    """What `entropice.runs.Run` offers of a run folder."""

    def __init__(self, key: str, forecast: Callable[[np.ndarray], np.ndarray]) -> None:
        grid = parse_grid(key)
        cells = build_cells(grid, Region.north_of(80.0), LAND, 0.05).set_index("cell_id")
        cells.index = cells.index.astype(np.int64)
        self._chance = forecast(cells.geometry.centroid.x.to_numpy())
        for year in YEARS:
            cells[f"observed_fraction_{year}"] = 1.0
            cells[f"p_any_rts_{year}"] = self._chance
            cells[f"expected_rts_area_fraction_{year}"] = self._chance * MEANS[1]
        self._cells, self.years, self.map_model = cells, YEARS, "logistic"
        self.folder = Path(key) / "08_reporting/run"
        self.manifest: dict[str, Any] = {
            "run_id": "0" * 16,
            "title": "A fabricated run",
            "purpose": "model",
            "notice": "",
            "beaten": None,
            "leaks": {"statement": "None was found.", "findings": []},
            "map_model": {"name": "logistic", "title": "logistic regression"},
            "models": [
                {"name": "logistic", "title": "logistic regression"},
                {"name": "prevalence", "title": "prevalence"},
            ],
            "classes": {"names": ["none", "some"], "edges": []},
            "composition": {"labels": "darts", "features": ["arcticdem"]},
            "seeds": {"random_seed": 0},
            "versions": {"numpy": "2.4"},
            "code_sha256": "c0de",
            "grid": {"key": key, "level": grid.level},
            "n_cells": len(cells),
            "files": [{"name": "run.gpkg", "bytes": 7}],
            "intermediates": [{"dataset": name, "sha256": name} for name in ("rts", "coverage", "land")],
            "years": YEARS,
            "parameters": {"labels": {"min_observed_fraction": 0.5}},
            "rebuild_command": f"kedro run --params grid={key}",
        }

    def columns_of_cells(self, names: list[str]) -> gpd.GeoDataFrame:
        return self._cells[[*names, "geometry"]]

    def context(self, name: str) -> gpd.GeoDataFrame:
        return CONTEXT[name]

    def forecasts(self, scheme: str) -> pd.DataFrame:
        prevalence = np.full(len(self._chance), self._chance.mean())
        parts = [
            pd.DataFrame(
                {"scheme": scheme, "fold": 0, "model": model, "cell_id": self._cells.index, "year": year,
                 "p_none": 1 - chance, "p_some": chance}
            )
            for model, chance in (("logistic", self._chance), ("prevalence", prevalence))
            for year in YEARS
        ]  # fmt: skip
        return pd.concat(parts, ignore_index=True)


def density(x_m: np.ndarray) -> np.ndarray:
    """The expected density over the mean of its class: 3000 slumps of 0.25 km² in two years on the land."""
    return wealth(x_m) * (3000 / 2 * 250_000 / (1_760_000**2)) / MEANS[1]


@pytest.fixture(scope="session")
def make_run() -> Callable[..., FinishedRun]:
    def make(
        key: str, name: str = "", forecast: Callable[[np.ndarray], np.ndarray] = density, seconds: dict | None = None
    ) -> FinishedRun:
        classes = {"spatial/0": {"names": ["none", "some"], "mean_rts_area_fraction": MEANS}}
        return FinishedRun(name or key, FabricatedRun(key, forecast), classes, seconds or {})

    return make
