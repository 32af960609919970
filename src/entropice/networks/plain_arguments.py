"""What networks of torch alone are built with, as plain values that others can build them with too."""

from typing import Any

from entropice.networks.architecture import NetworkSpecification
from entropice.networks.options import ConvLSTMOptions, SiameseOptions


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
    }
