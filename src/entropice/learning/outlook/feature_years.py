"""Features of years to come: climate from forecast indices by the functions of every other year, the rest as it was."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr

from entropice.derive.cell_fields import index_names
from entropice.derive.climate.history import Derived, with_history
from entropice.types import Dataset, FloatArray, IntArray

CLIMATE: Final = "climate"


def climate_of_years(
    values: FloatArray, years: IntArray, indices: Dataset, features: Sequence[Derived], asked: Sequence[int]
) -> Dataset:
    """Climate features of some years as the cube of features has them.

    Parameters
    ----------
    values
        (n_year, n_index, n_cell) of all years, those to come among them, ascending; indices by name.
    years
        (n_year,) of the values, one after the other.
    indices
        Cube on (cell, year), which says what the indices are.
    features
        What is derived of the indices, as in every other year.
    asked
        Years that are told.

    Returns
    -------
    Dataset
        float64 (cell, year) of the years `asked`, with the coordinates ``year`` and ``cell_ids``; variables and their
        attributes are those of `entropice.derive.climate.history.with_history`, and each has the group ``climate``.
    """
    names = index_names(indices)
    cube = xr.Dataset(
        {name: (("year", "cell"), values[:, place]) for place, name in enumerate(names)},
        {"year": years},
        {"source": indices[names[0]].attrs["source"], "step": "month"},
    )
    derived = with_history(cube, features, asked)
    for name in derived.data_vars:
        derived[name].attrs["group"] = CLIMATE
    return derived.transpose("cell", "year").astype(np.float64).assign_coords(cell_ids=indices["cell_ids"])


def features_of_years(known: Dataset, climate: Dataset) -> Dataset:
    """The cube of features with the climate of other years; what else changes by year is as in the last known one.

    Parameters
    ----------
    known
        Features of label years, dims (cell, year), each with the attribute ``group``; its climate is left out.
    climate
        Of `climate_of_years`, of the same cells.

    Returns
    -------
    Dataset
        Features on dims (cell, year) or (cell,), of the years of `climate`.

    Raises
    ------
    ValueError
        The cells of the two differ.

    Examples
    --------
    >>> dims = ("cell", "year")
    >>> snow = xr.Dataset({"snow_days": (dims, [[1.0, 2.0]], {"group": "rasters"})}, {"year": [2019, 2020]})
    >>> rain = xr.Dataset({"rain_mm": (dims, [[300.0]], {"group": "climate"})}, {"year": [2030]})
    >>> cube = features_of_years(snow, rain)
    >>> cube["year"].to_numpy().tolist(), cube["snow_days"].to_numpy().tolist(), cube["rain_mm"].to_numpy().tolist()
    ([2030], [[2.0]], [[300.0]])
    """
    others = known.drop_vars([name for name in known.data_vars if known[name].attrs["group"] == CLIMATE])
    years = climate["year"].to_numpy()
    last = others.isel(year=np.full(len(years), others.sizes["year"] - 1)).assign_coords(year=years)
    # Cells that differ are an error: any other join would fill them with NaN, which reads as a feature that is not
    # known.
    return xr.merge([climate, last], join="exact", compat="override", combine_attrs="drop_conflicts")
