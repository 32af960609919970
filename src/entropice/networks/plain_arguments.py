"""What networks of torch alone are built with, as plain values that others can build them with too."""

from typing import Any

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.options import ConvLSTMOptions, MultimodalOptions, SiameseOptions


def siamese_arguments(specification: NetworkSpecification) -> dict[str, Any]:
    """Of `entropice.networks.siamese.Siamese`."""
    options = SiameseOptions.model_validate(specification.options)
    return {
        "n_bands": specification.n_bands,
        "n_outputs": specification.n_outputs,
        "widths": list(options.widths),
    }


def conv_lstm_arguments(specification: NetworkSpecification) -> dict[str, Any]:
    """Of `entropice.networks.conv_lstm.ConvLSTM`, but for what is no plain value or does not change what it says."""
    options = ConvLSTMOptions.model_validate(specification.options)
    return {
        "n_bands": specification.n_bands,
        "targets": [specification.bands.index(band) for band in options.target_bands],
        "n_frames_out": options.n_frames_out,
        "widths": list(options.widths),
        "kernel_px": options.kernel_px,
        "is_residual": options.is_residual,
        "n_recalled": options.n_recalled,
    }


def multimodal_arguments(specification: NetworkSpecification) -> dict[str, dict[str, Any]]:
    """Of the ``encoder``, the ``neck`` and the ``decoder`` of `entropice.networks.multimodal_vit.MultimodalViT`."""
    options = MultimodalOptions.model_validate(specification.options)
    encoder = {name: getattr(options, name) for name in ("patch_px", "width", "depth", "n_heads", "mlp_ratio")}
    sensors = [[specification.bands.index(band) for band in bands] for bands in options.sensors.values()]
    stem_widths = list(options.stem_widths)
    return {
        "encoder": encoder | {"sensors": sensors, "stem_widths": stem_widths},
        "neck": {"width": options.width},
        "decoder": {
            "width": options.width,
            "widths": list(options.decoder_widths),
            "stem_widths": stem_widths,
            "n_outputs": specification.n_outputs,
        },
    }
