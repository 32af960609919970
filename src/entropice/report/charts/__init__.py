"""Every chart of a run, by its key; those of its tasks are in `imagery`."""

from itertools import chain
from typing import Final

from entropice.report.charts import (
    class_shares,
    confusion,
    declared_skill,
    drivers,
    finding,
    fold_scores,
    folds,
    imagery,
    map,
    regions,
    reliability,
    scores,
    training,
)
from entropice.report.charts.chart import Chart
from entropice.report.run_tables import RunFacts

CHARTS: Final[tuple[Chart, ...]] = (
    map.MAP,
    training.LABELS,
    training.DENSITIES,
    training.FEATURES,
    training.DISTRIBUTIONS,
    drivers.CLUSTERS,
    scores.SCORES,
    fold_scores.FOLD_SCORES,
    declared_skill.DECLARED_SKILL,
    finding.GAIN,
    finding.PRECISION_RECALL,
    reliability.RELIABILITY,
    regions.REGIONAL_BIAS,
    class_shares.CLASS_SHARES,
    confusion.CONFUSION,
    folds.OUTCOME_MAP,
    folds.FOLD_MAP,
    folds.ROLE_MAP,
    drivers.IMPORTANCES,
    drivers.RESPONSES,
    drivers.BOXES,
)


def charts_of(facts: RunFacts) -> tuple[Chart, ...]:
    """The charts of every run, then those of its tasks: of each finds, growth and gate, then skill of pixels."""
    of_tasks = [(*imagery.charts_of_finds(task), *imagery.charts_of_skill(task)) for task in facts.tasks]
    return (*CHARTS, *chain.from_iterable(of_tasks))


def find_chart(key: str) -> Chart:
    """The chart of a key.

    Keys are ``map labels densities features feature_distributions clusters scores fold_scores declared_skill gain
    precision_recall reliability regional_bias class_shares confusion outcome_map fold_map role_map importances
    responses boxes``; charts of tasks are not among them.

    Raises
    ------
    KeyError
        There is none.

    Examples
    --------
    >>> find_chart("reliability").title
    'Reliability'
    """
    found = {chart.key: chart for chart in CHARTS}
    if key not in found:
        raise KeyError(f"no chart {key!r}; there are {', '.join(found)}")
    return found[key]
