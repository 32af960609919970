"""How bands beside red, green and blue are joined with them.

Early, the bands are stacked and one encoder sees them all. Late, red, green and blue have an encoder of their own and
the others a second one; their features are joined level by level, and one decoder sees the joined ones.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor, nn

from entropice.errors import ConfigError, suggestion
from entropice.imagery.bands import RGB
from entropice.networks.architecture import NetworkSpecification

Build = Callable[[Callable[[int], Any], NetworkSpecification], Any]


@dataclass(frozen=True)
class Fusion:
    """One way to join bands.

    Attributes
    ----------
    name, title
        In parameters and records; for people.
    build
        A network, from the function that makes one with an encoder of so many bands.
    """

    name: str
    title: str
    build: Build


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
        """Features of every level, as one encoder gives them."""
        seen, added = (encoder(inputs[:, list(places)]) for encoder, places in self._branches)
        pairs = zip(self.joins, seen[1:], added[1:], strict=True)
        return [seen[0], *(join(torch.cat(pair, dim=1)) for join, *pair in pairs)]

    @property
    def _branches(self) -> tuple[tuple[nn.Module, Sequence[int]], ...]:
        return (self.rgb, self._places[0]), (self.others, self._places[1])


class Halves(nn.Module):
    """Sum of the first and the second half of the channels."""

    def forward(self, features: Tensor) -> Tensor:
        """(n, 2·channel, row, column) to (n, channel, row, column)."""
        first, second = features.chunk(2, dim=1)
        return first + second


def _mixing(n_channels: int) -> nn.Module:
    """Concatenated features mixed at each pixel, at first to their sum, so that weights from photographs count."""
    join = nn.Conv2d(2 * n_channels, n_channels, 1, bias=False)
    with torch.no_grad():
        join.weight.copy_(torch.eye(n_channels).repeat(1, 2)[:, :, None, None])
    return join


def _stacked(model: Callable[[int], Any], specification: NetworkSpecification) -> Any:
    return model(specification.n_bands)


def _late(join: Callable[[int], nn.Module]) -> Build:
    def build(model: Callable[[int], Any], specification: NetworkSpecification) -> Any:
        places = places_of(specification.bands)
        built, others = (model(len(part)) for part in places)
        # levels without channels fill a place that the encoder has no features for
        joins = [join(n_channels) if n_channels else nn.Identity() for n_channels in built.encoder.out_channels[1:]]
        built.encoder = TwoEncoders(built.encoder, others.encoder, places, joins)
        return built

    return build


FUSIONS: Final[tuple[Fusion, ...]] = (
    Fusion("stacked", "Early: all bands in one encoder", _stacked),
    Fusion("summed", "Late: features of two encoders summed", _late(lambda _: Halves())),
    Fusion("concatenated", "Late: features of two encoders concatenated", _late(_mixing)),
)


def places_of(bands: Sequence[str]) -> tuple[list[int], list[int]]:
    """Positions of red, green and blue in this order, and of the other bands.

    Raises
    ------
    ConfigError
        One of the three is missing, or there are no others.
    """
    others = [place for place, band in enumerate(bands) if band not in RGB]
    if not set(RGB) <= set(bands) or not others:
        raise ConfigError(
            "Late fusion joins red, green and blue with other bands.",
            field="bands",
            got=", ".join(bands),
            expected=f"{', '.join(RGB)} and at least one more",
            fix="name them, or choose the fusion stacked",
        )
    return [bands.index(band) for band in RGB], others


def fusion_named(name: str) -> Fusion:
    """The declared fusion of a name.

    Raises
    ------
    ConfigError
        There is none.
    """
    by_name = {fusion.name: fusion for fusion in FUSIONS}
    if name not in by_name:
        raise ConfigError(
            f"There is no fusion {name!r}{suggestion(name, by_name)}",
            field="fusion",
            got=name,
            expected=", ".join(by_name),
        )
    return by_name[name]
