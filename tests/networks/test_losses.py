"""Losses: numbers worked by hand, other libraries where they agree, and what is not scored."""

import math
from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import ConfigError
from entropice.networks import losses
from entropice.networks.libraries import smp
from entropice.networks.loss_registry import LOSSES, LossTerm, loss_of

NEEDED = {"balanced_cross_entropy": {"positive_share": 0.1}}
POOLED = [loss for loss in LOSSES if "mask" in loss.kinds and loss.name not in ("lovasz", "boundary")]
ALL = [LossTerm(loss.name, parameters=NEEDED.get(loss.name)) for loss in POOLED]


def logit(chance):
    return math.log(chance / (1 - chance))


def given_by(chances, target, scored=None):
    scored = [True] * len(target) if scored is None else scored
    return torch.tensor([logit(chance) for chance in chances]), torch.tensor(target), torch.tensor(scored)


# two positives said with .8 and .5, two negatives said with .1 and .4: TP 1.3, FN .7, FP .5
BY_HAND = given_by([0.8, 0.5, 0.1, 0.4], [1, 1, 0, 0])


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (LossTerm("cross_entropy"), -(math.log(0.8) + math.log(0.5) + math.log(0.9) + math.log(0.6)) / 4),
        (
            LossTerm("cross_entropy", parameters={"positive_weight": 100.0}),
            -(100 * (math.log(0.8) + math.log(0.5)) + math.log(0.9) + math.log(0.6)) / 4,
        ),
        (
            LossTerm("focal"),
            -(
                0.25 * (0.2**2 * math.log(0.8) + 0.5**2 * math.log(0.5))
                + 0.75 * (0.1**2 * math.log(0.9) + 0.4**2 * math.log(0.6))
            )
            / 4,
        ),
        (LossTerm("tversky", parameters={"smooth": 0.0}), 1 - 1.3 / (1.3 + 0.7 * 0.7 + 0.3 * 0.5)),
        (LossTerm("tversky"), 1 - 2.3 / (2.3 + 0.7 * 0.7 + 0.3 * 0.5)),
        (LossTerm("dice", parameters={"smooth": 0.0}), 1 - 2 * 1.3 / (2 * 1.3 + 0.7 + 0.5)),
        (
            # shares .2 and .8: weights 1 / (2 · .2) = 2.5 and 1 / (2 · .8) = .625
            LossTerm("balanced_cross_entropy", parameters={"positive_share": 0.2, "balance": "linear"}),
            -(2.5 * (math.log(0.8) + math.log(0.5)) + 0.625 * (math.log(0.9) + math.log(0.6))) / 4,
        ),
        (
            # raw weights 1 / √.2 and 1 / √.8 are 2 : 1; 2 w · .2 + w · .8 = 1 gives w = 1 / 1.2
            LossTerm("balanced_cross_entropy", parameters={"positive_share": 0.2}),
            -(2 * (math.log(0.8) + math.log(0.5)) + math.log(0.9) + math.log(0.6)) / 1.2 / 4,
        ),
    ],
    ids=lambda value: value.name if isinstance(value, LossTerm) else "",
)
def test_losses_equal_the_numbers_worked_by_hand(term, expected):
    assert float(loss_of([term])(*BY_HAND)) == pytest.approx(expected, rel=1e-6)


def test_both_published_conventions_of_the_letters_have_their_own_value():
    """α = .3, β = .7: Salehi 2017 weighs false positives by α, Abraham 2019 false negatives."""
    alpha, beta = 0.3, 0.7
    salehi = losses.tversky(*BY_HAND, fp_weight=alpha, fn_weight=beta, smooth=0.0)
    abraham = losses.tversky(*BY_HAND, fn_weight=alpha, fp_weight=beta, smooth=0.0)
    assert float(salehi) == pytest.approx(1 - 1.3 / (1.3 + 0.3 * 0.5 + 0.7 * 0.7))  # .32990
    assert float(abraham) == pytest.approx(1 - 1.3 / (1.3 + 0.3 * 0.7 + 0.7 * 0.5))  # .30108
    logits, target, _ = (part.reshape(1, 1, 2, 2) for part in BY_HAND)
    # the library's letters are Salehi's
    library = smp.losses.TverskyLoss("binary", alpha=alpha, beta=beta)(logits, target)
    assert float(salehi) == pytest.approx(float(library))


@pytest.mark.parametrize(
    ("balance", "ratio"), [("linear", 0.9 / 0.1), ("sqrt", 3.0), ("log", math.log(1.92) / math.log(1.12))]
)
def test_weights_of_classes_are_in_their_published_ratio_and_one_on_average(balance, ratio):
    positive, negative = losses.class_weights(0.1, balance)
    assert positive / negative == pytest.approx(ratio)
    assert 0.1 * positive + 0.9 * negative == pytest.approx(1.0)


