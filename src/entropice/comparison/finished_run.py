"""What a comparison takes from one finished run."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.learning.folds import SPATIAL
from entropice.runs import Run
from entropice.types import DataFrame, FloatArray, GeoDataFrame

DENSITY: Final = "expected_rts_area_fraction"
PROBABILITY: Final = "p_any_rts"
OBSERVED: Final = "observed_fraction"
READ: Final = (DENSITY, PROBABILITY, OBSERVED)
"""Quantities of cells that are read, each year's in a column of its own."""
FORECASTS: Final = ["model", "cell_id", "year", "rts_area_fraction"]


@dataclass(frozen=True)
class FinishedRun:
    """A run folder with what lies beside it.

    Attributes
    ----------
    name
        Its work folder below the root of all runs, such as ``h3_4``.
    run
        The opened run folder.
    fold_classes
        The dataset of this name: classes with their mean densities by ``<scheme>/<fold>``.
    seconds
        Of the last time that each of its steps ran, by step; empty where nothing was noted.
    """

    name: str
    run: Run
    fold_classes: Mapping[str, Any]
    seconds: Mapping[str, float]

    @property
    def grid(self) -> str:
        """Key of its grid, such as ``h3_4``."""
        return str(self.run.manifest["grid"]["key"])

    @cached_property
    def cells(self) -> GeoDataFrame:
        """Every cell once, indexed by ``cell_id``: ``lat_deg land_area_m2``, outlines, and the map of every year.

        Columns ``lat_deg area_m2 land_fraction land_area_m2 geometry`` (EPSG:3413), and for each year
        ``expected_rts_area_fraction_<year> p_any_rts_<year> observed_fraction_<year>``, as far as the run has them; NaN
        is unknown.
        """
        of_years = [f"{quantity}_{year}" for quantity in READ for year in self.run.years]
        cells = self.run.columns_of_cells(["lat_deg", "area_m2", "land_fraction", *of_years])
        return cells.assign(land_area_m2=cells["area_m2"] * cells["land_fraction"])

    @cached_property
    def forecasts(self) -> DataFrame:
        """Out-of-fold forecasts under spatial folds: ``model cell_id year rts_area_fraction``, the expected density.

        It is Σ p(class) × mean density of the class on the training cells of the fold (slump area over land area). A
        class that a fold does not have counts as nothing; the density is NaN where slumps of unknown area are in a
        class. Rows come fold by fold; there are none of a run without forecasts.

        Raises
        ------
        KeyError
            ``fold_classes`` lacks a fold, or the run has no table ``out_of_fold``.
        """
        spatial = self.run.forecasts(SPATIAL)
        parts = [self._of_fold(fold, rows) for fold, rows in spatial.groupby("fold", sort=True)]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=FORECASTS)

    def _of_fold(self, fold: Any, rows: DataFrame) -> DataFrame:
        classes = self.fold_classes[f"{SPATIAL}/{fold}"]
        means = np.array(classes["mean_rts_area_fraction"], dtype=np.float64)
        probabilities = rows[[f"p_{name}" for name in classes["names"]]].to_numpy(np.float64)
        # Classes of this fold: their mean densities come from its training cells and know nothing of tested ones.
        return rows[["model", "cell_id", "year"]].assign(rts_area_fraction=np.nan_to_num(probabilities) @ means)

    def mapped(self, quantity: str, year: int) -> FloatArray:
        """A quantity of the map in a year, (n_cell,), float64, in the order of `cells`; NaN where the map has none.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> run = SimpleNamespace(cells=pd.DataFrame({"p_any_rts_2020": [0.5]}))
        >>> FinishedRun.mapped(run, "p_any_rts", 2020).tolist(), FinishedRun.mapped(run, "p_any_rts", 2021).tolist()
        ([0.5], [nan])
        """
        column = f"{quantity}_{year}"
        missing = np.full(len(self.cells), np.nan)
        return self.cells[column].to_numpy(np.float64) if column in self.cells else missing
