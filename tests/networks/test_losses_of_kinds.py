"""Losses of classes and frames: numbers by hand, other libraries, and what is not scored."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight
from torch.nn import functional

from entropice.errors import ConfigError
from entropice.networks.loss_parameters import weights_of_classes
from entropice.networks.loss_registry import LOSSES, LossTerm, loss_of

OF_FRAMES = [loss.name for loss in LOSSES if "frames" in loss.kinds]
OUTPUTS, TARGET = torch.tensor([0.0, 1.0, 2.0, 5.0]), torch.tensor([0.5, 1.0, 0.0, math.nan])


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (LossTerm("mean_squared_error"), (0.25 + 0 + 4) / 3),
        (LossTerm("mean_absolute_error"), (0.5 + 0 + 2) / 3),
        (LossTerm("huber"), (0.125 + 0 + (2 - 0.5)) / 3),
        (LossTerm("huber", parameters={"delta": 0.2}), (0.2 * (0.5 - 0.1) + 0 + 0.2 * (2 - 0.1)) / 3),
    ],
    ids=lambda value: value.name if isinstance(value, LossTerm) else "",
)
def test_losses_of_frames_equal_the_numbers_worked_by_hand(term, expected):
    assert float(loss_of([term], "frames")(OUTPUTS, TARGET, ~TARGET.isnan())) == pytest.approx(expected)


@pytest.mark.parametrize("name", OF_FRAMES)
@given(seed=st.integers(0, 2**16), share=st.floats(0, 1))
def test_what_is_not_scored_has_a_gradient_of_exactly_zero_and_no_say(name, seed, share):
    generator = torch.Generator().manual_seed(seed)
    outputs, target = (torch.randn(2, 3, 1, 4, 4, generator=generator) for _ in range(2))
    scored = torch.rand(target.shape, generator=generator) < share
    outputs.requires_grad_()
    loss = loss_of([LossTerm(name)], "frames")
    gradients = []
    for hidden in (0.0, 1e9, math.nan, math.inf):
        value = loss(outputs, torch.where(scored, target, hidden), scored)
        gradients.append(torch.autograd.grad(value, outputs)[0])
        assert (gradients[-1][~scored] == 0).all()
        assert torch.equal(gradients[-1], gradients[0])
    assert (gradients[0][scored] != 0).all() or name != "mean_squared_error"


def test_classes_as_torch_weighs_them_but_for_the_divisor():
    logits, target = torch.randn(6, 3, generator=torch.Generator().manual_seed(1)), torch.tensor([0, 1, 2, 2, 1, 0])
    scored = torch.tensor([True] * 5 + [False])
    term = LossTerm("class_cross_entropy", parameters={"weights": (0.5, 1.0, 3.0)})
    loss = loss_of([term], "class", {"n_of_class": [1, 1, 1]})(logits, target, scored)
    weights = torch.tensor([0.5, 1.0, 3.0])
    summed = functional.cross_entropy(logits[:5], target[:5], weight=weights, reduction="sum")
    assert float(loss) == pytest.approx(float(summed) / 5)


def test_an_image_that_is_not_scored_has_no_gradient_whatever_its_class():
    logits = torch.randn(3, 2, generator=torch.Generator().manual_seed(1)).requires_grad_()
    loss = loss_of([LossTerm("class_cross_entropy")], "class", {"n_of_class": [3, 1]})
    loss(logits, torch.tensor([0, -1, 1]), torch.tensor([True, False, True])).backward()
    assert (logits.grad[1] == 0).all()
    assert (logits.grad[[0, 2]] != 0).all()


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=6))
def test_balanced_weights_are_those_of_scikit_learn(n_of_class):
    labels = np.repeat(np.arange(len(n_of_class)), n_of_class)
    expected = compute_class_weight("balanced", classes=np.arange(len(n_of_class)), y=labels)
    assert weights_of_classes("balanced", n_of_class) == pytest.approx(expected)
    assert weights_of_classes("equal", n_of_class) == (1.0,) * len(n_of_class)


@pytest.mark.parametrize(
    ("term", "kind", "field"),
    [
        (LossTerm("focal"), "class", "loss"),
        (LossTerm("class_cross_entropy"), "mask", "loss"),
        (LossTerm("mean_squared_error"), "change", "loss"),
        (LossTerm("huber", parameters={"delta": 0.0}), "frames", "loss.huber.delta"),
        (LossTerm("class_cross_entropy", parameters={"weights": "balance"}), "class", "loss.class_cross_entropy"),
    ],
)
def test_losses_of_another_kind_are_refused(term, kind, field):
    with pytest.raises(ConfigError, match=f"field: {field}"):
        loss_of([term], kind, {"n_of_class": [1, 1]})


@pytest.mark.parametrize(("weights", "n_of_class"), [("balanced", [3, 0]), ((1.0, 2.0), [1, 1, 1])])
def test_weights_that_cannot_be_are_refused_before_a_step(weights, n_of_class):
    term = LossTerm("class_cross_entropy", parameters={"weights": weights})
    with pytest.raises(ConfigError, match=r"field: loss\.class_cross_entropy\.weights"):
        loss_of([term], "class", {"n_of_class": n_of_class})


def test_changes_are_learned_as_masks():
    logits, target = torch.zeros(2, 3, 3), torch.zeros(2, 3, 3)
    assert float(loss_of([LossTerm("cross_entropy")], "change")(logits, target, target == 0)) == pytest.approx(
        math.log(2)
    )
