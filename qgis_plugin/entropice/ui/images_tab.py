"""The page of a run of images: what each task says, how good it is, and its model card."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QResizeEvent, QShowEvent, QTextCursor
from qgis.PyQt.QtWidgets import QComboBox, QSplitter, QTextBrowser, QVBoxLayout

from ..adapter.images_on_map import ImagesOnMap
from ..adapter.translate import tr
from ..core.errors import RunFolderError
from ..core.image_run import model_card
from ..core.image_scores import score_choices, score_rows
from ..core.image_tasks import ImageTask
from .buttons import text_button
from .choosers import combo
from .labels import plain_label, say
from .messages import show_error
from .tab import Tab
from .tables import fill, text_of, text_table

_REPORT = "report.html"


class ImagesTab(Tab):
    """Choosers of run, task and score; below them the scores and the model card."""

    help_page = "images"

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(iface)
        self._images: tuple[ImagesOnMap, ...] = ()
        self.hint = plain_label()
        self.run = combo(tr("Run of images"))
        self.task = combo(tr("Task"))
        self.score = combo(tr("Score"))
        self.question = plain_label()
        self.scores = text_table(tr("Scores"), [tr("Model"), tr("Value, 95 % interval")])
        self.card = CardBrowser()
        self.card.setAccessibleName(tr("Model card"))
        self.open_report = text_button(tr("Open report"), self._open_report)
        self._parts = QSplitter(Qt.Orientation.Vertical)
        self._parts.addWidget(self.scores)
        self._parts.addWidget(self.card)
        self._choosers = (self.run, self.task, self.question, self.open_report, self.score)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.hint)
        for widget in self._choosers:
            page.addWidget(widget)
        page.addWidget(self._parts, 1)
        page.addStretch()
        self.run.currentIndexChanged.connect(self._show_run)
        self.task.currentIndexChanged.connect(self._show_task)
        self.score.currentIndexChanged.connect(self._show_scores)
        self.show_images(())

    def title(self) -> str:
        """What stands on the tab: "Images", in the language of QGIS."""
        return tr("Images")

    def show_images(self, images: Sequence[ImagesOnMap]) -> None:
        """Offer the runs of images that the project has, and show the first; a hint where it has none."""
        self._images = tuple(images)
        say(self.hint, "" if images else tr("Open a run of images to see its scores and model cards."))
        for widget in (*self._choosers, self._parts):
            widget.setVisible(bool(images))
        _offer(self.run, [(one.manifest.heading, index) for index, one in enumerate(images)])
        self._show_run()

    def showEvent(self, event: QShowEvent) -> None:
        """Fill the table of scores; Qt calls it when the tab comes into view, and only then rows know their height."""
        super().showEvent(event)
        self._show_scores()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give rows the height that their texts need; Qt calls it when the size has changed."""
        super().resizeEvent(event)
        self.scores.resizeRowsToContents()

    def text(self) -> str:
        """What is chosen, the question, the scores as lines with tabs, and the model card.

        Without a run it is the hint.
        """
        if self._shown is None:
            return self.hint.text()
        chosen = (self.run, self.task, self.score)
        parts = (*(one.currentText() for one in chosen), self.question.text(), text_of(self.scores))
        return "\n".join((*parts, self.card.toPlainText()))

    @property
    def _shown(self) -> ImagesOnMap | None:
        index = self.run.currentData()
        return None if index is None or index >= len(self._images) else self._images[index]

    @property
    def _task(self) -> ImageTask | None:
        index = self.task.currentData()
        return None if self._shown is None or index is None else self._shown.manifest.tasks[index]

    def _show_run(self) -> None:
        shown = self._shown
        tasks = shown.manifest.tasks if shown else ()
        _offer(self.task, [(task.title, index) for index, task in enumerate(tasks)])
        self._show_task()

    def _show_task(self) -> None:
        shown, task = self._shown, self._task
        if shown is None or task is None:
            return
        say(self.question, tr("%1: %2", task.kind_title, task.source_title))
        _offer(self.score, score_choices(task))
        self._show_scores()
        try:
            self.card.show_card(model_card(shown.folder, task))
        except RunFolderError as error:
            self.card.clear()
            show_error(self.iface, error)

    def _show_scores(self) -> None:
        task, chosen = self._task, self.score.currentData()
        fill(self.scores, [] if task is None or chosen is None else score_rows(task, *chosen))

    def _open_report(self) -> None:
        if self._shown is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._shown.folder / _REPORT)))


class CardBrowser(QTextBrowser):
    """Shows Markdown without markup of HTML; pictures and links of it lead nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)

    def show_card(self, text: str) -> None:
        """Show a model card from its beginning; tags of HTML are text.

        `text` is Markdown; ``<`` is escaped, so that no tag is an element.
        """
        self.setMarkdown(text.replace("<", "&lt;"))
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def loadResource(self, _kind: int, _name: QUrl) -> object:
        """Nothing: Qt asks for what a page names, such as pictures.

        A card must not make it read files or the net.
        """
        return None


def _offer(chooser: QComboBox, entries: Sequence[tuple[str, object]]) -> None:
    """Offer entries by their texts without an answer."""
    chooser.blockSignals(True)
    chooser.clear()
    for text, value in entries:
        chooser.addItem(text, value)
    chooser.blockSignals(False)
