"""Cells with what a map shows of them, and what lies around them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from entropice.report.frames.outlines import outlined_cells, rounded_km
from entropice.report.graticule import Frame
from entropice.report.layers import CELLS, Layer
from entropice.report.out_of_fold import UNOBSERVED
from entropice.report.quantities import N_DRIVERS
from entropice.report.rounding import round_significant
from entropice.report.run_tables import RunFacts, RunTables
from entropice.report.scales import Categorical, Graduated
from entropice.report.surroundings import frame_around, visible_land
from entropice.types import DataFrame, Geometries, Series

SHOWN_DIGITS: Final[Mapping[str, int]] = {"percent": 3, "number": 4}
"""Significant digits by the format of a layer; counts are whole."""
LENGTH_DIGITS: Final = 3
PLACE_DECIMALS: Final = 2
HATCHES: Final = 110
"""Lines across the longer side of the map."""


def cell_map(run: RunTables) -> DataFrame:
    """Every cell with the value of each quantity and year that has colours, and its leading drivers.

    From the table ``cells`` and, for titles of drivers, ``features``.

    Returns
    -------
    DataFrame
        ``cell`` (as users of the grid spell it), ``geometry`` (km, EPSG:3413), ``lon_deg lat_deg`` (two decimals); a
        column for each of `mapped_layers`: numbers of four significant digits, shares of three, and of categories their
        places in the order of the scale, the place after the last for all others; ``feature_<rank>_<year>``, categories
        that are the titles of features that lead anywhere, with ``length_<rank>_<year>``, their contribution or share
        (`driver_values`). Null is unknown. No rows where there are more than 20,000 cells.
    """
    shown = outlined_cells(run)
    if shown.empty:
        return shown
    cells = run.frame("cells")
    columns: dict[str, Any] = {
        "lon_deg": np.round(cells["lon_deg"].to_numpy(np.float64), PLACE_DECIMALS),
        "lat_deg": np.round(cells["lat_deg"].to_numpy(np.float64), PLACE_DECIMALS),
    }
    columns |= {str(layer.column): _shown(cells[layer.column], layer) for layer in mapped_layers(run.facts)}
    columns |= dict(_drivers(run, cells))
    return pd.concat([shown.reset_index(drop=True), pd.DataFrame(columns)], axis="columns")


def mapped_layers(facts: RunFacts) -> list[Layer]:
    """Layers of cells with colours, top of the map first: all map layers, and whatever is predicted.

    Colours are steps or categories; what has one look everywhere, or is only told, is left out.
    """
    return [
        layer
        for layer in facts.layers
        if layer.table == CELLS
        and isinstance(layer.scale, Graduated | Categorical)
        and (layer.on_map or layer.group == "prediction")
    ]


def _shown(values: Series, layer: Layer) -> Any:
    if isinstance(layer.scale, Categorical):
        return _categories(values, layer.scale)
    return round_significant(values.to_numpy(np.float64, na_value=np.nan), SHOWN_DIGITS[layer.format])


def _categories(values: Series, scale: Categorical) -> pd.Categorical:
    """Places of the values among the categories; whatever is no category has the place after the last."""
    places = pd.Index([item.value for item in scale.categories]).get_indexer(pd.Index(values.astype(object)))
    is_other = (places < 0) & values.notna().to_numpy() & (scale.other is not None)
    n_places = len(scale.categories) + (scale.other is not None)
    told = np.where(is_other, len(scale.categories), places).astype(np.int64)
    return pd.Categorical(pd.Series(told).where(told >= 0), categories=list(range(n_places)))


def driver_values(facts: RunFacts) -> str:
    """What the lengths of drivers are: ``contribution`` where the model adds log-odds, or else ``share``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> driver_values(SimpleNamespace(layers=[SimpleNamespace(quantity="driver_1_contribution")]))
    'contribution'
    >>> driver_values(SimpleNamespace(layers=[]))
    'share'
    """
    quantities = {layer.quantity for layer in facts.layers}
    return "contribution" if "driver_1_contribution" in quantities else "share"


def _drivers(run: RunTables, cells: DataFrame) -> Iterator[tuple[str, Any]]:
    """Nothing where the model explains no cell."""
    places = [f"{rank}_{year}" for rank in range(1, N_DRIVERS + 1) for year in run.facts.year_names]
    names = {place: cells[column] for place in places if (column := _driver_column(place)) in cells}
    titles = run.frame("features").set_index("name")["long_name"] if names else pd.Series(dtype=object)
    told = {place: values.map(titles) for place, values in names.items()}
    leading = list(dict.fromkeys(title for titles_there in told.values() for title in titles_there.dropna()))
    ending = driver_values(run.facts)
    for place, titles_there in told.items():
        lengths = cells[_driver_column(place, f"_{ending}")].to_numpy(np.float64, na_value=np.nan)
        yield f"feature_{place}", pd.Categorical(titles_there, leading)
        yield f"length_{place}", round_significant(lengths, LENGTH_DIGITS)


def _driver_column(place: str, ending: str = "") -> str:
    """Its name in the table of cells, by ``<rank>_<year>``."""
    rank, year = place.split("_")
    return f"driver_{rank}{ending}_{year}"


def surroundings(run: RunTables) -> dict[str, list[dict[str, Any]]]:
    """``land`` in the frame of the map, and ``hatches`` over unobserved cells by ``year``: ``geometry`` in km.

    Rows as plain values, GeoJSON in km of EPSG:3413; ``land`` is one row ``geometry``, a multipolygon without parts
    where there is no land; every year has one row ``year geometry`` of hatches (`hatched`), empty where all was
    observed. The run has cells, 20,000 at most.
    """
    cells = outlined_cells(run)["geometry"].to_numpy()
    left, bottom, right, top = (1000.0 * edge for edge in map_frame_km(cells))
    land = visible_land(run.frame("land")["geometry"].to_numpy(), (left, bottom, right, top))
    return {
        "land": [{"geometry": geojson(shapely.MultiPolygon(list(rounded_km(land))))}],
        "hatches": [
            {"year": year, "geometry": geojson(hatched(cells[is_unobserved], map_frame_km(cells)))}
            for year, is_unobserved in _unobserved(run)
        ],
    }


def map_frame_km(cells_km: Geometries) -> Frame:
    """Left, bottom, right and top of a map of cells (n,), in km like their outlines, with a margin of 3 %.

    Examples
    --------
    >>> map_frame_km(np.array([shapely.box(0, 0, 100, 50)]))
    (-3.0, -3.0, 103.0, 53.0)
    """
    left, bottom, right, top = (float(edge) for edge in shapely.total_bounds(cells_km))
    return frame_around((left, bottom, right, top))


def _unobserved(run: RunTables) -> Iterator[tuple[int, Any]]:
    cells = run.frame("cells")
    for year in run.facts.year_names:
        yield year, (cells[f"state_{year}"] == UNOBSERVED).to_numpy()


def hatched(polygons: Geometries, frame: Frame) -> shapely.Geometry:
    """Slanting lines at equal distances over polygons (n,), n of any number, rounded to whole units of the frame.

    They rise to the right at 45°, and begin on the lower edge of the frame at left − height + k d, k = 0, 1, …, d being
    1/110 of the longer side. Empty without polygons.

    Parameters
    ----------
    frame
        Left, bottom, right, top, in the unit of the polygons.

    Examples
    --------
    >>> hatched(np.array([]), (0.0, 0.0, 110.0, 110.0)).is_empty
    True
    """
    left, bottom, right, top = frame
    step = max(right - left, top - bottom) / HATCHES
    # Lines at 45° that cross the frame's upper left begin as far left of it as it is high.
    starts = np.arange(left - (top - bottom), right, step)
    ends = np.stack(
        [
            np.column_stack([starts, np.full_like(starts, bottom)]),
            np.column_stack([starts + top - bottom, np.full_like(starts, top)]),
        ],
        axis=1,
    )
    lines = shapely.multilinestrings(shapely.linestrings(ends))
    return shapely.set_precision(shapely.intersection(lines, shapely.union_all(polygons)), 1.0)


def geojson(geometry: shapely.Geometry) -> dict[str, Any]:
    """A geometry as plain values.

    Examples
    --------
    >>> geojson(shapely.Point(1, 2))
    {'type': 'Point', 'coordinates': [1.0, 2.0]}
    """
    parsed: dict[str, Any] = json.loads(shapely.to_geojson(geometry))
    return parsed
