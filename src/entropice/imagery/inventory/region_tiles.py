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
        ``region left_m top_m pixel_m n_pixels`` of what is learned from: a region is the square around its tiles.
    n_pixels
        Along an edge of a square; the last ones may reach beyond their region.
    """
    return pd.concat([_cut(str(name), of, n_pixels) for name, of in tiles.groupby(REGION)], ignore_index=True)


def _cut(region: str, tiles: DataFrame, n_pixels: int) -> DataFrame:
    pixel_m = float(tiles["pixel_m"].iloc[0])
    reach_m = (tiles["pixel_m"] * tiles["n_pixels"]).to_numpy(np.float64)
    left_m, top_m = float(tiles["left_m"].min()), float(tiles["top_m"].max())
    width_m = max(float((tiles["left_m"] + reach_m).max()) - left_m, top_m - float((tiles["top_m"] - reach_m).min()))
    step_m = n_pixels * pixel_m
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

    Within 0 m lies what shares ground with a tile; to touch it is not enough.
    """
    if within_m is None:
        return places
    shrunk_m = float(tiles["pixel_m"].iloc[0]) / 4
    inside = shapely.buffer(tile_boxes(tiles), -shrunk_m)
    near = shapely.STRtree(inside).query(tile_boxes(places), predicate="dwithin", distance=within_m)[0]
    return places.iloc[np.unique(near)].reset_index(drop=True)


def drawn_places(places: DataFrame, n_chips: int | None, seed: int) -> DataFrame:
    """At most so many rows, of the columns of `region_tiles`, all where None; by a hash of seed and key.

    So a larger number holds every row of a smaller one.
    """
    if n_chips is None:
        return places
    order = np.argsort([uniform_of(seed, "inventory", key) for key in places["key"]])
    return places.iloc[np.sort(order[:n_chips])].reset_index(drop=True)


def require_known(field: str, asked: Sequence[Name] | None, known: Sequence[Name]) -> tuple[Name, ...]:
    """What is asked for, everything where None, in the order of what is known.

    Raises
    ------
    ConfigError
        Something is asked for that is not known.
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
