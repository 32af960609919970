"""What is known of every cell: each quantity is one declaration, from which its columns, layers and rasters follow."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Literal

import pandas as pd

from entropice.errors import SchemaError
from entropice.report.out_of_fold import UNOBSERVED, OutOfFold, agreement
from entropice.report.palettes import (
    AGREEMENT_COLOURS,
    AGREEMENT_LABELS,
    APPLICABILITY_COLOURS,
    APPLICABILITY_LABELS,
    DOUBT_RAMP,
    ENTROPY_RAMP,
    PROBABILITY_RAMP,
    STATE_COLOURS,
    STATE_LABELS,
    class_colours,
)
from entropice.report.results import RunResults
from entropice.report.scales import Categorical, Scale, class_sets, first_ranks, most_frequent, named, upper_tail
from entropice.types import DataFrame, GeoDataFrame, Series

N_DRIVERS: Final = 3

Group = Literal["prediction", "doubt", "observation", "drivers", "cell", "context"]
Format = Literal["percent", "number", "text"]


@dataclass(frozen=True)
class YearOfRun:
    """What a run says of its cells in one year; every frame's index is ``cell_id`` in the order of ``cells``.

    ``cells`` holds ``lon_deg lat_deg area_m2 land_fraction`` and ``geometry`` (EPSG:3413), ``labels`` and
    ``predictions`` the columns of these datasets in the year, or none where the run knows nothing of them. ``drivers``
    holds ``driver_<rank>``, ``driver_<rank>_share`` and, of a model that adds log-odds, ``driver_<rank>_contribution``;
    no column where the model explains no cell. ``survey`` is the same in all years, and has ``seen_fraction`` where
    label years are not predicted. ``out_of_fold`` holds the probability of any slump by fits that have not seen the
    cell, a column for each model; no column where no model was tested. ``tasks`` are the finds of each task in images,
    by its name, the same in all years.
    """

    cells: GeoDataFrame
    labels: DataFrame
    predictions: DataFrame
    drivers: DataFrame
    survey: DataFrame
    out_of_fold: DataFrame
    tasks: Mapping[str, DataFrame] = field(default_factory=dict)


@dataclass(frozen=True)
class Quantity:
    """A quantity of cells.

    Attributes
    ----------
    name
        Its columns are called ``<name>_<year>``, or ``<name>`` where it is the same in all years; those of a model
        ``<name>_<model>_<year>``.
    title, description
        For readers, in plain text.
    unit
        As UDUNITS spells it; ``1`` where there is no dimension, None for text.
    group
        Under which heading readers find it.
    format
        Whether values are told as ``percent`` (a share times 100), ``number`` or ``text``.
    values
        Its values in one year, or None where this run has none.
    scale
        Its colours, from the values of all years together; None for a value that is told and not drawn.
    on_map
        Whether it is a map layer of its own.
    is_yearly
        Whether it has a column for each year.
    is_default
        Whether its latest year is what a map shows first; one quantity is.
    has_overview
        Whether it is drawn on coarse pixels, too.
    model
        Name of the model whose values they are; None for the map's, and for what is no model's.
    """

    name: str
    title: str
    description: str
    unit: str | None
    group: Group
    format: Format
    values: Callable[[YearOfRun], Series | None]
    scale: Callable[[Series], Scale] | None = None
    on_map: bool = False
    is_yearly: bool = True
    is_default: bool = False
    has_overview: bool = False
    model: str | None = None

    @property
    def stem(self) -> str:
        """What its columns have in common: ``<name>``, or ``<name>_<model>`` of another model than the map's.

        Examples
        --------
        >>> Quantity("p_any", "", "", "1", "prediction", "percent", lambda _: None, model="forest").stem
        'p_any_forest'
        """
        return self.name if self.model is None else f"{self.name}_{self.model}"

    def column(self, year: int) -> str:
        """Its column in the table of cells.

        Examples
        --------
        >>> OBSERVED[0].column(2020), OF_A_CELL[0].column(2020)
        ('state_2020', 'lon_deg')
        """
        return f"{self.stem}_{year}" if self.is_yearly else self.stem


def quantities(
    class_names: Sequence[str], feature_titles: Mapping[str, str], forecasts: OutOfFold
) -> tuple[Quantity, ...]:
    """Every quantity that a run may have, top of the map first.

    What the model predicts and doubts (`predicted_quantities`); what was observed: ``state observed_fraction rts_count
    rts_per_km2 rts_area_fraction``; ``agreement``, and ``p_any_out_of_fold`` of each model; ``driver_<rank>``, its
    ``_share`` and ``_contribution`` for ranks 1 to 3; ``survey_value survey_rank seen_fraction``; ``lon_deg lat_deg
    area_m2 land_fraction``. Whether a run has one is known when its ``values`` are asked for: None where it has not.

    Parameters
    ----------
    class_names
        The ordered classes, the first without slumps.
    feature_titles
        Long name by name of each feature.
    forecasts
        Of all models out of fold: gives `agreement` its threshold, and a quantity for each model.
    """
    return (
        *predicted_quantities(class_names),
        *OBSERVED,
        *_forecast(forecasts),
        *_drivers(feature_titles),
        *OF_A_SURVEY,
        *OF_A_CELL,
    )


def predicted_quantities(class_names: Sequence[str]) -> tuple[Quantity, ...]:
    """What a model says of cells and years, by its ordered classes, and how sure it is.

    From the columns of the dataset ``predictions``: ``p_any_rts`` (1 − the chance of the first class), ``class``,
    ``entropy``, ``p_<class>`` of each class, ``expected_rts_area_fraction``, the doubts ``p_any_sd p_any_low p_any_high
    conformal_set applicability not_applicable_because dissimilarity distance_m``, and ``box``. Doubts and box are None
    where the columns are not there. Columns are called ``<name>_<year>``.

    Parameters
    ----------
    class_names
        The first is the class without slumps.

    Examples
    --------
    >>> names = [quantity.name for quantity in predicted_quantities(["none", "some"])]
    >>> names[:5], names[-1]
    (['p_any_rts', 'class', 'entropy', 'p_none', 'p_some'], 'box')
    """
    probabilities = partial(upper_tail, ramp=PROBABILITY_RAMP)
    return (
        Quantity(
            "p_any_rts", "Probability of any slump", "1 − the probability of the first class.", "1", "prediction",
            "percent", lambda year: 1.0 - year.predictions[f"p_{class_names[0]}"], probabilities,
            on_map=True, is_default=True, has_overview=True,
        ),
        Quantity(
            "class", "Most probable class", "The class of slump density with the largest probability.", None,
            "prediction", "text", lambda year: year.predictions["class_"].astype("str"),
            lambda _: named(class_colours(class_names), {}), on_map=True,
        ),
        Quantity(
            "entropy", "Entropy of the class probabilities", "0 is certain, 1 says that all classes are alike.", "1",
            "prediction", "number", _of_predictions("entropy"), partial(upper_tail, ramp=ENTROPY_RAMP),
            on_map=True, has_overview=True,
        ),
        *(
            Quantity(
                f"p_{name}", f"Probability of class {name}", "The probabilities of all classes sum to 1.", "1",
                "prediction", "percent", _of_predictions(f"p_{name}"), probabilities,
            )
            for name in class_names
        ),
        Quantity(
            "expected_rts_area_fraction", "Expected slump area per land area",
            "Sum over classes of probability × mean density of the class.", "1", "prediction", "number",
            _expected_rts_area_fraction, probabilities,
        ),
        *_doubts(class_names),
        Quantity(
            "box", "Box", "The box of the model, counted from 0, into which the cell falls.", "1", "prediction",
            "number", _box,
        ),
    )  # fmt: skip


def _doubts(class_names: Sequence[str]) -> tuple[Quantity, ...]:
    return (
        Quantity(
            "p_any_sd", "Spread of the probability",
            "Standard deviation of the probability of any slump over fits to resampled blocks.", "1", "doubt",
            "percent", _doubt("p_any_sd"), partial(upper_tail, ramp=DOUBT_RAMP), on_map=True,
        ),
        Quantity(
            "p_any_low", "Lower end of the probability", "Of the 90 % range over fits to resampled blocks.", "1",
            "doubt", "percent", _doubt("p_any_low"),
        ),
        Quantity(
            "p_any_high", "Upper end of the probability", "Of the 90 % range over fits to resampled blocks.", "1",
            "doubt", "percent", _doubt("p_any_high"),
        ),
        Quantity(
            "conformal_set", "Classes that cannot be ruled out",
            "Conformal set: holds the true class in 90 % of cells of every class.", None, "doubt", "text",
            _doubt("conformal_set"), partial(class_sets, class_names=class_names), on_map=True,
        ),
        Quantity(
            "applicability", "Where the map may be trusted",
            "Outside where a feature group is unknown, training cells are far, or features are unlike them.", None,
            "doubt", "text", _applicability, lambda _: named(APPLICABILITY_COLOURS, APPLICABILITY_LABELS), on_map=True,
        ),
        Quantity(
            "not_applicable_because", "Why not to trust it", "Null where the map may be trusted.", None, "doubt",
            "text", _doubt("not_applicable_because"),
        ),
        Quantity(
            "dissimilarity", "Dissimilarity to training data",
            "Distance to the nearest training row among the features, over the mean distance of training rows.", "1",
            "doubt", "number", _doubt("dissimilarity"),
        ),
        Quantity(
            "distance_m", "Distance to the nearest training cell", "Between centres, to the metre.", "m", "doubt",
            "number", _distance_m,
        ),
    )  # fmt: skip


def _of_predictions(column: str) -> Callable[[YearOfRun], Series]:
    return lambda year: year.predictions[column]


def _expected_rts_area_fraction(year: YearOfRun) -> Series | None:
    """None where slumps of unknown area leave all of them unknown."""
    expected = year.predictions["expected_rts_area_fraction"]
    return expected if expected.notna().any() else None


def _doubt(column: str) -> Callable[[YearOfRun], Series | None]:
    return lambda year: year.predictions.get(column)


def _distance_m(year: YearOfRun) -> Series | None:
    """SQLite keeps a whole number in three bytes, a fraction in eight."""
    found = year.predictions.get("distance_m")
    return None if found is None else found.round()


def _applicability(year: YearOfRun) -> Series | None:
    found = year.predictions.get("is_applicable")
    return None if found is None else found.map({True: "inside", False: "outside"}).astype("str")


def _box(year: YearOfRun) -> Series | None:
    return year.predictions["box"].astype("Int64") if "box" in year.predictions else None


def _state(year: YearOfRun) -> Series:
    return year.labels["state"].astype("str").fillna(UNOBSERVED)


def _states(_: Series) -> Categorical:
    return named(STATE_COLOURS, STATE_LABELS)


OBSERVED: Final = (
    Quantity(
        "state", "What was observed", "Unobserved is unknown, never zero.", None, "observation", "text",
        _state, _states, on_map=True,
    ),
    Quantity(
        "observed_fraction", "Observed share of the land", "Null where the year has no labels.", "1", "observation",
        "percent", lambda year: year.labels["observed_fraction"],
    ),
    Quantity(
        "rts_count", "Slumps counted",
        "Null where nothing was seen; a cell below the observed threshold may keep its count.", "1", "observation",
        "number", lambda year: year.labels["rts_count"].astype("Int64"),
    ),
    Quantity(
        "rts_per_km2", "Slumps per observed land area", "Null where nothing was seen.", "km-2", "observation",
        "number", lambda year: year.labels["rts_per_km2"],
    ),
    Quantity(
        "rts_area_fraction", "Slump area per observed land area", "Null where nothing was seen, or an area is unknown.",
        "1", "observation", "number", lambda year: year.labels["rts_area_fraction"],
    ),
)  # fmt: skip


def _forecast(forecasts: OutOfFold) -> tuple[Quantity, ...]:
    """What was observed beside what each model says of the cell without having seen it."""
    scale = partial(_of_all_models, forecasts=forecasts)
    return (
        Quantity(
            "agreement", "Hits and misses at the matching threshold",
            f"{_told(forecasts.threshold)}The map's model was fitted without the cell and its surroundings, "
            f"as for the {forecasts.scheme}; what the map itself says of observed cells is no forecast.", None,
            "observation", "text", partial(_agreement, forecasts=forecasts),
            lambda _: named(AGREEMENT_COLOURS, AGREEMENT_LABELS), on_map=True,
        ),
        *(
            Quantity(
                "p_any_out_of_fold", "Probability of any slump, out of fold",
                "Only where the year was observed, and for the land that was seen: what "
                f"{title} says when fitted without the cell and its surroundings, as for the {forecasts.scheme}.",
                "1", "observation", "percent", _out_of_fold(name), scale,
                model=None if name == forecasts.map_model else name,
            )
            for name, title in {forecasts.map_model: "the map's model", **forecasts.others}.items()
        ),
    )  # fmt: skip


def _told(threshold: float | None) -> str:
    if threshold is None:
        return ""
    return (
        f"Forecast is a probability of any slump of {100 * threshold:.3g} % or more, the matching threshold: as many "
        "are forecast as have slumps. "
    )


def _agreement(year: YearOfRun, forecasts: OutOfFold) -> Series | None:
    """None where the map's model tells no cells apart."""
    if forecasts.threshold is None:
        return None
    return agreement(_state(year), year.out_of_fold[forecasts.map_model], forecasts.threshold)


