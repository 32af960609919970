import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from PIL import Image
from rasterio.errors import RasterioDeprecationWarning

from entropice.report.overviews import Overview, coloured_png, write_overview


@pytest.fixture(scope="module")
def overviews(run_folder) -> tuple[Overview, ...]:
    return run_folder.overviews


def test_a_raster_for_each_layer_that_has_one(overviews, content) -> None:
    assert [overview.file_name for overview in overviews] == [
        "overview_p_any_rts_2022.tif",
        "overview_entropy_2022.tif",
        "overview_p_any_rts_2021.tif",
        "overview_entropy_2021.tif",
    ]
    assert {o.layer: o.file_name for o in overviews} == {
        layer.name: layer.overview_file for layer in content.layers if layer.has_overview
    }
    assert overviews[0].title == "Probability of any slump, 2018–2022, pooled"


def test_a_file_gives_back_its_values_in_the_polar_crs(overviews, tmp_path: Path) -> None:
    write_overview(overviews[0], tmp_path / "a.tif")
    with rasterio.open(tmp_path / "a.tif") as file:
        np.testing.assert_array_equal(file.read(1), overviews[0].values)
        assert file.crs.to_string() == "EPSG:3413"
        assert np.isnan(file.nodata)
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"


def test_the_pixel_at_the_pole_has_the_pole_cells_probability(overviews, cells) -> None:
    column, row = ~overviews[2].raster.transform * (1.0, 1.0)
    expected = cells.loc[cells["lat_deg"].idxmax(), "p_any_rts_2021"]
    assert overviews[2].values[int(row), int(column)] == np.float32(expected)


def test_statistics_are_inside_so_that_readers_write_no_file_beside_it(overviews, tmp_path: Path) -> None:
    write_overview(overviews[0], tmp_path / "a.tif")
    known = overviews[0].values[~np.isnan(overviews[0].values)].astype(float)
    with rasterio.open(tmp_path / "a.tif") as file:
        tags = {name: float(value) for name, value in file.tags(1).items()}
        with pytest.warns(RasterioDeprecationWarning, match="stats"):
            file.statistics(1)  # as QGIS asks: GDAL writes a file beside the raster unless the statistics are inside
    assert tags == pytest.approx(
        {
            "STATISTICS_MINIMUM": known.min(),
            "STATISTICS_MAXIMUM": known.max(),
            "STATISTICS_MEAN": known.mean(),
            "STATISTICS_STDDEV": known.std(),
            "STATISTICS_VALID_PERCENT": 100 * known.size / overviews[0].values.size,
        },
        rel=1e-3,
    )
    assert [path.name for path in tmp_path.iterdir()] == ["a.tif"]


def test_same_values_same_bytes(overviews, tmp_path: Path) -> None:
    for name in ("a.tif", "b.tif"):
        write_overview(overviews[1], tmp_path / name)
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()


def test_a_picture_has_the_colour_of_each_pixels_step_and_none_where_nothing_is_known(
    overviews, tmp_path: Path
) -> None:
    values = np.array([[0.0, 0.1, 0.2], [0.9, 1.0, np.nan]], dtype=np.float32)
    write_overview(replace(overviews[0], values=values), tmp_path / "a.tif")

    png = coloured_png(tmp_path / "a.tif", breaks=[0.0, 0.2, 0.5, 1.0], colours=["#0000ff", "#00ff00", "#ff0000"])

    blue, green, red, nothing = (0, 0, 255, 255), (0, 255, 0, 255), (255, 0, 0, 255), (0, 0, 0, 0)
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.size == (3, 2)
        assert [picture.getpixel((x, y)) for y in range(2) for x in range(3)] == [blue, blue, green, red, red, nothing]
