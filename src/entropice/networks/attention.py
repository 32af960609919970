"""Small modules that weigh features (n, channel, row, column) by what is in them."""

from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor, nn

_REDUCTION: Final = 4
_KERNEL_PX: Final = 7


class ChannelAttention(nn.Module):
    """Every channel times a number in (0, 1) from the means of all (Hu et al. 2018, doi:10.1109/CVPR.2018.00745).

    Of m channels, with x̄ their means over all rows and columns: x · σ(B relu(A x̄ + a) + b), where A has max(⌊m / 4⌋,
    1) rows, so that the weights see all channels through few numbers.
    """

    def __init__(self, n_channels: int) -> None:
        super().__init__()
        n_between = max(n_channels // _REDUCTION, 1)
        self.weights = nn.Sequential(
            nn.Conv2d(n_channels, n_between, 1), nn.ReLU(), nn.Conv2d(n_between, n_channels, 1)
        )

    def forward(self, features: Tensor) -> Tensor:
        """Features (n, channel, row, column) weighed, of the same shape and type; NaN spreads to all of its image.

        Examples
        --------
        Weights of 0 halve everything, since σ(0) = ½.

        >>> attention = ChannelAttention(1)
        >>> _ = [nn.init.zeros_(each) for each in attention.parameters()]
        >>> attention(torch.tensor([[[[2.0, 4.0]]]])).tolist()
        [[[[1.0, 2.0]]]]
        """
        return features * torch.sigmoid(self.weights(features.mean(dim=(2, 3), keepdim=True)))


class SpatialAttention(nn.Module):
    """Every pixel times a number in (0, 1) from mean and maximum of its neighbours' channels.

    The spatial part of the convolutional block attention module, with its kernel of 7 pixels (Woo et al. 2018,
    arXiv:1807.06521).

    Beyond the edges the kernel sees zeros. One weight a pixel is that of all its channels.
    """

    def __init__(self, _n_channels: int) -> None:
        super().__init__()
        self.weights = nn.Conv2d(2, 1, _KERNEL_PX, padding=_KERNEL_PX // 2)

    def forward(self, features: Tensor) -> Tensor:
        """Features (n, channel, row, column) weighed, of the same shape and type; NaN spreads 3 pixels far.

        Examples
        --------
        >>> features = torch.zeros(1, 2, 9, 9)
        >>> features[0, 0, 4, 4] = torch.nan
        >>> SpatialAttention(2)(features).isnan().sum(dim=(2, 3)).tolist()
        [[49, 49]]
        """
        both = torch.cat([features.mean(dim=1, keepdim=True), features.amax(dim=1, keepdim=True)], dim=1)
        return features * torch.sigmoid(self.weights(both))


def _none(_n_channels: int) -> nn.Module:
    return nn.Identity()


ATTENTIONS: Final[dict[str, Callable[[int], nn.Module]]] = {
    "none": _none,
    "channel": ChannelAttention,
    "spatial": SpatialAttention,
}
"""Makers of these modules for features of so many channels, by name."""
