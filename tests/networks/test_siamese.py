"""Siamese networks: one eye for both images, and a decoder of three convolutions."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network


def network(**options):
    return build_network(NetworkSpecification("siamese", None, ("red", "nir"), options=options), 1)


def test_four_shared_blocks_and_three_convolutions():
    built = network()
    assert [block[-3].out_channels for block in built.blocks] == [32, 64, 128, 256]
    assert [(type(layer), layer.out_channels) for layer in built.decoder] == [(nn.Conv2d, n) for n in (128, 64, 1)]


@pytest.mark.parametrize(("rows", "columns"), [(32, 32), (33, 50)])
def test_any_size_keeps_its_pixels(rows, columns):
    built = network(widths=[4, 6, 8])
    with torch.no_grad():
        assert built(torch.randn(2, 2, 2, rows, columns)).shape == (2, 1, rows, columns)


def test_before_and_after_may_be_exchanged():
    built, pairs = network(widths=[4, 6, 8, 8]).eval(), torch.randn(2, 2, 2, 32, 32)
    with torch.no_grad():
        torch.testing.assert_close(built(pairs), built(pairs.flip(1)))


def test_where_nothing_changes_all_pixels_but_the_outermost_get_one_logit():
    built, image = network(widths=[4, 6, 8]).eval(), torch.randn(1, 1, 2, 32, 32)
    with torch.no_grad():
        logits = built(image.expand(1, 2, 2, 32, 32))[..., 8:-8, 8:-8]
        other = built(torch.cat([image, image.roll(5, -1)], dim=1))[..., 8:-8, 8:-8]
    torch.testing.assert_close(logits, logits[..., :1, :1].expand(logits.shape))
    assert other.std() > 0


def test_it_learns_where_a_square_appears():
    generator, built = torch.Generator().manual_seed(2), network(widths=[6, 8, 8])
    before = torch.randn(4, 1, 2, 24, 24, generator=generator)
    target = torch.zeros(4, 1, 24, 24)
    for number in range(4):
        target[number, 0, 4 * number : 4 * number + 8, 6:14] = 1
    pairs = torch.cat([before, before + 2 * target[:, :, None]], dim=1)
    optimiser = torch.optim.Adam(built.parameters(), 1e-2)
    for _ in range(40):
        optimiser.zero_grad()
        logits = built(pairs)
        functional.binary_cross_entropy_with_logits(logits, target).backward()
        optimiser.step()
    said = logits.detach() > 0
    assert (said & (target > 0)).sum() / (said | (target > 0)).sum() > 0.8
