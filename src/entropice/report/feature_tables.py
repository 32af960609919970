"""What the features of a run are, which values they take, and how those are distributed over the training rows."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pandas as pd

from entropice.report.packing import packed, scale_factor
from entropice.types import DataArray, DataFrame, Dataset, FloatArray, Series

PROBABILITIES: Final = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
N_BINS: Final = 20
N_FEATURES_WITH_VALUES: Final = 20
IMPORTANCES: Final = [
    *("level", "feature", "feature_group", "long_name", "unit", "features", "n_features", "weight", "low_95"),
    *("high_95", "leave_out", "null_q95", "p_value", "q_value", "is_discovery", "rank"),
]


def features_table(cube: Dataset) -> DataFrame:
    """Columns ``name unit group source statistic years long_name``, a row a feature of the cube, in its order.

    All are text, from the attributes of each variable: ``unit`` is its ``units``, the others are called alike.

    Raises
    ------
    KeyError
        A feature lacks one of these attributes.

    Examples
    --------
    >>> import xarray as xr
    >>> told = {name: name.upper() for name in ("units", "group", "source", "statistic", "years", "long_name")}
    >>> features_table(xr.Dataset({"slope": ("cell", [0.5], told)})).iloc[0].tolist()
    ['slope', 'UNITS', 'GROUP', 'SOURCE', 'STATISTIC', 'YEARS', 'LONG_NAME']
    """
    fields = {"unit": "units"} | {field: field for field in ("group", "source", "statistic", "years", "long_name")}
    rows = [
        {"name": str(name)} | {field: str(variable.attrs[key]) for field, key in fields.items()}
        for name, variable in cube.data_vars.items()
    ]
    return pd.DataFrame(rows, columns=["name", *fields])


def importances_table(drivers: DataFrame, features: DataFrame) -> DataFrame:
    """Importances of groups, then of clusters, each strongest first, named by their typical feature; may be empty.

    Parameters
    ----------
    drivers
        The columns of the dataset ``drivers``.
    features
        Columns ``name long_name unit`` of `features_table`.

    Returns
    -------
    DataFrame
        Columns ``level feature feature_group long_name unit features n_features weight low_95 high_95 leave_out
        null_q95 p_value q_value is_discovery rank``, a row a row of ``drivers``, by level and rank. ``weight`` is
        ``importance`` (nats), ``feature_group`` the ``group``, ``is_discovery`` 0 or 1 (int64); ``long_name`` and
        ``unit`` are null where the feature is not described.

    Examples
    --------
    >>> numbers = dict.fromkeys(["low_95", "high_95", "leave_out", "null_q95", "p_value", "q_value"], 0.5)
    >>> drivers = pd.DataFrame({"level": ["cluster", "group"], "group": "terrain", "feature": "slope"} | numbers)
    >>> drivers = drivers.assign(features="slope", n_features=1, importance=0.25, is_discovery=True, rank=1)
    >>> features = pd.DataFrame({"name": ["slope"], "long_name": ["Slope"], "unit": ["degree"]})
    >>> importances_table(drivers, features)[["level", "long_name", "weight", "is_discovery"]].to_numpy().tolist()
    [['group', 'Slope', 0.25, 1], ['cluster', 'Slope', 0.25, 1]]
    """
    described = drivers.merge(
        features[["name", "long_name", "unit"]], left_on="feature", right_on="name", how="left"
    ).rename(columns={"group": "feature_group", "importance": "weight"})
    described["is_discovery"] = described["is_discovery"].astype(np.int64)
    return described.sort_values(["level", "rank"], ascending=[False, True])[IMPORTANCES].reset_index(drop=True)


def features_with_values(cell_drivers: DataFrame, importances: DataFrame, seen: Sequence[str]) -> list[str]:
    """The features that drive most cells, then those of the most important clusters, then what models see; 20 at most.

    Each comes once, where it is met first. Features that drive as many cells come by name, or in the order of their
    categories.

    Parameters
    ----------
    cell_drivers
        Column ``feature``, a row for each cell, year and rank.
    importances
        Columns ``level features`` of `importances_table`, clusters by rank; ``features`` are names with spaces between.
    seen
        Names of the features that models see.

    Examples
    --------
    >>> cell_drivers = pd.DataFrame({"feature": ["snow", "slope", "slope"]})
    >>> importances = pd.DataFrame({"level": ["group", "cluster"], "features": ["ice thaw", "thaw slope"]})
    >>> features_with_values(cell_drivers, importances, ["elevation", "snow"])
    ['slope', 'snow', 'thaw', 'elevation']
    """
    n_cells = cell_drivers.groupby("feature", observed=True).size().sort_values(ascending=False, kind="stable")
    clusters = importances[importances["level"] == "cluster"]
    named = [*n_cells.index, *" ".join(clusters["features"]).split(), *seen]
    return list(dict.fromkeys(named))[:N_FEATURES_WITH_VALUES]


def feature_values(cube: Dataset, names: Sequence[str], years: Sequence[int]) -> tuple[DataFrame, dict[str, float]]:
    """Values of features as whole numbers, one row per cell.

    Parameters
    ----------
    cube
        Dims ``cell`` and ``year``, coordinates ``cell_ids`` and ``year``.
    names
        Features of the cube, each with dims (cell,) or (cell, year).
    years
        Of the columns; a year that the cube does not have is null. At least one.

    Returns
    -------
    DataFrame
        ``cell_id`` (int64, ascending), ``<feature>`` of each that is the same in all years and ``<feature>_<year>`` of
        the others (Int64, null where unknown).
    dict
        What the numbers of each feature are to be multiplied by: `packing.scale_factor` over all its years.

    Examples
    --------
    >>> import xarray as xr
    >>> known = {"ice": ("cell", [0.5, np.nan]), "snow": (("cell", "year"), [[1.0], [3.0]])}
    >>> cube = xr.Dataset(known, {"cell_ids": ("cell", [9, 4]), "year": [2020]})
    >>> values, steps = feature_values(cube, ["ice", "snow"], [2020])
    >>> values.astype(object).where(values.notna(), None).to_numpy().tolist(), steps
    ([[4, None, 3000], [9, 5000, 1000]], {'ice': 0.0001, 'snow': 0.001})
    """
    cells = pd.DataFrame({"cell_id": np.sort(cube["cell_ids"].to_numpy().astype(np.int64))})
    steps: dict[str, float] = {}
    numbers: dict[str, Series] = {}
    # Whole numbers of all features are kept, and the values of one at a time.
    for name in names:
        columns = _columns(cube, name, cells, years)
        steps[name] = scale_factor(np.concatenate(list(columns.values())))
        numbers |= {column: packed(values, steps[name]) for column, values in columns.items()}
    return cells.assign(**numbers), steps


def _columns(cube: Dataset, name: str, cells: DataFrame, years: Sequence[int]) -> dict[str, FloatArray]:
    """The values of a feature by column."""
    read = cube.assign({name: cube[name].compute()})
    if "year" not in cube[name].dims:
        return values_at(read, [name], cells.assign(year=years[0]))
    return {f"{name}_{year}": values_at(read, [name], cells.assign(year=year))[name] for year in years}


def values_at(cube: Dataset, names: Sequence[str], rows: DataFrame) -> dict[str, FloatArray]:
    """The values (n,) of each feature at rows of ``cell_id year``; NaN where a cell or year is not in the cube.

    float64, in the order of the rows. A feature without the dimension ``year`` is the same in any year, also in one
    that the cube does not have.

    Examples
    --------
    >>> import xarray as xr
    >>> known = {"ice": ("cell", [0.5, 0.25]), "snow": (("cell", "year"), [[1.0], [3.0]])}
    >>> cube = xr.Dataset(known, {"cell_ids": ("cell", [9, 4]), "year": [2020]})
    >>> rows = pd.DataFrame({"cell_id": [4, 4, 7], "year": [2020, 1999, 2020]})
    >>> {name: values.tolist() for name, values in values_at(cube, ["ice", "snow"], rows).items()}
    {'ice': [0.25, 0.25, nan], 'snow': [3.0, nan, nan]}
    """
    cells, years = _places(cube, rows)
    return {name: _at(cube[name], cells, years) for name in names}


def _places(cube: Dataset, rows: DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Number of the cell and of the year of each row (n,) in a cube; -1 where it has none."""
    cells = pd.Index(cube["cell_ids"].to_numpy().astype(np.int64)).get_indexer(
        pd.Index(rows["cell_id"].astype(np.int64))
    )
    return cells, pd.Index(cube["year"].to_numpy()).get_indexer(pd.Index(rows["year"]))


