"""How well any forecast can do: one that knows the law, the present and all future wind."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from entropice.errors import ConfigError
from entropice.types import Float32Array, FloatArray
from entropice.virtual_ice.drift import eddies, eddy_drift_m, known_drift_m
from entropice.virtual_ice.random_fields import generator
from entropice.virtual_ice.seasons import Season, next_state, season_of, season_with
from entropice.virtual_ice.specification import IceSpecification

if TYPE_CHECKING:
    from numpy.random import Generator

N_MEMBERS: Final = 12


def known_drift_forecast(
    specification: IceSpecification, seed: int, first: date, n_days: int, n_members: int = N_MEMBERS
) -> Float32Array:
    """Concentration on `n_days` days from `first`, foreseen on the day before; the limit of any forecast.

    Values lie in 0–1. The season is computed anew; `forecast_in` takes one that is at hand. What is drawn is the same
    in all worlds: draws follow from member, year and day alone.

    Returns
    -------
    Float32Array
        Shape (day, row, column), NaN on land.

    Raises
    ------
    ConfigError
        The day before `first`, or the last day, lies in no season of the specification, or in another; or `n_days` is
        below 1.

    Notes
    -----
    Known are the law, the true ice and currents of the day before, and all wind until the last day; not known are what
    will have changed the currents since, and where leads will open. No forecast has a smaller expected squared error
    than the mean over what may come, which is taken over `n_members` draws; these add 1 / `n_members` of the error's
    variance.
    """
    number = season_with(specification.seasons, first - timedelta(days=1))
    return forecast_in(season_of(specification, seed, number), specification, first, n_days, n_members)


def forecast_in(
    season: Season, specification: IceSpecification, first: date, n_days: int, n_members: int = N_MEMBERS
) -> Float32Array:
    """Concentration foreseen in a season that is at hand, known up to the day before `first`.

    float32 (day, row, column), the mean of `futures_in`, NaN on land.

    Raises
    ------
    ConfigError
        A day, or the day before `first`, lies outside the season, or `n_days` is below 1.
    """
    futures = futures_in(season, specification, first, n_days, n_members)
    return np.where(season.ground.sea, futures.mean(axis=0), np.nan).astype(np.float32)


def futures_in(
    season: Season, specification: IceSpecification, first: date, n_days: int, n_members: int = N_MEMBERS
) -> FloatArray:
    """Concentrations that may come, shape (member, day, row, column).

    float64 within 0–1, 0 on land; day 0 is `first`, and the state of the day before is known. Each member draws what
    becomes of the currents and where leads open; wind is that of the season. Currents t days on are a^t s + e_t − a^t
    e_0, with s those of the day before, e new `eddies` and a = exp(−1 day / `eddy_memory_days`); member m, from 0,
    draws from `generator` (m, ``"future"``, year of the season, number of the day before).

    Raises
    ------
    ConfigError
        A day, or the day before `first`, lies outside the season, or `n_days` is below 1.
    """
    start = (first - season.first_day).days - 1
    if start < 0 or n_days < 1 or start + n_days >= len(season.states):
        raise ConfigError(
            "A forecast leaves the season.",
            field="first, n_days",
            got=f"{n_days} days from {first}",
            expected=f"days after {season.first_day}, of its {len(season.states)} days",
        )
    return np.stack([_member(season, specification, start, n_days, member) for member in range(n_members)])


def _member(season: Season, specification: IceSpecification, start: int, n_days: int, member: int) -> FloatArray:
    """One future that may be, shape (day, row, column)."""
    # Not by the world's seed, whose own future would then be among those that may come.
    random = generator(member, "future", season.first_day.year, start)
    pressure = season.pressure[start : start + n_days]
    swirls = _continued(season.swirls[start], specification, n_days, random)
    drift_m = known_drift_m(specification, season.ground, pressure) + eddy_drift_m(specification, season.ground, swirls)
    state, foreseen = season.states[start], []
    for day in range(n_days):
        today = season.first_day + timedelta(days=start + day)
        state = next_state(specification, season.ground, state, drift_m[:, day], today, random)
        foreseen.append(state.concentration)
    return np.stack(foreseen)


def _continued(swirls: FloatArray, specification: IceSpecification, n_days: int, random: "Generator") -> FloatArray:
    """Currents from those of today on, by their law: what is left of today's, and new ones independent of them."""
    new = eddies(specification.drift, specification.region, n_days, random)
    kept = np.exp(-np.arange(n_days) / specification.drift.eddy_memory_days)[:, None, None]
    # On day 0 this is today's field; later ones are as of the process itself, given today.
    continued: FloatArray = kept * swirls + new - kept * new[:1]
    return continued
