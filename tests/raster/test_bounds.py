from entropice.raster.bounds import Bounds


def test_the_transform_puts_the_pixels_corners_on_the_rectangles_corners():
    bounds = Bounds(-320.0, 64.0, 960.0, 640.0)
    n_rows, n_columns = bounds.shape(32.0)

    assert bounds.transform(32.0) * (0, 0) == (bounds.left_m, bounds.top_m)
    assert bounds.transform(32.0) * (n_columns, n_rows) == (bounds.right_m, bounds.bottom_m)
