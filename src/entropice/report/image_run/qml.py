"""QGIS styles (QML) of layers: a ramp between values or a colour for each category, and when the layer holds."""

from datetime import date, timedelta
from typing import Final

from entropice.imagery.map_layers import MapLayer, Ramp
from entropice.report.image_run.manifest import colour_stops
from entropice.report.qml import STYLES

_LAST_MOMENT: Final = "T23:59:59Z"


def layer_qml(layer: MapLayer) -> str:
    """The style of a layer as QGIS writes it; a file of the raster's name beside it, QGIS takes it by itself.

    A ramp has eleven colours, linear between; categories one each. A layer with days holds from the first moment of its
    first day to the last moment before ``ends``, UTC.

    Examples
    --------
    >>> import numpy as np
    >>> layer = MapLayer("ice", "Ice", "", "1", np.zeros((1, 1), np.float32), 0.0, 0.0, 1.0, Ramp(0.0, 1.0, "gray"),
    ...                  begins=date(2020, 1, 1), ends=date(2021, 1, 1))
    >>> "2020-01-01T00:00:00Z" in layer_qml(layer), "2020-12-31T23:59:59Z" in layer_qml(layer)
    (True, True)
    """
    begins, ends = _held(layer.begins, layer.ends)
    if isinstance(layer.style, Ramp):
        stops = [{"value": value, "colour": colour} for value, colour in colour_stops(layer.style)]
        return STYLES.get_template("pseudocolour.qml").render(style=layer.style, stops=stops, begins=begins, ends=ends)
    return STYLES.get_template("paletted.qml").render(categories=layer.style, begins=begins, ends=ends)


def _held(begins: date | None, ends: date | None) -> tuple[str, str]:
    """First and last moment; QGIS takes the last one to be inside the range."""
    if begins is None or ends is None:
        return "", ""
    # A range that ended with the first moment of the next layer would show both layers in it.
    return f"{begins.isoformat()}T00:00:00Z", (ends - timedelta(days=1)).isoformat() + _LAST_MOMENT