def _out_of_fold(model: str) -> Callable[[YearOfRun], Series | None]:
    return lambda year: year.out_of_fold.get(model)


def _of_all_models(_: Series, forecasts: OutOfFold) -> Scale:
    """One scale, so that a colour is the same probability whichever model says it."""
    shown = forecasts.rows["model"].isin([forecasts.map_model, *forecasts.others])
    return upper_tail(forecasts.rows.loc[shown, "p_any"], PROBABILITY_RAMP)


def _drivers(feature_titles: Mapping[str, str]) -> tuple[Quantity, ...]:
    return tuple(quantity for rank in range(1, N_DRIVERS + 1) for quantity in _drivers_of_rank(rank, feature_titles))


def _drivers_of_rank(rank: int, feature_titles: Mapping[str, str]) -> tuple[Quantity, ...]:
    leads = rank == 1
    return (
        Quantity(
            f"driver_{rank}", "Leading driver" if leads else f"Driver of rank {rank}",
            "The feature with the largest share in what the model says of the cell." if leads else
            f"The feature with the share of rank {rank}; null where the cell has fewer drivers.",
            None, "drivers", "text", lambda year: year.drivers.get(f"driver_{rank}"),
            partial(most_frequent, labels=feature_titles) if leads else None, on_map=leads,
        ),
        Quantity(
            f"driver_{rank}_share", f"Share of the driver of rank {rank}",
            "Signed part of all contributions to the log-odds of any slump, or of a model without, of the margin by "
            "which the cell gets its class: negative speaks against it. Absolute shares of a cell sum to at most 1.",
            "1", "drivers", "percent", lambda year: year.drivers.get(f"driver_{rank}_share"),
        ),
        Quantity(
            f"driver_{rank}_contribution", f"Contribution of the driver of rank {rank}",
            "What the feature adds to the log-odds of any slumps beside the mean training row.",
            "1", "drivers", "number", lambda year: year.drivers.get(f"driver_{rank}_contribution"),
        ),
    )  # fmt: skip


