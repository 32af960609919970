"""Logits of a pyramid of features: UPerNet (Xiao et al. 2018, doi:10.1007/978-3-030-01228-1_26).

The coarsest level is pooled to a few cells of four sizes, so that each pixel knows of the whole image (pyramid
pooling); from there on each finer level is added to what the coarser ones have said; all are joined at the finest one.

The four widths are read as those of the levels, the coarsest first, as U-Nets write them: 256-128-64-32 has 256
channels where the image is known best as a whole, and 32 where its pixels are. UPerNet as published has one width for
all; the same number four times is that.

Features of a stem, finer than the pyramid, are joined one after the other from the coarsest on, as in a U-Net. Without
them the logits have the resolution of the finest level.

Normalised by groups of channels of one image: statistics of batches would be those of one image where a batch is one,
and a mean of several networks' weights would have statistics of none of them.

This module needs torch alone.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import gcd
from typing import Final, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

POOLED: Final = (1, 2, 3, 6)
"""Cells along an edge that the coarsest level is pooled to."""

_CHANNELS_OF_GROUP: Final = 8

_FIRST_LOGIT: Final = -2.5
"""What is looked for is rare: logits that begin at 0 first take many steps to say so (Lin et al. 2017,
arXiv:1708.02002)."""


def block(n_inputs: int, width: int, kernel_px: int = 3) -> nn.Sequential:
    """A convolution, normalised by groups of at least 8 channels, where there are so many, and rectified.

    (n, n_inputs, row, column) to (n, width, row, column). There are gcd(w, max(⌊w / 8⌋, 1)) groups of w channels.

    Examples
    --------
    >>> [block(3, width)[1].num_groups for width in (4, 8, 12, 20, 32)]
    [1, 1, 1, 2, 4]
    """
    n_groups = gcd(width, max(width // _CHANNELS_OF_GROUP, 1))
    return nn.Sequential(
        nn.Conv2d(n_inputs, width, kernel_px, padding=kernel_px // 2, bias=False),
        nn.GroupNorm(n_groups, width),
        nn.ReLU(),
    )


def resized(features: Tensor, like: Tensor) -> Tensor:
    """Bilinear, to the rows and columns of another; (n, channel, row, column), of which n and channels stay.

    Values are those of the middles of pixels (``align_corners=False``).

    Examples
    --------
    >>> resized(torch.tensor([[[[0.0, 4.0]]]]), torch.zeros(1, 1, 1, 4)).tolist()
    [[[[0.0, 1.0, 3.0, 4.0]]]]
    """
    return functional.interpolate(features, like.shape[-2:], mode="bilinear", align_corners=False)


def cell_means(n_pixels: int, n_cells: int) -> Tensor:
    """Weights (cell, pixel) by which each cell is the mean of its pixels along one edge, as adaptive pooling has them.

    Neighbouring cells share a pixel where their number does not divide that of the pixels.

    Float32. Cell i has the pixels from ⌊i n / m⌋ up to, not including, ⌈(i + 1) n / m⌉, for n pixels and m cells; with
    more cells than pixels, cells share one.

    Examples
    --------
    >>> cell_means(3, 2).tolist(), cell_means(2, 3).tolist()
    ([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]], [[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    """
    weights = torch.zeros(n_cells, n_pixels)
    for cell in range(n_cells):
        pixels = slice(cell * n_pixels // n_cells, -(-(cell + 1) * n_pixels // n_cells))
        weights[cell, pixels] = 1 / (pixels.stop - pixels.start)
    return weights


def pooled(level: Tensor, n_cells: int) -> Tensor:
    """(n, channel, row, column) to means of n_cells × n_cells cells.

    By two products: on a GPU the gradient of torch's adaptive pooling adds up in any order, and training that promises
    the same bits refuses it.

    What comes out is (n, channel, n_cells, n_cells), in the dtype that goes in.

    Examples
    --------
    >>> level = torch.tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    >>> pooled(level, 1).tolist(), pooled(level, 2).tolist()
    ([[[[3.5]]]], [[[[1.5, 2.5], [4.5, 5.5]]]])
    """
    rows, columns = (cell_means(n, n_cells).to(level) for n in level.shape[-2:])
    return rows @ level @ columns.T


class PyramidPooling(nn.Module):
    """A level, and means of it over ever larger cells, as one level of the same size.

    Parameters
    ----------
    n_inputs, width
        Channels that go in and come out; each of the four sizes of cells gets a quarter of the latter, at least one. A
        width below 8 takes no single image: the one value of its largest cell cannot be normalised (ValueError, of
        torch).
    """

    def __init__(self, n_inputs: int, width: int) -> None:
        super().__init__()
        self.cells = nn.ModuleList(block(n_inputs, width // len(POOLED) or 1, 1) for _ in POOLED)
        self.joined = block(n_inputs + len(POOLED) * (width // len(POOLED) or 1), width)

    def forward(self, level: Tensor) -> Tensor:
        """(n, channel, row, column) to (n, width, row, column).

        Means of 1, 2, 3 and 6 cells along each edge are resized bilinearly and joined with the level by a convolution.
        """
        means = [
            resized(cells(pooled(level, n_cells)), level) for n_cells, cells in zip(POOLED, self.cells, strict=True)
        ]
        joined: Tensor = self.joined(torch.cat([level, *means], dim=1))
        return joined


class UPerNet(nn.Module):
    """Levels and features of a stem, both with the finest first, to logits (n, output, row, column).

    Parameters
    ----------
    width
        Channels of the two coarsest levels; the next finer one has half of them, the finest a quarter.
    widths
        Channels that the decoder makes of them, the coarsest first.
    stem_widths
        Channels of the stem's features, the finest first.
    """

    def __init__(self, width: int, widths: Sequence[int], stem_widths: Sequence[int], n_outputs: int) -> None:
        super().__init__()
        self.pooling = PyramidPooling(width, widths[0])
        finer = (width, width // 2, width // 4)
        self.lateral = nn.ModuleList(block(*each, 1) for each in zip(finer, widths[1:], strict=True))
        self.down = nn.ModuleList(nn.Conv2d(*each, 1) for each in pairwise(widths))
        self.smooth = nn.ModuleList(block(width, width) for width in widths[1:])
        self.joined = block(sum(widths), widths[-1])
        coarse_first = (widths[-1], *reversed(stem_widths))
        self.refined = nn.ModuleList(block(before + own, own) for before, own in pairwise(coarse_first))
        self.logits = nn.Conv2d(coarse_first[-1], n_outputs, 1)
        nn.init.constant_(cast(Tensor, self.logits.bias), _FIRST_LOGIT)

    def forward(self, levels: Sequence[Tensor], stem: Sequence[Tensor]) -> Tensor:
        """Logits (n, output, row, column) of the finest feature's size.

        That is the stem's first, or the first level without a stem.

        Parameters
        ----------
        levels
            Four of them as `entropice.networks.pyramid.Pyramid` gives them, (n, channel, row, column), the finest
            first.
        stem
            As many features as `stem_widths`, the finest first; empty for none.

        Examples
        --------
        >>> levels = [torch.zeros(1, channels, n, n) for channels, n in ((8, 16), (16, 8), (32, 4), (32, 2))]
        >>> stem = [torch.zeros(1, 4, 64, 64), torch.zeros(1, 6, 32, 32)]
        >>> [UPerNet(32, (32, 16, 16, 8), w, 2)(levels, s).shape[1:] for w, s in (((), []), ((4, 6), stem))]
        [torch.Size([2, 16, 16]), torch.Size([2, 64, 64])]
        """
        said = self._joined(levels)
        for refine, own in zip(self.refined, reversed(stem), strict=True):
            said = refine(torch.cat([resized(said, own), own], dim=1))
        logits: Tensor = self.logits(said)
        return logits

    def _joined(self, levels: Sequence[Tensor]) -> Tensor:
        coarsest, *finer = reversed(levels)
        said = [self.pooling(coarsest)]
        for level, lateral, down in zip(finer, self.lateral, self.down, strict=True):
            own = lateral(level)
            said.append(own + resized(down(said[-1]), own))
        smoothed = [said[0], *(smooth(each) for smooth, each in zip(self.smooth, said[1:], strict=True))]
        joined: Tensor = self.joined(torch.cat([resized(each, levels[0]) for each in smoothed], dim=1))
        return joined
