"""The hardest of the scored pixels, and no others."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from entropice.errors import ConfigError
from entropice.networks.loss_registry import LossTerm, loss_of
from entropice.networks.scored_pixels import hardest_mean, n_hardest, scored_mean


@pytest.mark.parametrize(
    ("n_scored", "expected"), [(100_000, 50_000), (9_001, 4_501), (5_000, 4_096), (4_096, 4_096), (10, 10), (0, 0)]
)
def test_half_of_the_scored_pixels_are_kept_but_never_fewer_than_4096_or_all(n_scored, expected):
    assert n_hardest(n_scored, 0.5, 4096) == expected


@given(st.integers(0, 1000), st.floats(0.0, 1.0), st.floats(0.05, 0.99), st.integers(0, 30))
def test_the_mean_is_one_of_the_highest_scored_values_and_has_a_gradient_there_alone(seed, density, share, least):
    random = torch.Generator().manual_seed(seed)
    values = torch.randn(3, 5, generator=random, dtype=torch.float64).requires_grad_()
    scored = torch.rand(3, 5, generator=random) < density

    mean = hardest_mean(values, scored, share, least)
    (gradient,) = torch.autograd.grad(mean, values)

    n_kept = n_hardest(int(scored.sum()), share, least)
    highest = sorted(values[scored].tolist(), reverse=True)[:n_kept]
    assert mean.item() == pytest.approx(sum(highest) / max(n_kept, 1))
    kept = scored & (values >= min(highest, default=torch.inf))
    assert torch.equal(gradient, kept.double() / max(n_kept, 1))


def test_all_of_them_are_the_mean_to_the_bit():
    values, scored = torch.randn(999, generator=torch.Generator().manual_seed(2)), torch.arange(999) % 3 > 0
    assert torch.equal(hardest_mean(values, scored, 1.0, 50), scored_mean(values, scored))


@pytest.mark.parametrize("name", ["cross_entropy", "focal"])
def test_pixel_by_pixel_losses_are_those_of_the_hardest_alone(name):
    """The first and the last are right, the second is missed and the third not sure."""
    logits, target = torch.tensor([5.0, -4.0, 0.0, -6.0]), torch.tensor([1, 1, 0, 0])
    scored = torch.ones(4, dtype=torch.bool)
    mined = loss_of([LossTerm(name, parameters={"hardest_share": 0.5})])(logits, target, scored)
    hardest = loss_of([LossTerm(name)])(logits[1:3], target[1:3], scored[1:3])
    torch.testing.assert_close(mined, hardest)
    floor = loss_of([LossTerm(name, parameters={"hardest_share": 0.5, "least_pixels": 4096})])(logits, target, scored)
    torch.testing.assert_close(floor, loss_of([LossTerm(name)])(logits, target, scored))


@pytest.mark.parametrize("parameters", [{"hardest_share": 0.0}, {"hardest_share": 1.5}, {"least_pixels": -1}])
def test_shares_that_keep_nothing_or_more_than_all_are_refused(parameters):
    with pytest.raises(ConfigError, match=next(iter(parameters))):
        loss_of([LossTerm("focal", parameters=parameters)])
