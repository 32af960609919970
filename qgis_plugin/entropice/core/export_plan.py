"""Which columns leave a run, under which names, and what each of them means."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import RunFolderError
from .language import tr
from .layers import Layer
from .manifest import CRS, Manifest
from .manifest_file import MANIFEST_NAME
from .quantity_lookup import column_title, layer_of, layers_of_cells
from .run_record import Feature
from .tables import CELL_ID
from .wording import unit_text

FEATURE_VALUES = "feature_values"
DRIVERS = {".gpkg": "GPKG", ".csv": "CSV", ".geojson": "GeoJSON"}
"""GDAL's name of the format by suffix."""
_PLACE = ("lon_deg", "lat_deg", "area_m2", "land_fraction")


@dataclass(frozen=True)
class Column:
    """A column of an exported table: one of the cells, or one of the feature values, times `scale_factor`.

    `unit` is as UDUNITS spells it, None for text.
    """

    name: str
    title: str
    unit: str | None
    description: str
    scale_factor: float | None = None

    @property
    def alias(self) -> str:
        """Title, with the unit in brackets behind it where there is one, as a reader would write it.

        Examples
        --------
        >>> Column("area_m2", "Area", "m2", "").alias, Column("p_any_rts", "Chance", "1", "").alias
        ('Area (m²)', 'Chance')
        """
        return f"{self.title} ({unit_text(self.unit)})" if unit_text(self.unit) else self.title


def columns_of(manifest: Manifest, quantities: Sequence[str], years: Sequence[int], folder: Path) -> tuple[Column, ...]:
    """Id, place, and each quantity in each year; of none all that the run has.

    The id comes first, then longitude, latitude, area and share of land as far as the run has them, then quantity by
    quantity in each year, none twice. Without `years` all of the run count, without `quantities` every layer of the
    cells in these years, those of other models, too. A quantity that is the same in all years is there once.
    `quantities` may be names of columns.

    Raises
    ------
    RunFolderError
        The run has no such quantity, or not in such a year.
    """
    asked_years = years or manifest.years
    unknown = [year for year in asked_years if year not in manifest.years]
    if unknown:
        raise RunFolderError(
            tr("The run does not have this year."),
            path=folder / MANIFEST_NAME,
            field="year",
            got=unknown[0],
            expected=", ".join(map(str, manifest.years)),
            fix=tr("Choose other years."),
        )
    own = [layer for layer in layers_of_cells(manifest) if layer.quantity in _PLACE]
    layers = [layer_of(manifest, quantity, year, folder) for quantity in quantities for year in asked_years]
    if not quantities:
        layers = [layer for layer in layers_of_cells(manifest) if layer.year in (None, *asked_years)]
    cell_id = Column(CELL_ID, tr("Cell"), None, tr("Number of the cell on %1.", manifest.grid_key))
    return (cell_id, *(column_of(layer, manifest) for layer in dict.fromkeys([*own, *layers])))


def column_of(layer: Layer, manifest: Manifest) -> Column:
    """The column of a layer of the cells, named as in the run.

    Its values are not multiplied: `Column.scale_factor` is None.
    """
    return Column(layer.column or "", column_title(manifest, layer), layer.unit, layer.description)


def feature_columns(
    manifest: Manifest, features: Mapping[str, Feature], years: Sequence[int], folder: Path
) -> tuple[Column, ...]:
    """The features whose values the run keeps, those that differ by year in each year; of no years in all.

    Of a feature that differs by year the column is ``<name>_<year>``. Numbers of such a column are whole, and times its
    `scale_factor` what they mean. Features that the run does not keep are left out; columns stand in the order of
    `features`.

    Raises
    ------
    RunFolderError
        The run keeps no values of features.
    """
    table = next((table for table in manifest.tables if table.table == FEATURE_VALUES), None)
    kept = frozenset() if table is None else table.columns
    columns = [
        column for feature in features.values() for column in _columns_of(feature, manifest, years or manifest.years)
    ]
    columns = [column for column in columns if column.scale_factor is not None and column.name in kept]
    if not columns:
        raise RunFolderError(
            tr("The run keeps no values of features."),
            path=folder / MANIFEST_NAME,
            field=f"tables: {FEATURE_VALUES}",
            got=tr("no such values"),
            expected=tr("a table with columns of features"),
            fix=tr("Make the run again: `kedro run`; or export without features."),
        )
    return tuple(columns)


