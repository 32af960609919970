"""Trained networks of tasks, what was measured of them and what they cannot do, as a model card has them."""

from collections.abc import Iterator, Mapping
from math import nan
from typing import Any, Final

from entropice.exports.model_card import CardFiles, ModelCards, step_stem
from entropice.io.networks import TrainedNetwork
from entropice.networks.export import require_statistics, to_torch_bytes
from entropice.networks.handed_on import content_of
from entropice.networks.tensor_files import Tensors
from entropice.pipelines.exporting.joining import inputs_of, require_tasks
from entropice.pipelines.kinds.exports import CardExports
from entropice.pipelines.tasks.parameters import section_of
from entropice.pipelines.tasks.task import Task
from entropice.sha256 import sha256_of_value

SOUP: Final = "soup"
"""The network that is handed on: the mean of several epochs, or the best one."""

LAST: Final = "last"


def model_cards(
    tasks: Mapping[str, Task], sections: Mapping[str, Any], stems: Mapping[str, str], datasets: Mapping[str, Any]
) -> ModelCards:
    """Files of the tasks that are exported so.

    Tasks whose kind has no model card are left out. Of each network the soup (or the best epoch, or the last where none
    was judged), ``soup``, the epochs that it is the mean of, ``step<steps>-iou<value>``, and the last one, ``last``,
    are handed on. Files lie as `entropice.exports.model_card` says.

    Parameters
    ----------
    tasks
        By name.
    sections
        Parameters of the tasks, by name, as plain values.
    stems
        None: files are called as the card has them.
    datasets
        ``<task>.<name>``.

    Raises
    ------
    ConfigError
        There are stems.
    InputFileError
        The statistics are of other bands or another version of the data.
    ModelFileError
        A network was trained with other statistics.
    """
    require_tasks(stems, ())
    exported = {name: task.answer.card_exports for name, task in tasks.items() if task.answer.card_exports}
    files = {}
    for name, exports in exported.items():
        own = {dataset: datasets[f"{name}.{dataset}"] for dataset in exports.datasets}
        files[name] = _files(exports, section_of(tasks[name]).model_validate(sections[name]), own)
    return ModelCards(files)


def _files(exports: CardExports, section: Any, datasets: Mapping[str, Any]) -> CardFiles:
    network: TrainedNetwork = datasets["network"]
    require_statistics(network.checkpoint, sha256_of_value(datasets["statistics"]), network.path)
    inputs = inputs_of(network, datasets["statistics"])
    return CardFiles(
        checkpoints=dict(_checkpoints(network, inputs, exports.metric)),
        log=network.rows,
        config=section.model_dump(mode="json"),
        tables=exports.tables(datasets),
        documents=exports.documents(datasets),
        limitations=exports.limitations(section, datasets),
    )


def _checkpoints(network: TrainedNetwork, inputs: Mapping[str, Any], metric: str) -> Iterator[tuple[str, bytes]]:
    """The network, the epochs that it is the mean of, and the last one."""

    def of(weights: Tensors, trained: Mapping[str, Any]) -> bytes:
        content = content_of(network.checkpoint.specification, weights)
        return to_torch_bytes({**content, **inputs, "trained": dict(trained)})

    kept = {int(row["epoch"]): row for row in network.record["kept_epochs"]}
    last = len(network.rows)
    # Without a soup the network handed on is that of its best epoch, or of the last where none was judged.
    soup = network.record["soup"] or {"epochs": [network.record["best_epoch"] or last]}
    yield SOUP, of(network.checkpoint.weights, soup)
    for epoch in soup["epochs"]:
        iou = kept[epoch].get(metric)
        yield step_stem(kept[epoch]["n_steps"], nan if iou is None else iou), of(network.average(epoch), kept[epoch])
    yield LAST, of(network.average(last), kept[last])
