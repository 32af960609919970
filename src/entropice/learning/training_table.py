"""The training table: what was observed, beside what the environment looked like."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from entropice.errors import FeatureError, LabelError
from entropice.shared_arrays import stacked
from entropice.types import BoolArray, FloatArray, IntArray

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

    The cube is on dims ("cell",) or ("cell", "year"), with the coordinates ``cell_ids`` and ``year``; rows go by cell,
    then by year as given. NaN is unknown.

    The keys are its first two columns, uint64 and int64; the features, float64, lie in memory that processes share.

    Raises
    ------
    FeatureError
        If the cube lacks a year, or holds an infinite value in one of the years.

    Examples
    --------
    >>> features = {"slope_deg": ("cell", [3.0]), "rain_mm": (("cell", "year"), [[300.0, np.nan]])}
    >>> cube = xr.Dataset(features, {"year": [2019, 2020], "cell_ids": ("cell", np.array([7], dtype=np.uint64))})
    >>> feature_frame(cube, [2019, 2020]).values.tolist()
    [[7.0, 2019.0, 3.0, 300.0], [7.0, 2020.0, 3.0, nan]]
    """
    require_years(cube, years)
    n_cells = cube.sizes["cell"]
    keys = pd.DataFrame(
        {
            "cell_id": np.repeat(cube["cell_ids"].to_numpy().astype(np.uint64), len(years)),
            "year": np.tile(np.asarray(years, dtype=np.int64), n_cells),
        }
    )
    columns = (cells_and_years(feature, years).ravel() for feature in cube.data_vars.values())
    features = laid_out(columns, list(map(str, cube.data_vars)), keys.index)
    _require_finite({str(name): n_infinite(values.to_numpy()) for name, values in features.items()})
    return pd.concat([keys, features], axis="columns")


def features_of_rows(cube: xr.Dataset, cells: IntArray, years: IntArray) -> pd.DataFrame:
    """The features (n, n_feature) of cells by their numbers in the cube (n,) and years (n,), one a column.

    Rows are indexed from 0; static features repeat. One feature of all cells is in memory at a time, beside what is
    returned, in memory that processes share.

    Raises
    ------
    FeatureError
        If the cube lacks a year, or holds an infinite value in any cell and one of these years.

    Examples
    --------
    >>> features = {"slope_deg": ("cell", [3.0, 4.0]), "rain_mm": (("cell", "year"), [[1.0, 2.0], [5.0, 6.0]])}
    >>> cube = xr.Dataset(features, {"year": [2019, 2020]})
    >>> features_of_rows(cube, np.array([1, 0, 1]), np.array([2020, 2019, 2019])).values.tolist()
    [[4.0, 6.0], [3.0, 1.0], [4.0, 5.0]]
    """
    asked, place_of_year = np.unique(years, return_inverse=True)
    require_years(cube, asked.tolist())
    infinite: dict[str, int] = {}

    def column(name: str) -> FloatArray:
        everywhere = cells_and_years(cube[name], asked.tolist())
        infinite[name] = n_infinite(everywhere)
        return everywhere[cells, place_of_year]

    names = list(map(str, cube.data_vars))
    features = laid_out(map(column, names), names, pd.RangeIndex(len(cells)))
    _require_finite(infinite)
    return features


