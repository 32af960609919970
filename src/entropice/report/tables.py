"""Every table of a run's map package."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from entropice.report.feature_tables import (
    distributions,
    feature_values,
    features_table,
    features_with_values,
    importances_table,
)
from entropice.report.fold_tables import fold_roles, role_meanings, with_reasons
from entropice.report.layers import CELLS, Layer
from entropice.report.results import RunResults
from entropice.report.table import Column, Meaning, Table, columns_of
from entropice.types import DataFrame, GeoDataFrame

CELL_ID: Final[Meaning] = (None, "Number of the cell on its grid, below 2^63; H3 spells it in hexadecimal.")
YEAR: Final[Meaning] = ("1", "Label year.")
CLASS: Final[Meaning] = (None, "Class that was observed.")
FEATURE: Final[Meaning] = (None, "Name of the feature.")
UNIT: Final[Meaning] = (None, "Unit of the feature.")

_SLUMPS: Final[dict[str, Meaning]] = {
    "rts_id": ("1", "Number of the slump, the same in all years."),
    "year": YEAR,
    "area_m2": ("m2", "True area of the outline; null where a slump is a point without one, drawn as a disc."),
}
LOCATION_RADIUS_M: Final = 15.0
_SCORES: Final[dict[str, Meaning]] = {
    "scheme": (None, "How cells were dealt into folds."),
    "model": (None, "Name of the model."),
    "score": (None, "Name of the score."),
    "value": ("1", "The score over all folds together."),
    "low_95": ("1", "Lower end of the 95 % interval, by bootstrap of spatial blocks, widened for refits."),
    "high_95": ("1", "Upper end of the 95 % interval."),
    "n_cell_years": ("1", "Cells and years that were tested."),
    "n_positive": ("1", "Those of them with slumps."),
    "n_folds": ("1", "Number of folds."),
    "share_of_limit": ("1", "0 at the prevalence's score, 1 at the attainable limit's; null where none is defined."),
}
_FOLD_SCORES: Final[dict[str, Meaning]] = {
    "scheme": _SCORES["scheme"],
    "fold": ("1", "Number of the fold, from 0."),
    "model": _SCORES["model"],
    "score": _SCORES["score"],
    "value": ("1", "The score in the fold by itself; null where it is not defined there."),
    "n_cell_years": ("1", "Cells and years that the fold tests."),
    "n_positive": _SCORES["n_positive"],
    "undefined_because": (None, "Why there is no value; null where there is one."),
}
_TRUE_SKILL: Final[dict[str, Meaning]] = {
    "extent": (None, "Land on which the map is scored: all of it, or what was observed in no year."),
    "score": _SCORES["score"],
    "value": ("1", "The score of the map against what imaging all of that land would have found."),
    "n_cell_years": ("1", "Cells and years of the map there."),
    "n_positive": ("1", "Those of them with slumps that would have been found."),
}
_REGIONS: Final[dict[str, Meaning]] = {
    "region": (None, "Sector of longitude, in degrees."),
    "n_cell_years": ("1", "Cells and years that were tested there."),
    "n_blocks": ("1", "Spatial blocks they lie in."),
    "n_positive": ("1", "Those cells and years with slumps."),
    "mean_p_any": ("1", "Mean probability of any slump, out of fold."),
    "frequency": ("1", "Share of cells and years with slumps."),
    "bias": ("1", "Mean probability minus share."),
    "low_95": ("1", "Lower end of the 95 % interval of the bias, by bootstrap of blocks; null with one block."),
    "high_95": ("1", "Upper end of the 95 % interval of the bias."),
}
_DRIVERS: Final[dict[str, Meaning]] = {
    "level": (None, "group: all features of a kind of data. cluster: features of it that say much the same."),
    "feature": (None, "Name of the most typical feature of the set."),
    "feature_group": (None, "Kind of data that the features come from."),
    "long_name": (None, "Name of the most typical feature for readers."),
    "unit": UNIT,
    "features": (None, "Names of all features of the set, separated by spaces."),
    "n_features": ("1", "Their number."),
    "weight": ("1", "Importance: rise of the log loss out of fold, in nats, when the set is shuffled among cells."),
    "low_95": ("1", "Lower end of its 95 % interval, by bootstrap of spatial blocks."),
    "high_95": ("1", "Upper end of the interval."),
    "leave_out": ("1", "Rise of the log loss when the model is fitted without the group; null for clusters."),
    "null_q95": ("1", "95 % quantile of the importance of turned copies of the set, which mean nothing."),
    "p_value": ("1", "Chance that a set without meaning is as important."),
    "q_value": ("1", "Smallest false discovery rate at which the set is called a driver."),
    "is_discovery": ("1", "1 where that rate is at most 10 %: a driver; 0 where nothing is claimed."),
    "rank": ("1", "1 is the largest importance of the level."),
}
_RESPONSES: Final[dict[str, Meaning]] = {
    "feature": (None, "Name of the most typical feature of a cluster, all of which moves with it."),
    "value": (None, "Median of the feature in one of up to ten bins, in its unit."),
    "effect": ("1", "Probability of any slump there, beside its mean over the training rows at full land area."),
    "low_90": ("1", "Lower end of the 90 % range over fits to resampled blocks."),
    "high_90": ("1", "Upper end of that range."),
    "n": ("1", "Training rows in the bin that were asked."),
}
_BOXES: Final[dict[str, Meaning]] = {
    "box": ("1", "Number of the box, from 0, as on the map."),
    "n_training_rows": ("1", "Training rows that fall into it."),
    "share_of_training_rows": ("1", "The same as a share of all."),
    "share_of_land": ("1", "Part of the land of all cells and predicted years that falls into it."),
    "p_any": ("1", "Probability of any slump that is said of every row in it."),
}
_BOX_VALUES: Final[dict[str, Meaning]] = {
    "box": _BOXES["box"],
    "rank": ("1", "1 is the feature that sets the box apart most."),
    "feature": FEATURE,
    "value": (None, "Centre of the box, in the unit of the feature."),
    "low_80": (None, "10 % of the training rows in the box lie below; null where none knows the feature."),
    "high_80": (None, "10 % of the training rows in the box lie above."),
    "mean": (None, "Mean over all training rows, in the unit of the feature."),
    "departure_sd": ("1", "Centre minus mean, in standard deviations of the training rows."),
    "share": ("1", "Part of the squared distance between centre and mean, as the model measures it."),
}
_FEATURES: Final[dict[str, Meaning]] = {
    "name": FEATURE,
    "unit": UNIT,
    "group": (None, "Kind of data that the feature comes from."),
    "source": (None, "Product that it is made of."),
    "statistic": (None, "How the product's values become one value of a cell."),
    "years": (None, "Years that enter: calendar years, or counted from the label year y."),
    "long_name": (None, "Name of the feature for readers."),
    "scale_factor": ("1", "What its numbers in feature_values are to be multiplied by; null where they are not there."),
}
_QUANTILES: Final[dict[str, Meaning]] = {
    "feature": FEATURE,
    "quantile": ("1", "Share of the training rows that lie at or below the value."),
    "value": (None, "In the unit of the feature."),
}
_HISTOGRAMS: Final[dict[str, Meaning]] = {
    "feature": FEATURE,
    "low": (None, "Lower edge of the bin, in the unit of the feature; the first bin holds all below it, too."),
    "high": (None, "Upper edge of the bin, in the unit of the feature; the last bin holds all above it, too."),
    "n": ("1", "Training rows in the bin."),
}


def build_tables(
    results: RunResults,
    scores: DataFrame,
    cells: GeoDataFrame,
    layers: Sequence[Layer],
    year_names: Mapping[int, str],
) -> dict[str, Table]:
    """Cells, what lies around them, and the attribute tables, by name.

    ``cells``, ``slumps``, ``searched_ground``, ``land``, ``scores``, ``fold_scores``, ``drivers``, ``responses``,
    ``boxes`` and ``box_values`` (of a model with boxes), ``features``, ``feature_quantiles``, ``feature_histograms``,
    ``feature_values``, ``regional_calibration``, ``true_map_skill`` (where the truth is known), ``folds``,
    ``out_of_fold``. ``docs/run-folder.md`` has their columns; a dataset without rows gives a table without rows, but
    for boxes, which then have none.

    Parameters
    ----------
    scores
        ``scheme model score value low_95 high_95 n_cell_years n_positive n_folds share_of_limit``.
    cells, layers
        As `layers.build_cells` returns them, a column a layer.
    year_names
        Label year → what to call it; the years of ``feature_values``. At least one.

    Raises
    ------
    KeyError
        A table has a column whose meaning is not declared.
    """
    features = features_table(results.features)
    importances = importances_table(results.drivers, features)
    shown = features_with_values(results.cell_drivers, importances, model_features(results))
    values, steps = feature_values(results.features, shown, list(year_names))
    tables = (
        cells_table(cells, layers, year_names),
        *_context_tables(results),
        _attributes("scores", "Scores", scores, _SCORES),
        _attributes("fold_scores", "Scores fold by fold", with_reasons(results.fold_scores), _FOLD_SCORES),
        _attributes("drivers", "Feature importances", importances, _DRIVERS),
        _attributes("responses", "Response curves", results.responses, _RESPONSES),
        *_box_tables(results),
        _attributes("features", "Features", features.assign(scale_factor=features["name"].map(steps)), _FEATURES),
        *_distribution_tables(results),
        _values_table(values, features.set_index("name").loc[shown], steps, year_names),
        _attributes("regional_calibration", "Calibration by region", results.regional_calibration, _REGIONS),
        *_true_skill_tables(results),
        _folds_table(results),
        _out_of_fold_table(results),
    )
    return {table.name: table for table in tables}


def cells_table(cells: GeoDataFrame, layers: Sequence[Layer], year_names: Mapping[int, str]) -> Table:
    """The table of cells; each column means what its layer says, with the name of its year.

    Parameters
    ----------
    cells
        ``cell_id``, a column a layer, ``geometry``; one row a cell.
    layers
        Those that have no column are passed over.
    year_names
        Of every year of the layers.

    Raises
    ------
    KeyError
        A column has no layer, or a year no name.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> layer = SimpleNamespace(column="p_any_2020", unit="1", description="All.", title_in="P, {0[2020]}".format)
    >>> table = cells_table(pd.DataFrame({"cell_id": [7], "p_any_2020": [0.5]}), [layer], {2020: "summer 2020"})
    >>> table.columns[1].description
    'P, summer 2020. All.'
    """
    meanings = {"cell_id": CELL_ID} | {
        layer.column: (layer.unit, f"{layer.title_in(year_names)}. {layer.description}")
        for layer in layers
        if layer.column is not None
    }
    return Table(CELLS, "Cells", "cells", cells, columns_of(cells, meanings), indexed="cell_id", is_unique=True)


def _context_tables(results: RunResults) -> tuple[Table, ...]:
    slumps = as_polygons(results.rts[["rts_id", "year", "area_m2", "geometry"]])
    searched = results.coverage[["year", "geometry"]]
    return (
        Table("slumps", "Slump outlines", "context", slumps, columns_of(slumps, _SLUMPS)),
        Table("searched_ground", "Searched ground", "context", searched, columns_of(searched, {"year": YEAR})),
        Table("land", "Land", "context", results.land[["geometry"]], ()),
    )


def as_polygons(slumps: GeoDataFrame) -> GeoDataFrame:
    """A layer of polygons cannot hold points: slumps that are points, in column ``geometry``, are drawn as discs.

    A disc has a radius of 15 m, EPSG:3413; polygons and all columns stay, and the given frame is not changed.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> slumps = gpd.GeoDataFrame(geometry=[Point(0, 0), box(0, 0, 1, 1)], crs="EPSG:3413")
    >>> as_polygons(slumps).total_bounds.tolist(), as_polygons(slumps).area.round(1).tolist()
    ([-15.0, -15.0, 15.0, 15.0], [705.7, 1.0])
    """
    is_point = slumps.geometry.geom_type == "Point"
    return slumps.set_geometry(slumps.geometry.where(~is_point, slumps.geometry.buffer(LOCATION_RADIUS_M)))


def _attributes(name: str, title: str, frame: DataFrame, meanings: Mapping[str, Meaning]) -> Table:
    return Table(
        name, title, "attributes", frame, columns_of(frame, meanings), indexed="cell_id" if "cell_id" in frame else None
    )


def _distribution_tables(results: RunResults) -> tuple[Table, ...]:
    quantiles, histograms = distributions(results.features, results.training_table)
    return (
        _attributes("feature_quantiles", "Quantiles of the features over the training rows", quantiles, _QUANTILES),
        _attributes("feature_histograms", "Histograms of the features over the training rows", histograms, _HISTOGRAMS),
    )


def _values_table(
    values: DataFrame, features: DataFrame, steps: Mapping[str, float], year_names: Mapping[int, str]
) -> Table:
    """Values of features that stand in its own index, one row per cell."""
    columns = [Column("cell_id", "integer", *CELL_ID)]
    for name, unit, title in features[["unit", "long_name"]].itertuples():
        told = {name: title} | {f"{name}_{year}": f"{title}, {year_name}" for year, year_name in year_names.items()}
        columns += [
            Column(column, "integer", unit, text, steps[name]) for column, text in told.items() if column in values
        ]
    return Table(
        "feature_values", "Values of the leading features", "attributes", values, tuple(columns), key="cell_id"
    )


def _box_tables(results: RunResults) -> tuple[Table, ...]:
    """None where the map's model has no boxes."""
    if results.boxes.empty:
        return ()
    chances: dict[str, Meaning] = {
        f"p_{name}": ("1", f"Probability of class {name} that is said of every row in it.")
        for name in results.classes["names"]
    }
    return (
        _attributes("boxes", "Boxes", results.boxes, _BOXES | chances),
        _attributes("box_values", "Typical values of the boxes", results.box_values, _BOX_VALUES),
    )


