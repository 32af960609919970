"""Terrain statistics of cells as features."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from entropice.derive.cube import Feature
from entropice.derive.terrain.layers import layer_names
from entropice.types import FloatArray
from entropice.zonal.moments import Moments

SOURCE: Final = "ArcticDEM mosaic"
YEARS: Final = "2007 to 2022"


@dataclass(frozen=True)
class CellStatistic:
    """One statistic of one terrain layer, as a feature.

    Attributes
    ----------
    name
        Of the feature, unit included.
    layer
        Of `entropice.derive.terrain.layers.layer_names`.
    statistic
        Over the pixels of a cell; the range is highest minus lowest.
    units
        As the cube states them; "1" without a unit.
    long_name
        In words.
    """

    name: str
    layer: str
    statistic: Literal["mean", "standard deviation", "range"]
    units: str
    long_name: str


LOCAL_STATISTICS: Final = (
    CellStatistic("elevation_mean_m", "elevation_m", "mean", "m", "height above the WGS 84 ellipsoid"),
    CellStatistic("elevation_sd_m", "elevation_m", "standard deviation", "m", "spread of heights"),
    CellStatistic("elevation_range_m", "elevation_m", "range", "m", "highest minus lowest pixel"),
    CellStatistic("slope_mean_deg", "slope_deg", "mean", "degree", "slope"),
    CellStatistic("slope_sd_deg", "slope_deg", "standard deviation", "degree", "spread of slopes"),
    CellStatistic("northness_mean", "northness", "mean", "1", "cosine of the azimuth from true north, 0 where flat"),
    CellStatistic("eastness_mean", "eastness", "mean", "1", "sine of the azimuth from true north, 0 where flat"),
    CellStatistic("northness_sd", "northness", "standard deviation", "1", "spread of northness"),
    CellStatistic("eastness_sd", "eastness", "standard deviation", "1", "spread of eastness"),
    CellStatistic("hillshade_mean", "hillshade", "mean", "1", "light of a sun 25° high at a true azimuth of 225°"),
    CellStatistic(
        "profile_curvature_mean_per_m",
        "profile_curvature_per_m",
        "mean",
        "m-1",
        "profile curvature, positive where convex",
    ),
    CellStatistic(
        "profile_curvature_sd_per_m",
        "profile_curvature_per_m",
        "standard deviation",
        "m-1",
        "spread of profile curvature",
    ),
    CellStatistic(
        "tangential_curvature_mean_per_m",
        "tangential_curvature_per_m",
        "mean",
        "m-1",
        "tangential curvature, positive where convex",
    ),
    CellStatistic(
        "tangential_curvature_sd_per_m",
        "tangential_curvature_per_m",
        "standard deviation",
        "m-1",
        "spread of tangential curvature",
    ),
    CellStatistic(
        "ruggedness_mean_m",
        "ruggedness_m",
        "mean",
        "m",
        "root of the summed squares of height differences to the eight neighbours (TRI)",
    ),
    CellStatistic(
        "vector_ruggedness_mean",
        "vector_ruggedness",
        "mean",
        "1",
        "scatter of the normals of 3 × 3 pixels (VRM), 0 on any plane",
    ),
)


def terrain_statistics(radii_m: Sequence[float]) -> tuple[CellStatistic, ...]:
    """The statistics that become features: those of single pixels' surroundings, then those of each radius (m).

    First `LOCAL_STATISTICS`, then of each radius the spread of the position, the mean roughness and the mean
    dissection.

    Examples
    --------
    >>> [statistic.name for statistic in terrain_statistics([500.0])[-3:]]
    ['position_500m_sd_m', 'roughness_500m_mean_m', 'dissection_500m_mean']
    """
    return LOCAL_STATISTICS + tuple(statistic for radius_m in radii_m for statistic in _around(radius_m))


def terrain_features(moments: Sequence[Moments], cell_px: FloatArray, radii_m: Sequence[float]) -> list[Feature]:
    """The features of `terrain_statistics`, each of shape (n_cell,); NaN where a cell holds no known pixel.

    Parameters
    ----------
    moments
        In the order of `layer_names`.
    cell_px
        Size of each cell in pixels, shape (n_cell,).
    radii_m
        Of the neighbourhoods, as the layers were made with.

    Returns
    -------
    list of Feature
        On ("cell",), in the order of `terrain_statistics`; `known_fraction` is known pixels over the cell's size.

    Raises
    ------
    ValueError
        Not as many moments as layers.

    Examples
    --------
    Two pixels at 3 and 7 in every layer of a cell of 4 pixels: mean 5, standard deviation 2, range 4.

    >>> import numpy as np
    >>> layer = Moments(*(np.array([number]) for number in (2.0, 5.0, 8.0, 3.0, 7.0)))
    >>> features = terrain_features([layer] * len(layer_names([500.0])), np.array([4.0]), [500.0])
    >>> [(feature.name, feature.cell_values.item()) for feature in features[:3]]
    [('elevation_mean_m', 5.0), ('elevation_sd_m', 2.0), ('elevation_range_m', 4.0)]
    >>> features[0].known_fraction.tolist()
    [0.5]
    """
    by_layer = dict(zip(layer_names(radii_m), moments, strict=True))
    return [
        Feature(
            name=statistic.name,
            dimensions=("cell",),
            cell_values=_values(by_layer[statistic.layer], statistic),
            known_fraction=by_layer[statistic.layer].count / cell_px,
            units=statistic.units,
            group="terrain",
            source=SOURCE,
            statistic=f"{statistic.statistic} over the pixels of the cell",
            years=YEARS,
            long_name=statistic.long_name,
        )
        for statistic in terrain_statistics(radii_m)
    ]


def _around(radius_m: float) -> tuple[CellStatistic, ...]:
    radius, circle, square = f"{radius_m:g}m", f"in a circle of {radius_m:g} m", f"in a square of ± {radius_m:g} m"
    position, roughness, dissection = f"position_{radius}", f"roughness_{radius}", f"dissection_{radius}"
    return (
        CellStatistic(
            f"{position}_sd_m", f"{position}_m", "standard deviation", "m", f"spread of heights above the mean {circle}"
        ),
        CellStatistic(f"{roughness}_mean_m", f"{roughness}_m", "mean", "m", f"highest minus lowest pixel {square}"),
        CellStatistic(
            f"{dissection}_mean",
            dissection,
            "mean",
            "1",
            f"place between the lowest (0) and highest (1) pixel {square}",
        ),
    )


def _values(moments: Moments, statistic: CellStatistic) -> FloatArray:
    return {
        "mean": moments.means,
        "standard deviation": moments.standard_deviations,
        "range": moments.maxima - moments.minima,
    }[statistic.statistic]
