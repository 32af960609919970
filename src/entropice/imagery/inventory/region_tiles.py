"""Whole regions, cut into squares that share out their ground."""

import re
from collections.abc import Sequence
from itertools import product
from typing import Final, TypeVar

import numpy as np
import pandas as pd
import shapely

from entropice.errors import ConfigError, suggestion
from entropice.imagery.splits import tile_boxes
from entropice.imagery.uniform_hash import uniform_of
from entropice.types import DataFrame

Name = TypeVar("Name", str, int)

REGION: Final = "region"
_NO_LETTER: Final = re.compile(r"[^a-z0-9]+")
"""Keys are stems of file names."""


def region_tiles(tiles: DataFrame, n_pixels: int) -> DataFrame:
    """Rows ``key region left_m top_m pixel_m n_pixels`` of the squares that cover each region.

    Parameters
    ----------
    tiles
        ``region left_m top_m pixel_m n_pixels`` of what is learned from: a region is the square around its tiles, from
        their left and top edges on. One row or more, and one pixel size a region.
    n_pixels
        Along an edge of a square; the last ones may reach beyond their region.

    Returns
    -------
    DataFrame
        By region in sorted order, then row by row from the north-west. Keys are ``<region>_<row>_<column>``, of the
        region small letters and digits alone: names that differ in other signs only would get the same keys.

    Examples
    --------
    A region of 40 m takes 2 × 2 squares of 30 m:

    >>> tiles = pd.DataFrame({"region": ["Banks Island"], "left_m": 0.0, "top_m": 40.0, "pixel_m": 10.0, "n_pixels": 4})
    >>> squares = region_tiles(tiles, 3)
    >>> squares["key"].tolist()[:2], squares[["left_m", "top_m"]].to_numpy().tolist()
    (['banks-island_0_0', 'banks-island_0_1'], [[0.0, 40.0], [30.0, 40.0], [0.0, 10.0], [30.0, 10.0]])
    """
    return pd.concat([_cut(str(name), of, n_pixels) for name, of in tiles.groupby(REGION)], ignore_index=True)


def _cut(region: str, tiles: DataFrame, n_pixels: int) -> DataFrame:
    pixel_m = float(tiles["pixel_m"].iloc[0])
    reach_m = (tiles["pixel_m"] * tiles["n_pixels"]).to_numpy(np.float64)
    left_m, top_m = float(tiles["left_m"].min()), float(tiles["top_m"].max())
    width_m = max(float((tiles["left_m"] + reach_m).max()) - left_m, top_m - float((tiles["top_m"] - reach_m).min()))
    step_m = n_pixels * pixel_m
    # Rounded first: a width of three steps and a rounding would take a fourth row of empty squares.
    steps = range(int(np.ceil(round(width_m / step_m, 6))))
    rows = [
        {
            "key": f"{_NO_LETTER.sub('-', region.lower())}_{row}_{column}",
            REGION: region,
            "left_m": left_m + column * step_m,
            "top_m": top_m - row * step_m,
            "pixel_m": pixel_m,
            "n_pixels": n_pixels,
        }
        for row, column in product(steps, steps)
    ]
    return pd.DataFrame(rows)


def places_near(places: DataFrame, tiles: DataFrame, within_m: float | None) -> DataFrame:
    """Rows of `region_tiles`, its columns, that lie within a distance in EPSG:3413 of a tile, all where None.

    Within 0 m lies what shares ground with a tile; to touch it is not enough. A quarter of a pixel is taken off each
    side of a tile for that, and is part of the distance.

    Parameters
    ----------
    places
        Rows of `region_tiles`; they keep their order and get a new index.
    tiles
        ``left_m top_m pixel_m n_pixels``, one row or more (none raises IndexError); the pixel is that of the first.
    within_m
        In the plane of EPSG:3413, inclusive.

    Examples
    --------
    >>> tiles = pd.DataFrame({"left_m": [0.0], "top_m": [10.0], "pixel_m": [10.0], "n_pixels": [1]})
    >>> places = pd.DataFrame({"left_m": [0.0, 10.0, 25.0], "top_m": 10.0, "pixel_m": 10.0, "n_pixels": 1})
    >>> [places_near(places, tiles, within_m)["left_m"].tolist() for within_m in (0.0, 5.0, None)]
    [[0.0], [0.0, 10.0], [0.0, 10.0, 25.0]]
    """
    if within_m is None:
        return places
    shrunk_m = float(tiles["pixel_m"].iloc[0]) / 4
    inside = shapely.buffer(tile_boxes(tiles), -shrunk_m)
    near = shapely.STRtree(inside).query(tile_boxes(places), predicate="dwithin", distance=within_m)[0]
    return places.iloc[np.unique(near)].reset_index(drop=True)


def drawn_places(places: DataFrame, n_chips: int | None, seed: int) -> DataFrame:
    """At most so many rows, of the columns of `region_tiles`, all where None: those of the lowest hash of seed and key.

    The hash is ``uniform_of(seed, "inventory", key)`` of `entropice.imagery.uniform_hash`.

    So a larger number holds every row of a smaller one, and which are drawn does not depend on the order of rows. They
    keep their order and get a new index.

    Examples
    --------
    >>> places = pd.DataFrame({"key": list("abcdef")})
    >>> [set(drawn_places(places, n, 0)["key"]) <= set(drawn_places(places, n + 1, 0)["key"]) for n in (1, 2, 5)]
    [True, True, True]
    """
    if n_chips is None:
        return places
    order = np.argsort([uniform_of(seed, "inventory", key) for key in places["key"]])
    return places.iloc[np.sort(order[:n_chips])].reset_index(drop=True)


def require_known(field: str, asked: Sequence[Name] | None, known: Sequence[Name]) -> tuple[Name, ...]:
    """What is asked for, everything where None, nothing where empty, in the order of what is known.

    Parameters
    ----------
    field
        Parameter that it is asked in, for the error: its last part without an ``s`` names what is asked for.

    Raises
    ------
    ConfigError
        Something is asked for that is not known.

    Examples
    --------
    >>> require_known("inventory.years", [2022, 2020], (2020, 2021, 2022)), require_known("years", None, (2020, 2021))
    ((2020, 2022), (2020, 2021))
    """
    for one in asked or ():
        if one not in known:
            raise ConfigError(
                f"There is no {field.rpartition('.')[2].removesuffix('s')} {one}"
                f"{suggestion(str(one), [str(each) for each in known])}.",
                field=field,
                got=one,
                expected=f"some of {', '.join(map(str, known))}, or null for all",
            )
    return tuple(one for one in known if asked is None or one in asked)
