from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from entropice.errors import InputFileError
from entropice.imagery.samples import Image, Place
from entropice.sources.ice.chart_masks import IceRule
from entropice.sources.ice.charted import ChartedImage, TileCut, charted_tiles
from entropice.sources.imagery.writing import write_tile

RULE, CUT = IceRule(0.1, 0.8), TileCut(8, 0.5)
BANDS = ("blue", "green", "red", "red_edge", "nir", "elevation")


@pytest.fixture
def image(tmp_path: Path) -> Path:
    values = np.random.default_rng(1).uniform(0.05, 0.9, (6, 24, 24)).astype(np.float32)
    place = Place(-12_000.0, 12_000.0, 1_000.0, 24, 2022)
    label = np.zeros((24, 24), dtype=np.uint8)
    write_tile(tmp_path / "scene", Image(BANDS, values, np.ones(values.shape, bool)), place, label)
    return tmp_path / "scene.tif"


@pytest.fixture
def chart(tmp_path: Path) -> Callable[..., Path]:
    """Writes a day of IMS on the pixels of the image: land in the west, then water, then ice."""

    def write(crs: str = "EPSG:3413", *, left: float = -12_000.0) -> Path:
        surface = np.repeat(np.array([2, 1, 3], np.uint8), 8)[None].repeat(24, axis=0)
        profile = {"driver": "GTiff", "width": 24, "height": 24, "count": 1, "dtype": "uint8", "crs": crs}
        at = rasterio.Affine(1_000, 0, left, 0, -1_000, 12_000)
        with rasterio.open(tmp_path / "ims.tif", "w", transform=at, **profile) as file:
            file.write(surface, 1)
        return tmp_path / "ims.tif"

    return write


def test_tiles_tell_ice_from_water_and_leave_out_land(image: Path, chart: Callable[..., Path]) -> None:
    tiles = list(charted_tiles(ChartedImage(image, "five_bands", chart(), 2022), RULE, CUT))

    assert [tile.key for tile in tiles] == [f"scene_{row:05d}_{column:05d}" for row in (0, 8, 16) for column in (8, 16)]
    assert [np.unique(tile.label).tolist() for tile in tiles] == [[0], [1]] * 3
    assert tiles[1].place == Place(4_000.0, 12_000.0, 1_000.0, 8, 2022)
    assert {tile.image.values.shape for tile in tiles} == {(6, 8, 8)}


def test_a_chart_of_elsewhere_is_refused(image: Path, chart: Callable[..., Path]) -> None:
    charted = ChartedImage(image, "five_bands", chart(left=1_000_000.0), 2022)

    with pytest.raises(InputFileError, match="nothing certain") as caught:
        list(charted_tiles(charted, RULE, CUT))

    assert caught.value.path == str(charted.chart)


def test_an_image_in_another_crs_is_refused(image: Path, chart: Callable[..., Path]) -> None:
    for beside in ("dem", "udm2", "label"):
        image.with_name(f"scene_{beside}.tif").unlink()
    with rasterio.open(image, "r+") as file:
        file.crs = "EPSG:3995"

    with pytest.raises(InputFileError) as caught:
        list(charted_tiles(ChartedImage(image, "five_bands", chart(), 2022), RULE, CUT))

    assert (caught.value.path, caught.value.field) == (str(image), "CRS")


def test_a_real_picture_of_modis_is_cut_under_a_chart(shared_data: Path, tmp_path: Path) -> None:
    """No chart of that day is at hand: one is drawn, with ice to the south of a line through the picture."""
    picture = shared_data / "imagery/modis_sea_ice/20220914.terra.truecolor.250m.tiff"
    halves = [shapely.box(300_000, -950_000, 700_000, -890_000), shapely.box(300_000, -1_100_000, 700_000, -950_000)]
    codes = {"CT": ["01", "91"], "CA": ["", ""], "SA": ["99", "95"], "POLY_TYPE": ["W", "I"]}
    chart = tmp_path / "arctic220915.shp"
    gpd.GeoDataFrame(codes, geometry=halves, crs="EPSG:3413").to_file(chart, engine="pyogrio")

    tiles = list(charted_tiles(ChartedImage(picture, "true_colour", chart, 2022), RULE, TileCut(128, 0.5)))

    assert len(tiles) == 3 * 8
    assert all(tile.image.bands == ("red", "green", "blue") for tile in tiles)
    # the line lies 50,782.33 m below the top: between the middles of rows 197 and 198, of 255.87 m each
    assert [float(tile.label.mean()) for tile in tiles[::8]] == [0.0, 58 / 128, 1.0]
