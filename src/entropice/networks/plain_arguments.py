"""What networks of torch alone are built with, as plain values that others can build them with too."""

from typing import Any

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.options import ConvLSTMOptions, MultimodalOptions, SiameseOptions


def siamese_arguments(specification: NetworkSpecification) -> dict[str, Any]:
    """Of `entropice.networks.siamese.Siamese`: ``n_bands``, ``n_outputs`` and ``widths``.

    Raises
    ------
    ValidationError
        Options are not those of the architecture (of pydantic; `Architecture.read_options` tells people).

    Examples
    --------
    >>> siamese_arguments(NetworkSpecification("siamese", None, ("red", "nir"), options={"widths": [8, 16]}))
    {'n_bands': 2, 'n_outputs': 1, 'widths': [8, 16]}
    """
    options = SiameseOptions.model_validate(specification.options)
    return {
        "n_bands": specification.n_bands,
        "n_outputs": specification.n_outputs,
        "widths": list(options.widths),
    }


def conv_lstm_arguments(specification: NetworkSpecification) -> dict[str, Any]:
    """Of `entropice.networks.conv_lstm.ConvLSTM`, but for what is no plain value or does not change what it says.

    Left out are ``attention`` and ``recomputed_every``. ``targets`` are positions among the bands, from 0 on.

    Raises
    ------
    ValidationError
        Options are not those of the architecture (of pydantic).
    ValueError
        A target is none of the bands.

    Examples
    --------
    >>> given = NetworkSpecification("conv_lstm", None, ("red", "nir"), options={"target_bands": ["nir"]})
    >>> conv_lstm_arguments(given)["targets"], conv_lstm_arguments(given)["n_frames_out"]
    ([1], 7)
    """
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
    """Of the ``encoder``, the ``neck`` and the ``decoder`` of `entropice.networks.multimodal_vit.MultimodalViT`.

    ``sensors`` are positions among the bands, from 0 on, a list a sensor.

    Raises
    ------
    ValidationError
        Options are not those of the architecture (of pydantic).
    ValueError
        A sensor's band is none of the bands.

    Examples
    --------
    >>> options = {"sensors": {"optical": ["red", "nir"], "radar": ["vv"]}}
    >>> given = NetworkSpecification("multimodal_vit", None, ("vv", "red", "nir"), options=options)
    >>> multimodal_arguments(given)["encoder"]["sensors"], multimodal_arguments(given)["neck"]
    ([[1, 2], [0]], {'width': 1024})
    """
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
