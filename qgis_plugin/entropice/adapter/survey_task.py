"""Planning in the background: a large run takes seconds, and the map stays alive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsTask, QgsVectorLayer, QgsVectorLayerFeatureSource

from ..core.errors import RunFolderError
from ..core.manifest import Manifest
from ..core.survey_cells import Candidate, Constraints
from ..core.survey_plan import SurveyPlan, plan_survey
from ..core.survey_terms import survey_terms
from .survey_area import Area, inside
from .survey_cells import candidates_of
from .translate import tr


@dataclass(frozen=True)
class SurveyOrder:
    """What to plan; no `area` is all of the run.

    A cell lies in `area` where its centre does; `folder` is that of the run.
    """

    manifest: Manifest
    folder: Path
    area: Area | None
    constraints: Constraints
    budget_km2: float


class SurveyTask(QgsTask):
    """Reads the candidates of a run, unless they are given, and plans.

    When it is over and was not cancelled, `on_end` gets the task on the main thread: with a `plan`, or with the
    `problem` that is in its way.

    `candidates` are those of all of the run, kept so that the next plan need not read them again.
    """

    def __init__(
        self,
        order: SurveyOrder,
        cells: QgsVectorLayer,
        candidates: list[Candidate] | None,
        on_end: Callable[[SurveyTask], None],
    ) -> None:
        super().__init__(tr("Planning a survey"), QgsTask.Flag.CanCancel)
        self._order = order
        self._cells = QgsVectorLayerFeatureSource(cells)
        self._on_end = on_end
        self._failure: Exception | None = None
        self.candidates = candidates
        self.plan: SurveyPlan | None = None
        self.problem: RunFolderError | None = None

    def run(self) -> bool:
        """Read and plan, in a thread of QGIS; True where there is a plan.

        Whatever goes wrong is kept for `finished`: raised here, it would end QGIS.
        """
        try:
            self.plan = self._planned()
        except RunFolderError as error:
            self.problem = error
        except Exception as failure:  # told on the main thread, where QGIS shows it
            self._failure = failure
        return self.plan is not None

    def finished(self, _is_planned: bool) -> None:
        """Hand the task to `on_end`, unless it was cancelled; QGIS calls this on the main thread after `run`.

        Raises
        ------
        Exception
            Whatever `run` met other than a `RunFolderError`, which QGIS then shows.
        """
        if self.isCanceled():
            return
        if self._failure is not None:
            raise self._failure
        self._on_end(self)

    def _planned(self) -> SurveyPlan:
        order = self._order
        if self.candidates is None:
            self.candidates = candidates_of(order.manifest, self._cells, order.folder, self._pulse)
        found = self.candidates if order.area is None else inside(self.candidates, order.area)
        terms = survey_terms(order.manifest)
        return plan_survey(found, order.constraints, order.budget_km2, terms, order.folder, self._pulse)

    def _pulse(self) -> None:
        if self.isCanceled():
            raise InterruptedError
