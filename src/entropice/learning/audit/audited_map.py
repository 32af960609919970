"""What an audit takes from a finished map, whether a run drew it or a run's model that was applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.errors import LabelError
from entropice.learning.audit.sample import draw_sample
from entropice.types import CellIds, DataFrame, GeoDataFrame

P_ANY: Final = "p_any_rts"
"""Quantity of the table of cells; its columns are ``p_any_rts_<year>``."""


@dataclass(frozen=True)
class AuditedMap:
    """A finished map.

    Attributes
    ----------
    path
        Its manifest, for errors.
    map_id
        Names this content; a text that no spreadsheet takes for a number.
    title
        For readers.
    grid
        Key of its grid.
    years
        Predicted label years, ascending.
    cells
        ``cell_id lon_deg lat_deg p_any_rts_<year>…`` with outlines in EPSG:3413.
    training_prevalence
        Share of the model's training rows with slumps.
    """

    path: str
    map_id: str
    title: str
    grid: str
    years: tuple[int, ...]
    cells: GeoDataFrame
    training_prevalence: float

    def predictions(self, years: Sequence[int]) -> DataFrame:
        """Columns ``cell cell_id lon_deg lat_deg year p_any`` of every cell in some years of the map.

        ``cell`` is the grid's own spelling of a cell; ``p_any`` is NaN where nothing is predicted. Year by year in the
        order asked for, cells in that of the map, indexed from 0. A year that the map does not show is a KeyError.

        Examples
        --------
        >>> cells = pd.DataFrame({"cell_id": [15], "lon_deg": 10.0, "lat_deg": 70.0, "p_any_rts_2020": 0.25})
        >>> finished = AuditedMap("manifest.json", "map a", "a", "h3_3", (2020,), cells, training_prevalence=0.1)
        >>> finished.predictions([2020]).values.tolist()
        [['f', 15, 10.0, 70.0, 2020, 0.25]]
        """
        names = cell_names(self.grid, self.cells["cell_id"].to_numpy())
        places = pd.DataFrame({"cell": names, **self.cells[["cell_id", "lon_deg", "lat_deg"]]})
        return pd.concat(
            [places.assign(year=year, p_any=self.cells[f"{P_ANY}_{year}"]) for year in years], ignore_index=True
        )

    def sample(self, year: int, n_cells: int, random_seed: int, n_strata: int) -> DataFrame:
        """Draw cells of a year, as `draw_sample` does, in `n_strata` equal parts by P(any).

        Columns ``cell cell_id lon_deg lat_deg year p_any weight observed``, a row for each of `n_cells`; what they hold
        say `predictions` and `draw_sample`.

        Raises
        ------
        LabelError
            The map cannot give as many, or fewer are asked for than there are strata; the error names the map.
        KeyError
            The map does not show the year.
        """
        try:
            return draw_sample(self.predictions([year]), n_cells, random_seed, n_strata)
        except LabelError as error:
            error.path = self.path
            raise

    def require_year(self, year: int | None) -> int:
        """The year, or the latest of the map for None.

        Raises
        ------
        LabelError
            The map has no such year.

        Examples
        --------
        >>> finished = AuditedMap("manifest.json", "map a", "a", "h3_3", (2019, 2020), pd.DataFrame(), 0.1)
        >>> finished.require_year(None)
        2020
        >>> finished.require_year(2021)
        Traceback (most recent call last):
            ...
        entropice.errors.LabelError: The map does not show this year...
        """
        if year is None:
            return self.years[-1]
        if year not in self.years:
            raise LabelError(
                "The map does not show this year.",
                path=self.path,
                field="audit_sample.year",
                got=year,
                expected=f"one of {', '.join(map(str, self.years))}",
                fix="name another year, or null for the latest",
            )
        return year


def cell_names(grid: str, cell_ids: CellIds) -> list[str]:
    """The grid's own spelling of cells (n,), uint64: H3 in hexadecimal, HEALPix in decimal digits.

    Examples
    --------
    >>> import numpy as np
    >>> cell_names("healpix_6", np.array([4095], dtype=np.uint64))
    ['4095']
    """
    digits = "x" if grid.startswith("h3_") else "d"
    return [format(cell_id, digits) for cell_id in cell_ids.tolist()]


def training_prevalence(document: Mapping[str, Any]) -> float:
    """Share, 0 to 1, of training rows with slumps, from the document of a run's model.

    All but the first of ``doubts_model: conformal: n_rows``, the training rows by class that were tested out of fold.

    Examples
    --------
    >>> training_prevalence({"doubts_model": {"conformal": {"n_rows": [75, 20, 5]}}})
    0.25
    """
    n_rows = np.array(document["doubts_model"]["conformal"]["n_rows"], dtype=np.float64)
    return float(1 - n_rows[0] / n_rows.sum())
