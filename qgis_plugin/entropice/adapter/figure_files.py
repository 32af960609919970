"""A print layout as the bytes of a file: of the same layout always the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from qgis.core import Qgis, QgsLayoutExporter, QgsPrintLayout
from qgis.PyQt.QtCore import QTemporaryDir

from ..core.errors import RunFolderError
from .translate import tr

_DATE = re.compile(rb"(?<=\(D:)\d{14}")
_XMP_DATE = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=Z|[+-]\d\d:\d\d)")
_XMP_ID = re.compile(rb"(?<=uuid:)[0-9a-f-]{36}")
_XMP_AUTHOR = re.compile(rb"(?<=<rdf:Seq>)\s*<rdf:li>[^<]*</rdf:li>")
_NO_ID = b"00000000-0000-0000-0000-000000000000"
_SVG_TAG = re.compile(r"<(\w+)((?:\s+[\w:-]+=\"[^\"]*\")+)")
_SVG_ATTRIBUTE = re.compile(r"[\w:-]+=\"[^\"]*\"")


def rendered(layout: QgsPrintLayout, target: Path, dpi: float, field: str) -> bytes:
    """The file for a target that ends in .png, .pdf or .svg; `field` is what the user gave it as.

    Nothing is written at `target`. Of PNG and SVG no metadata is kept; dates and ids of a PDF are set to fixed ones and
    the user's name is blanked. `dpi` is the resolution of what has pixels; texts become outlines in PDF and SVG.

    Raises
    ------
    RunFolderError
        The name ends otherwise, or QGIS cannot draw the layout.
    """
    export = _EXPORTS.get(target.suffix.lower())
    if export is None:
        raise _not_drawn(target, field, repr(target.suffix), tr("a name that ends in %1", ", ".join(_EXPORTS)))
    folder = QTemporaryDir()
    path = Path(folder.path()) / f"figure{target.suffix.lower()}"
    result = export(QgsLayoutExporter(layout), str(path), dpi)
    if result != QgsLayoutExporter.ExportResult.Success:
        raise _not_drawn(
            target, field, tr("QGIS reports %1", result), tr("a page of a size and resolution that fit the memory")
        )
    return _WITHOUT_CHANCE.get(path.suffix, bytes)(path.read_bytes())


def _png(exporter: QgsLayoutExporter, path: str, dpi: float) -> QgsLayoutExporter.ExportResult:
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = dpi
    settings.exportMetadata = False
    settings.generateWorldFile = False
    return exporter.exportToImage(path, settings)


def _pdf(exporter: QgsLayoutExporter, path: str, dpi: float) -> QgsLayoutExporter.ExportResult:
    settings = QgsLayoutExporter.PdfExportSettings()
    settings.dpi = dpi
    settings.exportMetadata = False
    settings.appendGeoreference = False
    settings.forceVectorOutput = True
    settings.textRenderFormat = Qgis.TextRenderFormat.AlwaysOutlines
    return exporter.exportToPdf(path, settings)


def _svg(exporter: QgsLayoutExporter, path: str, dpi: float) -> QgsLayoutExporter.ExportResult:
    settings = QgsLayoutExporter.SvgExportSettings()
    settings.dpi = dpi
    settings.exportMetadata = False
    settings.forceVectorOutput = True
    settings.textRenderFormat = Qgis.TextRenderFormat.AlwaysOutlines
    return exporter.exportToSvg(path, settings)


def _pdf_without_chance(content: bytes) -> bytes:
    """The same PDF without date, id and the user's name; nothing changes its place."""
    for pattern, text in ((_DATE, b"19800101000000"), (_XMP_DATE, b"1980-01-01T00:00:00"), (_XMP_ID, _NO_ID)):
        content = pattern.sub(text, content)
    return _XMP_AUTHOR.sub(lambda found: b" " * len(found[0]), content)


def _svg_without_chance(content: bytes) -> bytes:
    """The same SVG with the attributes of each element in alphabetical order; Qt 5 draws lots."""
    return _SVG_TAG.sub(_ordered, content.decode()).encode()


def _ordered(tag: re.Match[str]) -> str:
    return " ".join([f"<{tag[1]}", *sorted(_SVG_ATTRIBUTE.findall(tag[2]))])


_WITHOUT_CHANCE: Mapping[str, Callable[[bytes], bytes]] = {".pdf": _pdf_without_chance, ".svg": _svg_without_chance}
_EXPORTS: Mapping[str, Callable[[QgsLayoutExporter, str, float], QgsLayoutExporter.ExportResult]] = {
    ".png": _png,
    ".pdf": _pdf,
    ".svg": _svg,
}


def _not_drawn(target: Path, field: str, got: str, expected: str) -> RunFolderError:
    return RunFolderError(
        tr("The figure cannot be drawn."),
        path=target,
        field=field,
        got=got,
        expected=expected,
        fix=tr("Choose a file such as map.pdf, and a page of A4 or A3 with 300 dots per inch."),
    )
