"""What the map tells of the cell below the pointer."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from entropice.dashboard.quantities import Quantity
from entropice.sha256 import sha256_of_bytes, sha256_of_value


@dataclass(frozen=True)
class Fact:
    """A quantity of every cell: how it is spelt, and its float32 values as bytes; of text, numbers of categories."""

    meaning: dict[str, Any]
    values: bytes

    @cached_property
    def key(self) -> str:
        """Follows from meaning and values."""
        return sha256_of_value([self.meaning, sha256_of_bytes(self.values)])


def fact_of(quantity: Quantity, values: "pd.Series[Any]") -> Fact:
    """A quantity with its values (n_cells,); NaN or null is unknown."""
    meaning: dict[str, Any] = {"title": quantity.title, "unit": quantity.shown_unit, "factor": quantity.factor}
    if quantity.is_number:
        return Fact(meaning | {"categories": None}, values.to_numpy(np.float32, na_value=np.nan).tobytes())
    codes, categories = pd.factorize(values)
    numbers = np.where(codes < 0, np.nan, codes).astype(np.float32)
    return Fact(meaning | {"categories": [str(name) for name in categories]}, numbers.tobytes())
