"""What is told of a network before it is trained."""

import small_networks as small
import torch

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.describe import count_parameters, described


def test_parameters_are_counted_by_hand():
    network = torch.nn.Module()
    network.encoder, network.head = torch.nn.Conv2d(3, 4, 3), torch.nn.Linear(5, 2)
    network.encoder.requires_grad_(False)
    counted = count_parameters(network)
    assert (counted.total, counted.trainable, counted.encoder) == (3 * 4 * 9 + 4 + 12, 12, 112)


def test_the_published_network_is_told_item_by_item():
    specification = NetworkSpecification("unet_plus_plus", "efficientnet-b7", ("red", "green", "blue"))
    with torch.device("meta"):
        network = build_network(specification, 1)
    items = dict(described(specification, network, small.plan()))
    assert items["architecture"].startswith("UNet++")
    assert items["input"] == "3 × 512 × 512"
    assert items["parameters"] == "68,163,553, 68,163,553 of them learn, 63,786,960 are the encoder's"
    assert {"steps", "rate", "early stopping"} <= {*items}
