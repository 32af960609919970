"""Footprints of the images that were searched for slumps."""

import logging
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from entropice.crs import POLAR_CRS
from entropice.errors import LabelError, SchemaError
from entropice.sources.files.polar import POLYGON_TYPES, to_polar_polygons
from entropice.sources.periods import Period
from entropice.sources.slumps.cleaning import listed_years, require_columns, year_spans
from entropice.sources.slumps.columns import CoverageColumns, Range, flat_names
from entropice.sources.slumps.label_years import assign_label_year
from entropice.sources.slumps.outlines import SortedOutlines
from entropice.types import BaseGeometry, BoolArray, DataFrame, GeoDataFrame, Geometries, IntArray, Series

logger = logging.getLogger(__name__)

NAME = "Coverage footprints"


def normalise_coverage(
    raw: GeoDataFrame, columns: CoverageColumns, periods: Sequence[Period]
) -> tuple[GeoDataFrame, DataFrame]:
    """One dissolved footprint for every label year.

    Parameters
    ----------
    raw
        The file as read, in any CRS.
    columns
        Which of its columns hold years, and what they mean. Footprints without years stand for one pooled label.
    periods
        The label years; ground that was seen in any of the years of a period counts as seen.

    Returns
    -------
    coverage
        `year` i64 and `geometry` (valid (multi)polygons, EPSG:3413), sorted by year.
    counts
        `what` and `n`: ``footprints in the file``, without geometry too, and ``seen in <year>`` of each label year.

    Raises
    ------
    SchemaError
        The column is missing or holds anything but years; a label year has no footprint; the footprints are not
        polygons, or do not fit their CRS.
    LabelError
        Footprints that were seen in some year of several, or that have no year, are to label single years.

    Examples
    --------
    >>> from entropice.sources.periods import periods_of
    >>> fields = shapely.box([1000, 1010], 0, [1010, 1020], 10)
    >>> raw = gpd.GeoDataFrame({"seen": ["2021,2022", "2022"]}, geometry=fields, crs=POLAR_CRS)
    >>> coverage, counts = normalise_coverage(raw, CoverageColumns(every_year="seen"), periods_of([2021, 2022], None))
    >>> coverage["year"].tolist(), coverage.area.tolist(), counts["n"].tolist()
    ([2021, 2022], [100.0, 200.0], [2, 1, 2])
    """
    present = raw[~(shapely.is_missing(raw.geometry) | shapely.is_empty(raw.geometry))].reset_index(drop=True)
    row, label_year = _rows_and_label_years(present, columns, periods)
    used = np.unique(row)
    polygons = to_polar_polygons(gpd.GeoDataFrame({"row": used}, geometry=present.geometry.iloc[used].array), NAME)
    footprints = pd.DataFrame({"row": row, "year": label_year}).drop_duplicates().merge(polygons, on="row")
    years = sorted(period.last_year for period in periods)
    _refuse_missing_years(years, footprints["year"], raw)
    dissolved = [shapely.union_all(footprints.loc[footprints["year"] == year, "geometry"].to_numpy()) for year in years]
    coverage = gpd.GeoDataFrame({"year": np.array(years, dtype=np.int64)}, geometry=dissolved, crs=POLAR_CRS)
    return coverage, _counts(len(raw), footprints["year"], years)


def surveyed_area(
    coverage: GeoDataFrame, rows: SortedOutlines, cells: GeoDataFrame, within: BaseGeometry | None = None
) -> GeoDataFrame:
    """The ground that was observed in each label year: the footprints, corrected by the outlines.

    Ground that was searched and found without slumps is added. A cell with a slump that has no outline of the label
    year is taken away as a whole: its slump area is not known, and the part outside that slump would be biased low.
    The cell stays where the slump has an outline as well.

    Parameters
    ----------
    coverage
        As `normalise_coverage` makes it.
    rows
        The rows of the outline file by their status.
    cells
        The dataset of this name, in EPSG:3413.
    within
        Limits of the searched ground, in EPSG:3413; None: the footprints alone limit it.

    Returns
    -------
    GeoDataFrame
        ``year`` and ``geometry`` (EPSG:3413), a row a row of `coverage`, in its order; geometry is empty where nothing
        was observed. Cells and slumps that touch share ground here.

    Examples
    --------
    Of 200 m² seen, a cell of 100 m² with a slump without outline is taken away; 50 m² found empty elsewhere are added:

    >>> def frame(*boxes: BaseGeometry) -> GeoDataFrame:
    ...     return gpd.GeoDataFrame({"label_year": [2021] * len(boxes)}, geometry=list(boxes), crs=POLAR_CRS)
    >>> seen = gpd.GeoDataFrame({"year": [2021]}, geometry=[shapely.box(0, 0, 20, 10)], crs=POLAR_CRS)
    >>> cells = frame(shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10))
    >>> slump, empty = frame(shapely.box(12, 2, 14, 4)), frame(shapely.box(30, 0, 35, 10))
    >>> surveyed_area(seen, SortedOutlines(frame(), frame(), slump, empty, {}), cells).area.tolist()
    [150.0]
    """
    geometry = [
        _surveyed(year, footprint, rows, cells.geometry.to_numpy(), within)
        for year, footprint in coverage[["year", "geometry"]].itertuples(index=False)
    ]
    return gpd.GeoDataFrame({"year": coverage["year"]}, geometry=geometry, crs=POLAR_CRS)


