"""The known part of the rate at which slumps are active."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from entropice.types import Float32Array, FloatArray
from entropice.units import ZERO_CELSIUS_K
from entropice.virtual_arctic.climate import (
    LAPSE_K_PER_M,
    Climate,
    build_climate,
    precipitation_m_per_day,
    temperature_k,
)
from entropice.virtual_arctic.lattice import coarse_lattice, lattice_of, upsampled
from entropice.virtual_arctic.specification import Effects, WorldSpecification
from entropice.virtual_arctic.terrain import slope_and_northness

_BEST_SLOPE_DEG = 5.0
_SLOPE_WIDTH_LOG = 0.7
_MILD_SUMMER_C = 5.0
_SUMMER_WIDTH_K = 3.0
_ANOMALY_WIDTH_K = 1.0
_SUMMER_MONTHS = (6, 7, 8)
_N_SUMMERS = 3
_TYPICAL_PRECIPITATION_M_PER_DAY = 1.3e-3


@dataclass(frozen=True)
class Drivers:
    """What slumps respond to in one year, on base units; all float32 and of one shape.

    Attributes
    ----------
    slope_deg, northness, ground_ice
        The same in all years.
    summer_temperature_c, summer_anomaly_k
        Mean over June to August of this year and the two before, and this year's departure from it.
    summer_wetness
        Natural logarithm of the precipitation of June to August over 1.3 mm per day.
    """

    slope_deg: Float32Array
    northness: Float32Array
    ground_ice: Float32Array
    summer_temperature_c: Float32Array
    summer_anomaly_k: Float32Array
    summer_wetness: Float32Array


def known_log_rate(terrain: xr.Dataset, world: WorldSpecification) -> Float32Array:
    """Logarithm of the expected active slumps per base unit and year without the unseen effect; NaN at sea.

    The intercept makes the expected number of active slumps, unseen effect included, sum to
    ``slumps.expected_slump_years`` over land and label years. Shape (year, y, x).

    float32. It is the relative log rate plus log(expected / (Σ exp(relative log rate) · exp(v / 2))), v the variance of
    the unseen effect and the sum over land and label years. Equation and drivers are those of `relative_log_rate`;
    nothing here is random but the terrain and the climate, both by the world's seed.
    """
    effects = world.slumps.effects
    relative = np.stack([relative_log_rate(drivers, effects) for drivers in _drivers_by_year(terrain, world)])
    relative[:, ~terrain["land"].to_numpy()] = np.nan
    # The mean of exp of the unseen effect, which the expected number includes.
    sum_of_rates = np.nansum(np.exp(relative), dtype=np.float64) * np.exp(world.slumps.unseen_variance / 2)
    relative += np.float32(np.log(world.slumps.expected_slump_years / sum_of_rates))
    return relative


def relative_log_rate(drivers: Drivers, effects: Effects) -> Float32Array:
    """The log rate up to a constant: a hump over slope, saturation in warmth, straight lines in rain and ice.

    Notes
    -----
    log rate = e_slope H + ½ e_north · northness · H + e_temp tanh((T − 5 °C) / 3 K) + e_anom tanh(A / 1 K) + e_prec W +
    e_ice I, with H = exp(−(log(slope / 5°) / 0.7)² / 2), T and A the summer's temperature and anomaly, W its wetness
    and I the ground ice. Slopes below 0.001° count as that. float32, of the drivers' shape.

    Examples
    --------
    >>> effects = Effects(**dict.fromkeys(Effects.model_fields, 1.0))
    >>> drivers = Drivers(*(np.array([value], dtype=np.float32) for value in (5, 1, 0, 5, 0, 0)))
    >>> relative_log_rate(drivers, effects).tolist()
    [1.5]
    """
    log_slope = np.log(np.maximum(drivers.slope_deg, np.float32(1e-3)) / np.float32(_BEST_SLOPE_DEG))
    hump = np.exp(-((log_slope / np.float32(_SLOPE_WIDTH_LOG)) ** 2) / 2)
    warmth = np.tanh((drivers.summer_temperature_c - np.float32(_MILD_SUMMER_C)) / np.float32(_SUMMER_WIDTH_K))
    warming = np.tanh(drivers.summer_anomaly_k / np.float32(_ANOMALY_WIDTH_K))
    log_rate: Float32Array = (
        np.float32(effects.slope_hump) * hump
        + np.float32(effects.northness / 2) * drivers.northness * hump
        + np.float32(effects.summer_temperature) * warmth
        + np.float32(effects.summer_anomaly) * warming
        + np.float32(effects.summer_precipitation) * drivers.summer_wetness
        + np.float32(effects.ground_ice) * drivers.ground_ice
    )
    return log_rate


def _drivers_by_year(terrain: xr.Dataset, world: WorldSpecification) -> list[Drivers]:
    elevation_m = terrain["elevation_m"].to_numpy()
    slope_deg, northness = slope_and_northness(elevation_m, lattice_of(terrain))
    climate = build_climate(world)
    temperature_c, wetness = _summers(climate, world)
    factor = world.coarse_unit_m // world.base_unit_m
    lapse_k: Float32Array = np.float32(LAPSE_K_PER_M) * elevation_m

    def drivers(year: int) -> Drivers:
        recent_c = np.mean([temperature_c[summer] for summer in range(year - _N_SUMMERS + 1, year + 1)], axis=0)
        return Drivers(
            slope_deg=slope_deg,
            northness=northness,
            ground_ice=terrain["ground_ice"].to_numpy(),
            summer_temperature_c=_on_base_units(recent_c, factor) - lapse_k,
            summer_anomaly_k=_on_base_units(temperature_c[year] - recent_c, factor),
            summer_wetness=_on_base_units(wetness[year], factor),
        )

    return [drivers(year) for year in world.label_years]


def _summers(climate: Climate, world: WorldSpecification) -> tuple[dict[int, FloatArray], dict[int, FloatArray]]:
    """By year, on the coarse lattice: summer temperature at sea level (°C) and wetness."""
    coarse = coarse_lattice(world)
    lon_deg, lat_deg = (axis.ravel() for axis in coarse.lon_lat_deg())
    temperature = temperature_k(climate, lon_deg, lat_deg, np.zeros_like(lat_deg)) - ZERO_CELSIUS_K
    precipitation = precipitation_m_per_day(climate, lon_deg, lat_deg)
    is_summer = np.isin(climate.months_of_year, _SUMMER_MONTHS)
    of_year = {year: is_summer & (climate.years == year) for year in np.unique(climate.years[is_summer]).tolist()}
    temperature_c = {year: temperature[of].mean(axis=0).reshape(coarse.shape) for year, of in of_year.items()}
    wetness = {
        year: np.log(precipitation[of].mean(axis=0) / _TYPICAL_PRECIPITATION_M_PER_DAY).reshape(coarse.shape)
        for year, of in of_year.items()
    }
    return temperature_c, wetness


def _on_base_units(coarse: FloatArray, factor: int) -> Float32Array:
    return upsampled(coarse.astype(np.float32), factor)
