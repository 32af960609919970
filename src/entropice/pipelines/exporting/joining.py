"""Trained networks and samples of tasks as one folder for others."""

from collections.abc import Collection, Mapping
from typing import Any

from entropice.errors import ConfigError, suggestion
from entropice.exports.ice_pipeline import ExportedModel, file_of_weights, stem_of
from entropice.exports.published_folder import PublishedFolder
from entropice.imagery.bands import band_named
from entropice.imagery.check_data import STATISTICS_FILE
from entropice.imagery.statistics_document import from_document
from entropice.io.networks import TrainedNetwork
from entropice.networks.export import require_statistics, to_torch_bytes
from entropice.networks.handed_on import handed_on
from entropice.pipelines.kinds.exports import Exports
from entropice.pipelines.tasks.parameters import section_of
from entropice.pipelines.tasks.rules import TaskRules
from entropice.pipelines.tasks.task import Task
from entropice.sha256 import sha256_of_value


def published_folder(
    tasks: Mapping[str, Task], sections: Mapping[str, Any], stems: Mapping[str, str], datasets: Mapping[str, Any]
) -> PublishedFolder:
    """Everything of the tasks that are exported.

    Tasks of a kind that was never published so are left out. Samples are read when the folder is written.

    Parameters
    ----------
    tasks
        By name.
    sections
        Parameters of the tasks, by name, as plain values.
    stems
        Of `entropice.pipelines.exporting.parameters.ExportingParameters`; a task without one lends its own name.
    datasets
        ``<task>.<name>``.

    Raises
    ------
    ConfigError
        A stem is of a task that is not exported, two tasks would have one file, or nothing says how a network is loaded
        elsewhere.
    ModelFileError
        A network was trained with other statistics.
    InputFileError
        The statistics are of other bands.
    """
    exported = {name: task.answer.exports for name, task in tasks.items() if task.answer.exports is not None}
    require_tasks(stems, exported)
    models, parts = {}, {}
    for name, exports in exported.items():
        own = {dataset: datasets[f"{name}.{dataset}"] for dataset in exports.datasets}
        section = section_of(tasks[name]).model_validate(sections[name])
        models[name] = _model(name, stems.get(name, name), exports, section, own)
        parts[name] = exports.samples(section, own)
    sources = {name: {"kind": tasks[name].kind, "source": tasks[name].image_source.title} for name in exported}
    return PublishedFolder(models, parts, {"tasks": sources})


def _model(name: str, pattern: str, exports: Exports, section: TaskRules, datasets: Mapping[str, Any]) -> ExportedModel:
    network: TrainedNetwork = datasets["network"]
    statistics, facts = datasets["statistics"], datasets["card_facts"]
    require_statistics(network.checkpoint, sha256_of_value(statistics), network.path)
    handed = handed_on(network.checkpoint)
    stem = stem_of(pattern, handed.encoder)
    content = {**handed.content, **inputs_of(network, statistics), **exports.values(section)}
    return ExportedModel(
        stem=stem,
        title=name.replace("_", " ").capitalize(),
        weights=to_torch_bytes(content),
        log=network.rows,
        loading=handed.loading(file_of_weights(stem)),
        modules=handed.modules,
        inputs=facts["inputs"],
        outputs=facts["outputs"],
        says=exports.says,
        expectations=facts["expectations"],
        limits=facts["limits"],
    )


def inputs_of(network: TrainedNetwork, statistics: Mapping[str, Any]) -> dict[str, Any]:
    """Units of the bands, and what they are standardised with, in their order.

    Returns
    -------
    dict
        ``units``, ``mean`` and ``std``: lists with an entry for each band that the network sees.

    Raises
    ------
    InputFileError
        The statistics are of other bands.
    """
    bands = network.checkpoint.specification.bands
    measured = from_document(statistics, STATISTICS_FILE, statistics["dataset_version"], bands)
    return {
        "units": [band_named(band).unit for band in bands],
        "mean": measured.mean.tolist(),
        "std": measured.std.tolist(),
    }


def require_tasks(stems: Mapping[str, str], exported: Collection[str]) -> None:
    """Pass only stems of tasks whose networks have one; `exported` are the names of these.

    >>> require_tasks({"ice": "ice_mask"}, ["ice", "lakes"])

    Raises
    ------
    ConfigError
        A stem is of another name; the nearest task is told.
    """
    for name in stems:
        if name not in exported:
            raise ConfigError(
                f"No task of this name is exported{suggestion(name, exported)}",
                field=f"exporting.stems.{name}",
                got=name,
                expected=", ".join(exported) or "no stems",
                fix="name tasks of composition.yml whose kind is exported",
            )
