"""Which outputs no longer follow from the parameters and inputs of now."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from entropice.io.checksums import content_sha256, read_made_with, record_path
from entropice.io.recorded import RecordedDataset

if TYPE_CHECKING:
    from pathlib import Path

    from kedro.io import DataCatalog


def circumstances(inputs: Iterable[str], parameters: dict[str, Any], catalog: "DataCatalog") -> dict[str, Any]:
    """What a node works with now: its parameters as plain values, and the content of its recorded inputs.

    Inputs without a record (given source files, provenance) are left out. `parameters` are plain values by name.
    """
    names = sorted(inputs)
    paths = {name: path for name in names if (path := _recorded_path(name, catalog))}
    return {
        "parameters": {name: parameters[name] for name in names if name in parameters},
        "inputs": {name: content_sha256(path) for name, path in paths.items()},
    }


def stale_outputs(names: Iterable[str], parameters: dict[str, Any], catalog: "DataCatalog") -> dict[str, str]:
    """Every output among `names`, and among all they were made from, that would be made differently now, and why."""
    stale: dict[str, str] = {}
    pending, seen = sorted(names), set()
    while pending:
        name = pending.pop()
        path = _recorded_path(name, catalog)
        if name in seen or path is None:
            continue
        seen.add(name)
        recorded = read_made_with(path)
        differing = _differing(recorded, parameters, catalog)
        if differing:
            stale[name] = ", ".join(differing)
        pending += recorded.get("inputs", {})
    return stale


def _differing(recorded: dict[str, Any], parameters: dict[str, Any], catalog: "DataCatalog") -> list[str]:
    known = {name: value for values in recorded.values() for name, value in values.items()}
    now = circumstances(known, parameters, catalog)
    return [name for values in now.values() for name, value in values.items() if known[name] != value]


def _recorded_path(name: str, catalog: "DataCatalog") -> "Path | None":
    dataset = catalog.get(name)
    if isinstance(dataset, RecordedDataset) and record_path(dataset.path).is_file():
        return dataset.path
    return None
