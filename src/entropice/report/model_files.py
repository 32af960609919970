"""The run's model as files: arrays, and the document that says what they are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

ARRAYS_FILE: Final = "model.npz"
DOCUMENT_FILE: Final = "model.json"


@dataclass(frozen=True)
class ModelFiles:
    """Named numeric arrays and a JSON document.

    Attributes
    ----------
    arrays
        By name, any shapes and numeric dtypes.
    document
        Plain values that say what they are; no NaN.
    """

    arrays: Mapping[str, Any]
    document: Mapping[str, Any]


def write_model_files(model: ModelFiles, folder: Path) -> None:
    """Write both files without pickle; the same model gives the same bytes.

    ``model.npz`` (deflated, an array a name) and ``model.json`` (UTF-8, one line); files of these names are replaced.

    Raises
    ------
    ValueError
        An array holds Python objects, or the document NaN or an infinity.
    """
    np.savez_compressed(folder / ARRAYS_FILE, allow_pickle=False, **model.arrays)
    text = json.dumps(model.document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    (folder / DOCUMENT_FILE).write_text(text + "\n", encoding="utf-8")


def read_model_files(folder: Path) -> ModelFiles:
    """Read both files, ``model.npz`` and ``model.json``, whole; arrays have the shapes and dtypes that were written.

    Raises
    ------
    OSError, ValueError
        One is missing, or not what its name says.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_model_files(ModelFiles({"weights": np.array([0.5, 0.25])}, {"kind": "espa"}), Path(folder))
    ...     model = read_model_files(Path(folder))
    >>> model.arrays["weights"].tolist(), model.document
    ([0.5, 0.25], {'kind': 'espa'})
    """
    with np.load(folder / ARRAYS_FILE, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    return ModelFiles(arrays, json.loads((folder / DOCUMENT_FILE).read_text(encoding="utf-8")))
