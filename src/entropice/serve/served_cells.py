"""A run of cells as it is served: probabilities, doubts and drivers of each, and its tables with outlines."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from entropice.errors import InputFileError
from entropice.runs import Run
from entropice.serve.boxes import Box
from entropice.types import DataFrame, GeoDataFrame, IntArray

GEOPACKAGE: Final = "run.gpkg"
CELLS: Final = "cells"
ANY: Final = "p_any_rts"
DOUBTS: Final = (
    "entropy",
    "p_any_sd",
    "p_any_low",
    "p_any_high",
    "conformal_set",
    "applicability",
    "not_applicable_because",
    "dissimilarity",
    "distance_m",
    "agreement",
)
"""Quantities that say how sure a probability is."""

_DRIVER: Final = re.compile(r"driver_(?P<rank>\d+)(?:_(?P<what>share|contribution))?")


@dataclass(frozen=True, eq=False)
class ServedCells:
    """A run of cells, whose table of cells is in memory and whose other tables are read from a copy of its file.

    `cells` has a row a cell, with ``cell_id lon_deg lat_deg``, ``p_any_rts_<year>``, ``p_<class>_<year>`` and all else
    that the run tells, and polygons in EPSG:3413.
    """

    run: Run
    cells: GeoDataFrame

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What the run says of itself, as ``manifest.json`` has it."""
        return self.run.manifest

    def cell_id(self, spelt: str) -> int | None:
        """The number of a cell as users of the grid write it, if it is one.

        Only the grid's own spelling counts, to the letter: H3 in lower-case hexadecimal, else decimal digits, without
        zeros before them. Whether the run has the cell is for `row_of`; all else is None.
        """
        try:
            number = int(spelt, self.run.facts.id_base)
        except ValueError:
            return None
        return number if self.run.facts.spelt_cell(number) == spelt else None

    def spelt(self, cell_id: int) -> str:
        """How users of the grid write it: H3 in hexadecimal, any other grid in decimal digits."""
        return self.run.facts.spelt_cell(cell_id)

    def within(self, box: Box) -> IntArray:
        """Rows of the cells whose middle is in a box.

        Ascending, int64 (n,); empty where there is none. Edges of the box are inside.
        """
        inside = box.holds(self.cells["lon_deg"].to_numpy(), self.cells["lat_deg"].to_numpy())
        return np.flatnonzero(inside)

    def row_of(self, cell_id: int) -> int | None:
        """The row of a cell in `cells`, from 0; None where there is none of the number."""
        return self._rows.get(cell_id)

    def in_year(self, rows: IntArray, year: int) -> list[dict[str, Any]]:
        """Place and probabilities of cells in a year.

        One dictionary a row, in the order of `rows` (n,): ``cell_id`` as it is spelt, ``lon_deg``, ``lat_deg``,
        ``p_any_rts`` and ``p_<class>`` of each class; None is not known.

        Raises
        ------
        KeyError
            The run does not predict this year.
        """
        names = ["lon_deg", "lat_deg", *(f"{name}_{year}" for name in self._of_cells)]
        chosen = self.cells.iloc[rows]
        told = chosen[names].to_dict("records")
        return [
            {"cell_id": self.spelt(int(cell_id)), **_plain({key.removesuffix(f"_{year}"): v for key, v in one.items()})}
            for cell_id, one in zip(chosen["cell_id"], told, strict=True)
        ]

    def whole(self, row: int) -> dict[str, Any]:
        """All that the run tells of a cell, by year.

        ``cell_id`` as it is spelt, ``place`` with what is the same in all years, and ``years`` by year as text, each
        with ``probabilities`` by class, ``p_any_rts``, ``doubts`` (those of ``entropy p_any_sd p_any_low p_any_high
        conformal_set applicability not_applicable_because dissimilarity distance_m agreement`` that the run has),
        ``drivers`` and ``others``. A driver has ``rank``, ``feature``, and ``share`` and ``contribution`` where the run
        tells them; the strongest come first. None is not known.

        Raises
        ------
        IndexError
            There is no such row.
        """
        values = _plain(self.cells.drop(columns=self.cells.geometry.name).iloc[row].to_dict())
        years = {str(year): self._year(values, year) for year in self.run.years}
        always = [name for name in values if not any(name.endswith(f"_{year}") for year in self.run.years)]
        place = {name: values[name] for name in always if name != "cell_id"}
        return {"cell_id": self.spelt(int(self.cells["cell_id"].iloc[row])), "place": place, "years": years}

    def _year(self, values: Mapping[str, Any], year: int) -> dict[str, Any]:
        own = {name.removesuffix(f"_{year}"): value for name, value in values.items() if name.endswith(f"_{year}")}
        classes = [f"p_{name}" for name in self.run.class_names]
        drivers = _drivers(own)
        told = {ANY, *classes, *DOUBTS, *(name for name in own if _DRIVER.fullmatch(name))}
        return {
            "probabilities": {name: own[f"p_{name}"] for name in self.run.class_names},
            ANY: own[ANY],
            "doubts": {name: own[name] for name in DOUBTS if name in own},
            "drivers": drivers,
            "others": {name: value for name, value in own.items() if name not in told},
        }

    def layer(self, name: str) -> GeoDataFrame:
        """A table with outlines, or the cells with one quantity in one year, EPSG:3413.

        Names are those of `layer_names`: ``cells``; a table with outlines, such as ``land`` or ``slumps``, with its own
        columns; or a quantity of cells by the name of its layer, such as ``p_any_rts_2020``. The cells with one
        quantity have the columns ``cell_id``, that of the quantity with its year, and the geometry.

        Raises
        ------
        KeyError
            There is no such layer.
        """
        if name == CELLS:
            return self.cells
        if name in self._tables:
            return self.run.context(name)
        column = self._columns[name]
        return self.cells[["cell_id", column, self.cells.geometry.name]]

    @property
    def layer_names(self) -> list[str]:
        """Of all layers: ``cells``, the tables with outlines, and the quantities by the names of their layers."""
        return [CELLS, *self._tables, *self._columns]

    @cached_property
    def _tables(self) -> list[str]:
        return [table["table"] for table in self.manifest["tables"] if table["role"] == "context"]

    @cached_property
    def _columns(self) -> dict[str, str]:
        return {
            layer["name"]: layer["column"]
            for layer in self.manifest["layers"]
            if layer["table"] == CELLS and layer["column"] in self.cells
        }

    @cached_property
    def _of_cells(self) -> list[str]:
        return [ANY, *(f"p_{name}" for name in self.run.class_names)]

    @cached_property
    def _rows(self) -> dict[int, int]:
        return {int(cell_id): row for row, cell_id in enumerate(self.cells["cell_id"])}


