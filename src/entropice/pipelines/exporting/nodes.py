"""The one step of the export under published names, by layout."""

from typing import TYPE_CHECKING, Any

from entropice.pipelines.exporting.parameters import ExportingParameters

if TYPE_CHECKING:
    from entropice.exports.model_card import ModelCards
    from entropice.exports.published_folder import PublishedFolder
else:
    ModelCards = PublishedFolder = Any


def export_run(
    composition: dict[str, Any], tasks: dict[str, Any], exporting: ExportingParameters, **datasets: Any
) -> PublishedFolder:
    """Put together what others load: trained networks and the samples that they were trained and tested with.

    `datasets` are those of `entropice.pipelines.kinds.exports.Exports.datasets` of each task, ``<task>.<name>``.
    Samples are read when the folder is written.
    """
    from entropice.pipelines.exporting.joining import published_folder
    from entropice.pipelines.tasks.task import Task

    declared = {name: Task.model_validate(entry) for name, entry in composition["tasks"].items()}
    return published_folder(declared, tasks, exporting.stems, datasets)


def export_cards(
    composition: dict[str, Any], tasks: dict[str, Any], exporting: ExportingParameters, **datasets: Any
) -> ModelCards:
    """Put together what others load: checkpoints, scores of chips and limitations, as a model card has them.

    `datasets` are those of `entropice.pipelines.kinds.exports.CardExports.datasets` of each task, ``<task>.<name>``.
    """
    from entropice.pipelines.exporting.cards import model_cards
    from entropice.pipelines.tasks.task import Task

    declared = {name: Task.model_validate(entry) for name, entry in composition["tasks"].items()}
    return model_cards(declared, tasks, exporting.stems, datasets)
