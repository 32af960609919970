"""Trained networks for people who have torch and its libraries alone: weights, arguments, and the lines that load them.

Classifiers are networks of torchvision where it has the encoder, else of timm, with fully connected layers in the place
of their own last one. Networks of our own form need a module of this room that needs torch alone; it is handed on as it
stands.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from inspect import getsource
from itertools import pairwise
from types import ModuleType
from typing import Any, Final

from torch import Tensor

from entropice.errors import ConfigError
from entropice.networks import attention, conv_lstm, multimodal_vit, pyramid, siamese, upernet
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.encoder_names import timm_name
from entropice.networks.export import WEIGHTS, Checkpoint
from entropice.networks.libraries import timm
from entropice.networks.options import ClassifierOptions, ConvLSTMOptions
from entropice.networks.plain_arguments import conv_lstm_arguments, multimodal_arguments, siamese_arguments
from entropice.networks.tensor_files import Tensors

OF_TORCHVISION: Final = ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152")
"""Encoders whose tensors have the same names in timm and torchvision."""

LOADED: Final = 'content = torch.load("{file}", weights_only=True)'


@dataclass(frozen=True)
class HandedOn:
    """One network as others load it.

    Attributes
    ----------
    content
        What the file of weights holds: ``model_state_dict``, ``specification``, and ``arguments`` where its class is
        one of `modules`; tensors and plain values.
    imports, built
        Python that brings in what is needed, and that makes ``network`` of ``content``; weights are loaded after it.
    modules
        Source of the modules that `imports` needs beside torch and its libraries, by name of the file.
    encoder
        As its library calls it; None where there is none.
    """

    content: Mapping[str, Any]
    imports: str
    built: str
    modules: Mapping[str, str] = field(default_factory=dict)
    encoder: str | None = None

    def loading(self, file: str) -> str:
        """Python that ends with a ``network`` that has the weights of a file.

        `file` is written into it as it stands, between double quotes; it is neither opened nor looked for. Lines are
        those of `imports`, one that reads `file` with ``weights_only=True``, those of `built`, and one that loads the
        weights.

        Examples
        --------
        >>> print(HandedOn({}, "import torch", "network = torch.nn.Linear(1, 1)").loading("weights.pth"))
        import torch
        <BLANKLINE>
        content = torch.load("weights.pth", weights_only=True)
        network = torch.nn.Linear(1, 1)
        network.load_state_dict(content["model_state_dict"])
        """
        loaded = f'network.load_state_dict(content["{WEIGHTS}"])'
        return "\n".join((self.imports, "", LOADED.format(file=file), self.built, loaded))


def handed_on(checkpoint: Checkpoint) -> HandedOn:
    """A trained network as others load it.

    Weights keep their values; those of classifiers are renamed to the names of torchvision or timm. Architectures are
    ``classifier``, ``siamese``, ``conv_lstm`` and ``multimodal_vit``.

    Raises
    ------
    ConfigError
        Nothing says how networks of its architecture are loaded elsewhere.
    """
    architecture = checkpoint.specification.architecture
    if architecture not in _MAKERS:
        raise ConfigError(
            "Nothing says how networks of this architecture are loaded elsewhere.",
            field="network.architecture",
            got=architecture,
            expected=", ".join(_MAKERS),
            fix="train one of these, or leave the pipeline exporting out of composition.yml",
        )
    return _MAKERS[architecture](checkpoint)


def _classifier(checkpoint: Checkpoint) -> HandedOn:
    specification = checkpoint.specification
    encoder = timm_name(str(specification.encoder))
    # Families of encoders call their last layer otherwise: fc, classifier, head.fc.
    last = str(timm.get_pretrained_cfg(encoder).classifier)
    is_of_torchvision = encoder in OF_TORCHVISION and specification.n_bands == 3
    making = f"torchvision.models.{encoder}()" if is_of_torchvision else _of_timm(encoder, specification)
    return HandedOn(
        content_of(specification, _renamed(checkpoint.weights, {"encoder.": "", "head.": f"{last}."})),
        f"import torch, {'torchvision' if is_of_torchvision else 'timm'}",
        f"network = {making}\nnetwork.{last} = {_head(checkpoint)}",
        encoder=encoder,
    )


def _of_timm(encoder: str, specification: NetworkSpecification) -> str:
    edge = f", img_size={specification.n_pixels}" if timm.get_pretrained_cfg(encoder).fixed_input_size else ""
    return f'timm.create_model("{encoder}", in_chans={specification.n_bands}, num_classes=0, global_pool="avg"{edge})'


def _head(checkpoint: Checkpoint) -> str:
    """The fully connected layers of `entropice.networks.classifier.head`, as Python."""
    options = ClassifierOptions.model_validate(checkpoint.specification.options)
    sizes = (checkpoint.weights["head.0.weight"].shape[1], *options.widths, options.n_classes)
    linear = [f"torch.nn.Linear({before}, {after})" for before, after in pairwise(sizes)]
    layers = [linear[0], "torch.nn.ReLU()", f"torch.nn.Dropout({options.dropout})"]
    for each in linear[1:-1]:
        layers += [each, "torch.nn.ReLU()"]
    return f"torch.nn.Sequential({', '.join([*layers, linear[-1]])})"


def _siamese(checkpoint: Checkpoint) -> HandedOn:
    specification = checkpoint.specification
    return HandedOn(
        content_of(specification, checkpoint.weights) | {"arguments": siamese_arguments(specification)},
        "import torch\nfrom siamese import Siamese",
        'network = Siamese(**content["arguments"])',
        _sources(siamese),
    )


def _conv_lstm(checkpoint: Checkpoint) -> HandedOn:
    specification = checkpoint.specification
    name = ConvLSTMOptions.model_validate(specification.options).attention
    has_attention = name != "none"
    return HandedOn(
        content_of(specification, checkpoint.weights) | {"arguments": conv_lstm_arguments(specification)},
        "import torch\nfrom conv_lstm import ConvLSTM" + ("\nfrom attention import ATTENTIONS" * has_attention),
        'network = ConvLSTM(**content["arguments"]' + f', attention=ATTENTIONS["{name}"]' * has_attention + ")",
        _sources(conv_lstm, *[attention] * has_attention),
    )


def _multimodal_vit(checkpoint: Checkpoint) -> HandedOn:
    specification = checkpoint.specification
    return HandedOn(
        content_of(specification, checkpoint.weights) | {"arguments": multimodal_arguments(specification)},
        "import torch\nfrom multimodal_vit import MultimodalEncoder, MultimodalViT\n"
        "from pyramid import Pyramid\nfrom upernet import UPerNet",
        'parts = content["arguments"]\n'
        'encoder, neck = MultimodalEncoder(**parts["encoder"]), Pyramid(**parts["neck"])\n'
        'network = MultimodalViT(encoder, neck, UPerNet(**parts["decoder"]))',
        _sources(multimodal_vit, pyramid, upernet),
    )


_MAKERS: Final[Mapping[str, Callable[[Checkpoint], HandedOn]]] = {
    "classifier": _classifier,
    "siamese": _siamese,
    "conv_lstm": _conv_lstm,
    "multimodal_vit": _multimodal_vit,
}
"""By architecture."""


def content_of(specification: NetworkSpecification, weights: Tensors) -> dict[str, Any]:
    """Weights, and what network they are of as plain values.

    Tensors are in the order of their names: weights that were read from a file come in any.

    The keys are ``model_state_dict`` and ``specification`` (fields of `NetworkSpecification`, bands as a list).

    Examples
    --------
    >>> given = content_of(NetworkSpecification("siamese", None, ("red", "nir")), {"b": 2, "a": 1})
    >>> given["model_state_dict"], given["specification"]["bands"]
    ({'a': 1, 'b': 2}, ['red', 'nir'])
    """
    plain = asdict(specification) | {"bands": list(specification.bands), "options": dict(specification.options)}
    return {WEIGHTS: dict(sorted(weights.items())), "specification": plain}


def _renamed(weights: Tensors, beginnings: Mapping[str, str]) -> dict[str, Tensor]:
    named: dict[str, Tensor] = {}
    for name, value in weights.items():
        ours = next(beginning for beginning in beginnings if name.startswith(beginning))
        named[beginnings[ours] + name.removeprefix(ours)] = value
    return named


def _sources(*modules: ModuleType) -> dict[str, str]:
    return {f"{module.__name__.rpartition('.')[2]}.py": getsource(module) for module in modules}
