"""Nodes of a task that asks where something has changed between two images."""

from typing import TYPE_CHECKING, Any

from entropice.imagery.split_rules import SplitRules
from entropice.io.arrays import Arrays
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.change.parameters import ChangeEvaluationParameters, ChangeSampleParameters
from entropice.pipelines.training.parameters import NetworkParameters, TrainingParameters
from entropice.types import DataFrame

if TYPE_CHECKING:
    from entropice.imagery.map_layers import MapLayer
    from entropice.imagery.panels import Panel
    from entropice.imagery.samples import Samples
    from entropice.networks.job import TrainingJob
else:
    MapLayer = Panel = Samples = TrainingJob = Any


def split_pairs(
    tiles: DataFrame, images: Samples, grid: str, rules: SplitRules, ignored_edge_px: int, random_seed: int
) -> DataFrame:
    """The split and block of every pair, and how many pixels have changed; one where nothing counts is unseen.

    Parameters
    ----------
    tiles
        ``key left_m top_m pixel_m n_pixels``, EPSG:3413, a row a pair.
    images
        Pairs of images, each read once for it.
    grid
        Key of the grid, whose parent cells are the blocks that are dealt.
    rules, random_seed
        Shares of splits, level of blocks and buffer (m); what they are dealt by.
    ignored_edge_px
        Pixels at both sides of a label's edge that do not count.

    Returns
    -------
    DataFrame
        The dataset ``splits``, in the order of `tiles`: ``key block split n_positive``; ``split`` is train, validation,
        test, ``buffer`` (nearer than the buffer to ground of another split) or ``unseen``, a block's being drawn by a
        hash of seed and block (`entropice.imagery.splits.split_of_block`), ``n_positive`` the changed pixels that
        count.

    Raises
    ------
    SchemaError
        A key occurs twice, or a corner is not finite.
    GridError
        There is no such grid, or its cells have no parents at the level of blocks.
    """
    from entropice.imagery.sensor_rules import Sensors
    from entropice.pipelines.kinds.pixels import counted_splits

    return counted_splits(tiles, images, grid, rules, ignored_edge_px, Sensors(), random_seed)


def train_network(
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    _data_check: dict[str, Any],
    bands: list[str],
    samples: ChangeSampleParameters,
    network: NetworkParameters,
    training: TrainingParameters,
) -> TrainingJob:
    """A network that learns where something has changed; saving it carries the training out.

    Nothing is trained on samples that have not been checked: ``data_check`` is an input for that alone. `splits` has
    the columns ``key block split``, `bands` are what the network sees, in this order; the dataset ``network`` is
    written while it learns, and resumed where it was broken off.

    Raises
    ------
    ConfigError
        An option of the network or a loss is not known, or does not go with the rest.
    InputFileError
        The statistics are of other images.
    LabelError
        There are fewer training pairs than one batch holds.
    """
    from entropice.pipelines.kinds.change.job import change_job

    return change_job(images, splits, statistics, bands, samples, network, training)


def judge_held_out(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    samples: ChangeSampleParameters,
    training: TrainingParameters,
    evaluation: ChangeEvaluationParameters,
) -> Arrays:
    """What network and rivals say of the validation and test pairs, counted by block and bin of the logit.

    Parameters
    ----------
    network
        A trained network, with the bands that it sees.
    images, splits, statistics
        Pairs, ``key block split`` of them, and what inputs are standardised with.
    samples, training, evaluation
        How pairs become samples, where the network is computed, and which pairs and pixels rivals learn from.

    Returns
    -------
    Arrays
        The dataset ``held_out``: ``<model>_<split>``, int64 (n_block, 2, 4096), counts of unchanged and changed scored
        pixels by bin of the raw logit (bin j from −16 + j / 128), models being ``network``, ``difference``,
        ``pair_logistic`` and ``pair_boosting``; ``blocks_<split>``, uint64 (n_block,); the names of the models. What is
        not scored counts nowhere.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    LabelError
        The pairs that rivals learn from hold one class only.
    """
    from entropice.pipelines.kinds.change.judging import held_out_counts

    return held_out_counts(network, images, splits, statistics, samples, training, evaluation)


def calibrate(held_out: Arrays, evaluation: ChangeEvaluationParameters) -> dict[str, Any]:
    """A calibration and a threshold of every model on the validation pairs.

    Returns
    -------
    dict
        The dataset ``calibration``: by model ``calibration``, a line through logits (``slope intercept ratio``) that is
        right at the pairs' own share of change, and ``threshold`` (``logit is_reached precision recall iou f_half rule
        ratio chosen_on n_positive``), chosen by the rule of the parameters; its ``logit`` is raw, and null where no
        pixel keeps the rule.

    Raises
    ------
    LabelError
        No validation pixel has changed, or all have, or logits do not tell them apart.
    """
    from entropice.pipelines.kinds.change.judging import calibrations

    return calibrations(held_out, evaluation)


def score(
    held_out: Arrays, calibration: dict[str, Any], evaluation: ChangeEvaluationParameters, random_seed: int
) -> DataFrame:
    """Scores of every model on the test pairs, and the network's lead, with intervals over blocks.

    Returns
    -------
    DataFrame
        The dataset ``task_scores``: ``model compared_with score part horizon value low_95 high_95 n_blocks n``, at the
        share of change of the validation pairs; ``compared_with`` is null, or the model whose score is taken from the
        network's, ``part`` and ``horizon`` are null, and ``n`` are scored pixels; scores are those that
        `entropice.pipelines.kinds.change.judging.scores_of_test` lists.

    Raises
    ------
    LabelError
        No block of the test has a changed pixel, or none an unchanged one.
    """
    from entropice.pipelines.kinds.change.judging import scores_of_test

    return scores_of_test(held_out, calibration, evaluation, random_seed)


def show(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    calibration: dict[str, Any],
    samples: ChangeSampleParameters,
    training: TrainingParameters,
    evaluation: ChangeEvaluationParameters,
) -> tuple[list[MapLayer], Panel]:
    """Chances of change where the test pairs are, and some of these pairs.

    Parameters
    ----------
    network, images, splits, statistics, calibration
        The task's datasets of these names; `splits` has ``key split n_positive``.
    samples, training, evaluation
        How pairs become samples, where the network is computed, and how many pairs are shown.

    Returns
    -------
    list
        The dataset ``map_layers``: one layer, the calibrated chance (0 to 1) of each pixel, the mean where pairs
        overlap, NaN where a band of one of the images is not known.
    Panel
        The dataset ``panel``: rows of before, after, what is true and the chance, the pairs with most changed pixels
        first.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
    from entropice.pipelines.kinds.change.answers import layers_and_panel

    return layers_and_panel(network, images, splits, statistics, calibration, samples, training, evaluation)


def tell_facts(
    task_scores: DataFrame,
    splits: DataFrame,
    tiles: DataFrame,
    bands: list[str],
    evaluation: ChangeEvaluationParameters,
) -> dict[str, Any]:
    """What only this kind knows of a model card.

    Returns
    -------
    dict
        The dataset ``card_facts``: ``inputs outputs learned_from tested_on limits expectations``, sentences; numbers
        are of the pairs of `splits`, sizes those of the first row of `tiles`, and what was published stands beside the
        network's scores. ``limits`` is a list of them, ``expectations`` a list of ``what published ours``
        (`entropice.pipelines.kinds.expectations.told_beside`).
    """
    from entropice.pipelines.kinds.change.answers import facts_of

    return facts_of(task_scores, splits, tiles, bands, evaluation)
