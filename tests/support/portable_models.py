"""A small finished run's model in a folder, and cells with features to which it can be applied."""

import copy
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from entropice.crs import POLAR_CRS
from entropice.dggs import parse_grid
from entropice.learning.portable import pack
from entropice.pipelines.modelling import nodes
from entropice.pipelines.modelling.parameters import ModellingParameters
from entropice.report.manifest import to_json
from entropice.report.model_files import ModelFiles, write_model_files
from entropice.sha256 import file_entries

Change = Callable[[dict[str, Any]], dict[str, Any]]
GRID, SEED, YEARS = "h3_4", 3, [2021, 2022]
REBUILD = "kedro run --params grid=h3_4"
SOURCES = {
    "slope_mean_deg": ("degree", "terrain", "ArcticDEM", ("cell",)),
    "elevation_mean_m": ("m", "terrain", "ArcticDEM", ("cell",)),
    "precipitation_mm": ("mm", "climate", "ERA5", ("cell", "year")),
}
PARAMETERS = ModellingParameters.model_validate(
    {
        "features": "all",
        "n_classes": 4,
        "folds": {
            "schemes": ["spatial"],
            "n_folds": 3,
            "buffer_m": 60_000.0,
            "block_level": {"h3": 2, "healpix": 4},
        },
        "tuning": {"n_inner_folds": 2, "device": "cpu", "candidates": {"logistic": {"C": [0.1, 1.0]}}},
        "models": ["logistic", "latitude", "knn_coordinates", "prevalence"],
        "map_model": "logistic",
        "n_bootstrap": 100,
        "doubts": {"n_members": 5},
        "drivers": {"n_folds": 2, "n_nulls": 3, "n_cell_drivers": 1},
        "prediction_years": YEARS,
    }
)


def cells_between(west_deg: float, east_deg: float, grid_key: str = GRID) -> gpd.GeoDataFrame:
    """Cells from 72 to 82° N between two meridians."""
    grid = parse_grid(grid_key)
    cell_ids = np.array(grid.cells_north_of(72.0).tolist(), dtype=np.uint64)
    lon_deg, lat_deg = grid.centres(cell_ids)
    columns = {"cell_id": cell_ids, "lon_deg": lon_deg, "lat_deg": lat_deg, "area_m2": 1.77e9, "land_fraction": 0.96}
    places = gpd.GeoDataFrame(columns, geometry=grid.polygons(cell_ids), crs=POLAR_CRS)
    chosen = (lon_deg > west_deg) & (lon_deg < east_deg) & (lat_deg < 82)
    return places[chosen].sort_values("cell_id", ignore_index=True)


def cube_on(cells: gpd.GeoDataFrame, years: list[int], seed: int = 0) -> xr.Dataset:
    """Random features that describe themselves."""
    random = np.random.default_rng(seed)
    sizes = {"cell": len(cells), "year": len(years)}
    return xr.Dataset(
        {
            name: (
                dimensions,
                random.normal(size=[sizes[dimension] for dimension in dimensions]),
                {
                    "units": units,
                    "group": group,
                    "source": source,
                    "statistic": "mean",
                    "years": "y",
                    "long_name": name,
                },
            )
            for name, (units, group, source, dimensions) in SOURCES.items()
        },
        coords={"cell_ids": ("cell", cells["cell_id"].to_numpy()), "year": years},
    )


def labels_on(cells: gpd.GeoDataFrame, cube: xr.Dataset) -> pd.DataFrame:
    random = np.random.default_rng(1)
    count = random.poisson(np.repeat(np.exp(1.5 * cube["slope_mean_deg"].to_numpy() - 0.5), len(YEARS)))
    area_m2 = count * random.lognormal(9, 0.7, len(count))
    return pd.DataFrame(
        {
            "cell_id": np.repeat(cells["cell_id"].to_numpy(), len(YEARS)),
            "year": np.tile(YEARS, len(cells)),
            "observed_fraction": 1.0,
            "observed_land_area_m2": 1.7e9,
            "state": np.where(count > 0, "observed_with", "observed_without"),
            "rts_count": count,
            "rts_area_m2": area_m2,
            "rts_per_km2": count / 1700,
            "rts_area_fraction": area_m2 / 1.7e9,
        }
    )


class Run:
    """What the steps of a run have made of cells near 180°."""

    def __init__(self) -> None:
        splitting, tuning = PARAMETERS.folds, PARAMETERS.tuning
        self.cells = cells_between(120.0, 180.0)
        self.features = cube_on(self.cells, YEARS)
        self.table = nodes.build_training_table(labels_on(self.cells, self.features), self.features, "all")
        where = (self.features, self.cells, GRID, SEED, splitting)
        compared = (tuning, list(PARAMETERS.models), PARAMETERS.n_classes)
        folds = nodes.make_folds(self.table, self.cells, GRID, SEED, splitting)
        _, out_of_fold = nodes.predict_out_of_fold(self.table, folds, *where, *compared)
        self.classes, self.map_model, _ = nodes.fit_model(self.table, *where, *compared, "logistic", YEARS)
        self.doubts_model, _ = nodes.fit_doubts(
            self.map_model, self.classes, self.table, folds, out_of_fold, *where, PARAMETERS.doubts, 100
        )

    def predictions(self) -> pd.DataFrame:
        """As the pipeline `modelling` makes them."""
        return nodes.predict(
            self.map_model, self.classes, self.doubts_model, self.features, self.cells, GRID, PARAMETERS.folds, YEARS
        )

    def packed(self) -> ModelFiles:
        """As the pipeline `reporting` packs them."""
        parts = {"map_model": self.map_model, "doubts_model": self.doubts_model}
        of = {name: (part.arrays, part.metadata) for name, part in parts.items()}
        return ModelFiles(*pack(of, self.classes, GRID, self.table, self.features))


@cache
def finished_run() -> Run:
    """Fitted once for all tests of a process."""
    return Run()


def run_folder(folder: Path, changed: Change = dict, changed_arrays: Change = dict) -> Path:
    """A run folder as far as a model is concerned, its document and arrays changed before they are written."""
    packed = finished_run().packed()
    folder.mkdir()
    files = ModelFiles(changed_arrays(dict(packed.arrays)), changed(copy.deepcopy(dict(packed.document))))
    write_model_files(files, folder)
    manifest = {"run_id": "0123456789abcdef", "title": "A small run", "files": file_entries(folder)}
    (folder / "manifest.json").write_text(to_json(manifest | {"rebuild_command": REBUILD}), encoding="utf-8")
    return folder
