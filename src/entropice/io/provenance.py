"""Where everything in a run comes from: hashes of inputs and intermediates, versions of the code."""

import hashlib
import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from kedro.io import AbstractDataset, DatasetError

from entropice.io.checksums import FileRecord, files_of, read_records, record_of, record_path

LIBRARIES = (
    "kedro", "numpy", "scipy", "pandas", "xarray", "zarr", "geopandas", "shapely", "pyproj", "pyogrio", "rasterio",
    "numba", "h3", "healpy", "scikit-learn", "matplotlib",
)  # fmt: skip


class ProvenanceDataset(AbstractDataset[NoReturn, dict[str, Any]]):
    """A read-only view of the records that lie beside inputs and intermediates.

    Parameters
    ----------
    inputs
        Dataset name → path of a file or folder that came from outside (or from the virtual Arctic).
    intermediates
        The folder below which every recorded output of this grid lies.
    exclude
        Names of outputs that are no intermediates (the run folder itself).
    """

    def __init__(
        self,
        *,
        inputs: dict[str, str],
        intermediates: str,
        exclude: list[str],
        metadata: dict[str, Any] | None = None,
    ) -> None:
        self._inputs = {name: Path(path) for name, path in inputs.items()}
        self._intermediates = Path(intermediates)
        self._exclude = set(exclude)
        self.metadata = metadata

    def load(self) -> dict[str, Any]:
        """Collect ``inputs``, ``intermediates`` (lists of dataset, path, bytes, sha256) and ``versions``."""
        return {
            "inputs": [_entry(name, item) for name, path in self._inputs.items() for item in _input_records(path)],
            "intermediates": [_entry(path.stem, item) for path in self._outputs() for item in read_records(path)],
            "versions": _versions(),
            "code_sha256": _code_sha256(),
        }

    def save(self, data: NoReturn) -> None:  # noqa: ARG002 - the signature is Kedro's
        """Refuse: provenance is read from the files themselves."""
        raise DatasetError("provenance is read-only")

    def _outputs(self) -> list[Path]:
        records = sorted(self._intermediates.rglob("*.sha256"))
        outputs = [record.with_suffix("") for record in records]
        return [path for path in outputs if path.exists() and path.name not in self._exclude]

    def _exists(self) -> bool:
        return True

    def _describe(self) -> dict[str, Any]:
        return {"intermediates": str(self._intermediates)}


def _input_records(path: Path) -> list[FileRecord]:
    """Records of a file with its companions (a shapefile's .dbf, .prj, …), or of every file of a folder."""
    if record_path(path).is_file():
        return read_records(path)
    files = files_of(path) if path.is_dir() else sorted(path.parent.glob(f"{path.stem}.*"))
    return [record_of(file, path.parent) for file in files]


def _entry(dataset: str, record: FileRecord) -> dict[str, Any]:
    values = asdict(record)
    return {
        "dataset": dataset,
        "path": values["path"],
        "bytes": values["n_bytes"],
        "sha256": values["sha256"],
    }


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def _code_sha256() -> str:
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for file in sorted(package.rglob("*")):
        if file.suffix in {".py", ".html", ".css", ".qml"}:
            digest.update(file.relative_to(package).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
