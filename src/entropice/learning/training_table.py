"""The training table: what was observed, beside what the environment looked like."""

import logging
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from entropice.errors import FeatureError, LabelError
from entropice.types import BoolArray

UNOBSERVED: Final = "unobserved"
KEYS: Final = ["cell_id", "year"]
LABEL_COLUMNS: Final = (
    *KEYS,
    "observed_fraction",
    "observed_land_area_m2",
    "state",
    "rts_count",
    "rts_area_m2",
    "rts_per_km2",
    "rts_area_fraction",
)

logger = logging.getLogger(__name__)


def feature_frame(cube: xr.Dataset, years: Sequence[int]) -> pd.DataFrame:
    """Lay the feature cube out as columns ``cell_id year <feature>…``, one row per cell and year; static values repeat.

    The cube is on dims ("cell",) or ("cell", "year"); rows go by cell, then by year as given. NaN is unknown.

    Raises
    ------
    FeatureError
        If the cube lacks a year, or holds an infinite value.
    """
    available = cube["year"].to_numpy().tolist()
    missing = sorted(set(years) - set(available))
    if missing:
        raise FeatureError(
            "The features do not reach every year that is asked for.",
            field="year",
            got=f"features for {available}",
            expected=f"features for {sorted(set(years))}",
            sample=missing,
            fix="add the years to features.years, or take them out of labels.years and modelling.prediction_years",
        )
    chosen = cube.sel(year=list(years))
    shape = (chosen.sizes["cell"], len(years))
    columns = {
        str(name): np.broadcast_to(_by_cell_and_year(feature), shape).ravel()
        for name, feature in chosen.data_vars.items()
    }
    infinite = [name for name, values in columns.items() if np.isinf(values).any()]
    if infinite:
        raise FeatureError(
            "Features hold infinite values.",
            field=", ".join(infinite),
            got=f"{sum(np.isinf(columns[name]).sum() for name in infinite)} infinite values",
            expected="finite numbers, or NaN for unknown",
            fix="look for division by zero in the source, then kedro run --pipelines features",
        )
    keys = {"cell_id": np.repeat(chosen["cell_ids"].values, len(years)), "year": np.tile(years, shape[0])}
    return pd.DataFrame(keys | columns).astype({"cell_id": np.uint64, "year": np.int64})


def build_training_table(labels: pd.DataFrame, cube: xr.Dataset) -> pd.DataFrame:
    """Join observed labels with their features: one row per observed (cell, year), sorted.

    Labels have the columns `LABEL_COLUMNS`, the cube dims ("cell",) or ("cell", "year"); columns are `LABEL_COLUMNS`
    and one a feature. Rows without a single known feature are left out, and the log says how many.

    Raises
    ------
    LabelError
        If nothing was observed.
    FeatureError
        If an observed cell or label year is missing from the features, or no row has a known feature.
    """
    observed = labels.loc[labels["state"] != UNOBSERVED, list(LABEL_COLUMNS)]
    if observed.empty:
        raise LabelError(
            "No cell was observed in any label year.",
            field="state",
            got=f"{len(labels)} cells and years, all {UNOBSERVED}",
            expected="cells of which enough land was observed",
            fix="lower labels.min_observed_fraction, or give the ground that was searched (coverage_file)",
        )
    frame = feature_frame(cube, sorted(observed["year"].unique().tolist()))
    table = observed.merge(frame, on=KEYS, how="left", indicator="origin").sort_values(KEYS, ignore_index=True)
    is_missing = table.pop("origin") == "left_only"
    if is_missing.any():
        raise FeatureError(
            "Some observed cells are not in the feature cube.",
            field="cell_id",
            sample=table.loc[is_missing, "cell_id"],
            fix="run the features pipeline again: kedro run --pipelines features",
        )
    return _with_known_features(table)


def feature_columns(frame: pd.DataFrame) -> list[str]:
    """Names of the feature columns of a training table or feature frame, in order."""
    return [str(column) for column in frame.columns if column not in LABEL_COLUMNS]


def has_features(frame: pd.DataFrame) -> BoolArray:
    """Whether each row has at least one known feature, shape (n,).

    Examples
    --------
    >>> has_features(pd.DataFrame({"cell_id": [1, 2], "year": 2020, "slope_deg": [3.0, np.nan]})).tolist()
    [True, False]
    """
    return frame[feature_columns(frame)].notna().any(axis=1).to_numpy()


def _by_cell_and_year(feature: xr.DataArray) -> np.ndarray:
    if "year" in feature.dims:
        return feature.transpose("cell", "year").to_numpy()
    return feature.to_numpy()[:, None]


def _with_known_features(table: pd.DataFrame) -> pd.DataFrame:
    is_known = has_features(table)
    if not is_known.any():
        raise FeatureError(
            "No observed cell has a known feature.",
            field=", ".join(feature_columns(table)[:5]),
            got=f"{len(table)} observed rows, all features null",
            expected="at least one feature that is known somewhere",
            fix="check that the feature sources cover the observed region",
        )
    if not is_known.all():
        logger.warning("%d of %d observed rows have no known feature and are left out.", (~is_known).sum(), len(table))
    return table[is_known].reset_index(drop=True)
