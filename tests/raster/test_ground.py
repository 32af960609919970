"""Land on which no file lies, by hand: cells are squares of 10 km."""

import logging

import numpy as np
import pytest
import shapely

from entropice.raster.ground import missed_land_m2, report_missed_land

SIDE_M = 1e4
CELLS = np.array([shapely.box(k * SIDE_M, -2e6, (k + 1) * SIDE_M, -2e6 + SIDE_M) for k in range(3)], dtype=object)
FIRST_AND_HALF = np.array([shapely.box(-SIDE_M, -3e6, SIDE_M, 0), shapely.box(SIDE_M, -3e6, 1.5 * SIDE_M, 0)])


@pytest.mark.parametrize(
    ("land_fraction", "missed_km2"),
    [
        ([1.0, 1.0, 1.0], [0, 50, 100]),
        ([1.0, 0.7, 0.2], [0, 20, 20]),  # the sea may lie wholly beside the files
        ([0.1, 0.5, 0.0], [0, 0, 0]),
        ([1.0, 0.5009, 1.0], [0, 0, 100]),  # less than a thousandth of a cell is rounding
    ],
)
def test_missed_is_what_lies_beside_all_files_less_the_sea(land_fraction: list[float], missed_km2: list[float]) -> None:
    found = missed_land_m2(CELLS, np.array(land_fraction), FIRST_AND_HALF)

    np.testing.assert_allclose(found, np.array(missed_km2) * 1e6, rtol=1e-9)


def test_what_is_missed_is_told_with_the_worst_place(caplog: pytest.LogCaptureFixture) -> None:
    """The middle of the last cell lies on 45° W + atan(2.5e4 / 1.995e6), at about 71.7° N."""
    with caplog.at_level(logging.WARNING):
        assert report_missed_land("DEM", CELLS, np.ones(3), FIRST_AND_HALF) == 2

    assert "DEM: of 2 of 3 cells land lies on no file, 150 km² or more" in caplog.text
    assert f"{-45 + np.degrees(np.arctan(2.5e4 / 1.995e6)):.2f}° E" in caplog.text


def test_nothing_missed_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    assert report_missed_land("DEM", CELLS[:1], np.ones(1), FIRST_AND_HALF) == 0
    assert caplog.text == ""
