"""Ice charts: polygons with the range of their concentration, and the stage of most of their ice."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from entropice.errors import MAX_SAMPLE, InputFileError
from entropice.sources.files.origin import errors_name_file_of
from entropice.sources.files.polar import to_polar_polygons
from entropice.sources.files.vector import read_vector
from entropice.sources.ice.sigrid import CONCENTRATIONS, STAGES, SURFACES, UNKNOWN, WATER, Concentration, Surface
from entropice.types import GeoDataFrame

TOTAL: Final = "CT"
SURFACE: Final = "POLY_TYPE"
PARTS: Final = (("CA", "SA"), ("CB", "SB"), ("CC", "SC"))
"""Concentration and stage of the up to three kinds of ice of a polygon, the thickest first."""

Meaning = TypeVar("Meaning")


def read_chart(path: Path) -> GeoDataFrame:
    """Polygons of a chart in EPSG:3413.

    A row a polygon with area, in the order of the file. Columns of the file count in any case: ``POLY_TYPE CT CA SA``
    must be there, ``CB SB`` and ``CC SC`` may be. Codes are those of `entropice.sources.ice.sigrid`; empty, 99 and −9
    are unknown, but for the total of water, which then is 0.

    Returns
    -------
    GeoDataFrame
        ``surface`` (a letter of `Surface`: I ice, W water, L land, S shelf, N no data), ``lowest`` and ``highest``
        (share of ice from ``CT``, 0 to 1; NaN where unknown, and on land, shelves and where there are no data),
        ``stage`` (in the words of `STAGES`, of the kind of ice whose lowest share is largest, the thickest of equals;
        ``unknown`` where it is not said).

    Raises
    ------
    InputFileError
        A column that every chart has is missing, or a code is none of SIGRID-3.
    SchemaError
        No CRS, or no polygons.
    """
    raw = read_vector(path)
    raw = raw.rename(columns={name: name.upper() for name in raw.columns if name != "geometry"})
    _require_columns(raw, path)
    with errors_name_file_of(raw):
        chart = to_polar_polygons(raw, "ice chart")
    surfaces = _decoded(chart, SURFACE, SURFACES, path)
    totals = map(_share, surfaces, _decoded(chart, TOTAL, CONCENTRATIONS, path))
    ranges = np.array([(total.lowest, total.highest) for total in totals])
    return chart[["geometry"]].assign(
        surface=[surface.value for surface in surfaces],
        lowest=ranges[:, 0],
        highest=ranges[:, 1],
        stage=_main_stages(chart, path),
    )


def _share(surface: Surface, total: Concentration) -> Concentration:
    """A chart may leave the code of water out."""
    return {Surface.ICE: total, Surface.WATER: WATER if total == UNKNOWN else total}.get(surface, UNKNOWN)


def _main_stages(chart: GeoDataFrame, path: Path) -> list[str]:
    """Where there is one kind alone, its concentration may be left out: it is the total."""
    present = [(share, stage) for share, stage in PARTS if stage in chart]
    shares = np.array([[part.lowest for part in _decoded(chart, share, CONCENTRATIONS, path)] for share, _ in present])
    main = np.argmax(np.nan_to_num(shares, nan=-1.0), axis=0)
    stages = np.array([_decoded(chart, stage, STAGES, path) for _, stage in present])
    return [str(stage) for stage in stages[main, np.arange(len(chart))]]


def _require_columns(chart: GeoDataFrame, path: Path) -> None:
    needed = {TOTAL, SURFACE, *PARTS[0]}
    if not needed <= set(chart.columns):
        raise InputFileError(
            "The file is no ice chart: columns are missing.",
            path=path,
            field=", ".join(sorted(needed - set(chart.columns))),
            got=", ".join(map(str, chart.columns)),
            expected="SIGRID-3",
            fix="take the shapefile of the chart, not its picture or its summary",
        )


def _decoded(chart: GeoDataFrame, column: str, meanings: Mapping[str, Meaning], path: Path) -> list[Meaning]:
    codes = [_code(value) for value in chart[column]]
    unknown = sorted(set(codes) - set(meanings))
    if unknown:
        raise InputFileError(
            "A code of the chart is none of SIGRID-3.",
            path=path,
            field=column,
            got=", ".join(map(repr, unknown[:MAX_SAMPLE])),
            expected=", ".join(filter(None, meanings)),
            fix="correct the chart, or add the code to entropice/sources/ice/sigrid.py with its meaning",
        )
    return [meanings[code] for code in codes]


def _code(value: object) -> str:
    """Two characters, however the shapefile's column is typed; empty for nothing."""
    if value is None or value != value:
        return ""
    text = f"{value:.0f}" if isinstance(value, float) else str(value).strip()
    return text.zfill(2) if text.isdigit() else text
