"""Nodes of the labels: foreign outlines and footprints in, one table of cells and years out."""

from entropice.pipelines.labels.parameters import LabelParameters
from entropice.pipelines.sources.label_sources import label_source
from entropice.types import DataFrame, GeoDataFrame


def normalise_rts(
    rts_file: GeoDataFrame, cells: GeoDataFrame, parameters: LabelParameters, source: str
) -> tuple[GeoDataFrame, DataFrame]:
    """Outlines, dissolved so that every slump is one row per label year; and what became of the file's rows."""
    from entropice.sources.files.origin import errors_name_file_of
    from entropice.sources.slumps.outlines import normalise_outlines
    from entropice.sources.slumps.outside import count_slumps_outside

    declared = label_source(source)
    outline_format = declared.outline_format(getattr(parameters, source))
    with errors_name_file_of(rts_file):
        rts, counts = normalise_outlines(
            rts_file,
            outline_format,
            parameters.periods,
            parameters.min_shared_area,
            declared.title,
            parameters.max_identity_gap_m,
        )
    return rts, count_slumps_outside(rts, counts, cells, parameters.max_outside_share)


def normalise_coverage(
    coverage_file: GeoDataFrame, cells: GeoDataFrame, parameters: LabelParameters
) -> tuple[GeoDataFrame, DataFrame]:
    """Image footprints, dissolved to the ground that was seen for each label year; and their numbers."""
    from entropice.sources.files.origin import errors_name_file_of
    from entropice.sources.slumps.footprints import normalise_coverage as normalise
    from entropice.sources.slumps.outside import count_ground_outside

    with errors_name_file_of(coverage_file):
        coverage, counts = normalise(coverage_file, parameters.coverage, parameters.periods)
    return coverage, count_ground_outside(coverage, counts, cells)


def correct_coverage(
    coverage_file: GeoDataFrame, rts_file: GeoDataFrame, cells: GeoDataFrame, parameters: LabelParameters, source: str
) -> tuple[GeoDataFrame, DataFrame]:
    """Footprints of each label year, where somebody is known or *assumed* to have searched.

    Ground marked as without slumps is added; cells with slumps without an outline are taken away.
    """
    from entropice.sources.files.origin import errors_name_file_of
    from entropice.sources.slumps.footprints import surveyed_area
    from entropice.sources.slumps.outlines import sort_outlines

    declared, section = label_source(source), getattr(parameters, source)
    footprints, counts = normalise_coverage(coverage_file, cells, parameters)
    with errors_name_file_of(rts_file):
        within = None if declared.survey_extent is None else declared.survey_extent(rts_file, section)
        rows = sort_outlines(rts_file, declared.outline_format(section), parameters.periods, declared.title)
    return surveyed_area(footprints, rows, cells, within), counts


def label_cells(
    cells: GeoDataFrame,
    land: GeoDataFrame,
    rts: GeoDataFrame,
    coverage: GeoDataFrame,
    parameters: LabelParameters,
) -> DataFrame:
    """Every cell and year in one of three states: observed with slumps, observed without, not observed.

    Counts go by one point per slump, areas are split at cell borders; both densities are per land area observed
    that year. What was not observed is null, never zero.
    """
    from entropice.derive.labels import label_cells as label

    return label(cells, land, rts, coverage, parameters.years, parameters.min_observed_fraction)
