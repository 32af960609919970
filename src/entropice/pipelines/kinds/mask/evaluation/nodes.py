"""Nodes of evaluation: network and rivals on tiles that neither has learned from."""

from typing import TYPE_CHECKING, Any

from entropice.imagery.drift_rules import DriftRules
from entropice.io.arrays import Arrays
from entropice.io.networks import TrainedNetwork
from entropice.pipelines.kinds.mask.evaluation.parameters import EvaluationParameters
from entropice.pipelines.kinds.mask.parameters import MaskSampleParameters
from entropice.pipelines.training.parameters import TrainingParameters
from entropice.types import DataFrame

if TYPE_CHECKING:
    from entropice.imagery.map_layers import MapLayer
    from entropice.imagery.panels import Panel
    from entropice.imagery.samples import Samples
else:
    MapLayer = Panel = Samples = Any


def judge_held_out(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> Arrays:
    """What network and pixel models say of the validation and test tiles, counted by tile and bin of the logit.

    Parameters
    ----------
    network
        A trained network, with the bands that it sees.
    images, splits, statistics
        Tiles, ``key block split n_positive`` of them, and what inputs are standardised with.
    samples, training, evaluation
        How tiles become samples, where the network is computed, looks that are averaged, rivals and what they learn
        from.

    Returns
    -------
    Arrays
        The dataset ``held_out``: ``keys_<split>`` and ``blocks_<split>`` (n_tile,), and by model and split the arrays
        ``<model>_<split>_counts _columns _starts _width`` of a sparse matrix (n_tile, (1 + n_part) · 4096): scored
        pixels, negative ones, then positive ones of each class of sizes (one class where sizes are not told apart), by
        bin of the raw logit, of which bin j holds −16 + j / 128 up to the next edge and the outermost all beyond. The
        metadata ``models`` names them, the network first. What is not scored counts nowhere.

    Raises
    ------
    ConfigError
        A rule of thresholds, or what is averaged, is not known.
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    LabelError
        The tiles that rivals learn from hold one class only.
    """
    from entropice.pipelines.kinds.mask.evaluation.judging import held_out_counts

    return held_out_counts(network, images, splits, statistics, samples, training, evaluation)


def calibrate(
    held_out: Arrays, splits: DataFrame, tiles: DataFrame, evaluation: EvaluationParameters
) -> dict[str, Any]:
    """A calibration of every model on the validation tiles, and its thresholds, everywhere and by sector.

    Parameters
    ----------
    held_out
        Of `judge_held_out`.
    splits, tiles
        ``key block``, and ``key left_m top_m pixel_m n_pixels``: in which sector of longitude a block lies.
    evaluation
        The ratio of negative to positive pixels at which is calibrated, and the rules of thresholds.

    Returns
    -------
    dict
        The dataset ``calibration``: by model ``calibration`` (``slope intercept ratio``: slope · z + intercept is the
        logit at that ratio); ``thresholds`` by rule (``precision recall f_half iou``), each with ``logit is_reached
        precision recall iou f_half rule ratio chosen_on n_positive``, the logit raw, null where none does what the rule
        asks; ``regional``: ``thresholds`` of the rule in use by sector (``180W-90W 90W-0 0-90E 90E-180E``), or null and
        ``why`` where a sector with validation tiles has fewer than 1,000 positive pixels.

    Raises
    ------
    LabelError
        There are no positive or no negative validation pixels, or logits do not tell them apart.
    """
    from entropice.pipelines.kinds.mask.evaluation.pixels import calibrations

    return calibrations(held_out, splits, tiles, evaluation)


def score_images(
    held_out: Arrays, calibration: dict[str, Any], evaluation: EvaluationParameters, random_seed: int
) -> DataFrame:
    """Scores of every model on the test tiles at every ratio, and the network's lead, with intervals over blocks.

    `held_out` and `calibration` are those of `judge_held_out` and `calibrate`: counts of pixels by tile and bin of the
    logit, and by model ``calibration`` and ``thresholds``. Pixels are chosen from the threshold of the parameters'
    rule; blocks are drawn with replacement, and ``low_95`` and ``high_95`` are the ends of the central 95 % of the
    replicates.

    Returns
    -------
    DataFrame
        The dataset ``image_scores``: ``model compared_with ratio score value mean low_95 high_95 n_blocks
        n_undefined``; ``score`` is one of ``pr_auc precision_at_recall_50 precision_at_recall_80 iou precision recall
        f_half log_score log_skill slope intercept predicted_over_observed predicted_over_observed_at_the_top ece``
        (`entropice.imagery.pixel_score_table.PIXEL_SCORES`), ``ratio`` is of negative to positive pixels,
        ``compared_with`` null or the model whose score is taken from the network's, ``mean`` that of the replicates,
        ``n_undefined`` those without a score.

    Raises
    ------
    LabelError
        No block of the test has a positive pixel, or none a negative one.
    """
    from entropice.pipelines.kinds.mask.evaluation.pixels import scores_of_test

    return scores_of_test(held_out, calibration, evaluation, random_seed)


def score_chips(
    held_out: Arrays, calibration: dict[str, Any], tiles: DataFrame, evaluation: EvaluationParameters
) -> tuple[DataFrame, DataFrame]:
    """How every model marks each held-out chip, and what every threshold would have chosen of all of them.

    `held_out` and `calibration` are those of `judge_held_out` and `calibrate` (counts of pixels by tile and bin of the
    logit; by model ``calibration`` and ``thresholds``), `tiles` has ``key year`` and ``region``, or else ``left_m top_m
    pixel_m n_pixels``, of which sectors of longitude are made.

    Returns
    -------
    DataFrame
        The dataset ``chip_scores``: ``key block split region year model cut n_true n_said n_both iou``; ``cut`` is
        ``chosen``, the threshold of the validation tiles, or ``half``, a chance of .5; ``iou`` is NaN where nothing is
        true or said.
    DataFrame
        The dataset ``threshold_sweep``: ``model split threshold is_chosen iou precision recall``, thresholds rising:
        calibrated chances .05, .10 … .95, and that in use, where ``is_chosen`` holds.
    """
    from entropice.pipelines.kinds.mask.evaluation.chips import chips_of, sweeps_of

    return chips_of(held_out, calibration, tiles, evaluation), sweeps_of(held_out, calibration, evaluation)


def tell_scores(
    image_scores: DataFrame,
    chip_scores: DataFrame,
    held_out: Arrays,
    calibration: dict[str, Any],
    evaluation: EvaluationParameters,
    random_seed: int,
) -> DataFrame:
    """The scores as every kind tells them: ratios, regions and sizes of objects are parts.

    Returns
    -------
    DataFrame
        The dataset ``task_scores``: ``model compared_with score part horizon value low_95 high_95 n_blocks n``;
        ``part`` is ``1:<ratio>`` of the scores of `image_scores`; null, or a region with 1,000 positive test pixels or
        more, of ``global_iou``, ``chip_iou`` and the same with ``_half``; or a class of sizes of ``recall_by_area``.
        ``horizon`` is null, ``n`` counts blocks, chips or pixels in turn. Tables without rows add none.
    """
    import numpy as np
    import pandas as pd

    from entropice.pipelines.kinds.mask.evaluation.chips import chip_scores_of_test, size_scores_of_test

    told = image_scores.assign(
        part=[f"1:{ratio:g}" for ratio in image_scores["ratio"]], horizon=np.nan, n=image_scores["n_blocks"]
    )
    columns = ["model", "compared_with", "score", "part", "horizon", "value", "low_95", "high_95", "n_blocks", "n"]
    of_chips = chip_scores_of_test(chip_scores, evaluation, random_seed)
    of_sizes = size_scores_of_test(held_out, calibration, evaluation, random_seed)
    # An empty table would have a say in the dtypes of the columns.
    tables = [table[columns] for table in (told, of_chips, of_sizes) if len(table)]
    return pd.concat(tables, ignore_index=True)


def draw_curves(held_out: Arrays, calibration: dict[str, Any], evaluation: EvaluationParameters) -> DataFrame:
    """Precision against recall, and frequency against chance, of every model on the test tiles at every ratio.

    Of `held_out` (`judge_held_out`) the arrays ``keys_test blocks_test`` (n_tile,) and ``<model>_test_counts _columns
    _starts _width`` are read, pixels by bin of the raw logit, and the metadata ``models``; of `calibration`
    (`calibrate`) the ``calibration`` of each model, ``slope intercept ratio``, is what matters.

    Returns
    -------
    DataFrame
        The dataset ``image_curves``: ``model ratio curve x y n``. ``curve`` is ``precision_recall``: x recall, rising,
        y precision where pixels from a bin of the logit up are chosen, at the bins (of those that hold a pixel) that
        come next to 200 recalls at equal steps from the first to 1; or ``reliability``: x mean calibrated chance,
        rising, y the share that is positive, of each tenth of all pixels by chance. ``n`` is how many pixels a point
        speaks of, those chosen or a tenth of all, each positive as 1 and all negatives together as the ratio times the
        positives.

    Raises
    ------
    LabelError
        There are no positive or no negative test pixels.
    """
    from entropice.pipelines.kinds.mask.evaluation.pixels import curves_of_test

    return curves_of_test(held_out, calibration, evaluation)


def judge_objects(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    calibration: dict[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> tuple[DataFrame, DataFrame]:
    """Objects that the network finds in validation and test tiles with those that are there, and the ground scored.

    Parameters
    ----------
    network, images, splits, statistics, calibration
        The task's datasets of these names; `splits` has ``key block split``.
    samples, training, evaluation
        How tiles become samples, where the network is computed, and what is an object.

    Returns
    -------
    DataFrame
        The dataset ``held_out_objects``: ``split block tile kind year x_m y_m n_pixels area_m2 extent_m mean_logit iou
        is_judged matched_at_<iou>…``, a row a found (``kind`` found) or a true object (true); ``x_m y_m``, area and
        largest extent are in the plane of EPSG:3413. ``iou`` is the largest with an object of the other kind,
        ``is_judged`` whether half of its pixels or more are scored, and ``matched_at_…`` whether it is one of the
        pairs, each object in one at most, of at least that IoU. A true object has the mean logit of its own pixels.
    DataFrame
        The dataset ``held_out_ground``: ``split block tile n_negative n_positive``, scored pixels of each tile.

    Raises
    ------
    LabelError
        No threshold does what the rule asks, so that nothing could be found.
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
    from entropice.pipelines.kinds.mask.evaluation.judging import held_out_object_tables

    return held_out_object_tables(network, images, splits, statistics, calibration, samples, training, evaluation)


def calibrate_objects(
    objects: DataFrame, ground: DataFrame, calibration: dict[str, Any], evaluation: EvaluationParameters
) -> dict[str, Any]:
    """The log-odds that a found object of the validation tiles is true, and the chance that a true one is found.

    `objects` and `ground` are those of `judge_objects`.

    Returns
    -------
    dict
        The dataset ``object_calibration``: ``threshold_logit min_px true_at line n_true n_wrong detection notes
        prevalence base_rates``; ``line`` (``slope intercept ratio``) leads from mean logits to log-odds, ``detection``
        has by class of extents ``low_m high_m n n_found chance``, the chance (n_found + ½) / (n + 1), or that of all
        sizes where n is 0; ``base_rates`` has ``ratio base_rate``, shares of true ones by ratio of pixels; ``notes``
        are sentences (`entropice.imagery.object_calibration`).

    Raises
    ------
    LabelError
        In the validation tiles nothing was found or nothing is there, or no threshold does what the rule asks.
    """
    from entropice.pipelines.kinds.mask.evaluation.objects import object_calibration

    return object_calibration(objects, ground, calibration, evaluation)


def score_objects(
    objects: DataFrame, ground: DataFrame, evaluation: EvaluationParameters, random_seed: int
) -> DataFrame:
    """Scores of the network's objects in the test tiles at every ratio, and which sizes it finds.

    `objects` and `ground` are those of `judge_objects`.

    Returns
    -------
    DataFrame
        The dataset ``object_scores``: ``score min_iou ratio low_m high_m value mean low_95 high_95 n_blocks n_undefined
        n_true n_found``. ``score`` is ``precision``, ``recall`` or ``f_one`` at each bound of IoU and ratio, NaN for
        ``low_m`` and ``high_m``; or ``recall_of_size`` by class of extents, with Wilson's interval and NaN for the
        ratio, and ``advises_resolutions``, 1 where that recall falls behind by more than the parameters let it, else 0.
    """
    from entropice.pipelines.kinds.mask.evaluation.objects import object_scores

    return object_scores(objects, ground, evaluation, random_seed)


def measure_drift(
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    bands: list[str],
    samples: MaskSampleParameters,
    rules: DriftRules,
    random_seed: int,
) -> dict[str, Any]:
    """How far every band of the test tiles is from the training tiles, and which have drifted.

    Returns
    -------
    dict
        The dataset ``drift``: ``bands``, rows ``band shift_sd sd_ratio psi has_drifted reasons``, and ``drifted``,
        names. Against the training's μ₀ and σ₀ they are (μ − μ₀) / σ₀, σ / σ₀ and the population stability index; one
        beyond its limit of `rules` is a reason, one at it is not. Known pixels alone count; a drift is told, and stops
        nothing.

    Raises
    ------
    InputFileError
        The statistics are of other images.
    SchemaError
        A band of the test tiles has no valid pixel, or one value only.
    """
    from entropice.pipelines.kinds.mask.evaluation.drift import drift_of_test

    return drift_of_test(images, splits, statistics, bands, samples, rules, random_seed)


def map_chances(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    calibration: dict[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> list[MapLayer]:
    """The calibrated chance of every pixel of the test tiles, as one layer of a map.

    Returns
    -------
    list
        The dataset ``map_layers``: one layer ``chance`` in EPSG:3413, chances 0 to 1 at the ratio ``calibrated_at``,
        the mean where tiles overlap, NaN where no tile lies or no sensor knows the pixel.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    IndexError
        There is no test tile.
    """
    from entropice.pipelines.kinds.mask.showing import chance_layers

    return chance_layers(network, images, splits, statistics, calibration, samples, training, evaluation)


def draw_panel(
    network: TrainedNetwork,
    images: Samples,
    splits: DataFrame,
    statistics: dict[str, Any],
    calibration: dict[str, Any],
    samples: MaskSampleParameters,
    training: TrainingParameters,
    evaluation: EvaluationParameters,
) -> Panel:
    """Test tiles with most of what is looked for: what they look like, what is there, what the network says.

    The dataset ``panel``: up to four rows, each of another corner, those with most positive pixels first, then by key;
    pictures ``image there chance``. What is there is NaN where it is not scored, the calibrated chance where no sensor
    knows the pixel.

    Raises
    ------
    ModelFileError
        The network was trained with other statistics.
    InputFileError
        The statistics are of other bands or another version of the data.
    """
    from entropice.pipelines.kinds.mask.showing import mask_panel

    return mask_panel(network, images, splits, statistics, calibration, samples, training, evaluation)


def tell_facts(splits: DataFrame, bands: list[str], evaluation: EvaluationParameters) -> dict[str, Any]:
    """What the model card says of inputs, outputs, tiles and limits.

    The dataset ``card_facts``: ``inputs outputs learned_from tested_on limits``, sentences (``limits`` a list of two),
    and ``expectations``, an empty list; tiles are counted by ``split`` of `splits`.
    """
    from entropice.pipelines.kinds.mask.showing import mask_facts

    return mask_facts(splits, bands, evaluation)
