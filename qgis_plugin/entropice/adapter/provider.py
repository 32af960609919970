"""The Processing provider `entropice`."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .audit_sample_algorithm import DrawAuditSampleAlgorithm
from .compare_algorithm import CompareAlgorithm
from .export_algorithm import ExportAlgorithm
from .figure_algorithm import FigureAlgorithm
from .filter_algorithm import FilterAlgorithm
from .icon import plugin_icon
from .open_run_algorithm import OpenRunAlgorithm
from .survey_plan_algorithm import SurveyPlanAlgorithm

ALGORITHMS = (
    OpenRunAlgorithm,
    CompareAlgorithm,
    FilterAlgorithm,
    ExportAlgorithm,
    FigureAlgorithm,
    SurveyPlanAlgorithm,
    DrawAuditSampleAlgorithm,
)


class EntropiceProvider(QgsProcessingProvider):
    """Offers what the plugin does to the toolbox, models, scripts and qgis_process."""

    def id(self) -> str:  # noqa: D102
        return "entropice"

    def name(self) -> str:  # noqa: D102
        return "Entropice"

    def icon(self) -> QIcon:  # noqa: D102
        return plugin_icon()

    def loadAlgorithms(self) -> None:  # noqa: D102
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
