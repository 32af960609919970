"""Node of the comparison pipeline."""

from typing import TYPE_CHECKING, Any

from entropice.pipelines.comparison.parameters import ComparisonParameters

if TYPE_CHECKING:
    from entropice.comparison.comparison import Comparison
    from entropice.comparison.finished_run import FinishedRun
else:
    Comparison = FinishedRun = Any


def compare_runs(finished_runs: list[FinishedRun], parameters: ComparisonParameters, random_seed: int) -> Comparison:
    """Skill, agreement and cost of all finished runs, on equal-area units that they share.

    Parameters
    ----------
    finished_runs
        Every run folder below the root of all runs, opened, with the fold classes beside it.
    parameters
        Level of the common HEALPix units, the least observed share of a unit's land, the least part of that land that
        each run must speak of, and replicates behind intervals. Units below the shares are left out.
    random_seed
        Of the replicates.

    Returns
    -------
    Comparison
        The dataset ``comparison``: tables of runs, skill, differences and agreement, and the common units with what was
        observed and with each run's map.

    Raises
    ------
    InputFileError
        Runs do not have the same labels, or no unit and year was tested by all of them.
    LabelError
        No slump was observed in any unit.
    GridError
        No unit has enough land.
    """
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
