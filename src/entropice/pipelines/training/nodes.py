"""Nodes of training."""

from typing import TYPE_CHECKING, Any

from entropice.pipelines.samples.parameters import SampleParameters
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters
from entropice.types import DataFrame

if TYPE_CHECKING:
    from entropice.imagery.samples import Samples
    from entropice.networks.job import TrainingJob
else:
    Samples = TrainingJob = Any


def train_network(
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    _data_check: dict[str, Any],
    bands: list[str],
    samples: SampleParameters,
    network: NetworkParameters,
    training: TrainingParameters,
    ratios: list[float],
) -> TrainingJob:
    """A network that learns which pixels belong to what is looked for; saving it carries the training out.

    Nothing is trained on samples that have not been checked.
    """
    from entropice.pipelines.training.job import mask_job

    return mask_job(images, splits, statistics, bands, samples, network, training, ratios)
