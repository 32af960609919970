"""What no climate can be, whatever its header says: laws between variables, and ranges of latitude."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np

from entropice.errors import SchemaError
from entropice.sources.era5.variables import MAX_PACKING_ERROR_MM
from entropice.types import Dataset, Float32Array, FloatArray
from entropice.units import ZERO_CELSIUS_K

LATITUDES_DEG: Final = (0.0, 60.0, 90.0)
WARMEST_C: Final = (77.0, 50.0, 25.0)
"""Above any hour on record at the latitudes: 54 °C in deserts, 38 °C at 68° N, 13 °C at the pole."""
COLDEST_NORTH_C: Final = -75.0
COLDEST_SOUTH_C: Final = -100.0
"""Below any hour on record: -70 °C in Greenland, -89 °C in Antarctica."""
DEW_POINT_TOLERANCE_K: Final = 1.0
"""Of a mean: air may be a little above saturation, and packing adds to it."""
ALL_SEASONS_DAYS: Final = 360
"""From which on a mean is one of all seasons."""
WETTEST_MM_PER_DAY: Final = 33.0
"""Of a mean of all seasons: 12 m a year fall at the wettest places on Earth."""
DRIEST_MM_PER_DAY: Final = 0.01
"""Of a mean of all seasons and places: 4 mm a year; the driest polar deserts have ten times as much."""
SNOW_TOLERANCE: Final = 0.01
"""Of the precipitation, beside what packing adds."""
NORTHWARD_RISE_K: Final = 5.0
"""By which the northernmost circle may be warmer than the southernmost one."""
MIN_EXTENT_DEG: Final = 15.0


class _Law(NamedTuple):
    """What holds between some variables, in climates of so many days."""

    needs: tuple[str, ...]
    doubts: "Callable[[Dataset, FloatArray], Iterator[Doubt]]"
    min_days: int = 1


class Doubt(NamedTuple):
    """What cannot be: in which variable, what was found, and what is possible."""

    field: str
    got: str
    expected: str
    fix: str


def require_plausible(climate: Dataset, path: str) -> None:
    """Refuse a canonical climate that no place on Earth has.

    NaN is looked over. A law is asked only where its variables are there, and those of a mean of all seasons only from
    360 days on.

    Parameters
    ----------
    climate
        On (time, lat, lon), as `normalise_monthly` and `read_days` give it: K and mm, sums over its steps.
    path
        A file, for the message.

    Raises
    ------
    SchemaError
        More snow than precipitation, air below its dew point, heat or cold that the latitude does not know, a mean of
        all seasons that is wetter or drier than any place, or a pole that is warmer than the south.

    Notes
    -----
    The laws are these, T in °C, P precipitation and S snow in mm of a step of n days, φ the latitude:

    - T at most 77 at the equator, 50 at 60° and 25 at the pole, straight lines between; at least −75 (φ ≥ 0) or −100;
    - S ≤ 1.01 P + 0.1 n;
    - dew point at most 1 K above the air;
    - of all seasons, P at most 33 mm a day anywhere and, where it is not 0, at least 0.01 on average;
    - of all seasons, where a full circle of longitudes spans 15° or more of the north, the northernmost row at most 5 K
      warmer than the southernmost.

    Examples
    --------
    >>> import xarray as xr
    >>> day = {"time": np.array(["2020-07-01"], dtype="datetime64[ns]"), "lat": [70.0], "lon": [0.0]}
    >>> fields = {name: (tuple(day), [[[kelvin]]]) for name, kelvin in (("t2m", 280.0), ("d2m", 287.0))}
    >>> try:
    ...     require_plausible(xr.Dataset(fields, day, {"step": "day"}), "climate.nc")
    ... except SchemaError as error:
    ...     error.got
    'a dew point 7.0 K above the air'
    """
    doubt = next(_doubts(climate), None)
    if doubt is not None:
        raise SchemaError(
            "The climate is none that the Earth has.",
            path=path,
            field=doubt.field,
            got=doubt.got,
            expected=doubt.expected,
            fix=doubt.fix,
        )


def _doubts(climate: Dataset) -> Iterator[Doubt]:
    days = _days(climate)
    for law in LAWS:
        if days.sum() >= law.min_days and all(name in climate for name in law.needs):
            yield from law.doubts(climate, days)


def _days(climate: Dataset) -> FloatArray:
    """Length of each step."""
    times = climate["time"].to_numpy()
    if climate.attrs["step"] == "day":
        return np.ones(len(times))
    months = times.astype("datetime64[M]")
    lengths: FloatArray = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.float64)
    return lengths


def _heat_and_cold(climate: Dataset, days: FloatArray) -> Iterator[Doubt]:  # noqa: ARG001 - a law has both
    lat_deg = climate["lat"].to_numpy()
    warmest_c = np.interp(np.abs(lat_deg), LATITUDES_DEG, WARMEST_C)
    coldest_c = np.where(lat_deg >= 0, COLDEST_NORTH_C, COLDEST_SOUTH_C)
    high_c, low_c = (
        extreme.reduce(_values(climate, name if name in climate else "t2m"), axis=(0, 2)) - ZERO_CELSIUS_K
        for extreme, name in ((np.fmax, "t2m_max"), (np.fmin, "t2m_min"))
    )
    for row in np.flatnonzero((high_c > warmest_c) | (low_c < coldest_c)):
        yield Doubt(
            "t2m",
            f"{low_c[row]:.1f} to {high_c[row]:.1f} °C at latitude {lat_deg[row]:g}",
            f"{coldest_c[row]:.0f} to {warmest_c[row]:.0f} °C there",
            "check the unit of the temperature, and whether latitudes and values are in one order",
        )


def _more_snow_than_precipitation(climate: Dataset, days: FloatArray) -> Iterator[Doubt]:
    for snow_mm, all_mm, n_days in zip(_values(climate, "sf"), _values(climate, "tp"), days, strict=True):
        excess_mm = snow_mm - (1 + SNOW_TOLERANCE) * all_mm - np.float32(MAX_PACKING_ERROR_MM * n_days)
        if np.fmax.reduce(excess_mm, axis=None) > 0:
            place = np.unravel_index(np.nanargmax(excess_mm), excess_mm.shape)
            yield Doubt(
                "sf",
                f"{snow_mm[place]:.4g} mm of snow in {all_mm[place]:.4g} mm of precipitation",
                "at most as much snow (sf) as precipitation (tp)",
                "check the units of both, and whether both are of one product and period",
            )


def _below_dew_point(climate: Dataset, days: FloatArray) -> Iterator[Doubt]:  # noqa: ARG001
    for dew_k, air_k in zip(_values(climate, "d2m"), _values(climate, "t2m"), strict=True):
        above_k = float(np.fmax.reduce(dew_k - air_k, axis=None))
        if above_k > DEW_POINT_TOLERANCE_K:
            yield Doubt(
                "d2m",
                f"a dew point {above_k:.1f} K above the air",
                "at most the temperature of the air (t2m)",
                "check the units of both, and whether both are of one product and period",
            )


def _wet_or_dry(climate: Dataset, days: FloatArray) -> Iterator[Doubt]:
    mean_mm = _values(climate, "tp").sum(axis=0, dtype=np.float64) / days.sum()
    wettest_mm, all_mm = float(np.fmax.reduce(mean_mm, axis=None)), _average(mean_mm)
    if wettest_mm > WETTEST_MM_PER_DAY or 0 < all_mm < DRIEST_MM_PER_DAY:
        yield Doubt(
            "tp",
            f"{wettest_mm:.3g} mm a day at the wettest place, {all_mm:.3g} mm a day on average",
            f"at most {WETTEST_MM_PER_DAY:g} and at least {DRIEST_MM_PER_DAY:g} mm a day in {len(days)} steps",
            "check the unit (m, not mm; of a day, not of a month)",
        )


def _warm_pole(climate: Dataset, days: FloatArray) -> Iterator[Doubt]:
    lat_deg, lon_deg = climate["lat"].to_numpy(), climate["lon"].to_numpy()
    is_circle = len(lon_deg) > 1 and (lon_deg[-1] - lon_deg[0]) * len(lon_deg) / (len(lon_deg) - 1) > 359.0
    if not is_circle or lat_deg[0] < 0 or lat_deg[-1] - lat_deg[0] < MIN_EXTENT_DEG:
        return
    south_k, north_k = (_average(days @ _values(climate, "t2m")[:, row]) / days.sum() for row in (0, -1))
    if north_k > south_k + NORTHWARD_RISE_K:
        yield Doubt(
            "t2m",
            f"{north_k - ZERO_CELSIUS_K:.1f} °C on average at latitude {lat_deg[-1]:g}, "
            f"{south_k - ZERO_CELSIUS_K:.1f} °C at {lat_deg[0]:g}",
            "air that is colder towards the pole",
            "check whether the latitudes run as the values do: one of them may be upside down",
        )


def _values(climate: Dataset, name: str) -> Float32Array:
    values: Float32Array = climate[name].to_numpy()
    return values


def _average(values: FloatArray) -> float:
    """Of what is known; NaN where nothing is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


LAWS: Final = (
    _Law(("t2m",), _heat_and_cold),
    _Law(("sf", "tp"), _more_snow_than_precipitation),
    _Law(("d2m", "t2m"), _below_dew_point),
    _Law(("tp",), _wet_or_dry, ALL_SEASONS_DAYS),
    _Law(("t2m",), _warm_pole, ALL_SEASONS_DAYS),
)
