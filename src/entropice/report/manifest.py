"""What a run is and where it comes from, as plain JSON without times or machine paths."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from entropice.crs import POLAR_CRS
from entropice.types import DataFrame

SCHEMA: Final = "entropice-run/1"


def build_manifest(
    *,
    texts: Mapping[str, Any],
    grid: Mapping[str, str | int],
    n_cells: int,
    year_names: Mapping[int, str],
    classes: Mapping[str, Any],
    features: DataFrame,
    scores: DataFrame,
    drivers: DataFrame,
    parameters: Mapping[str, Any],
    provenance: Mapping[str, Any],
) -> dict[str, Any]:
    """Everything in ``manifest.json`` that does not follow from the run folder's own files.

    Parameters
    ----------
    texts
        ``title``, ``purpose``, ``notice``, ``attributions`` and ``rebuild_command``.
    grid
        ``key`` and the metadata that xdggs decodes.
    parameters
        Plain JSON values, without any that only say where files lie.
    provenance
        ``inputs``, ``intermediates``, ``versions`` and ``code_sha256``.
    """
    return {
        "schema": SCHEMA,
        "run_id": run_id(parameters, provenance["inputs"], provenance["code_sha256"]),
        "entropice_version": version("entropice"),
        **texts,
        "grid": dict(grid),
        "crs": POLAR_CRS,
        "n_cells": n_cells,
        "years": sorted(year_names),
        "year_names": {str(year): name for year, name in year_names.items()},
        "classes": dict(classes),
        "features": records(features),
        "scores": records(scores),
        "drivers": records(drivers),
        "parameters": dict(parameters),
        "seeds": seeds(parameters),
        **provenance,
    }


def run_id(parameters: Mapping[str, Any], inputs: Sequence[Mapping[str, Any]], code_sha256: str) -> str:
    """16 hex digits that change with any parameter, input or line of code, and with nothing else."""
    content = [dict(parameters), [item["sha256"] for item in inputs], code_sha256]
    canonical = json.dumps(content, sort_keys=True, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def seeds(parameters: Mapping[str, Any], prefix: str = "") -> dict[str, int]:
    """Every parameter named ``seed`` or ``…_seed``, by its dotted path."""
    found: dict[str, int] = {}
    for name, value in parameters.items():
        if isinstance(value, Mapping):
            found |= seeds(value, f"{prefix}{name}.")
        elif name == "seed" or name.endswith("_seed"):
            found[prefix + name] = value
    return found


def records(table: DataFrame) -> list[dict[str, Any]]:
    """The rows as plain values; missing ones are None."""
    plain = table.astype(object).where(table.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def file_entries(folder: Path) -> list[dict[str, Any]]:
    """Name, size and SHA-256 of every file in a folder, by name."""
    return [
        {"name": file.name, "bytes": file.stat().st_size, "sha256": _sha256(file)} for file in sorted(folder.iterdir())
    ]


def to_json(manifest: Mapping[str, Any]) -> str:
    """Readable JSON; NaN is refused."""
    return json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
