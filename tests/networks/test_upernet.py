"""Means over cells of a level, against torch's own adaptive pooling."""

import pytest
import torch
from torch.nn import functional

from entropice.networks.upernet import POOLED, cell_means, pooled


@pytest.mark.parametrize("edges", [(6, 6), (7, 12), (14, 5), (1, 3)])
@pytest.mark.parametrize("n_cells", POOLED)
def test_means_are_those_of_adaptive_pooling(edges, n_cells):
    level = torch.randn(2, 3, *edges, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(pooled(level, n_cells), functional.adaptive_avg_pool2d(level, n_cells))


def test_the_coarsest_level_is_pooled_as_in_the_pyramid_that_was_published():
    """Zhao et al. 2017, arXiv:1612.01105."""
    assert POOLED == (1, 2, 3, 6)


def test_five_pixels_make_two_cells_that_share_the_one_between():
    expected = torch.tensor([[1, 1, 1, 0, 0], [0, 0, 1, 1, 1]]) / 3
    torch.testing.assert_close(cell_means(5, 2), expected)


def test_the_gradient_of_a_mean_is_shared_by_its_pixels():
    level = torch.zeros(1, 1, 4, 4, requires_grad=True)
    pooled(level, 2).sum().backward()
    torch.testing.assert_close(level.grad, torch.full((1, 1, 4, 4), 0.25))