def _of_survey(column: str) -> Callable[[YearOfRun], Series | None]:
    """None where no cell is left to look at."""
    return lambda year: year.survey[column] if year.survey[column].notna().any() else None


OF_A_SURVEY: Final = (
    Quantity(
        "survey_value", "Value of looking next",
        "Expected information and finds of an image of the cell (bits) per 1,000 km² of its cost; null where somebody "
        "has looked.",
        "km-2", "prediction", "number", _of_survey("value_per_1000_km2"), partial(upper_tail, ramp=PROBABILITY_RAMP),
        is_yearly=False,
    ),
    Quantity(
        "survey_rank", "Rank among the cells to look at next", "1 first; null beyond the budget.", "1", "prediction",
        "number", _of_survey("rank"), partial(first_ranks, ramp=PROBABILITY_RAMP), on_map=True, is_yearly=False,
    ),
    Quantity(
        "seen_fraction", "Largest observed share of the land",
        "Of all label years, also those without a prediction; null where none has labels.", "1", "observation",
        "percent", lambda year: year.survey.get("seen_fraction"), is_yearly=False,
    ),
)  # fmt: skip


OF_A_CELL: Final = (
    Quantity(
        "lon_deg", "Longitude of the centre", "WGS 84.", "degrees_east", "cell", "number",
        lambda year: year.cells["lon_deg"], is_yearly=False,
    ),
    Quantity(
        "lat_deg", "Latitude of the centre", "WGS 84.", "degrees_north", "cell", "number",
        lambda year: year.cells["lat_deg"], is_yearly=False,
    ),
    Quantity(
        "area_m2", "Area", "True area on the WGS 84 ellipsoid.", "m2", "cell", "number",
        lambda year: year.cells["area_m2"], is_yearly=False,
    ),
    Quantity(
        "land_fraction", "Share of land", "Land area of the cell over its area.", "1", "cell", "percent",
        lambda year: year.cells["land_fraction"], is_yearly=False,
    ),
)  # fmt: skip


