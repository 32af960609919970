"""A run folder of any size, written as the product writes one: ``python -m benchmarks.large_run SMALL FOLDER``.

SMALL is the folder of a grid that a run has filled, such as ``data/virtual_arctic/h3_4``. Every cell of a finer grid
takes over the rows of one of its cells: labels, predictions with all their doubts, drivers, features. What is not of a
cell stays as it is, and rows of cells that were tested or are to be surveyed go to one heir each. Report and model are
those of SMALL.
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from benchmarks.measuring import measured
from entropice.crs import POLAR_CRS
from entropice.dggs import parse_grid
from entropice.dggs.grid import Grid
from entropice.dggs.polar import equal_area_m2
from entropice.pipelines.reporting.texts import declared_texts
from entropice.report.about import About
from entropice.report.content import RunContent, build_content
from entropice.report.model_files import read_model_files
from entropice.report.origin import Origin
from entropice.report.overviews import build_overviews
from entropice.report.results import RunResults, dataset_names
from entropice.report.run_folder import RunFolder, write_run_folder
from entropice.report.starting_conditions import starting_conditions
from entropice.report.texts import MapModel
from entropice.types import DataFrame, Dataset

MAX_RANK: Final = 3
"""Drivers that a map tells; a run knows more of each cell."""


@dataclass(frozen=True)
class Heirs:
    """The cells of a finer grid, and the cell whose rows each takes over; every one of those has a first heir."""

    grid: Grid
    cell_ids: np.ndarray
    places: np.ndarray

    def every(self, frame: DataFrame, cells: DataFrame) -> DataFrame:
        """A table with its rows for every heir."""
        own = pd.DataFrame({"heir": self.cell_ids, "cell_id": cells["cell_id"].to_numpy()[self.places]})
        return own.merge(frame, on="cell_id").drop(columns="cell_id").rename(columns={"heir": "cell_id"})

    def first(self, frame: DataFrame, cells: DataFrame) -> DataFrame:
        """A table with its rows for one heir each."""
        _, firsts = np.unique(self.places, return_index=True)
        heirs = pd.Series(self.cell_ids[firsts], index=cells["cell_id"].to_numpy())
        return frame.assign(cell_id=frame["cell_id"].map(heirs).to_numpy(np.uint64))


def heirs_of(n_cells: int, grid: Grid, min_lat_deg: float) -> Heirs:
    """Deal the cells of a finer grid out to `n_cells` others, in an order that is always the same."""
    cell_ids = grid.cells_north_of(min_lat_deg)
    return Heirs(grid, cell_ids, np.resize(np.random.default_rng(0).permutation(n_cells), len(cell_ids)))


def enlarged(small: RunResults, heirs: Heirs) -> RunResults:
    """The results of a run on the cells of a finer grid."""
    cells = small.cells
    drivers = small.cell_drivers[small.cell_drivers["rank"] <= MAX_RANK]
    limit = small.bayes_limit
    return replace(
        small,
        cells=enlarged_cells(cells, heirs),
        labels=heirs.every(small.labels, cells),
        predictions=heirs.every(small.predictions, cells),
        cell_drivers=heirs.every(drivers, cells),
        features=enlarged_cube(small.features, cells, heirs),
        survey=heirs.first(small.survey, cells),
        folds=heirs.first(small.folds, cells),
        out_of_fold=heirs.first(small.out_of_fold, cells),
        training_table=heirs.first(small.training_table, cells),
        bayes_limit=None if limit is None else heirs.first(limit, cells),
    )


def enlarged_cells(cells: gpd.GeoDataFrame, heirs: Heirs) -> gpd.GeoDataFrame:
    """The cells with their own outlines, and shares of land that they take over."""
    lon_deg, lat_deg = heirs.grid.centres(heirs.cell_ids)
    outlines = heirs.grid.polygons(heirs.cell_ids)
    columns = {
        "cell_id": heirs.cell_ids,
        "lon_deg": lon_deg,
        "lat_deg": lat_deg,
        "area_m2": equal_area_m2(outlines),
        "land_fraction": cells["land_fraction"].to_numpy()[heirs.places],
    }
    return gpd.GeoDataFrame(columns, geometry=outlines, crs=POLAR_CRS)


def enlarged_cube(cube: Dataset, cells: DataFrame, heirs: Heirs) -> Dataset:
    """The features of every heir; what is not asked for is never read."""
    rows = pd.Index(cube["cell_ids"].to_numpy()).get_indexer(cells["cell_id"].to_numpy()[heirs.places])
    return cube.isel(cell=rows).assign_coords(cell_ids=("cell", heirs.cell_ids))


def read_results(folder: Path) -> RunResults:
    """The datasets of a finished run."""
    manifest = read_json(folder / "08_reporting/run/manifest.json")
    known = {"provenance": provenance_in(manifest)}
    has_limit = bool(list(folder.glob("*/bayes_limit.parquet")))
    names = [name for name in dataset_names(with_limit=has_limit) if name not in known]
    return RunResults(**known, **{name: read_dataset(folder, name) for name in names})


def provenance_in(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Where a run came from, as its manifest tells it."""
    kept = ("inputs", "intermediates", "settings", "versions", "code_sha256")
    return {name: manifest[name] for name in kept}


