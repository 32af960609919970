"""Lovász hinge and boundary loss: brute force, numbers worked by hand, and what is not scored."""

import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from entropice.imagery.distances import REACH_PX
from entropice.networks.libraries import smp
from entropice.networks.loss_parameters import BoundaryParameters
from entropice.networks.loss_registry import LossTerm, loss_of, need_distances
from entropice.networks.objective import mask_objective
from entropice.networks.shape_losses import boundary, lovasz


@st.composite
def problems(draw):
    random = torch.Generator().manual_seed(draw(st.integers(0, 10_000)))
    shape = (draw(st.integers(1, 3)), 3, draw(st.integers(1, 4)))
    logits = draw(st.sampled_from([0.3, 1.0, 3.0])) * torch.randn(shape, generator=random)
    target = (torch.rand(shape, generator=random) < draw(st.floats(0.0, 1.0))).to(torch.uint8)
    scored = torch.rand(shape, generator=random) < draw(st.floats(0.0, 1.0))
    return logits, target, scored


def jaccard_loss(true, wrong):
    """1 − IoU of what is there and what is said where some pixels are wrong; nothing there and said has none."""
    said = true ^ wrong
    union = (said | true).sum()
    return 1 - (said & true).sum() / union if union else 0.0


def lovasz_by_brute_force(logits, true):
    """The extension as an integral: the mean loss of the sets of pixels whose error is above a level."""
    errors = np.maximum(0, 1 - logits * (2.0 * true - 1))
    levels = np.unique(np.append(errors, 0.0))
    steps = pairwise(levels)
    return sum((high - low) * jaccard_loss(true, errors > low) for low, high in steps)


@given(problems())
def test_lovasz_is_the_extension_of_the_loss_of_iou_over_sets_of_wrong_pixels(problem):
    logits, target, scored = problem
    images = zip(*(part.numpy() for part in (logits.double(), target.bool(), scored)), strict=True)
    expected = [lovasz_by_brute_force(of_image[known], true[known]) for of_image, true, known in images]
    assert float(lovasz(*problem)) == pytest.approx(np.mean(expected), abs=2e-6)


@given(problems())
def test_errors_of_nought_and_one_cost_one_less_the_iou(problem):
    logits, target, scored = problem
    is_wrong = logits > 0
    # right by a margin of 1, or wrong by none
    sure = torch.where(is_wrong, 0.0, 2.0 * target - 1)
    expected = [
        jaccard_loss(true[known], wrong[known])
        for true, wrong, known in zip(target.bool().numpy(), is_wrong.numpy(), scored.numpy(), strict=True)
    ]
    assert float(lovasz(sure, target, scored)) == pytest.approx(np.mean(expected), abs=1e-6)


@given(problems())
def test_lovasz_is_smps_where_every_image_has_scored_pixels(problem):
    logits, target, scored = problem
    scored = scored.clone()
    scored[:, 0, 0] = True
    marked = torch.where(scored, target.long(), 255)
    library = smp.losses.LovaszLoss("binary", per_image=True, ignore_index=255)(logits[:, None], marked)
    assert float(lovasz(logits, target, scored)) == pytest.approx(float(library), abs=2e-6)


def test_lovasz_by_hand():
    """Errors 1.5 (missed), .8 (wrongly said), .2 (there); 1 − IoU of them rises ½, ⅔, 1."""
    logits, target = torch.tensor([[-0.5, -0.2, 0.8]]), torch.tensor([[1, 0, 1]])
    by_hand = 1.5 * 1 / 2 + 0.8 * (2 / 3 - 1 / 2) + 0.2 * (1 - 2 / 3)
    assert float(lovasz(logits, target, torch.ones(1, 3, dtype=torch.bool))) == pytest.approx(by_hand)


def test_an_image_without_scored_pixels_counts_as_right():
    logits, target = torch.tensor([[-0.5, 0.5], [9.0, -9.0]]), torch.tensor([[1, 1], [0, 1]])
    scored = torch.tensor([[True, True], [False, False]])
    alone = lovasz(logits[:1], target[:1], scored[:1])
    assert float(lovasz(logits, target, scored)) == pytest.approx(float(alone) / 2)


