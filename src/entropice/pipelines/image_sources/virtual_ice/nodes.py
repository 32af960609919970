"""Nodes of virtual sea ice."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from entropice.types import DataFrame, Dataset
from entropice.virtual_ice.specification import IceCeilingRules, IceSpecification
from entropice.virtual_ice.tile_rules import IceTileLayout, IceTypeRules

if TYPE_CHECKING:
    from entropice.sources.imagery.class_tiles import ClassTile
    from entropice.sources.imagery.tile_pairs import TilePair
    from entropice.sources.imagery.tiles import LabelledTile
    from entropice.virtual_ice.patches import Patch
    from entropice.virtual_ice.scene import IceScenes
else:
    ClassTile = TilePair = LabelledTile = Patch = IceScenes = Any


def make_fields(ice: IceSpecification, random_seed: int) -> Dataset:
    """What is observed of concentration, thickness and wind, each day of all seasons.

    Returns
    -------
    Dataset
        The dataset ``fields``: float32 (time, y, x) of ``ice_concentration`` (share), ``ice_thickness`` (m) and
        ``wind_x wind_y`` (m/s towards larger x and y), with ``units``, NaN on land; the thickness is 0 where no ice is
        seen. ``time`` goes day by day within a season and jumps between them; EPSG:3413, ``y`` descending.
    """
    from entropice.virtual_ice.fields import fields_of

    return fields_of(ice, random_seed)


def forecast_by_law(ice: IceSpecification, rules: IceCeilingRules, random_seed: int) -> Dataset:
    """What someone forecasts who knows the law, the present and all future wind, but not what currents and leads do.

    Returns
    -------
    Dataset
        The dataset ``ceiling``: ``ceiling`` (median of what may come) and ``ceiling_mean``, share of ice, float32
        (first, horizon, y, x), NaN on land and where the season ends before; ``first`` is the last known day, the
        ``n_known``-th of each of the last ``n_seasons`` seasons and then every ``every_days``, ``horizon`` counts days
        ahead from 1. No model sees it.

    Raises
    ------
    ValueError
        No day of a season is left after ``n_known`` days.
    """
    from entropice.virtual_ice.forecasts import ceiling_forecasts

    return ceiling_forecasts(ice, random_seed, rules)


def place_types(ice: IceSpecification, tiles: IceTileLayout, types: IceTypeRules, random_seed: int) -> DataFrame:
    """Places and days of images, as many of each type of ice.

    Returns
    -------
    DataFrame
        The dataset ``tiles``: ``key left_m top_m pixel_m n_pixels year is_around day``, EPSG:3413, a row an image,
        sorted by key, ``<YYYYMMDD>_<left>_<top>``; ``is_around`` is False, and no pixel is land.

    Raises
    ------
    ConfigError
        The region has no room for an image, a season no day, or 400 tries a patch, in each season, do not find enough
        of a group.
    """
    from entropice.virtual_ice.chosen_patches import place_tiles
    from entropice.virtual_ice.patches import ice_type_shares, type_named

    return place_tiles(_scenes(ice, random_seed), tiles, lambda patch: type_named(patch, types), ice_type_shares())


def render_types(tiles: DataFrame, ice: IceSpecification, types: IceTypeRules, random_seed: int) -> Iterator[ClassTile]:
    """Images with the type of their ice, as the law has it.

    `tiles` are those of `place_types`; images for the dataset ``images`` come in its order, each drawn when its turn
    comes, with the number of their type: 0 open water, 1 thin ice, 2 thick ice, by mean concentration and thickness
    (`entropice.virtual_ice.patches.ice_type`).
    """
    from entropice.sources.imagery.class_tiles import ClassTile
    from entropice.virtual_ice.patches import ice_type

    scenes = _scenes(ice, random_seed)
    return (
        ClassTile(patch.key, patch.place, scenes.at(patch.place, patch.day).image, ice_type(patch, types))
        for patch in _patches(scenes, tiles)
    )


def place_changes(ice: IceSpecification, tiles: IceTileLayout, gap_days: int, random_seed: int) -> DataFrame:
    """Places and first days of pairs of images that show enough ice to see it change.

    Returns
    -------
    DataFrame
        The dataset ``tiles``, with the columns of `place_types`, of patches with a mean concentration above 0.1; the
        day lies at least `gap_days` before the end of its season.

    Raises
    ------
    ConfigError
        The region has no room for an image, a season no day, or there is too little ice.
    """
    from entropice.virtual_ice.chosen_patches import place_tiles
    from entropice.virtual_ice.patches import group_with_ice

    return place_tiles(_scenes(ice, random_seed), tiles, group_with_ice, {"ice": 1.0}, gap_days)


def render_changes(tiles: DataFrame, ice: IceSpecification, gap_days: int, random_seed: int) -> Iterator[TilePair]:
    """Pairs of images with the pixels where ice became water or water became ice.

    `tiles` are those of `place_changes`; the second image is `gap_days` days later, at the same place. Labels are uint8
    (row, column): 1 where it changed, 0 elsewhere. Pairs are drawn one by one, in the order of the table.
    """
    from datetime import timedelta

    from entropice.sources.imagery.tile_pairs import TilePair

    scenes, gap = _scenes(ice, random_seed), timedelta(days=gap_days)

    def seen(patch: Patch) -> TilePair:
        before, after = (scenes.at(patch.place, day) for day in (patch.day, patch.day + gap))
        changed = (before.is_ice != after.is_ice).astype("uint8")
        return TilePair(patch.key, patch.place, before.image, after.image, changed)

    return map(seen, _patches(scenes, tiles))


def place_charts(ice: IceSpecification, tiles: IceTileLayout, open_water_share: float, random_seed: int) -> DataFrame:
    """Places and days of images, some of open water.

    Returns
    -------
    DataFrame
        The dataset ``tiles``, with the columns of `place_types`; a share `open_water_share` shows no ice, less than
        0.02 at each of 8 × 8 points, the others a mean concentration above 0.1, and patches between are not taken.

    Raises
    ------
    ConfigError
        The region has no room for an image, a season no day, or there is too little of a group.
    """
    from entropice.virtual_ice.chosen_patches import place_tiles
    from entropice.virtual_ice.patches import group_by_ice

    shares = {"water": open_water_share, "ice": 1 - open_water_share}
    return place_tiles(_scenes(ice, random_seed), tiles, group_by_ice, shares)


def render_charts(tiles: DataFrame, ice: IceSpecification, random_seed: int) -> Iterator[LabelledTile]:
    """Images with a mask of the pixels of ice, as the law has it.

    `tiles` are those of `place_charts`; masks are uint8 (row, column), 1 ice and 0 water. Images are drawn one by one,
    in the order of the table.
    """
    from entropice.sources.imagery.tiles import LabelledTile

    scenes = _scenes(ice, random_seed)

    def seen(patch: Patch) -> LabelledTile:
        scene = scenes.at(patch.place, patch.day)
        return LabelledTile(patch.key, patch.place, scene.image, scene.is_ice.astype("uint8"))

    return map(seen, _patches(scenes, tiles))


def _scenes(ice: IceSpecification, random_seed: int) -> IceScenes:
    from entropice.virtual_ice.scene import IceScenes

    return IceScenes(ice, random_seed)


def _patches(scenes: IceScenes, tiles: DataFrame) -> Iterator[Patch]:
    """What the law says of each row."""
    from entropice.imagery.places import place_of
    from entropice.progress import progress
    from entropice.virtual_ice.patches import patch_of

    rows = [row for _, row in tiles.iterrows()]
    return (patch_of(scenes, place_of(row), row["day"].date()) for row in progress(rows, "images of sea ice"))
