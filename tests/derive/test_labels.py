"""The label table: three states, and never a zero where nobody looked."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from entropice.crs import EQUAL_AREA_CRS, POLAR_CRS
from entropice.derive.labels import LONGEST_EDGE_M, OBSERVED_WITH, OBSERVED_WITHOUT, STATES, UNOBSERVED, label_cells
from entropice.dggs import equal_area_m2
from entropice.errors import LabelError

KM = 1000.0
YEARS = (2021, 2022)


def frame(geometries, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(geometries), crs=EQUAL_AREA_CRS)


def square_km(x, y, width=1.0, height=1.0):
    return shapely.box(x * KM, y * KM, (x + width) * KM, (y + height) * KM)


def row_of_cells(n_cells):
    """Squares of 10 km² × 10 km side by side."""
    return frame(
        [square_km(10 * i, 0, 10, 10) for i in range(n_cells)], cell_id=np.arange(n_cells, dtype=np.uint64) + 7
    )


LAND = frame([square_km(0, 0, 30, 5)])
"""The lower half of every cell: 50 km²."""


def footprints(first, second):
    return frame([first, second], year=list(YEARS))


def slumps(*rows):
    """Rows of (outline, year)."""
    return frame(
        [outline for outline, _ in rows],
        rts_id=range(len(rows)),
        year=np.array([year for _, year in rows], dtype=np.int64),
    )


WORKED_RTS = slumps(
    (square_km(1, 1), 2021), (square_km(9.5, 1), 2021), (square_km(21, 1), 2021), (square_km(1, 1), 2022)
)
WORKED_COVERAGE = footprints(square_km(0, 0, 20, 10), square_km(0, 0, 4, 10))


@pytest.fixture
def worked():
    """Three cells. 2021: the first two seen whole, the third not. 2022: two fifths of the first seen."""
    return label_cells(row_of_cells(3), LAND, WORKED_RTS, WORKED_COVERAGE, YEARS, 0.5).set_index(["cell_id", "year"])


def test_a_worked_example(worked):
    assert worked["state"].tolist() == [
        OBSERVED_WITH,
        UNOBSERVED,
        OBSERVED_WITH,
        UNOBSERVED,
        UNOBSERVED,
        UNOBSERVED,
    ]
    assert worked["observed_fraction"].tolist() == pytest.approx([1, 0.4, 1, 0, 0, 0])
    assert worked["observed_land_area_m2"].tolist() == pytest.approx([50e6, 20e6, 50e6, 0, 0, 0])


def test_a_slump_across_a_border_is_counted_once_and_its_area_split(worked):
    first, second = worked.loc[(7, 2021)], worked.loc[(8, 2021)]
    assert (first["rts_count"], second["rts_count"]) in {(2, 0), (1, 1)}
    assert (first["rts_area_m2"], second["rts_area_m2"]) == pytest.approx((1.5e6, 0.5e6))


def test_densities_are_per_observed_land(worked):
    first = worked.loc[(7, 2021)]
    assert first["rts_area_fraction"] == pytest.approx(1.5 / 50)
    assert first["rts_per_km2"] == pytest.approx(first["rts_count"] / 50)


def test_slumps_known_on_unobserved_ground_are_kept_without_density(worked):
    known = worked.loc[(9, 2021)]
    assert (known["rts_count"], known["rts_area_m2"]) == (1, pytest.approx(1e6))
    assert np.isnan([known["rts_per_km2"], known["rts_area_fraction"]]).all()


def test_the_table_has_the_agreed_columns_types_and_order():
    table = label_cells(row_of_cells(3), LAND, WORKED_RTS, WORKED_COVERAGE, YEARS, 0.5)
    assert table.dtypes.astype(str).to_dict() == {
        "cell_id": "uint64",
        "year": "int64",
        "observed_fraction": "float64",
        "observed_land_area_m2": "float64",
        "state": "category",
        "rts_count": "Int64",
        "rts_area_m2": "float64",
        "rts_per_km2": "float64",
        "rts_area_fraction": "float64",
    }
    assert tuple(table["state"].cat.categories) == STATES
    assert table["cell_id"].tolist() == [7, 7, 8, 8, 9, 9]
    assert table["year"].tolist() == [*YEARS] * 3


def test_a_cell_without_land_is_unobserved_of_unknown_fraction():
    cells = frame([square_km(0, 0, 10, 10), square_km(0, 50, 10, 10)], cell_id=np.array([1, 2], dtype=np.uint64))
    coverage = footprints(square_km(0, 0, 10, 90), square_km(0, 0, 10, 90))
    table = label_cells(cells, LAND, WORKED_RTS, coverage, YEARS, 0.5)
    assert table["state"].tolist()[2:] == [UNOBSERVED] * 2
    assert table["observed_fraction"].isna().tolist() == [False, False, True, True]


def test_a_threshold_of_one_admits_a_cell_seen_whole():
    coverage = footprints(
        shapely.union(square_km(0, 0, 1 / 3, 10), square_km(1 / 3, 0, 29, 10)), square_km(0, 0, 30, 10)
    )
    table = label_cells(row_of_cells(2), LAND, WORKED_RTS, coverage, YEARS, 1.0)
    assert UNOBSERVED not in table["state"].tolist()


@pytest.mark.parametrize(
    ("rts", "coverage"),
    [
        (slumps((square_km(100, 100), 2021)), WORKED_COVERAGE),
        (slumps((square_km(21, 1), 2021)), WORKED_COVERAGE),
        (slumps((square_km(1, 1), 2019)), WORKED_COVERAGE),
        (WORKED_RTS, footprints(square_km(500, 0), square_km(500, 0))),
    ],
    ids=["slumps elsewhere", "slumps unobserved", "other year", "footprints elsewhere"],
)
def test_no_positive_label_is_an_error_with_a_fix(rts, coverage):
    with pytest.raises(LabelError, match=r"nothing to learn from[\s\S]*rts_file and coverage_file"):
        label_cells(row_of_cells(3), LAND, rts, coverage, YEARS, 0.5)


SLUMP = st.tuples(
    st.builds(square_km, st.floats(-2, 32), st.floats(-2, 11), st.floats(0.01, 3), st.floats(0.01, 3)),
    st.sampled_from(YEARS),
)
FOOTPRINT = st.builds(square_km, st.floats(-5, 25), st.floats(-5, 5), st.floats(1, 40), st.floats(1, 20))


@given(st.lists(SLUMP, min_size=1, max_size=8), FOOTPRINT, FOOTPRINT, st.floats(0.05, 1.0))
def test_laws_of_the_label_table(rows, first, second, min_observed_fraction):
    cells, rts = row_of_cells(3), slumps(*rows)
    try:
        table = label_cells(cells, LAND, rts, footprints(first, second), YEARS, min_observed_fraction)
    except LabelError:
        assume(False)

    unobserved, observed = table[table["state"] == UNOBSERVED], table[table["state"] != UNOBSERVED]
    assert not (unobserved["rts_count"] == 0).any()
    assert not (unobserved["rts_area_m2"] == 0).any()
    assert unobserved[["rts_per_km2", "rts_area_fraction"]].isna().all(axis=None)
    assert observed.notna().all(axis=None)
    assert ((observed["rts_area_m2"] > 0) == (observed["state"] == OBSERVED_WITH)).all()
    assert (observed["rts_area_fraction"] == 0).tolist() == (observed["state"] == OBSERVED_WITHOUT).tolist()
    assert (observed["observed_fraction"] > min_observed_fraction - 1e-6).all()
    assert (unobserved["observed_fraction"] < min_observed_fraction).all()

    ground = shapely.box(0, 0, 30 * KM, 10 * KM)
    outlines = shapely.segmentize(rts.geometry.to_numpy(), LONGEST_EDGE_M)
    inside = shapely.intersects(shapely.point_on_surface(outlines), ground)
    assert table["rts_count"].sum() == inside.sum()
    assert table["rts_area_m2"].sum() == pytest.approx(shapely.area(shapely.intersection(rts.geometry, ground)).sum())
    seen = sum(shapely.area(shapely.intersection(f, LAND.geometry.item())) for f in (first, second))
    assert table["observed_land_area_m2"].sum() == pytest.approx(seen, abs=1e-3)


def test_a_long_straight_edge_of_land_stays_where_it_is():
    """Land is cut into pieces along straight lines in EPSG:3413, which are curved in the CRS of the areas."""
    land = gpd.GeoDataFrame(geometry=[shapely.box(0, -2000 * KM, 1000 * KM, -1000 * KM)], crs=POLAR_CRS)
    cell = shapely.box(475 * KM, -2025 * KM, 525 * KM, -1975 * KM)
    cells = gpd.GeoDataFrame({"cell_id": np.array([1], dtype=np.uint64)}, geometry=[cell], crs=POLAR_CRS)
    slump = gpd.GeoDataFrame(
        {"rts_id": [1], "year": [2021]},
        geometry=[shapely.box(500 * KM, -1990 * KM, 501 * KM, -1989 * KM)],
        crs=POLAR_CRS,
    )
    coverage = land.assign(year=2021)

    labels = label_cells(cells, land, slump, coverage, [2021], 0.5)

    expected_m2 = equal_area_m2(shapely.intersection(cell, land.geometry.to_numpy()))
    np.testing.assert_allclose(labels["observed_land_area_m2"], expected_m2, rtol=1e-6)
