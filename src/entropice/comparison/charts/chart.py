"""Charts of a comparison."""

from entropice.comparison.facts import ComparisonFacts
from entropice.comparison.frames import Compared
from entropice.report.charts.chart import ChartOf

ComparisonChart = ChartOf[Compared, ComparisonFacts]
"""A chart of a comparison."""
