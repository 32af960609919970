"""How labels fall short of the truth: outlines that lie inside the shore, and small lakes that were missed."""

import numpy as np
from scipy.ndimage import distance_transform_edt, find_objects

from entropice.types import BoolArray, FloatArray
from entropice.virtual_lakes.hollows import Int32Array, Water
from entropice.virtual_lakes.specification import PIXEL_M, LabelNoise


def noisy_labels(
    lake: Int32Array, waters: tuple[Water, ...], year_number: int, noise: LabelNoise, random: np.random.Generator
) -> BoolArray:
    """Pixels that a person takes for lake, shape of `lake`; all of them lie in lakes.

    Parameters
    ----------
    lake
        Number of the lake of each pixel, 0 on land.
    year_number
        Of the year, from 0.
    random
        What is drawn comes from it: three numbers a lake, whether there is water in it or not.

    Notes
    -----
    A pixel counts where its middle lies at least d from the shore, d exponential with mean `mean_erosion_m`, one of
    each lake and year. Middles lie half a pixel from the shore, one and a half and so on, so d is rounded at random to
    whole pixels: a straight shore then loses `mean_erosion_m` in the mean. Lakes smaller than `missed_below_ha` by law
    are missed whole with a chance of `missed_share`.
    """
    rounding_m = PIXEL_M * (random.uniform(size=len(waters)) - 0.5)
    # Drawn for all lakes, whatever is missed: other rules of missing leave the outlines as they were.
    erosion_m = noise.mean_erosion_m * random.standard_exponential(len(waters)) + rounding_m
    is_missed = _missed(waters, year_number, noise, random)
    drawn = np.zeros(lake.shape, dtype=bool)
    for number, box in enumerate(find_objects(lake, max_label=len(waters)), start=1):
        if box is not None and not is_missed[number - 1]:
            drawn[box] |= _eroded(lake[box] == number, float(erosion_m[number - 1]))
    return drawn


def _missed(waters: tuple[Water, ...], year_number: int, noise: LabelNoise, random: np.random.Generator) -> BoolArray:
    area_m2 = np.array([water.hollow.area_m2[year_number] for water in waters])
    chance: FloatArray = random.uniform(size=len(waters))
    missed: BoolArray = (chance < noise.missed_share) & (area_m2 < 1e4 * noise.missed_below_ha)
    return missed


def _eroded(is_lake: BoolArray, erosion_m: float) -> BoolArray:
    from_shore_m = PIXEL_M * (distance_transform_edt(np.pad(is_lake, 1))[1:-1, 1:-1] - 0.5)
    eroded: BoolArray = is_lake & (from_shore_m >= erosion_m)
    return eroded
