"""Nodes of a task that asks which class an image shows."""

from typing import TYPE_CHECKING, Any

from entropice.imagery.split_rules import SplitRules
from entropice.io.arrays import Arrays
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.image_class.parameters import ClassEvaluationParameters, ClassSampleParameters
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters
from entropice.types import DataFrame

if TYPE_CHECKING:
    from entropice.imagery.map_layers import MapLayer
    from entropice.imagery.panels import Panel
    from entropice.imagery.samples import Samples
    from entropice.networks.job import TrainingJob
else:
    MapLayer = Panel = Samples = TrainingJob = Any


def split_images(tiles: DataFrame, images: Samples, grid: str, rules: SplitRules, random_seed: int) -> DataFrame:
    """The split, block and label of every image; one in which nothing is seen is in none.

    Parameters
    ----------
    tiles
        ``key left_m top_m pixel_m n_pixels``, EPSG:3413, a row an image.
    images
        Images with their class, each read once for it.
    grid
        Key of the grid, whose parent cells are the blocks that are dealt.
    rules, random_seed
        Shares of splits, level of blocks and buffer (m); what they are dealt by.

    Returns
    -------
    DataFrame
        The dataset ``splits``, in the order of `tiles`: ``key block split label``; ``split`` is train, validation,
        test, ``buffer`` (nearer than the buffer to ground of another split) or ``unseen`` (no pixel is known), a
        block's being drawn by a hash of seed and block (`entropice.imagery.splits.split_of_block`), ``label`` the
        number of the class from 0.

    Raises
    ------
    SchemaError
        A key occurs twice, or a corner is not finite.
    GridError
        There is no such grid, or its cells have no parents at the level of blocks.
    """
    import numpy as np

    from entropice.dggs import parse_grid
    from entropice.imagery.loading import counted
    from entropice.imagery.splits import UNSEEN
    from entropice.imagery.splits import split_tiles as split

    splits = split(tiles, parse_grid(grid), rules, random_seed)
    looked_at = [(int(sample.target), bool(counted(sample, 0))) for sample in map(images.read, splits["key"])]
    labels, is_seen = (np.array(each) for each in zip(*looked_at, strict=True))
    return splits.assign(split=np.where(is_seen, splits["split"], UNSEEN), label=labels.astype(np.int64))


def check_classes(
    images: Samples, splits: DataFrame, statistics: dict[str, Any], bands: list[str], samples: ClassSampleParameters
) -> dict[str, Any]:
    """What a person would spot in the images and their classes; nothing goes on where it is found.

    `images` of training, validation and test are read once each, by ``key split`` of `splits`, as a network will get
    `bands`.

    Returns
    -------
    dict
        The dataset ``data_check``: ``n_tiles``, the number of rows of `splits`, and ``findings``, which is empty.

    Raises
    ------
    SchemaError
        Tells all that is wrong, with keys (`entropice.imagery.check_data.check_data`): labels that are no class, a
        class that a split lacks or has beyond the limits of prevalence, an empty split, and images that cannot be read
        are among it.
    """
    from entropice.imagery.check_data import ExpectedData, check_data
    from entropice.imagery.findings import require_clean
    from entropice.imagery.loading import BandView
    from entropice.imagery.sample_record import ExpectedTarget

    target = ExpectedTarget((), "int64", low=0, high=len(samples.classes) - 1)
    expected = ExpectedData(samples.statistics.dataset_version, target, samples.checks)
    require_clean(check_data(BandView(images, tuple(bands), samples.derivation), splits, expected, statistics))
    return {"n_tiles": len(splits), "findings": []}


def train_network(
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    _data_check: dict[str, Any],
    bands: list[str],
    samples: ClassSampleParameters,
    network: NetworkParameters,
    training: TrainingParameters,
) -> TrainingJob:
    """A network that learns which class an image shows; saving it carries the training out.

    Nothing is trained on samples that have not been checked: ``data_check`` is an input for that alone. `splits` has
    the columns ``key split label``, `bands` are what the network sees, in this order; the dataset ``network`` is
    written while it learns, and resumed where it was broken off.

    Raises
    ------
    ConfigError
        An option of the network or a loss is not known, or does not go with the rest.
    InputFileError
        The statistics are of other images.
    LabelError
        There are fewer training images than one batch holds.
    """
    from entropice.pipelines.kinds.image_class.job import class_job

    return class_job(images, splits, statistics, bands, samples, network, training)


