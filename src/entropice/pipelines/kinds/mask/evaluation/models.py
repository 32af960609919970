"""The models that are judged: a trained network and its rivals."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from entropice.imagery.held_out import Predict
from entropice.imagery.inference_augmentation import averaged_inputs
from entropice.imagery.loading import SampleView
from entropice.imagery.pixel_models import FittedPixelModel, PixelModel, fit_pixel_model
from entropice.imagery.rivals import RIVALS
from entropice.imagery.samples import Samples
from entropice.imagery.splits import TRAIN
from entropice.io.networks import TrainedNetwork
from entropice.networks.export import network_of
from entropice.networks.inference import predictor
from entropice.pipelines.kinds import views
from entropice.pipelines.kinds.mask.evaluation.parameters import NETWORK, EvaluationParameters
from entropice.pipelines.kinds.mask.job import masks_of
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.training.job import machine_of
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.types import BoolArray, DataFrame, Float32Array


def judged_view(
    network: TrainedNetwork, images: Samples, statistics: Mapping[str, Any], samples: MaskSampleParameters
) -> SampleView:
    """Samples as the network has learned from them; InputFileError where the statistics are not its own."""
    return views.judged_view(network, images, statistics, samples, samples.ignored_edge_px)


def judged_models(
    network: TrainedNetwork,
    view: SampleView,
    splits: DataFrame,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> dict[str, Predict]:
    """The network and its rivals, which learn from the training tiles of the view."""
    predict = network_predict(network, training, evaluation)
    return {NETWORK: predict, **dict(rivals(view, splits, training, evaluation))}


def network_predict(network: TrainedNetwork, training: TrainingParameters, evaluation: EvaluationParameters) -> Predict:
    """What the network says, averaged over all looks at an image that are asked for."""
    logits = network_logits(network, training, evaluation)
    return averaged_inputs(logits, evaluation.test_time, network.checkpoint.specification.n_pixels)


def network_logits(network: TrainedNetwork, training: TrainingParameters, evaluation: EvaluationParameters) -> Predict:
    """What the network says at one look."""
    checkpoint = network.checkpoint
    predict = predictor(
        network_of(checkpoint, network.path), checkpoint.weights, machine_of(training), evaluation.batch_size
    )
    return masks_of(predict)


def rivals(
    view: SampleView, splits: DataFrame, training: TrainingParameters, evaluation: EvaluationParameters
) -> Iterator[tuple[str, Predict]]:
    """Pixel models that are asked for and have learned from the training tiles, by name."""
    models = [rival.model(view.statistics) for rival in RIVALS if rival.name in evaluation.rivals]
    for model in models:
        yield model.name, _one_by_one(_fitted(model, view, splits, training, evaluation))


def _fitted(
    model: PixelModel,
    view: SampleView,
    splits: DataFrame,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> FittedPixelModel:
    """Fitted to as many positive as other tiles, so that both kinds of pixels are well known."""
    learned = splits[splits["split"] == TRAIN]
    half = evaluation.n_rival_tiles // 2
    positive, other = (learned.loc[which, "key"] for which in (learned["n_positive"] > 0, learned["n_positive"] == 0))
    tiles = (_tile(view, key) for key in [*positive[:half], *other[:half]])
    return fit_pixel_model(model, tiles, evaluation.n_rival_pixels, training.seed)


def _tile(view: SampleView, key: str) -> tuple[Float32Array, BoolArray, BoolArray]:
    inputs, target, scored = view.seen([key])
    return inputs[0], target[0] > 0, scored[0]


def _one_by_one(fitted: FittedPixelModel) -> Callable[[Float32Array], Float32Array]:
    return lambda inputs: np.stack([fitted.logits(values) for values in inputs])
