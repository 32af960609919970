"""Layers of a map that a task hands on."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset

if TYPE_CHECKING:
    from entropice.imagery.map_layers import MapLayer

LAYERS: Final = "layers.json"


class MapLayersDataset(DescriptionPreview, RecordedDataset["Sequence[MapLayer]", "list[MapLayer]"]):
    """A folder with a GeoTIFF for each layer and ``layers.json``, which says in their order what they show."""

    is_folder = True

    def read(self, path: Path) -> "list[MapLayer]":
        """Read every layer, its values too, in the order of ``layers.json``.

        An entry there has ``name title description unit left_m top_m pixel_m style begins ends``; values are the first
        band of ``<name>.tif``.
        """
        from entropice.report.image_run.layer_files import layer_from

        entries = json.loads((path / LAYERS).read_text(encoding="utf-8"))
        return [layer_from(entry, path / f"{entry['name']}.tif") for entry in entries]

    def write(self, data: "Sequence[MapLayer]", path: Path) -> None:
        """Write ``<name>.tif`` of every layer, and ``layers.json`` at the end.

        Rasters are float32, EPSG:3413, NaN where nothing is known.

        Raises
        ------
        SchemaError
            Two layers have one name, or one has a name, values, pixels or days that no file can have
            (`require_layers`); nothing is written then.
        """
        from entropice.report.image_run.layer_files import layer_entry, require_layers, write_layer

        require_layers(data)
        for layer in data:
            write_layer(layer, path / f"{layer.name}.tif")
        text = json.dumps([layer_entry(layer) for layer in data], indent=1, ensure_ascii=False, allow_nan=False)
        (path / LAYERS).write_text(text + "\n", encoding="utf-8")