def _columns_of(feature: Feature, manifest: Manifest, years: Sequence[int]) -> Iterator[Column]:
    """Those that a feature may have: one, or one for each year."""
    titles = {f"{feature.name}_{year}": f"{feature.title} · {manifest.year_name(year)}" for year in years}
    for name, title in {feature.name: feature.title, **titles}.items():
        yield Column(name, title, feature.unit, feature.description, feature.scale_factor)


def about_text(manifest: Manifest, columns: Sequence[Column]) -> str:
    """What stands beside an exported file, as JSON: its run, its columns, whom to credit and what to know.

    Its keys are ``title run_id grid crs_of_run model notices credits fields``, the last a list with ``name title unit
    description`` of each column, in the order of `columns`; null is a text's unit. The text ends in a line feed, and
    letters beyond ASCII stand as they are.
    """
    values = {
        "title": manifest.title,
        "run_id": manifest.run_id,
        "grid": manifest.grid_key,
        "crs_of_run": CRS,
        "model": manifest.map_model_title,
        "notices": manifest.notices,
        "credits": manifest.attributions,
        "fields": [
            {"name": column.name, "title": column.title, "unit": column.unit, "description": column.description}
            for column in columns
        ],
    }
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def require_outside(run_folder: Path, target: Path) -> None:
    """Pass a file that does not lie in the folder of the run, which stays as it is.

    Links are followed first; neither has to be there. The folder's parents and folders beside it pass.

    Raises
    ------
    RunFolderError
        It does.

    Examples
    --------
    >>> require_outside(Path("/data/run"), Path("/data/cells.csv"))
    >>> require_outside(Path("/data/run"), Path("/data/run/tables/cells.csv"))
    Traceback (most recent call last):
    qgis_plugin.entropice.core.errors.RunFolderError: A run is not changed, and nothing is written into its folder.
      ...
    """
    if run_folder.resolve() in target.resolve().parents:
        raise RunFolderError(
            tr("A run is not changed, and nothing is written into its folder."),
            path=target,
            field="output",
            got=target.name,
            expected=tr("a file outside the run folder"),
            fix=tr("Choose another folder."),
        )


def driver_of(target: Path) -> str:
    """GDAL's name of the format that a file's suffix asks for.

    Capitals do not matter; the formats are those of `DRIVERS`: GeoPackage, CSV and GeoJSON.

    Raises
    ------
    RunFolderError
        There is none.

    Examples
    --------
    >>> driver_of(Path("cells.GPKG"))
    'GPKG'
    """
    if target.suffix.lower() not in DRIVERS:
        raise RunFolderError(
            tr("The file cannot be written in this format."),
            path=target,
            field="output",
            got=target.suffix or tr("no suffix"),
            expected=tr("one of %1", ", ".join(DRIVERS)),
            fix=tr("Give the file another suffix."),
        )
    return DRIVERS[target.suffix.lower()]


def asked_for(text: str) -> list[str]:
    """Names that are separated by commas.

    White space around a name is dropped, and so are empty names; a name may be there twice.

    Examples
    --------
    >>> asked_for("p_any_rts, class,,")
    ['p_any_rts', 'class']
    """
    return [part.strip() for part in text.split(",") if part.strip()]


def asked_years(text: str, folder: Path) -> list[int]:
    """Years that are separated by commas.

    They stand as they were written; whether the run has them is not looked at. Without any the list is empty.

    Raises
    ------
    RunFolderError
        One of them is no whole number.

    Examples
    --------
    >>> asked_years("2022, 2021", Path("run"))
    [2022, 2021]
    """
    wrong = [part for part in asked_for(text) if not part.isdecimal()]
    if wrong:
        raise RunFolderError(
            tr("The run does not have this year."),
            path=folder / MANIFEST_NAME,
            field="year",
            got=wrong[0],
            expected=tr("years separated by commas, such as 2022, 2023"),
            fix=tr("Choose other years."),
        )
    return [int(part) for part in asked_for(text)]
