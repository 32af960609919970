"""DARTS level 2: slump outlines by year, drawn by a model from satellite images.

Nitze et al. 2025, Scientific Data 12:1512, https://doi.org/10.1038/s41597-025-05810-2.
"""

import logging
from collections.abc import Sequence

from entropice.sources.cleaning import fractions, keep_years, require_columns, whole_numbers
from entropice.sources.columns import DartsColumns
from entropice.sources.polar import to_polar_polygons
from entropice.sources.slumps import dissolve_slumps
from entropice.types import GeoDataFrame

logger = logging.getLogger(__name__)

NAME = "DARTS outlines"


def normalise_darts(
    raw: GeoDataFrame, columns: DartsColumns, years: Sequence[int], min_probability: float = 0.0
) -> GeoDataFrame:
    """Every slump is one row per configured year, however often it was drawn.

    Parameters
    ----------
    raw
        The file as read, in any CRS.
    columns
        What its columns are called.
    years
        The years to keep; rows of others are counted in the log and ignored.
    min_probability
        Outlines below it are counted in the log and ignored, where there is a probability column.

    Returns
    -------
    GeoDataFrame
        `rts_id` i64, `year` i64, `area_m2` (EPSG:6931), `geometry` (EPSG:3413).

    Raises
    ------
    SchemaError
        A missing column; years or identities that are text, null or fractional; probabilities outside 0–1;
        outlines that are not polygons or do not fit their CRS.
    LabelError
        No outline is of a configured year.
    """
    require_columns(raw, (columns.year, columns.id, columns.probability), NAME)
    dated = raw.assign(year=whole_numbers(raw[columns.year], NAME))
    kept = keep_years(_keep_probable(dated, columns.probability, min_probability), years, NAME)
    outlines = to_polar_polygons(kept, NAME)
    identity = None if columns.id is None else whole_numbers(outlines[columns.id], NAME)
    return dissolve_slumps(outlines.geometry.to_numpy(), outlines["year"].to_numpy(), identity)


def _keep_probable(frame: GeoDataFrame, column: str | None, min_probability: float) -> GeoDataFrame:
    if column is None:
        return frame
    is_probable = fractions(frame[column], NAME) >= min_probability
    logger.info("%s: %d rows below probability %g ignored", NAME, int((~is_probable).sum()), min_probability)
    return frame[is_probable]
