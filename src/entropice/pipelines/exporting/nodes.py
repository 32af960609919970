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

    `composition` and `tasks` are the content of ``composition.yml`` and the section ``tasks`` of the parameters, as
    plain values. The result is the dataset ``exported``: ``models/``, ``processed/``, ``sequences/``,
    ``dataset_info.json`` and ``manifest.json`` (`entropice.exports.published_folder`).

    Raises
    ------
    ConfigError
        A stem is of a task that is not exported, two tasks would have one file, or nothing says how a network is loaded
        elsewhere.
    ModelFileError, InputFileError
        A network was trained with other statistics, or the statistics are of other bands.
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
    `composition` and `tasks` are plain values, as for `export_run`; the result is the dataset ``exported``:
    ``checkpoints/`` (``soup``, ``last`` and ``step<n>-iou<value>``, ``.ckpt``), ``diagnostics/``, ``logs/metrics.csv``,
    ``config.yaml``, ``LIMITATIONS.md``, below a folder of the task where there are several, and ``manifest.json``
    (`entropice.exports.model_card`).

    Raises
    ------
    ConfigError
        The parameters name stems, which files of a model card do not have.
    ModelFileError, InputFileError
        A network was trained with other statistics, or the statistics are of other bands.
    """
    from entropice.pipelines.exporting.cards import model_cards
    from entropice.pipelines.tasks.task import Task

    declared = {name: Task.model_validate(entry) for name, entry in composition["tasks"].items()}
    return model_cards(declared, tasks, exporting.stems, datasets)
