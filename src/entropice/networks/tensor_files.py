"""Named tensors in files: safetensors, or what torch reads as weights alone. No code in a file is ever run."""

import warnings
from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError  # an error; nothing is unpickled  # nosec B403
from typing import Any, Final

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from entropice.errors import InputFileError

Tensors = Mapping[str, Tensor]

_PLAIN: Final = "tensors and plain values, nothing that runs"


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Tensors by their names; of a checkpoint, those of its ``model_state_dict`` or ``state_dict``.

    The suffix ``.safetensors`` is read as that, any other as what torch has saved. Tensors keep their dtypes and are on
    the processor; names are as in the file.

    Raises
    ------
    InputFileError
        There is no such file, it is damaged, or it holds no tensors, or other values beside them.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "checkpoint.pth")
    ...     torch.save({"epoch": 3, "state_dict": {"weight": torch.tensor([1.0])}}, path)
    ...     read_tensors(path)
    {'weight': tensor([1.])}
    """
    if not path.is_file():
        raise InputFileError("There is no file of weights.", path=path, fix="name an existing one")
    is_safetensors = path.suffix == ".safetensors"
    content: Any = from_bytes(path.read_bytes(), str(path)) if is_safetensors else read_weights_only(path)
    for key in ("model_state_dict", "state_dict"):
        content = content.get(key, content) if isinstance(content, Mapping) else content
    is_named = isinstance(content, Mapping) and len(content) > 0
    if not is_named or not all(isinstance(value, Tensor) for value in content.values()):
        raise _damaged(path, "values that are no tensors", "names and tensors")
    return dict(content)


def read_weights_only(path: Path) -> dict[str, Any]:
    """What torch has saved, if it is a dictionary of tensors and plain values.

    Tensors are put on the processor. That values are plain is what torch's ``weights_only=True`` holds.

    Raises
    ------
    InputFileError
        It is damaged, or reading it would run code.
    """
    try:
        with warnings.catch_warnings():
            # said of foreign files before they are read or refused, which they are in any case
            warnings.filterwarnings("ignore", "Detected pickle protocol", UserWarning)
            content = torch.load(path, map_location="cpu", weights_only=True)
    except UnpicklingError as error:
        # torch's own words advise to run it
        raise _damaged(path, "a pickle that may run code, or a damaged one", _PLAIN) from error
    except (RuntimeError, EOFError, ValueError) as error:
        raise _damaged(path, str(error).partition(". ")[0].splitlines()[0], _PLAIN) from error
    except OSError as error:
        # what torch makes of an archive without its end
        raise _damaged(path, f"a truncated file ({error})", _PLAIN) from error
    if not isinstance(content, dict):
        raise _damaged(path, type(content).__name__, "names and tensors")
    return content


def to_bytes(tensors: Tensors) -> bytes:
    """Tensors as the bytes of a safetensors file; the same tensors give the same bytes.

    They are written by name; those that are views of another order are written as copies.

    Raises
    ------
    RuntimeError
        One shares its memory with another (of safetensors).

    Examples
    --------
    >>> one, two = torch.tensor([1.0]), torch.tensor([2])
    >>> to_bytes({"b": one, "a": two}) == to_bytes({"a": two, "b": one}), from_bytes(to_bytes({"b": one}), "memory")
    (True, {'b': tensor([1.])})
    """
    return save({name: tensors[name].contiguous() for name in sorted(tensors)})


def from_bytes(content: bytes, path: str) -> dict[str, Tensor]:
    """Tensors of the bytes of a safetensors file.

    `path` is named in the error and not read. An empty dictionary where it holds none.

    Raises
    ------
    InputFileError
        They are damaged.
    """
    try:
        return load(content)
    except SafetensorError as error:
        raise _damaged(path, str(error), "a safetensors file") from error


def _damaged(path: Path | str, got: object, expected: object) -> InputFileError:
    return InputFileError(
        "The file does not hold weights alone.",
        path=path,
        field="content",
        got=got,
        expected=expected,
        fix="use a file of weights as safetensors, or save the model's state_dict alone and name that file",
    )
