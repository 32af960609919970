"""How sure the map is, where it may be trusted, and whether its chances came true region by region."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from markupsafe import Markup

from entropice.report.charts.regions import REGIONAL_BIAS
from entropice.report.content import RunContent
from entropice.report.figure_files import png_uri
from entropice.report.frames.outlines import has_outlines
from entropice.report.layers import Layer
from entropice.report.maps import draw_maps
from entropice.report.markup import render
from entropice.report.scales import Categorical
from entropice.report.sections.maps import titled
from entropice.report.sections.section import Section

MOST_CATEGORIES: Final = 5


def draw(content: RunContent) -> Markup:
    """The section's HTML: pictures of doubts, why the map is not to be trusted, and which classes cannot be ruled out.

    Of the latest year, in shares of all cells. There are pictures only where cells are too many to be drawn one by one.
    """
    layers = {} if has_outlines(content) else {titled(layer, content): layer for layer in pictured_doubts(content)}
    cells = content.frame("cells")
    year = max(content.year_names)
    return render(
        "doubts.html",
        figure=png_uri(draw_maps(cells, content.frame("land"), layers, n_columns=2)) if layers else None,
        titles=list(layers),
        reasons=reasons(content, year),
        sets=shares(content, f"conformal_set_{year}", _labels(content, "conformal_set")),
        year_name=content.year_names[year],
    )


def pictured_doubts(content: RunContent) -> list[Layer]:
    """The doubts of the latest year that are on the map, as far as their key fits below a picture.

    A key of steps fits always, one of categories with five at most; the order is that of the layers.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> doubt = SimpleNamespace(on_map=True, group="doubt", year=2021, scale=None)
    >>> layers = [doubt, SimpleNamespace(on_map=True, group="doubt", year=2020, scale=None)]
    >>> pictured_doubts(SimpleNamespace(year_names={2020: "2020", 2021: "2021"}, layers=layers)) == [doubt]
    True
    """
    year = max(content.year_names)
    doubts = [layer for layer in content.layers if layer.on_map and layer.group == "doubt" and layer.year == year]
    return [layer for layer in doubts if _key_fits(layer)]


def _key_fits(layer: Layer) -> bool:
    """Whether the categories of a layer, if it has any, fit below a map of half the page's width."""
    return not isinstance(layer.scale, Categorical) or len(layer.scale.categories) <= MOST_CATEGORIES


def _labels(content: RunContent, quantity: str) -> dict[str, str]:
    """What the map's key calls each whole value of a quantity, as patterns."""
    scales = [layer.scale for layer in content.layers if layer.quantity == quantity]
    known = [item for scale in scales if isinstance(scale, Categorical) for item in scale.categories]
    return {f"^{re.escape(item.value)}$": item.label for item in known}


def reasons(content: RunContent, year: int) -> list[tuple[str, float]]:
    """Why the map is not to be trusted, with the share of the cells, the most frequent first.

    From the column ``not_applicable_because_<year>``: each text is one reason, but all distances are told alike. Cells
    where it may be trusted are in no reason.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> cells = pd.DataFrame({"not_applicable_because_2020": ["far: 300 km", "far: 200 km", None, "terrain unknown"]})
    >>> reasons(SimpleNamespace(frame=lambda _: cells), 2020)
    [('far from training cells', 0.5), ('terrain unknown', 0.25)]
    """
    return shares(content, f"not_applicable_because_{year}", {r"far: .*? km": "far from training cells"})


def shares(
    content: RunContent, column: str, instead: Mapping[str, str] = MappingProxyType({})
) -> list[tuple[str, float]]:
    """The texts of a column of cells with their share of all cells, the most frequent first; none without the column.

    Shares are of all cells, those with null among them, so they need not sum to 1. Texts that are alike after they were
    replaced count together; those as frequent keep their order.

    `instead` are patterns in them (regular expressions), and what to say in their place.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> cells = pd.DataFrame({"because": ["far: 3 km", "far: 9 km", "ice unknown", None]})
    >>> content = SimpleNamespace(frame=lambda _: cells)
    >>> shares(content, "because", {r"far: .*? km": "far"})
    [('far', 0.5), ('ice unknown', 0.25)]
    """
    cells = content.frame("cells")
    if column not in cells:
        return []
    counted = cells[column].value_counts()
    texts = counted.index.to_series().replace(dict(instead), regex=True)
    of_all = (counted.groupby(texts, sort=False).sum() / len(cells)).sort_values(ascending=False, kind="stable")
    return [(str(text), float(share)) for text, share in of_all.items()]


SECTION: Final = Section("doubts", "How sure the map is", draw, charts=(REGIONAL_BIAS,))
