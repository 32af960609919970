"""Parameters that several algorithms have: a run, a year of it, and errors that name what to mend."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsVectorLayer,
)

from ..core.errors import RunFolderError
from ..core.run_folder import Run, open_run
from .table_layer import table_layer


def folder_parameter(name: str, title: str, optional: bool = False) -> QgsProcessingParameterFile:
    """The parameter that asks for a run folder; an optional one may be empty."""
    return QgsProcessingParameterFile(name, title, Qgis.ProcessingFileParameterBehavior.Folder, optional=optional)


def year_parameter(name: str, title: str) -> QgsProcessingParameterNumber:
    """The parameter that asks for a year, a whole number, which may be empty."""
    return QgsProcessingParameterNumber(name, title, Qgis.ProcessingNumberParameterType.Integer, None, True)


def run_in(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> Run:
    """The run in a folder, proved intact.

    `name` is that of the parameter. All of the run's files are read for it.

    Raises
    ------
    RunFolderError
        It is none, or damaged.
    """
    return open_run(Path(algorithm.parameterAsFile(parameters, name, context)))


def year_in(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> int | None:
    """The year that is given; None where it is empty.

    `name` is that of the parameter; whether the run has the year is not looked at.
    """
    return None if parameters.get(name) is None else int(algorithm.parameterAsInt(parameters, name, context))


def cells_of(run: Run) -> QgsVectorLayer:
    """The table of cells as a read-only layer without style, in no project.

    Raises
    ------
    RunFolderError
        It is not as the manifest says.
    """
    return table_layer(run, run.manifest.cells, run.manifest.cells.title, "")


def told(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `work` returns; errors of run folders become those of Processing, with their whole message.

    QGIS never lets go of the traceback of an error that reaches it: this one holds nothing of what `work` had open.

    Only `RunFolderError` and `QgsProcessingException` are turned; others pass as they are.

    Raises
    ------
    QgsProcessingException
        `work` has failed.
    """
    try:
        return work()
    except (RunFolderError, QgsProcessingException) as error:
        message = str(error)
    raise QgsProcessingException(message)
