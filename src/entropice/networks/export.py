"""A trained network as one file for others: ``model_state_dict`` and a record of what it is.

Readers that know neither this package nor its layout find the tensors under the usual name. Nothing in the file runs.
"""

import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import torch
from torch import nn

from entropice.errors import ModelFileError
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.tensor_files import Tensors, read_weights_only

FILE: Final = "best_model.pth"
LAYOUT_VERSION: Final = 1
WEIGHTS: Final = "model_state_dict"
RECORD: Final = "record"


@dataclass(frozen=True)
class Checkpoint:
    """A trained network's weights and what they are of.

    Attributes
    ----------
    specification
        That of the network.
    statistics_sha256
        Of the statistics that its inputs are normalised with.
    weights
        Its parameters and buffers by name.
    versions
        Of the libraries that wrote it.
    """

    specification: NetworkSpecification
    statistics_sha256: str
    weights: Tensors
    versions: Mapping[str, str]


def versions() -> dict[str, str]:
    """Versions of the libraries that a network depends on.

    By the names that pip knows: entropice, torch, timm and segmentation-models-pytorch, as installed here.

    Raises
    ------
    PackageNotFoundError
        One is not installed.
    """
    names = ("entropice", "torch", "timm", "segmentation-models-pytorch")
    return {name: version(name) for name in names}


def checkpoint_to_bytes(checkpoint: Checkpoint) -> bytes:
    """The content of the file; equal checkpoints give equal bytes.

    It is what ``torch.save`` writes of two entries: ``model_state_dict``, tensors by name in the order of their names,
    and ``record`` with ``layout_version``, ``specification``, ``statistics_sha256`` and ``versions``.

    Examples
    --------
    >>> one, two = torch.tensor([1.0]), torch.tensor([2.0])
    >>> specification = NetworkSpecification("siamese", None, ("red",))
    >>> orders = ({"a": one, "b": two}, {"b": two, "a": one})
    >>> first, second = (checkpoint_to_bytes(Checkpoint(specification, "", weights, {})) for weights in orders)
    >>> first == second
    True
    """
    specification = asdict(checkpoint.specification) | {"bands": list(checkpoint.specification.bands)}
    record = {
        "layout_version": LAYOUT_VERSION,
        "specification": specification,
        "statistics_sha256": checkpoint.statistics_sha256,
        "versions": dict(checkpoint.versions),
    }
    # weights that were read from a file come in any order
    return to_torch_bytes({WEIGHTS: dict(sorted(checkpoint.weights.items())), RECORD: record})


def to_torch_bytes(content: Mapping[str, Any]) -> bytes:
    """Tensors and plain values by name as a file that torch reads with ``weights_only=True``.

    Whether all values are of a kind that torch reads in this way is not checked here.
    """
    file = io.BytesIO()
    torch.save(dict(content), file)
    return file.getvalue()


def read_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint of a file.

    Tensors are read to the processor. Whether they fit the network that the record tells of is `network_of`'s to say.

    Raises
    ------
    InputFileError
        There is no such file, it is damaged, or reading it would run code.
    ModelFileError
        It has no record, a record that is not whole, or another layout than this version reads.
    ConfigError
        The record tells of a network that cannot be: a band that is not known, say.
    """
    content = read_weights_only(path)
    record = content.get(RECORD)
    if WEIGHTS not in content or not isinstance(record, dict):
        raise _refusal("The file has no record of what its weights are.", path, RECORD, sorted(content), RECORD)
    # Asked before the rest is read: of another layout nothing is known but this number.
    if record.get("layout_version") != LAYOUT_VERSION:
        raise _refusal(
            "The file has a layout that this version does not read.",
            path,
            "layout_version",
            record.get("layout_version"),
            LAYOUT_VERSION,
        )
    try:
        given: dict[str, Any] = record["specification"]
        specification = NetworkSpecification(**given | {"bands": tuple(given["bands"])})
        return Checkpoint(specification, record["statistics_sha256"], content[WEIGHTS], record["versions"])
    except (KeyError, TypeError) as error:
        raise _refusal("The record is not whole.", path, RECORD, repr(error), "all of its entries") from error


def network_of(checkpoint: Checkpoint, path: Path) -> nn.Module:
    """The network of a checkpoint, with its weights, in evaluation mode.

    It is on the processor. `path` is named in the error and not read. All names and shapes must agree, buffers
    included.

    Raises
    ------
    ModelFileError
        The weights are not those of the network that the record tells of.
    ConfigError
        The network cannot be built here, see `build_network`.
    """
    network = build_network(checkpoint.specification, seed=0)
    try:
        nn.Module.load_state_dict(network, dict(checkpoint.weights))
    except RuntimeError as error:
        raise _refusal(
            "The weights are not of the network that the record tells of.",
            path,
            WEIGHTS,
            str(error).splitlines()[-1].strip(),
            checkpoint.specification.architecture,
        ) from error
    return network.eval()


def require_specification(checkpoint: Checkpoint, expected: NetworkSpecification, path: Path) -> None:
    """Pass only a checkpoint of this network: all fields of its specification are equal, size and options too.

    The first that differs is told. Options are compared as they were given: one that is left out differs from one that
    is written with its usual value.

    Raises
    ------
    ModelFileError
        It is of another.
    """
    found, wanted = asdict(checkpoint.specification), asdict(expected)
    for name, value in wanted.items():
        if found[name] != value:
            raise _refusal("The file holds another network.", path, name, found[name], value)


def require_statistics(checkpoint: Checkpoint, statistics_sha256: str, path: Path) -> None:
    """Pass only a checkpoint of a network whose inputs were normalised with these statistics.

    `path` is named in the error and not read.

    Raises
    ------
    ModelFileError
        They were others: its logits would mean nothing.
    """
    if checkpoint.statistics_sha256 != statistics_sha256:
        raise _refusal(
            "The network was trained with other statistics.",
            path,
            "statistics_sha256",
            statistics_sha256,
            checkpoint.statistics_sha256,
        )


def _refusal(what: str, path: Path, field: str, got: object, expected: object) -> ModelFileError:
    return ModelFileError(
        what,
        path=path,
        field=field,
        got=got,
        expected=expected,
        fix="use the file that this configuration's training has written, or train again",
    )
