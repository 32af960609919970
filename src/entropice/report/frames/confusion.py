"""Which class was most probable where which class was observed."""

import numpy as np
import pandas as pd

from entropice.report.run_tables import RunTables
from entropice.types import DataFrame, Series


def confusion(run: RunTables) -> DataFrame:
    """Forecasts out of fold, by observed and by most probable class.

    Under the first scheme; models come as they are met, observed classes and then most probable ones in the order of
    the run, every pair of them.

    Returns
    -------
    DataFrame
        Columns ``model`` (title), ``observed``, ``forecast`` (the class of largest probability, the lower of equal
        ones), ``n`` (cells and years, 0 included) and ``share`` of those of that observed class (NaN where there are
        none). No rows without forecasts.

    Examples
    --------
    Two cells without slumps, of which one is taken for one with some:

    >>> from types import SimpleNamespace
    >>> judged = pd.DataFrame({"model": "eSPA", "class_": "none", "p_none": [0.75, 0.25], "p_some": [0.25, 0.75]})
    >>> told = confusion(SimpleNamespace(judged=judged, facts=SimpleNamespace(class_names=("none", "some"))))
    >>> told[["observed", "forecast", "n", "share"]].to_numpy().tolist()
    [['none', 'none', 1, 0.5], ['none', 'some', 1, 0.5], ['some', 'none', 0, nan], ['some', 'some', 0, nan]]
    """
    rows, names = run.judged, list(run.facts.class_names)
    if rows.empty:
        return pd.DataFrame(columns=["model", "observed", "forecast", "n", "share"])
    counts = pd.DataFrame({"model": rows["model"], "observed": rows["class_"], "forecast": most_probable(rows, names)})
    index = pd.MultiIndex.from_product([counts["model"].unique(), names, names], names=list(counts.columns))
    table = counts.value_counts().reindex(index, fill_value=0).rename("n").reset_index()
    return table.assign(share=table["n"] / table.groupby(["model", "observed"])["n"].transform("sum"))


def most_probable(rows: DataFrame, class_names: list[str]) -> Series:
    """The class of the largest of the columns ``p_<class>`` of each row, the lower of equal ones; index of the rows.

    Examples
    --------
    >>> most_probable(pd.DataFrame({"p_none": [0.6, 0.5], "p_some": [0.4, 0.5]}), ["none", "some"]).tolist()
    ['none', 'none']
    """
    places = rows[[f"p_{name}" for name in class_names]].to_numpy(float).argmax(axis=1)
    return pd.Series(np.array(class_names, dtype=object)[places], index=rows.index)
