"""Slump outlines of any source: the status of each row of the file, and one row per slump and label year.

DARTS (Nitze et al. 2025, https://doi.org/10.1038/s41597-025-05810-2), ARTS (Yang et al. 2025,
https://doi.org/10.1038/s41597-025-04372-7) and files of one's own differ in their `OutlineFormat` alone.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from entropice.errors import LabelError
from entropice.sources.files.polar import refuse_beyond_cells, to_polar_places, to_polar_points, to_polar_polygons
from entropice.sources.periods import Period
from entropice.sources.slumps.cleaning import (
    areas_m2,
    calendar_years,
    fractions,
    identities,
    one_of,
    require_columns,
    year_spans,
)
from entropice.sources.slumps.columns import OutlineColumns, OutlineFormat
from entropice.sources.slumps.dissolve import MAX_IDENTITY_GAP_M, dissolve_slumps
from entropice.sources.slumps.label_years import LabelYears, assign_label_year
from entropice.types import BoolArray, DataFrame, FloatArray, GeoDataFrame, IntArray

logger = logging.getLogger(__name__)

NO_GEOMETRY: Final = "left out: no geometry"
OTHER_YEARS: Final = "left out: of other years"
OTHER_CLASS: Final = "left out: of another class"
IMPROBABLE: Final = "left out: less probable than asked for"
NO_AREA: Final = "left out: no area"
EMPTY: Final = "ground without slumps"
NO_OUTLINE: Final = "slumps without an outline of the label year"
LOCATION: Final = "slumps given as points"
OUTLINE: Final = "outlines of slumps"
ROW_STATUSES: Final = (NO_GEOMETRY, OTHER_CLASS, IMPROBABLE, OTHER_YEARS, NO_AREA, EMPTY, NO_OUTLINE, LOCATION, OUTLINE)


@dataclass(frozen=True)
class SortedOutlines:
    """The rows of a file by their status; frames in EPSG:3413 with the column `label_year`.

    Attributes
    ----------
    slumps
        Outlines of slumps, with `source_id` where the format names one.
    locations
        Points where slumps are, likewise, and `area_m2`, NaN where it is not known.
    no_outline
        Ground with a slump whose outline is not known, or not its year.
    empty
        Ground that was searched and found without a slump.
    n_by_status
        Number of rows of each of `ROW_STATUSES`; they add up to the rows of the file.
    """

    slumps: GeoDataFrame
    locations: GeoDataFrame
    no_outline: GeoDataFrame
    empty: GeoDataFrame
    n_by_status: dict[str, int]


def normalise_outlines(
    raw: GeoDataFrame,
    outline_format: OutlineFormat,
    periods: Sequence[Period],
    min_shared_area: float,
    name: str,
    max_identity_gap_m: float = MAX_IDENTITY_GAP_M,
) -> tuple[GeoDataFrame, DataFrame]:
    """One row per slump and label year, however many outlines or points a slump has, and one id in all years.

    Bounds are inclusive: an outline of exactly `min_probability` is kept. Slumps without a known area bring a warning.

    Parameters
    ----------
    raw
        The file as read, in any CRS.
    outline_format
        What its columns and their values mean.
    periods
        The label years; an outline of any year of a period belongs to its label year.
    min_shared_area, max_identity_gap_m
        Share (0 to 1) of the smaller outline from which on outlines of two years are one slump, and largest distance
        (m) of outlines of one identity: as of `dissolve_slumps`.
    name
        What the rows are, for messages.

    Returns
    -------
    rts
        `rts_id` i64, `year` i64, `area_m2` (EPSG:6931; NaN where a point has none), `geometry` (EPSG:3413).
    counts
        `what` and `n`: the file's rows by their status, in the order and words of `ROW_STATUSES`, 0 where there are
        none; then ``slumps and label years``, the rows of `rts`, and ``slumps``, its ids.

    Raises
    ------
    SchemaError
        A missing column; years, identities, probabilities, classes or label types that cannot be; outlines that
        are not polygons or do not fit their CRS; identities that name no slump; rows wholly south of 45° N.
    LabelError
        No row is the outline of a slump of a label year, or ranges of years are to label single years.

    Examples
    --------
    >>> from entropice.sources.periods import periods_of
    >>> fields = shapely.box([1000, 2000, 3000], 0, [1010, 2010, 3010], 10)
    >>> raw = gpd.GeoDataFrame({"year": [2021, 2021, 2019], "p": [0.9, 0.4, 0.9]}, geometry=fields, crs="EPSG:3413")
    >>> columns = OutlineColumns(probability="p")
    >>> rts, counts = normalise_outlines(raw, OutlineFormat(columns=columns), periods_of([2021], None), 0.1, "slumps")
    >>> rts[["rts_id", "year"]].to_numpy().tolist(), counts[counts["n"] > 0]["what"].tolist()[:3]
    ([[1, 2021]], ['left out: less probable than asked for', 'left out: of other years', 'outlines of slumps'])
    """
    rows = sort_outlines(raw, outline_format, periods, name)
    slumps = pd.concat([rows.slumps, rows.locations], ignore_index=True)
    if slumps.empty:
        raise LabelError(
            f"{name}: no row is the outline of a slump of a label year.",
            field="labels.years, labels.pooled_from",
            got="; ".join(f"{n} {status}" for status, n in rows.n_by_status.items() if n),
            expected=f"outlines of {', '.join(map(str, periods))}",
            fix="configure label years that the file holds",
        )
    source_id = slumps.get("source_id")
    rts = dissolve_slumps(
        slumps.geometry.to_numpy(),
        slumps["label_year"].to_numpy(),
        None if source_id is None else source_id.to_numpy(),
        min_shared_area,
        max_identity_gap_m,
        outline_format.same_location_m,
        slumps["area_m2"].to_numpy(),
    )
    _warn_of_unknown_areas(rts, name)
    return rts, _counts(
        rows.n_by_status | {"slumps and label years": len(rts), "slumps": rts["rts_id"].nunique()}, name
    )


def sort_outlines(
    raw: GeoDataFrame, outline_format: OutlineFormat, periods: Sequence[Period], name: str
) -> SortedOutlines:
    """Assign every row of the file one status.

    The first that holds counts: no geometry; of another class; less probable than asked for; of other years; ground
    without slumps; a slump without an outline of the label year; a point; an outline. What has no area is left out
    last.

    Parameters
    ----------
    raw
        The file as read, in any CRS; it is not changed.
    outline_format, periods, name
        What columns and values mean, the label years, and what the rows are, for messages. Without a column of years or
        dates there is one period.

    Returns
    -------
    SortedOutlines
        Four frames in EPSG:3413 with ``label_year`` and ``geometry``: outlines and points of slumps (with ``area_m2``,
        NaN of all outlines, and ``source_id`` where there is a column of identities), ground with slumps without
        outline, and ground without slumps; and how many rows of the file have each status.

    Raises
    ------
    SchemaError
        A missing column; years, identities, probabilities, classes or label types that cannot be; outlines that are not
        polygons, do not fit their CRS, or lie wholly south of 45° N.
    LabelError
        Ranges of years are to label single years.
    """
    columns = outline_format.columns
    require_columns(raw, columns.names, name)
    is_drawn = ~(shapely.is_missing(raw.geometry) | shapely.is_empty(raw.geometry))
    drawn = raw[is_drawn].reset_index(drop=True)
    assigned = _label_years(drawn, columns, periods, name)
    status = _row_status(drawn, outline_format, assigned, name)
    dated = gpd.GeoDataFrame({"label_year": assigned.label_year}, geometry=drawn.geometry)
    is_slump = (status == OUTLINE) | (status == LOCATION)
    named = dated[is_slump].assign(**_identity(drawn[is_slump], columns.id, name))
    slumps = to_polar_polygons(named[status[is_slump] == OUTLINE].assign(area_m2=np.nan), name)
    is_location = status == LOCATION
    area_m2 = _areas(drawn[is_location], columns.area, name)
    locations = to_polar_points(named[status[is_slump] == LOCATION].assign(area_m2=area_m2), name)
    no_outline = to_polar_places(dated[status == NO_OUTLINE], outline_format.point_radius_m, name)
    empty = to_polar_polygons(_without_points(dated[status == EMPTY]), name)
    for places in (slumps, locations, no_outline, empty):
        refuse_beyond_cells(places, name)
    n_kept = {OUTLINE: len(slumps), LOCATION: len(locations), NO_OUTLINE: len(no_outline), EMPTY: len(empty)}
    n_by_status = {what: int((status == what).sum()) for what in ROW_STATUSES} | n_kept
    n_by_status[NO_GEOMETRY] = int((~is_drawn).sum())
    n_by_status[NO_AREA] = len(raw) - sum(n_by_status.values())
    return SortedOutlines(slumps, locations, no_outline, empty, n_by_status)


def _label_years(drawn: GeoDataFrame, columns: OutlineColumns, periods: Sequence[Period], name: str) -> LabelYears:
    """Where the file has no years, all rows belong to the one pooled period."""
    if columns.year is not None:
        year = calendar_years(drawn[columns.year], name)
        return assign_label_year(year, year, periods, name)
    if columns.date is not None:
        return assign_label_year(*year_spans(drawn, columns.date, name), periods, name)
    (period,) = periods
    return LabelYears(np.full(len(drawn), period.last_year), np.zeros(len(drawn), dtype=bool))


def _row_status(drawn: GeoDataFrame, outline_format: OutlineFormat, assigned: LabelYears, name: str) -> GeoDataFrame:
    is_slump, is_empty = _classes(drawn, outline_format, name)
    is_outline = _is_outline(drawn, outline_format, name)
    is_of_other_years = (assigned.label_year == 0) | (is_empty & assigned.is_partly)
    conditions = [~is_slump & ~is_empty, _is_improbable(drawn, outline_format, name), is_of_other_years, is_empty]
    choices = [OTHER_CLASS, IMPROBABLE, OTHER_YEARS, EMPTY]
    is_point = shapely.get_dimensions(drawn.geometry) == 0
    # An outline whose span of years sticks out of the period may be of a year outside of it: it shows that there is a
    # slump, not how large it was.
    conditions += [~is_outline | assigned.is_partly, is_point]
    return np.select(conditions, [*choices, NO_OUTLINE, LOCATION], default=OUTLINE)


def _classes(drawn: GeoDataFrame, outline_format: OutlineFormat, name: str) -> tuple[BoolArray, BoolArray]:
    column = outline_format.columns.label_class
    if column is None:
        return np.ones(len(drawn), dtype=bool), np.zeros(len(drawn), dtype=bool)
    slump, empty, other = outline_format.slump_classes, outline_format.empty_classes, outline_format.other_classes
    classes = one_of(drawn[column], {*slump, *empty, *other}, name)
    return classes.isin(slump).to_numpy(), classes.isin(empty).to_numpy()


def _is_outline(drawn: GeoDataFrame, outline_format: OutlineFormat, name: str) -> BoolArray:
    column = outline_format.columns.label_type
    if column is None:
        return np.ones(len(drawn), dtype=bool)
    types = one_of(drawn[column], {*outline_format.outline_types, *outline_format.no_outline_types}, name)
    return np.asarray(types.isin(outline_format.outline_types), dtype=bool)


def _is_improbable(drawn: GeoDataFrame, outline_format: OutlineFormat, name: str) -> BoolArray:
    column = outline_format.columns.probability
    if column is None:
        return np.zeros(len(drawn), dtype=bool)
    return np.asarray(fractions(drawn[column], name) < outline_format.min_probability, dtype=bool)


def _identity(outlines: GeoDataFrame, column: str | None, name: str) -> dict[str, IntArray]:
    if column is None:
        return {}
    n_repeated = int(outlines[column].duplicated().sum())
    logger.info("%s: %d of %d outlines repeat an identity of %s", name, n_repeated, len(outlines), column)
    return {"source_id": identities(outlines[column], name)}


def _areas(locations: GeoDataFrame, column: str | None, name: str) -> FloatArray:
    return np.full(len(locations), np.nan) if column is None else areas_m2(locations[column], name)


def _warn_of_unknown_areas(rts: GeoDataFrame, name: str) -> None:
    n_unknown = int(rts["area_m2"].isna().sum())
    if n_unknown:
        logger.warning(
            "%s: %d of %d slumps and label years have no known area. Their cells have a count, but no area: "
            "learning needs modelling.n_classes: 2, which asks whether there are slumps.",
            *(name, n_unknown, len(rts)),
        )


def _without_points(frame: GeoDataFrame) -> GeoDataFrame:
    """A point covers no ground."""
    return frame[shapely.get_dimensions(frame.geometry) != 0]


def _counts(n_by_what: dict[str, int], name: str) -> DataFrame:
    counts = pd.DataFrame({"what": list(n_by_what), "n": list(n_by_what.values())})
    lines = "\n".join(f"{n:>12,} {what}" for what, n in n_by_what.items())
    logger.info("%s: %d rows in the file\n%s", name, counts["n"][: len(ROW_STATUSES)].sum(), lines)
    return counts
