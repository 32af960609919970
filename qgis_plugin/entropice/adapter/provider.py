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

    def id(self) -> str:
        """The name before the colon in ``entropice:openrun``, by which QGIS tells providers apart."""
        return "entropice"

    def name(self) -> str:
        """What the toolbox calls it; it is not translated."""
        return "Entropice"

    def icon(self) -> QIcon:
        """The plugin's icon, which stands before its algorithms in the toolbox."""
        return plugin_icon()

    def loadAlgorithms(self) -> None:
        """Add one of each of `ALGORITHMS`; QGIS calls it when the provider is registered or its list renewed."""
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
