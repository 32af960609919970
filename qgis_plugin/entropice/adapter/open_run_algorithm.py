"""Processing algorithm `entropice:openrun`: a run folder becomes layers, and on request a project file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFileDestination,
    QgsProject,
)

from ..core.image_run import ImageRun
from ..core.run_folder import Progress
from .checked_run import checked_run
from .help_pages import help_url
from .images_on_map import add_images
from .map_of_run import AddedRun, add_run
from .run_parameters import folder_parameter, told
from .translate import tr

FOLDER = "FOLDER"
PROJECT = "PROJECT"
N_LAYERS = "N_LAYERS"


class OpenRunAlgorithm(QgsProcessingAlgorithm):
    """Checks a run folder, adds its layers to the project, and saves the project where asked to."""

    def createInstance(self) -> OpenRunAlgorithm:
        """A new algorithm of this kind; QGIS asks for one before each run of it."""
        return OpenRunAlgorithm()

    def name(self) -> str:
        """Its name within the provider: scripts call it ``entropice:openrun``."""
        return "openrun"

    def displayName(self) -> str:
        """What the toolbox calls it: "Open Entropice run", in the language of QGIS."""
        return tr("Open Entropice run")

    def helpUrl(self) -> str:
        """The address of the plugin's help page ``opening``, which the button Help opens."""
        return help_url("opening")

    def shortHelpString(self) -> str:
        """What it does, in a few sentences beside its form, in the language of QGIS."""
        return tr(
            "Checks that a run folder is complete and undamaged, and adds its layers, grouped and styled by year."
        )

    def flags(self) -> Qgis.ProcessingAlgorithmFlag:
        """How QGIS may run it: those of any algorithm, and on the main thread alone.

        It changes the project.
        """
        return super().flags() | Qgis.ProcessingAlgorithmFlag.NoThreading

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """Declare what it asks for and what it gives; `configuration` is not used.

        FOLDER: a run folder, of cells or of images. PROJECT: the project file ``.qgz`` to save, if any.
        """
        self.addParameter(folder_parameter(FOLDER, tr("Run folder")))
        self.addParameter(
            QgsProcessingParameterFileDestination(
                PROJECT, tr("Save as project"), tr("QGIS project (*.qgz)"), optional=True, createByDefault=False
            )
        )
        self.addOutput(QgsProcessingOutputNumber(N_LAYERS, tr("Number of layers added")))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Check that a run is complete and undamaged, add its layers to the project, and save that where asked to.

        Returned are N_LAYERS, the layers of the run in the project, and PROJECT, the path or an empty text. Notices of
        the run and layers that cannot be drawn are warnings of the log.

        Raises
        ------
        QgsProcessingException
            The folder is no intact run, a layer is not as the manifest says, the project cannot be saved, or it was
            cancelled; in all but the third case the project is unchanged.
        """
        return told(lambda: self._open(parameters, context, feedback))

    def _open(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        project = context.project() or QgsProject.instance()
        run = checked_run(Path(self.parameterAsFile(parameters, FOLDER, context)), _teller(feedback))
        added = add_images(project, run) if isinstance(run, ImageRun) else add_run(project, run)
        feedback.pushInfo(f"{added.title}: {added.n_layers}")
        for warning in (*run.manifest.notices, *(added.left_out if isinstance(added, AddedRun) else ())):
            feedback.pushWarning(warning)
        return {
            N_LAYERS: added.n_layers,
            PROJECT: self._saved(project, self.parameterAsFileOutput(parameters, PROJECT, context)),
        }

    def _saved(self, project: QgsProject, path: str) -> str:
        if path and not project.write(path):
            raise QgsProcessingException(tr("The project could not be saved: %1", project.error()))
        return path


def _teller(feedback: QgsProcessingFeedback) -> Progress:
    def tell(share: float) -> None:
        feedback.setProgress(100 * share)
        if feedback.isCanceled():
            raise QgsProcessingException(tr("Cancelled; nothing was added."))

    return tell