def years_of_run(results: RunResults, forecasts: OutOfFold) -> Iterator[tuple[int, YearOfRun]]:
    """Every predicted year, ascending; each is put together when it is asked for.

    Frames have a row for each cell, in the order of ``results.cells``, with nulls where nothing is known.

    Raises
    ------
    SchemaError
        A cell has several labels, predictions, forecasts of a model or drivers of one rank in a year, or several rows
        in the survey or the finds of a task.
    """
    cells = results.cells.set_index("cell_id")
    survey = _by_cell("survey", results.survey, cells).assign(**_seen_in_any_year(results, cells))
    finds = {name: _by_cell(f"{name}.cell_finds", task.cell_finds, cells) for name, task in results.tasks.items()}
    for year in predicted_years(results):
        yield (
            year,
            YearOfRun(
                cells,
                _of_year("labels", results.labels, year, cells),
                _of_year("predictions", results.predictions, year, cells),
                leading_drivers(results.cell_drivers, year, cells),
                survey,
                _by_model(forecasts, year, cells),
                finds,
            ),
        )


def predicted_years(results: RunResults) -> list[int]:
    """The years of the map, those of ``predictions``, ascending, each once.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> predicted_years(SimpleNamespace(predictions=pd.DataFrame({"year": [2021, 2020, 2021]})))
    [2020, 2021]
    """
    years: list[int] = sorted(results.predictions["year"].unique().tolist())
    return years


