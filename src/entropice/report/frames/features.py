"""What the features are, how often they are unknown, and how they are distributed."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from entropice.report.frames.cell_years import cell_years, with_classes
from entropice.report.run_tables import RunTables
from entropice.types import DataFrame, FloatArray, Series

ALL_ROWS: Final = "all training rows"
GAPS: Final = ["group", "feature", "source", "years", "missing_percent"]
DISTRIBUTIONS: Final = ["feature", "rows", "low", "high", "n", "percent"]


def feature_titles(features: DataFrame) -> Series:
    """Long name and unit of each feature, indexed by its name, which is told where two would be called the same.

    From the columns ``name long_name unit``; a bare number (unit 1) has none.

    Examples
    --------
    >>> features = pd.DataFrame({"name": ["a", "b", "c"], "long_name": ["Slope", "Slope", "Wetness"],
    ...                          "unit": ["degree", "degree", "1"]})
    >>> feature_titles(features).tolist()
    ['Slope (degree), a', 'Slope (degree), b', 'Wetness']
    """
    unit = (" (" + features["unit"] + ")").where(features["unit"] != "1", "")
    titles = (features["long_name"] + unit).set_axis(features["name"])
    return titles.where(~titles.duplicated(keep=False), titles + ", " + titles.index)


def feature_gaps(run: RunTables) -> DataFrame:
    """In how many of the training rows each feature is unknown.

    From the tables ``features``, ``feature_histograms`` and ``scores``. Training rows are as many as the largest count
    of known values, or of cells and years in the scores, says: where every feature is unknown in some row, and there
    are no scores, shares are too small.

    Returns
    -------
    DataFrame
        ``group feature source years missing_percent``, group by group; 100 of a feature that is never known.

    Examples
    --------
    Of four training rows, one does not know the slope:

    >>> from types import SimpleNamespace
    >>> told = {"group": "terrain", "source": "ArcticDEM", "years": "2010–2020", "unit": "1"}
    >>> features = pd.DataFrame({"name": ["slope", "height"], "long_name": ["Slope", "Height"]}).assign(**told)
    >>> bins = pd.DataFrame({"feature": ["slope", "height", "height"], "n": [3, 3, 1]})
    >>> run = SimpleNamespace(frame={"features": features, "feature_histograms": bins}.get,
    ...                       facts=SimpleNamespace(table_titles={}))
    >>> feature_gaps(run)[["feature", "missing_percent"]].to_numpy().tolist()
    [['Slope', 25.0], ['Height', 0.0]]
    """
    features = run.frame("features")
    known = run.frame("feature_histograms").groupby("feature")["n"].sum()
    # The run folder has no training table: a feature that is always known has as many values as there are rows.
    n_rows = max([known.max(), *_n_tested(run)])
    shown = features.assign(
        feature=feature_titles(features).to_numpy(),
        missing_percent=100 * (1 - features["name"].map(known).fillna(0).to_numpy(np.float64) / n_rows),
    )
    return shown.sort_values("group", kind="stable")[GAPS].reset_index(drop=True)


def _n_tested(run: RunTables) -> list[int]:
    """Training rows, each of which is tested once by every scheme; empty without scores."""
    return run.frame("scores")["n_cell_years"].tolist() if "scores" in run.facts.table_titles else []


def feature_distributions(run: RunTables) -> DataFrame:
    """How each feature is distributed over the training rows, and, where its values are kept, over those of a class.

    From the tables ``features``, ``feature_histograms`` and ``feature_values``.

    Returns
    -------
    DataFrame
        ``feature rows low high n percent``: ``rows`` is ``all training rows`` or a class, ``percent`` the bin's part of
        these rows; the first and last bins take what lies beyond. Features whose values are kept come first. A class
        has the bins of all rows, a value on an inner edge being in the upper one; one of which no value is known has no
        rows.
    """
    features, histograms = run.frame("features"), run.frame("feature_histograms")
    titles = feature_titles(features)
    kept = _features_with_values(run)
    by_class = list(_by_class(run, histograms[histograms["feature"].isin(kept)]))
    rows = pd.concat([histograms.assign(rows=ALL_ROWS), *by_class], ignore_index=True)
    total = rows.groupby(["feature", "rows"])["n"].transform("sum")
    shown = rows.assign(
        percent=100 * rows["n"] / total,
        feature=rows["feature"].map(titles),
        place=rows["feature"].map({name: place for place, name in enumerate(kept)}),
    )
    return shown.sort_values("place", kind="stable")[DISTRIBUTIONS].reset_index(drop=True)


def _features_with_values(run: RunTables) -> list[str]:
    """The features whose values the run keeps, those that drive most cells first."""
    features = run.frame("features")
    if "scale_factor" not in features:
        return []
    kept, year = features.loc[features["scale_factor"].notna(), "name"], next(iter(run.facts.year_names))
    columns = list(run.frame("feature_values"))
    return sorted(kept, key=lambda name: columns.index(name if name in columns else f"{name}_{year}"))


def _by_class(run: RunTables, histograms: DataFrame) -> Iterator[DataFrame]:
    """``feature low high rows n`` of every feature and class with any known value, in the bins of all rows."""
    if histograms.empty:
        return
    rows, values = with_classes(cell_years(run), run.facts), run.frame("feature_values").set_index("cell_id")
    members = {name: (rows["class_"] == name).to_numpy() for name in run.facts.class_names}
    for feature, bins in histograms.groupby("feature", sort=False):
        found = values_at(values, str(feature), rows)
        places = np.searchsorted(bins["low"].to_numpy()[1:], found, side="right")
        for name, is_member in members.items():
            known = places[is_member & np.isfinite(found)]
            if len(known):
                yield bins.assign(rows=name, n=np.bincount(known, minlength=len(bins)))


def values_at(values: DataFrame, feature: str, rows: DataFrame) -> FloatArray:
    """Values (n,) of a feature at rows of ``cell_id year``, by year; NaN where unknown.

    ``values`` is indexed by ``cell_id`` and has a column ``<feature>``, or ``<feature>_<year>`` of every year. The
    result has the order of the rows only where these are sorted by year, as those of `cell_years` are.

    Examples
    --------
    >>> values = pd.DataFrame({"ice": [0.5], "snow_2020": [1.0]}, index=[7])
    >>> rows = pd.DataFrame({"cell_id": [7, 8], "year": [2020, 2020]})
    >>> values_at(values, "ice", rows).tolist(), values_at(values, "snow", rows).tolist()
    ([0.5, nan], [1.0, nan])
    """
    columns = [
        (values[feature] if feature in values else values[f"{feature}_{year}"]).reindex(of_year["cell_id"])
        for year, of_year in rows.groupby("year")
    ]
    return np.concatenate([column.to_numpy(np.float64, na_value=np.nan) for column in columns] or [np.empty(0)])
