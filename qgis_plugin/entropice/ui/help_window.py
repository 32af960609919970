"""The handbook, read from the plugin's own folder."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt, QUrl, pyqtSlot
from qgis.PyQt.QtGui import QDesktopServices, QImage, QTextDocument
from qgis.PyQt.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from ..adapter.help_pages import CONTENTS, SCHEME, help_file
from ..adapter.translate import tr

_WIDTH_PX, _HEIGHT_PX = 860, 720
_MARGIN_PX = 40


class HelpWindow(QDialog):
    """Shows a page at a time; addresses of the plugin's scheme open in it until `close_for_good`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Entropice help"))
        self.resize(_WIDTH_PX, _HEIGHT_PX)
        self.browser = HelpBrowser()
        self.contents = QPushButton(tr("Contents"))
        self.contents.clicked.connect(lambda: self.show_page(CONTENTS))
        self.back = QPushButton(tr("Back"))
        self.back.setEnabled(False)
        self.back.clicked.connect(self.browser.backward)
        self.browser.backwardAvailable.connect(self.back.setEnabled)
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addWidget(self.contents)
        row.addStretch()
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(self.browser)
        QDesktopServices.setUrlHandler(SCHEME, self._open)

    def show_page(self, page: str) -> None:
        """Show a page, in front of everything else.

        `page` is the name of a Markdown file of the handbook without its suffix; where there is none, the contents are
        shown.
        """
        self.browser.setSource(QUrl.fromLocalFile(str(help_file(page))), QTextDocument.ResourceType.MarkdownResource)
        self.show()
        self.raise_()

    def close_for_good(self) -> None:
        """Close, and leave the plugin's scheme of addresses to nobody; the window cannot be used afterwards."""
        QDesktopServices.unsetUrlHandler(SCHEME)
        self.close()
        self.deleteLater()

    @pyqtSlot(QUrl)
    def _open(self, address: QUrl) -> None:
        self.show_page(address.path())


class HelpBrowser(QTextBrowser):
    """A browser whose pictures are no wider than the page."""

    def loadResource(self, kind: int, name: QUrl) -> object:
        """What Qt asks for when a page names it.

        Pictures that are too wide come back narrowed, all else as Qt finds it.
        """
        found = super().loadResource(kind, name)
        if QTextDocument.ResourceType(kind) != QTextDocument.ResourceType.ImageResource or not found:
            return found
        picture = QImage.fromData(found) if not isinstance(found, QImage) else found
        width_px = self.viewport().width() - _MARGIN_PX
        return (
            picture.scaledToWidth(width_px, Qt.TransformationMode.SmoothTransformation)
            if picture.width() > width_px
            else picture
        )