def read_dataset(folder: Path, name: str) -> Any:
    """A dataset by its name in the catalog: table, outlines, cube or document."""
    (path,) = [path for path in folder.glob(f"0*/{name}.*") if path.suffix in READERS]
    return READERS[path.suffix](path)


def read_table(path: Path) -> DataFrame:
    """A table, with outlines where it has any."""
    table = pd.read_parquet(path)
    return gpd.read_parquet(path).drop(columns="bbox", errors="ignore") if "geometry" in table else table


def read_cube(path: Path) -> Dataset:
    """A cube, of which nothing is read yet."""
    return xr.open_zarr(path, consolidated=False)


def read_json(path: Path) -> dict[str, Any]:
    """A document."""
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return values


READERS: Final = {".parquet": read_table, ".zarr": read_cube, ".json": read_json}


def large_content(small: Path, grid_key: str, min_lat_deg: float) -> RunContent:
    """All that an enlarged run tells."""
    manifest = read_json(small / "08_reporting/run/manifest.json")
    results = read_results(small)
    grid = parse_grid(grid_key)
    large = enlarged(results, heirs_of(len(results.cells), grid, min_lat_deg))
    return build_content(
        large,
        about_of(manifest),
        Origin(manifest["composition"], manifest["parameters"], results.provenance),
        grid={"key": grid_key, **grid.metadata},
        year_names={int(year): name for year, name in manifest["year_names"].items()},
        map_model=MapModel(**results.map_model_choice),
        texts=declared_texts(),
    )


def large_run(small: Path, grid_key: str, min_lat_deg: float, pixel_size_m: float) -> RunFolder:
    """All that is written of an enlarged run."""
    content = large_content(small, grid_key, min_lat_deg)
    return RunFolder(
        content,
        build_overviews(content, pixel_size_m),
        (small / "08_reporting/run/report.html").read_text(encoding="utf-8"),
        starting_conditions(content, pixel_size_m, None),
        read_model_files(small / "08_reporting/run"),
    )


def about_of(manifest: Mapping[str, Any]) -> About:
    """What a run is called, from its manifest."""
    names = ("title", "description", "purpose", "notice", "attributions", "rebuild_command")
    return About(**{name: manifest[name] for name in names})


def main() -> None:
    """Write the folder and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("small", type=Path)
    parser.add_argument("folder", type=Path, help="of the new run; must not be there")
    parser.add_argument("--grid", default="h3_6")
    parser.add_argument("--min-lat-deg", type=float, default=68.0, help="with h3_6, 485,000 cells")
    parser.add_argument("--pixel-size-m", type=float, default=5_000.0)
    given = parser.parse_args()
    given.folder.mkdir(parents=True)
    run, assembling = measured(lambda: large_run(given.small, given.grid, given.min_lat_deg, given.pixel_size_m))
    _, writing = measured(lambda: write_run_folder(run, given.folder))
    n_bytes = sum(path.stat().st_size for path in given.folder.iterdir())
    print(  # noqa: T201
        f"{len(run.content.frame('cells')):,} cells, {len(run.content.year_names)} years, {n_bytes / 1e6:,.0f} MB; "
        f"put together in {assembling.cpu_s:.0f} s CPU, written in {writing.cpu_s:.0f} s CPU."
    )


if __name__ == "__main__":
    main()
