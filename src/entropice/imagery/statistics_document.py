"""Statistics of bands as ``normalization_stats.json`` holds them."""

from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from pydantic import Field, ValidationError

from entropice.base_model import StrictModel
from entropice.errors import InputFileError, SchemaError
from entropice.imagery.bands import RGB
from entropice.imagery.statistics import BandStatistics, require_usable
from entropice.types import FloatArray

LAYOUT_VERSION: Final = 1


class _Moments(StrictModel):
    mean: list[float]
    std: list[float]


class _Document(StrictModel):
    layout_version: int
    dataset_version: str
    computed_date: date = Field(strict=False)
    n_tiles_used: int = Field(ge=1)
    bands: list[str]
    n_pixels_used: list[int]
    rgb: _Moments
    extra: _Moments


def to_document(statistics: BandStatistics, dataset_version: str, computed_date: date) -> dict[str, Any]:
    """Statistics as plain values.

    Returns
    -------
    dict
        ``layout_version dataset_version computed_date n_tiles_used bands n_pixels_used rgb extra``. ``bands`` and
        ``n_pixels_used`` are in the order of an image's bands; ``rgb.{mean,std}`` in that of red, green and blue, as
        far as they are among the bands; ``extra.{mean,std}`` hold the others in the order of ``bands``.

    Examples
    --------
    >>> moments = np.array([90, 80]), np.array([0.5, 0.25]), np.array([0.125, 1.0])
    >>> statistics = BandStatistics(("nir", "red"), 5, *moments)
    >>> document = to_document(statistics, "2.0", date(2024, 7, 1))
    >>> document["computed_date"], document["rgb"], document["extra"]
    ('2024-07-01', {'mean': [0.25], 'std': [1.0]}, {'mean': [0.5], 'std': [0.125]})
    """
    rgb, extra = _groups(statistics.bands)
    return {
        "layout_version": LAYOUT_VERSION,
        "dataset_version": dataset_version,
        "computed_date": computed_date.isoformat(),
        "n_tiles_used": statistics.n_tiles,
        "bands": list(statistics.bands),
        "n_pixels_used": statistics.n_pixels.tolist(),
        "rgb": {"mean": statistics.mean[rgb].tolist(), "std": statistics.std[rgb].tolist()},
        "extra": {"mean": statistics.mean[extra].tolist(), "std": statistics.std[extra].tolist()},
    }


def from_document(document: Any, path: Path, dataset_version: str, bands: tuple[str, ...]) -> BandStatistics:
    """Statistics that `to_document` wrote, for images of these bands in this order.

    Parameters
    ----------
    document
        The parsed JSON, whatever it holds.
    path
        Where it was read from, for errors alone: nothing is read.
    dataset_version, bands
        What it must be of.

    Raises
    ------
    InputFileError
        The layout is another than this code knows (1); parts are missing, unknown or not finite; they are of another
        dataset, of other bands, or of wrong length; looked at in this order.
    SchemaError
        A band's standard deviation is not above 0; looked at last.

    Examples
    --------
    >>> moments = np.array([90, 80]), np.array([0.5, 0.25]), np.array([0.125, 1.0])
    >>> statistics = BandStatistics(("nir", "red"), 5, *moments)
    >>> document = to_document(statistics, "2.0", date(2024, 7, 1))
    >>> from_document(document, Path("normalization_stats.json"), "2.0", ("nir", "red")).mean.tolist()
    [0.5, 0.25]
    """
    _check_layout(document, path)
    parsed = _parsed(document, path)
    _require(parsed.dataset_version, dataset_version, "dataset_version", path)
    _require(tuple(parsed.bands), bands, "bands", path)
    groups = _groups(bands)
    _require(_lengths(parsed), (len(bands), *(len(group) for group in groups for _ in range(2))), "lengths", path)
    statistics = BandStatistics(
        bands=bands,
        n_tiles=parsed.n_tiles_used,
        n_pixels=np.array(parsed.n_pixels_used, dtype=np.int64),
        mean=_in_order(parsed.rgb.mean, parsed.extra.mean, groups),
        std=_in_order(parsed.rgb.std, parsed.extra.std, groups),
    )
    try:
        require_usable(statistics)
    except SchemaError as error:
        error.path = str(path)
        raise
    return statistics


def _groups(bands: tuple[str, ...]) -> tuple[list[int], list[int]]:
    """Positions of red, green and blue, and of all others."""
    rgb = [bands.index(name) for name in RGB if name in bands]
    return rgb, [position for position in range(len(bands)) if position not in rgb]


def _in_order(rgb: list[float], extra: list[float], groups: tuple[list[int], list[int]]) -> FloatArray:
    values = np.empty(len(rgb) + len(extra))
    values[groups[0]], values[groups[1]] = rgb, extra
    return values


def _lengths(document: _Document) -> tuple[int, ...]:
    lists = (document.rgb.mean, document.rgb.std, document.extra.mean, document.extra.std)
    return (len(document.n_pixels_used), *map(len, lists))


def _check_layout(document: Any, path: Path) -> None:
    version = document.get("layout_version") if isinstance(document, dict) else None
    if version != LAYOUT_VERSION:
        raise InputFileError(
            "The statistics have a layout that this version does not read.",
            path=path,
            field="layout_version",
            got=version,
            expected=LAYOUT_VERSION,
            fix="compute the statistics again, or read them with the version that wrote them",
        )


def _parsed(document: Any, path: Path) -> _Document:
    try:
        return _Document.model_validate(document)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise InputFileError(
            "The statistics of bands are damaged.",
            path=path,
            field=", ".join(".".join(map(str, fault["loc"])) for fault in error.errors()),
            sample=faults,
            fix="compute the statistics again",
        ) from error


def _require(got: object, expected: object, field: str, path: Path) -> None:
    if got != expected:
        raise InputFileError(
            "The statistics of bands belong to other data.",
            path=path,
            field=field,
            got=got,
            expected=expected,
            fix="compute the statistics of this dataset and these bands",
        )
