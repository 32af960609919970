"""A monthly climate, defined everywhere on the globe."""

from dataclasses import dataclass, replace

import numpy as np

from entropice.types import FloatArray, IntArray
from entropice.units import ZERO_CELSIUS_K
from entropice.virtual_arctic.randomness import generator
from entropice.virtual_arctic.specification import WorldSpecification

LAPSE_K_PER_M = 0.006

_N_MODES = 8
_N_WAVES = 40
_MODE_LENGTH_RAD = 0.12
_YEAR_MEMORY = 0.4
_WARMING_K_PER_YEAR = 0.1
_FREEZING_WIDTH_K = 1.0
_MELT_M_PER_K_DAY = 0.003
_FIRST_SNOW_MONTH = 10


Months = np.ndarray[tuple[int], np.dtype[np.datetime64]]


@dataclass(frozen=True)
class Variability:
    """Standard deviations of what lasts, of calendar years and of months.

    They are those of loadings, so in K of temperature, and of a natural logarithm of precipitation.
    """

    lasting: float
    yearly: float
    monthly: float


_TEMPERATURE_K = Variability(lasting=0.7, yearly=0.25, monthly=0.25)
_PRECIPITATION = Variability(lasting=0.12, yearly=0.03, monthly=0.04)


@dataclass(frozen=True)
class Loadings:
    """How strongly each month shows each pattern: the sum of three parts.

    Attributes
    ----------
    lasting
        Shape (mode, 1).
    yearly
        By calendar year, shape (mode, year).
    monthly
        Shape (mode, month).
    """

    lasting: FloatArray
    yearly: FloatArray
    monthly: FloatArray

    def of(self, months: Months) -> FloatArray:
        """Sum of the three parts, shape (mode, month), of the months that these loadings are of.

        Calendar years count from that of the first month on.
        """
        total: FloatArray = self.lasting + self.yearly[:, _year_index(months)] + self.monthly
        return total


@dataclass(frozen=True)
class Climate:
    """Smooth patterns on the sphere, and how strongly each month shows them.

    Attributes
    ----------
    months
        datetime64[M], consecutive.
    warming_from
        The month from which warming counts, forwards and backwards.
    wave_vectors, phases
        Shapes (mode, wave, 3) and (mode, wave): each pattern is a sum of plane waves through the globe, hence smooth
        across the pole and the antimeridian.
    temperature_loadings_k, precipitation_loadings
        K, and natural logarithm.
    """

    months: Months
    warming_from: np.datetime64
    wave_vectors: FloatArray
    phases: FloatArray
    temperature_loadings_k: Loadings
    precipitation_loadings: Loadings

    @property
    def years(self) -> IntArray:
        """Calendar year of each month, int64 (month,)."""
        years: IntArray = self.months.astype("datetime64[Y]").astype(np.int64) + 1970
        return years

    @property
    def months_of_year(self) -> IntArray:
        """Number of each month in its calendar year, 1 to 12; int64 (month,)."""
        numbers: IntArray = self.months.astype(np.int64) % 12 + 1
        return numbers

    @property
    def days(self) -> IntArray:
        """Length of each month in days, 28 to 31; int64 (month,)."""
        starts = np.append(self.months, self.months[-1] + 1).astype("datetime64[D]")
        return np.diff(starts).astype(np.int64)


def build_climate(world: WorldSpecification) -> Climate:
    """Draw a climate: lasting patterns, years with memory (AR(1)), and monthly weather.

    It reaches from October before `first_arctic_year` to December of `last_year`. There are 8 patterns, each the sum of
    40 plane waves through the globe, scaled to unit variance; over draws, values at a chord of d Earth radii have a
    correlation of exp(−½ (d / 0.12)²). A month shows a pattern by l + y + m, normal numbers of mean 0: what lasts
    (standard deviation .7 K), the calendar year (.25 K; y' = .4 y + √(1 − .4²) ε), and the month (.25 K); for the
    logarithm of precipitation .12, .03 and .04. All follow from the world's seed.
    """
    random = generator(world.seed, "climate")
    first = np.datetime64(f"{world.climate.first_arctic_year - 1}-10", "M")
    months = np.arange(first, np.datetime64(f"{world.climate.last_year + 1}-01", "M"))
    return Climate(
        months=months,
        warming_from=months[0],
        wave_vectors=random.standard_normal((_N_MODES, _N_WAVES, 3)) / _MODE_LENGTH_RAD,
        phases=random.uniform(0, 2 * np.pi, (_N_MODES, _N_WAVES)),
        temperature_loadings_k=_loadings(random, months, _TEMPERATURE_K),
        precipitation_loadings=_loadings(random, months, _PRECIPITATION),
    )