def _at(feature: DataArray, cells: np.ndarray, years: np.ndarray) -> FloatArray:
    is_yearly = "year" in feature.dims
    values = feature.transpose("cell", "year").to_numpy()[cells, years] if is_yearly else feature.to_numpy()[cells]
    is_known = (cells >= 0) & (years >= 0 if is_yearly else True)
    return np.where(is_known, values, np.nan).astype(np.float64)


def distributions(cube: Dataset, rows: DataFrame) -> tuple[DataFrame, DataFrame]:
    """Quantiles and histograms of every feature of the cube over rows of ``cell_id year``.

    Rows of which a feature is unknown, or that the cube does not have, do not count for it. Values are in the unit of
    the feature.

    Returns
    -------
    DataFrame
        ``feature quantile value``, eleven rows a feature: 0, .01, .05, .1, .25, .5, .75, .9, .95, .99 and 1.
    DataFrame
        ``feature low high n``: 20 bins of equal width between the 1 % and the 99 % quantile; the outer bins take what
        lies beyond. NaN is left out; a feature that is NaN in all rows is in neither table.

    Examples
    --------
    Of three rows, one is in no cell of the cube; a feature that no row knows is in neither table:

    >>> import xarray as xr
    >>> known = {"ice": ("cell", [0.5, 0.25]), "snow": ("cell", [np.nan, np.nan])}
    >>> cube = xr.Dataset(known, {"cell_ids": ("cell", [9, 4]), "year": [2020]})
    >>> of_quantiles, of_bins = distributions(cube, pd.DataFrame({"cell_id": [4, 9, 7], "year": 2020}))
    >>> set(of_quantiles["feature"]), float(of_quantiles["value"].max()), int(of_bins["n"].sum())
    ({'ice'}, 0.5, 2)
    """
    places = _places(cube, rows)
    known = ((str(name), _known(_at(feature, *places))) for name, feature in cube.data_vars.items())
    told = [(name, quantiles(values), histogram(values)) for name, values in known if len(values)]
    return (
        _stacked(quantiles, {name: of_feature for name, of_feature, _ in told}),
        _stacked(histogram, {name: of_feature for name, _, of_feature in told}),
    )


