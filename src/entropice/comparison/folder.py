"""What a comparison hands to its reader, as files."""

from pathlib import Path
from typing import Final

from entropice.comparison.comparison import Comparison
from entropice.comparison.figure import draw_figure
from entropice.comparison.finished_run import DENSITY, PROBABILITY
from entropice.comparison.page import render_comparison
from entropice.report.figure_files import png_bytes, svg_bytes
from entropice.report.geopackage import write_tables
from entropice.report.table import Meaning, Table, columns_of

_OF_UNITS: Final[dict[str, Meaning]] = {
    "cell_id": (None, "Number of the HEALPix cell, nested."),
    "lon_deg": ("degrees_east", "Longitude of the centre."),
    "lat_deg": ("degrees_north", "Latitude of the centre."),
    "area_m2": ("m2", "True area on the WGS 84 ellipsoid."),
    "land_fraction": ("1", "Land area over area."),
}
_OF_VALUES: Final[dict[str, Meaning]] = {
    "observed": ("1", "Slump area per observed land area."),
    DENSITY: ("1", "Expected slump area per land area: mean over the run's cells, weighted by land area."),
    PROBABILITY: ("1", "Expected share of the land that lies in cells of the run's own grid with any slump."),
}


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """Write tables, page, figure and map into an empty folder; the same comparison gives the same bytes.

    ``runs.csv``, ``skill.csv``, ``differences.csv`` and ``agreement.csv`` (UTF-8, commas, empty where unknown),
    ``comparison.html``, ``comparison.svg``, ``comparison.png``, and the table ``units`` of ``units.gpkg``
    (`units_table`). The folder has to be there. Files are written one after the other: one that breaks off leaves those
    before it.
    """
    for name in comparison.facts.table_titles:
        comparison.frame(name).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    (folder / "comparison.html").write_text(render_comparison(comparison), encoding="utf-8")
    figure = draw_figure(comparison)
    (folder / "comparison.svg").write_bytes(svg_bytes(figure))
    (folder / "comparison.png").write_bytes(png_bytes(figure))
    write_tables([units_table(comparison)], folder / "units.gpkg")


def units_table(comparison: Comparison) -> Table:
    """The common units, a column for each run's value.

    ``cell_id lon_deg lat_deg area_m2 land_fraction``, ``observed_<year>``, ``<quantity>_<year>_<run>`` with the
    quantities ``expected_rts_area_fraction`` and ``p_any_rts``, and outlines in EPSG:3413 (multipolygons in the file);
    null is unknown. Each column has a unit and a description; the key is ``cell_id``.
    """
    names = [str(name) for name in comparison.units if name != "geometry"]
    meanings = {name: _OF_UNITS.get(name) or _meaning(name) for name in names}
    return Table("units", "Common units", "cells", comparison.units, columns_of(comparison.units, meanings), "cell_id")


def _meaning(column: str) -> Meaning:
    return next(meaning for prefix, meaning in _OF_VALUES.items() if column.startswith(f"{prefix}_"))
