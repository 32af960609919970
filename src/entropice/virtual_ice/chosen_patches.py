"""Patches of sea, spread over region, seasons and days, as many of each kind as are asked for."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from entropice.errors import ConfigError
from entropice.imagery.samples import Place
from entropice.types import DataFrame
from entropice.virtual_ice.patches import Patch, patch_of
from entropice.virtual_ice.random_fields import generator
from entropice.virtual_ice.scene import IceScenes
from entropice.virtual_ice.seasons import Season
from entropice.virtual_ice.specification import IceRegion, IceSpecification
from entropice.virtual_ice.tile_rules import IceTileLayout

if TYPE_CHECKING:
    from numpy.random import Generator

_TRIES_PER_PATCH: Final = 400


def place_tiles(
    scenes: IceScenes,
    layout: IceTileLayout,
    group_of: Callable[[Patch], str | None],
    shares: Mapping[str, float],
    n_days_after: int = 0,
) -> DataFrame:
    """Rows ``key left_m top_m pixel_m n_pixels year is_around day`` of patches that are chosen so; see there.

    That is `choose_patches`, and the columns are those of `tiles_table`.

    Raises
    ------
    ConfigError
        An image is larger than the region, no day of a season has `n_days_after` behind it, or, found only after all
        tries, a season has too few patches of a group.
    """
    return tiles_table(choose_patches(scenes, layout, group_of, shares, n_days_after), layout)


def choose_patches(
    scenes: IceScenes,
    layout: IceTileLayout,
    group_of: Callable[[Patch], str | None],
    shares: Mapping[str, float],
    n_days_after: int = 0,
) -> list[Patch]:
    """Random patches of sea, spread over region, seasons and days.

    They are sorted by key, which begins with the day. Places are whole pixels from the region's corner, and neither
    they nor a pixel of the law beside them is land; days are any of a season that leave room for `n_days_after`.
    Patches may overlap, and none is chosen twice. Random by the scenes' seed; of each season at most 400 tries a patch.

    Parameters
    ----------
    group_of
        The group that a patch counts to; None leaves it out.
    shares
        Share of each group; the sum is 1. A group that is not named here is left out. Sums of the shares up to each
        group, times `n_samples` of the layout and rounded, say how many there are of each, and these are dealt to the
        seasons in turn, so that seasons differ by one at most.
    n_days_after
        Days of the season that must come after a patch's own.

    Raises
    ------
    ConfigError
        An image is larger than the region, no day of a season has `n_days_after` behind it, or, found only after all
        tries, a season has too few patches of a group.
    """
    _require_room(scenes.specification, layout, n_days_after)
    seasons = scenes.specification.seasons
    wanted = _wanted(shares, layout.n_samples, seasons.n_seasons)
    chosen = [
        patch
        for number in range(seasons.n_seasons)
        for patch in _of_season(scenes, number, layout, group_of, wanted[number], seasons.n_days - n_days_after)
    ]
    return sorted(chosen, key=lambda patch: patch.key)


def tiles_table(patches: list[Patch], layout: IceTileLayout) -> DataFrame:
    """Rows ``key left_m top_m pixel_m n_pixels year is_around day``, in the order of patches; `is_around` is False.

    ``key`` is text, ``left_m`` and ``top_m`` are the outer corner (EPSG:3413), ``pixel_m`` the edge of a pixel,
    ``year`` that of the day, and ``day`` a datetime64[ns].
    """
    return pd.DataFrame(
        {
            "key": [patch.key for patch in patches],
            "left_m": [patch.place.left_m for patch in patches],
            "top_m": [patch.place.top_m for patch in patches],
            "pixel_m": layout.pixel_m,
            "n_pixels": layout.n_pixels,
            "year": [patch.day.year for patch in patches],
            "is_around": False,
            "day": pd.DatetimeIndex([patch.day for patch in patches]).as_unit("ns"),
        }
    )


def _require_room(specification: IceSpecification, layout: IceTileLayout, n_days_after: int) -> None:
    edge_m = specification.region.n_pixels * specification.region.pixel_m
    if layout.edge_m > edge_m:
        raise ConfigError(
            "Images are larger than the region of the virtual ice.",
            field="n_pixels, pixel_m",
            got=f"{layout.edge_m:g} m",
            expected=f"at most {edge_m:g} m",
        )
    if n_days_after >= specification.seasons.n_days:
        raise ConfigError(
            "The second image of a pair lies beyond its season.",
            field="gap_days",
            got=n_days_after,
            expected=f"fewer than {specification.seasons.n_days} days",
        )


def _wanted(shares: Mapping[str, float], n_samples: int, n_seasons: int) -> "list[Counter[str]]":
    """How many patches of each group each season has, so that neither groups nor seasons differ by more than one."""
    # Sums are rounded, not shares: all together are exactly as many as are asked for.
    ends = np.round(np.cumsum(list(shares.values())) * n_samples).astype(int)
    groups = np.repeat(list(shares), np.diff(ends, prepend=0)).tolist()
    return [Counter(groups[number::n_seasons]) for number in range(n_seasons)]


def _of_season(
    scenes: IceScenes,
    number: int,
    layout: IceTileLayout,
    group_of: Callable[[Patch], str | None],
    wanted: "Counter[str]",
    n_days: int,
) -> Iterator[Patch]:
    left, seen = wanted.copy(), set()
    for patch in islice(_candidates(scenes, number, layout, n_days), _TRIES_PER_PATCH * wanted.total()):
        group = None if patch is None or patch.key in seen else group_of(patch)
        if patch is not None and group is not None and left[group] > 0:
            left[group] -= 1
            seen.add(patch.key)
            yield patch
        if not left.total():
            return
    raise ConfigError(
        "A season of virtual ice has too few patches of a kind.",
        field="n_samples",
        got=f"{wanted.total() - left.total()} of {wanted.total()} in season {number}; missing: {dict(+left)}",
        expected="enough of each kind, on water",
        fix="take fewer or smaller images, longer seasons, or a larger region",
    )


def _candidates(scenes: IceScenes, number: int, layout: IceTileLayout, n_days: int) -> Iterator[Patch | None]:
    """Patches at random places and on random days, without end; None where one is not all water."""
    season, region = scenes.season(number), scenes.specification.region
    random = generator(scenes.seed, "patches", number, layout.n_pixels)
    while True:
        day = season.first_day + timedelta(days=int(random.integers(n_days)))
        place = _random_place(region, layout, day.year, random)
        yield patch_of(scenes, place, day) if _is_at_sea(place, season, region) else None


def _random_place(region: IceRegion, layout: IceTileLayout, year: int, random: "Generator") -> Place:
    """Anywhere within the region, whole pixels from its corner."""
    steps = int((region.n_pixels * region.pixel_m - layout.edge_m) // layout.pixel_m)
    right, down = random.integers(0, steps + 1, 2) * layout.pixel_m
    return Place(region.left_m + float(right), region.top_m - float(down), layout.pixel_m, layout.n_pixels, year)


def _is_at_sea(place: Place, season: Season, region: IceRegion) -> bool:
    """Whether no pixel of the law that it touches, nor any beside these, is land."""
    left_m, bottom_m, right_m, top_m = place.bounds_m
    columns = _around(left_m - region.left_m, right_m - region.left_m, region.pixel_m)
    rows = _around(region.top_m - top_m, region.top_m - bottom_m, region.pixel_m)
    return bool(season.ground.sea[rows, columns].all())


def _around(first_m: float, last_m: float, pixel_m: float) -> slice:
    """Pixels between two distances from the edge of the region, and one more on both sides."""
    return slice(max(int(first_m // pixel_m) - 1, 0), int(last_m // pixel_m) + 2)
