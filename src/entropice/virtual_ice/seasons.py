"""A season of ice, day by day."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from entropice.errors import ConfigError
from entropice.types import FloatArray
from entropice.virtual_ice.drift import eddies, eddy_drift_m, known_drift_m
from entropice.virtual_ice.dynamics import IceState, carried, frozen_and_melted, mixed, opened
from entropice.virtual_ice.geography import Geography, geography
from entropice.virtual_ice.random_fields import gaussian_fields, generator
from entropice.virtual_ice.specification import IceSeasons, IceSpecification
from entropice.virtual_ice.wind import pressures, winds_m_s

if TYPE_CHECKING:
    from numpy.random import Generator

_DAYS_PER_YEAR = 365.25
_LEAD_EDGE = 1.0
"""Leads open where a zone's field exceeds this; a standard deviation farther they open as far as they can."""


@dataclass(frozen=True, eq=False)
class Season:
    """What truly is, without any noise of observation; row 0 in the north.

    Attributes
    ----------
    first_day
        Of the first step.
    ground
        Sea and coasts.
    states
        One a day.
    pressure
        Shape (day, row, column), mean 0 and variance 1.
    wind_m_s
        Its wind, shape (2, day, row, column); that of a day carries the ice from this day to the next.
    swirls
        What currents nobody sees follow, shape as that of the pressure.
    drift_m
        How far wind, gyre and these currents carry the ice each day, shape as that of the wind.
    """

    first_day: date
    ground: Geography
    states: tuple[IceState, ...]
    pressure: FloatArray
    wind_m_s: FloatArray
    swirls: FloatArray
    drift_m: FloatArray


def first_days(seasons: IceSeasons) -> tuple[date, ...]:
    """First day of each season.

    Examples
    --------
    >>> seasons = IceSeasons(first_day=date(2020, 4, 1), n_days=10, n_seasons=2, n_spin_up_days=5)
    >>> [f"{day}" for day in first_days(seasons)]
    ['2020-04-01', '2021-04-01']
    """
    first = seasons.first_day
    return tuple(first.replace(year=first.year + number) for number in range(seasons.n_seasons))


def season_with(seasons: IceSeasons, day: date) -> int:
    """Number of the season that a day belongs to.

    Numbers count from 0; the days of the spin-up belong to none.

    Raises
    ------
    ConfigError
        To none.

    Examples
    --------
    >>> seasons = IceSeasons(first_day=date(2020, 4, 1), n_days=10, n_seasons=2, n_spin_up_days=5)
    >>> season_with(seasons, date(2020, 4, 1)), season_with(seasons, date(2021, 4, 10))
    (0, 1)
    """
    for number, first in enumerate(first_days(seasons)):
        if first <= day < first + timedelta(days=seasons.n_days):
            return number
    raise ConfigError(
        "A day lies in no season of the virtual ice.",
        field="day",
        got=day,
        expected=f"{seasons.n_days} days from {seasons.first_day:%d %B} of {seasons.n_seasons} years",
    )


def season_of(specification: IceSpecification, seed: int, number: int) -> Season:
    """The ice of one season of a world, numbers from 0; seasons know nothing of each other.

    The law runs `n_spin_up_days` before the first day, from a pack in the north with a wavy margin, of concentration ½
    + (distance south to `edge` + `waviness_m` z) / `marginal_m` cut to 0–1 and thickness `thickness_m` exp(z' / 3), z
    and z' smooth fields of the wind's scale; those days are not among its states. The coast is that of all seasons;
    wind, currents, leads and the first ice follow from seed and number.

    Raises
    ------
    IndexError
        There is no season of this number.
    """
    region, seasons = specification.region, specification.seasons
    ground = geography(region, specification.drift.coast_m, seed)
    n_all = seasons.n_spin_up_days + seasons.n_days
    pressure = pressures(specification.wind, region, n_all, seed, number)
    known_m = known_drift_m(specification, ground, pressure)
    swirls = eddies(specification.drift, region, n_all, generator(seed, "eddies", number))
    drift_m = known_m + eddy_drift_m(specification, ground, swirls)
    state, states = _first_state(specification, ground, generator(seed, "first ice", number)), []
    first = first_days(seasons)[number] - timedelta(days=seasons.n_spin_up_days)
    for day in range(n_all):
        states.append(state)
        # One a day: a longer season leaves the leads of earlier days as they were.
        random = generator(seed, "leads", number, day)
        state = next_state(specification, ground, state, drift_m[:, day], first + timedelta(days=day), random)
    spun_up = slice(seasons.n_spin_up_days, None)
    return Season(
        first_day=first_days(seasons)[number],
        ground=ground,
        states=tuple(states[spun_up]),
        pressure=pressure[spun_up],
        wind_m_s=winds_m_s(specification.wind, region, pressure[spun_up]),
        swirls=swirls[spun_up],
        drift_m=drift_m[:, spun_up],
    )


def next_state(
    specification: IceSpecification,
    ground: Geography,
    state: IceState,
    drift_m: FloatArray,
    day: date,
    random: "Generator",
) -> IceState:
    """The ice a day later: carried, mixed, opened, then frozen or melted.

    Parameters
    ----------
    drift_m
        Shape (2, row, column), metres of this day: towards larger x and towards larger y.
    day
        Whose cold freezes and melts.
    random
        Where leads open: a share of the area, `Leads.opening` times z − 1 cut to 0–1, z a new smooth random field of
        mean 0 and variance 1.
    """
    drifted = carried(state, drift_m / specification.region.pixel_m, ground.sea)
    moved = mixed(drifted, specification.drift.mixing, ground.sea)
    cold = coldness(specification, day)[:, None]
    return frozen_and_melted(opened(moved, _opening(specification, random)), cold, ground.sea, specification.heat)


def coldness(specification: IceSpecification, day: date) -> FloatArray:
    """From 1, midwinter, to −1, midsummer, for each row of pixels.

    float64 (row,), the north first: cos(2π (day of the year − `coldest_day`) / 365.25) + `mean` + `northward` · n, cut
    to −1–1, with n from ½ at the northern edge to −½ at the southern.
    """
    heat, n_rows = specification.heat, specification.region.n_pixels
    phase = 2 * np.pi * (day.timetuple().tm_yday - heat.coldest_day) / _DAYS_PER_YEAR
    cold: FloatArray = np.clip(np.cos(phase) + heat.mean + heat.northward * np.linspace(0.5, -0.5, n_rows), -1, 1)
    return cold


def _opening(specification: IceSpecification, random: "Generator") -> FloatArray:
    region, leads = specification.region, specification.leads
    zones = gaussian_fields(random, 1, region.n_pixels, leads.scale_m / region.pixel_m)[0]
    share: FloatArray = leads.opening * np.clip(zones - _LEAD_EDGE, 0, 1)
    return share


def _first_state(specification: IceSpecification, ground: Geography, random: "Generator") -> IceState:
    """A pack in the north with a wavy margin; its thickness varies by a third."""
    region, first = specification.region, specification.first_ice
    scale_px = specification.wind.scale_m / region.pixel_m
    waves, lumps = gaussian_fields(random, 2, region.n_pixels, scale_px)
    north_m = (first.edge * region.n_pixels - np.arange(region.n_pixels)[:, None] - 0.5) * region.pixel_m
    inside = (north_m + first.waviness_m * waves) / first.marginal_m
    concentration = np.clip(inside + 0.5, 0, 1) * ground.sea
    return IceState(concentration, concentration * first.thickness_m * np.exp(lumps / 3))
