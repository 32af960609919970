"""How chances of pixels are calibrated and scored, from counts of held-out tiles."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import pandas as pd

from entropice.errors import LabelError
from entropice.imagery.calibration import Calibration, fit_line
from entropice.imagery.image_curves import curve_table
from entropice.imagery.pixel_score_table import ScoredModel, pixel_difference_table, pixel_score_table
from entropice.imagery.score_histograms import steps_of_counts
from entropice.imagery.sectors import SECTORS, Names, sectors_of_blocks
from entropice.imagery.splits import TEST, VALIDATION
from entropice.imagery.threshold_rules import RULES, rule_named
from entropice.imagery.thresholds import Threshold, choose_threshold, regional_thresholds
from entropice.imagery.tile_counts import from_arrays
from entropice.io.arrays import Arrays
from entropice.learning.scores.table import block_replicates
from entropice.pipelines.kinds.mask.evaluation.parameters import NETWORK, EvaluationParameters
from entropice.types import DataFrame, IntArray

MIN_REGIONAL_POSITIVE: Final = 1000
"""Positive validation pixels that a sector needs to choose a threshold of its own."""


def calibrations(
    held_out: Arrays, splits: DataFrame, tiles: DataFrame, evaluation: EvaluationParameters
) -> dict[str, Any]:
    """By model its ``calibration``, and its ``thresholds`` by rule, raw logits chosen at the ratio ``calibrated_at``.

    ``regional`` holds ``thresholds`` of the rule in use by sector of longitude, or null and ``why`` where a sector with
    validation tiles has fewer than 1,000 positive pixels.

    `held_out` is what `held_out_counts` makes; `splits` has the columns ``key block``, `tiles` ``key left_m top_m
    pixel_m n_pixels``.

    Entries are those that the page of `entropice.pipelines.kinds.mask.evaluation.nodes.calibrate` lists. A sector's own
    threshold stands only where it reaches the rule; else that of all stands in, and ``chosen_on`` says ``everywhere``.

    Raises
    ------
    LabelError
        There are no positive or no negative validation pixels, or logits do not tell them apart.
    """
    counted = {model: from_arrays(held_out.arrays, model, VALIDATION).by_block() for model in models_of(held_out)}
    blocks, _ = next(iter(counted.values()))
    sectors = sectors_of_blocks(blocks, splits, tiles)
    return {model: _calibrated(counts, sectors, evaluation) for model, (_, counts) in counted.items()}


def _calibrated(counts: IntArray, sectors: Names, evaluation: EvaluationParameters) -> dict[str, Any]:
    steps = steps_of_counts(counts)
    chosen = {rule.name: choose_threshold(steps, evaluation.calibrated_at, rule) for rule in RULES}
    return {
        "calibration": fit_line(steps, evaluation.calibrated_at).to_json(),
        "thresholds": _plain(chosen),
        "regional": _regional(counts, sectors, evaluation),
    }


def _regional(counts: IntArray, sectors: Names, evaluation: EvaluationParameters) -> dict[str, Any]:
    steps = {name: steps_of_counts(counts[sectors == name]) for name in SECTORS if name in sectors}
    poor = [f"{name} ({each.n_positive:,})" for name, each in steps.items() if each.n_positive < MIN_REGIONAL_POSITIVE]
    if poor:
        why = f"fewer than {MIN_REGIONAL_POSITIVE:,} positive pixels of validation tiles in {', '.join(poor)}"
        return {"thresholds": None, "why": why}
    rule, everywhere = rule_named(evaluation.threshold), steps_of_counts(counts)
    chosen = regional_thresholds(steps, everywhere, evaluation.calibrated_at, rule, MIN_REGIONAL_POSITIVE)
    return {"thresholds": _plain(chosen), "why": None}


def _plain(thresholds: Mapping[str, Threshold]) -> dict[str, Any]:
    return {name: _finite(asdict(threshold)) for name, threshold in thresholds.items()}


def _finite(document: dict[str, Any]) -> dict[str, Any]:
    """Plain JSON: a threshold that nothing reaches is null."""
    return {name: None if value == np.inf else value for name, value in document.items()}


def scores_of_test(
    held_out: Arrays, calibration: Mapping[str, Any], evaluation: EvaluationParameters, random_seed: int
) -> DataFrame:
    """Rows ``model compared_with ratio score value mean low_95 high_95 n_blocks n_undefined`` of the test tiles.

    Scores are ``pr_auc precision_at_recall_50 precision_at_recall_80 iou precision recall f_half log_score log_skill
    slope intercept predicted_over_observed predicted_over_observed_at_the_top ece``, with pixels chosen from the
    threshold of the parameters' rule. Where a model is compared with another, values are its score less the other's,
    paired by block.

    Raises
    ------
    LabelError
        No block of the test has a positive pixel, or none a negative one.
    """
    models = _scored_models(held_out, calibration, evaluation)
    weights = block_replicates(len(models[NETWORK].counts), random_seed, evaluation.n_bootstrap)
    own = [
        pixel_score_table(model, weights, evaluation.ratios).assign(model=name, compared_with=None)
        for name, model in models.items()
    ]
    leads = [
        pixel_difference_table(models[NETWORK], model, weights, evaluation.ratios).assign(
            model=NETWORK, compared_with=name
        )
        for name, model in models.items()
        if name != NETWORK
    ]
    table = pd.concat([*own, *leads], ignore_index=True)
    return table[["model", "compared_with", *table.columns.drop(["model", "compared_with"])]]


def curves_of_test(held_out: Arrays, calibration: Mapping[str, Any], evaluation: EvaluationParameters) -> DataFrame:
    """Rows ``model ratio curve x y n`` of the test tiles: curves ``precision_recall`` and ``reliability``.

    `held_out` and `calibration` are those of `held_out_counts` and `calibrations`; the points are those that
    `entropice.pipelines.kinds.mask.evaluation.nodes.draw_curves` tells of.

    Raises
    ------
    LabelError
        There are no positive or no negative test pixels.
    """
    return curve_table(_scored_models(held_out, calibration, evaluation), evaluation.ratios)


def threshold_of(calibration: Mapping[str, Any], rule: str) -> float:
    """Raw logit from which a rule chooses pixels of a model; infinite where no threshold does what it asks.

    >>> of_model = {"thresholds": {"iou": {"logit": 0.5}, "precision": {"logit": None}}}
    >>> threshold_of(of_model, "iou"), threshold_of(of_model, "precision")
    (0.5, inf)

    Raises
    ------
    ConfigError
        There is no rule of that name.
    """
    threshold = calibration["thresholds"][rule_named(rule).name]["logit"]
    return np.inf if threshold is None else float(threshold)


def object_threshold(calibration: Mapping[str, Any], evaluation: EvaluationParameters) -> float:
    """Raw logit of the network from which, it included, pixels make objects: that of the rule of the parameters.

    Raises
    ------
    LabelError
        No threshold does what the rule asks, so that nothing could be found.
    ConfigError
        There is no such rule.
    """
    threshold = threshold_of(calibration[NETWORK], evaluation.objects.threshold)
    if threshold == np.inf:
        raise LabelError(
            "No threshold of the network does what the rule asks, so there are no objects.",
            field="evaluation.objects.threshold",
            got=evaluation.objects.threshold,
            expected="a rule that validation pixels can keep",
            fix="take another rule of entropice/imagery/thresholds.py, or train the network for longer",
        )
    return threshold


def _scored_models(
    held_out: Arrays, calibration: Mapping[str, Any], evaluation: EvaluationParameters
) -> dict[str, ScoredModel]:
    return {name: _scored(held_out, name, calibration[name], evaluation) for name in models_of(held_out)}


def _scored(
    held_out: Arrays, name: str, calibration: Mapping[str, Any], evaluation: EvaluationParameters
) -> ScoredModel:
    return ScoredModel(
        from_arrays(held_out.arrays, name, TEST).by_block()[1],
        Calibration.from_json(calibration["calibration"]),
        threshold_of(calibration, evaluation.threshold),
    )


def models_of(held_out: Arrays) -> list[str]:
    """Names of the models that were judged, the metadata ``models``: the network first, then its rivals."""
    return list(held_out.metadata["models"])
