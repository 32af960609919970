"""A week of ice in boxes, over HTTP."""

import numpy as np
import pytest
import requests
from image_runs import N_DAYS, concentration
from pyproj import Transformer
from served_runs import ICE_RUN

LEFT_M, TOP_M, PIXEL_M, N_PX = -1_200_000.0, 1_200_000.0, 25_000.0, 96


def ask(get, west: object, south: object, east: object, north: object, **query: str) -> requests.Response:
    return get("predictions/7day", min_lon=west, min_lat=south, max_lon=east, max_lat=north, **query)


def places() -> tuple[np.ndarray, np.ndarray]:
    x_m, y_m = np.meshgrid(LEFT_M + PIXEL_M * (np.arange(N_PX) + 0.5), TOP_M - PIXEL_M * (np.arange(N_PX) + 0.5))
    return Transformer.from_crs("EPSG:3413", "EPSG:4326", always_xy=True).transform(x_m, y_m)


def test_all_of_the_run_is_the_run(get) -> None:
    week = ask(get, -180, -90, 180, 90).json()

    assert week["run"] == ICE_RUN
    assert week["n_pixels"] == N_PX**2
    assert week["grid"] == {
        "crs": "EPSG:3413", "left_m": LEFT_M, "top_m": TOP_M, "pixel_m": PIXEL_M, "n_rows": N_PX, "n_columns": N_PX,
    }  # fmt: skip
    assert [(day["day"], day["begins"]) for day in week["days"]] == [(n, f"2024-03-{n:02d}") for n in range(1, 8)]
    for number in range(N_DAYS):
        values = np.array(week["days"][number]["values"], dtype=float)
        np.testing.assert_array_equal(values, concentration(number + 1))
    lon_deg, lat_deg = places()
    np.testing.assert_allclose(week["lon_deg"], lon_deg)
    np.testing.assert_allclose(week["lat_deg"], lat_deg)


@pytest.mark.parametrize(
    "box",
    [(-60, 80, 10, 85), (170, 80, -170, 84), (150, 79, 180, 90), (-180, 88, 180, 90), (100, 85, 40, 90)],
    ids=["plain", "across 180", "up to 180", "around the pole", "wide across 180"],
)
def test_a_box_holds_what_brute_force_finds(get, box) -> None:
    west, south, east, north = box
    lon_deg, lat_deg = places()
    is_between = (lon_deg >= west) & (lon_deg <= east) if west <= east else (lon_deg >= west) | (lon_deg <= east)
    is_between |= (east == 180) & (lon_deg == -180)
    inside = is_between & (lat_deg >= south) & (lat_deg <= north)

    week = ask(get, *box).json()

    assert week["n_pixels"] == inside.sum() > 0
    row, column = (TOP_M - week["grid"]["top_m"]) / PIXEL_M, (week["grid"]["left_m"] - LEFT_M) / PIXEL_M
    whole = np.full((N_PX, N_PX), np.nan)
    window = np.s_[int(row) : int(row) + week["grid"]["n_rows"], int(column) : int(column) + week["grid"]["n_columns"]]
    whole[window] = np.array(week["days"][2]["values"], dtype=float)
    np.testing.assert_array_equal(whole, np.where(inside, concentration(3), np.nan))


@pytest.mark.parametrize("box", [(0, 0, 10, 10), (0, 80, 0, 80), (12.3, -90, 12.4, -89)], ids=["far", "empty", "south"])
def test_a_box_without_a_pixel_has_an_empty_answer(get, box) -> None:
    response = ask(get, *box)

    assert response.status_code == 200
    week = response.json()
    assert (week["grid"], week["n_pixels"], week["lon_deg"]) == (None, 0, [])
    assert [day["values"] for day in week["days"]] == [[]] * N_DAYS


@pytest.mark.parametrize(
    "box",
    [
        (0, 80, 10, 70), (0, "nan", 10, 90), ("inf", 70, 10, 90), (0, 70, "-inf", 90), (181, 70, 10, 90),
        (0, -91, 10, 90), ("", 70, 10, 90), ("east", 70, 10, 90), (0, 70, 10, "1e400"),
    ],
)  # fmt: skip
def test_a_box_that_is_none_is_refused(get, box) -> None:
    response = ask(get, *box)

    assert response.status_code == 422
    assert response.json()["error"]["field"]


def test_a_value_that_is_missing_is_named(get) -> None:
    response = get("predictions/7day", min_lon=0, min_lat=0, max_lon=1)

    assert response.status_code == 422
    assert response.json()["error"] == {
        "what": "A value is missing.",
        "field": "max_lat",
        "got": None,
        "expected": "Field required",
        "fix": "see /docs",
    }


def test_a_run_and_a_quantity_are_named(get) -> None:
    assert ask(get, 0, 80, 9, 81, run=ICE_RUN, quantity="day").status_code == 200
    assert ask(get, 0, 80, 9, 81, run="other").json()["error"]["field"] == "run"
    assert ask(get, 0, 80, 9, 81, run="cells").status_code == 404
    assert ask(get, 0, 80, 9, 81, quantity="thickness").json()["error"]["expected"] == "day"
