"""Named arrays with a JSON description: how models are kept, without pickle."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Arrays:
    """Named numeric arrays of any shape, and the JSON document that says what they are."""

    arrays: "dict[str, NDArray[np.generic]]"
    metadata: dict[str, Any]


class ArraysDataset(DescriptionPreview, RecordedDataset[Arrays, Arrays]):
    """A folder of ``arrays.npz`` and ``metadata.json``; object arrays are refused both ways."""

    is_folder = True

    def read(self, path: Path) -> Arrays:
        """Read ``arrays.npz`` and ``metadata.json``, as `read_arrays` does."""
        return read_arrays(path)

    def write(self, data: Arrays, path: Path) -> None:
        """Write ``arrays.npz`` and ``metadata.json``, as `write_arrays` does."""
        write_arrays(data, path)


def read_arrays(folder: Path) -> Arrays:
    """What ``arrays.npz`` and ``metadata.json`` of a folder hold; dtype and shape are as they were written.

    Raises
    ------
    OSError
        One of the files is missing.
    ValueError, zipfile.BadZipFile
        One is not what its name says, or an array holds objects.
    """
    import numpy as np

    with np.load(folder / "arrays.npz", allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    return Arrays(arrays, json.loads((folder / "metadata.json").read_text(encoding="utf-8")))


def write_arrays(data: Arrays, folder: Path) -> None:
    """Write ``arrays.npz`` (not compressed) and ``metadata.json`` into an existing folder; NaN may be in arrays alone.

    Raises
    ------
    ValueError
        An array holds objects, or the metadata NaN or infinity.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import numpy as np
    >>> with TemporaryDirectory() as folder:
    ...     write_arrays(Arrays({"weights": np.array([1, 2], dtype=np.int8)}, {"unit": "1"}), Path(folder))
    ...     read_arrays(Path(folder))
    Arrays(arrays={'weights': array([1, 2], dtype=int8)}, metadata={'unit': '1'})
    """
    import numpy as np

    np.savez(folder / "arrays.npz", allow_pickle=False, **data.arrays)
    text = json.dumps(data.metadata, indent=1, allow_nan=False)
    (folder / "metadata.json").write_text(text + "\n", encoding="utf-8")
