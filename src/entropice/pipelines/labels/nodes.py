"""Nodes of the labels: foreign outlines and footprints in, one table of cells and years out."""

from typing import Any

from entropice.pipelines.sources.label_sources import label_source
from entropice.sources.periods import periods_of
from entropice.sources.slumps.columns import CoverageColumns
from entropice.types import DataFrame, GeoDataFrame


def normalise_rts(
    rts_file: GeoDataFrame,
    cells: GeoDataFrame,
    source: str,
    section: dict[str, Any],
    years: list[int],
    pooled_from: int | None,
    min_shared_area: float,
    max_identity_gap_m: float,
    max_outside_share: float,
) -> tuple[GeoDataFrame, DataFrame]:
    """Outlines, dissolved so that every slump is one row per label year; and what became of the file's rows."""
    from entropice.sources.files.origin import errors_name_file_of
    from entropice.sources.slumps.outlines import normalise_outlines
    from entropice.sources.slumps.outside import count_slumps_outside

    declared, periods = label_source(source), periods_of(years, pooled_from)
    outline_format = declared.outline_format(declared.parameters.model_validate(section))
    with errors_name_file_of(rts_file):
        rts, counts = normalise_outlines(
            rts_file, outline_format, periods, min_shared_area, declared.title, max_identity_gap_m
        )
    return rts, count_slumps_outside(rts, counts, cells, max_outside_share)


def normalise_coverage(
    coverage_file: GeoDataFrame,
    cells: GeoDataFrame,
    columns: dict[str, Any],
    years: list[int],
    pooled_from: int | None,
) -> tuple[GeoDataFrame, DataFrame]:
    """Image footprints, dissolved to the ground that was seen for each label year; and their numbers."""
    from entropice.sources.files.origin import errors_name_file_of
    from entropice.sources.slumps.footprints import normalise_coverage as normalise
    from entropice.sources.slumps.outside import count_ground_outside

    with errors_name_file_of(coverage_file):
        coverage, counts = normalise(
            coverage_file, CoverageColumns.model_validate(columns), periods_of(years, pooled_from)
        )
    return coverage, count_ground_outside(coverage, counts, cells)


def correct_coverage(
    coverage_file: GeoDataFrame,
    cells: GeoDataFrame,
    columns: dict[str, Any],
    years: list[int],
    pooled_from: int | None,
    rts_file: GeoDataFrame,
    source: str,
    section: dict[str, Any],
) -> tuple[GeoDataFrame, DataFrame]:
    """Footprints of each label year, where somebody is known or *assumed* to have searched.

    Ground marked as without slumps is added; cells with slumps without an outline are taken away.
    """
    from entropice.sources.files.origin import errors_name_file_of
    from entropice.sources.slumps.footprints import surveyed_area
    from entropice.sources.slumps.outlines import sort_outlines

    declared, periods = label_source(source), periods_of(years, pooled_from)
    given = declared.parameters.model_validate(section)
    footprints, counts = normalise_coverage(coverage_file, cells, columns, years, pooled_from)
    with errors_name_file_of(rts_file):
        within = None if declared.survey_extent is None else declared.survey_extent(rts_file, given)
        rows = sort_outlines(rts_file, declared.outline_format(given), periods, declared.title)
    return surveyed_area(footprints, rows, cells, within), counts


def label_cells(
    cells: GeoDataFrame,
    land: GeoDataFrame,
    rts: GeoDataFrame,
    coverage: GeoDataFrame,
    years: list[int],
    min_observed_fraction: float,
) -> DataFrame:
    """Every cell and year in one of three states: observed with slumps, observed without, not observed.

    Counts go by one point per slump, areas are split at cell borders; both densities are per land area observed
    that year. What was not observed is null, never zero.
    """
    from entropice.derive.labels import label_cells as label

    return label(cells, land, rts, coverage, years, min_observed_fraction)
