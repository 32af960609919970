"""What the GeoPackage of a run tells of features: values, distributions and responses."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .errors import RunFolderError
from .features import Distribution, ResponsePoint
from .language import tr
from .safe_names import REBUILD
from .sqlite_reading import reading

NEEDED: Mapping[str, frozenset[str]] = {
    "features": frozenset({"name", "long_name", "unit", "scale_factor"}),
    "feature_values": frozenset({"cell_id"}),
    "feature_quantiles": frozenset({"feature", "quantile", "value"}),
    "feature_histograms": frozenset({"feature", "low", "high", "n"}),
    "responses": frozenset({"feature", "value", "effect", "low_90", "high_90"}),
}
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
_COLUMNS = "SELECT name FROM pragma_table_info(?)"
_FEATURE = "SELECT long_name, unit FROM features WHERE name = ?"
_STEPS = "SELECT name, scale_factor FROM features WHERE scale_factor IS NOT NULL"
_VALUES = "SELECT * FROM feature_values WHERE cell_id = ?"
_QUANTILES = "SELECT quantile, value FROM feature_quantiles WHERE feature = ? ORDER BY quantile"
_HISTOGRAM = "SELECT low, high, n FROM feature_histograms WHERE feature = ? ORDER BY low"
_RESPONSE = "SELECT value, effect, low_90, high_90 FROM responses WHERE feature = ? ORDER BY value"


class FeatureTables:
    """The tables of an open GeoPackage; `missing` names those that it does not have as this version reads them.

    A missing table has no rows. Every reader raises RunFolderError where a value cannot be.

    Read are ``features``, ``feature_values``, ``feature_quantiles``, ``feature_histograms`` and ``responses``; one that
    lacks a column of `NEEDED` counts as missing.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        tables = {name for (name,) in connection.execute(_TABLES)}
        self.missing = tuple(name for name in NEEDED if name not in tables or not self._has_columns(name))

    def name_and_unit(self, feature: str) -> tuple[str, str] | None:
        """What to call a feature, and its unit as UDUNITS spells it; None where the run does not say.

        Raises
        ------
        RunFolderError
            One of them is no text.
        """
        row = next(iter(self._rows("features", _FEATURE, feature)), None)
        return None if row is None else (self._text("features", row[0]), self._text("features", row[1]))

    def values(self, cell_id: int, year: int) -> Mapping[str, float | None]:
        """The values of the features that the run keeps of a cell, by name, each in its feature's unit.

        The whole number of the column ``<name>``, or ``<name>_<year>`` where a feature differs by year, times the
        feature's `scale_factor`. None is unknown. Features without such a column are left out; of a cell that the table
        does not have, all are.

        Raises
        ------
        RunFolderError
            A number or a scale factor is no finite number, or a name no text.
        """
        table = "feature_values"
        row = next(iter(self._rows(table, _VALUES, cell_id)), ())
        numbers = dict(zip((name for (name,) in self._connection.execute(_COLUMNS, (table,))), row))
        kept = {}
        for name, step in self._rows("features", _STEPS):
            column = next((column for column in (name, f"{name}_{year}") if column in numbers), None)
            if column is not None:
                kept[self._text("features", name)] = self._times(step, numbers[column])
        return kept

    def distribution(self, feature: str) -> Distribution | None:
        """How a feature is distributed over the training rows; None where the run has no quantiles or no rows of it.

        Quantiles ascend by their share, bins by their low edge; the edges are the first low and every high one.

        Raises
        ------
        RunFolderError
            A value is no finite number.
        """
        quantiles = self._points("feature_quantiles", _QUANTILES, feature)
        bins = self._points("feature_histograms", _HISTOGRAM, feature)
        if not quantiles or not bins or sum(n for _, _, n in bins) <= 0:
            return None
        return Distribution(
            quantiles=tuple((quantile, value) for quantile, value in quantiles),
            edges=(bins[0][0], *(high for _, high, _ in bins)),
            counts=tuple(n for _, _, n in bins),
        )

    def response(self, feature: str) -> tuple[ResponsePoint, ...]:
        """How the probability of any slump responds to a feature; without points where the run does not say.

        Points ascend by the feature's value.

        Raises
        ------
        RunFolderError
            A value is no finite number.
        """
        return tuple(ResponsePoint(*row) for row in self._points("responses", _RESPONSE, feature))

    def _times(self, step: object, number: object) -> float | None:
        """What a whole number of the table stands for."""
        if number is None:
            return None
        return self._number("feature_values", number) * self._number("features", step)

    def _points(self, table: str, statement: str, feature: str) -> list[tuple[float, ...]]:
        return [tuple(self._number(table, value) for value in row) for row in self._rows(table, statement, feature)]

    def _rows(self, table: str, statement: str, *values: object) -> list[tuple[object, ...]]:
        return [] if table in self.missing else self._connection.execute(statement, values).fetchall()

    def _has_columns(self, table: str) -> bool:
        return NEEDED[table] <= {name for (name,) in self._connection.execute(_COLUMNS, (table,))}

    def _number(self, table: str, value: object) -> float:
        if isinstance(value, (int, float)) and math.isfinite(value):
            return value
        raise self._wrong(table, value, "a finite number")

    def _text(self, table: str, value: object) -> str:
        if isinstance(value, str):
            return value
        raise self._wrong(table, value, "text")

    def _wrong(self, table: str, got: object, expected: str) -> RunFolderError:
        return RunFolderError(
            tr("A table of the run has a value that cannot be."),
            path=self._path,
            field=table,
            got=repr(got),
            expected=expected,
            fix=tr(REBUILD),
        )


@contextmanager
def feature_tables(geopackage: Path) -> Iterator[FeatureTables]:
    """The tables of a GeoPackage while the context lasts; the file is neither changed nor locked.

    What SQLite refuses while the context lasts becomes that error, too.

    Raises
    ------
    RunFolderError
        The file is no readable database.
    """
    try:
        with reading(geopackage) as connection:
            yield FeatureTables(connection, geopackage)
    except sqlite3.Error as error:
        raise RunFolderError(
            tr("The tables about features cannot be read."),
            path=geopackage,
            field="features, feature_values, feature_histograms",
            got=error,
            expected=tr("a GeoPackage"),
            fix=tr(REBUILD),
        ) from error
