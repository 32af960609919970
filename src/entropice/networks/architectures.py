"""Networks that can be trained, one declaration each.

Parameters are checked with these names before a run begins, so torch and the libraries are imported where a network is
built alone.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

from entropice.errors import ConfigError, suggestion
from entropice.networks.architecture import Architecture, NetworkSpecification
from entropice.networks.encoder_names import require_of_any, require_of_timm
from entropice.networks.fusion import FUSIONS, fusion_named
from entropice.networks.options import (
    ClassifierOptions,
    ConvLSTMOptions,
    MultimodalOptions,
    SiameseOptions,
    TerramindOptions,
)
from entropice.networks.plain_arguments import conv_lstm_arguments, multimodal_arguments, siamese_arguments

if TYPE_CHECKING:
    from torch import Tensor, nn

Build = Callable[[NetworkSpecification], "nn.Module"]

_ANY_SIZE: Final = {"strict_img_size": False}
"""What encoders with shifted windows must be told to take tiles of any size."""

_DINO_EDGE: Final = 37 * 16
"""Pixels of a tile of 37² patches of 16, so that the position embeddings are those that DINOv2 was published with."""


def _on(decoder: str) -> Build:
    """Builder on a decoder of `segmentation_models_pytorch`."""

    def build(specification: NetworkSpecification) -> "nn.Module":
        from entropice.networks.libraries import smp

        def model(n_bands: int) -> Any:
            return getattr(smp, decoder)(
                specification.encoder,
                encoder_weights=None,
                in_channels=n_bands,
                classes=specification.n_outputs,
                **(_ANY_SIZE if "swin" in str(specification.encoder) else {}),
            )

        return cast("nn.Module", fusion_named(specification.fusion).build(model, specification))

    return build


def _on_tokens(readout: str, options: Callable[[NetworkSpecification], dict[str, Any]]) -> Build:
    """Builder on an encoder of equally coarse tokens, four layers of which its decoder makes a pyramid."""

    def build(specification: NetworkSpecification) -> "nn.Module":
        from entropice.networks.libraries import smp

        network = smp.DPT(
            specification.encoder,
            encoder_weights=None,
            decoder_readout=readout,
            in_channels=specification.n_bands,
            classes=specification.n_outputs,
            num_classes=0,  # of the encoder alone: no classifier
            **options(specification),
        )
        return cast("nn.Module", network)

    return build


def _mask2former(specification: NetworkSpecification) -> "nn.Module":
    from entropice.networks.foundation import mask2former

    return mask2former(specification)


def _prithvi(specification: NetworkSpecification) -> "nn.Module":
    from entropice.networks.foundation import prithvi

    return prithvi(specification)


def _conv_lstm(specification: NetworkSpecification) -> "nn.Module":
    from entropice.networks.attention import ATTENTIONS
    from entropice.networks.conv_lstm import ConvLSTM

    options = ConvLSTMOptions.model_validate(specification.options)
    return ConvLSTM(
        **conv_lstm_arguments(specification),
        attention=ATTENTIONS[options.attention],
        recomputed_every=options.recomputed_every,
    )


def _classifier(specification: NetworkSpecification) -> "nn.Module":
    from entropice.networks.classifier import classifier

    return classifier(specification)


def _siamese(specification: NetworkSpecification) -> "nn.Module":
    from entropice.networks.siamese import Siamese

    return Siamese(**siamese_arguments(specification))


def _multimodal_vit(specification: NetworkSpecification) -> "nn.Module":
    from entropice.networks.multimodal_vit import MultimodalEncoder, MultimodalViT
    from entropice.networks.pyramid import Pyramid
    from entropice.networks.upernet import UPerNet

    arguments = multimodal_arguments(specification)
    return MultimodalViT(
        MultimodalEncoder(**arguments["encoder"]), Pyramid(**arguments["neck"]), UPerNet(**arguments["decoder"])
    )


def _terramind(specification: NetworkSpecification) -> "nn.Module":
    from entropice.networks.terramind import terramind

    return terramind(specification)


_ANY_FUSION: Final = tuple(fusion.name for fusion in FUSIONS)

ARCHITECTURES: Final[tuple[Architecture, ...]] = (
    Architecture(
        "unet_plus_plus",
        "UNet++",
        _on("UnetPlusPlus"),
        "efficientnet-b7",
        "doi:10.1007/978-3-030-00889-5_1",
        _ANY_FUSION,
    ),
    Architecture(
        "unet", "U-Net", _on("Unet"), "tu-tf_efficientnet_lite0", "doi:10.1007/978-3-319-24574-4_28", _ANY_FUSION
    ),
    Architecture(
        "deeplab_v3_plus",
        "DeepLabV3+",
        _on("DeepLabV3Plus"),
        "resnet50",
        "doi:10.1007/978-3-030-01234-2_49",
        _ANY_FUSION,
    ),
    Architecture("fpn", "FPN", _on("FPN"), "resnet50", "doi:10.1109/CVPR.2017.106", _ANY_FUSION),
    Architecture("segformer", "SegFormer", _on("Segformer"), "mit_b2", "arXiv:2105.15203", _ANY_FUSION),
    Architecture(
        "swin",
        "Swin with UPerNet",
        _on("UPerNet"),
        "tu-swin_tiny_patch4_window7_224",
        "doi:10.1109/ICCV48922.2021.00986",
        _ANY_FUSION,
    ),
    Architecture(
        "dino_v2",
        "DINOv2 with DPT",
        # patches of 16 pixels for 14: weights of the smaller ones are resampled, and tiles need not be cut by 14
        _on_tokens("cat", lambda _: {"patch_size": 16, "img_size": _DINO_EDGE, "dynamic_img_size": True}),
        "tu-vit_small_patch14_dinov2",
        "arXiv:2304.07193",
    ),
    Architecture(
        "sam",
        "SAM's image encoder with DPT",
        _on_tokens("ignore", lambda specification: {"img_size": specification.n_pixels}),
        "tu-samvit_base_patch16",
        "arXiv:2304.02643",
    ),
    Architecture(
        "satmae",
        "SatMAE's encoder without groups of bands, with DPT",
        _on_tokens("cat", lambda specification: {"img_size": specification.n_pixels, "dynamic_img_size": True}),
        "tu-vit_large_patch16_224",
        "arXiv:2207.08051",
    ),
    Architecture("mask2former", "Mask2Former", _mask2former, "swin-tiny", "arXiv:2112.01527", needs="transformers"),
    Architecture("prithvi", "Prithvi with DPT", _prithvi, "prithvi_eo_v2_300", "arXiv:2412.02732", needs="terratorch"),
    Architecture(
        "multimodal_vit",
        "Vision transformer of several sensors with UPerNet",
        _multimodal_vit,
        None,
        "arXiv:2204.01678",
        options=MultimodalOptions,
        sees_unknown=True,
        has_own_encoder=True,
    ),
    Architecture(
        "terramind",
        "TerraMind with UPerNet",
        _terramind,
        "terramind_v1_large",
        "arXiv:2504.11171",
        needs="terratorch",
        options=TerramindOptions,
    ),
    Architecture(
        "classifier",
        "Encoder and fully connected layers",
        _classifier,
        "resnet50",
        "doi:10.1109/CVPR.2016.90",
        kind="class",
        options=ClassifierOptions,
    ),
    Architecture(
        "siamese", "Siamese network", _siamese, None, "arXiv:1810.08462", kind="change", options=SiameseOptions
    ),
    Architecture("conv_lstm", "ConvLSTM", _conv_lstm, None, "arXiv:1506.04214", kind="frames", options=ConvLSTMOptions),
)


def architecture_named(name: str) -> Architecture:
    """The entry of `ARCHITECTURES` with this name; upper and lower case are told apart.

    Raises
    ------
    ConfigError
        There is none; the names that there are, and the nearest of them, are told.

    Examples
    --------
    >>> found = architecture_named("conv_lstm")
    >>> found.kind, found.encoder, found.has_encoder
    ('frames', None, False)
    """
    by_name = {architecture.name: architecture for architecture in ARCHITECTURES}
    if name not in by_name:
        raise ConfigError(
            f"There is no architecture {name!r}{suggestion(name, by_name)}",
            field="architecture",
            got=name,
            expected=", ".join(by_name),
        )
    return by_name[name]


def build_network(specification: NetworkSpecification, seed: int) -> "nn.Module":
    """The network of a specification with random weights, a pure function of both.

    What goes in and comes out follows from the architecture's kind, see `entropice.networks.architecture.Kind`; both
    are float32. It is on the processor and in training mode. Its encoder, where it has one, is the submodule
    ``encoder``, and takes rows and columns that are multiples of 32.

    NaN in inputs is replaced by 0, which is the mean of standardised values, before the network sees it; infinite
    values stay. Architectures that see what is unknown (`Architecture.sees_unknown`) get NaN itself. torch's own
    generator is as before afterwards.

    Raises
    ------
    ConfigError
        Architecture, encoder, fusion or options are not known, do not go together, or need an extra that is not
        installed.

    Examples
    --------
    NaN is 0 for a network that does not see what is unknown, and the seed alone decides the weights.

    >>> import torch
    >>> specification = NetworkSpecification("siamese", None, ("red",), options={"widths": [1, 1]})
    >>> first, again = (build_network(specification, seed=3).eval() for _ in range(2))
    >>> pairs = torch.tensor([1.0, torch.nan, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]).reshape(1, 2, 1, 2, 2)
    >>> torch.equal(first(pairs), again(pairs.nan_to_num(0.0)))
    True
    """
    import torch

    architecture = require_buildable(specification)
    # Weights are drawn on the processor, so its generator alone is put back.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        try:
            network = architecture.build(specification)
        # How the libraries say that a decoder and an encoder do not go together; each says it in its own way.
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError(
                f"{architecture.title} cannot be built on this encoder: {error}",
                field="encoder",
                got=specification.encoder,
                fix=f"choose another one, for example {architecture.encoder}",
            ) from error
    return network if architecture.sees_unknown else _fills_unknown(network)


def _fills_unknown(network: "nn.Module") -> "nn.Module":
    """A network whose inputs are 0 where they are NaN."""
    network.register_forward_pre_hook(_filled)
    return network


def _filled(_: "nn.Module", inputs: "tuple[Tensor, ...]") -> "tuple[Tensor, ...]":
    return tuple(each.nan_to_num(nan=0.0, posinf=math.inf, neginf=-math.inf) for each in inputs)


def require_buildable(specification: NetworkSpecification) -> Architecture:
    """The architecture of a specification whose names are known, go together and need nothing that is not installed.

    Nothing is built. Of an encoder of the extra ``foundation`` only that one is named is checked here; `build_network`
    says whether its library has it.

    Raises
    ------
    ConfigError
        Architecture, encoder, fusion or options are not known, do not go together, or need an extra that is not
        installed.

    Examples
    --------
    >>> require_buildable(NetworkSpecification("siamese", None, ("red", "nir"))).title
    'Siamese network'
    """
    architecture = architecture_named(specification.architecture)
    architecture.require_installed()
    if specification.fusion not in architecture.fusions:
        raise ConfigError(
            f"{architecture.title} cannot join bands in this way.",
            field="fusion",
            got=fusion_named(specification.fusion).name,
            expected=", ".join(architecture.fusions),
            fix="choose one of these fusions, or another architecture",
        )
    architecture.read_options(specification.options).require_bands(specification.bands)
    require_encoder(architecture, specification.encoder)
    if specification.encoder is not None and architecture.needs is None:
        require = require_of_timm if architecture.kind == "class" else require_of_any
        require(specification.encoder, architecture.encoder)
    return architecture


def require_encoder(architecture: Architecture, encoder: str | None) -> None:
    """Pass only an encoder where the architecture has one to choose, and none elsewhere.

    Whether there is one of this name is not asked.

    Raises
    ------
    ConfigError
        It is missing, or is not asked for.
    """
    if (encoder is None) != (architecture.encoder is None):
        raise ConfigError(
            f"{architecture.title} is built on {'no encoder' if architecture.encoder is None else 'an encoder'}.",
            field="encoder",
            got=encoder,
            expected=architecture.encoder or "null",
            fix="leave it out" if architecture.encoder is None else f"name one, for example {architecture.encoder}",
        )