@st.composite
def problems(draw):
    random = torch.Generator().manual_seed(draw(st.integers(0, 10_000)))
    shape = (draw(st.integers(1, 3)), 4, draw(st.integers(1, 5)))
    scale = draw(st.sampled_from([0.1, 1.0, 10.0]))
    logits = scale * torch.randn(shape, generator=random)
    target = (torch.rand(shape, generator=random) < draw(st.floats(0.0, 1.0))).to(torch.uint8)
    scored = torch.rand(shape, generator=random) < draw(st.floats(0.0, 1.0))
    return logits, target, scored


@given(problems(), st.floats(0.5, 5.0), st.floats(0.0, 1.0))
def test_focal_loss_is_torchvisions_and_smps(problem, gamma, alpha):
    from torchvision.ops import sigmoid_focal_loss

    logits, target, _ = problem
    own = losses.focal(logits, target, torch.ones_like(target, dtype=torch.bool), gamma=gamma, alpha=alpha)
    other = sigmoid_focal_loss(logits, target.float(), alpha, gamma, "mean")
    torch.testing.assert_close(own, other, rtol=1e-4, atol=1e-6)
    library = smp.losses.FocalLoss("binary", alpha=alpha, gamma=gamma)(logits, target.float())
    torch.testing.assert_close(own, library, rtol=1e-4, atol=1e-6)


def test_background_that_is_sure_costs_nothing():
    """A second sigmoid, a known public bug, holds the loss of background at .173 and above: log odds are cut to 0…1."""
    sure = torch.full((100,), -30.0), torch.zeros(100), torch.ones(100, dtype=torch.bool)
    assert float(losses.focal(*sure, alpha=0.0)) < 1e-9
    twice = losses.focal(torch.sigmoid(sure[0]), *sure[1:], alpha=0.0, gamma=2.0)
    assert float(twice) == pytest.approx(math.log(2) / 4)  # .173


@given(problems(), st.sampled_from(ALL))
def test_what_is_not_scored_contributes_nothing(problem, term):
    logits, target, scored = problem
    loss = loss_of([term])
    whole = logits.clone().requires_grad_()
    value = loss(whole, target, scored)
    value.backward()
    assert bool((whole.grad[~scored] == 0).all())
    alone = loss(logits[scored], target[scored], scored[scored])
    torch.testing.assert_close(value.detach(), alone, rtol=1e-5, atol=1e-6)
    other = torch.where(scored, target, 255)
    assert float(loss(torch.where(scored, logits, 7.0), other, scored)) == value.item()


@pytest.mark.parametrize("term", [*ALL, LossTerm("tversky", parameters={"smooth": 0.0})], ids=lambda term: term.name)
def test_without_scored_pixels_loss_and_gradient_are_nought(term):
    logits = torch.randn(5, requires_grad=True)
    value = loss_of([term])(logits, torch.ones(5), torch.zeros(5, dtype=torch.bool))
    value.backward()
    assert value.item() == 0.0
    assert bool((logits.grad == 0).all())


@pytest.mark.parametrize("term", ALL, ids=lambda term: term.name)
@pytest.mark.parametrize("size", [1e2, 1e4])
def test_logits_of_any_size_give_finite_losses_and_gradients(term, size):
    logits = torch.tensor([size, -size, size, -size], requires_grad=True)
    value = loss_of([term])(logits, torch.tensor([1, 1, 0, 0]), torch.ones(4, dtype=torch.bool))
    value.backward()
    assert torch.isfinite(value)
    assert bool(torch.isfinite(logits.grad).all())


@pytest.mark.parametrize("term", ALL, ids=lambda term: term.name)
def test_the_nearer_to_the_target_the_smaller(term):
    target, scored = torch.tensor([1, 0, 0]), torch.ones(3, dtype=torch.bool)
    towards = torch.tensor([1.0, -1.0, -1.0])
    values = [float(loss_of([term])(towards * size, target, scored)) for size in (-2, -1, 0, 1, 2)]
    assert all(later < earlier for earlier, later in pairwise(values))


def test_a_sum_of_losses_is_their_weighted_sum():
    terms = [LossTerm("focal", 5.0), LossTerm("dice", 0.5), LossTerm("tversky", 2.0, {"fn_weight": 0.5})]
    parts = [float(loss_of([LossTerm(term.name, 1.0, term.parameters)])(*BY_HAND)) for term in terms]
    assert float(loss_of(terms)(*BY_HAND)) == pytest.approx(5 * parts[0] + 0.5 * parts[1] + 2 * parts[2])


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ([], "needs a loss"),
        ([LossTerm("focl")], "did you mean focal"),
        ([LossTerm("focal", parameters={"alpha": 1.5})], r"loss\.focal\.alpha"),
        ([LossTerm("focal", parameters={"beta": 1.0})], r"loss\.focal\.beta"),
        ([LossTerm("balanced_cross_entropy")], "positive_share"),
    ],
)
def test_unknown_losses_and_parameters_are_named(terms, message):
    with pytest.raises(ConfigError, match=message):
        loss_of(terms)
