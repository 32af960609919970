import geopandas as gpd
import numpy as np
import pytest
import shapely

from entropice.errors import LabelError
from entropice.imagery.places import place_of, place_tiles
from entropice.imagery.tile_layout import TileLayout

LAYOUT = TileLayout(pixel_m=6.0, n_pixels=64, n_around=20, n_anywhere=31, max_shift=0.3)
LAND = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 50_000, 50_000)], crs="EPSG:3413")
SEEN = gpd.GeoDataFrame(
    {"year": [2021, 2022]},
    geometry=[shapely.box(-10_000, 0, 30_000, 40_000), shapely.box(20_000, 10_000, 60_000, 60_000)],
    crs="EPSG:3413",
)


def _finds(n: int, seed: int = 0) -> gpd.GeoDataFrame:
    random = np.random.default_rng(seed)
    points = shapely.points(random.uniform(0, 50_000, size=(n, 2)))
    return gpd.GeoDataFrame(
        {"year": random.choice([2021, 2022], size=n)}, geometry=shapely.buffer(points, 30), crs="EPSG:3413"
    )


def test_tiles_lie_in_what_was_seen_in_their_year_with_their_middle_on_land() -> None:
    tiles = place_tiles(_finds(300), SEEN, LAND, LAYOUT, seed=1)

    for tile in (place_of(row) for _, row in tiles.iterrows()):
        seen = SEEN.geometry[SEEN["year"] == tile.year].iloc[0]
        assert seen.contains(shapely.box(*tile.bounds_m))
        assert LAND.geometry[0].distance(shapely.Point(tile.centre_m)) <= 2 * tile.pixel_m
        assert tile.left_m % tile.pixel_m == tile.top_m % tile.pixel_m == 0


def test_tiles_around_finds_hold_one_and_there_are_as_many_as_asked_for() -> None:
    finds = _finds(300)

    tiles = place_tiles(finds, SEEN, LAND, LAYOUT, seed=1)
    around = tiles[tiles["is_around"]]

    assert (len(around), len(tiles) - len(around)) == (20, 31)
    for _, row in around.iterrows():
        of_year = finds.geometry[finds["year"] == row["year"]]
        assert of_year.intersects(shapely.box(*place_of(row).bounds_m)).any()


def test_the_same_seed_gives_the_same_tiles_and_each_once() -> None:
    first, again, other = (place_tiles(_finds(300), SEEN, LAND, LAYOUT, seed=seed) for seed in (1, 1, 2))

    assert first.equals(again)
    assert not first["key"].isin(other["key"]).all()
    assert first["key"].is_unique


def test_fewer_finds_than_asked_for_give_what_there_is() -> None:
    tiles = place_tiles(_finds(16), SEEN, LAND, LAYOUT, seed=1)

    assert 0 < tiles["is_around"].sum() <= 16


def test_finds_outside_seen_ground_are_refused() -> None:
    far = gpd.GeoDataFrame({"year": [2021]}, geometry=[shapely.Point(45_000, 45_000)], crs="EPSG:3413")

    with pytest.raises(LabelError, match="around a find"):
        place_tiles(far, SEEN, LAND, LAYOUT, seed=1)


def test_ground_without_room_is_refused() -> None:
    narrow = SEEN.assign(geometry=[shapely.box(0, 0, 30_000, 500), shapely.box(0, 0, 300, 300)])
    finds = gpd.GeoDataFrame({"year": [2021]}, geometry=[shapely.Point(10_000, 250)], crs="EPSG:3413")

    with pytest.raises(LabelError, match="no room"):
        place_tiles(finds, narrow, LAND, LAYOUT.model_copy(update={"max_shift": 0.0}), seed=1)


def test_a_year_in_which_no_land_was_seen_is_refused() -> None:
    at_sea = SEEN.assign(geometry=[SEEN.geometry[0], shapely.box(90_000, 90_000, 95_000, 95_000)])

    with pytest.raises(LabelError, match="no room") as error:
        place_tiles(_finds(300), at_sea, LAND, LAYOUT, seed=1)

    assert "year 2022" in str(error.value.got)
