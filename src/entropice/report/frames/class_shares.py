"""How often each class was observed, and how often it was to be expected."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from entropice.report.frames.forecasts import forecasts_of_map_model
from entropice.report.run_tables import RunTables
from entropice.types import DataFrame

SERIES: Final = {
    "observed": "observed",
    "forecast": "out-of-fold forecast, same cells",
    "map": "map, all cells and years",
}


def class_shares(run: RunTables) -> DataFrame:
    """`class_distribution` of the model behind the map, a row for each class and series.

    Returns
    -------
    DataFrame
        Columns ``class``, ``series`` (observed, forecast out of fold on the same cells, map on all cells and years) and
        ``share`` (0 to 1). No rows where the model has no forecasts out of fold.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> judged = pd.DataFrame({"model": ["eSPA"], "class_": ["some"], "p_none": [0.25], "p_some": [0.75]})
    >>> cells = pd.DataFrame({"p_none_2020": [0.5], "p_some_2020": [0.5]})
    >>> facts = SimpleNamespace(map_model_title="eSPA", class_names=("none", "some"), year_names={2020: "2020"})
    >>> run = SimpleNamespace(judged=judged, frame=lambda _: cells, facts=facts)
    >>> class_shares(run).to_numpy().tolist()[:3]
    [['none', 'observed', 0.0], ['some', 'observed', 1.0], ['none', 'out-of-fold forecast, same cells', 0.25]]
    """
    shares = class_distribution_of(run)
    if shares.empty:
        return pd.DataFrame(columns=["class", "series", "share"])
    return shares.rename(columns=SERIES).reset_index().melt("class", var_name="series", value_name="share")


def class_distribution_of(run: RunTables) -> DataFrame:
    """`class_distribution` of the model behind the map, with its columns; empty where it has no forecasts.

    Index: class. ``observed``, ``forecast`` (out of fold, first scheme) and ``map`` (all cells and years), shares in
    0..1.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> judged = pd.DataFrame({"model": ["Forest"], "class_": ["some"]})
    >>> facts = SimpleNamespace(map_model_title="eSPA", class_names=("none", "some"))
    >>> class_distribution_of(SimpleNamespace(judged=judged, facts=facts)).empty
    True
    """
    forecasts, names = forecasts_of_map_model(run), run.facts.class_names
    return pd.DataFrame() if forecasts.empty else class_distribution(forecasts, _map_probabilities(run), names)


def class_distribution(forecasts: DataFrame, predictions: DataFrame, class_names: Sequence[str]) -> DataFrame:
    """Shares by class, each column summing to 1.

    Parameters
    ----------
    forecasts
        Out-of-fold rows of one model and scheme: ``class_`` and ``p_<class>``.
    predictions
        The map: ``p_<class>`` of every cell and year; NaN is left out of the mean.

    Returns
    -------
    DataFrame
        Index: class. ``observed``: frequency among the forecasts' cells; ``forecast``: mean out-of-fold
        probability on the same cells; ``map``: mean probability over every cell and year.

    Examples
    --------
    >>> forecasts = pd.DataFrame({"class_": ["none", "none"], "p_none": [0.5, 1.0], "p_some": [0.5, 0.0]})
    >>> class_distribution(forecasts, forecasts.head(1), ["none", "some"]).loc["some"].to_dict()
    {'observed': 0.0, 'forecast': 0.25, 'map': 0.5}
    """
    columns = [f"p_{name}" for name in class_names]
    observed = forecasts["class_"].astype(str).value_counts(normalize=True).reindex(list(class_names), fill_value=0.0)
    return pd.DataFrame(
        {
            "observed": observed.to_numpy(float),
            "forecast": forecasts[columns].mean().to_numpy(float),
            "map": predictions[columns].mean().to_numpy(float),
        },
        index=pd.Index(list(class_names), name="class"),
    )


def _map_probabilities(run: RunTables) -> DataFrame:
    """``p_<class>`` of every cell and year of the map."""
    cells, facts = run.frame("cells"), run.facts
    columns = {f"p_{name}": [cells[f"p_{name}_{year}"] for year in facts.year_names] for name in facts.class_names}
    return pd.DataFrame({name: pd.concat(parts, ignore_index=True) for name, parts in columns.items()})
