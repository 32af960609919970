"""Finished maps for audits: cells, chances, sheets and their answers, and a run folder that holds a map."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from portable_models import GRID, YEARS, cells_between
from scipy.special import expit, logit

from entropice.learning.audit.audited_map import AuditedMap
from entropice.learning.audit.sheet import sheet_of


def map_of(cells: gpd.GeoDataFrame, seed: int = 0) -> AuditedMap:
    """A map with random chances in `YEARS`; every tenth cell has none."""
    random = np.random.default_rng(seed)
    chances = {f"p_any_rts_{year}": expit(random.normal(-1.5, 1.5, len(cells))) for year in YEARS}
    shown = cells.assign(**chances)
    shown.loc[shown.index % 10 == 0, list(chances)] = np.nan
    return AuditedMap("run/manifest.json", f"run_{seed:016x}", "A map", GRID, tuple(YEARS), shown, 0.3)


def small_map() -> AuditedMap:
    """Some 400 cells in the far north."""
    return map_of(cells_between(120.0, 180.0))


def filled(audited: AuditedMap, n_cells: int, intercept: float = 0.0) -> pd.DataFrame:
    """A sheet of the latest year with an answer for every cell, whose true log odds are the map's and the intercept."""
    sample = audited.sample(audited.years[-1], n_cells, random_seed=0, n_strata=1)
    true = expit(intercept + logit(sample["p_any"]))
    answers = np.where(np.random.default_rng([0, 1]).random(n_cells) < true, "1", "0")
    return sheet_of(sample, audited).assign(observed=answers)


def write(sheet: pd.DataFrame, path: Path) -> Path:
    """The sheet as a spreadsheet saves it."""
    sheet.to_csv(path, index=False)
    return path
