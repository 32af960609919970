"""Node of the comparison pipeline."""

from typing import TYPE_CHECKING, Any

from entropice.pipelines.comparison.parameters import ComparisonParameters

if TYPE_CHECKING:
    from entropice.comparison.comparison import Comparison
    from entropice.comparison.finished_run import FinishedRun
else:
    Comparison = FinishedRun = Any


def compare_runs(finished_runs: list[FinishedRun], parameters: ComparisonParameters, random_seed: int) -> Comparison:
    """Skill, agreement and cost of all finished runs, on equal-area units that they share."""
    from entropice.comparison.comparison import compare
    from entropice.comparison.settings import Settings

    settings = Settings(
        parameters.unit_level,
        parameters.min_observed_fraction,
        parameters.min_covered_share,
        parameters.n_bootstrap,
        random_seed,
    )
    return compare(finished_runs, settings)
