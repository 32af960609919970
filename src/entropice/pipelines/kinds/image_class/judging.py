"""What a network that names classes and its rivals say of images that none has learned from."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.imagery.classes.alarm_scores import AlarmedImages, alarm_score_table
from entropice.imagery.classes.calibration import ClassCalibration, fit_calibration
from entropice.imagery.classes.image_models import IMAGE_MODELS, fit_image_model
from entropice.imagery.classes.image_statistics import character_columns
from entropice.imagery.classes.judged import JudgedImages, judged
from entropice.imagery.classes.looks import under_symmetries
from entropice.imagery.classes.score_table import class_difference_table, class_score_table
from entropice.imagery.classes.strangeness import Alarm, Familiar, fit_alarm, fit_familiar
from entropice.imagery.loading import SampleView
from entropice.imagery.samples import Samples
from entropice.imagery.splits import TEST, TRAIN, VALIDATION
from entropice.io.arrays import Arrays
from entropice.io.networks import TrainedNetwork
from entropice.learning.scores.table import block_replicates
from entropice.networks.export import network_of
from entropice.networks.inference import Predictor, predictor
from entropice.pipelines.kinds.image_class.job import seen_in_batches, training_counts
from entropice.pipelines.kinds.image_class.parameters import ClassEvaluationParameters, ClassSampleParameters
from entropice.pipelines.kinds.views import judged_view
from entropice.pipelines.training.job import machine_of
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.types import DataFrame, Float32Array, FloatArray

HELD_OUT: Final = (VALIDATION, TEST)
NETWORK: Final = "network"
PREVALENCE: Final = "prevalence"
"""The rival that says the share of each class among the training images."""

SCORE_COLUMNS: Final = (
    "model", "compared_with", "score", "part", "horizon", "value", "low_95", "high_95", "n_blocks", "n"
)  # fmt: skip

Logits = Callable[[Float32Array], Float32Array]


def held_out_logits(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: Mapping[str, Any],
    samples: ClassSampleParameters,
    training: TrainingParameters,
    evaluation: ClassEvaluationParameters,
) -> tuple[Arrays, Arrays]:
    """What was said, and the alarm.

    `splits` has the columns ``key block split label``; splits are validation and test, models the network and its
    rivals, which learn from the images of training.

    Returns
    -------
    Arrays
        ``<model>_<split>`` logits (n, class), ``labels_<split>``, ``blocks_<split>`` and ``strangeness_<split>`` (n,),
        images in the order of the splits; ``prior`` (class,), shares among training images. Models are ``network``,
        ``colour_logistic`` and ``colour_boosting``. The metadata are ``models``, names, and ``n_symmetries``, over how
        many the network's chances are averaged.
    Arrays
        What `alarm_of` reads; its threshold is the ⌈(1 − rate)(n + 1)⌉-th smallest strangeness of the n validation
        images, or the largest where they are too few for the rate of the parameters
        (`entropice.imagery.classes.strangeness.fit_alarm`).

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    LabelError
        A class has fewer than two training images.
    ValueError
        Validation or test has no image.
    """
    view = judged_view(network, images, statistics, samples)
    says = network_predict(network, training, evaluation)
    keys = {split: list(splits.loc[splits["split"] == split, "key"]) for split in (TRAIN, *HELD_OUT)}
    models = {NETWORK: says, **dict(_rivals(view, keys[TRAIN], len(samples.classes), training, evaluation))}
    n_of_class = training_counts(splits, samples)
    familiar = _familiar(view, keys[TRAIN], len(samples.classes), evaluation.batch_size)
    arrays: dict[str, Any] = {"prior": n_of_class / n_of_class.sum()}
    for split in HELD_OUT:
        said, labels, strangeness = _said(view, keys[split], models, familiar, evaluation.batch_size)
        arrays |= {f"{name}_{split}": logits for name, logits in said.items()}
        blocks = splits.loc[splits["split"] == split, "block"].to_numpy(np.uint64)
        arrays |= {f"labels_{split}": labels, f"blocks_{split}": blocks, f"strangeness_{split}": strangeness}
    alarm = fit_alarm(arrays[f"strangeness_{VALIDATION}"], evaluation.false_alarm_rate)
    told = {"models": list(models), "n_symmetries": evaluation.n_symmetries}
    return Arrays(arrays, told), _alarm_arrays(familiar, alarm)


def network_predict(
    network: TrainedNetwork, training: TrainingParameters, evaluation: ClassEvaluationParameters
) -> Predictor:
    """Standardised images (n, band, row, column) to logits (n, class), averaged as parameters say.

    Chances, not logits, are averaged over the first ``n_symmetries`` of a square
    (`entropice.imagery.classes.looks.under_symmetries`).

    Raises
    ------
    ModelFileError
        The weights are not those of the network that the record tells of.
    """
    checkpoint = network.checkpoint
    built = network_of(checkpoint, network.path)
    says = predictor(built, checkpoint.weights, machine_of(training), evaluation.batch_size)
    return under_symmetries(says, evaluation.n_symmetries)


def _rivals(
    view: SampleView,
    keys: Sequence[str],
    n_classes: int,
    training: TrainingParameters,
    evaluation: ClassEvaluationParameters,
) -> Iterator[tuple[str, Logits]]:
    for model in IMAGE_MODELS:
        batches = seen_in_batches(view, keys, evaluation.batch_size)
        yield model.name, fit_image_model(model, batches, n_classes, training.seed).logits


def _familiar(view: SampleView, keys: Sequence[str], n_classes: int, batch_size: int) -> Familiar:
    parts = [(character_columns(inputs), labels) for inputs, labels in seen_in_batches(view, keys, batch_size)]
    known, labels = (np.concatenate(each) for each in zip(*parts, strict=True))
    return fit_familiar(known, labels, n_classes)


def _said(
    view: SampleView,
    keys: Sequence[str],
    models: Mapping[str, Logits],
    familiar: Familiar,
    batch_size: int,
) -> tuple[dict[str, Float32Array], Any, FloatArray]:
    """Logits by model, labels and strangeness of images, each of which is read once."""
    said: dict[str, list[Float32Array]] = {name: [] for name in models}
    labels, strangeness = [], []
    for inputs, of_batch in seen_in_batches(view, keys, batch_size):
        for name, says in models.items():
            said[name].append(says(inputs))
        labels.append(of_batch)
        strangeness.append(familiar.strangeness(character_columns(inputs)))
    joined = {name: np.concatenate(parts) for name, parts in said.items()}
    return joined, np.concatenate(labels), np.concatenate(strangeness)


def _alarm_arrays(familiar: Familiar, alarm: Alarm) -> Arrays:
    arrays: dict[str, Any] = {"means": familiar.means, "precisions": familiar.precisions}
    return Arrays(arrays, asdict(alarm))


def alarm_of(kept: Arrays) -> tuple[Familiar, Alarm]:
    """What images are familiar, by `character_columns`, and from which strangeness on they are none of the classes.

    It reads the arrays ``means`` (class, feature) and ``precisions`` (class, feature, feature), inverse covariances, of
    the dataset ``alarm``, four features a band, and ``threshold`` and ``false_alarm_rate`` of its metadata. The
    strangeness of features x is the least over classes of (x − mean)ᵀ precision (x − mean); above the threshold it
    rings.
    """
    means, precisions = (kept.arrays[name].astype(np.float64) for name in ("means", "precisions"))
    return Familiar(means, precisions), Alarm(**kept.metadata)


def calibrations(held_out: Arrays) -> dict[str, Any]:
    """By model a calibration of its logits on the validation images, as plain values: a slope, an intercept a class.

    ``slope`` s and ``intercepts`` b (class,) minimise −Σ log softmax(s z + b) of the true class over raw logits z, plus
    ((log s)² + Σ b²) / 2, s within 0.001 and 1000 (`entropice.imagery.classes.calibration.fit_calibration`). `held_out`
    is of `held_out_logits`.
    """
    labels = held_out.arrays[f"labels_{VALIDATION}"].astype(np.int64)
    return {
        model: fit_calibration(held_out.arrays[f"{model}_{VALIDATION}"].astype(np.float64), labels).to_json()
        for model in held_out.metadata["models"]
    }


def judged_test(held_out: Arrays, calibration: Mapping[str, Any]) -> dict[str, JudgedImages]:
    """By model, the prevalence last, what it says of the test images once it is calibrated.

    The prevalence, ``prevalence``, says the share of each class among the training images of every image. Images are in
    the order of the splits. Of `held_out` (`held_out_logits`) ``<model>_test`` (n, class), ``labels_test`` (n,) and
    ``prior`` (class,) are read, of `calibration` (`calibrations`) ``slope`` and ``intercepts`` of each model.

    Raises
    ------
    SchemaError
        A logit is not finite, a label is no class, or a class has no share.
    """
    arrays = held_out.arrays
    labels, prior = arrays[f"labels_{TEST}"].astype(np.int64), arrays["prior"].astype(np.float64)
    own = {
        model: judged(
            ClassCalibration.from_json(calibration[model]).logits(arrays[f"{model}_{TEST}"].astype(np.float64)),
            labels,
            prior,
        )
        for model in held_out.metadata["models"]
    }
    return {**own, PREVALENCE: judged(np.tile(np.log(prior), (len(labels), 1)), labels, prior)}


def rings(held_out: Arrays, alarm: Arrays) -> Any:
    """Whether each test image is taken for none of the classes; bool (n,), in the order of the splits.

    It is where its ``strangeness_test`` lies above the threshold of the dataset ``alarm``; at it, it is not.
    """
    return alarm_of(alarm)[1].rings(held_out.arrays[f"strangeness_{TEST}"].astype(np.float64))


def scores_of_test(
    held_out: Arrays,
    alarm: Arrays,
    calibration: Mapping[str, Any],
    samples: ClassSampleParameters,
    evaluation: ClassEvaluationParameters,
    random_seed: int,
) -> DataFrame:
    """``task_scores`` of the test images: each model's, the network's lead on each rival, and the alarm's.

    Returns
    -------
    DataFrame
        ``model compared_with score part horizon value low_95 high_95 n_blocks n``; ``score`` is ``accuracy
        balanced_accuracy precision recall f_1 log_score log_skill slope ece``, and of the alarm ``alarm_rate
        accuracy_of_answered confident_errors confident_errors_left``; ``part`` is null or the name of a class
        (precision, recall and F1 alone), ``horizon`` null, ``n`` images. Intervals are those of blocks drawn with
        replacement, NaN with fewer than two blocks.
    """
    models, blocks = judged_test(held_out, calibration), held_out.arrays[f"blocks_{TEST}"].astype(np.uint64)
    replicates = block_replicates(len(np.unique(blocks)), random_seed, evaluation.n_bootstrap)
    network = models[NETWORK]
    own = [
        class_score_table(images, samples.names, blocks, replicates).assign(model=name)
        for name, images in models.items()
    ]
    leads = [
        class_difference_table(network, images, samples.names, blocks, replicates).assign(
            model=NETWORK, compared_with=name
        )
        for name, images in models.items()
        if name != NETWORK
    ]
    alarmed = AlarmedImages(network, rings(held_out, alarm), evaluation.confident_from)
    of_alarm = alarm_score_table(alarmed, blocks, replicates).assign(model=NETWORK)
    table = pd.concat([*own, of_alarm, *leads], ignore_index=True).assign(horizon=np.nan)
    return table[list(SCORE_COLUMNS)]
