"""Four equally coarse features of a transformer as a pyramid, by learned interpolation.

The earliest layer becomes the finest level: two transposed convolutions each double its resolution; one does so with
the second layer, the third stays, and the last, which sees farthest, is pooled. With patches of 16 pixels the levels
have strides of 4, 8, 16 and 32 pixels, as those of a convolutional encoder. This is the neck of BEiT (Bao et al. 2022,
arXiv:2106.08254), which terratorch calls LearnedInterpolateToPyramidal.

This module needs torch alone.
"""

from collections.abc import Sequence

from torch import Tensor, nn


class Pyramid(nn.Module):
    """Four features (n, width, row, column), the earliest first, to four levels, the finest first.

    They have a quarter of the channels, half of them, and all of them twice.

    An odd number of rows or columns is pooled up to the next whole one.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        finer, finest = width // 2, width // 4
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(4))
        self.levels = nn.ModuleList(
            [
                nn.Sequential(
                    nn.ConvTranspose2d(width, finer, 2, stride=2),
                    nn.GroupNorm(1, finer),
                    nn.GELU(),
                    nn.ConvTranspose2d(finer, finest, 2, stride=2),
                ),
                nn.ConvTranspose2d(width, finer, 2, stride=2),
                nn.Identity(),
                nn.MaxPool2d(2, ceil_mode=True),
            ]
        )

    def forward(self, features: Sequence[Tensor]) -> list[Tensor]:
        """Each level of its own feature, normalised over its channels before; the finest first.

        Of exactly four features (n, w, row, column), with w the width: (n, w/4, 4 row, 4 column), (n, w/2, 2 row, 2
        column), (n, w, row, column) and (n, w, row/2, column/2).

        Examples
        --------
        >>> import torch
        >>> features = [torch.zeros(1, 8, 3, 5)] * 4
        >>> [tuple(level.shape) for level in Pyramid(8)(features)]
        [(1, 2, 12, 20), (1, 4, 6, 10), (1, 8, 3, 5), (1, 8, 2, 3)]
        """
        normed = [norm(each.movedim(1, -1)).movedim(-1, 1) for norm, each in zip(self.norms, features, strict=True)]
        return [level(each) for level, each in zip(self.levels, normed, strict=True)]
