"""A finished run as notebooks and scripts read it: nothing but its run folder is needed (docs/run-folder.md)."""

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.errors import InputFileError
from entropice.run_folders import REBUILD, intact_file, read_manifest
from entropice.types import DataFrame, GeoDataFrame, Series

if TYPE_CHECKING:
    from entropice.report.run_tables import RunFacts


def open_run(folder: str | Path) -> "Run":
    """Open a run folder for reading.

    The manifest is read now, tables when they are asked for; nothing is written.

    Parameters
    ----------
    folder
        The folder that holds ``manifest.json``.

    Raises
    ------
    InputFileError
        There is no manifest, it is no JSON object, or it follows another schema.

    Examples
    --------
    >>> run = open_run("data/virtual_arctic/h3_4/08_reporting/run")  # doctest: +SKIP
    >>> run.probabilities(2023)["p_any_rts"].describe()  # doctest: +SKIP
    """
    return Run(Path(folder), read_manifest(Path(folder)))


class Run:
    """A finished run; tables are read when they are asked for.

    Tables lie in ``run.gpkg``, whose SHA-256 is compared with the manifest's when the first one is read.

    Attributes
    ----------
    folder
        The run folder.
    manifest
        The content of ``manifest.json``: parameters, versions, hashes, and what every table and layer means.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder = folder
        self.manifest = manifest
        self._frames: dict[str, DataFrame] = {}

    def __repr__(self) -> str:
        return f"<Run {self.manifest['title']!r}, {self.manifest['grid']['key']}, {self.years}>"

    @functools.cached_property
    def facts(self) -> "RunFacts":
        """What charts call the rows of its tables: titles of models, classes, years and layers, in their order."""
        from entropice.report.run_tables import facts_of_manifest

        return facts_of_manifest(self.manifest)

    @functools.cached_property
    def judged(self) -> DataFrame:
        """Forecasts out of fold under the first scheme, models called by their titles, with ``p_any`` and ``happened``.

        The columns are those of `out_of_fold`, and ``p_any``, 1 − the probability of no slumps, and ``happened``,
        whether there were any. Rows are sorted by model, in the order in which models are shown. Read once; do not
        change it.

        Raises
        ------
        KeyError
            The run has no table ``out_of_fold``.
        InputFileError
            ``run.gpkg`` is missing, or is not the file that the run has written.
        """
        from entropice.report.frames.forecasts import forecasts_to_judge

        return forecasts_to_judge(self.frame("out_of_fold"), self.facts)

    @property
    def years(self) -> list[int]:
        """Label years, ascending."""
        return list(self.manifest["years"])

    @property
    def class_names(self) -> list[str]:
        """Density classes by rising density, the first being no slumps; as in the columns ``p_<class>``."""
        return list(self.manifest["classes"]["names"])

    @property
    def models(self) -> list[str]:
        """Names of the models whose out-of-fold probabilities the run holds, in the order of the manifest."""
        return [model["name"] for model in self.manifest["models"]]

    @property
    def map_model(self) -> str:
        """Name of the model behind the map: one of `models`, or the rule, such as ``best``, by which it was chosen."""
        return str(self.manifest["map_model"]["name"])

    def cells(self, year: int | None = None) -> GeoDataFrame:
        """Every cell once, indexed by ``cell_id``, outlines in EPSG:3413; null is unknown.

        The columns are those of the table ``cells`` (docs/run-folder.md), among them ``p_<class>``, ``p_any_rts``, what
        is doubted and what was observed; rows are in the order of the file, outlines in ``geometry``. A copy, which may
        be changed.

        Parameters
        ----------
        year
            Only this year's quantities, under their names without the year (``p_any_rts``); None for the table as it
            is stored (``p_any_rts_2023``).

        Raises
        ------
        KeyError
            The run has no such year.
        InputFileError
            ``run.gpkg`` is missing, or is not the file that the run has written.
        """
        cells: GeoDataFrame = self._cells.copy() if year is None else self._in_year(self._cells, year)
        return cells

    def columns_of_cells(self, names: Sequence[str]) -> GeoDataFrame:
        """Some columns of the table of cells as it is stored, indexed by ``cell_id``, with outlines in EPSG:3413.

        Nothing else is read; a name that the run does not have is left out.

        Raises
        ------
        InputFileError
            ``run.gpkg`` is missing, or is not the file that the run has written.
        """
        cells: GeoDataFrame = self._read("cells", columns=["cell_id", *names]).set_index("cell_id")
        return cells

    def forecasts(self, scheme: str = "spatial") -> DataFrame:
        """The rows of the table ``out_of_fold`` of one scheme, of every model; others are not read. There may be none.

        The columns are ``scheme fold model cell_id year class_ p_<class>…``; ``class_`` is the true class.

        Raises
        ------
        KeyError
            The run has no table ``out_of_fold``.
        InputFileError
            ``run.gpkg`` is missing, or is not the file that the run has written.
        """
        self._require_table("out_of_fold")
        quoted = scheme.replace("'", "''")
        rows: DataFrame = self._read("out_of_fold", read_geometry=False, where=f"scheme = '{quoted}'")
        return rows

    def probabilities(self, year: int) -> DataFrame:
        """The map model's ``p_<class>`` and ``p_any_rts`` of every cell in a year, indexed by ``cell_id``.

        Classes come in the order of `class_names`; their probabilities sum to 1, and ``p_any_rts`` is 1 less that of
        the first. NaN where the map's model says nothing.

        Raises
        ------
        KeyError
            The run has no such year.
        InputFileError
            ``run.gpkg`` is missing, or is not the file that the run has written.
        """
        import pandas as pd

        columns = [*(f"p_{name}" for name in self.class_names), "p_any_rts"]
        return pd.DataFrame(self.cells(year)[columns])

    def out_of_fold(self, model: str, scheme: str = "spatial") -> DataFrame:
        """Probabilities of a model for the observed cells and years by fits that have not seen them.

        A row for each cell and year that the scheme tests, numbered from 0.

        Returns
        -------
        DataFrame
            ``scheme fold model cell_id year class_ p_<class>…``; ``class_`` is the true class.

        Raises
        ------
        KeyError
            The run has no such model or scheme, or no table ``out_of_fold``.
        InputFileError
            ``run.gpkg`` is missing, or is not the file that the run has written.
        """
        table = self.table("out_of_fold")
        chosen = table[(table["model"] == model) & (table["scheme"] == scheme)]
        if chosen.empty:
            schemes = [scheme["name"] for scheme in self.manifest["schemes"]]
            raise KeyError(f"no model {model!r} under scheme {scheme!r}; models {self.models}, schemes {schemes}")
        return chosen.reset_index(drop=True)

    def feature_values(self, year: int, names: Sequence[str] | None = None) -> DataFrame:
        """The leading features of every cell in a year, indexed by ``cell_id``; NaN is unknown.

        The file keeps them as whole numbers, rounded to at most 1e-3 of their standard deviation.

        Columns are the features' names without the year, in their units; a name that the run does not keep is left out.

        Parameters
        ----------
        names
            Of the features to read; None for all.

        Raises
        ------
        KeyError
            The run has no such year.
        InputFileError
            The run keeps no values of features, or keeps them otherwise, which is looked at first; or ``run.gpkg`` is
            missing or not the file that the run has written.
        """
        self._require_packed_values()
        wanted = None if names is None else ["cell_id", *names, *(f"{name}_{year}" for name in names)]
        table = self._read("feature_values", read_geometry=False, columns=wanted)
        values: DataFrame = self._in_year(table.set_index("cell_id"), year)
        return values

    def features_of_cell(self, cell_id: int, year: int) -> Series:
        """The row of `feature_values` of one cell; nothing else is read.

        Values by the features' names, in their units; NaN is unknown.

        Raises
        ------
        KeyError
            The run has no such year, or no such cell.
        InputFileError
            The run keeps no values of features, or keeps them otherwise, which is looked at first; or ``run.gpkg`` is
            missing or not the file that the run has written.
        """
        self._require_packed_values()
        rows = self._in_year(self.rows_of_cell("feature_values", cell_id).set_index("cell_id"), year)
        values: Series = rows.loc[cell_id]
        return values

    def table(self, name: str) -> DataFrame:
        """A table of the run without geometry, such as ``scores``, ``drivers``, ``features`` or ``feature_values``.

        Values that the file keeps as whole numbers of a step are in their unit.

        All rows in the order of the file, read anew each time; columns are those of docs/run-folder.md, null is NaN or
        None.

        Raises
        ------
        KeyError
            The run has no such table, or it has geometry: `frame` reads any.
        InputFileError
            ``run.gpkg`` is missing, or is not the file that the run has written.
        """
        self._require_table(name)
        table: DataFrame = self._read(name, read_geometry=False)
        return table

    def frame(self, name: str) -> DataFrame:
        """Any table of the run as `table` gives it, read once; with polygons in EPSG:3413 where it has geometry.

        The frame that is given is kept: whoever changes it changes what others get.

        Raises
        ------
        KeyError
            The run has no such table.
        InputFileError
            ``run.gpkg`` is missing, or is not the file that the run has written.
        """
        if name not in self._frames:
            found = {table["table"]: table["geometry"] is not None for table in self.manifest["tables"]}
            if name not in found:
                raise KeyError(f"no table {name!r}; there are {', '.join(found)}")
            self._frames[name] = self._read(name, read_geometry=found[name])
        return self._frames[name]

    def rows_of_cell(self, name: str, cell_id: int) -> DataFrame:
        """The rows of a table without geometry that tell of one cell; with an index, nothing else is read.

        Columns are those of the table; no rows where nothing is said of the cell.

        Raises
        ------
        KeyError
            The run has no such table, or it has geometry.
        InputFileError
            ``run.gpkg`` is missing, or is not the file that the run has written.
        """
        self._require_table(name)
        rows: DataFrame = self._read(name, read_geometry=False, where=f"cell_id = {int(cell_id)}")
        return rows

    def context(self, name: str) -> GeoDataFrame:
        """Polygons in EPSG:3413 that are no cells, such as ``land``, ``slumps`` or ``searched_ground``.

        There are those tables whose ``role`` in the manifest is ``context``. Columns are those of the table
        (docs/run-folder.md), and ``geometry``.

        Raises
        ------
        KeyError
            The run has no such polygons.
        InputFileError
            ``run.gpkg`` is missing, or is not the file that the run has written.
        """
        names = [table["table"] for table in self.manifest["tables"] if table["role"] == "context"]
        if name not in names:
            raise KeyError(f"no polygons {name!r}; there are {', '.join(names)}")
        polygons: GeoDataFrame = self._read(name)
        return polygons

    def _require_table(self, name: str) -> None:
        names = [table["table"] for table in self.manifest["tables"] if table["geometry"] is None]
        if name not in names:
            raise KeyError(f"no table {name!r}; there are {', '.join(names)}")

    def _require_packed_values(self) -> None:
        described = self._described("feature_values")
        if not any("scale_factor" in column for column in described):
            raise InputFileError(
                "The run does not keep values of features as this version reads them.",
                path=self.folder / "manifest.json",
                field="tables: feature_values",
                got=", ".join(column["name"] for column in described),
                expected="columns with a scale_factor",
                fix=REBUILD,
            )

    def _described(self, table: str) -> list[dict[str, Any]]:
        """The columns of a table as the manifest tells them."""
        return [column for entry in self.manifest["tables"] if entry["table"] == table for column in entry["columns"]]

    def _in_year(self, table: Any, year: int) -> Any:
        """The columns of one year, under their names without it, and those that are the same in all years."""
        self._require_year(year)
        # Known years at the end alone: names of features may end with other numbers.
        others = re.compile(rf"_({'|'.join(str(other) for other in self.years if other != year)})$")
        wanted = [column for column in table.columns if not others.search(column)]
        return table[wanted].rename(columns=lambda column: column.removesuffix(f"_{year}"))

    def _require_year(self, year: int) -> None:
        if year not in self.years:
            raise KeyError(f"no year {year}; there are {self.years}")

    @functools.cached_property
    def _cells(self) -> GeoDataFrame:
        cells: GeoDataFrame = self.frame("cells").set_index("cell_id")
        return cells

    @functools.cached_property
    def _geopackage(self) -> Path:
        """The map package, verified once."""
        return intact_file(self.folder, self.manifest, "run.gpkg")

    def _read(self, table: str, **options: Any) -> Any:
        import pyogrio

        rows = pyogrio.read_dataframe(self._geopackage, layer=table, fid_as_index=True, use_arrow=True, **options)
        described, asked = self._described(table), options.get("columns")
        missing = (column["name"] for column in described if column["name"] not in rows)
        key = next((name for name in missing if asked is None or name in asked), None)
        # Its primary key comes as the index, under no name; the manifest says how it is called.
        rows = rows.reset_index(drop=True) if key is None else rows.reset_index(names=key)
        steps = {column["name"]: column["scale_factor"] for column in described if "scale_factor" in column}
        return rows.assign(**{column: rows[column] * step for column, step in steps.items() if column in rows})
