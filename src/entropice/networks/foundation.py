"""Networks whose encoders come with the extra `foundation`; its libraries are imported when one is built."""

from importlib import import_module
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from entropice.networks.architecture import NetworkSpecification

_N_LAYERS: Final = 4
"""Whose tokens the decoder of a transformer makes a pyramid of, equally far from each other."""

_PATCH_PIXELS: Final = 16

_SWIN: Final[dict[str, dict[str, Any]]] = {
    "swin-tiny": {"embed_dim": 96, "depths": [2, 2, 6, 2], "num_heads": [3, 6, 12, 24]},
    "swin-base": {"embed_dim": 128, "depths": [2, 2, 18, 2], "num_heads": [4, 8, 16, 32]},
}


class MaskQueries(nn.Module):
    """Mask2Former with one logit a pixel and output: the masks of all queries, weighted by how likely each is of it.

    Published training matches queries with objects; here their sum is trained with the losses of every network, since
    a mask of slumps does not say where one ends and the next begins.
    """

    def __init__(self, model: Any) -> None:
        super().__init__()
        parts = model.model
        self.encoder, self.pixels = parts.pixel_level_module.encoder, parts.pixel_level_module.decoder
        self.decoder, self.segmentation_head = parts.transformer_module, model.class_predictor

    def forward(self, inputs: Tensor) -> Tensor:
        """(n, band, row, column) to logits (n, output, row, column).

        A logit is Σ_q P(class | q) · m_q over all queries q, with P the softmax over outputs and "none" and m_q the
        query's mask logits, computed at a quarter of the resolution and resized bilinearly. With "none" left out the P
        of a query sum to less than 1, so that a query which sees nothing adds little.
        """
        pixels = self.pixels(self.encoder(inputs).feature_maps, output_hidden_states=False)
        queries = self.decoder(
            multi_scale_features=pixels.multi_scale_features,
            mask_features=pixels.mask_features,
            output_hidden_states=True,
            output_attentions=False,
        )
        last = queries.intermediate_hidden_states[-1].transpose(0, 1)
        classes = self.segmentation_head(last).softmax(dim=-1)[..., :-1]
        logits = torch.einsum("nqc,nqhw->nchw", classes, queries.masks_queries_logits[-1])
        return functional.interpolate(logits, inputs.shape[-2:], mode="bilinear", align_corners=False)


def mask2former(specification: NetworkSpecification) -> nn.Module:
    """Mask2Former on a Swin encoder, by `transformers`.

    `entropice.networks.architectures.build_network` checks names before, turns errors into ConfigError, and sets the
    seed.

    It is a `MaskQueries` with random weights.

    Raises
    ------
    KeyError
        The encoder is not ``swin-tiny`` or ``swin-base``.
    """
    transformers: Any = import_module("transformers")
    encoder = transformers.SwinConfig(
        image_size=specification.n_pixels,
        num_channels=specification.n_bands,
        out_features=["stage1", "stage2", "stage3", "stage4"],
        **_SWIN[str(specification.encoder)],
    )
    configuration = transformers.Mask2FormerConfig(backbone_config=encoder, num_labels=specification.n_outputs)
    return MaskQueries(transformers.Mask2FormerForUniversalSegmentation(configuration))


class ChosenLayers(nn.Module):
    """Tokens of some of a Prithvi encoder's layers as features (n, channel, row, column) of square tiles."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        n_blocks = len(model.blocks)
        self._layers = [n_blocks * (number + 1) // _N_LAYERS - 1 for number in range(_N_LAYERS)]

    def forward(self, inputs: Tensor) -> list[Tensor]:
        """Of (n, band, row, column) to four tensors (n, channel, row / 16, column / 16), the earliest layer first.

        They are the layers at a quarter, half, three quarters and all of the depth: 6, 12, 18 and 24 of 24.
        """
        tokens = self.model.forward_features(inputs)
        features: list[Tensor] = self.model.prepare_features_for_image_model([tokens[layer] for layer in self._layers])
        return features


class TokenNetwork(nn.Module):
    """An encoder of four equally coarse features, and the decoder of DPT.

    Parameters
    ----------
    encoder
        From (n, band, row, column) to four features (n, channel, row / 16, column / 16).
    n_channels
        Of each feature.
    """

    def __init__(self, encoder: nn.Module, n_channels: int, n_outputs: int) -> None:
        super().__init__()
        dpt: Any = import_module("segmentation_models_pytorch.decoders.dpt.decoder")
        self.encoder = encoder
        self.decoder = dpt.DPTDecoder([n_channels] * _N_LAYERS, [_PATCH_PIXELS] * _N_LAYERS, False, "ignore")
        self.segmentation_head = dpt.DPTSegmentationHead(256, n_outputs, kernel_size=3, upsampling=2)

    def forward(self, inputs: Tensor) -> Tensor:
        """(n, band, row, column) to logits (n, output, row, column).

        Rows and columns are multiples of 32: the coarsest features are at half the resolution of the tokens.
        """
        logits: Tensor = self.segmentation_head(self.decoder(self.encoder(inputs), [None] * _N_LAYERS))
        return logits


def prithvi(specification: NetworkSpecification) -> nn.Module:
    """DPT on a Prithvi encoder of one date, by `terratorch`, which asks for no weights.

    It is a `TokenNetwork` with random weights: (n, band, row, column), rows and columns multiples of 32, to logits (n,
    output, row, column).

    Raises
    ------
    ValueError
        terratorch has no such encoder, or its patches are not of 16 pixels;
        `entropice.networks.architectures.build_network` makes a ConfigError of it.
    """
    registry: Any = import_module("terratorch.registry").BACKBONE_REGISTRY
    encoder = str(specification.encoder)
    if not encoder.startswith("prithvi") or encoder not in registry:
        raise ValueError("terratorch has no such encoder of Prithvi")
    model = registry.build(
        encoder,
        pretrained=False,
        bands=list(range(specification.n_bands)),
        num_frames=1,
        img_size=specification.n_pixels,
    )
    if model.patch_embed.patch_size[-1] != _PATCH_PIXELS:
        raise ValueError(f"its patches are not of {_PATCH_PIXELS} pixels, which the decoder asks for")
    return TokenNetwork(ChosenLayers(model), model.embed_dim, specification.n_outputs)