def opened_cells(folder: Path, manifest: dict[str, Any]) -> ServedCells:
    """The run of a manifest, whose map package lies in a folder.

    Read are all columns of the table ``cells`` of ``run.gpkg``, which is not proved anew. Needed are ``cell_id``,
    ``lon_deg``, ``lat_deg``, and the probability of any slump and of each class in every predicted year.

    Raises
    ------
    InputFileError
        Its tables can't be read, or lack what the manifest tells of.
    """
    from pyogrio.errors import DataSourceError

    run = Run(folder, manifest)
    try:
        cells: DataFrame = run.frame(CELLS)
        expected = [f"p_{name}_{year}" for name in (*run.class_names, ANY.removeprefix("p_")) for year in run.years]
        lacking = [name for name in ("cell_id", "lon_deg", "lat_deg", *expected) if name not in cells]
    except (DataSourceError, KeyError) as error:
        raise InputFileError("Tables of the run can't be read.", field=GEOPACKAGE, got=type(error).__name__) from error
    if lacking:
        raise InputFileError("Cells of the run lack columns.", field=CELLS, got=f"no {lacking[0]}")
    return ServedCells(run, cells)


def _drivers(own: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Features that move a cell's probability, the strongest first."""
    by_rank: dict[int, dict[str, Any]] = {}
    for name, value in own.items():
        found = _DRIVER.fullmatch(name)
        if found is not None:
            by_rank.setdefault(int(found["rank"]), {"feature": None})[found["what"] or "feature"] = value
    return [{"rank": rank, **by_rank[rank]} for rank in sorted(by_rank) if by_rank[rank]["feature"] is not None]


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON has them; what is not known is null."""
    return {name: _one(value) for name, value in values.items()}


def _one(value: Any) -> Any:
    value = value.item() if isinstance(value, np.generic) else value
    is_unknown = value is None or (isinstance(value, float) and not np.isfinite(value)) or str(value) == "<NA>"
    return None if is_unknown else value