def build_history(recent: Climate, world: WorldSpecification) -> Climate:
    """The months before a climate, drawn backwards: more of them change neither each other nor the climate.

    It begins 12 · `n_history_years` months before `recent` and ends with the month before it, with the same patterns
    and what lasts. Calendar years go on backwards from the first one of `recent` by the same law, which reads the same
    in both directions; random by the world's seed.
    """
    first = recent.months[0] - 12 * world.climate.n_history_years
    months = np.arange(first, recent.months[0])
    temperature, precipitation = (
        generator(world.seed, topic) for topic in ("temperature history", "precipitation history")
    )
    return replace(
        recent,
        months=months,
        temperature_loadings_k=_earlier(temperature, months, recent.temperature_loadings_k, _TEMPERATURE_K),
        precipitation_loadings=_earlier(precipitation, months, recent.precipitation_loadings, _PRECIPITATION),
    )


def temperature_k(climate: Climate, lon_deg: FloatArray, lat_deg: FloatArray, height_m: FloatArray) -> FloatArray:
    """Monthly mean temperature (K), shape (month, point), at points given by three arrays (point,).

    Notes
    -----
    T = 273.15 − 10 + 17 cos(2π (month − 7) / 12) + 0.1 Δ − 0.6 (lat − 70) − 0.006 h + Σ loading · pattern, with Δ the
    years since `Climate.warming_from` and h the height in m: July is warmest, and a month of the record is 0.1 K warmer
    than the same a year before. Patterns vary over hundreds of kilometres; their law is that of `build_climate`.
    """
    season = 17 * np.cos(2 * np.pi * (climate.months_of_year - 7) / 12)
    warming = _WARMING_K_PER_YEAR * (climate.months - climate.warming_from).astype(np.float64) / 12
    place = ZERO_CELSIUS_K - 10 - 0.6 * (lat_deg - 70) - LAPSE_K_PER_M * height_m
    weather_k = climate.temperature_loadings_k.of(climate.months).T @ _patterns(climate, lon_deg, lat_deg)
    temperature: FloatArray = (season + warming)[:, None] + place + weather_k
    return temperature


