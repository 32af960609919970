"""What a task said beside what was true, as pictures in rows."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from entropice.io.arrays import Arrays, read_arrays, write_arrays
from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from entropice.imagery.panels import Panel, PanelRow, Picture


class PanelDataset(DescriptionPreview, RecordedDataset["Panel", "Panel"]):
    """A folder of ``arrays.npz`` with the values of each picture, and ``metadata.json`` with words and colours."""

    is_folder = True

    def read(self, path: Path) -> "Panel":
        """Read all rows, in their order; values are float32, of the shape that was written."""
        from entropice.imagery.panels import Panel, PanelRow

        stored = read_arrays(path)
        rows = [
            PanelRow(row["title"], tuple(_picture(entry, stored.arrays[entry["values"]]) for entry in row["pictures"]))
            for row in stored.metadata["rows"]
        ]
        return Panel(stored.metadata["title"], tuple(rows), stored.metadata["caption"])

    def write(self, data: "Panel", path: Path) -> None:
        """Write all rows: array ``row_<row>_picture_<column>`` of each picture, from 0 on, and the words.

        ``metadata.json`` has ``title caption rows``; of each row ``title pictures``, of each picture ``title unit style
        values``, where ``values`` is the name of its array.
        """
        arrays: dict[str, NDArray[np.generic]] = {
            _array_name(row, column): picture.values
            for row, panel_row in enumerate(data.rows)
            for column, picture in enumerate(panel_row.pictures)
        }
        rows = [_row_entry(number, row) for number, row in enumerate(data.rows)]
        write_arrays(Arrays(arrays, {"title": data.title, "caption": data.caption, "rows": rows}), path)


def _array_name(row: int, column: int) -> str:
    return f"row_{row}_picture_{column}"


def _row_entry(number: int, row: "PanelRow") -> dict[str, Any]:
    from entropice.report.image_run.styles import style_entry

    return {
        "title": row.title,
        "pictures": [
            {
                "title": picture.title,
                "unit": picture.unit,
                "style": None if picture.style is None else style_entry(picture.style),
                "values": _array_name(number, column),
            }
            for column, picture in enumerate(row.pictures)
        ],
    }


def _picture(entry: dict[str, Any], values: "NDArray[np.generic]") -> "Picture":
    import numpy as np

    from entropice.imagery.panels import Picture
    from entropice.report.image_run.styles import style_of

    style = None if entry["style"] is None else style_of(entry["style"])
    return Picture(entry["title"], values.astype(np.float32, copy=False), style, entry["unit"])