def test_boundary_by_hand():
    """Chances .5, .8, .9, .2 at −1.5, −.5, .5 and 30 px, of which 2 px are reached."""
    chances, distances_px = torch.tensor([0.5, 0.8, 0.9, 0.2]), torch.tensor([-1.5, -0.5, 0.5, 30.0])
    scored = torch.ones(4, dtype=torch.bool)
    by_hand = (0.5 * -0.75 + 0.8 * -0.25 + 0.9 * 0.25 + 0.2 * 1.0) / 4
    assert float(boundary(chances.logit(), distances_px, scored, reach_px=2.0)) == pytest.approx(by_hand)
    scored[3] = False
    assert float(boundary(chances.logit(), distances_px, scored, reach_px=2.0)) == pytest.approx(
        (by_hand * 4 - 0.2) / 3
    )


@given(problems(), st.floats(0.5, 64.0))
def test_no_shape_has_a_lower_boundary_loss_than_the_truth_and_none_is_beyond_one(problem, reach_px):
    logits, target, _ = problem
    scored = torch.ones_like(target, dtype=torch.bool)
    distances_px = torch.where(target > 0, -1.0, 1.0) * (0.5 + logits.abs())
    truth = boundary(100 * (2.0 * target - 1), distances_px, scored, reach_px=reach_px)
    other = boundary(logits.flip(0), distances_px, scored, reach_px=reach_px)
    assert -1 <= float(truth) <= float(other) + 1e-6 <= 1 + 1e-6


@pytest.mark.parametrize("loss", [lovasz, boundary])
@given(problems())
def test_what_is_not_scored_contributes_nothing(loss, problem):
    logits, target, scored = problem
    whole = logits.clone().requires_grad_()
    value = loss(whole, target.float(), scored)
    value.backward()
    assert bool((whole.grad[~scored] == 0).all())
    other = torch.where(scored, target.float(), math.nan)
    assert float(loss(torch.where(scored, logits, 7.0), other, scored)) == value.item()


@pytest.mark.parametrize("loss", [lovasz, boundary])
@pytest.mark.parametrize("size", [1.0, 1e4])
def test_logits_of_any_size_and_nothing_scored_give_finite_losses_and_gradients(loss, size):
    logits = (size * torch.tensor([[1.0, -1.0, 1.0, -1.0]])).requires_grad_()
    for scored in (torch.ones(1, 4, dtype=torch.bool), torch.zeros(1, 4, dtype=torch.bool)):
        value = loss(logits, torch.tensor([[1.0, 1.0, 0.0, 0.0]]), scored)
        (gradient,) = torch.autograd.grad(value, logits)
        assert bool(torch.isfinite(value) and torch.isfinite(gradient).all())
    assert value.item() == 0.0
    assert bool((gradient == 0).all())


def test_each_loss_of_a_sum_learns_from_its_own_plane_of_the_target():
    random = torch.Generator().manual_seed(1)
    logits, distances_px = torch.randn(2, 1, 3, 3, generator=random), torch.randn(2, 3, 3, generator=random)
    mask, scored = (distances_px < 0).float(), torch.ones(2, 3, 3, dtype=torch.bool)
    terms = [LossTerm("cross_entropy", 2.0), LossTerm("boundary", 0.5, {"reach_px": 1.0})]
    objective = mask_objective(loss_of(terms), "lake")

    total = objective.loss(logits, torch.stack([mask, distances_px], dim=1), scored)

    expected = loss_of(terms[:1])(logits[:, 0], mask, scored)
    expected += 0.5 * boundary(logits[:, 0], distances_px, scored, reach_px=1.0)
    torch.testing.assert_close(total, expected)
    counts = objective.counts(logits, torch.stack([mask, distances_px], dim=1), scored)
    assert counts == mask_objective(loss_of(terms[:1]), "lake").counts(logits, mask, scored)
    assert need_distances(["dice", "boundary"])
    assert not need_distances(["dice", "lovasz"])


def test_no_reach_is_longer_than_that_of_the_distances_that_are_kept():
    assert BoundaryParameters(reach_px=REACH_PX).reach_px == REACH_PX
    with pytest.raises(ValidationError):
        BoundaryParameters(reach_px=REACH_PX + 0.5)
