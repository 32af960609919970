"""What models have learned from: labels, their density, and features."""

from typing import Final

from markupsafe import Markup

from entropice.report.charts.drivers import CLUSTERS
from entropice.report.charts.training import DENSITIES, DISTRIBUTIONS, FEATURES, LABELS
from entropice.report.content import RunContent
from entropice.report.sections.section import Section


def draw(_: RunContent) -> Markup:
    """No text: the section is its charts of labels, densities, features and clusters, drawn below its heading."""
    return Markup()


SECTION: Final = Section(
    "training", "Training data", draw, charts=(LABELS, DENSITIES, FEATURES, DISTRIBUTIONS, CLUSTERS)
)
