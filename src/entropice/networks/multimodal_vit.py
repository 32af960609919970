"""A vision transformer of several sensors, each of which may be missing (after Dosovitskiy et al. 2021,
arXiv:2010.11929, and Bachmann et al. 2022, arXiv:2204.01678).

Each sensor cuts its image into patches with weights of its own, and sees beside every value whether it is known. The
tokens of all sensors are one sequence: a token is its patch, its place (sines and cosines, so that images may have any
size) and its sensor. Tokens of patches of which a sensor knows nothing are masked: no other token sees them, and what
is read of a place is the mean of its tokens that are not masked. So a sensor that is missing changes nothing, whatever
its weights are. One token belongs to no patch and is always seen (a register, Darcet et al. 2024, arXiv:2309.16588), so
that there is something to look at where all is masked.

Masked tokens are computed and not looked at. Leaving them out would need sequences of different lengths in a batch; it
saves a third of the time where one of three sensors is missing everywhere, and nothing where all are there.

The patch embedding may begin with convolutions (a stem, Xiao et al. 2021, arXiv:2106.14881), which learn faster from
few images, and whose features, merged over sensors in the same way, a decoder can see beside the coarser tokens.

This module needs torch alone.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

N_READ: Final = 4
"""Layers whose tokens are read, equally far from each other, the last one included."""

_LONGEST: Final = 10_000.0
"""Wavelength of the slowest sine over that of the fastest (Vaswani et al. 2017, arXiv:1706.03762)."""

Features = tuple[list[Tensor], list[Tensor]]
"""Of tokens, (n, channel, row, column) of each layer that is read; of the stem, the finest first."""


def positions(n_rows: int, n_columns: int, width: int) -> Tensor:
    """Sines and cosines of rows and of columns, a quarter of the channels each: float32 (width, row, column).

    With q = width / 4 the frequencies are 10000^(−k/q), k = 0 … q − 1, in radians a patch; channels are sin(row f),
    cos(row f), sin(column f), cos(column f), q of each. Rows and columns count from 0 at the upper left; `width` is a
    multiple of 4.

    Examples
    --------
    >>> waves = positions(n_rows=2, n_columns=3, width=4)
    >>> waves.shape, [round(value, 3) for value in waves[:, 1, 0].tolist()]
    (torch.Size([4, 2, 3]), [0.841, 0.54, 0.0, 1.0])
    """
    frequencies = _LONGEST ** -(torch.arange(width // 4) / (width // 4))
    along_rows, along_columns = (torch.arange(n)[None] * frequencies[:, None] for n in (n_rows, n_columns))
    waves = [wave[:, :, None].expand(-1, -1, n_columns) for wave in (along_rows.sin(), along_rows.cos())]
    waves += [wave[:, None].expand(-1, n_rows, -1) for wave in (along_columns.sin(), along_columns.cos())]
    return torch.cat(waves)


def merged(features: Tensor, known: Tensor) -> Tensor:
    """Mean of those sensors that know a place, 0 where none does.

    Parameters
    ----------
    features, known
        (n, sensor, channel, row, column), and bool (n, sensor, 1, row, column).

    Returns
    -------
    Tensor
        (n, channel, row, column), in the dtype of `features`. What a sensor holds where it knows nothing, NaN too, does
        not count.

    Examples
    --------
    Two sensors see three places: both the first, one the second, none the third.

    >>> features = torch.tensor([[1.0, torch.nan, 7.0], [3.0, 5.0, 9.0]]).reshape(1, 2, 1, 1, 3)
    >>> known = torch.tensor([[True, False, False], [True, True, False]]).reshape(1, 2, 1, 1, 3)
    >>> merged(features, known).tolist()
    [[[[2.0, 5.0, 0.0]]]]
    """
    # A sensor's NaN must go before the sum: times 0 it would still be NaN.
    return torch.where(known, features, 0).sum(dim=1) / known.sum(dim=1).clamp(min=1)


def coarser(known: Tensor, n_rows: int, n_columns: int) -> Tensor:
    """Where anything is known: bool (…, row, column) of larger pixels, whole numbers of the given ones.

    A larger pixel is known where any of its pixels is. What comes out has `n_rows` and `n_columns` in the place of the
    last two dimensions.

    Raises
    ------
    RuntimeError
        Rows or columns are no whole multiple of `n_rows` or `n_columns` (of torch).

    Examples
    --------
    >>> known = torch.tensor([[True, False, False, False], [False, False, False, False]])
    >>> coarser(known, 1, 2).tolist()
    [[True, False]]
    """
    rows, columns = known.shape[-2] // n_rows, known.shape[-1] // n_columns
    return known.reshape(*known.shape[:-2], n_rows, rows, n_columns, columns).any(dim=-1).any(dim=-2)


class SensorEmbedding(nn.Module):
    """Tokens of the patches of one sensor, and the features of its stem on the way to them.

    Parameters
    ----------
    n_bands
        Of the sensor; twice as many channels go in, values and whether they are known.
    patch_px, width, stem_widths
        As of `MultimodalEncoder`.
    """

    def __init__(self, n_bands: int, patch_px: int, width: int, stem_widths: Sequence[int]) -> None:
        super().__init__()
        widths = (2 * n_bands, *stem_widths)
        self.stem = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(before, after, 3, stride=2 if number else 1, padding=1),
                nn.GroupNorm(1, after),
                nn.GELU(),
            )
            for number, (before, after) in enumerate(pairwise(widths))
        )
        left_px = patch_px // 2 ** max(len(stem_widths) - 1, 0)
        self.patches = nn.Conv2d(widths[-1], width, left_px, stride=left_px)
        self.sensor = nn.Parameter(0.02 * torch.randn(width, 1, 1))

    def forward(self, values: Tensor) -> list[Tensor]:
        """Features of the stem, the finest first, and last the tokens, of standardised values (n, band, row, column).

        What is not finite is not known: it counts as 0, beside a channel for each band that says 1 where known and 0
        where not. Features are (n, channel, row, column), the first at full resolution and each next one at half;
        tokens are (n, width, row / patch_px, column / patch_px). All are finite.

        Examples
        --------
        >>> embedding = SensorEmbedding(n_bands=2, patch_px=8, width=12, stem_widths=(3, 5, 7))
        >>> [tuple(level.shape) for level in embedding(torch.full((1, 2, 16, 24), torch.nan))]
        [(1, 3, 16, 24), (1, 5, 8, 12), (1, 7, 4, 6), (1, 12, 2, 3)]
        """
        known = values.isfinite()
        features = [torch.cat([torch.where(known, values, 0), known.to(values.dtype)], dim=1)]
        for stage in self.stem:
            features.append(stage(features[-1]))
        tokens = self.patches(features[-1])
        width, n_rows, n_columns = tokens.shape[1:]
        return [*features[1:], tokens + self.sensor + positions(n_rows, n_columns, width).to(tokens)]


class Embeddings(nn.Module):
    """Of all sensors, and of the register; parameters are those of `MultimodalEncoder`."""

    def __init__(self, sensors: Sequence[Sequence[int]], patch_px: int, width: int, stem_widths: Sequence[int]) -> None:
        super().__init__()
        self.bands = [list(bands) for bands in sensors]
        self.sensors = nn.ModuleList(SensorEmbedding(len(bands), patch_px, width, stem_widths) for bands in sensors)
        self.register = nn.Parameter(0.02 * torch.randn(1, 1, width))

    def forward(self, inputs: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Features (n, sensor, channel, row, column) and where they are known, bool (n, sensor, 1, row, column).

        There is a pair for each level of the stem, the finest first, and last one for the tokens. A sensor knows a
        place where one of its bands is finite at one of its pixels.
        """
        values = [inputs[:, bands] for bands in self.bands]
        known = torch.stack([each.isfinite().any(dim=1, keepdim=True) for each in values], dim=1)
        levels = zip(*(embed(each) for embed, each in zip(self.sensors, values, strict=True)), strict=True)
        stacked = [torch.stack(level, dim=1) for level in levels]
        return [(level, coarser(known, *level.shape[-2:])) for level in stacked]


