"""Labels of all land are those of a campaign that has seen it all."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from entropice.crs import POLAR_CRS
from entropice.virtual_arctic.complete_labels import complete_labels
from entropice.virtual_arctic.slumps import find_slumps

SIDE_M, WEST_M, SOUTH_M = 160_000, -1_600_000, 960_000


@pytest.fixture(scope="module")
def cells() -> gpd.GeoDataFrame:
    """Squares over a part of the world; the last has no land."""
    corners = [(WEST_M + SIDE_M * column, SOUTH_M + SIDE_M * row) for row in range(3) for column in range(2)]
    squares = [shapely.box(x_m, y_m, x_m + SIDE_M, y_m + SIDE_M) for x_m, y_m in corners]
    return gpd.GeoDataFrame(
        {"cell_id": np.arange(6, dtype=np.uint64), "area_m2": float(SIDE_M**2), "land_fraction": [0.5] * 5 + [0.0]},
        geometry=squares,
        crs=POLAR_CRS,
    )


def test_they_are_what_is_found_where_all_was_imaged(truth, world, cells) -> None:
    everywhere = gpd.GeoDataFrame(
        {"year": [2022, 2023]}, geometry=[shapely.box(-3e6, -3e6, 3e6, 3e6)] * 2, crs=POLAR_CRS
    )
    found = find_slumps(truth, everywhere, world)
    column = (found["x_m"] - WEST_M) // SIDE_M
    row = (found["y_m"] - SOUTH_M) // SIDE_M
    place = (2 * row + column).where(column.between(0, 1) & row.between(0, 2))
    area_m2 = found["area_m2"].groupby([place, found["year"]]).sum()

    labels = complete_labels(truth, world, cells).set_index(["cell_id", "year"])["rts_area_fraction"]

    assert len(labels) == 12
    assert labels.loc[5].isna().all()
    told = labels.dropna() * SIDE_M**2 * 0.5
    expected = area_m2.reindex(pd.MultiIndex.from_tuples([(float(cell), year) for cell, year in told.index]))
    assert told.to_numpy() == pytest.approx(expected.fillna(0.0).to_numpy())
    assert (told > 0).any()


def test_whatever_the_campaign_has_found_is_among_them(truth, world, found, cells) -> None:
    labels = complete_labels(truth, world, cells)
    inside = shapely.STRtree(cells.geometry.to_numpy()[:5]).query(
        shapely.points(found["x_m"], found["y_m"]), predicate="within"
    )
    seen = {(int(cell), int(year)) for cell, year in zip(inside[1], found["year"].to_numpy()[inside[0]], strict=True)}
    with_slumps = labels[labels["rts_area_fraction"] > 0]
    assert seen <= set(zip(with_slumps["cell_id"].astype(int), with_slumps["year"], strict=True))
    assert seen
