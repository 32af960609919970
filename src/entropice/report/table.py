"""A table of the map package with the meaning of every column."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from entropice.types import DataFrame, Series

Role = Literal["cells", "context", "attributes"]
ColumnType = Literal["integer", "real", "text"]
Meaning = tuple[str | None, str]
"""Unit as UDUNITS spells it (``1`` where there is no dimension, None for text), and description."""


@dataclass(frozen=True)
class Column:
    """What a column holds: values in a unit, or whole numbers that times `scale_factor` are values in it.

    Attributes
    ----------
    type
        How it is stored: ``integer``, ``real`` or ``text``.
    unit
        As UDUNITS spells it; ``1`` where there is no dimension, None for text.
    scale_factor
        None where values are stored as they are.
    """

    name: str
    type: ColumnType
    unit: str | None
    description: str
    scale_factor: float | None = None

    def entry(self) -> dict[str, str | float | None]:
        """Its entry in the manifest: ``name type unit description``, and ``scale_factor`` where it has one.

        Examples
        --------
        >>> Column("slope", "integer", "degree", "Slope.", 0.001).entry()
        {'name': 'slope', 'type': 'integer', 'unit': 'degree', 'description': 'Slope.', 'scale_factor': 0.001}
        """
        told: dict[str, str | float | None] = {
            "name": self.name, "type": self.type, "unit": self.unit, "description": self.description,
        }  # fmt: skip
        return told if self.scale_factor is None else told | {"scale_factor": self.scale_factor}


@dataclass(frozen=True)
class Table:
    """A frame with the meaning of its columns; one with geometry (EPSG:3413) is stored as MULTIPOLYGON.

    Attributes
    ----------
    name, title
        Of the table in the file, and for readers.
    role
        ``cells``, ``context`` (shapes around them) or ``attributes`` (no shapes).
    frame
        The rows as they are stored; `values` are in their units.
    columns
        What each column of the frame but the geometry means, in its order.
    indexed, is_unique
        A column by which rows are looked up, and whether each of its values occurs once.
    key
        The column that is the primary key, whole numbers and ascending; None for one that is called ``fid``.
    """

    name: str
    title: str
    role: Role
    frame: DataFrame
    columns: tuple[Column, ...]
    indexed: str | None = None
    is_unique: bool = False
    key: str | None = None

    @property
    def values(self) -> DataFrame:
        """The rows and columns, with values in their units where the file keeps whole numbers; null stays null.

        Examples
        --------
        >>> frame = pd.DataFrame({"slope": pd.array([3, None], dtype="Int64")})
        >>> columns = (Column("slope", "integer", "1", "", scale_factor=0.5),)
        >>> Table("values", "Values", "attributes", frame, columns).values["slope"].tolist()
        [1.5, <NA>]
        """
        steps = {column.name: column.scale_factor for column in self.columns if column.scale_factor is not None}
        return self.frame.assign(**{name: self.frame[name] * step for name, step in steps.items()})

    @property
    def has_geometry(self) -> bool:
        """Whether its rows are polygons."""
        return isinstance(self.frame, gpd.GeoDataFrame)

    def entry(self) -> dict[str, Any]:
        """Its entry in the manifest: ``table title geometry role n_rows columns``; ``geometry`` is None without any.

        Examples
        --------
        >>> Table("scores", "Scores", "attributes", pd.DataFrame({"value": [0.5, 0.25]}), ()).entry()
        {'table': 'scores', 'title': 'Scores', 'geometry': None, 'role': 'attributes', 'n_rows': 2, 'columns': []}
        """
        return {
            "table": self.name,
            "title": self.title,
            "geometry": "MultiPolygon" if self.has_geometry else None,
            "role": self.role,
            "n_rows": len(self.frame),
            "columns": [column.entry() for column in self.columns],
        }


def columns_of(frame: DataFrame, meanings: Mapping[str, Meaning]) -> tuple[Column, ...]:
    """Every column of a frame but its geometry, in its order.

    Each with its meaning, and the type that its dtype has in the file.

    Raises
    ------
    KeyError
        A column has no meaning.

    Examples
    --------
    >>> columns_of(pd.DataFrame({"year": [2020]}), {"year": ("1", "Label year.")})
    (Column(name='year', type='integer', unit='1', description='Label year.', scale_factor=None),)
    """
    names = [str(name) for name in frame.columns if name != "geometry"]
    return tuple(Column(name, column_type(frame[name]), *meanings[name]) for name in names)


def column_type(values: Series) -> ColumnType:
    """How the values of a column are stored: whole numbers, real ones, or else texts.

    Examples
    --------
    >>> [column_type(pd.Series(values)) for values in ([1, 2], [1, None], ["a"], [True])]
    ['integer', 'real', 'text', 'text']
    """
    if pd.api.types.is_integer_dtype(values):
        return "integer"
    return "real" if pd.api.types.is_float_dtype(values) else "text"
