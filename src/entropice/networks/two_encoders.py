"""Networks that see red, green and blue through one encoder and other bands through a second."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn


class TwoEncoders(nn.Module):
    """Red, green and blue through one encoder, the other bands through a second; features joined level by level.

    Parameters
    ----------
    rgb, others
        Encoders of `segmentation_models_pytorch` with equal levels, of three bands and of the others.
    places
        Positions of red, green and blue, and of the others, in the input's bands.
    joins
        A module for each level: features (n, channel, row, column) of both, one after the other along the channels, to
        those of one encoder.

    Notes
    -----
    The first level of such an encoder is its own input, which no decoder used here looks at; that of the first is kept.
    """

    def __init__(
        self, rgb: Any, others: Any, places: tuple[Sequence[int], Sequence[int]], joins: Sequence[nn.Module]
    ) -> None:
        super().__init__()
        self.rgb, self.others, self.joins = rgb, others, nn.ModuleList(joins)
        self._places = places
        self.out_channels, self.output_stride = rgb.out_channels, rgb.output_stride

    def forward(self, inputs: Tensor) -> list[Tensor]:
        """Features of every level, as one encoder gives them.

        Of (n, band, row, column) to a list of (n, channel, row / 2^k, column / 2^k), k = 0 first; the first is red,
        green and blue itself.
        """
        seen, added = (encoder(inputs[:, list(places)]) for encoder, places in self._branches)
        pairs = zip(self.joins, seen[1:], added[1:], strict=True)
        return [seen[0], *(join(torch.cat(pair, dim=1)) for join, *pair in pairs)]

    @property
    def _branches(self) -> tuple[tuple[nn.Module, Sequence[int]], ...]:
        return (self.rgb, self._places[0]), (self.others, self._places[1])


class Halves(nn.Module):
    """Sum of the first and the second half of the channels."""

    def forward(self, features: Tensor) -> Tensor:
        """(n, 2·channel, row, column) to (n, channel, row, column).

        The number of channels is even, which is not checked: of three, the last would be added to both others.

        Examples
        --------
        >>> Halves()(torch.tensor([1.0, 2.0, 10.0, 20.0]).reshape(1, 4, 1, 1)).flatten().tolist()
        [11.0, 22.0]
        """
        first, second = features.chunk(2, dim=1)
        return first + second


def summing(_n_channels: int) -> nn.Module:
    """Features of both encoders added.

    A module from (n, 2·channel, row, column) to (n, channel, row, column); it has no parameters.
    """
    return Halves()


def mixing(n_channels: int) -> nn.Module:
    """Concatenated features mixed at each pixel, at first to their sum, so that weights from photographs count.

    A convolution of one pixel from (n, 2·channel, row, column) to (n, channel, row, column), without a bias; its
    weights learn.

    Examples
    --------
    >>> features = torch.tensor([1.0, 2.0, 10.0, 20.0]).reshape(1, 4, 1, 1)
    >>> mixing(2)(features).flatten().tolist(), summing(2)(features).flatten().tolist()
    ([11.0, 22.0], [11.0, 22.0])
    """
    join = nn.Conv2d(2 * n_channels, n_channels, 1, bias=False)
    with torch.no_grad():
        join.weight.copy_(torch.eye(n_channels).repeat(1, 2)[:, :, None, None])
    return join


def joined(
    model: Callable[[int], Any], places: tuple[Sequence[int], Sequence[int]], join: Callable[[int], nn.Module]
) -> Any:
    """A network with two encoders in place of its one.

    Both networks are made, and the second gives its encoder alone; the first is changed and given back.

    Parameters
    ----------
    model
        Makes a network with an encoder of so many bands.
    places
        As `entropice.networks.fusion.places_of` gives them.
    join
        Makes what joins the features of a level of so many channels.
    """
    built, others = (model(len(part)) for part in places)
    # levels without channels fill a place that the encoder has no features for
    joins = [join(n_channels) if n_channels else nn.Identity() for n_channels in built.encoder.out_channels[1:]]
    built.encoder = TwoEncoders(built.encoder, others.encoder, places, joins)
    return built
