"""Nodes of the labels: foreign outlines and footprints in, one table of cells and years out."""

from entropice.pipelines.labels.parameters import LabelParameters
from entropice.types import DataFrame, GeoDataFrame


def normalise_darts_rts(rts_file: GeoDataFrame, parameters: LabelParameters) -> GeoDataFrame:
    """DARTS outlines, dissolved so that every slump is one row per year."""
    from entropice.sources.darts import normalise_darts

    darts = parameters.darts
    return normalise_darts(rts_file, darts.columns, parameters.years, darts.min_probability)


def normalise_darts_coverage(coverage_file: GeoDataFrame, parameters: LabelParameters) -> GeoDataFrame:
    """Image footprints, dissolved to the ground that was seen in each year."""
    from entropice.sources.coverage import normalise_coverage

    return normalise_coverage(coverage_file, parameters.years, parameters.darts.coverage_year_column)


def normalise_arts_rts(rts_file: GeoDataFrame, parameters: LabelParameters) -> GeoDataFrame:
    """ARTS outlines of the pooled period, dissolved so that every slump is one row."""
    from entropice.sources.arts import normalise_arts

    return normalise_arts(rts_file, parameters.arts.first_year, parameters.years[-1])


def normalise_arts_coverage(
    coverage_file: GeoDataFrame, rts_file: GeoDataFrame, parameters: LabelParameters
) -> GeoDataFrame:
    """DARTS footprints within the ARTS survey areas: the ground *assumed* to have been searched by people."""
    from entropice.sources.arts import survey_area
    from entropice.sources.coverage import normalise_coverage

    arts = parameters.arts
    searched = survey_area(rts_file, arts.survey_areas, arts.max_gap_km, arts.search_radius_km)
    return normalise_coverage(coverage_file, parameters.years, year_column=None, within=searched)


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
    from entropice.zonal.labels import label_cells as label

    return label(cells, land, rts, coverage, parameters.years, parameters.min_observed_fraction)
