"""JSON documents and text files."""

import json
from pathlib import Path
from typing import Any

from kedro_datasets._typing import HTMLPreview, JSONPreview

from entropice.io.previews import page
from entropice.io.recorded import RecordedDataset


class JsonDataset(RecordedDataset[dict[str, Any], dict[str, Any]]):
    """A JSON object; NaN and infinity are refused, key order is kept."""

    def read(self, path: Path) -> dict[str, Any]:
        """Parse the document: one JSON object, as a dict in the order of its keys.

        Raises
        ------
        ValueError
            It is no JSON.
        """
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return document

    def write(self, data: dict[str, Any], path: Path) -> None:
        """Write with an indent of one, in ASCII, the keys in their order.

        Raises
        ------
        ValueError
            NaN or infinity stands in it.
        """
        path.write_text(json.dumps(data, indent=1, allow_nan=False) + "\n", encoding="utf-8")

    def preview(self) -> JSONPreview:
        """The document, for Kedro-Viz."""
        return JSONPreview(json.dumps(self.load()))


class TextDataset(RecordedDataset[str, str]):
    """A UTF-8 text."""

    def read(self, path: Path) -> str:
        """Read the whole text, UTF-8."""
        return path.read_text(encoding="utf-8")

    def write(self, data: str, path: Path) -> None:
        """Write the whole text as UTF-8."""
        path.write_text(data, encoding="utf-8")


class HtmlDataset(TextDataset):
    """A complete HTML document that fetches nothing."""

    def preview(self) -> HTMLPreview:
        """The document's body without scripts, for Kedro-Viz, in whose style it is shown."""
        from entropice.report.static_page import static_body

        return page(static_body(self.load()))