def _known(values: FloatArray) -> FloatArray:
    return values[~np.isnan(values)]


def quantiles(values: FloatArray) -> DataFrame:
    """``quantile value`` of values (n,), n ≥ 1, without NaN; eleven rows.

    Quantiles 0, .01, .05, .1, .25, .5, .75, .9, .95, .99 and 1, linear between the values.

    Examples
    --------
    >>> quantiles(np.array([0.0, 100.0]))["value"].tolist()
    [0.0, 1.0, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 100.0]
    """
    return pd.DataFrame({"quantile": PROBABILITIES, "value": np.quantile(values, PROBABILITIES)})


def histogram(values: FloatArray) -> DataFrame:
    """``low high n`` of values (n,), n ≥ 1, without NaN; values that are all alike lie in one bin without width.

    Twenty rows: bins of equal width between the 1 % and the 99 % quantile. A bin holds its lower edge and not its
    upper; the first also holds all below it, the last its upper edge and all above. Where the two quantiles are equal
    no bin has a width: what lies below is in the first, all else in the last.

    Examples
    --------
    >>> bins = histogram(np.arange(101.0))
    >>> bins.iloc[0].round(6).tolist(), bins.iloc[-1].round(6).tolist(), int(bins["n"].sum())
    ([1.0, 5.9, 6.0], [94.1, 99.0, 6.0], 101)
    >>> histogram(np.array([3.0, 3.0]))["n"].tolist()[-1]
    2
    """
    # Not from the least to the largest: one outlier would put all other rows into a single bin.
    low, high = np.quantile(values, [0.01, 0.99])
    edges = np.linspace(low, high, N_BINS + 1)
    # Inner edges alone, so that what lies beyond the outer ones falls into the outer bins.
    counts = np.bincount(np.searchsorted(edges[1:-1], values, side="right"), minlength=N_BINS)
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "n": counts})


def _stacked(describe: Callable[[FloatArray], DataFrame], told: dict[str, DataFrame]) -> DataFrame:
    """What is told of each feature in one frame, with its name as ``feature``; no rows of these types without any."""
    parts = [of_feature.assign(feature=name) for name, of_feature in told.items()]
    frame = pd.concat(parts, ignore_index=True) if parts else describe(np.zeros(1)).assign(feature="")[:0]
    return frame[["feature", *frame.columns.drop("feature")]]
