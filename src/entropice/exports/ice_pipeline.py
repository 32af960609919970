"""Trained networks in the files of the published Arctic ice pipeline: names, keys, curves and a README.

Whoever loads them needs torch alone, or torchvision for the classifier. Nothing here is read back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

Tensor = TypeVar("Tensor")

WEIGHTS: Final = "model_state_dict"
CLASSIFIER: Final = "resnet50"


@dataclass(frozen=True)
class PublishedNetwork:
    """One kind of networks among the published files.

    Attributes
    ----------
    kind
        What it answers.
    stem
        Of its files; ``<encoder>`` stands for the classifier's encoder.
    renamed
        Beginnings of names of tensors, ours and theirs.
    """

    kind: str
    stem: str
    renamed: tuple[tuple[str, str], ...] = ()

    def file(self, encoder: str | None = None) -> str:
        """Name of the file of its weights."""
        return f"{self._named(encoder)}.pth"

    def curves(self, encoder: str | None = None) -> str:
        """Name of the picture of its training."""
        return f"{self._named(encoder)}_training_curves.png"

    def loading(self, encoder: str | None = None) -> str:
        """How the file is loaded, in Python; into a network of torchvision where there is such a one."""
        into = _INTO_TORCHVISION if self._named(encoder) == f"ice_classifier_{CLASSIFIER}" else ""
        return f'content = torch.load("{self.file(encoder)}", weights_only=True){into}'

    def _named(self, encoder: str | None) -> str:
        return self.stem.replace("<encoder>", (encoder or CLASSIFIER).removeprefix("tu-"))


_INTO_TORCHVISION: Final = """
network = torchvision.models.resnet50()
network.fc = torch.nn.Sequential(
    torch.nn.Linear(2048, 512), torch.nn.ReLU(), torch.nn.Dropout(0.5),
    torch.nn.Linear(512, 128), torch.nn.ReLU(), torch.nn.Linear(128, len(content["class_names"])),
)
network.load_state_dict(content["model_state_dict"])"""

PUBLISHED: Final[tuple[PublishedNetwork, ...]] = (
    PublishedNetwork("class", "ice_classifier_<encoder>", (("encoder.", ""), ("head.", "fc."))),
    PublishedNetwork("frames", "ice_movement_lstm"),
    PublishedNetwork("change", "change_detector"),
)


def published_network(kind: str) -> PublishedNetwork:
    """The declaration of a kind; KeyError for one that has no published file."""
    return {network.kind: network for network in PUBLISHED}[kind]


def published_content(
    kind: str, weights: Mapping[str, Tensor], specification: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """What a published file holds.

    Parameters
    ----------
    weights
        Parameters and buffers by our names.
    specification
        Of the network, as plain values: ``bands``, ``encoder``, ``options`` and the like.
    facts
        What else readers need, as plain values: ``class_names`` of a classifier; ``mean`` and ``std`` of the bands,
        with which inputs are standardised.

    Returns
    -------
    dict
        ``model_state_dict``, ``specification``, and the facts. The state of a classifier on ResNet50 with the usual
        options is what ``torchvision.models.resnet50`` with the published layers as its ``fc`` loads strictly.
    """
    named = {_renamed(name, published_network(kind).renamed): value for name, value in weights.items()}
    return {WEIGHTS: dict(sorted(named.items())), "specification": dict(specification), **facts}


def _renamed(name: str, beginnings: Sequence[tuple[str, str]]) -> str:
    for ours, theirs in beginnings:
        if name.startswith(ours):
            return theirs + name.removeprefix(ours)
    return name


@dataclass(frozen=True)
class ModelFacts:
    """What the README says of one network.

    Attributes
    ----------
    kind, title
        What it answers, and what it is called.
    encoder
        Of a classifier; None elsewhere.
    inputs, outputs
        What goes in and comes out, shapes and units.
    scores
        Name, the published expectation, and ours, as texts; ``not published`` where there is none.
    limits
        What it cannot do, a sentence each.
    """

    kind: str
    title: str
    encoder: str | None
    inputs: str
    outputs: str
    scores: Sequence[tuple[str, str, str]]
    limits: Sequence[str]


def models_readme(models: Sequence[ModelFacts]) -> str:
    """``models/README.md``: each file, what it takes and gives, how it is loaded, what it is worth, and its limits."""
    parts = ["# Models\n\nWeights as torch reads them with `weights_only=True`; nothing in the files runs.\n"]
    return "\n".join([*parts, *map(_section, models)])


def _section(model: ModelFacts) -> str:
    published = published_network(model.kind)
    lines = [
        f"## {model.title}: `{published.file(model.encoder)}`",
        f"Input: {model.inputs}. Output: {model.outputs}. Training: `{published.curves(model.encoder)}`.",
        f"```python\n{published.loading(model.encoder)}\n```",
        "| score | published expectation | here |\n|---|---|---|\n"
        + "\n".join(f"| {' | '.join(row)} |" for row in model.scores),
        "Limits:\n" + "\n".join(f"- {limit}" for limit in model.limits),
    ]
    return "\n\n".join(lines) + "\n"
