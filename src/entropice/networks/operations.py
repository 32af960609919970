"""What a network computes and keeps in memory, counted without computing anything."""

from dataclasses import dataclass

import torch
from torch.utils.flop_counter import FlopCounterMode

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network


@dataclass(frozen=True)
class NetworkOperations:
    """Of one input.

    Attributes
    ----------
    forward
        Floating-point operations of a prediction: two for each product that is added up.
    kept_bytes
        What a training step keeps for its way back, weights aside.
    n_parameters
        Of the whole network.
    """

    forward: int
    kept_bytes: int
    n_parameters: int


def count_operations(specification: NetworkSpecification, input_shape: tuple[int, ...]) -> NetworkOperations:
    """Move a network to PyTorch's device without memory, ask it once, and count.

    The network is built, so its weights take memory once. Two samples are asked for and everything is halved, since
    normalisation by batch cannot learn from one. Only operations that PyTorch's counter knows count: convolutions,
    matrix products and attention, not sums, activations or normalisations.

    Parameters
    ----------
    input_shape
        Of one input without its axis of samples: (band, row, column) of a mask or class, see `Kind`.

    Raises
    ------
    ConfigError
        The network cannot be built, see `build_network`.

    Examples
    --------
    Kernels of 9 products, two operations each: two images through two convolutions on 4 pixels, 288, and two on 1
    pixel, 72; then a convolution of two channels on 4 pixels, 144.

    >>> smallest = NetworkSpecification("siamese", None, ("red",), options={"widths": [1, 1]})
    >>> counted = count_operations(smallest, (2, 1, 2, 2))
    >>> counted.forward, counted.n_parameters
    (504, 63)
    """
    kept: dict[int, int] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        # By storage: views of one tensor that are kept several times take memory once.
        kept[storage._cdata] = storage.nbytes()
        return tensor

    network = build_network(specification, seed=0).to("meta").train()  # some cannot be built without memory
    pair = torch.zeros((2, *input_shape), device="meta")  # batch normalisation learns from two at least
    with (
        FlopCounterMode(display=False) as counted,
        torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor),
    ):
        network(pair)
    weights = {each.untyped_storage()._cdata: each.untyped_storage().nbytes() for each in network.parameters()}
    n_kept = sum(size for storage, size in kept.items() if storage not in weights)
    return NetworkOperations(
        counted.get_total_flops() // 2, n_kept // 2, sum(each.numel() for each in network.parameters())
    )
