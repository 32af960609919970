"""Every chart of a comparison, in reading order."""

from typing import Final

from entropice.comparison.charts import agreement, cost, differences, skill
from entropice.comparison.charts.chart import ComparisonChart

CHARTS: Final[tuple[ComparisonChart, ...]] = (
    skill.MAP_SKILL,
    skill.MODEL_SKILL,
    differences.DIFFERENCES,
    agreement.AGREEMENT,
    cost.COST,
)
