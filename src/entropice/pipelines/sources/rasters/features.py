"""Statistics of rasters as features of cells and label years."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from entropice.derive.cube import Feature
from entropice.errors import FeatureError
from entropice.pipelines.sources.rasters.names import feature_name
from entropice.pipelines.sources.rasters.parameters import (
    FRACTION,
    KNOWN_FRACTION,
    OTHER,
    RasterFile,
    RasterParameters,
    by_name,
)
from entropice.tiles.plan import Arrays
from entropice.types import FloatArray

GROUP: Final = "rasters"
CELL_AXES: Final = {"known_fraction": 0, "values": 1, "fractions": 1}
"""Of the arrays of a tile, which axis runs over cells."""

IN_WORDS: Final = {
    "mean": "mean",
    "sd": "standard deviation",
    "min": "lowest value",
    "max": "highest value",
    "range": "highest minus lowest value",
    "median": "median",
}


@dataclass(frozen=True)
class CellStatistics:
    """What one raster amounts to in all cells.

    Attributes
    ----------
    known_fraction
        Share of each cell's area whose value is known, float64, shape (n_cells,).
    values
        By statistic, or by code: float64, shape (n_cells,) each, NaN where nothing is known.
    """

    known_fraction: FloatArray
    values: dict[str | int, FloatArray]


def keys_of(tiles: Iterable[Arrays], files: Sequence[RasterFile]) -> list[list[str | int]]:
    """What each raster has values of: its statistics, or every code that any tile holds, ascending.

    Tiles are as `entropice.pipelines.sources.rasters.reduction.group_statistics` gives them, in any order; lists are in
    the order of the files. A raster of categories without a known pixel has none.

    >>> from entropice.pipelines.sources.rasters.parameters import RasterFile
    >>> tiles = [{"layer": np.array(0), "codes": np.array(codes)} for codes in ([3], [1, 3])]
    >>> keys_of(tiles, [RasterFile(file="soil.tif", name="soil", categorical=True)])
    [[1, 3]]
    """
    codes: list[set[int]] = [set() for _ in files]
    for tile in tiles:
        codes[int(tile["layer"])].update(tile["codes"].tolist() if "codes" in tile else ())
    return [
        sorted(found) if raster.is_categorical else list(raster.statistic)
        for raster, found in zip(files, codes, strict=True)
    ]


def gather(
    tiles: Iterable[Arrays], files: Sequence[RasterFile], keys: Sequence[Sequence[str | int]], n_cells: int
) -> list[CellStatistics]:
    """Statistics of every raster in all cells, from those of the tiles; `keys` are those of `keys_of`.

    Tiles are as `entropice.pipelines.sources.rasters.reduction.group_statistics` gives them, in any order: no cell of a
    raster is in two. Cells that no tile holds have a known fraction of 0, values of NaN and shares of 0.

    >>> from entropice.pipelines.sources.rasters.parameters import RasterFile
    >>> of_tile = {"rows": np.array([1]), "known_fraction": np.array([0.5]), "values": np.array([[7.0]])}
    >>> slope = RasterFile(file="slope.tif", name="slope", unit="degree", statistic="mean")
    >>> (found,) = gather([{"layer": np.array(0), **of_tile}], [slope], [["mean"]], 2)
    >>> found.known_fraction.tolist(), found.values["mean"].tolist()
    ([0.0, 0.5], [nan, 7.0])
    """
    gathered = [
        CellStatistics(
            np.zeros(n_cells), {key: np.full(n_cells, 0.0 if raster.is_categorical else np.nan) for key in of_raster}
        )
        for raster, of_raster in zip(files, keys, strict=True)
    ]
    for tile in tiles:
        number, rows = int(tile["layer"]), np.asarray(tile["rows"], dtype=np.int64)
        raster, statistics = files[number], gathered[number]
        statistics.known_fraction[rows] = tile["known_fraction"]
        of_tile, values = (
            (tile["codes"].tolist(), tile["fractions"]) if raster.is_categorical else (raster.statistic, tile["values"])
        )
        for key, of_cells in zip(of_tile, values, strict=True):
            statistics.values[key][rows] = of_cells
    return gathered


def raster_features(
    statistics: Sequence[CellStatistics], parameters: RasterParameters, years: Sequence[int]
) -> list[Feature]:
    """The features of every name: of shape (n_cells,) without a year, else (n_cells, n_years).

    A label year sees the latest raster of a name that is not of a later year, and is unknown where there is none.

    Parameters
    ----------
    statistics
        Of each file of the parameters, in their order.
    years
        Label years, (n_years,).

    Raises
    ------
    FeatureError
        Two features of one name.

    Examples
    --------
    >>> from entropice.pipelines.sources.rasters.parameters import RasterFile
    >>> files = [RasterFile(file=f"{y}.tif", name="ndvi", unit="1", statistic="mean", year=y) for y in (2015, 2019)]
    >>> found = [CellStatistics(np.ones(1), {"mean": np.array([mean])}) for mean in (0.25, 0.5)]
    >>> raster_features(found, RasterParameters(files=tuple(files)), [2014, 2017, 2019])[0].cell_values.tolist()
    [[nan, 0.25, 0.5]]
    """
    of_file = {id(raster): each for raster, each in zip(parameters.files, statistics, strict=True)}
    features = [
        feature
        for name, series in by_name(parameters.files).items()
        for feature in _features(name, series, [of_file[id(raster)] for raster in series], years)
    ]
    repeated = [name for name, n in Counter(feature.name for feature in features).items() if n > 1]
    if repeated:
        raise FeatureError(
            "Two features of rasters have the same name.",
            field="features.rasters.files.name",
            sample=repeated,
            fix="give one of them another name",
        )
    return features


def _features(
    name: str,
    series: Sequence[RasterFile],
    statistics: Sequence[CellStatistics],
    years: Sequence[int],
) -> Iterator[Feature]:
    first = series[0]
    unit, title = first.unit or "1", first.long_name or name.replace("_", " ")
    known = [each.known_fraction for each in statistics]
    everywhere = [np.ones_like(each) for each in known]
    for statistic in first.statistic:
        if statistic == KNOWN_FRACTION:
            yield _feature(
                feature_name(name, KNOWN_FRACTION, "1"),
                series,
                known,
                everywhere,
                years,
                ("1", "share of the cell's area", f"where {title} is known"),
            )
        elif statistic == FRACTION:
            for category, fractions in _by_category(first, statistics).items():
                yield _feature(
                    feature_name(name, f"{category}_{FRACTION}", "1"),
                    series,
                    fractions,
                    known,
                    years,
                    ("1", "share of the cell's known area", f"{title}: {category.replace('_', ' ')}"),
                )
        else:
            yield _feature(
                feature_name(name, statistic, unit),
                series,
                [each.values[statistic] for each in statistics],
                known,
                years,
                (unit, f"{_in_words(statistic)} over the pixels of the cell", title),
            )


def _feature(
    name: str,
    series: Sequence[RasterFile],
    values: list[FloatArray],
    known: list[FloatArray],
    years: Sequence[int],
    words: tuple[str, str, str],
) -> Feature:
    unit, statistic, long_name = words
    is_static = series[0].year is None
    return Feature(
        name=name,
        dimensions=("cell",) if is_static else ("cell", "year"),
        cell_values=values[0] if is_static else _by_label_year(series, values, years),
        known_fraction=known[0] if is_static else _by_label_year(series, known, years),
        units=unit,
        group=GROUP,
        source=", ".join(dict.fromkeys(raster.file for raster in series)),
        statistic=statistic,
        years=_years_in_words(series),
        long_name=long_name,
    )


def _by_label_year(series: Sequence[RasterFile], values: list[FloatArray], years: Sequence[int]) -> FloatArray:
    by_year = {raster.year: each for raster, each in zip(series, values, strict=True) if raster.year is not None}
    unknown = np.full_like(values[0], np.nan)
    columns = []
    for year in years:
        latest = max((earlier for earlier in by_year if earlier <= year), default=None)
        columns.append(unknown if latest is None else by_year[latest])
    return np.stack(columns, axis=1)


def _by_category(raster: RasterFile, statistics: Sequence[CellStatistics]) -> dict[str, list[FloatArray]]:
    """Fractions of each category in the cells, for each raster of a series; codes without a name are together."""
    codes = sorted({code for each in statistics for code in each.values if isinstance(code, int)})
    names = raster.categorical if isinstance(raster.categorical, dict) else {code: _code_name(code) for code in codes}
    members = {name: [code] for code, name in names.items()}
    if isinstance(raster.categorical, dict):
        members[OTHER] = [code for code in codes if code not in names]
    return {name: [_sum_of(each, member) for each in statistics] for name, member in members.items()}


def _code_name(code: int) -> str:
    return f"code_{code}" if code >= 0 else f"code_minus_{-code}"


def _sum_of(statistics: CellStatistics, codes: Sequence[int]) -> FloatArray:
    total = np.zeros_like(statistics.known_fraction)
    for code in codes:
        total += statistics.values.get(code, 0.0)
    return total


def _in_words(statistic: str) -> str:
    return IN_WORDS.get(statistic, f"{int(statistic[1:])} % quantile" if statistic.startswith("q") else statistic)


def _years_in_words(series: Sequence[RasterFile]) -> str:
    years = sorted(raster.year for raster in series if raster.year is not None)
    if not years:
        return "static"
    return str(years[0]) if len(years) == 1 else f"the latest of {', '.join(map(str, years))} up to y"
