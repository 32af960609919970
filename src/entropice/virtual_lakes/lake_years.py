"""What lakes are like in a year: turbid, frozen, in shadow, below wind; one number a lake."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
from scipy.stats import rankdata

from entropice.types import BoolArray, Float32Array, FloatArray, IntArray
from entropice.virtual_lakes.ground import Ground
from entropice.virtual_lakes.hollows import Int32Array, under_water
from entropice.virtual_lakes.light import Light
from entropice.virtual_lakes.specification import LakesSpecification

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

T = TypeVar("T", bound=np.generic)

CONDITIONS: Final = ("clear", "turbid", "frozen", "shaded")
"""Their numbers in images begin with 1; 0 stands for no lake."""
_CLEAR, _TURBID, _FROZEN, _SHADED = range(1, 5)


@dataclass(frozen=True, eq=False)
class LakeYear:
    """All lakes of a region in a year; fields but the first have one number a lake, and one for land before them.

    Attributes
    ----------
    lake
        Number of the lake of each pixel, 0 on land; the shape of the region.
    condition
        Number of `CONDITIONS`, 0 for land.
    turbidity
        Share of the water's look that is that of glacial flour.
    ice
        Share of its surface below ice.
    wind
        Share of its open water's backscatter that is that of rough water.
    """

    lake: Int32Array
    condition: IntArray
    turbidity: Float32Array
    ice: Float32Array
    wind: Float32Array

    def of_pixels(self, values: "NDArray[T]") -> "NDArray[T]":
        """One of the fields but `lake`, in all pixels: shape and order of the region, land with the number for land.

        Examples
        --------
        >>> nothing = np.zeros(2, dtype=np.float32)
        >>> year = LakeYear(np.array([[0, 1]], dtype=np.int32), np.array([0, 3]), nothing, nothing, nothing)
        >>> year.of_pixels(year.condition).tolist()
        [[0, 3]]
        """
        return values[self.lake]


def lake_year(specification: LakesSpecification, ground: Ground, light: Light, seed: int, year: int) -> LakeYear:
    """Lakes in a year.

    Ice covers 0.8 to 1 of a frozen lake, turbidity is 0.55 to 1 of a turbid one and at most 0.2 of others, and wind, of
    `windy_share` of the lakes, 0.3 to 1, else at most 0.04; all uniform, by seed, region and, but for turbidity, year.
    A lake that is frozen, shaded or turbid at once has the first of these conditions.

    Raises
    ------
    ValueError
        The year is none of the specification's.

    Notes
    -----
    Ice lies on a lake with chance 3 r² `frozen_share`, r = (rank − ½) / n by the height of its lowest ground among the
    n lakes, the lowest having rank 1, ties their mean. Of the others, those are shaded of which more than half of the
    pixels in this year have a `Light.shadow_m` above 0. Turbid lakes are the same in all years.
    """
    lakes, n_lakes = specification.lakes, len(ground.waters)
    always = np.random.default_rng([seed, *b"flour", ground.region.number])
    random = np.random.default_rng([seed, *b"lakes in a year", ground.region.number, year])
    is_turbid = always.uniform(size=n_lakes) < lakes.turbid_share
    turbidity = np.where(is_turbid, always.uniform(0.55, 1.0, n_lakes), always.uniform(0.0, 0.2, n_lakes))
    is_frozen = random.uniform(size=n_lakes) < 3 * lakes.frozen_share * _ranks(ground) ** 2
    lake = under_water(ground.waters, specification.regions.years.index(year), ground.region.n_pixels)
    is_shaded = _shaded_share(lake, light.shadow_m > 0, n_lakes) > 0.5
    condition = np.select([is_frozen, is_shaded, is_turbid], [_FROZEN, _SHADED, _TURBID], _CLEAR)
    ice = np.where(is_frozen, random.uniform(0.8, 1.0, n_lakes), 0.0)
    return LakeYear(
        lake=lake,
        condition=np.concatenate([[0], condition]),
        turbidity=_with_land(turbidity),
        ice=_with_land(ice),
        wind=_with_land(_wind(n_lakes, specification.radar.windy_share, random)),
    )


def _ranks(ground: Ground) -> FloatArray:
    heights_m = [ground.elevation_m[water.rows[0], water.columns[0]] for water in ground.waters]
    ranks: FloatArray = (rankdata(heights_m) - 0.5) / max(len(heights_m), 1)
    return ranks


def _shaded_share(lake: Int32Array, in_shadow: BoolArray, n_lakes: int) -> FloatArray:
    pixels = np.bincount(lake.ravel(), minlength=n_lakes + 1)[1:]
    shaded = np.bincount(lake.ravel(), weights=in_shadow.ravel(), minlength=n_lakes + 1)[1:]
    share: FloatArray = shaded / np.maximum(pixels, 1)
    return share


def _wind(n_lakes: int, windy_share: float, random: "Generator") -> FloatArray:
    is_windy = random.uniform(size=n_lakes) < windy_share
    return np.where(is_windy, random.uniform(0.3, 1.0, n_lakes), random.uniform(0.0, 0.04, n_lakes))


def _with_land(values: FloatArray) -> Float32Array:
    return np.concatenate([[0.0], values]).astype(np.float32)