def _seen_in_any_year(results: RunResults, cells: GeoDataFrame) -> dict[str, Series]:
    """What no predicted year tells: nothing where every label year is predicted."""
    if set(results.labels["year"]) <= set(results.predictions["year"]):
        return {}
    return {"seen_fraction": results.labels.groupby("cell_id")["observed_fraction"].max().reindex(cells.index)}


def _of_year(dataset: str, frame: DataFrame, year: int, cells: GeoDataFrame) -> DataFrame:
    """The rows of a year in the order of the cells; null where a cell has none."""
    return _by_cell(dataset, frame[frame["year"] == year], cells)


def _by_model(forecasts: OutOfFold, year: int, cells: GeoDataFrame) -> DataFrame:
    columns = {
        str(model): _of_year("out_of_fold", rows, year, cells)["p_any"]
        for model, rows in forecasts.rows.groupby("model", sort=False)
    }
    return pd.DataFrame(columns, index=cells.index)


def leading_drivers(cell_drivers: DataFrame, year: int, cells: GeoDataFrame) -> DataFrame:
    """``driver_<rank> driver_<rank>_share driver_<rank>_contribution`` of each cell; null where it has fewer drivers.

    Ranks 1 to 3; rows are the cells, in their order.

    Parameters
    ----------
    cell_drivers
        ``cell_id year rank feature share contribution``; may have no rows, then the result has no columns. Nor has it
        any of contributions where none is known in any year.
    cells
        Its index is ``cell_id``.

    Raises
    ------
    SchemaError
        A cell has several drivers of one rank in the year.

    Examples
    --------
    >>> drivers = pd.DataFrame({"cell_id": [7], "year": [2020], "rank": [1], "feature": ["slope"], "share": [-0.5],
    ...                         "contribution": [None]})
    >>> told = leading_drivers(drivers, 2020, pd.DataFrame(index=pd.Index([7, 8], name="cell_id")))
    >>> told["driver_1"].tolist(), told["driver_1_share"].tolist(), "driver_1_contribution" in told
    (['slope', nan], [-0.5, nan], False)
    """
    if cell_drivers.empty:
        return pd.DataFrame(index=cells.index)
    told = {"feature": "", "share": "_share", "contribution": "_contribution"}
    if cell_drivers["contribution"].isna().all():
        del told["contribution"]
    here = cell_drivers[cell_drivers["year"] == year]
    ranks = [
        _by_cell("cell_drivers", here[here["rank"] == rank], cells)[list(told)]
        .astype({"feature": "str"})
        .set_axis([f"driver_{rank}{ending}" for ending in told.values()], axis="columns")
        for rank in range(1, N_DRIVERS + 1)
    ]
    return pd.concat(ranks, axis="columns")


def _by_cell(dataset: str, rows: DataFrame, cells: GeoDataFrame) -> DataFrame:
    several = rows.loc[rows["cell_id"].duplicated(), "cell_id"]
    if len(several):
        raise SchemaError(
            "A cell has several rows where one is expected.",
            field=dataset,
            got=f"{len(several)} rows too many",
            expected="one row for each cell and year",
            sample=several.tolist(),
            fix="make the dataset again: kedro run",
        )
    return rows.set_index("cell_id").reindex(cells.index)
