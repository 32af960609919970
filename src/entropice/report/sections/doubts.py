"""How sure the map is, where it may be trusted, and whether its chances came true region by region."""

from typing import Final

from markupsafe import Markup

from entropice.report.content import RunContent
from entropice.report.figure_files import png_uri
from entropice.report.layers import Layer
from entropice.report.maps import draw_maps
from entropice.report.markup import render
from entropice.report.sections.maps import titled
from entropice.report.sections.section import Section


def draw(content: RunContent) -> Markup:
    """The section's HTML."""
    layers = {titled(layer, content): layer for layer in doubt_layers(content)}
    cells, regions = content.frame("cells"), content.frame("regional_calibration")
    year = max(content.year_names)
    return render(
        "doubts.html",
        figure=png_uri(draw_maps(cells, content.frame("land"), layers, n_columns=2)) if layers else None,
        titles=list(layers),
        reasons=reasons(content, year),
        year_name=content.year_names[year],
        regions=regions.to_dict("records"),
    )


def doubt_layers(content: RunContent) -> list[Layer]:
    """The doubts of the latest year that are on the map."""
    year = max(content.year_names)
    return [layer for layer in content.layers if layer.on_map and layer.group == "doubt" and layer.year == year]


def reasons(content: RunContent, year: int) -> list[tuple[str, float]]:
    """Why the map is not to be trusted, with the share of the cells, the most frequent first."""
    cells = content.frame("cells")
    column = f"not_applicable_because_{year}"
    if column not in cells:
        return []
    kinds = cells[column].dropna().str.replace(r"far: .*? km", "far from training cells", regex=True)
    shares = kinds.value_counts() / len(cells)
    return [(str(reason), float(share)) for reason, share in shares.items()]


SECTION: Final = Section("doubts", "How sure the map is", draw, needs=("regional_calibration",))
