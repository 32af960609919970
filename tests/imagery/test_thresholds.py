"""Thresholds do what their rule asks, or say that they cannot."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pixel_problems import gaussian_pixels

from entropice.errors import ConfigError, LabelError
from entropice.imagery.pixel_scores import at_threshold
from entropice.imagery.prevalence import curve_at
from entropice.imagery.score_steps import steps_of
from entropice.imagery.threshold_rules import RULES, rule_named
from entropice.imagery.thresholds import EVERYWHERE, choose_threshold, regional_thresholds

PRECISION, RECALL, F_HALF, IOU = (rule_named(name) for name in ("precision", "recall", "f_half", "iou"))


@given(seed=st.integers(0, 500), ratio=st.sampled_from([1, 5, 50]))
@settings(max_examples=25)
def test_the_precision_is_kept_and_no_lower_threshold_keeps_it(seed, ratio):
    steps = steps_of(*gaussian_pixels(seed, 300, 0.3, 3.0))
    chosen = choose_threshold(steps, ratio, PRECISION)
    curve = curve_at(steps, ratio)
    keeps = curve.precision >= 0.8
    assert chosen.is_reached == keeps.any()
    if chosen.is_reached:
        assert chosen.logit == curve.thresholds[keeps].min()
        assert at_threshold(steps, ratio, chosen.logit).precision[0] == chosen.precision >= 0.8


@given(seed=st.integers(0, 500), ratio=st.sampled_from([1, 50]))
@settings(max_examples=25)
def test_half_of_the_positives_are_found_and_no_higher_threshold_finds_them(seed, ratio):
    steps = steps_of(*gaussian_pixels(seed, 300, 0.3, 1.0))
    chosen = choose_threshold(steps, ratio, RECALL)
    curve = curve_at(steps, ratio)
    assert chosen.is_reached
    assert chosen.recall >= 0.5
    assert (curve.recall[curve.thresholds > chosen.logit] < 0.5).all()


@pytest.mark.parametrize("rule", [F_HALF, IOU], ids=lambda rule: rule.name)
def test_no_threshold_is_better_than_the_best(rule):
    steps = steps_of(*gaussian_pixels(1, 500, 0.2))
    chosen = choose_threshold(steps, 20, rule)
    best = max(getattr(at_threshold(steps, 20, logit), rule.name)[0] for logit in steps.thresholds)
    assert getattr(chosen, rule.name) == best


def test_a_precision_out_of_reach_chooses_nothing_and_tells_the_nearest():
    steps = steps_of(np.array([2.0, 1.0, 0.0]), np.array([False, True, False]))
    chosen = choose_threshold(steps, 10, PRECISION)
    assert not chosen.is_reached
    assert chosen.logit == np.inf
    assert chosen.precision == pytest.approx(1 / 6)


def test_a_region_with_few_positives_takes_the_threshold_of_all():
    steps = {
        name: steps_of(*gaussian_pixels(seed, n, 0.2, 3.0)) for name, seed, n in (("large", 1, 2000), ("small", 2, 40))
    }
    steps["empty"] = steps_of(np.zeros(5), np.zeros(5, dtype=bool))
    steps["hopeless"] = steps_of(np.arange(1000.0), np.arange(1000) < 300)
    everywhere = steps_of(*gaussian_pixels(3, 3000, 0.2, 3.0))
    chosen = regional_thresholds(steps, everywhere, 4, PRECISION, min_positive=100)
    assert {name: threshold.chosen_on for name, threshold in chosen.items()} == {
        "large": "large",
        "small": EVERYWHERE,
        "empty": EVERYWHERE,
        "hopeless": EVERYWHERE,
    }
    assert chosen["small"] == choose_threshold(everywhere, 4, PRECISION)
    assert chosen["large"] == choose_threshold(steps["large"], 4, PRECISION, "large")


def test_names_of_rules_are_their_own():
    assert len({rule.name for rule in RULES}) == len(RULES)
    with pytest.raises(ConfigError, match="did you mean precision"):
        rule_named("precison")


def test_pixels_without_positives_choose_nothing():
    with pytest.raises(LabelError):
        choose_threshold(steps_of(np.zeros(4), np.zeros(4, dtype=bool)), 10, IOU)