def require_years(cube: xr.Dataset, years: Sequence[int]) -> None:
    """Pass only where a cube has every year, by its coordinate ``year`` of the shape (n_year,).

    Raises
    ------
    FeatureError
        It lacks a year.
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


def cells_and_years(feature: xr.DataArray, years: Sequence[int]) -> FloatArray:
    """Values (n_cell, n_year) of a feature on ("cell",) or ("cell", "year"); static ones repeat without memory.

    Years as given; one that the feature lacks is a KeyError. A static feature is not to be written into.

    Examples
    --------
    >>> cells_and_years(xr.DataArray([3.0, 4.0], dims="cell"), [2019, 2020]).tolist()
    [[3.0, 3.0], [4.0, 4.0]]
    """
    # The whole feature is read, and years are chosen of what is in memory: a chunk holds all of them.
    values = feature.compute()
    if "year" in values.dims:
        return values.sel(year=list(years)).transpose("cell", "year").to_numpy()
    by_year = values.to_numpy()[:, None]
    return np.broadcast_to(by_year, (feature.sizes["cell"], len(years)))


def n_infinite(values: FloatArray) -> int:
    """How many of some values (…) are infinite, of either sign; NaN is not.

    Examples
    --------
    >>> n_infinite(np.array([[np.inf, 1.0], [-np.inf, np.nan]]))
    2
    """
    return int(np.isinf(values).sum())


def laid_out(columns: Iterable[FloatArray], names: Sequence[str], index: pd.Index) -> pd.DataFrame:
    """Columns (n,) side by side in memory that processes share; each is asked for when it is laid there.

    A frame (n, n_column), float64. As many columns as names, in their order.

    Examples
    --------
    >>> laid_out([np.array([1.0, 2.0])], ["rain_mm"], pd.Index([5, 6])).to_dict()
    {'rain_mm': {5: 1.0, 6: 2.0}}
    """
    matrix = stacked(columns, (len(names), len(index)))
    return pd.DataFrame(matrix.T, index=index, columns=list(names), copy=False)


def build_training_table(labels: pd.DataFrame, cube: xr.Dataset) -> pd.DataFrame:
    """Join observed labels with their features: one row per observed (cell, year), sorted.

    Labels have the columns ``cell_id year observed_fraction observed_land_area_m2 state rts_count rts_area_m2
    rts_per_km2 rts_area_fraction`` (`LABEL_COLUMNS`), the cube dims ("cell",) or ("cell", "year"); columns are those of
    the labels and one a feature. Observed is any state but ``unobserved``. Rows without a single known feature are left
    out, and the log says how many. Rows are indexed from 0.

    Raises
    ------
    LabelError
        If nothing was observed.
    FeatureError
        If a label year or an observed cell is missing from the features, one is infinite, or no row has a known
        feature; looked for in this order.

    Examples
    --------
    Cell 8 was not observed.

    >>> labels = pd.DataFrame({name: 0.0 for name in LABEL_COLUMNS}, index=[0, 1])
    >>> labels = labels.assign(cell_id=[8, 7], year=2020, state=["unobserved", "observed_with"])
    >>> features = {"rain_mm": (("cell", "year"), [[300.0], [500.0]])}
    >>> cube = xr.Dataset(features, {"year": [2020], "cell_ids": ("cell", [7, 8])})
    >>> build_training_table(labels, cube)[["cell_id", "year", "state", "rain_mm"]].values.tolist()
    [[7, 2020, 'observed_with', 300.0]]
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
    observed = observed.sort_values(KEYS, ignore_index=True)
    require_years(cube, sorted(observed["year"].unique().tolist()))
    cells = pd.Index(cube["cell_ids"].to_numpy()).get_indexer(pd.Index(observed["cell_id"]))
    if (cells < 0).any():
        raise FeatureError(
            "Some observed cells are not in the feature cube.",
            field="cell_id",
            sample=observed.loc[cells < 0, "cell_id"],
            fix="run the features pipeline again: kedro run --pipelines features",
        )
    features = features_of_rows(cube, cells, observed["year"].to_numpy())
    return _with_known_features(pd.concat([observed, features], axis="columns"))


def feature_columns(frame: pd.DataFrame) -> list[str]:
    """Names of the feature columns of a training table or feature frame, in order.

    All columns but those of labels (`LABEL_COLUMNS`: ``cell_id year state rts_count`` and others).

    Examples
    --------
    >>> feature_columns(pd.DataFrame(columns=["cell_id", "year", "rts_count", "slope_deg", "rain_mm"]))
    ['slope_deg', 'rain_mm']
    """
    return [str(column) for column in frame.columns if column not in LABEL_COLUMNS]


def has_features(frame: pd.DataFrame) -> BoolArray:
    """Whether each row has at least one known feature, shape (n,).

    Examples
    --------
    >>> has_features(pd.DataFrame({"cell_id": [1, 2], "year": 2020, "slope_deg": [3.0, np.nan]})).tolist()
    [True, False]
    """
    return frame[feature_columns(frame)].notna().any(axis=1).to_numpy()


def _require_finite(n_infinite_by_name: Mapping[str, int]) -> None:
    infinite = {name: n for name, n in n_infinite_by_name.items() if n > 0}
    if infinite:
        raise FeatureError(
            "Features hold infinite values.",
            field=", ".join(infinite),
            got=f"{sum(infinite.values())} infinite values",
            expected="finite numbers, or NaN for unknown",
            fix="look for division by zero in the source, then kedro run --pipelines features",
        )


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
