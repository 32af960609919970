"""What the map will show, decided before any layer is built."""

from __future__ import annotations

from dataclasses import dataclass

from .manifest import Manifest, Overview, Table

LARGE_RUN_CELLS = 200_000
TITLES = {
    "probability": "Probability of slumps",
    "class": "Most probable class",
    "entropy": "Entropy of the prediction",
    "driver": "Leading driver",
    "state": "What was observed",
}
OVERVIEW_STYLES = {"p_any_rts": "probability", "entropy": "entropy"}


@dataclass(frozen=True)
class PolygonLayer:
    """One table of cells in one of its styles."""

    title: str
    table: Table
    style: str
    is_visible: bool


@dataclass(frozen=True)
class OverviewLayer:
    """One overview raster, coloured like `style` of the polygons of `cells`."""

    title: str
    overview: Overview
    cells: Table
    style: str
    is_visible: bool


@dataclass(frozen=True)
class YearGroup:
    """The layers of one year, topmost first; one of them is shown at a time."""

    year: int
    title: str
    is_visible: bool
    polygons: tuple[PolygonLayer, ...]
    overviews: tuple[OverviewLayer, ...]


@dataclass(frozen=True)
class LayerPlan:
    """A run on the map: years, newest first, and tables without geometry."""

    title: str
    years: tuple[YearGroup, ...]
    attributes: tuple[Table, ...]


def plan_layers(manifest: Manifest) -> LayerPlan:
    """The plan of a run: of the newest year the probabilities are visible, everything else is one click away.

    Above 200,000 cells the probability shown first is the overview raster, which draws many times faster.
    """
    suffix = "" if manifest.purpose == "model" else f" ({manifest.purpose})"
    return LayerPlan(
        title=f"{manifest.title} · {manifest.grid_key}{suffix}",
        years=tuple(_year_group(manifest, year) for year in reversed(manifest.years)),
        attributes=tuple(table for table in manifest.tables if table.kind == "attributes"),
    )


def _year_group(manifest: Manifest, year: int) -> YearGroup:
    name = manifest.year_names[year]
    overviews = _overviews(manifest, year, name)
    shows_overview = any(layer.is_visible for layer in overviews)
    tables = [table for table in manifest.tables if table.year == year]
    styled = [(table, style) for table in tables for style in table.styles if style in TITLES]
    return YearGroup(
        year=year,
        title=name,
        is_visible=year == manifest.years[-1],
        polygons=tuple(
            PolygonLayer(
                title=f"{TITLES[style]} · {name}",
                table=table,
                style=style,
                is_visible=style == "probability" and not shows_overview,
            )
            for table, style in sorted(styled, key=lambda pair: list(TITLES).index(pair[1]))
        ),
        overviews=overviews,
    )


def _overviews(manifest: Manifest, year: int, name: str) -> tuple[OverviewLayer, ...]:
    cells = next(table for table in manifest.tables if table.kind == "cells" and table.year == year)
    styled = [
        (overview, OVERVIEW_STYLES[overview.what])
        for overview in manifest.overviews
        if overview.year == year and OVERVIEW_STYLES.get(overview.what) in cells.styles
    ]
    return tuple(
        OverviewLayer(
            title=f"{TITLES[style]}, overview · {name}",
            overview=overview,
            cells=cells,
            style=style,
            is_visible=style == "probability" and cells.n_rows > LARGE_RUN_CELLS,
        )
        for overview, style in styled
    )
