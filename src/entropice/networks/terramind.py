"""TerraMind (Jakubik et al. 2025, arXiv:2504.11171) as an encoder, by the extra `foundation`; its weights are files.

What is unknown is the mean, as for every network that was not made to see it.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final

from torch import Tensor, nn

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.multimodal_vit import N_READ, Features, MultimodalViT
from entropice.networks.options import TerramindOptions
from entropice.networks.pyramid import Pyramid
from entropice.networks.upernet import UPerNet

_TRAINED_PX: Final = 224
"""Edge of the images of its positions, which it interpolates for others."""

_OPTICAL: Final = {
    "coastal": "COASTAL_AEROSOL",
    "blue": "BLUE",
    "green": "GREEN",
    "red": "RED",
    "red_edge": "RED_EDGE_1",
    "red_edge_2": "RED_EDGE_2",
    "red_edge_3": "RED_EDGE_3",
    "nir": "NIR_BROAD",
    "nir_narrow": "NIR_NARROW",
    "water_vapour": "WATER_VAPOR",
    "swir_1": "SWIR_1",
    "swir_2": "SWIR_2",
}
_RADAR: Final = {"vv": "VV", "vh": "VH"}
_RELIEF: Final = {"elevation": "DEM"}


def modalities(bands: Sequence[str], radar: str) -> dict[str, dict[str, str]]:
    """TerraMind's names of bands by ours, in its order, by modality.

    The keys are ``S2L2A``, `radar` and ``DEM``, those that have bands alone; bands are in TerraMind's order in each,
    not in the given one.

    Raises
    ------
    ValueError
        It has not seen one of the bands.

    Examples
    --------
    >>> modalities(("elevation", "vv", "nir", "red"), "S1GRD")
    {'S2L2A': {'red': 'RED', 'nir': 'NIR_BROAD'}, 'S1GRD': {'vv': 'VV'}, 'DEM': {'elevation': 'DEM'}}
    """
    known: dict[str, Mapping[str, str]] = {"S2L2A": _OPTICAL, radar: _RADAR, "DEM": _RELIEF}
    unseen = set(bands).difference(*known.values())
    if unseen:
        raise ValueError(f"TerraMind has not seen the bands {', '.join(sorted(unseen))}")
    shown = {
        modality: {ours: theirs for ours, theirs in names.items() if ours in bands} for modality, names in known.items()
    }
    return {modality: names for modality, names in shown.items() if names}


class MergedTokens(nn.Module):
    """Means over modalities of the tokens of four layers, as features (n, channel, row, column).

    Parameters
    ----------
    model
        Of terratorch; gives (n, token, channel) of every layer.
    bands
        Positions of each modality's bands among all.
    """

    def __init__(self, model: Any, bands: Mapping[str, Sequence[int]], patch_px: int) -> None:
        super().__init__()
        self.model, self.bands, self.patch_px = model, {name: list(each) for name, each in bands.items()}, patch_px

    def forward(self, inputs: Tensor) -> Features:
        """Of (n, band, row, column) to four tensors (n, channel, row / patch_px, column / patch_px); there is no stem.

        They are the layers at a quarter, half, three quarters and all of the depth, the earliest first. NaN has been
        replaced by 0 before, see `entropice.networks.architectures.build_network`.

        Examples
        --------
        Of a model of eight layers whose tokens are the layer's number, 2, 4, 6 and 8 are read.

        >>> import torch
        >>> layers = [torch.full((1, 6, 3), float(number)) for number in range(1, 9)]
        >>> features, stem = MergedTokens(lambda _: layers, {"S2L2A": [0]}, patch_px=16)(torch.zeros(1, 1, 32, 48))
        >>> [(tuple(each.shape), float(each.max())) for each in features]
        [((1, 3, 2, 3), 2.0), ((1, 3, 2, 3), 4.0), ((1, 3, 2, 3), 6.0), ((1, 3, 2, 3), 8.0)]
        """
        layers = self.model({name: inputs[:, bands] for name, bands in self.bands.items()})
        n_rows = inputs.shape[-2] // self.patch_px
        read = [layers[len(layers) * (number + 1) // N_READ - 1] for number in range(N_READ)]
        return [tokens.movedim(1, -1).unflatten(-1, (n_rows, -1)) for tokens in read], []


def terramind(specification: NetworkSpecification) -> nn.Module:
    """UPerNet on an encoder of TerraMind, by `terratorch`, which asks for no weights.

    It is a `MultimodalViT` with random weights: (n, band, row, column) to logits (n, output, row, column).

    Raises
    ------
    ValueError
        terratorch has no such encoder, or TerraMind has not seen one of the bands;
        `entropice.networks.architectures.build_network` makes a ConfigError of it.
    """
    registry: Any = import_module("terratorch.registry").BACKBONE_REGISTRY
    encoder, options = str(specification.encoder), TerramindOptions.model_validate(specification.options)
    if not encoder.startswith("terramind") or encoder not in registry:
        raise ValueError("terratorch has no such encoder of TerraMind")
    shown = modalities(specification.bands, options.radar)
    model = registry.build(
        encoder,
        pretrained=False,
        modalities=list(shown),
        bands={modality: list(names.values()) for modality, names in shown.items()},
        img_size=_TRAINED_PX,
        merge_method="mean",
    )
    places = {modality: [specification.bands.index(band) for band in names] for modality, names in shown.items()}
    patch_px = next(iter(model.encoder_embeddings.values())).patch_size[0]
    width = model.out_channels[-1]
    decoder = UPerNet(width, options.decoder_widths, (), specification.n_outputs)
    return MultimodalViT(MergedTokens(model, places, patch_px), Pyramid(width), decoder)
