"""The models that are judged: a trained network and its rivals."""

from collections.abc import Iterator, Mapping
from typing import Any

from entropice.imagery.held_out import Predict
from entropice.imagery.inference_augmentation import averaged_inputs
from entropice.imagery.loading import SampleView
from entropice.imagery.rivals import RIVALS
from entropice.imagery.samples import Samples
from entropice.imagery.splits import TRAIN
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds import pixels, views
from entropice.pipelines.kinds.mask.evaluation.parameters import NETWORK, EvaluationParameters
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.types import DataFrame


def judged_view(
    network: TrainedNetwork, images: Samples, statistics: Mapping[str, Any], samples: MaskSampleParameters
) -> SampleView:
    """Samples as the network has learned from them, with its bands in its order and without the edges of labels.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
    return views.judged_view(network, images, statistics, samples, samples.ignored_edge_px)


def judged_models(
    network: TrainedNetwork,
    view: SampleView,
    splits: DataFrame,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> dict[str, Predict]:
    """The network and its rivals, which learn from the training tiles of the view; by name, the network first.

    Each takes standardised inputs (n, band, row, column) and gives raw logits (n, row, column). `splits` has the
    columns ``key split n_positive``.

    Raises
    ------
    LabelError
        The tiles that rivals learn from hold one class only.
    """
    predict = network_predict(network, training, evaluation)
    return {NETWORK: predict, **dict(rivals(view, splits, training, evaluation))}


def network_predict(network: TrainedNetwork, training: TrainingParameters, evaluation: EvaluationParameters) -> Predict:
    """What the network says, averaged over all looks at an image that are asked for.

    It takes standardised inputs (n, band, row, column) and gives raw logits (n, row, column). Averaged are logits, or
    chances of which logits are made, as ``test_time`` says
    (`entropice.imagery.inference_augmentation.averaged_inputs`).

    Raises
    ------
    ConfigError
        There is no such scale, or full resolution is not among the resolutions.
    ModelFileError
        The weights are not those of the network that the record tells of.
    """
    logits = network_logits(network, training, evaluation)
    return averaged_inputs(logits, evaluation.test_time, network.checkpoint.specification.n_pixels)


def network_logits(network: TrainedNetwork, training: TrainingParameters, evaluation: EvaluationParameters) -> Predict:
    """What the network says at one look: standardised inputs (n, band, row, column) to raw logits (n, row, column).

    Raises
    ------
    ModelFileError
        The weights are not those of the network that the record tells of.
    """
    return pixels.network_logits(network, training, evaluation.batch_size)


def rivals(
    view: SampleView, splits: DataFrame, training: TrainingParameters, evaluation: EvaluationParameters
) -> Iterator[tuple[str, Predict]]:
    """Pixel models that are asked for and have learned from the training tiles, by name, one after the other.

    They are ``pixel_logistic``, ``pixel_boosting`` and ``ndwi`` (`entropice.imagery.rivals.RIVALS`), in this order.
    Learned from are the first training tiles of `splits` (``key split n_positive``) with positive pixels and the first
    without, up to half of ``n_rival_tiles``, rounded down, of each.

    Raises
    ------
    LabelError
        These tiles hold one class only.
    """
    keys = _rival_keys(splits, evaluation.n_rival_tiles // 2)
    for model in (rival.model(view.statistics) for rival in RIVALS if rival.name in evaluation.rivals):
        yield model.name, pixels.rival_logits(model, view, keys, evaluation.n_rival_pixels, training.seed)


def _rival_keys(splits: DataFrame, half: int) -> list[str]:
    """As many positive as other training tiles, so that both kinds of pixels are well known."""
    learned = splits[splits["split"] == TRAIN]
    positive, other = (learned.loc[which, "key"] for which in (learned["n_positive"] > 0, learned["n_positive"] == 0))
    return [*positive[:half], *other[:half]]
