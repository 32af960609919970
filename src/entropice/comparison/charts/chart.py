"""Charts of a comparison."""

from entropice.comparison.facts import ComparisonFacts
from entropice.report.charts.chart import ChartOf

ComparisonChart = ChartOf[ComparisonFacts]
"""A chart of a comparison."""
