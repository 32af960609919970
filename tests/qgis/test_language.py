"""The plugin in German, its help and its settings, in the desktop; and translations as Qt reads them."""

from pathlib import Path

import pytest
from desktop import desktop_result
from entropice.core.run_folder import Run
from qgis.core import QgsPointXY
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from qgis_plugin.qm_file import as_qm
from qgis_plugin.ts_file import CONTEXT, Message, read_messages, ts_files


@pytest.mark.parametrize("language", sorted(ts_files()))
def test_qt_reads_every_translation_of_the_archive(language: str, tmp_path: Path) -> None:
    messages = read_messages(ts_files()[language])
    file = tmp_path / "texts.qm"
    file.write_bytes(as_qm(messages, language))
    translator = QTranslator()

    assert translator.load(str(file))
    assert QCoreApplication.installTranslator(translator)
    read = [_read(message) for message in messages]
    QCoreApplication.removeTranslator(translator)

    assert read == [_told(message) for message in messages]
    assert _read(messages[0]) == (messages[0].source.text,)


def _numbers(message: Message) -> tuple[int, ...]:
    return (1, 2) if message.source.is_counted else (-1,)


def _read(message: Message) -> tuple[str, ...]:
    return tuple(QCoreApplication.translate(CONTEXT, message.source.text, None, number) for number in _numbers(message))


def _told(message: Message) -> tuple[str, ...]:
    return tuple(form.replace("%n", str(n)) for form, n in zip(message.forms, _numbers(message), strict=True))


def test_the_plugin_speaks_german_helps_and_keeps_settings(
    run: Run, pictures: Path, antimeridian_point: QgsPointXY, tmp_path: Path
) -> None:
    place = [antimeridian_point.x(), antimeridian_point.y()]
    order = {"run": str(run.folder), "folder": str(pictures), "place": place, "dock_px": 440}

    told = desktop_result("drive_language.py", order, tmp_path, "de")

    assert told["dock"].startswith("Einen Lauf öffnen, „Zellen erkunden“ wählen")
    assert told["menu"][0] == "Entropice-Lauf öffnen…"
    assert "Zwei Karten vergleichen" in told["algorithms"]
    assert "Dieser Ordner ist kein Entropice-Lauf." in told["error"]
    assert [page["title"] for page in told["pages"]] == ["Zelle", "Vergleich", "Erkundung", "Lauf", "Bilder"]
    assert [page["cut"] for page in told["pages"]] == [[]] * 5
    assert "Wahrscheinlichkeit für Taurutschungen" in told["pages"][0]["text"]
    assert told["help"][:5] == ["cell.md", "compare.md", "survey.md", "run.md", "images.md"]
    assert set(told["help"][5:]) == {"opening.md", "compare.md", "survey.md", "audit.md"}
    assert len(told["help"]) == 5 + len(told["algorithms"])
    assert {name: str(value) for name, value in told["settings"].items()} == {
        "shows_above": "True",
        "n_recent": "3",
        "first_quantity": "class",
    }
    assert told["after"] == "Compare two maps"
    assert not told["handled"]
