"""The label table: state, number and area of slumps for every cell and label year."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import shapely

from entropice.crs import EQUAL_AREA_CRS
from entropice.errors import LabelError
from entropice.progress import progress
from entropice.types import BoolArray, DataFrame, FloatArray, GeoDataFrame, Geometries, IntArray
from entropice.units import M2_PER_KM2
from entropice.zonal.polygons import OUTSIDE, Pieces, cut, locate

OBSERVED_WITH: Final = "observed_with"
OBSERVED_WITHOUT: Final = "observed_without"
UNOBSERVED: Final = "unobserved"
STATES: Final = (OBSERVED_WITH, OBSERVED_WITHOUT, UNOBSERVED)

LONGEST_EDGE_M: Final = 1_000.0
"""Edges are cut to this length before they are projected: a straight edge is curved in another CRS."""

FRACTION_TOLERANCE: Final = 1e-9
"""For rounding: a cell that was seen completely reaches the fraction 1."""


def label_cells(
    cells: GeoDataFrame,
    land: GeoDataFrame,
    rts: GeoDataFrame,
    coverage: GeoDataFrame,
    years: Sequence[int],
    min_observed_fraction: float,
) -> DataFrame:
    """One row per (cell, year) in one of three states; what was not observed is null, never zero.

    A cell is observed if at least `min_observed_fraction` of its land was seen in the year, whether it has slumps or
    not. An observed cell is `observed_with` slumps if and only if `rts_area_m2` is not 0. Slumps in unobserved cells
    keep count and area; the cell stays unobserved. A slump that is a point has its area there; where that is not
    known (NaN), area and density of the cell are not, whatever other slumps it has.

    Parameters
    ----------
    cells, land, rts, coverage
        The datasets of these names, in one CRS: `cells` with ``cell_id``, in the order that the table shall have; `rts`
        with ``year`` and, for points, ``area_m2``, a row a slump and year; `coverage` with ``year``. The pieces of
        `land`, and the footprints of one year, must not overlap: what they share would count twice.
    years
        Label years, ascending, none twice; rows of other years are left out.
    min_observed_fraction
        Of a cell's land area, 0–1; the bound itself is enough, to within 1e-9.

    Returns
    -------
    DataFrame
        `cell_id` u64, `year` i64, `observed_fraction` (NaN without land), `observed_land_area_m2`, `state`
        (category), `rts_count` (Int64, by representative point), `rts_area_m2` (split at borders), and per
        observed land area `rts_per_km2` and `rts_area_fraction` (NaN where unobserved). In the order of the
        cells, and of the years within a cell. Areas (m²) in EPSG:6931, edges being cut to 1 km before they go
        there. Null count and NaN area: nothing was found
        where nothing was observed.

    Raises
    ------
    LabelError
        No cell is `observed_with` in any year; also where there are no cells.

    Examples
    --------
    Two cells of 4 km², of which the first is seen and holds a slump of 1 ha:

    >>> import geopandas as gpd
    >>> from shapely import box
    >>> def frame(polygons, **columns):
    ...     return gpd.GeoDataFrame(columns, geometry=polygons, crs="EPSG:6931")
    >>> squares = [box(0, 0, 2000, 2000), box(2000, 0, 4000, 2000)]
    >>> cells, land = frame(squares, cell_id=[1, 2]), frame(squares)
    >>> rts = frame([box(500, 500, 600, 600)], year=[2020], area_m2=[1e4])
    >>> table = label_cells(cells, land, rts, frame(squares[:1], year=[2020]), [2020], 0.5)
    >>> table["state"].tolist()
    ['observed_with', 'unobserved']
    >>> table["rts_area_m2"].round(3).tolist(), table["rts_per_km2"].round(3).tolist()
    ([10000.0, nan], [0.25, nan])
    """
    # Land is clipped by cells once and those pieces by each year's footprints: footprints change from year to year and
    # are many, cells and coasts stay.
    cell_polygons, land_pieces = _equal_area(cells), shapely.get_parts(_equal_area(land))
    cell_land = cut(cell_polygons, land_pieces)
    land_area_m2 = cell_land.area_by_left_m2(len(cells))
    observed_m2 = _observed_land_area_m2(cell_land, len(cells), coverage, years)
    # 0 / 0 is NaN: a cell without land was neither seen nor missed, and compares as not observed below.
    with np.errstate(invalid="ignore"):
        observed_fraction = np.minimum(observed_m2 / land_area_m2[:, None], 1.0)
    is_observed = observed_fraction >= min_observed_fraction - FRACTION_TOLERANCE
    count, rts_area_m2 = _slumps_by_cell_and_year(cell_polygons, rts, years)
    table = pd.DataFrame(
        {
            "cell_id": np.repeat(cells["cell_id"].to_numpy(dtype=np.uint64), len(years)),
            "year": np.tile(np.asarray(years, dtype=np.int64), len(cells)),
            "observed_fraction": observed_fraction.ravel(),
            "observed_land_area_m2": observed_m2.ravel(),
            "state": _states(is_observed, rts_area_m2).ravel(),
            "rts_count": count.ravel(),
            "rts_area_m2": rts_area_m2.ravel(),
        }
    )
    _refuse_no_positive(table, rts, min_observed_fraction)
    return _with_densities(_null_where_unknown(table))


def _equal_area(frame: GeoDataFrame) -> Geometries:
    """Geometries in EPSG:6931; long edges keep their course, so neighbours still meet."""
    projected = frame.geometry.segmentize(LONGEST_EDGE_M).to_crs(EQUAL_AREA_CRS)
    return np.asarray(shapely.make_valid(projected.to_numpy()), dtype=object)


def _observed_land_area_m2(cell_land: Pieces, n_cells: int, coverage: GeoDataFrame, years: Sequence[int]) -> FloatArray:
    """Area of cell ∩ land ∩ footprint, shape (n_cells, n_years)."""
    observed = np.zeros((n_cells, len(years)))
    for column, year in enumerate(progress(years, "Observed land by year")):
        footprints = shapely.get_parts(_equal_area(coverage[coverage["year"] == year]))
        seen_m2 = cut(cell_land.geometry, footprints).area_by_left_m2(len(cell_land.geometry))
        observed[:, column] = np.bincount(cell_land.left, weights=seen_m2, minlength=n_cells)
    return observed


def _slumps_by_cell_and_year(
    cell_polygons: Geometries, rts: GeoDataFrame, years: Sequence[int]
) -> tuple[IntArray, FloatArray]:
    """Counts and areas (m²), both of shape (n_cells, n_years)."""
    slumps = rts[rts["year"].isin(list(years))]
    outlines, column = _equal_area(slumps), np.searchsorted(years, slumps["year"].to_numpy())
    # A slump on a border counts once, in the cell of its representative point, but has its area in both: so counts add
    # up to the number of slumps and areas to their area. A cell may then have area and count 0, and is `observed_with`.
    pieces, cell = cut(cell_polygons, outlines), locate(cell_polygons, outlines)
    count = np.zeros((len(cell_polygons), len(years)), dtype=np.int64)
    area_m2 = np.zeros((len(cell_polygons), len(years)))
    np.add.at(count, (cell[cell != OUTSIDE], column[cell != OUTSIDE]), 1)
    np.add.at(area_m2, (pieces.left, column[pieces.right]), pieces.area_m2)
    # A point has no area to be cut: the stated one is taken whole, and one that is not stated (NaN) makes the sum NaN,
    # since a cell of unknown area must not pass for one of the area of its other slumps.
    is_point = (shapely.get_dimensions(outlines) == 0) & (cell != OUTSIDE)
    if is_point.any():
        np.add.at(area_m2, (cell[is_point], column[is_point]), slumps["area_m2"].to_numpy()[is_point])
    return count, area_m2


def _states(is_observed: BoolArray, rts_area_m2: FloatArray) -> Geometries:
    # NaN != 0 holds: a slump whose area is not known is a slump.
    return np.where(is_observed, np.where(rts_area_m2 != 0, OBSERVED_WITH, OBSERVED_WITHOUT), UNOBSERVED)


def _null_where_unknown(table: DataFrame) -> DataFrame:
    """Zero means "looked and found nothing": elsewhere it becomes null."""
    is_unobserved = table["state"] == UNOBSERVED
    return table.assign(
        state=pd.Categorical(table["state"], categories=list(STATES)),
        rts_count=table["rts_count"].astype("Int64").mask(is_unobserved & (table["rts_count"] == 0)),
        rts_area_m2=table["rts_area_m2"].mask(is_unobserved & (table["rts_area_m2"] == 0)),
    )


def _with_densities(table: DataFrame) -> DataFrame:
    observed_m2 = table["observed_land_area_m2"].where(table["state"] != UNOBSERVED)
    count = table["rts_count"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return table.assign(
        rts_per_km2=count / (observed_m2 / M2_PER_KM2),
        rts_area_fraction=table["rts_area_m2"] / observed_m2,
    )


def _refuse_no_positive(table: DataFrame, rts: GeoDataFrame, min_observed_fraction: float) -> None:
    n_by_state = table["state"].value_counts()
    if OBSERVED_WITH not in n_by_state:
        raise LabelError(
            "No cell is observed with a slump, so there is nothing to learn from.",
            field="labels.years, labels.min_observed_fraction",
            got=f"{len(rts)} slumps in rts; {n_by_state.to_dict()} of {len(table)} cells and years",
            expected=f"at least one cell with a slump and {min_observed_fraction:g} of its land observed",
            fix="check that rts_file and coverage_file lie in the region and hold the label years, "
            "or lower labels.min_observed_fraction",
        )
