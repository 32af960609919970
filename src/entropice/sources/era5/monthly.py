"""ERA5 monthly means brought to one set of names, axes and units."""

import logging
from dataclasses import replace
from typing import Final

import numpy as np
import xarray as xr

from entropice.errors import SchemaError
from entropice.sources.era5.merge import merge
from entropice.sources.era5.plausible import require_plausible
from entropice.sources.era5.slices import VariableSlice
from entropice.sources.era5.source import ClimateSource, require_variables
from entropice.sources.era5.validity import Stamps
from entropice.sources.era5.variables import VARIABLES, Era5Variable
from entropice.types import Dataset, Float32Array

logger = logging.getLogger(__name__)

ALL_ROWS: Final = slice(None)
FIRST_FORECAST: Final = np.timedelta64(6, "h")
"""Before a month begins."""


def normalise_monthly(source: ClimateSource, rows: slice = ALL_ROWS) -> Dataset:
    """Bring ERA5 monthly means to dimensions (time, lat, lon), ascending, and to the units of `VARIABLES`.

    Sums of a month are the mean of the average day times the days of the month. Months are those that every variable
    has, from the first of the latest to the last of the earliest.

    Parameters
    ----------
    source
        Means of whole months, whatever time of the month stamps them. Sums are means too at the source: metres (or
        joules) of the average day.
    rows
        Of ``source.lat_deg``: what is read.

    Returns
    -------
    Dataset
        Every variable of the source, float32, in K, mm, J m-2, Pa or as shares; sums are over the month. Time is the
        first day of each month; NaN stays NaN. Attributes: ``source``, ``step`` ("month"), ``preliminary_steps``
        (months with values of ERA5T).

    Raises
    ------
    SchemaError
        A required variable or a month is missing, a month occurs twice or has no value, an impossible value, files
        that disagree, or a climate that is not plausible.

    Examples
    --------
    1 mm on the average day of February 2020 is 29 mm in the month:

    >>> from entropice.sources.era5.slices import in_memory
    >>> from entropice.sources.era5.source import source_from
    >>> means = {"t2m": (273.0, "K"), "tp": (0.001, "m"), "sf": (0.0, "m"), "sd": (0.0, "m")}
    >>> axes = {"time": np.array(["2020-02-15"], dtype="datetime64[ns]"), "lat": [70.0], "lon": [0.0]}
    >>> fields = {name: (tuple(axes), [[[mean]]], {"units": unit}) for name, (mean, unit) in means.items()}
    >>> climate = normalise_monthly(source_from({"means": in_memory(xr.Dataset(fields, axes))}, "era5"))
    >>> round(climate["tp"].item(), 3), str(climate["time"].values[0])[:10]
    (29.0, '2020-02-01')
    """
    require_variables(source)
    slices = tuple(_by_month(part) for part in source.slices)
    months = _common_months(slices, source.origin)
    merged = {
        name: merge([part for part in slices if part.variable.name == name], months, rows) for name in source.variables
    }
    values = {name: _monthly(VARIABLES[name], merged[name].values, months) for name in merged}
    for name, field in values.items():
        _require_known_months(name, field, months, source.slices_of(name)[0].origin)
    is_preliminary = np.any([of_one.is_preliminary for of_one in merged.values()], axis=0)
    preliminary = [str(month) for month in months[is_preliminary].astype("datetime64[M]")]
    logger.info("%d months of %d variables, %d preliminary.", len(months), len(values), len(preliminary))
    climate = xr.Dataset(
        {name: (("time", "lat", "lon"), field, _described(VARIABLES[name])) for name, field in values.items()},
        coords={
            "time": months.astype("datetime64[ns]"),
            "lat": source.lat_deg[rows],
            "lon": source.lon_deg,
        },
        attrs={
            "source": f"{source.product.name} monthly means",
            "step": "month",
            "preliminary_steps": preliminary,
        },
    )
    require_plausible(climate, source.origin)
    return climate


