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
from entropice.sources.files.polar import refuse_beyond_cells, to_polar_places, to_polar_polygons
from entropice.sources.periods import Period
from entropice.sources.slumps.cleaning import calendar_years, fractions, identities, one_of, require_columns, year_spans
from entropice.sources.slumps.columns import OutlineColumns, OutlineFormat
from entropice.sources.slumps.dissolve import MAX_IDENTITY_GAP_M, dissolve_slumps
from entropice.sources.slumps.label_years import LabelYears, assign_label_year
from entropice.types import BoolArray, DataFrame, GeoDataFrame, IntArray

logger = logging.getLogger(__name__)

NO_GEOMETRY: Final = "left out: no geometry"
OTHER_YEARS: Final = "left out: of other years"
OTHER_CLASS: Final = "left out: of another class"
IMPROBABLE: Final = "left out: less probable than asked for"
NO_AREA: Final = "left out: no area"
EMPTY: Final = "ground without slumps"
NO_OUTLINE: Final = "slumps without an outline of the label year"
OUTLINE: Final = "outlines of slumps"
ROW_STATUSES: Final = (NO_GEOMETRY, OTHER_CLASS, IMPROBABLE, OTHER_YEARS, NO_AREA, EMPTY, NO_OUTLINE, OUTLINE)


@dataclass(frozen=True)
class SortedOutlines:
    """The rows of a file by their status; frames in EPSG:3413 with the column `label_year`.

    Attributes
    ----------
    slumps
        Outlines of slumps, with `source_id` where the format names one.
    no_outline
        Ground with a slump whose outline is not known, or not its year.
    empty
        Ground that was searched and found without a slump.
    n_by_status
        Number of rows of each of `ROW_STATUSES`; they add up to the rows of the file.
    """

    slumps: GeoDataFrame
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
    """One row per slump and label year, however many outlines a slump has, and one id per slump in all years.

    Parameters
    ----------
    raw
        The file as read, in any CRS.
    outline_format
        What its columns and their values mean.
    periods
        The label years; an outline of any year of a period belongs to its label year.
    min_shared_area, max_identity_gap_m
        See `dissolve_slumps`.
    name
        What the rows are, for messages.

    Returns
    -------
    rts
        `rts_id` i64, `year` i64, `area_m2` (EPSG:6931), `geometry` (EPSG:3413).
    counts
        `what` and `n`: the file's rows by their status, then the slumps.

    Raises
    ------
    SchemaError
        A missing column; years, identities, probabilities, classes or label types that cannot be; outlines that
        are not polygons or do not fit their CRS; identities that name no slump.
    LabelError
        No row is the outline of a slump of a label year, or ranges of years are to label single years.
    """
    rows = sort_outlines(raw, outline_format, periods, name)
    if rows.slumps.empty:
        raise LabelError(
            f"{name}: no row is the outline of a slump of a label year.",
            field="labels.years, labels.pooled_from",
            got="; ".join(f"{n} {status}" for status, n in rows.n_by_status.items() if n),
            expected=f"outlines of {', '.join(map(str, periods))}",
            fix="configure label years that the file holds",
        )
    source_id = rows.slumps.get("source_id")
    rts = dissolve_slumps(
        rows.slumps.geometry.to_numpy(),
        rows.slumps["label_year"].to_numpy(),
        None if source_id is None else source_id.to_numpy(),
        min_shared_area,
        max_identity_gap_m,
    )
    return rts, _counts(
        rows.n_by_status | {"slumps and label years": len(rts), "slumps": rts["rts_id"].nunique()}, name
    )


def sort_outlines(
    raw: GeoDataFrame, outline_format: OutlineFormat, periods: Sequence[Period], name: str
) -> SortedOutlines:
    """Assign every row of the file one status; raises as `normalise_outlines` does."""
    columns = outline_format.columns
    require_columns(raw, columns.model_dump().values(), name)
    is_drawn = ~(shapely.is_missing(raw.geometry) | shapely.is_empty(raw.geometry))
    drawn = raw[is_drawn].reset_index(drop=True)
    assigned = _label_years(drawn, columns, periods, name)
    status = _row_status(drawn, outline_format, assigned, name)
    dated = gpd.GeoDataFrame({"label_year": assigned.label_year}, geometry=drawn.geometry)
    is_outline = status == OUTLINE
    slumps = to_polar_polygons(dated[is_outline].assign(**_identity(drawn[is_outline], columns.id, name)), name)
    no_outline = to_polar_places(dated[status == NO_OUTLINE], outline_format.point_radius_m, name)
    empty = to_polar_polygons(_without_points(dated[status == EMPTY]), name)
    for places in (slumps, no_outline, empty):
        refuse_beyond_cells(places, name)
    n_kept = {OUTLINE: len(slumps), NO_OUTLINE: len(no_outline), EMPTY: len(empty)}
    n_by_status = {what: int((status == what).sum()) for what in ROW_STATUSES} | n_kept
    n_by_status[NO_GEOMETRY] = int((~is_drawn).sum())
    n_by_status[NO_AREA] = len(raw) - sum(n_by_status.values())
    return SortedOutlines(slumps, no_outline, empty, n_by_status)


def _label_years(drawn: GeoDataFrame, columns: OutlineColumns, periods: Sequence[Period], name: str) -> LabelYears:
    """Where the file has no years, all rows belong to the one pooled period."""
    if columns.year is not None:
        year = calendar_years(drawn[columns.year], name)
        return assign_label_year(year, year, periods, name)
    if columns.date is not None:
        return assign_label_year(*year_spans(drawn[columns.date], name), periods, name)
    (period,) = periods
    return LabelYears(np.full(len(drawn), period.last_year), np.zeros(len(drawn), dtype=bool))


def _row_status(drawn: GeoDataFrame, outline_format: OutlineFormat, assigned: LabelYears, name: str) -> GeoDataFrame:
    is_slump, is_empty = _classes(drawn, outline_format, name)
    is_outline = _is_outline(drawn, outline_format, name)
    is_of_other_years = (assigned.label_year == 0) | (is_empty & assigned.is_partly)
    conditions = [~is_slump & ~is_empty, _is_improbable(drawn, outline_format, name), is_of_other_years, is_empty]
    choices = [OTHER_CLASS, IMPROBABLE, OTHER_YEARS, EMPTY]
    return np.select([*conditions, ~is_outline | assigned.is_partly], [*choices, NO_OUTLINE], default=OUTLINE)


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


def _without_points(frame: GeoDataFrame) -> GeoDataFrame:
    """A point covers no ground."""
    return frame[shapely.get_dimensions(frame.geometry) != 0]


def _counts(n_by_what: dict[str, int], name: str) -> DataFrame:
    counts = pd.DataFrame({"what": list(n_by_what), "n": list(n_by_what.values())})
    lines = "\n".join(f"{n:>12,} {what}" for what, n in n_by_what.items())
    logger.info("%s: %d rows in the file\n%s", name, counts["n"][: len(ROW_STATUSES)].sum(), lines)
    return counts