def precipitation_m_per_day(climate: Climate, lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
    """Monthly mean precipitation (m of water a day), shape (month, point), positive.

    Notes
    -----
    P = 0.0009 exp(0.5 cos(2π (month − 8) / 12) − 0.03 (lat − 70) + Σ loading · pattern): most in August, and less
    farther north.
    """
    season = 0.5 * np.cos(2 * np.pi * (climate.months_of_year - 8) / 12)
    logarithm = np.log(0.9e-3) + season[:, None] - 0.03 * (lat_deg - 70)
    precipitation: FloatArray = np.exp(
        logarithm + climate.precipitation_loadings.of(climate.months).T @ _patterns(climate, lon_deg, lat_deg)
    )
    return precipitation


def snowfall_m_per_day(temperature: FloatArray, precipitation: FloatArray) -> FloatArray:
    """The frozen part of precipitation: all of it in deep frost, half at the freezing point, none in warmth.

    It is P / (1 + exp(T − 273.15)), T in K, elementwise, in the unit of `precipitation`.

    Examples
    --------
    >>> snowfall_m_per_day(np.array([243.15, 273.15, 303.15]), np.full(3, 0.002)).round(6).tolist()
    [0.002, 0.001, 0.0]
    """
    snowfall: FloatArray = precipitation / (1 + np.exp((temperature - ZERO_CELSIUS_K) / _FREEZING_WIDTH_K))
    return snowfall


def snow_depth_m(climate: Climate, temperature: FloatArray, snowfall: FloatArray) -> FloatArray:
    """Water equivalent of the snow at the end of each month: what fell and has not melted, never negative.

    The ground is bare when an October begins: what outlasts September is ice, which snow does not count.

    Parameters
    ----------
    temperature, snowfall
        Shape (month, point), K and m of water a day.

    Returns
    -------
    array
        m of water, float64 (month, point): d = max(d₋₁ + n (s − 0.003 max(T − 273.15, 0)), 0) with n the days of the
        month, and d₋₁ = 0 in October and in the first month.
    """
    thaw_k = np.maximum(temperature - ZERO_CELSIUS_K, 0)
    gain_m = (snowfall - _MELT_M_PER_K_DAY * thaw_k) * climate.days[:, None]
    depth_m = np.zeros_like(gain_m)
    previous_m = np.zeros(gain_m.shape[1])
    for month, change_m in enumerate(gain_m):
        # Otherwise snow of cold places would pile up for decades, and no year would resemble the one before.
        fallen_m = 0 if climate.months_of_year[month] == _FIRST_SNOW_MONTH else previous_m
        previous_m = np.maximum(fallen_m + change_m, 0)
        depth_m[month] = previous_m
    return depth_m


def _patterns(climate: Climate, lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
    """Shape (mode, point): unit-variance patterns at places on the sphere."""
    lon, lat = np.radians(lon_deg), np.radians(lat_deg)
    places = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    waves = zip(climate.wave_vectors, climate.phases, strict=True)
    patterns = [np.cos(vectors @ places + phases[:, None]).sum(axis=0) for vectors, phases in waves]
    # A cosine of random phase has a variance of one half.
    unit_variance: FloatArray = np.stack(patterns) * np.sqrt(2 / _N_WAVES)
    return unit_variance


def _loadings(random: np.random.Generator, months: Months, size: Variability) -> Loadings:
    return Loadings(
        lasting=size.lasting * random.standard_normal((_N_MODES, 1)),
        yearly=size.yearly * _autoregressive(random, n_years=int(_year_index(months)[-1]) + 1),
        monthly=size.monthly * random.standard_normal((_N_MODES, len(months))),
    )


def _earlier(random: np.random.Generator, months: Months, later: Loadings, size: Variability) -> Loadings:
    """Loadings of the months right before those of others, month by month backwards from them."""
    yearly = [later.yearly[:, 0]]
    monthly = []
    for month in months[::-1]:
        monthly.append(size.monthly * random.standard_normal(_N_MODES))
        # January, going backwards: the year before it is drawn next.
        if month == month.astype("datetime64[Y]").astype("datetime64[M]"):
            novelty = size.yearly * random.standard_normal(_N_MODES)
            yearly.append(_YEAR_MEMORY * yearly[-1] + np.sqrt(1 - _YEAR_MEMORY**2) * novelty)
    return Loadings(later.lasting, np.transpose(yearly[::-1]), np.transpose(monthly[::-1]))


def drawn_onwards(
    random: np.random.Generator, past: Climate, known: Loadings, months: Months, *, is_temperature: bool
) -> Loadings:
    """Loadings of months right after those of a past up to its calendar year of the first of them, drawn by its law.

    Parameters
    ----------
    past, known
        A climate and one of its two loadings, of its months from its first calendar year on.
    months
        datetime64[M], consecutive; the first lies in a calendar year that the past knows, whose loading it keeps.
    is_temperature
        Whether standard deviations are those of temperature, or else of the logarithm of precipitation.

    Returns
    -------
    Loadings
        Lasting as known; calendar years from that of the first month on, the later ones drawn; months drawn.
    """
    size = _TEMPERATURE_K if is_temperature else _PRECIPITATION
    years = past.years
    yearly = [known.yearly[:, int(months[0].astype("datetime64[Y]").astype(np.int64)) + 1970 - int(years[0])]]
    for _ in range(int(_year_index(months)[-1])):
        novelty = size.yearly * random.standard_normal(_N_MODES)
        yearly.append(_YEAR_MEMORY * yearly[-1] + np.sqrt(1 - _YEAR_MEMORY**2) * novelty)
    monthly = size.monthly * random.standard_normal((_N_MODES, len(months)))
    return Loadings(known.lasting, np.transpose(yearly), monthly)


def _year_index(months: Months) -> IntArray:
    years = months.astype("datetime64[Y]").astype(np.int64)
    index: IntArray = years - years[0]
    return index


def _autoregressive(random: np.random.Generator, n_years: int) -> FloatArray:
    """Shape (mode, year): stationary AR(1) series of unit variance."""
    series = random.standard_normal((_N_MODES, n_years))
    for year in range(1, n_years):
        series[:, year] = _YEAR_MEMORY * series[:, year - 1] + np.sqrt(1 - _YEAR_MEMORY**2) * series[:, year]
    return series
