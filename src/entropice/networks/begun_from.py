"""A whole network's weights to begin from: a file of ours, or a checkpoint that another framework has left.

Checkpoints of training frameworks hold the state of optimisers, hyperparameters and several copies of the weights, each
with a word before its names. Tensors that have the network's names without such a word are taken, averaged weights
before the plain ones; all else is left out and told. Nothing in a file is ever run: one that needs pickle is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from entropice.errors import InputFileError
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.architectures import build_network
from entropice.networks.tensor_files import Tensors, from_bytes, read_weights_only

PREFIXES: Final = ("ema_model.module.", "ema_model.", "ema.", "model.module.", "module.", "model.", "network.", "")
"""Words before the names of weights, the averaged ones first: of these copies the first that is whole is taken."""

WEIGHTS: Final = ("model_state_dict", "state_dict")
"""Names of the entries with weights; a file without them holds weights alone."""

FIELD: Final = "begun_from"

_N_TOLD: Final = 5


@dataclass(frozen=True)
class Cleaned:
    """What of a file is the network's.

    Attributes
    ----------
    weights
        Every parameter and buffer of the network, by its name.
    prefix
        Word that stood before these names in the file.
    left_out
        Names of all other tensors and entries, in order.
    """

    weights: Tensors
    prefix: str
    left_out: tuple[str, ...]

    def record(self, path: str | None) -> dict[str, Any]:
        """As plain JSON values; of what was left out of a file of this path, how many and the first few.

        The keys are ``file``, ``prefix``, ``n_tensors`` (taken), ``n_left_out`` and ``left_out``, at most five names.

        Examples
        --------
        >>> Cleaned({}, "ema.", tuple("abcdefg")).record("checkpoint.pth")["left_out"]
        ['a', 'b', 'c', 'd', 'e']
        """
        return {
            "file": path,
            "prefix": self.prefix,
            "n_tensors": len(self.weights),
            "n_left_out": len(self.left_out),
            "left_out": list(self.left_out[:_N_TOLD]),
        }


def read_cleaned(path: Path, own: Tensors) -> Cleaned:
    """A file's weights of the network that has these.

    The suffix ``.safetensors`` is read as that, any other as what torch has saved with ``weights_only=True``.

    Parameters
    ----------
    own
        The network's parameters and buffers by name, of which names and shapes alone are looked at.

    Raises
    ------
    InputFileError
        There is no such file, it is damaged or needs pickle, or it has not all weights of this network.
    """
    return clean(_content(path), own, path)


def require_fitting(specification: NetworkSpecification, path: Path) -> None:
    """Pass only a file that a network of this specification can begin from, without making its weights.

    Names and shapes of all weights are compared, on PyTorch's device without memory. Of networks on an encoder, whose
    shapes can depend on the images' size, only that the file can be read is asked.

    Raises
    ------
    InputFileError
        There is no such file, it is damaged or needs pickle, or it is of another network.
    ConfigError
        The network, if it is on no encoder, cannot be built, see `build_network`.
    """
    content = _content(path)
    if specification.encoder is None:
        # Names and shapes alone: on this device nothing has a value or takes memory.
        with torch.device("meta"):
            clean(content, build_network(specification, seed=0).state_dict(), path)


def _require_file(path: Path) -> None:
    """Pass only a file that is there.

    Raises
    ------
    InputFileError
        It is not.
    """
    if not path.is_file():
        raise InputFileError(
            "There is no file of weights.",
            path=path,
            field=FIELD,
            got="no file",
            expected="a checkpoint as torch saves it, or safetensors",
            fix="name an existing one, or null to begin with random weights",
        )


def clean(content: Mapping[str, Any], own: Tensors, path: Path) -> Cleaned:
    """Weights by the network's own names.

    Of the words in `PREFIXES`, the first under which all names are there decides, even if the shapes of a later one
    fit and its own do not. Tensors are given as they are, not copied or converted to the network's dtype.

    Parameters
    ----------
    content
        Of the file.
    own
        The network's, whose names and shapes are asked for.

    Raises
    ------
    InputFileError
        No copy of the weights in it has all names and shapes.

    Examples
    --------
    >>> content = {"epoch": 3, "state_dict": {"model.weight": torch.tensor([1.0]), "ema.weight": torch.tensor([2.0])}}
    >>> cleaned = clean(content, {"weight": torch.zeros(1)}, Path("checkpoint.pth"))
    >>> cleaned.weights, cleaned.prefix, cleaned.left_out
    ({'weight': tensor([2.])}, 'ema.', ('model.weight', 'epoch'))
    """
    entry = next((name for name in WEIGHTS if isinstance(content.get(name), Mapping)), None)
    given = content if entry is None else content[entry]
    tensors = {str(name): value for name, value in given.items() if isinstance(value, Tensor)}
    prefix = _prefix_of(tensors, own, path)
    weights = {name: tensors[prefix + name] for name in own}
    wrong = [name for name, value in own.items() if weights[name].shape != value.shape]
    if wrong:
        name = wrong[0]
        raise _refused(path, f"{name} of {tuple(weights[name].shape)}", f"{name} of {tuple(own[name].shape)}")
    taken = {prefix + name for name in own}
    beside = () if entry is None else _others(content, {entry})
    return Cleaned(weights, prefix, (*_others(given, taken), *beside))


def _prefix_of(tensors: Tensors, own: Tensors, path: Path) -> str:
    """The first whose names are all there."""
    missing = {prefix: [name for name in own if prefix + name not in tensors] for prefix in PREFIXES}
    whole = next((prefix for prefix, names in missing.items() if not names), None)
    if whole is not None:
        return whole
    nearest = min(PREFIXES, key=lambda prefix: len(missing[prefix]))
    lacking = missing[nearest]
    raise _refused(path, f"nothing called {lacking[0]}; {len(lacking)} of {len(own)} are missing", "all by name")


def _others(entries: Mapping[str, Any], taken: set[str]) -> Iterator[str]:
    return (str(name) for name in entries if name not in taken)


def _content(path: Path) -> Mapping[str, Any]:
    _require_file(path)
    try:
        return from_bytes(path.read_bytes(), str(path)) if path.suffix == ".safetensors" else read_weights_only(path)
    except InputFileError as error:
        raise InputFileError(
            "The file cannot be read as weights and plain values.",
            path=path,
            field=FIELD,
            got=error.got,
            expected=error.expected,
            fix="save the network's state_dict alone with torch, or as safetensors, and name that file",
        ) from error


def _refused(path: Path, got: str, expected: str) -> InputFileError:
    return InputFileError(
        "The file holds weights of another network.",
        path=path,
        field=FIELD,
        got=got,
        expected=expected,
        fix="name a file of this architecture with these options and bands, or null for random weights",
    )
