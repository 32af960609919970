"""What a year means beside the years before it: normals, anomalies, earlier years and trends, never looking ahead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Final

import numpy as np
import xarray as xr

from entropice.derive.climate.indices import Index
from entropice.errors import FeatureError
from entropice.types import FloatArray

YEARS_PER_DECADE: Final = 10


@dataclass(frozen=True)
class History:
    """Which indices are seen against which years.

    Attributes
    ----------
    normal_years
        Years right before the label year whose mean is its normal.
    trend_years
        Years up to the label year over which a trend is fitted.
    lag_years
        How many earlier years become features of their own.
    normals, anomalies, lags, trends
        Names of indices; ``*`` and ``?`` stand for any characters and any one.
    """

    normal_years: int
    trend_years: int
    lag_years: int
    normals: tuple[str, ...] = ()
    anomalies: tuple[str, ...] = ()
    lags: tuple[str, ...] = ()
    trends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Derived:
    """One feature of a label year: the index over a span of years, and the weight of each of them.

    Attributes
    ----------
    stem, suffix
        Together the feature's name.
    first
        The first year, counted from the label year: −30 is thirty years earlier.
    weights
        Of the years from `first` on; the last is never later than the label year.
    """

    index: Index
    stem: str
    suffix: str
    units: str
    first: int
    weights: FloatArray
    statistic: str
    long_name: str

    @property
    def name(self) -> str:
        """The name of the feature: stem and suffix, joined by an underscore."""
        return "_".join(filter(None, (self.stem, self.suffix)))

    @property
    def last(self) -> int:
        """The last year, counted from the label year: 0 is the label year, −1 the one before it."""
        return self.first + len(self.weights) - 1

    @property
    def years(self) -> str:
        """Which years enter, `y` being the label year, as text: such as "y", "y-1" or "y-30 to y-1"."""
        first, last = (f"y{offset:+d}" if offset else "y" for offset in (self.first, self.last))
        return first if first == last else f"{first} to {last}"


def derived_features(indices: Sequence[Index], history: History) -> list[Derived]:
    """Every feature of a label year in the order: the year itself, normals, anomalies, lags, trends.

    Each is a weighted sum of the index over a span of years, weights of shape (n_years,): 1 for the year itself and for
    a lag, 1/n for a normal over the n years right before, −1/n of these and 1 for an anomaly, and for a trend the
    least-squares slope a decade, ``10 (t − t̄) / Σ (t − t̄)²``, over `trend_years` (2 or more) up to the label year.
    Names are the index's with ``_normal``, ``_anomaly``, ``_lag_<years>`` or ``_trend`` before its unit, and
    ``_per_decade`` behind that of a trend. Within a group indices keep their order; of each, lags go from 1 to
    `lag_years`.

    Raises
    ------
    FeatureError
        A name in `history` that no index has, or a pattern that fits none.

    Examples
    --------
    >>> from entropice.derive.climate.indices import INDEX_BY_NAME
    >>> rain = INDEX_BY_NAME["annual_precipitation_mm"]
    >>> history = History(2, 3, 1, anomalies=(rain.name,), lags=("annual_*",), trends=(rain.name,))
    >>> for feature in derived_features([rain], history)[1:]:
    ...     print(feature.name, feature.years, feature.weights.tolist())
    annual_precipitation_anomaly_mm y-2 to y [-0.5, -0.5, 1.0]
    annual_precipitation_lag_1_mm y-1 [1.0]
    annual_precipitation_trend_mm_per_decade y-2 to y [-5.0, 0.0, 5.0]
    """
    groups = {
        "normals": [_normal(index, history.normal_years) for index in _named(indices, history, "normals")],
        "anomalies": [_anomaly(index, history.normal_years) for index in _named(indices, history, "anomalies")],
        "lags": [
            _lag(index, years)
            for index in _named(indices, history, "lags")
            for years in range(1, history.lag_years + 1)
        ],
        "trends": [_trend(index, history.trend_years) for index in _named(indices, history, "trends")],
    }
    return [*map(_itself, indices), *(feature for group in groups.values() for feature in group)]


def looked_at(features: Iterable[Derived], years: Sequence[int]) -> dict[int, list[Index]]:
    """The indices that any feature of any label year looks at, by Arctic year, ascending; an index once a year.

    Indices of a year are in the order in which the features first name them. Features are those of `derived_features`,
    years the label years, of shape (n_years,).

    Examples
    --------
    The mean of two years before 2020 looks at 2018 and 2019, the year itself at 2020.

    >>> from entropice.derive.climate.indices import INDEX_BY_NAME
    >>> rain = INDEX_BY_NAME["annual_precipitation_mm"]
    >>> features = derived_features([rain], History(2, 3, 0, normals=(rain.name,)))
    >>> {year: [index.name for index in indices] for year, indices in looked_at(features, [2020]).items()}
    {2018: ['annual_precipitation_mm'], 2019: ['annual_precipitation_mm'], 2020: ['annual_precipitation_mm']}
    """
    by_year: dict[int, dict[str, Index]] = {}
    for feature in features:
        for offset in range(feature.first, feature.last + 1):
            for year in years:
                by_year.setdefault(year + offset, {})[feature.index.name] = feature.index
    return {year: list(by_year[year].values()) for year in sorted(by_year)}


def with_history(indices: xr.Dataset, features: Sequence[Derived], years: Sequence[int]) -> xr.Dataset:
    """Features of the label years from yearly indices; a NaN in any year that a feature looks at makes it NaN.

    Parameters
    ----------
    indices
        On (year, …), with every year of `looked_at`, ascending; attributes ``source`` and ``step``.
    features
        Of `derived_features`.
    years
        Label years, ascending.

    Returns
    -------
    Dataset
        float32 on (year, …), one variable for each feature, in their order, with the attributes ``units source
        statistic long_name years``; ``year`` holds the label years, other coordinates stay.

    Examples
    --------
    Ten mm a year more: the label year beside the mean of the two before it, and its trend per decade.

    >>> import numpy as np
    >>> import xarray as xr
    >>> from entropice.derive.climate.indices import INDEX_BY_NAME
    >>> rain = INDEX_BY_NAME["annual_precipitation_mm"]
    >>> history = History(2, 3, 0, anomalies=(rain.name,), trends=(rain.name,))
    >>> values = {rain.name: ("year", np.array([200.0, 210.0, 220.0]))}
    >>> indices = xr.Dataset(values, {"year": [2018, 2019, 2020]}, {"source": "ERA5", "step": "month"})
    >>> found = with_history(indices, derived_features([rain], history), [2020])
    >>> for name in found.data_vars:
    ...     print(name, found[name].item())
    annual_precipitation_mm 220.0
    annual_precipitation_anomaly_mm 15.0
    annual_precipitation_trend_mm_per_decade 100.0
    """
    source, step = indices.attrs["source"], indices.attrs["step"]
    variables = {}
    for feature in features:
        # Everything that looks back is a weighted sum over years, so that no feature can look ahead: its last weight
        # is that of the label year or an earlier one, and a missing year makes it NaN without a rule of its own.
        values = indices[feature.index.name].transpose("year", ...)
        of_years = [_of_year(values, feature, year) for year in years]
        variables[feature.name] = (
            values.dims,
            np.stack(of_years).astype(np.float32),
            {
                "units": feature.units,
                "source": source,
                "statistic": feature.statistic.format(step=step),
                "long_name": feature.long_name,
                "years": feature.years,
            },
        )
    coordinates = {name: axis for name, axis in indices.coords.items() if name != "year"}
    return xr.Dataset(variables, {**coordinates, "year": np.asarray(years, dtype=np.int64)})


def _of_year(values: xr.DataArray, feature: Derived, year: int) -> FloatArray:
    span = values.sel(year=slice(year + feature.first, year + feature.last)).to_numpy()
    of_year: FloatArray = np.tensordot(feature.weights, span, axes=1)
    return of_year


def _named(indices: Sequence[Index], history: History, group: str) -> list[Index]:
    patterns: tuple[str, ...] = getattr(history, group)
    idle = [pattern for pattern in patterns if not any(fnmatchcase(index.name, pattern) for index in indices)]
    if idle:
        raise FeatureError(
            "No climate index has this name.",
            field=f"features.climate.history.{group}",
            got=", ".join(idle),
            expected="names of indices that the climate has variables for",
            sample=[index.name for index in indices],
            fix="correct the name; docs/data-dictionary.md lists them",
        )
    return [index for index in indices if any(fnmatchcase(index.name, pattern) for pattern in patterns)]


def _itself(index: Index) -> Derived:
    return Derived(index, index.stem, index.suffix, index.units, 0, np.ones(1), index.statistic, index.long_name)


def _normal(index: Index, n_years: int) -> Derived:
    return replace(
        _itself(index),
        stem=f"{index.stem}_normal",
        first=-n_years,
        weights=np.full(n_years, 1 / n_years),
        statistic=f"{index.statistic}; mean of the {n_years} years before",
        long_name=f"{index.long_name}, normal",
    )


def _anomaly(index: Index, n_years: int) -> Derived:
    """The year minus its normal."""
    return replace(
        _itself(index),
        stem=f"{index.stem}_anomaly",
        first=-n_years,
        weights=np.append(np.full(n_years, -1 / n_years), 1.0),
        statistic=f"{index.statistic}; minus the mean of the {n_years} years before",
        long_name=f"{index.long_name}, departure from normal",
    )


def _lag(index: Index, n_years: int) -> Derived:
    earlier = f"{n_years} year{'s' if n_years > 1 else ''} earlier"
    return replace(
        _itself(index),
        stem=f"{index.stem}_lag_{n_years}",
        first=-n_years,
        statistic=f"{index.statistic}; {earlier}",
        long_name=f"{index.long_name}, {earlier}",
    )


def _trend(index: Index, n_years: int) -> Derived:
    """The least-squares slope is a weighted sum: Σ (t − t̄) x / Σ (t − t̄)²."""
    from_mean = np.arange(n_years) - (n_years - 1) / 2
    return replace(
        _itself(index),
        stem=f"{index.stem}_trend",
        suffix="_".join(filter(None, (index.suffix, "per_decade"))),
        units=f"{index.units} per decade",
        first=1 - n_years,
        weights=YEARS_PER_DECADE * from_mean / np.sum(from_mean**2),
        statistic=f"{index.statistic}; least-squares slope over {n_years} years",
        long_name=f"{index.long_name}, trend",
    )
