"""Climate indices of an Arctic year, on any grid, from steps of a month or a day."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from entropice.derive.climate.years import ArcticYear
from entropice.types import FloatArray
from entropice.units import ZERO_CELSIUS_K

ALL_MONTHS: Final = tuple(range(1, 13))
SUMMER_MONTHS: Final = (6, 7, 8)
SNOW_LEAD_MONTHS: Final = 3
"""Before an Arctic year, in which the snow that it holds may have come."""
WINTER_MONTHS: Final = (12, 1, 2)
SECONDS_PER_DAY: Final = 86_400.0
SUFFIX_BY_UNITS: Final[Mapping[str, str]] = {
    "1": "",
    "d": "d",
    "degC": "c",
    "degC d": "c_d",
    "kg m-3": "kg_m3",
    "mm": "mm",
    "Pa": "pa",
    "W m-2": "w_m2",
}


@dataclass(frozen=True)
class Index:
    """A climate index and how it is described.

    Attributes
    ----------
    stem
        The feature's name without its unit.
    needs
        Canonical variables.
    compute
        Of shape (…) from steps of shape (n_step, …); NaN where any step that it needs is.
    statistic
        May say ``{step}``, the month or the day.
    lead_months
        How long before the Arctic year it looks.
    """

    stem: str
    units: str
    needs: tuple[str, ...]
    compute: Callable[[ArcticYear], FloatArray]
    statistic: str
    long_name: str
    lead_months: int = 0

    @property
    def suffix(self) -> str:
        """The unit as the end of a name, such as ``mm`` or ``w_m2``; empty for a bare number."""
        return SUFFIX_BY_UNITS[self.units]

    @property
    def name(self) -> str:
        """The name of the feature: stem and unit, joined by an underscore; the stem alone of a bare number."""
        return "_".join(filter(None, (self.stem, self.suffix)))


def mean(year: ArcticYear, variable: str, months: Sequence[int] = ALL_MONTHS) -> FloatArray:
    """Mean of a variable over the steps in some months, weighted by their days; in its unit, shape (…) of a place.

    ``Σ days · value / Σ days`` over the year's own steps, without its lead. NaN where any step is, as in every index.
    Without a weight February would count as much as March.

    Examples
    --------
    Thirty days at 2 and ten at 6: (60 + 60) / 40.

    >>> import numpy as np
    >>> year = ArcticYear({"sp": np.array([2.0, 6.0])}, days=np.array([30.0, 10.0]), months=np.array([9, 10]), n_lead=0)
    >>> float(mean(year, "sp")), float(mean(year, "sp", months=(10,)))
    (3.0, 6.0)
    """
    days = year.days_of(months)
    weighted: FloatArray = _over_days(year.of(variable, months), days) / days.sum()
    return weighted


def total(year: ArcticYear, variable: str, months: Sequence[int] = ALL_MONTHS) -> FloatArray:
    """Sum of a variable that is a sum over each step in some months; in its unit, shape (…); NaN where any step is.

    Examples
    --------
    The lead, here the first step, is not part of the year.

    >>> import numpy as np
    >>> fields = {"tp": np.array([[8.0, 8.0], [1.0, 1.0], [2.0, np.nan]])}
    >>> year = ArcticYear(fields, days=np.array([30.0, 31.0, 30.0]), months=np.array([9, 10, 11]), n_lead=1)
    >>> total(year, "tp").tolist()
    [3.0, nan]
    """
    summed: FloatArray = year.of(variable, months).sum(axis=0)
    return summed


def largest(year: ArcticYear, variable: str, months: Sequence[int] = ALL_MONTHS) -> FloatArray:
    """Largest of the year's own steps in some months; in the variable's unit, shape (…); NaN where any step is.

    Examples
    --------
    >>> import numpy as np
    >>> fields = {"sd": np.array([[1.0, 1.0], [2.0, np.nan]])}
    >>> largest(ArcticYear(fields, days=np.array([31.0, 30.0]), months=np.array([10, 11]), n_lead=0), "sd").tolist()
    [2.0, nan]
    """
    highest: FloatArray = year.of(variable, months).max(axis=0)
    return highest


def mean_celsius(year: ArcticYear, variable: str, months: Sequence[int] = ALL_MONTHS) -> FloatArray:
    """Mean of a temperature (K) in some months, steps weighted by their days; °C, shape (…) of a place.

    NaN where any of the steps is.

    Examples
    --------
    >>> import numpy as np
    >>> t2m = np.array([263.15, 283.15])
    >>> year = ArcticYear({"t2m": t2m}, days=np.array([30.0, 10.0]), months=np.array([9, 10]), n_lead=0)
    >>> float(mean_celsius(year, "t2m").round(6)), float(highest_celsius(year, "t2m").round(6))
    (-5.0, 10.0)
    """
    return mean(year, variable, months) - ZERO_CELSIUS_K


def highest_celsius(year: ArcticYear, variable: str, months: Sequence[int] = ALL_MONTHS) -> FloatArray:
    """Highest step of a temperature (K) in some months; °C, shape (…) of a place; NaN where any of the steps is."""
    return largest(year, variable, months) - ZERO_CELSIUS_K


def lowest_celsius(year: ArcticYear, variable: str) -> FloatArray:
    """Lowest step of a temperature (K) in the Arctic year; °C, shape (…) of a place; NaN where any of the steps is."""
    lowest: FloatArray = year.of(variable).min(axis=0) - ZERO_CELSIUS_K
    return lowest


def mean_power(year: ArcticYear, variable: str, months: Sequence[int] = ALL_MONTHS) -> FloatArray:
    """Mean of an energy that is a sum over each step (J m⁻²), over the seconds of the months; W m⁻², shape (…).

    NaN where any of the steps is.

    Examples
    --------
    A day has 86,400 s: as many joules a day are one watt.

    >>> import numpy as np
    >>> ssrd = np.array([30 * 86_400.0, 0.0])
    >>> year = ArcticYear({"ssrd": ssrd}, days=np.array([30.0, 10.0]), months=np.array([9, 10]), n_lead=0)
    >>> float(mean_power(year, "ssrd", months=(9,))), float(mean_power(year, "ssrd"))
    (1.0, 0.75)
    """
    power: FloatArray = total(year, variable, months) / (year.days_of(months).sum() * SECONDS_PER_DAY)
    return power


def thawing_degree_days(year: ArcticYear) -> FloatArray:
    """Sum over the year of step mean (°C) × days, warm steps only; °C d, never negative, shape (…) of a place.

    NaN where any step is.

    Notes
    -----
    From months it is an approximation: days of the other sign within a month are not counted. It errs most in the
    months around 0 °C. Degree days as in Nelson and Outcalt (1987), Arctic and Alpine Research 19:279,
    doi:10.2307/1551363.

    Examples
    --------
    Thirty days at +2 °C, ten at −5 °C:

    >>> import numpy as np
    >>> t2m = np.array([275.15, 268.15])
    >>> year = ArcticYear({"t2m": t2m}, days=np.array([30.0, 10.0]), months=np.array([9, 10]), n_lead=0)
    >>> float(thawing_degree_days(year).round(6)), float(freezing_degree_days(year).round(6))
    (60.0, 50.0)
    """
    return _over_days(np.clip(year.celsius_of(), 0, None), year.days_of())


def freezing_degree_days(year: ArcticYear) -> FloatArray:
    """Sum over the year of −step mean (°C) × days, cold steps only; °C d, never negative, shape (…) of a place.

    NaN where any step is.

    Notes
    -----
    The counterpart of `thawing_degree_days`: thawing minus freezing degree days is the year's mean × its days.

    Examples
    --------
    >>> import numpy as np
    >>> t2m = np.array([275.15, 268.15])
    >>> year = ArcticYear({"t2m": t2m}, days=np.array([30.0, 10.0]), months=np.array([9, 10]), n_lead=0)
    >>> float(freezing_degree_days(year).round(6))
    50.0
    >>> float((thawing_degree_days(year) - freezing_degree_days(year) - 40 * mean_celsius(year, "t2m")).round(6))
    0.0
    """
    return _over_days(np.clip(-year.celsius_of(), 0, None), year.days_of())


def frost_number(year: ArcticYear) -> FloatArray:
    """√F / (√F + √T) of freezing and thawing degree days, shape (…) of a place: 0 without frost, 1 without thaw.

    Notes
    -----
    Nelson and Outcalt (1987), Arctic and Alpine Research 19:279, doi:10.2307/1551363, the air frost number. NaN where
    it is 0 °C all year, or any step is unknown.

    Examples
    --------
    As much frost as thaw:

    >>> import numpy as np
    >>> t2m = np.array([274.15, 272.15])
    >>> year = ArcticYear({"t2m": t2m}, days=np.array([30.0, 30.0]), months=np.array([9, 10]), n_lead=0)
    >>> float(frost_number(year))
    0.5
    """
    frost, thaw = np.sqrt(freezing_degree_days(year)), np.sqrt(thawing_degree_days(year))
    ratio: FloatArray = np.divide(frost, frost + thaw, out=np.full_like(frost, np.nan), where=frost + thaw > 0)
    return ratio


def summer_rain(year: ArcticYear) -> FloatArray:
    """Liquid precipitation that falls on thawing ground: tp − sf of June to August in steps above 0 °C; mm, shape (…).

    NaN where any of the three is in any of the steps.

    Examples
    --------
    Rain in June falls at −1 °C; in July at 1 °C, and of 5 mm of precipitation 2 mm are snow.

    >>> import numpy as np
    >>> fields = {"t2m": np.array([272.15, 274.15]), "tp": np.array([7.0, 5.0]), "sf": np.array([1.0, 2.0])}
    >>> float(summer_rain(ArcticYear(fields, days=np.array([30.0, 31.0]), months=np.array([6, 7]), n_lead=0)))
    3.0
    """
    # Rounding of packed files makes snowfall exceed the precipitation at times: there is no rain less than none.
    liquid_mm = np.clip(year.of("tp", SUMMER_MONTHS) - year.of("sf", SUMMER_MONTHS), 0, None)
    celsius = year.celsius_of(SUMMER_MONTHS)
    rain_mm: FloatArray = np.where(np.isnan(celsius), np.nan, liquid_mm * (celsius > 0)).sum(axis=0)
    return rain_mm


def indices_from(variables: Iterable[str]) -> list[Index]:
    """The indices (n_index,) for which a climate has the variables (canonical names), in the order of `INDICES`.

    Asked for are ``t2m t2m_max tp sf smlt sd d2m skt stl1`` to ``stl4``, ``swvl1`` to ``swvl4`` and ``ssrd strd snowc
    rsn sp``; other variables are passed over.

    Examples
    --------
    >>> [index.name for index in indices_from(["sf", "smlt"])]
    ['snowfall_mm', 'snow_melt_mm']
    """
    present = set(variables)
    return [index for index in INDICES if present.issuperset(index.needs)]


def lead_of(indices: Iterable[Index]) -> int:
    """Months before an Arctic year that any of the indices (n_index,) looks at; 0 of none.

    Examples
    --------
    >>> lead_of([INDEX_BY_NAME["snow_onset_d"], INDEX_BY_NAME["snowfall_mm"]]), lead_of([])
    (3, 0)
    """
    return max((index.lead_months for index in indices), default=0)


def _over_days(values: FloatArray, days: FloatArray) -> FloatArray:
    """Σ value × days over the steps."""
    weighted: FloatArray = np.tensordot(days, values, axes=1)
    return weighted


_YEAR_SUM: Final = "sum over the Arctic year"
_YEAR_MEAN: Final = "mean over the Arctic year"
_STEPS_SUM: Final = "sum over the {step}s of the Arctic year"
_SUMMER_SUM: Final = "sum over June to August"
_SUMMER_MEAN: Final = "mean over June to August"
_THAW: Final = "from {step} means; none where it never thaws"
_SNOW: Final = "from {step} means; none without snow"
_TO: Final = "days from the start of the Arctic year to"

_ROWS: Final = (
    ("thawing_degree_days", "degC d", "t2m", thawing_degree_days, _STEPS_SUM, "thawing degree days"),
    ("freezing_degree_days", "degC d", "t2m", freezing_degree_days, _STEPS_SUM, "freezing degree days"),
    ("frost_number", "1", "t2m", frost_number, "ratio of Arctic-year sums", "air frost number"),
    ("thaw_onset", "d", "t2m", lambda year: year.thaw.onset_d, _THAW, f"{_TO} thaw"),
    ("thaw_end", "d", "t2m", lambda year: year.thaw.end_d, _THAW, f"{_TO} freeze-up, at most to its end"),
    (
        "thaw_season_length",
        "d",
        "t2m",
        lambda year: year.thaw.length_d,
        "from {step} means; 0 where it never thaws",
        "length of the thaw season within the Arctic year",
    ),
    (
        "annual_temperature_mean",
        "degC",
        "t2m",
        partial(mean_celsius, variable="t2m"),
        _YEAR_MEAN,
        "annual air temperature at 2 m",
    ),
    (
        "winter_temperature_mean",
        "degC",
        "t2m",
        partial(mean_celsius, variable="t2m", months=WINTER_MONTHS),
        "mean over December to February",
        "winter air temperature at 2 m",
    ),
    (
        "winter_temperature_min",
        "degC",
        "t2m",
        partial(lowest_celsius, variable="t2m"),
        "coldest {step} of the Arctic year",
        "lowest air temperature at 2 m",
    ),
    (
        "summer_temperature_mean",
        "degC",
        "t2m",
        partial(mean_celsius, variable="t2m", months=SUMMER_MONTHS),
        _SUMMER_MEAN,
        "summer air temperature at 2 m",
    ),
    (
        "summer_temperature_max",
        "degC",
        "t2m",
        partial(highest_celsius, variable="t2m", months=SUMMER_MONTHS),
        "warmest {step} of June to August",
        "highest summer air temperature at 2 m",
    ),
    (
        "summer_heat_max",
        "degC",
        "t2m_max",
        partial(highest_celsius, variable="t2m_max", months=SUMMER_MONTHS),
        "warmest hour of June to August",
        "highest summer air temperature at 2 m",
    ),
    ("annual_precipitation", "mm", "tp", partial(total, variable="tp"), _YEAR_SUM, "annual precipitation"),
    (
        "summer_precipitation",
        "mm",
        "tp",
        partial(total, variable="tp", months=SUMMER_MONTHS),
        _SUMMER_SUM,
        "summer precipitation",
    ),
    (
        "summer_precipitation_max",
        "mm",
        "tp",
        partial(largest, variable="tp", months=SUMMER_MONTHS),
        "wettest {step} of June to August",
        "largest summer precipitation",
    ),
    (
        "summer_rain",
        "mm",
        "t2m tp sf",
        summer_rain,
        "sum over the {step}s of June to August above 0 °C",
        "liquid summer precipitation",
    ),
    ("snowfall", "mm", "sf", partial(total, variable="sf"), _YEAR_SUM, "snowfall in water equivalent"),
    ("snow_melt", "mm", "smlt", partial(total, variable="smlt"), _YEAR_SUM, "melted snow in water equivalent"),
    (
        "snow_water_equivalent_max",
        "mm",
        "sd",
        partial(largest, variable="sd"),
        "largest {step} of the Arctic year",
        "snow on the ground in water equivalent",
    ),
)
_SNOW_ROWS: Final = (
    ("snow_onset", "d", "sd", lambda year: year.snow.onset_d, _SNOW, f"{_TO} lasting snow, negative before it"),
    (
        "snow_melt_out",
        "d",
        "sd",
        lambda year: year.snow.end_d,
        _SNOW,
        f"{_TO} the end of lasting snow, at most to its end",
    ),
    (
        "snow_season_length",
        "d",
        "sd",
        lambda year: year.snow.length_d,
        "from {step} means; 0 without snow",
        "length of the snow season that holds the largest water equivalent",
    ),
)
_SOIL: Final = tuple(
    row
    for layer in range(1, 5)
    for row in (
        (f"stl{layer}", f"soil_temperature_{layer}", "degC", mean_celsius, f"temperature of soil layer {layer}"),
        (f"swvl{layer}", f"soil_water_{layer}", "1", mean, f"share of water in soil layer {layer} by volume"),
    )
)
_MEAN_ROWS: Final = (
    ("d2m", "dew_point", "degC", mean_celsius, "dew point at 2 m"),
    ("skt", "skin_temperature", "degC", mean_celsius, "temperature of the surface"),
    *_SOIL,
    ("ssrd", "solar_radiation", "W m-2", mean_power, "solar radiation reaching the ground"),
    ("strd", "thermal_radiation", "W m-2", mean_power, "thermal radiation reaching the ground"),
    ("snowc", "snow_cover", "1", mean, "share of the ground under snow"),
    ("rsn", "snow_density", "kg m-3", mean, "density of the snow"),
    ("sp", "surface_pressure", "Pa", mean, "air pressure at the ground"),
)

INDICES: Final = (
    *(
        Index(stem, units, tuple(needs.split()), compute, statistic, long_name)
        for stem, units, needs, compute, statistic, long_name in _ROWS
    ),
    *(
        Index(stem, units, (needs,), compute, statistic, long_name, SNOW_LEAD_MONTHS)
        for stem, units, needs, compute, statistic, long_name in _SNOW_ROWS
    ),
    *(
        Index(
            f"{stem}_{period}_mean",
            units,
            (variable,),
            partial(compute, variable=variable, months=months),
            statistic,
            f"{period} {long_name}",
        )
        for variable, stem, units, compute, long_name in _MEAN_ROWS
        for period, months, statistic in (("annual", ALL_MONTHS, _YEAR_MEAN), ("summer", SUMMER_MONTHS, _SUMMER_MEAN))
    ),
)
"""Every index, in the order in which features are laid out."""

INDEX_BY_NAME: Final[Mapping[str, Index]] = {index.name: index for index in INDICES}
