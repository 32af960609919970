"""A run as the pages read it: what is asked for twice is read once, and shared by all who look."""

from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd

from entropice.dashboard.polar_map.outlines import Outlines, outlines_of
from entropice.dashboard.quantities import Quantity, quantities_of
from entropice.dashboard.schema import manifest_schema
from entropice.dggs.sectors import sectors
from entropice.run_folders import MANIFEST, not_usable
from entropice.runs import Run, open_run
from entropice.types import DataFrame, GeoDataFrame

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
        self._features_of_years: dict[int, DataFrame] = {}

    @property
    def title(self) -> str:
        """What the run calls itself, and where it lies."""
        return f"{self.run.manifest['title']} · {self.name}"

    @property
    def id_base(self) -> int:
        """How numbers of cells are spelt: hexadecimal by H3, else decimal."""
        return 16 if self.run.manifest["grid"]["grid_name"] == "h3" else 10

    def year_name(self, year: int) -> str:
        """What to call a year."""
        return str(self.run.manifest["year_names"].get(str(year), year))

    @cached_property
    def _cells(self) -> GeoDataFrame:
        return self.run.cells()

    @cached_property
    def outlines(self) -> Outlines:
        """Outlines of the cells, in the table's order."""
        return outlines_of(self._cells.geometry.to_numpy())

    @cached_property
    def geometry(self) -> Any:
        """Polygons in EPSG:3413, indexed by ``cell_id``."""
        return self._cells.geometry

    @cached_property
    def regions(self) -> "pd.Series[str]":
        """The sector of longitude that each cell lies in."""
        return sectors(self._cells["lon_deg"].to_numpy()).set_axis(self._cells.index)

    def cells(self, year: int) -> DataFrame:
        """The cells in a year, indexed by ``cell_id``: every quantity under its name without the year; null is unknown.

        Raises
        ------
        KeyError
            The run has no such year.
        """
        if year not in self._of_years:
            self._of_years[year] = pd.DataFrame(self.run.cells(year).drop(columns="geometry"))
        return self._of_years[year]

    def cell(self, cell_id: int, year: int) -> dict[str, Any]:
        """Every quantity of a cell in a year, by name."""
        return {str(name): value for name, value in self.cells(year).loc[[cell_id]].iloc[0].items()}

    def feature_values(self, year: int) -> DataFrame:
        """The features in a year whose values the run keeps, indexed by ``cell_id``; without columns where it has none.

        Raises
        ------
        KeyError
            The run has no such year.
        """
        if year not in self._features_of_years:
            has_any = "feature_values" in self.run.facts.table_titles
            self._features_of_years[year] = self.run.feature_values(year) if has_any else pd.DataFrame()
        return self._features_of_years[year]

    def quantities(self, year: int) -> dict[str, Quantity]:
        """What the run tells of its cells in a year, by name."""
        return quantities_of(self.run, year)

    def table(self, name: str) -> DataFrame:
        """A table of the run, read once; empty and without columns where the run has no such table."""
        return self.run.frame(name) if name in self.run.facts.table_titles else pd.DataFrame()


def opened(folder: Path, name: str) -> OpenedRun:
    """The run in a folder; read again only after its manifest was changed.

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
