import pytest

from qgis_plugin.entropice.core.graticule import (
    MAX_MERIDIANS,
    MAX_PARALLELS,
    latitude_text,
    longitude_text,
    meridians,
    parallels,
    round_length,
)


def test_around_the_pole_meridians_go_all_around():
    assert meridians([10.0, 20.0], has_pole=True) == tuple(range(-180, 180, 30))


@pytest.mark.parametrize(
    ("edge_lons_deg", "expected"),
    [
        ([-150.0, -140.0, -133.0], (-150, -148, -146, -144, -142, -140, -138, -136, -134)),
        ([170.0, 179.0, -179.0, -170.0], (170, 172, 174, 176, 178, -180, -178, -176, -174, -172)),
        ([-100.0, 0.0, 100.0], (-90, -60, -30, 0, 30, 60, 90)),
        ([350.0, 5.0], (-10, -8, -6, -4, -2, 0, 2, 4)),
    ],
)
def test_meridians_of_a_map_beside_the_pole(edge_lons_deg: list[float], expected: tuple[float, ...]):
    assert meridians(edge_lons_deg, has_pole=False) == expected


@pytest.mark.parametrize("span", [0.5, 3.0, 40.0, 170.0, 330.0])
def test_a_map_has_neither_none_nor_too_many_lines(span: float):
    lons = [number * span / 20 for number in range(21)]
    assert len(meridians(lons, has_pole=False)) <= MAX_MERIDIANS + 1
    assert 1 <= len(parallels(90 - span / 6, 90.0)) <= MAX_PARALLELS + 1 or span < 3


def test_parallels_leave_out_the_pole():
    assert parallels(62.0, 90.0) == (65.0, 70.0, 75.0, 80.0, 85.0)
    assert parallels(71.2, 73.1) == (71.5, 72.0, 72.5, 73.0)


@pytest.mark.parametrize(
    ("lon_deg", "text"), [(-180.0, "180°"), (0.0, "0°"), (30.0, "30° E"), (-2.5, "2.5° W"), (180.0, "180°")]
)
def test_longitudes_are_written_as_on_maps(lon_deg: float, text: str):
    assert longitude_text(lon_deg) == text


def test_latitudes_are_written_as_on_maps():
    assert (latitude_text(72.5), latitude_text(-3.0)) == ("72.5° N", "3° S")


@pytest.mark.parametrize(("length", "expected"), [(1.0, 1.0), (1.99, 1.0), (430.0, 200.0), (5.0, 5.0), (0.07, 0.05)])
def test_a_round_length_is_not_longer(length: float, expected: float):
    assert round_length(length) == pytest.approx(expected)
