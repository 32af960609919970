"""Operations of a network, counted without computing, beside those of its convolutions worked out one by one."""

import pytest
import torch
from torch import nn

from entropice.errors import ConfigError
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.operations import count_operations

SIAMESE = NetworkSpecification("siamese", None, ("red", "green"), options={"widths": [4, 8]})


def _of_convolutions(network: nn.Module, inputs: torch.Tensor) -> int:
    """Two operations for each product: outputs × inputs of one output, of every convolution that is met."""
    counted = []

    def count(layer, _, output):
        counted.append(2 * output.numel() * layer.weight[0].numel())

    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(count)
    network.eval()(inputs)
    return sum(counted)


def test_convolutions_are_counted_as_by_hand():
    network = build_network(SIAMESE, seed=0)
    by_hand = _of_convolutions(network, torch.zeros(1, 2, 2, 16, 16))
    transposed = any(isinstance(layer, nn.ConvTranspose2d) for layer in network.modules())

    counted = count_operations(SIAMESE, (2, 2, 16, 16))

    assert not transposed
    assert counted.forward == by_hand
    assert counted.n_parameters == sum(each.numel() for each in network.parameters())


def test_four_times_the_pixels_are_four_times_the_work():
    small, large = (count_operations(SIAMESE, (2, 2, n, n)) for n in (16, 32))

    assert large.forward == 4 * small.forward
    assert large.kept_bytes == pytest.approx(4 * small.kept_bytes, rel=0.01)
    assert large.n_parameters == small.n_parameters


def test_what_training_keeps_holds_at_least_the_activations_of_its_convolutions():
    counted = count_operations(SIAMESE, (2, 2, 32, 32))

    assert counted.kept_bytes >= 4 * 2 * 4 * 32 * 32  # float32, both images, four channels, at full size


def test_networks_whose_depths_are_computed_are_counted_too():
    segformer = NetworkSpecification("segformer", "mit_b0", ("red", "green", "blue"))

    assert count_operations(segformer, (3, 64, 64)).forward > 0


def test_a_network_that_cannot_be_built_is_refused():
    with pytest.raises(ConfigError, match="architecture"):
        count_operations(NetworkSpecification("siamesse", None, ("red",)), (2, 1, 16, 16))
