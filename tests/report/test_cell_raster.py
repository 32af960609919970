import geopandas as gpd
import numpy as np
import shapely

from entropice.report.cell_raster import rasterise_cells

LEFT, RIGHT = shapely.box(-1000, 0, 1000, 2000), shapely.box(1000, 0, 2000, 1000)
TWO_CELLS = gpd.GeoDataFrame(geometry=[LEFT, RIGHT], crs="EPSG:3413")


def test_each_pixel_takes_the_cell_at_its_centre() -> None:
    raster = rasterise_cells(TWO_CELLS, 1000.0)
    painted = raster.paint(np.array([5.0, 7.0]))
    np.testing.assert_array_equal(painted, [[5, 5, np.nan], [5, 5, 7]])
    assert raster.extent_m == (-1000, 2000, 0, 2000)
    assert raster.transform * (0, 0) == (-1000, 2000)


def test_the_pixel_grid_is_snapped_so_that_runs_align() -> None:
    shifted = TWO_CELLS.translate(xoff=300, yoff=-100).to_frame("geometry")
    raster = rasterise_cells(shifted, 1000.0)
    assert (raster.left_m % 1000, raster.top_m % 1000) == (0, 0)


def test_the_pole_and_both_sides_of_the_antimeridian_are_painted(fabricated) -> None:
    raster = rasterise_cells(fabricated.cells, 20_000.0)
    to_pixel = ~raster.transform
    along = np.deg2rad(135.0)  # 180° in EPSG:3413, whose y axis points along 135°E
    for shift_m in (-30_000.0, 30_000.0):
        x = -300_000 * np.sin(along / 3) + shift_m
        column, row = to_pixel * (x, 300_000 * np.cos(along / 3))
        assert raster.position[int(row), int(column)] >= 0
    column, row = to_pixel * (1.0, -1.0)
    pole = fabricated.cells.iloc[raster.position[int(row), int(column)]]
    assert pole.geometry.covers(shapely.Point(0, 0))


def test_nan_is_painted_as_nan(fabricated) -> None:
    raster = rasterise_cells(fabricated.cells, 50_000.0)
    assert np.isnan(raster.paint(np.full(len(fabricated.cells), np.nan))).all()
