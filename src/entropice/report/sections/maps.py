"""Every cell on a map; of too many cells, pictures of the latest year and of the leading quantity in every year."""

from typing import Final

from markupsafe import Markup

from entropice.report.charts.map import MAP
from entropice.report.content import RunContent
from entropice.report.figure_files import png_uri
from entropice.report.frames.outlines import has_outlines
from entropice.report.layers import Layer
from entropice.report.maps import draw_maps
from entropice.report.markup import render
from entropice.report.sections.section import Section


def draw(content: RunContent) -> Markup:
    """The section's HTML: the pictures, where the map is not drawn cell by cell.

    They are those of `latest_layers`, two a row, and, where there are several years, the default quantity of each, up
    to three a row; with 20,000 cells or fewer the markup is empty.
    """
    return Markup("") if has_outlines(content) else _pictures(content)


def _pictures(content: RunContent) -> Markup:
    latest, by_year = latest_layers(content), yearly_layers(content)
    cells, land = content.frame("cells"), content.frame("land")
    titles = {titled(layer, content): layer for layer in latest}
    years = {content.year_names[layer.year]: layer for layer in by_year if layer.year is not None}
    return render(
        "maps.html",
        latest=png_uri(draw_maps(cells, land, titles, n_columns=2)),
        latest_titles=list(titles),
        meanings=[(layer.title, layer.description) for layer in latest],
        years=png_uri(draw_maps(cells, land, years, n_columns=min(3, len(years)))) if len(years) > 1 else None,
        yearly_title=by_year[0].title,
        in_percent=by_year[0].format == "percent",
    )


def titled(layer: Layer, content: RunContent) -> str:
    """A layer's title with its year and unit, such as ``Probability of any slump, 2020 (%)``.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from types import SimpleNamespace
    >>> from entropice.report.layers import BELOW_THE_CELLS
    >>> layer = replace(BELOW_THE_CELLS[0], title="Growth", unit="m2 a-1", format="number", year=2020)
    >>> titled(layer, SimpleNamespace(year_names={2020: "2020"}))
    'Growth, 2020 (m2 a-1)'
    """
    return layer.title_in(content.year_names) + (f" ({layer.shown_unit})" if layer.shown_unit else "")


def latest_layers(content: RunContent) -> list[Layer]:
    """What is predicted and observed in the latest year, as far as it is on the map; in the order of the layers.

    Those are layers of the groups ``prediction`` and ``observation``; what is the same in all years is not among them.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> groups = "prediction", "doubt", "observation"
    >>> layers = [SimpleNamespace(on_map=True, group=group, year=2020) for group in groups]
    >>> [layer.group for layer in latest_layers(SimpleNamespace(year_names={2020: "2020"}, layers=layers))]
    ['prediction', 'observation']
    """
    year = max(content.year_names)
    shown = {"prediction", "observation"}
    return [layer for layer in content.layers if layer.on_map and layer.group in shown and layer.year == year]


def yearly_layers(content: RunContent) -> list[Layer]:
    """The default quantity in every year, ascending.

    Raises
    ------
    StopIteration
        No layer is the default.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> layers = [SimpleNamespace(quantity="p_any", year=year, is_default=year == 2021) for year in (2021, 2020)]
    >>> [layer.year for layer in yearly_layers(SimpleNamespace(layers=layers))]
    [2020, 2021]
    """
    default = next(layer.quantity for layer in content.layers if layer.is_default)
    return sorted((layer for layer in content.layers if layer.quantity == default), key=lambda layer: layer.year or 0)


SECTION: Final = Section("maps", "Maps", draw, needs=("cells",), charts=(MAP,))
