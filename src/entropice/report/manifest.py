"""``manifest.json``: what a run is, what its tables and layers mean, and where it comes from (docs/run-folder.md)."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from typing import Any, Final

from entropice.crs import POLAR_CRS
from entropice.report.content import RunContent
from entropice.report.origin import seeds
from entropice.report.texts import Text
from entropice.types import DataFrame

SCHEMA: Final = "entropice-run/2"
ROWS_TOLD: Final = ("features", "scores", "drivers")
"""Tables whose rows the manifest repeats, for readers without SQLite."""


def build_manifest(content: RunContent) -> dict[str, Any]:
    """Everything in ``manifest.json`` that does not follow from the run folder's own files, as plain JSON values.

    The fields are those of ``docs/run-folder.md`` and the schema ``entropice-run/2``: ``schema run_id
    entropice_version``, those of `About`, ``grid crs n_cells years year_names classes map_model beaten leaks models
    schemes score_names composition features scores drivers parameters seeds``, those of `Origin.provenance`, and
    ``tables layers tasks``. ``features scores drivers`` are the rows of these tables; ``tasks`` is there only where the
    run has any. Missing values in the rows that it repeats, and in ``beaten``, ``leaks`` and ``tasks``, are None.
    Titles of tables and layers are marked where the run claims nothing about the world.
    """
    return {
        "schema": SCHEMA,
        "run_id": content.origin.run_id,
        "entropice_version": version("entropice"),
        **asdict(content.about),
        "grid": dict(content.grid),
        "crs": POLAR_CRS,
        "n_cells": len(content.frame("cells")),
        "years": list(content.year_names),
        "year_names": {str(year): name for year, name in content.year_names.items()},
        "classes": dict(content.classes),
        "map_model": asdict(content.map_model),
        "beaten": None if content.beaten is None else _without_nan(content.beaten.entry()),
        "leaks": _without_nan(content.leaks.entry()),
        "models": _entries(content.texts.models, "name", "title", "is_reference"),
        "schemes": _entries(content.texts.schemes, "name", "title"),
        "score_names": _entries(content.texts.scores, "name", "title", "bigger_is_better"),
        "composition": dict(content.origin.composition),
        **{name: records(content.frame(name)) for name in ROWS_TOLD},
        "parameters": dict(content.origin.parameters),
        "seeds": seeds(content.origin.parameters),
        **content.origin.provenance,
        "tables": [_marked(table.entry(), content) for table in content.tables.values()],
        "layers": [_marked(layer.entry(), content) for layer in content.layers],
        **({"tasks": [_without_nan(task.entry()) for task in content.tasks]} if content.tasks else {}),
    }


def _marked(entry: dict[str, Any], content: RunContent) -> dict[str, Any]:
    return entry | {"title": content.about.marked(entry["title"])}


def _without_nan(value: Any) -> Any:
    """Plain values with None for NaN."""
    if isinstance(value, Mapping):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _entries(texts: Iterable[Text], *fields: str) -> list[dict[str, Any]]:
    return [{field: getattr(text, field) for field in fields} for text in texts]


def records(table: DataFrame) -> list[dict[str, Any]]:
    """The rows as plain values by column; missing ones are None.

    A list of dicts in the order of the rows; the frame is not changed.

    Examples
    --------
    >>> import pandas as pd
    >>> records(pd.DataFrame({"model": ["espa", "prevalence"], "value": [0.5, float("nan")]}))
    [{'model': 'espa', 'value': 0.5}, {'model': 'prevalence', 'value': None}]
    """
    plain = table.astype(object).where(table.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def to_json(manifest: Mapping[str, Any]) -> str:
    r"""Readable JSON: an indent of one space, letters beyond ASCII as they are, a line end last; NaN is refused.

    Raises
    ------
    ValueError
        A number is NaN or infinite.

    Examples
    --------
    >>> to_json({"unit": "°C"})
    '{\n "unit": "°C"\n}\n'
    """
    return json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
