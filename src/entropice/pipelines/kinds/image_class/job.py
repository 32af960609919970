"""The training of a network that names classes, from parameters and samples."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from entropice.imagery.classes.judged import judged
from entropice.imagery.classes.score_table import CLASS_SCORES
from entropice.imagery.epochs import require_batch, shuffled_batches
from entropice.imagery.loading import SampleView, TrainingView
from entropice.imagery.samples import Samples
from entropice.imagery.splits import TRAIN, VALIDATION
from entropice.networks.inference import Predictor
from entropice.networks.job import TrainingJob
from entropice.networks.objective import class_objective
from entropice.pipelines.kinds.image_class.measures import BY_NAME, MEASURES
from entropice.pipelines.kinds.image_class.parameters import ClassSampleParameters
from entropice.pipelines.kinds.views import sample_view
from entropice.pipelines.training.job import loss_of_training, machine_of, plan_of, specification_of
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters
from entropice.pipelines.training.tracked import tracking_of
from entropice.sha256 import sha256_of_value
from entropice.types import DataFrame, Float32Array, FloatArray, IntArray


def class_job(
    images: Samples,
    splits: DataFrame,
    statistics: Mapping[str, Any],
    bands: Sequence[str],
    samples: ClassSampleParameters,
    network: NetworkParameters,
    training: TrainingParameters,
) -> TrainingJob:
    """All that training needs, checked; nothing is trained yet.

    `splits` has the columns ``key split label``: images of training are shuffled anew each epoch, those of validation
    judge it, and the loss knows how many images each class has. `bands` are what the network sees, in this order.

    Raises
    ------
    ConfigError
        An option of the network or a loss is not known, or does not go with the rest.
    InputFileError
        The statistics are of other images.
    LabelError
        There are fewer training images than one batch holds.
    """
    view = sample_view(images, statistics, bands, samples)
    n_pixels = images.read(images.keys[0]).place.n_pixels
    learned, n_of_class = splits[splits["split"] == TRAIN], training_counts(splits, samples)
    keys = tuple(learned["key"])
    require_batch(len(keys), training.batch_size)
    return TrainingJob(
        specification=specification_of(network, bands, n_pixels),
        encoder_weights=network.encoder_weights,
        begun_from=network.begun_from,
        plan=plan_of(
            lambda epoch: shuffled_batches(keys, training.batch_size, None, training.seed, epoch),
            training,
            bigger_is_better=BY_NAME[training.metric].bigger_is_better,
        ),
        objective=class_objective(loss_of_training(training, "class", {"n_of_class": n_of_class.tolist()})),
        loader=TrainingView(view, samples.augmentation, training.seed),
        validate=partial(
            validated,
            view,
            list(splits.loc[splits["split"] == VALIDATION, "key"]),
            n_of_class / n_of_class.sum(),
            training.batch_size,
        ),
        machine=machine_of(training),
        statistics_sha256=sha256_of_value(statistics),
        tracking=tracking_of(bands, n_pixels, samples, network, training, statistics, _noted(samples, n_of_class)),
    )


def training_counts(splits: DataFrame, samples: ClassSampleParameters) -> IntArray:
    """Training images of each class, int64 (class,), by ``split label`` of `splits`; 0 of a class that none shows.

    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> splits = pd.DataFrame({"split": ["train", "train", "test"], "label": [2, 2, 0]})
    >>> training_counts(splits, SimpleNamespace(classes=("water", "thin", "thick"))).tolist()
    [0, 0, 2]
    """
    labels = splits.loc[splits["split"] == TRAIN, "label"].to_numpy(np.int64)
    return np.bincount(labels, minlength=len(samples.classes)).astype(np.int64)


def seen_in_batches(view: SampleView, keys: Sequence[str], batch_size: int) -> Iterator[tuple[Float32Array, IntArray]]:
    """Inputs (n, band, row, column) and classes (n,), int64, of images as they are, neither changed nor shuffled.

    Inputs are standardised, float32, NaN where not known; the last batch may be smaller, and without keys there is
    none.
    """
    for start in range(0, len(keys), batch_size):
        inputs, labels, _ = view.seen(keys[start : start + batch_size])
        yield inputs, labels.astype(np.int64)


def validated(
    view: SampleView, keys: Sequence[str], prior: FloatArray, batch_size: int, predict: Predictor, _epoch: int
) -> dict[str, float]:
    """Every declared measure of the validation images, ``val_<score>``, from logits as they are.

    They are ``val_accuracy``, ``val_balanced_accuracy``, ``val_f_1``, ``val_log_score`` and ``val_log_skill``.

    Parameters
    ----------
    view, keys
        Images as the network sees them, and which of them; one at least.
    prior
        (class,) shares of the classes among the training images: skill is measured from these.
    predict
        Inputs (n, band, row, column) to logits (n, class).

    Raises
    ------
    SchemaError
        A logit is not finite, or a class has no share.
    """
    parts = [(predict(inputs), labels) for inputs, labels in seen_in_batches(view, keys, batch_size)]
    logits, labels = (np.concatenate(each) for each in zip(*parts, strict=True))
    images, ones = judged(logits, labels, prior), np.ones(len(labels))
    scores = {each.name: each.score for each in CLASS_SCORES}
    return {measure.name: float(scores[measure.score](images, ones)) for measure in MEASURES}


def _noted(samples: ClassSampleParameters, n_of_class: IntArray) -> dict[str, object]:
    """What trackers are told of the samples."""
    return {f"n_train_{name}": int(n) for name, n in zip(samples.names, n_of_class, strict=True)}
