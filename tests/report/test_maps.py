import base64
import hashlib

import numpy as np
import pytest
import shapely

from entropice.report.figure_files import png_uri
from entropice.report.graticule import graticule
from entropice.report.maps import draw_maps

MAX_BYTES = 300_000


def content_of(uri: str) -> bytes:
    return base64.b64decode(uri.removeprefix("data:image/png;base64,"), validate=True)


def test_the_graticule_names_the_antimeridian_and_stays_on_it() -> None:
    frame_m = (-2e6, -4e5, 2e5, 2e6)
    lines = {line.name: line for line in graticule(frame_m)}
    (points,) = lines["180°"].parts
    x, y = points.T
    np.testing.assert_allclose(x, -y, atol=1e-3)  # 135° from the y axis's 45°W: the diagonal of the upper left
    assert {"180°", "150°E", "150°W", "80°N"} <= set(lines)
    assert "40°N" not in lines
    assert lines["60°W"].name_at is None  # enters next to the pole
    inside = shapely.box(*frame_m).buffer(1.0)
    assert all(inside.covers(shapely.LineString(part)) for line in lines.values() for part in line.parts)


def test_the_key_of_five_categories_stays_below_its_map(content, cells, fabricated) -> None:
    (layer,) = [layer for layer in content.layers if layer.name == "agreement_2022"]
    figure = draw_maps(cells, fabricated.land, {"left": layer, "right": layer}, n_columns=2)
    figure.draw_without_rendering()
    panels = [axes for axes in figure.axes if axes.get_legend() is not None]
    keys = [axes.get_legend().get_window_extent() for axes in panels]
    assert len(keys) == 2
    assert keys[0].x0 >= 0
    assert keys[0].x1 <= keys[1].x0
    assert all(key.y0 >= axes.get_window_extent().y0 for key, axes in zip(keys, panels, strict=True))


@pytest.mark.parametrize("quantities", [{"p_any_rts", "class", "entropy", "state"}, {"driver_1"}])
def test_maps_are_small_and_the_same_every_time(quantities: set[str], content, cells, fabricated) -> None:
    layers = {layer.name: layer for layer in content.layers if layer.quantity in quantities and layer.year == 2022}
    assert len(layers) == len(quantities)

    def draw() -> bytes:
        return content_of(png_uri(draw_maps(cells, fabricated.land, layers, n_columns=2)))

    first = draw()
    assert first.startswith(b"\x89PNG")
    assert len(first) < MAX_BYTES
    assert hashlib.sha256(draw()).digest() == hashlib.sha256(first).digest()
