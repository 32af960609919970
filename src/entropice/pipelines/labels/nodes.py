"""Nodes of the labels: foreign outlines and footprints in, one table of cells and years out."""

from entropice.pipelines.labels.parameters import LabelParameters
from entropice.types import DataFrame, GeoDataFrame


def normalise_darts_rts(rts_file: GeoDataFrame, parameters: LabelParameters) -> tuple[GeoDataFrame, DataFrame]:
    """DARTS outlines, dissolved so that every slump is one row per year; and what became of the file's rows."""
    from entropice.sources.slumps.outlines import normalise_outlines

    return normalise_outlines(
        rts_file, parameters.darts, parameters.periods, parameters.min_shared_area, "DARTS outlines"
    )


def normalise_arts_rts(rts_file: GeoDataFrame, parameters: LabelParameters) -> tuple[GeoDataFrame, DataFrame]:
    """ARTS outlines, dissolved so that every slump is one row per label year; and what became of the file's rows."""
    from entropice.sources.slumps.arts import NAME
    from entropice.sources.slumps.outlines import normalise_outlines

    return normalise_outlines(rts_file, parameters.arts.outlines, parameters.periods, parameters.min_shared_area, NAME)


def normalise_polygon_rts(rts_file: GeoDataFrame, parameters: LabelParameters) -> tuple[GeoDataFrame, DataFrame]:
    """Outlines of a file of one's own, one row per slump and label year; and what became of the file's rows."""
    from entropice.sources.slumps.outlines import normalise_outlines

    return normalise_outlines(
        rts_file, parameters.polygons, parameters.periods, parameters.min_shared_area, "RTS outlines"
    )


def normalise_darts_coverage(
    coverage_file: GeoDataFrame, parameters: LabelParameters
) -> tuple[GeoDataFrame, DataFrame]:
    """Image footprints, dissolved to the ground that was seen for each label year; and their numbers."""
    from entropice.sources.slumps.footprints import normalise_coverage

    return normalise_coverage(coverage_file, parameters.coverage, parameters.periods)


def normalise_arts_coverage(
    coverage_file: GeoDataFrame, rts_file: GeoDataFrame, cells: GeoDataFrame, parameters: LabelParameters
) -> tuple[GeoDataFrame, DataFrame]:
    """Footprints within the ARTS survey areas: the ground *assumed* to have been searched by people.

    Ground that ARTS marks as without slumps is added; cells with slumps without an outline are taken away.
    """
    from entropice.sources.slumps.arts import NAME, survey_extent
    from entropice.sources.slumps.footprints import normalise_coverage, surveyed_area
    from entropice.sources.slumps.outlines import sort_outlines

    arts = parameters.arts
    within = survey_extent(rts_file, arts.survey_areas, arts.max_gap_km, arts.search_radius_km)
    footprints, counts = normalise_coverage(coverage_file, parameters.coverage, parameters.periods)
    rows = sort_outlines(rts_file, arts.outlines, parameters.periods, NAME)
    return surveyed_area(footprints, rows, cells, within), counts


def normalise_polygon_coverage(
    coverage_file: GeoDataFrame, rts_file: GeoDataFrame, cells: GeoDataFrame, parameters: LabelParameters
) -> tuple[GeoDataFrame, DataFrame]:
    """Footprints of each label year, put right by what a file of one's own says about where somebody looked."""
    from entropice.sources.slumps.footprints import normalise_coverage, surveyed_area
    from entropice.sources.slumps.outlines import sort_outlines

    footprints, counts = normalise_coverage(coverage_file, parameters.coverage, parameters.periods)
    rows = sort_outlines(rts_file, parameters.polygons, parameters.periods, "RTS outlines")
    return surveyed_area(footprints, rows, cells), counts


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
