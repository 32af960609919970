"""Intervals that a file gives beside its times (CF bounds), and the stamps that follow from them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from entropice.errors import SchemaError
from entropice.sources.era5.validity import Stamps
from entropice.types import DataArray, Dataset

BOUNDS: Final = "bounds"
CLIMATOLOGY: Final = "climatology"
HOUR: Final = np.timedelta64(1, "h")
DAY: Final = np.timedelta64(1, "D")
MAX_GAP: Final = DAY
"""Between an interval of a month and its calendar month: hours of a month may be stamped 00 to 23 UTC, or 01 to 24."""


def interval_names(raw: Dataset) -> list[str]:
    """Names of the variables of the file that are bounds of others, by the attributes ``bounds`` and ``climatology``.

    Examples
    --------
    >>> import xarray as xr
    >>> times = ("time", [0.5], {"bounds": "time_bnds"})
    >>> interval_names(xr.Dataset({"time_bnds": (("time", "nv"), [[0.0, 1.0]])}, coords={"time": times}))
    ['time_bnds']
    """
    said = (variable.attrs.get(key) for variable in raw.variables.values() for key in (BOUNDS, CLIMATOLOGY))
    return [str(name) for name in said if name in raw.data_vars]


def stamped_by_intervals(raw: Dataset, times: DataArray, *, is_sum: bool, since_midnight: bool) -> DataArray:
    """The times of a field, moved to where their intervals put them; as they are where the file gives none.

    Of an interval of a month the stamp is its middle, of a sum over a day or less its end, as at the source; a mean of
    a day or less keeps its own. If any interval is longer than a day, all must be months: both ends lie within a day of
    those of the calendar month.

    Parameters
    ----------
    raw
        The data set that holds the bounds.
    times
        datetime64[s], with the attributes of the file's axis.
    is_sum, since_midnight
        Whether the values are sums, and of the product's days: since 00 UTC rather than over each hour.

    Raises
    ------
    SchemaError
        Bounds that are no intervals around their times, of a climatology, of neither hours nor a calendar month, or of
        sums that are formed in another way than the product's.

    Examples
    --------
    A sum over an hour, stamped at its beginning, is moved to its end:

    >>> import xarray as xr
    >>> ends = np.array([["2020-01-01T00", "2020-01-01T01"]], dtype="datetime64[s]")
    >>> raw = xr.Dataset({"time_bnds": (("time", "nv"), ends)})
    >>> times = xr.DataArray(ends[:, 0], dims="time", attrs={"bounds": "time_bnds"})
    >>> stamped_by_intervals(raw, times, is_sum=True, since_midnight=False).values.astype(str).tolist()
    ['2020-01-01T01:00:00']
    """
    if CLIMATOLOGY in times.attrs:
        raise _refusal(times, f"climatology {times.attrs[CLIMATOLOGY]}", "times of one year each", [])
    name = times.attrs.get(BOUNDS)
    if name not in raw.variables:
        return times
    begin, end = _ends(times, raw[name])
    if (end - begin > DAY).any():
        return times.copy(data=_middles_of_months(times, begin, end))
    if not is_sum:
        return times
    _require_formation(times, begin, end, since_midnight=since_midnight)
    return times.copy(data=end)


def _ends(times: DataArray, bounds: DataArray) -> tuple[Stamps, Stamps]:
    """Both ends of every interval, in the shape of the times."""
    values = bounds.to_numpy()
    if not np.issubdtype(values.dtype, np.datetime64) or values.shape != (*times.shape, 2):
        got = f"{values.dtype} of shape {values.shape}"
        raise _refusal(times, got, f"two datetimes for each of {times.size} times", [])
    begin, end = np.moveaxis(values.astype("datetime64[s]"), -1, 0)
    stamps = times.to_numpy()
    is_right = (begin <= stamps) & (stamps <= end)
    if not is_right.all():
        wrong = [f"{stamp}: {first} to {last}" for stamp, first, last in _rows(~is_right, stamps, begin, end)]
        raise _refusal(times, f"{np.count_nonzero(~is_right)} times outside their bounds", "times within", wrong)
    return begin, end


def _middles_of_months(times: DataArray, begin: Stamps, end: Stamps) -> Stamps:
    middle: Stamps = begin + (end - begin) // 2
    month = middle.astype("datetime64[M]")
    beside = np.maximum(abs(begin - month.astype(begin.dtype)), abs(end - (month + 1).astype(end.dtype))) > MAX_GAP
    if beside.any():
        wrong = [f"{first} to {last}" for first, last in _rows(beside, begin, end)]
        raise _refusal(times, f"{len(wrong)} other intervals", "hours, or calendar months", wrong)
    return middle


def _require_formation(times: DataArray, begin: Stamps, end: Stamps, *, since_midnight: bool) -> None:
    midnight = (end - np.timedelta64(1, "s")).astype("datetime64[D]").astype(end.dtype)
    first = midnight if since_midnight else end - HOUR
    wrong = [f"{start} to {stop}" for start, stop in _rows(begin != first, begin, end)]
    if wrong:
        expected = "sums since 00 UTC" if since_midnight else "sums over one hour each"
        raise _refusal(times, f"{len(wrong)} sums over other intervals", f"{expected}, as of the product", wrong)


def _rows(chosen: NDArray[np.bool_], *columns: Stamps) -> list[tuple[np.datetime64, ...]]:
    return list(zip(*(column[chosen] for column in columns), strict=True))


def _refusal(times: DataArray, got: str, expected: str, sample: list[str]) -> SchemaError:
    return SchemaError(
        "The intervals of the times are none of this climate.",
        field=str(times.attrs.get(BOUNDS, times.name)),
        got=got,
        expected=expected,
        sample=sample,
        fix="correct the bounds, or `product` of climate_file in the catalog; take bounds that are wrong out "
        "(`ncks -C -x -v time_bnds`, `ncatted -a bounds,time,d,,`)",
    )
