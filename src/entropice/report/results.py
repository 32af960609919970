"""What a run has found: the datasets that a run folder is made of, by their names in the catalog."""

from dataclasses import dataclass, fields
from typing import Any, Final

from entropice.types import DataFrame, Dataset, GeoDataFrame


@dataclass(frozen=True)
class RunResults:
    """The datasets of one run; docs/ARCHITECTURE.md says what each holds.

    Attributes
    ----------
    bayes_limit, bayes_limit_scores, limit_leaks, true_map_skill
        None where the truth is not known.
    """

    cells: GeoDataFrame
    land: GeoDataFrame
    rts: GeoDataFrame
    coverage: GeoDataFrame
    labels: DataFrame
    features: Dataset
    training_table: DataFrame
    classes: dict[str, Any]
    folds: DataFrame
    out_of_fold: DataFrame
    scores: DataFrame
    fold_scores: DataFrame
    predictions: DataFrame
    drivers: DataFrame
    cell_drivers: DataFrame
    responses: DataFrame
    boxes: DataFrame
    box_values: DataFrame
    survey: DataFrame
    map_model_choice: dict[str, Any]
    regional_calibration: DataFrame
    leaks: dict[str, Any]
    provenance: dict[str, Any]
    bayes_limit: DataFrame | None = None
    bayes_limit_scores: DataFrame | None = None
    limit_leaks: dict[str, Any] | None = None
    true_map_skill: DataFrame | None = None


OF_A_KNOWN_TRUTH: Final = ("bayes_limit", "bayes_limit_scores", "limit_leaks", "true_map_skill")


def dataset_names(*, with_limit: bool) -> list[str]:
    """The datasets that make up `RunResults`, with or without those of a known truth."""
    return [field.name for field in fields(RunResults) if with_limit or field.name not in OF_A_KNOWN_TRUTH]
