"""Nodes of the labels: foreign outlines and footprints in, one table of cells and years out."""

from collections.abc import Callable
from typing import Any

from entropice.pipelines.labels.parameters import LabelParameters
from entropice.pipelines.sources.declaration import LabelSource
from entropice.types import DataFrame, GeoDataFrame


def outlines_normaliser(source: LabelSource) -> Callable[..., Any]:
    """The node function that reads the outlines of a source."""

    def normalise_rts(rts_file: GeoDataFrame, parameters: LabelParameters) -> tuple[GeoDataFrame, DataFrame]:
        """Outlines, dissolved so that every slump is one row per label year; and what became of the file's rows."""
        from entropice.sources.slumps.outlines import normalise_outlines

        outline_format = source.outline_format(getattr(parameters, source.name))
        return normalise_outlines(
            rts_file, outline_format, parameters.periods, parameters.min_shared_area, source.title
        )

    return _named(normalise_rts, f"normalise_{source.name}_rts")


def coverage_normaliser(source: LabelSource) -> Callable[..., Any]:
    """The node function that reads the footprints which go with a source."""

    def normalise_coverage(coverage_file: GeoDataFrame, parameters: LabelParameters) -> tuple[GeoDataFrame, DataFrame]:
        """Image footprints, dissolved to the ground that was seen for each label year; and their numbers."""
        return _footprints(coverage_file, parameters)

    def correct_coverage(
        coverage_file: GeoDataFrame, rts_file: GeoDataFrame, cells: GeoDataFrame, parameters: LabelParameters
    ) -> tuple[GeoDataFrame, DataFrame]:
        """Footprints of each label year, where somebody is known or *assumed* to have searched.

        Ground marked as without slumps is added; cells with slumps without an outline are taken away.
        """
        from entropice.sources.slumps.footprints import surveyed_area
        from entropice.sources.slumps.outlines import sort_outlines

        section = getattr(parameters, source.name)
        within = None if source.survey_extent is None else source.survey_extent(rts_file, section)
        footprints, counts = _footprints(coverage_file, parameters)
        rows = sort_outlines(rts_file, source.outline_format(section), parameters.periods, source.title)
        return surveyed_area(footprints, rows, cells, within), counts

    function = correct_coverage if source.corrects_coverage else normalise_coverage
    return _named(function, f"normalise_{source.name}_coverage")


def _footprints(coverage_file: GeoDataFrame, parameters: LabelParameters) -> tuple[GeoDataFrame, DataFrame]:
    from entropice.sources.slumps.footprints import normalise_coverage

    return normalise_coverage(coverage_file, parameters.coverage, parameters.periods)


def _named(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """A node function under the name of its source: what it reads is part of what an output was made with."""
    function.__name__ = function.__qualname__ = name
    return function


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
