"""What the map's model says of years whose climate was drawn."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import numpy as np

from entropice.derive.cell_fields import index_names, index_values
from entropice.derive.climate.history import Derived, History, derived_features
from entropice.derive.climate.indices import INDEX_BY_NAME
from entropice.errors import FeatureError
from entropice.imagery.map_layers import MapLayer, Ramp
from entropice.io.model_of_run import ModelOfRun
from entropice.learning.outlook.asked import chances_of_draws, outlook_table
from entropice.learning.outlook.feature_years import CLIMATE, climate_of_years, features_of_years
from entropice.learning.portable import PortableModel, unpack
from entropice.learning.samples import Samples
from entropice.pipelines.modelling.nodes import map_samples
from entropice.pipelines.modelling.splitting import FoldParameters
from entropice.pipelines.sources.era5.parameters import ClimateParameters
from entropice.report.cell_raster import CellRaster, rasterise_cells
from entropice.types import DataArray, DataFrame, Dataset, FloatArray, GeoDataFrame, IntArray

MAP_PIXEL_M: Final = 10_000.0
PALETTE: Final = "viridis"
RELATIVE: Final = 1e-3
"""By which an index may differ; those of another month or climate differ by far more."""


def model_of(given: ModelOfRun, grid: str, features: Dataset) -> PortableModel:
    """The model of the run that this one builds on, if it is of these cells and features.

    `grid` is the key of the grid, `features` the cube on (cell, year) of that run.

    Raises
    ------
    ModelFileError
        Its files are of another version, or do not fit each other.
    GridError
        It is of another grid.
    FeatureError
        The cube lacks a feature, or has it in another unit, group or statistic.
    """
    model = unpack(given.files.arrays, given.files.document, given.path)
    model.require_same(grid, features)
    return model


def features_asked(indices: Dataset, climate: ClimateParameters, features: Dataset) -> list[Derived]:
    """Climate features of a label year, as the features of the run, a cube on (cell, year), have them.

    `indices` is a cube on (cell, year) of yearly indices. The order is that of the year itself, normals, anomalies,
    lags and trends; features that the run does not have may be among them.

    Raises
    ------
    FeatureError
        The run has a climate feature that is not made here, or makes it of other years: it would be asked of another
        meaning, or keep the climate that came.
    """
    history = History(**climate.history.model_dump())
    asked = derived_features([INDEX_BY_NAME[name] for name in index_names(indices)], history)
    here = {each.name: each.years for each in asked}
    there = {
        str(name): str(each.attrs["years"])
        for name, each in features.data_vars.items()
        if each.attrs["group"] == CLIMATE
    }
    differing = [name for name, years in there.items() if here.get(name) != years]
    if differing:
        raise FeatureError(
            "Climate features of years to come are not those of the run that this one builds on.",
            field="features.climate.history",
            got=", ".join(f"{name} of {here.get(name, 'no years')}" for name in differing[:3]),
            expected=", ".join(f"{name} of {there[name]}" for name in differing[:3]),
            sample=differing,
            fix="give features.climate the values that the run had",
        )
    return asked


def require_same_indices(indices: Dataset, features: Dataset) -> None:
    """Pass only indices (cell, year) that the features of the run, a cube on (cell, year), hold in its label years.

    Those that both have are compared, in years that both have; x passes beside y of the features where ``|x − y| ≤
    0.001 (1 + |y|)``, and NaN beside NaN. Where they share no index or no year, they pass.

    Raises
    ------
    FeatureError
        Others have other values: Arctic years begin in another month, or the climate is another.
    """
    shared = [name for name in index_names(indices) if name in features and "year" in features[name].dims]
    years = np.intersect1d(indices["year"], features["year"])
    differing = [name for name in shared if not _is_same(*(cube[name].sel(year=years) for cube in (indices, features)))]
    if differing:
        raise FeatureError(
            "Climate indices are not those of the run that this one builds on.",
            field="features.climate.arctic_year_start_month",
            got=f"other values of {len(differing)} of {len(shared)} indices in {years[0]} to {years[-1]}",
            expected="equal values of the same years",
            sample=differing,
            fix="give features.climate the values that the run had, or make that run again",
        )


def _is_same(one: DataArray, other: DataArray) -> bool:
    first, second = (each.transpose("cell", "year").to_numpy() for each in (one, other))
    return np.allclose(first, second, rtol=RELATIVE, atol=RELATIVE, equal_nan=True)


def with_years(indices: Dataset, drawn: FloatArray, first_year: int) -> tuple[FloatArray, IntArray]:
    """Values (n_year, n_index, n_cell) of the record before a year and drawn ones from it on; and their years.

    `indices` is a cube on (cell, year), `drawn` (n_drawn, n_index, n_cell) in the order of `index_names`. Years of the
    record from `first_year` on are left out, also where fewer are drawn.

    >>> import xarray as xr
    >>> record = xr.Dataset({"thaw": (("cell", "year"), [[1.0, 2.0, 3.0]])}, {"year": [2018, 2019, 2020]})
    >>> values, years = with_years(record, np.array([[[9.0]]]), 2020)
    >>> values.ravel().tolist(), years.tolist()
    ([1.0, 2.0, 9.0], [2018, 2019, 2020])
    """
    years = indices["year"].to_numpy()
    known = index_values(indices)[years < first_year]
    return np.concatenate([known, drawn]), np.arange(int(years[0]), first_year + len(drawn), dtype=np.int64)


def outlook_of(
    year_draws: Dataset,
    indices: Dataset,
    given_model: ModelOfRun,
    features: Dataset,
    cells: GeoDataFrame,
    grid: str,
    climate: ClimateParameters,
) -> tuple[DataFrame, list[MapLayer]]:
    """Chances with intervals of every cell and year to come, and a layer of a map a year and quantity.

    `year_draws` are ``values`` (draw, year, index, cell), `indices` and `features` cubes on (cell, year). The table has
    the columns ``cell_id year horizon p_any p_any_low p_any_high p_any_sd p_any_climate_sd p_any_model_sd``; errors are
    those of `model_of`, `require_same_indices` and `features_asked`, in this order; intervals and deviations those of
    `entropice.learning.outlook.asked.outlook_table`. Climates are asked one after the other, each with all of its
    years, so that one cube of features is held at a time.
    """
    model = model_of(given_model, grid, features)
    require_same_indices(indices, features)
    years = year_draws["year"].to_numpy().tolist()
    asked = features_asked(indices, climate, features)

    def cubes() -> Iterator[Dataset]:
        for drawn in year_draws["values"].to_numpy().astype(np.float64):
            values, all_years = with_years(indices, drawn, years[0])
            yield features_of_years(features, climate_of_years(values, all_years, indices, asked, years))

    def drawn_samples() -> Iterator[Samples]:
        for cube in cubes():
            yield map_samples(model.feature_names, cube, cells, grid, FoldParameters(), years)[1]

    # Rows are the same for every draw, so those of the first say which cells and years they are.
    keys, _ = map_samples(model.feature_names, next(cubes()), cells, grid, FoldParameters(), years)
    chances = chances_of_draws(model.predictor, model.doubts.members, drawn_samples(), len(model.classes.names))
    table = outlook_table(keys, keys["year"] - (years[0] - 1), *chances)
    return table, outlook_layers(table, cells, years)


def outlook_layers(table: DataFrame, cells: GeoDataFrame, years: Sequence[int]) -> list[MapLayer]:
    """The chance of every year, and how wide its interval is: two layers a year, in EPSG:3413 with pixels of 10 km.

    `table` has the columns ``cell_id year p_any p_any_low p_any_high``. Layers are called ``p_any_<year>`` and
    ``p_any_width_<year>``, high minus low. A pixel has the value of the cell that holds its centre, NaN outside all
    cells and where the chance is not known; a layer holds from 1 January of its year to the end of it.
    """
    raster = rasterise_cells(cells, MAP_PIXEL_M)
    return [
        layer
        for horizon, year in enumerate(years, start=1)
        for layer in _layers_of(table[table["year"] == year].set_index("cell_id"), raster, cells, horizon, year)
    ]


def _layers_of(rows: DataFrame, raster: CellRaster, cells: GeoDataFrame, horizon: int, year: int) -> Iterator[MapLayer]:
    of_cells = rows.reindex(cells["cell_id"])
    shown = (
        ("p_any", "Chance of any slump", of_cells["p_any"], "Mean over the climates that may come."),
        (
            "p_any_width",
            "Width of the 90 % interval of the chance",
            of_cells["p_any_high"] - of_cells["p_any_low"],
            "It holds the climate's doubts and the model's.",
        ),
    )
    for name, title, values, says in shown:
        yield MapLayer(
            name=f"{name}_{year}",
            title=f"{title}, {year}",
            description=f"{says} {horizon} year{'s' if horizon > 1 else ''} after the last that is known.",
            unit="1",
            values=raster.paint(values.to_numpy(np.float64)),
            left_m=raster.left_m,
            top_m=raster.top_m,
            pixel_m=raster.pixel_size_m,
            style=Ramp(0.0, 1.0, PALETTE),
            begins=date(year, 1, 1),
            ends=date(year + 1, 1, 1),
        )