def _surveyed(
    year: int, footprint: BaseGeometry, rows: SortedOutlines, cells: Geometries, within: BaseGeometry | None
) -> BaseGeometry:
    slumps, no_outline, empty = (_of_year(frame, year) for frame in (rows.slumps, rows.no_outline, rows.empty))
    unknown = cells[_touches_any(cells, no_outline[~_touches_any(no_outline, slumps)])]
    logger.info(
        "%s of %d: %d places without slumps added, %d cells with slumps without outline taken away",
        NAME,
        year,
        len(empty),
        len(unknown),
    )
    searched = footprint if within is None else _polygons(shapely.intersection(footprint, within))
    # Taken away last: a cell whose slump has no outline is not observed, though ground in it was found empty.
    return _polygons(shapely.difference(shapely.union_all([searched, *empty]), shapely.union_all(unknown)))


def _of_year(frame: GeoDataFrame, year: int) -> Geometries:
    return np.asarray(frame.geometry[frame["label_year"] == year], dtype=object)


def _touches_any(geometries: Geometries, others: Geometries) -> BoolArray:
    return np.isin(np.arange(len(geometries)), shapely.STRtree(others).query(geometries, predicate="intersects")[0])


def _polygons(geometry: BaseGeometry) -> BaseGeometry:
    """Without the points and lines along which two polygons only touch."""
    parts = shapely.get_parts(geometry)
    return shapely.union_all(parts[np.isin(shapely.get_type_id(parts), POLYGON_TYPES)])


def _rows_and_label_years(
    present: GeoDataFrame, columns: CoverageColumns, periods: Sequence[Period]
) -> tuple[IntArray, IntArray]:
    """Pairs of a footprint's row and a label year in which it counts as seen, each of shape (n_pairs,)."""
    require_columns(present, flat_names((columns.every_year, columns.any_year)), NAME)
    if columns.every_year is not None:
        years = listed_years(present[columns.every_year], NAME)
        row, year = years.index.to_numpy(), years.to_numpy()
        label_year = assign_label_year(year, year, periods, NAME).label_year
    elif columns.any_year is not None:
        row, label_year = present.index.to_numpy(), _label_year_of_any(present, columns.any_year, periods)
    else:
        _refuse_single_years(periods)
        row, label_year = present.index.to_numpy(), np.full(len(present), periods[0].last_year)
    return row[label_year != 0], label_year[label_year != 0]


def _label_year_of_any(present: GeoDataFrame, column: str | Range, periods: Sequence[Period]) -> IntArray:
    """A footprint seen in some unknown one of its years counts where the label year stands for all of them."""
    first_year, last_year = _ends_of(present, column)
    assigned = assign_label_year(first_year, last_year, periods, NAME)
    if assigned.is_partly.any():
        spans = zip(first_year[assigned.is_partly], last_year[assigned.is_partly], strict=True)
        raise LabelError(
            f"{NAME}: they were seen in some year of a period that is longer than that of the label.",
            field="labels.pooled_from, labels.years",
            got=", ".join(map(str, periods)),
            expected="a label that stands for all of these years",
            sample=sorted({f"{first}–{last}" for first, last in spans}),
            fix="widen the pooled period to that of the footprints",
        )
    return assigned.label_year


def _ends_of(present: GeoDataFrame, column: str | Range) -> tuple[IntArray, IntArray]:
    """First and last of the years that a column lists, or that two columns bound."""
    if not isinstance(column, str):
        return year_spans(present, column, NAME)
    years = listed_years(present[column], NAME).groupby(level=0).agg(["min", "max"]).reindex(present.index)
    return years["min"].to_numpy(), years["max"].to_numpy()


def _refuse_single_years(periods: Sequence[Period]) -> None:
    if len(periods) > 1:
        raise LabelError(
            "Footprints without years cannot say what was observed in each of several years.",
            field="labels.years",
            got=", ".join(map(str, periods)),
            expected="one pooled label year",
            fix="name the column of years in labels.coverage, or pool the years with labels.pooled_from",
        )


def _refuse_missing_years(years: Sequence[int], present: Series, raw: GeoDataFrame) -> None:
    missing = sorted(set(years) - set(present))
    if missing:
        raise SchemaError(
            "There is no footprint for a configured label year, so nothing would count as observed.",
            field="labels.years",
            got=f"{len(raw)} footprints, none of {', '.join(map(str, missing))}",
            expected="footprints of every label year",
            fix="take the year out of labels.years, or give the coverage file that holds it",
        )


def _counts(n_rows: int, label_year: Series, years: Sequence[int]) -> DataFrame:
    n_by_what = {"footprints in the file": n_rows} | {f"seen in {y}": int((label_year == y).sum()) for y in years}
    logger.info("%s: %s", NAME, "; ".join(f"{n:,} {what}" for what, n in n_by_what.items()))
    return pd.DataFrame({"what": list(n_by_what), "n": list(n_by_what.values())})