def model_features(results: RunResults) -> list[str]:
    """The features that models see, in the order of the training table: its columns that the feature cube has.

    Examples
    --------
    >>> import xarray as xr
    >>> from types import SimpleNamespace
    >>> cube = xr.Dataset({"slope": ("cell", [0.5]), "unused": ("cell", [0.5]), "snow": ("cell", [0.5])})
    >>> model_features(SimpleNamespace(training_table=["cell_id", "year", "snow", "slope"], features=cube))
    ['snow', 'slope']
    """
    return [str(name) for name in results.training_table if name in results.features.data_vars]


def _true_skill_tables(results: RunResults) -> tuple[Table, ...]:
    """None where the truth is not known."""
    if results.true_map_skill is None:
        return ()
    return (_attributes("true_map_skill", "True skill of the map", results.true_map_skill, _TRUE_SKILL),)


def _folds_table(results: RunResults) -> Table:
    roles = fold_roles(results.folds, results.training_table[["cell_id", "year"]])
    columns = columns_of(roles, {"cell_id": CELL_ID} | role_meanings(roles))
    return Table("folds", "Roles of cells in folds", "attributes", roles, columns, key="cell_id")


def _out_of_fold_table(results: RunResults) -> Table:
    forecasts = with_limit(results.out_of_fold, results.bayes_limit)
    probabilities: dict[str, Meaning] = {
        f"p_{name}": ("1", f"Probability of class {name} by a fit that has not seen the cell.")
        for name in results.classes["names"]
    }
    meanings = {
        "scheme": _SCORES["scheme"],
        "fold": ("1", "Number of the fold that tests the cell."),
        "model": _SCORES["model"],
        "cell_id": CELL_ID,
        "year": YEAR,
        "class_": CLASS,
        **probabilities,
        "standard_error_max": ("1", "Largest Monte Carlo error of the attainable limit's probabilities; null else."),
    }
    return _attributes("out_of_fold", "Probabilities out of fold", forecasts, meanings)


def with_limit(out_of_fold: DataFrame, bayes_limit: DataFrame | None) -> DataFrame:
    """The forecasts of every model, the attainable limit's last where it is known, a new index counting from 0.

    Columns ``scheme fold model cell_id year class_ p_<class>…``; those that one of them lacks are null there, such as
    ``standard_error_max``. ``cell_id`` is int64, as GeoPackages know no unsigned numbers.

    Examples
    --------
    >>> forecasts = pd.DataFrame({"model": ["espa"], "cell_id": [7], "class_": ["none"]})
    >>> limit = forecasts.assign(model="bayes_limit", standard_error_max=0.25)
    >>> with_limit(forecasts, limit)[["model", "standard_error_max"]].to_numpy().tolist()
    [['espa', nan], ['bayes_limit', 0.25]]
    """
    parts = [out_of_fold] if bayes_limit is None else [out_of_fold, bayes_limit]
    forecasts = pd.concat(parts, ignore_index=True)
    return forecasts.assign(cell_id=forecasts["cell_id"].astype(np.int64), class_=forecasts["class_"].astype("str"))
