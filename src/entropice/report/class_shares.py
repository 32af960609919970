"""How often each class was observed, and how often it was to be expected."""

from collections.abc import Sequence

import pandas as pd

from entropice.types import DataFrame


def class_distribution(forecasts: DataFrame, predictions: DataFrame, class_names: Sequence[str]) -> DataFrame:
    """Shares by class, each column summing to 1.

    Parameters
    ----------
    forecasts
        Out-of-fold rows of one model and scheme: ``class_`` and ``p_<class>``.
    predictions
        The map: ``p_<class>`` of every cell and year.

    Returns
    -------
    DataFrame
        Index: class. ``observed``: frequency among the forecasts' cells; ``forecast``: mean out-of-fold
        probability on the same cells; ``map``: mean probability over every cell and year.
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
