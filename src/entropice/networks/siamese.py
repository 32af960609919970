"""What has changed between two images: shared blocks see both, and a decoder sees how their features differ.

The form is that of FC-Siam-diff (Daudt et al. 2018, arXiv:1810.08462): blocks halve the resolution from one to the
next, and the decoder goes the way back by one convolution a level, each on what the one below has said and on the
absolute difference of this level's features. With four blocks it has three convolutions. Before and after may be
exchanged: outputs stay the same. This module needs torch alone.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional


def block(n_inputs: int, width: int) -> nn.Sequential:
    """Two convolutions of 3 pixels, each normalised by batch and rectified.

    (n, n_inputs, row, column) becomes (n, width, row, column); beyond the edges zeros are seen.
    """
    return nn.Sequential(*_rectified(n_inputs, width), *_rectified(width, width))


def _rectified(n_inputs: int, width: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(n_inputs, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()


class Siamese(nn.Module):
    """(n, 2, band, row, column), before and after, to logits (n, output, row, column).

    Parameters
    ----------
    widths
        Channels of each block, the finest first, at least two; rows and columns are at least 2^(their number − 1).
    """

    def __init__(self, n_bands: int, n_outputs: int, widths: Sequence[int]) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(block(*each) for each in pairwise((n_bands, *widths)))
        above = (n_outputs, *widths[1:-1])
        self.decoder = nn.ModuleList(
            nn.Conv2d(below + width, said, 3, padding=1)
            for below, width, said in reversed([*zip(widths[1:], widths[:-1], above, strict=True)])
        )

    def forward(self, pairs: Tensor) -> Tensor:
        """Logits (n, output, row, column) of standardised pairs (n, 2, band, row, column).

        Both of a pair are normalised together, and swapping them changes nothing, in training mode but for rounding
        (statistics of a batch are then summed in another order). Sizes that cannot be halved so often
        are rounded down on the way and resized on the way back.

        Examples
        --------
        >>> network = Siamese(n_bands=1, n_outputs=1, widths=(2, 4)).eval()
        >>> pairs = torch.arange(2.0 * 5 * 7).reshape(1, 2, 1, 5, 7)
        >>> network(pairs).shape, torch.equal(network(pairs), network(pairs.flip(1)))
        (torch.Size([1, 1, 5, 7]), True)
        """
        *levels, said = self._differences(pairs)
        for convolution, difference in zip(self.decoder, reversed(levels), strict=True):
            larger = functional.interpolate(
                functional.relu(said), difference.shape[-2:], mode="bilinear", align_corners=False
            )
            said = convolution(torch.cat([larger, difference], dim=1))
        return said

    def _differences(self, pairs: Tensor) -> list[Tensor]:
        """Absolute differences of the features of every block, the finest first."""
        features, differences = pairs.flatten(0, 1), []
        for number, each in enumerate(self.blocks):
            features = each(functional.max_pool2d(features, 2) if number else features)
            before, after = features.unflatten(0, (-1, 2)).unbind(1)
            differences.append((after - before).abs())
        return differences