def _by_month(part: VariableSlice) -> VariableSlice:
    """The same slice, its stamps moved to the first of their month."""
    months = part.stamps.astype("datetime64[M]")
    unique, counts = np.unique(months[~np.isnat(months)], return_counts=True)
    if counts.max(initial=0) > 1:
        raise SchemaError(
            "Months occur more than once.",
            path=part.origin,
            field="time",
            got=f"{counts.max()} times in one month",
            sample=unique[counts > 1],
            expected="one value a month",
            fix="give monthly means, not hourly or daily fields, and each month once",
        )
    _refuse_starts_of_forecasts(part)
    return replace(part, stamps=months.astype("datetime64[s]"))


def _refuse_starts_of_forecasts(part: VariableSlice) -> None:
    """Monthly sums begin with the forecast of 18 UTC in the month before: such stamps do not tell which is meant."""
    stamps = part.stamps[~np.isnat(part.stamps)]
    starts = (stamps.astype("datetime64[M]") + 1).astype("datetime64[s]") - FIRST_FORECAST
    if part.variable.is_sum and len(stamps) and (stamps == starts).all():
        raise SchemaError(
            "Monthly sums are stamped when their first forecast starts, it seems, in the month before.",
            path=part.origin,
            field="time",
            got="18 UTC on the last day of every month",
            sample=stamps,
            expected="times of validity, within each month",
            fix="keep valid_time when converting, or request NetCDF; else stamp each month by its first day",
        )


def _common_months(slices: tuple[VariableSlice, ...], origin: str) -> Stamps:
    """The months that every variable has: from the first of the latest to the last of the earliest."""
    by_variable: dict[str, list[Stamps]] = {}
    for part in slices:
        by_variable.setdefault(part.variable.name, []).append(part.stamps[~np.isnat(part.stamps)])
    known = {name: np.unique(np.concatenate(stamps)).astype("datetime64[M]") for name, stamps in by_variable.items()}
    spans = {name: f"{months[0]} to {months[-1]}" for name, months in known.items()}
    first, last = max(months[0] for months in known.values()), min(months[-1] for months in known.values())
    if len(set(spans.values())) > 1:
        logger.warning("Only months from %s to %s have every variable: %s.", first, last, spans)
    months = np.arange(first, last + 1)
    for name, found in known.items():
        missing = np.setdiff1d(months, found)
        if len(missing) or last < first:
            raise SchemaError(
                f"Months of {name} are missing.",
                path=origin,
                field="time",
                got=f"{len(missing)} missing between {first} and {last}; {name} from {spans[name]}",
                expected="every month, of every variable",
                sample=missing,
                fix="request the missing months and put them beside the others",
            )
    return months.astype("datetime64[s]")


def _monthly(variable: Era5Variable, values: Float32Array, months: Stamps) -> Float32Array:
    """Sums of the average day become sums of the month, in place."""
    if variable.is_sum:
        starts = months.astype("datetime64[M]")
        days = ((starts + 1).astype("datetime64[D]") - starts.astype("datetime64[D]")).astype(np.float32)
        values *= days[:, None, None]
    return values


def _require_known_months(name: str, values: Float32Array, months: Stamps, origin: str) -> None:
    is_known = ~np.isnan(values).all(axis=(1, 2))
    if not is_known.all():
        raise SchemaError(
            "A climate variable has no value in some months." if is_known.any() else "A climate variable is empty.",
            path=origin,
            field=name,
            expected="values in every month",
            got=f"{np.count_nonzero(~is_known)} of {len(months)} months without one finite value",
            sample=months[~is_known].astype("datetime64[M]"),
            fix="download these months again",
        )


def _described(variable: Era5Variable) -> dict[str, str]:
    statistic = "sum" if variable.is_sum else "mean"
    return {
        "units": variable.units,
        "long_name": f"{variable.describes}, monthly {statistic}",
        "cell_methods": f"time: {statistic}",
    }
