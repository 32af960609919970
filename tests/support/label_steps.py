"""Steps of the labels with all rules at once, as their parameters hold them, for tests."""

from typing import Any

from entropice.pipelines.labels import nodes
from entropice.pipelines.labels.parameters import LabelParameters
from entropice.types import DataFrame, GeoDataFrame


def normalise_rts(
    rts_file: GeoDataFrame, cells: GeoDataFrame, rules: LabelParameters, source: str
) -> tuple[GeoDataFrame, DataFrame]:
    return nodes.normalise_rts(
        rts_file,
        cells,
        source,
        _section(rules, source),
        list(rules.years),
        rules.pooled_from,
        rules.min_shared_area,
        rules.max_identity_gap_m,
        rules.max_outside_share,
    )


def normalise_coverage(
    coverage_file: GeoDataFrame, cells: GeoDataFrame, rules: LabelParameters
) -> tuple[GeoDataFrame, DataFrame]:
    return nodes.normalise_coverage(
        coverage_file, cells, rules.coverage.model_dump(), list(rules.years), rules.pooled_from
    )


def correct_coverage(
    coverage_file: GeoDataFrame, rts_file: GeoDataFrame, cells: GeoDataFrame, rules: LabelParameters, source: str
) -> tuple[GeoDataFrame, DataFrame]:
    return nodes.correct_coverage(
        coverage_file,
        cells,
        rules.coverage.model_dump(),
        list(rules.years),
        rules.pooled_from,
        rts_file,
        source,
        _section(rules, source),
    )


def label_cells(
    cells: GeoDataFrame, land: GeoDataFrame, rts: GeoDataFrame, coverage: GeoDataFrame, rules: LabelParameters
) -> DataFrame:
    return nodes.label_cells(cells, land, rts, coverage, list(rules.years), rules.min_observed_fraction)


def _section(rules: LabelParameters, source: str) -> dict[str, Any]:
    section: dict[str, Any] = getattr(rules, source).model_dump(mode="json")
    return section
