"""What the map tells of the cell below the pointer."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from entropice.dashboard.polar_map.arrays import KeyedArray, keyed
from entropice.dashboard.quantities import Quantity


@dataclass(frozen=True)
class Fact:
    """A quantity of every cell: how it is spelt, and its float32 values; of text, numbers of categories."""

    meaning: dict[str, Any]
    values: KeyedArray


def fact_of(quantity: Quantity, values: "pd.Series[Any]") -> Fact:
    """A quantity with its values (n_cells,); NaN or null is unknown.

    `meaning` has ``title``, ``unit``, ``factor`` and ``categories``: None of numbers; of text the labels, in the order
    in which values first occur, to which the values are places from 0. Values are float32 (`keyed`). Values keep their
    order, and what is unknown is NaN.
    """
    meaning: dict[str, Any] = {"title": quantity.title, "unit": quantity.shown_unit, "factor": quantity.factor}
    if quantity.is_number:
        return Fact(meaning | {"categories": None}, keyed(values.to_numpy(np.float32, na_value=np.nan)))
    codes, categories = pd.factorize(values)
    names = [quantity.labels.get(value, value) for value in categories]
    return Fact(meaning | {"categories": names}, keyed(np.where(codes < 0, np.nan, codes).astype(np.float32)))
