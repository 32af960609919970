from pathlib import Path

import numpy as np
import pytest
import rasterio

from entropice.report.overviews import Overview, build_overviews, write_overview


@pytest.fixture(scope="module")
def overviews(tables) -> tuple[Overview, ...]:
    return build_overviews(tables, {2021: "2021", 2022: "pooled"}, 20_000.0)


def test_two_quantities_per_year(overviews) -> None:
    names = [overview.file_name for overview in overviews]
    assert names == [
        "overview_p_any_rts_2021.tif",
        "overview_entropy_2021.tif",
        "overview_p_any_rts_2022.tif",
        "overview_entropy_2022.tif",
    ]
    assert overviews[2].title == "RTS probability pooled"


def test_a_file_gives_back_its_values_in_the_polar_crs(overviews, tmp_path: Path) -> None:
    write_overview(overviews[0], tmp_path / "a.tif")
    with rasterio.open(tmp_path / "a.tif") as file:
        np.testing.assert_array_equal(file.read(1), overviews[0].values)
        assert file.crs.to_string() == "EPSG:3413"
        assert np.isnan(file.nodata)
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"


def test_the_pixel_at_the_pole_has_the_pole_cells_probability(overviews, tables) -> None:
    overview = overviews[0]
    column, row = ~overview.raster.transform * (1.0, 1.0)
    table = tables[2021]
    expected = table.loc[table["lat_deg"].idxmax(), "p_any_rts"]
    assert overview.values[int(row), int(column)] == np.float32(expected)


def test_same_values_same_bytes(overviews, tmp_path: Path) -> None:
    for name in ("a.tif", "b.tif"):
        write_overview(overviews[1], tmp_path / name)
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()
