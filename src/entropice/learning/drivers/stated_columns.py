"""Tables of drivers whose columns are stated by name and dtype, with or without rows."""

from collections.abc import Mapping

import pandas as pd


def without_rows(columns: Mapping[str, str]) -> pd.DataFrame:
    """The table where there is nothing to tell: columns by name, dtypes those of one with rows.

    Examples
    --------
    >>> without_rows({"box": "int64", "share": "float64"}).dtypes.astype(str).to_dict()
    {'box': 'int64', 'share': 'float64'}
    """
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in columns.items()})