class MultimodalEncoder(nn.Module):
    """(n, band, row, column) with NaN where unknown to the features of four layers and of the stem.

    Parameters
    ----------
    sensors
        Positions of each sensor's bands among all.
    patch_px
        Edge of a patch; rows and columns are multiples of it.
    width, depth, n_heads, mlp_ratio
        Of the transformer: channels of a token, a multiple of 4 and of the heads; layers, at least 4, since four are
        read; heads of attention; channels of the perceptron between over those of a token.
    stem_widths
        Channels of convolutions before the patches; each after the first halves the resolution. Empty: none.
    """

    def __init__(
        self,
        sensors: Sequence[Sequence[int]],
        patch_px: int,
        width: int,
        depth: int,
        n_heads: int,
        mlp_ratio: int = 4,
        stem_widths: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self.embeddings = Embeddings(sensors, patch_px, width, stem_widths)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(
                width, n_heads, mlp_ratio * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
            )
            for _ in range(depth)
        )
        self._read = frozenset(depth * (number + 1) // N_READ - 1 for number in range(N_READ))

    def forward(self, inputs: Tensor) -> Features:
        """Of standardised images.

        Inputs are (n, band, row, column). The layers at a quarter, half, three quarters and all of the depth are read,
        the earliest first, (n, width, row / patch_px, column / patch_px) each; features of the stem are merged over
        sensors, the finest first, and an empty list without a stem. Where no sensor knows a place they are 0.

        Examples
        --------
        >>> encoder = MultimodalEncoder([[0], [1]], patch_px=4, width=8, depth=4, n_heads=2)
        >>> layers, stem = encoder(torch.full((1, 2, 8, 12), torch.nan))
        >>> [tuple(layer.shape) for layer in layers], bool(layers[-1].any()), stem
        ([(1, 8, 2, 3), (1, 8, 2, 3), (1, 8, 2, 3), (1, 8, 2, 3)], False, [])
        """
        *stem, (tokens, known) = self.embeddings(inputs)
        return self._read_layers(tokens, known), [merged(*level) for level in stem]

    def _read_layers(self, tokens: Tensor, known: Tensor) -> list[Tensor]:
        sequence = torch.where(known, tokens, 0).movedim(2, -1)
        grid = sequence.shape[1:-1]
        register = self.embeddings.register.expand(len(tokens), -1, -1)
        sequence = torch.cat([register.to(sequence), sequence.flatten(1, 3)], dim=1)
        # The register before all tokens is never masked, so that no row of attention is empty, which would be NaN.
        is_masked = functional.pad(~known.flatten(1), (1, 0), value=False)
        read = []
        for number, block in enumerate(self.blocks):
            sequence = block(sequence, src_key_padding_mask=is_masked)
            if number in self._read:
                read.append(merged(sequence[:, 1:].unflatten(1, grid).movedim(-1, 2), known))
        return read


class MultimodalViT(nn.Module):
    """(n, band, row, column) with NaN where unknown to logits (n, output, row, column), finite everywhere.

    Parameters
    ----------
    encoder
        Gives the tokens of four layers and the features of a stem.
    neck
        Makes a pyramid of the former, the finest level first.
    decoder
        Makes logits of the pyramid and the stem's features.
    """

    def __init__(self, encoder: nn.Module, neck: nn.Module, decoder: nn.Module) -> None:
        super().__init__()
        self.encoder, self.neck, self.decoder = encoder, neck, decoder

    def forward(self, inputs: Tensor) -> Tensor:
        """Logits (n, output, row, column) of standardised images (n, band, row, column), resized to the images' size.

        The resizing is bilinear. Where no sensor knows anything logits are finite too and mean nothing.
        """
        layers, stem = self.encoder(inputs)
        logits: Tensor = self.decoder(self.neck(layers), stem)
        return functional.interpolate(logits, inputs.shape[-2:], mode="bilinear", align_corners=False)
