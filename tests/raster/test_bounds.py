from entropice.raster.bounds import Bounds


def test_the_transform_puts_the_pixels_corners_on_the_rectangles_corners():
    bounds = Bounds(-320.0, 64.0, 960.0, 640.0)
    n_rows, n_columns = bounds.shape(32.0)

    assert bounds.transform(32.0) * (0, 0) == (bounds.left_m, bounds.top_m)
    assert bounds.transform(32.0) * (n_columns, n_rows) == (bounds.right_m, bounds.bottom_m)


def test_a_margin_is_undone_by_its_negative():
    bounds = Bounds(-320.0, 64.0, 960.0, 640.0)

    assert bounds.grown(10.0) == Bounds(-330.0, 54.0, 970.0, 650.0)
    assert bounds.grown(10.0).grown(-10.0) == bounds


def test_what_two_share_is_the_same_either_way_and_nothing_where_they_only_touch():
    one, other = Bounds(0.0, 0.0, 4.0, 4.0), Bounds(2.0, -1.0, 9.0, 3.0)

    assert one.intersection(other) == other.intersection(one) == Bounds(2.0, 0.0, 4.0, 3.0)
    assert one.intersection(one) == one
    assert one.intersection(Bounds(4.0, 0.0, 5.0, 4.0)) is None
    assert one.intersection(Bounds(0.0, 5.0, 4.0, 6.0)) is None
