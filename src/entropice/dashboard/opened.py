"""A run as the pages read it: what is asked for twice is read once, and shared by all who look."""

from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd

from entropice.dashboard.polar_map.arrays import KeyedArray, keyed
from entropice.dashboard.polar_map.outlines import Outlines, outlines_of
from entropice.dashboard.quantities import Quantity, quantities_of
from entropice.dashboard.schema import manifest_schema
from entropice.dggs.sectors import sectors
from entropice.report.frames.features import feature_titles
from entropice.run_folders import MANIFEST, not_usable
from entropice.runs import Run, open_run
from entropice.types import DataFrame, GeoDataFrame, Series

MAX_KEPT = 8


class OpenedRun:
    """A run whose manifest follows the schema; tables are read, and proved intact, when they are asked for.

    Attributes
    ----------
    run
        As `entropice.open_run` gives it.
    name
        Its folder below the one that was searched.
    """

    def __init__(self, run: Run, name: str) -> None:
        self.run = run
        self.name = name
        self._of_years: dict[int, DataFrame] = {}
        self._feature_values: dict[tuple[str, int], Series] = {}
        self._quantities_of_years: dict[int, dict[str, Quantity]] = {}

    @property
    def title(self) -> str:
        """What the run calls itself, and where it lies: ``<title of the manifest> · <name>``."""
        return f"{self.run.manifest['title']} · {self.name}"

    @property
    def id_base(self) -> int:
        """How numbers of cells are spelt: 16, hexadecimal, by H3, else 10."""
        return self.run.facts.id_base

    def year_name(self, year: int) -> str:
        """What to call a year; its number where the run has no name for it."""
        return str(self.run.manifest["year_names"].get(str(year), year))

    @property
    def _cells(self) -> GeoDataFrame:
        """The table as it is stored: of many cells, an indexed copy takes longer than their outlines."""
        return self.run.frame("cells")

    @cached_property
    def outlines(self) -> Outlines:
        """Outlines of the cells, in the table's order.

        Raises
        ------
        InputFileError
            The file of tables is damaged or missing.
        """
        return outlines_of(self._cells.geometry.to_numpy())

    @cached_property
    def cell_ids(self) -> KeyedArray:
        """The numbers of the cells, int64 (n_cells,), in the table's order.

        Raises
        ------
        InputFileError
            The file of tables is damaged or missing.
        """
        return keyed(self._cells["cell_id"].to_numpy(np.int64))

    @cached_property
    def geometry(self) -> Any:
        """Polygons in EPSG:3413, indexed by ``cell_id``.

        A GeoSeries (n_cells,), in the table's order.

        Raises
        ------
        InputFileError
            The file of tables is damaged or missing.
        """
        return self._cells.geometry.set_axis(self._cells["cell_id"])

    @cached_property
    def regions(self) -> "pd.Series[str]":
        """The sector of longitude that each cell lies in.

        Text (n_cells,), indexed by ``cell_id`` in the table's order; sectors are 45° wide, such as ``-180 to -135``,
        the western edge inside (`dggs.sectors.sectors`).

        Raises
        ------
        InputFileError
            The file of tables is damaged or missing.
        """
        return sectors(self._cells["lon_deg"].to_numpy()).set_axis(self._cells["cell_id"])

    def cells(self, year: int) -> DataFrame:
        """The cells in a year, indexed by ``cell_id``: every quantity under its name without the year; null is unknown.

        Columns are quantities without their year, also those that are the same in all years; rows (n_cells,) stand in
        the table's order. What is returned is kept: do not change it.

        Raises
        ------
        KeyError
            The run has no such year.
        """
        if year not in self._of_years:
            self._of_years[year] = pd.DataFrame(self.run.cells(year).drop(columns="geometry"))
        return self._of_years[year]

    def cell(self, cell_id: int, year: int) -> dict[str, Any]:
        """Every quantity of a cell in a year, by name.

        Null is what it is in the table: NaN, None or NA.

        Raises
        ------
        KeyError
            The run has no such cell or year.
        """
        return {str(name): value for name, value in self.cells(year).loc[[cell_id]].iloc[0].items()}

    @cached_property
    def features_with_values(self) -> dict[str, str]:
        """Long name and unit, by name, of each feature whose values the run keeps.

        It is such as ``mean slope (degree)``; without any where the run keeps none.
        """
        features = self.table("features")
        if "scale_factor" not in features:
            return {}
        titles = feature_titles(features)
        return {str(name): str(titles[name]) for name in features.loc[features["scale_factor"].notna(), "name"]}

    def feature_values(self, name: str, year: int) -> Series:
        """A feature of `features_with_values` in a year, indexed by ``cell_id``; NaN is unknown.

        In the feature's unit, (n,) in the order of the table of values, which need not have all cells.

        Raises
        ------
        KeyError
            The run has no such year.
        InputFileError
            The run keeps them otherwise, or the file of tables is damaged.
        """
        if (name, year) not in self._feature_values:
            self._feature_values[name, year] = self.run.feature_values(year, [name])[name]
        return self._feature_values[name, year]

    def quantities(self, year: int) -> dict[str, Quantity]:
        """What the run tells of its cells in a year, by name, in the order of its layers; see `quantities_of`.

        A year that the run does not have leaves what is the same in all years.
        """
        if year not in self._quantities_of_years:
            titles = {feature["name"]: feature["long_name"] for feature in self.run.manifest["features"]}
            self._quantities_of_years[year] = quantities_of(self.run.facts, year, titles)
        return self._quantities_of_years[year]

    def table(self, name: str) -> DataFrame:
        """A table of the run, read once; empty and without columns where the run has no such table.

        Rows and columns are as the run's GeoPackage has them. What is returned is kept: do not change it.

        Raises
        ------
        InputFileError
            The file of tables is damaged or missing.
        """
        return self.run.frame(name) if name in self.run.facts.table_titles else pd.DataFrame()


def opened(folder: Path, name: str) -> OpenedRun:
    """The run in a folder; read again only after its manifest was changed.

    "Changed" means another time of modification or another size; up to 8 runs are kept. A manifest has to be of the
    schema ``entropice-run/2`` and to follow it, and to list ``run.gpkg``; no table is read yet.

    Raises
    ------
    InputFileError
        The manifest is unusable.
    """
    path = folder / MANIFEST
    status = path.stat() if path.is_file() else None
    return _opened(folder, name, status and status.st_mtime_ns, status and status.st_size)


@lru_cache(maxsize=MAX_KEPT)
def _opened(folder: Path, name: str, _mtime_ns: int | None, _n_bytes: int | None) -> OpenedRun:
    run = open_run(folder)
    _require_described(run)
    return OpenedRun(run, name)


def _require_described(run: Run) -> None:
    """Pass only a manifest that follows the schema: pages need not doubt it."""
    validator = jsonschema.Draft202012Validator(manifest_schema())
    error = next(validator.iter_errors(run.manifest), None)
    if error is not None:
        field = error.json_path.removeprefix("$.")
        raise not_usable(run.folder / MANIFEST, field, error.message, f"what the schema says: {error.validator}")
    if "run.gpkg" not in (file["name"] for file in run.manifest["files"]):
        raise not_usable(run.folder / MANIFEST, "files", "no run.gpkg", "a list with run.gpkg")
