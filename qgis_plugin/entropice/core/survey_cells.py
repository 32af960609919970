"""Cells that nobody has looked at, and which of them a survey may choose from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import RunFolderError
from .language import tr
from .safe_names import REBUILD
from .survey_terms import SurveyColumns, SurveyTerms
from .tables import CELL_ID

UnitVector = tuple[float, float, float]
EARTH_RADIUS_KM = 6371.0
INSIDE = "inside"
_M2_PER_KM2 = 1e6
_VALUE_PER_KM2 = 1000.0
_LIMITS = {"share": (0.0, 1.0), "longitude": (-180.0, 180.0), "latitude": (-90.0, 90.0), "amount": (0.0, math.inf)}


@dataclass(frozen=True)
class Place:
    """A place on WGS 84."""

    lon_deg: float
    lat_deg: float

    @property
    def unit_vector(self) -> UnitVector:
        """The direction from the earth's centre, of length 1: x to 0° E, y to 90° E, z to the north pole.

        (cos φ cos λ, cos φ sin λ, sin φ), longitude λ and latitude φ; WGS 84 taken as a sphere.

        Examples
        --------
        >>> Place(90.0, 90.0).unit_vector[2], Place(0.0, 0.0).unit_vector
        (1.0, (1.0, 0.0, 0.0))
        """
        lon, lat = math.radians(self.lon_deg), math.radians(self.lat_deg)
        return (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))


@dataclass(frozen=True)
class Candidate:
    """A cell that nobody has looked at.

    `information_bits` is what an image of it tells as long as no neighbour is chosen, `find_bits` the worth of a find
    times its probability; their sum over `cost_km2` is the run's value. `seen_share` of the land was imaged in the year
    that saw most. `p_low`, `p_high` and `is_inside` (where the map may be applied) are None where the run does not
    tell them.

    Shares and probabilities lie in 0..1, `land_km2` is the land of the whole cell.
    """

    cell_id: int
    place: Place
    p_any: float
    p_low: float | None
    p_high: float | None
    is_inside: bool | None
    land_km2: float
    land_fraction: float
    seen_share: float
    cost_km2: float
    information_bits: float
    find_bits: float

    @property
    def value_per_1000_km2(self) -> float:
        """The run's value, in bits per 1000 km² of cost: 1000 (information_bits + find_bits) / cost_km2.

        Raises
        ------
        ZeroDivisionError
            The cost is 0, which `survey_terms` does not let a run say.
        """
        return (self.information_bits + self.find_bits) / self.cost_km2 * _VALUE_PER_KM2


@dataclass(frozen=True)
class Constraints:
    """Which cells a survey may choose from; the defaults allow all.

    Distances are those of centres, on a sphere. No `places` means that distance does not matter.
    """

    min_land_fraction: float = 0.0
    places: tuple[Place, ...] = ()
    max_distance_km: float = 0.0
    inside_only: bool = False
    unseen_only: bool = False


def candidate(
    row: Mapping[str, object], columns: SurveyColumns, terms: SurveyTerms, geopackage: Path
) -> Candidate | None:
    """The cell in a row of the table of cells; None where the run gives it no value.

    Of the columns' values: land = area_m2 · land_fraction / 10⁶ km². The seen share is the largest of those that are
    known, 0 where none is. Cost = max(land (1 − seen share), min_image_km2). Finds = find_value_bits · P(any), and
    information = max(value · cost / 1000 − finds, 0) bits, which takes the value apart into its two parts again.

    Raises
    ------
    RunFolderError
        A value of the row cannot be.
    """
    if row[columns.value] is None:
        return None
    cell = _Row(row, geopackage)
    value, p_any = cell.amount(columns.value), cell.share(columns.p_any)
    land_fraction = cell.share(columns.land_fraction)
    land_km2 = cell.amount(columns.area_m2) * land_fraction / _M2_PER_KM2
    seen_share = max((cell.share(name) for name in columns.seen if row[name] is not None), default=0.0)
    cost_km2 = max(land_km2 * (1 - seen_share), terms.min_image_km2)
    find_bits = terms.find_value_bits * p_any
    return Candidate(
        cell_id=cell.whole_number(CELL_ID),
        place=Place(cell.within(columns.lon_deg, "longitude"), cell.within(columns.lat_deg, "latitude")),
        p_any=p_any,
        p_low=cell.optional_share(columns.p_low),
        p_high=cell.optional_share(columns.p_high),
        is_inside=None if columns.applicability is None else row[columns.applicability] == INSIDE,
        land_km2=land_km2,
        land_fraction=land_fraction,
        seen_share=seen_share,
        cost_km2=cost_km2,
        information_bits=max(value * cost_km2 / _VALUE_PER_KM2 - find_bits, 0.0),
        find_bits=find_bits,
    )


def allowed(candidates: Sequence[Candidate], constraints: Constraints) -> tuple[Candidate, ...]:
    """The candidates that meet every constraint, in their order.

    Bounds are included: a share of land equal to the least, a distance equal to the largest. One of the places has to
    be near enough. Where a run does not tell whether the map may be applied, `inside_only` allows none of its cells.
    The candidates are not changed.
    """
    return tuple(cell for cell in candidates if _is_allowed(cell, constraints))


def distance_km(first: UnitVector, second: UnitVector) -> float:
    """Length (km) of the great circle between two unit vectors, on a sphere with a radius of 6371 km.

    d = R · arccos(a · b); the product is held within −1..1, as rounding may exceed it.

    Examples
    --------
    >>> round(distance_km(Place(0.0, 0.0).unit_vector, Place(90.0, 0.0).unit_vector), 3)
    10007.543
    """
    cosine = first[0] * second[0] + first[1] * second[1] + first[2] * second[2]
    return EARTH_RADIUS_KM * math.acos(min(max(cosine, -1.0), 1.0))


def _is_allowed(cell: Candidate, constraints: Constraints) -> bool:
    return (
        cell.land_fraction >= constraints.min_land_fraction
        and not (constraints.inside_only and cell.is_inside is not True)
        and not (constraints.unseen_only and cell.seen_share > 0)
        and _is_near(cell, constraints)
    )


def _is_near(cell: Candidate, constraints: Constraints) -> bool:
    if not constraints.places:
        return True
    here = cell.place.unit_vector
    return min(distance_km(here, place.unit_vector) for place in constraints.places) <= constraints.max_distance_km


class _Row:
    """A row of the table of cells whose values are checked as they are taken."""

    def __init__(self, row: Mapping[str, object], geopackage: Path) -> None:
        self._row = row
        self._geopackage = geopackage

    def share(self, name: str) -> float:
        return self.within(name, "share")

    def optional_share(self, name: str | None) -> float | None:
        return None if name is None or self._row[name] is None else self.share(name)

    def amount(self, name: str) -> float:
        return self.within(name, "amount")

    def within(self, name: str, kind: str) -> float:
        value = self._row[name]
        low, high = _LIMITS[kind]
        if isinstance(value, (int, float)) and math.isfinite(value) and low <= value <= high:
            return float(value)
        raise self._wrong(name, value, f"a number in {low:g} to {high:g}")

    def whole_number(self, name: str) -> int:
        value = self._row[name]
        if isinstance(value, int):
            return value
        raise self._wrong(name, value, "a whole number")

    def _wrong(self, name: str, value: object, expected: str) -> RunFolderError:
        return RunFolderError(
            tr("A row of the map has a value that cannot be."),
            path=self._geopackage,
            field=name,
            got=repr(value),
            expected=expected,
            fix=tr(REBUILD),
        )