def judge_held_out(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    samples: ClassSampleParameters,
    training: TrainingParameters,
    evaluation: ClassEvaluationParameters,
) -> tuple[Arrays, Arrays]:
    """What network and rivals say of the validation and test images, and when the alarm "none of these" rings.

    Parameters
    ----------
    network
        A trained network, with the bands that it sees.
    images, splits, statistics
        Images, ``key block split label`` of them, and what inputs are standardised with.
    samples, training, evaluation
        Classes, where the network is computed, and the share of images for which the alarm may ring.

    Returns
    -------
    Arrays
        The dataset ``held_out``: ``<model>_<split>`` logits float32 (n, class), ``labels_<split>``, ``blocks_<split>``
        and ``strangeness_<split>`` (n,), in the order of the splits; ``prior`` (class,), shares among training images;
        models are ``network``, ``colour_logistic`` and ``colour_boosting``, listed in the metadata ``models``.
    Arrays
        The dataset ``alarm``: what training images are like, ``means`` (class, feature) and ``precisions`` (class,
        feature, feature), and in its metadata the strangeness above which an image is none of the classes,
        ``threshold``, from the validation images, with ``false_alarm_rate``
        (`entropice.pipelines.kinds.image_class.judging.alarm_of`).

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    LabelError
        A class has fewer than two training images.
    """
    from entropice.pipelines.kinds.image_class.judging import held_out_logits

    return held_out_logits(network, images, splits, statistics, samples, training, evaluation)


def calibrate(held_out: Arrays) -> dict[str, Any]:
    """A calibration of every model on the validation images.

    Returns
    -------
    dict
        The dataset ``calibration``: by model ``slope`` and ``intercepts``, one a class, of its logits
        (`entropice.pipelines.kinds.image_class.judging.calibrations`).
    """
    from entropice.pipelines.kinds.image_class.judging import calibrations

    return calibrations(held_out)


def score(
    held_out: Arrays,
    alarm: Arrays,
    calibration: dict[str, Any],
    samples: ClassSampleParameters,
    evaluation: ClassEvaluationParameters,
    random_seed: int,
) -> DataFrame:
    """Scores of every model on the test images, the network's lead, and what the alarm costs and spares.

    Returns
    -------
    DataFrame
        The dataset ``task_scores``: ``model compared_with score part horizon value low_95 high_95 n_blocks n``;
        ``part`` is null or the name of a class, ``horizon`` null, ``n`` images; scores are those that
        `entropice.pipelines.kinds.image_class.judging.scores_of_test` lists. Models are the network, its rivals, and
        the prevalence of the training images.

    Raises
    ------
    SchemaError
        A logit is not finite, or a class has no share.
    """
    from entropice.pipelines.kinds.image_class.judging import scores_of_test

    return scores_of_test(held_out, alarm, calibration, samples, evaluation, random_seed)


def draw_layers(
    held_out: Arrays,
    alarm: Arrays,
    calibration: dict[str, Any],
    splits: DataFrame,
    tiles: DataFrame,
    samples: ClassSampleParameters,
) -> list[MapLayer]:
    """What is said where the test images are, and its chance.

    Returns
    -------
    list
        The dataset ``map_layers``: ``answer``, the class that most of a pixel has, the lowest of equals (the number of
        classes stands for none of these), and ``chance``, calibrated, the mean where images overlap; NaN where no image
        lies, and of the chance where the alarm rings.
    """
    from entropice.pipelines.kinds.image_class.answers import layers_of_test

    return layers_of_test(held_out, alarm, calibration, splits, tiles, samples)


def draw_panel(
    held_out: Arrays,
    alarm: Arrays,
    calibration: dict[str, Any],
    images: Samples,
    splits: DataFrame,
    samples: ClassSampleParameters,
    n_shown: int,
) -> Panel:
    """Test images with what is true and what is said, the most wrong ones first.

    The dataset ``panel``: sorted by the chance that the true class was given, the lowest first, four pictures a row;
    those that fill no row are left out.
    """
    from entropice.pipelines.kinds.image_class.answers import panel_of_test

    return panel_of_test(held_out, alarm, calibration, images, splits, samples, n_shown)


def tell_facts(
    task_scores: DataFrame,
    alarm: Arrays,
    splits: DataFrame,
    tiles: DataFrame,
    bands: list[str],
    samples: ClassSampleParameters,
    evaluation: ClassEvaluationParameters,
) -> dict[str, Any]:
    """What only this kind knows of a model card.

    Returns
    -------
    dict
        The dataset ``card_facts``: ``inputs outputs learned_from tested_on limits expectations``, sentences; numbers
        are of the images of `splits`, sizes those of the first row of `tiles`, and what was published stands beside the
        network's scores. ``limits`` is a list of them, ``expectations`` a list of ``what published ours``
        (`entropice.pipelines.kinds.expectations.told_beside`).
    """
    from entropice.pipelines.kinds.image_class.answers import facts_of

    return facts_of(task_scores, alarm, splits, tiles, bands, samples, evaluation)
