"""Slump outlines of any source: what each row of the file stands for, and the slumps that follow.

DARTS (Nitze et al. 2025, https://doi.org/10.1038/s41597-025-05810-2), ARTS (Yang et al. 2025,
https://doi.org/10.1038/s41597-025-04372-7) and files of one's own differ in their `OutlineFormat` alone.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely

from entropice.errors import LabelError
from entropice.sources.files.polar import to_polar_places, to_polar_polygons
from entropice.sources.periods import Period
from entropice.sources.slumps.cleaning import fractions, identities, one_of, require_columns, whole_numbers, year_spans
from entropice.sources.slumps.columns import OutlineColumns, OutlineFormat
from entropice.sources.slumps.dissolve import dissolve_slumps
from entropice.sources.slumps.label_years import Placed, place
from entropice.types import BoolArray, DataFrame, GeoDataFrame

logger = logging.getLogger(__name__)

NO_GEOMETRY: Final = "left out: no geometry"
OTHER_YEARS: Final = "left out: of other years"
OTHER_CLASS: Final = "left out: of another class"
IMPROBABLE: Final = "left out: less probable than asked for"
NO_AREA: Final = "left out: no area"
EMPTY: Final = "ground without slumps"
ROUGH: Final = "slumps without an outline of the label year"
OUTLINE: Final = "outlines of slumps"
FATES: Final = (NO_GEOMETRY, OTHER_CLASS, IMPROBABLE, OTHER_YEARS, NO_AREA, EMPTY, ROUGH, OUTLINE)


@dataclass(frozen=True)
class SortedOutlines:
    """The rows of a file by what they stand for; frames in EPSG:3413 with the column `label_year`.

    Attributes
    ----------
    slumps
        Outlines of slumps, with `source_id` where the format names one.
    rough
        Ground with a slump whose outline or year is not known well enough.
    empty
        Ground that somebody looked at and found without a slump.
    n_by_fate
        How many rows met each of `FATES`; they add up to the rows of the file.
    """

    slumps: GeoDataFrame
    rough: GeoDataFrame
    empty: GeoDataFrame
    n_by_fate: dict[str, int]


def normalise_outlines(
    raw: GeoDataFrame, outline_format: OutlineFormat, periods: Sequence[Period], min_shared_area: float, name: str
) -> tuple[GeoDataFrame, DataFrame]:
    """Every slump is one row per label year, however often it was drawn, and the same slump in every year.

    Parameters
    ----------
    raw
        The file as read, in any CRS.
    outline_format
        What its columns and their values mean.
    periods
        The label years; outlines of all years that a label year stands for are its own.
    min_shared_area
        See `dissolve_slumps`.
    name
        What the rows are, for messages.

    Returns
    -------
    rts
        `rts_id` i64, `year` i64, `area_m2` (EPSG:6931), `geometry` (EPSG:3413).
    counts
        `what` and `n`: the file's rows by their fate, then the slumps.

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
            got="; ".join(f"{n} {fate}" for fate, n in rows.n_by_fate.items() if n),
            expected=f"outlines of {', '.join(map(str, periods))}",
            fix="configure label years that the file holds",
        )
    source_id = rows.slumps.get("source_id")
    rts = dissolve_slumps(
        rows.slumps.geometry.to_numpy(),
        rows.slumps["label_year"].to_numpy(),
        None if source_id is None else source_id.to_numpy(),
        min_shared_area,
    )
    return rts, _counts(rows.n_by_fate | {"slumps and label years": len(rts), "slumps": rts["rts_id"].nunique()}, name)


def sort_outlines(
    raw: GeoDataFrame, outline_format: OutlineFormat, periods: Sequence[Period], name: str
) -> SortedOutlines:
    """Give every row of the file one meaning; raises as `normalise_outlines` does."""
    columns = outline_format.columns
    require_columns(raw, columns.model_dump().values(), name)
    is_drawn = ~(shapely.is_missing(raw.geometry) | shapely.is_empty(raw.geometry))
    drawn = raw[is_drawn].reset_index(drop=True)
    placed = _placed(drawn, columns, periods, name)
    fate = _fates(drawn, outline_format, placed, name)
    dated = drawn.assign(label_year=placed.label_year)
    slumps = to_polar_polygons(_with_identity(dated[fate == OUTLINE], columns.id, name), name)
    rough = to_polar_places(dated[fate == ROUGH], outline_format.point_radius_m, name)
    empty = to_polar_polygons(_without_points(dated[fate == EMPTY]), name)
    n_kept = {OUTLINE: len(slumps), ROUGH: len(rough), EMPTY: len(empty)}
    n_by_fate = {what: int((fate == what).sum()) for what in FATES} | n_kept
    n_by_fate[NO_GEOMETRY] = int((~is_drawn).sum())
    n_by_fate[NO_AREA] = len(raw) - sum(n_by_fate.values())
    return SortedOutlines(slumps, rough, empty, n_by_fate)


def _placed(drawn: GeoDataFrame, columns: OutlineColumns, periods: Sequence[Period], name: str) -> Placed:
    """A row without any year is of the pooled period, for it cannot be of another."""
    if columns.year is not None:
        year = whole_numbers(drawn[columns.year], name)
        return place(year, year, periods, name)
    if columns.date is not None:
        return place(*year_spans(drawn[columns.date], name), periods, name)
    (period,) = periods
    return Placed(np.full(len(drawn), period.last_year), np.zeros(len(drawn), dtype=bool))


def _fates(drawn: GeoDataFrame, outline_format: OutlineFormat, placed: Placed, name: str) -> GeoDataFrame:
    is_slump, is_empty = _classes(drawn, outline_format, name)
    is_outline = _is_outline(drawn, outline_format, name)
    is_of_other_years = (placed.label_year == 0) | (is_empty & placed.is_partly)
    conditions = [~is_slump & ~is_empty, _is_improbable(drawn, outline_format, name), is_of_other_years, is_empty]
    choices = [OTHER_CLASS, IMPROBABLE, OTHER_YEARS, EMPTY]
    return np.select([*conditions, ~is_outline | placed.is_partly], [*choices, ROUGH], default=OUTLINE)


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
    types = one_of(drawn[column], {*outline_format.outline_types, *outline_format.rough_types}, name)
    return np.asarray(types.isin(outline_format.outline_types), dtype=bool)


def _is_improbable(drawn: GeoDataFrame, outline_format: OutlineFormat, name: str) -> BoolArray:
    column = outline_format.columns.probability
    if column is None:
        return np.zeros(len(drawn), dtype=bool)
    return np.asarray(fractions(drawn[column], name) < outline_format.min_probability, dtype=bool)


def _with_identity(outlines: GeoDataFrame, column: str | None, name: str) -> GeoDataFrame:
    if column is None:
        return outlines
    n_repeated = int(outlines[column].duplicated().sum())
    logger.info("%s: %d of %d outlines repeat an identity of %s", name, n_repeated, len(outlines), column)
    return outlines.assign(source_id=identities(outlines[column], name))


def _without_points(frame: GeoDataFrame) -> GeoDataFrame:
    """Looking at a point shows no ground."""
    return frame[shapely.get_dimensions(frame.geometry) != 0]


def _counts(n_by_what: dict[str, int], name: str) -> DataFrame:
    counts = pd.DataFrame({"what": list(n_by_what), "n": list(n_by_what.values())})
    lines = "\n".join(f"{n:>12,} {what}" for what, n in n_by_what.items())
    logger.info("%s: %d rows in the file\n%s", name, counts["n"][: len(FATES)].sum(), lines)
    return counts
