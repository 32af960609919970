"""The plugin against the types of Qt 6 and of QGIS built with it: names, enums, arguments."""

import re
from pathlib import Path

import pytest
from mypy import api

HERE = Path(__file__).parent
PLUGIN = HERE.parents[1] / "qgis_plugin"
OPTIONS = ("--config-file", str(HERE / "mypy.ini"), "--cache-dir", str(HERE.parents[1] / ".mypy_cache/qt6"))
KNOWN = HERE / "known_findings.txt"
_FINDING = re.compile(r"^(?:.*/)?(entropice/[^:]+):\d+: error: (.*)$")


def known_findings() -> list[re.Pattern[str]]:
    """Messages without cause, with the reason in the comment above them."""
    lines = KNOWN.read_text(encoding="utf-8").splitlines()
    return [re.compile(line) for line in lines if line and line[0] != "#"]


def _message(finding: str) -> str:
    """Without the file and the name of the kind of error."""
    return finding.partition(": ")[2].rpartition("  [")[0]


def findings(folder: Path) -> list[str]:
    """What mypy finds in the package ``entropice`` of a folder, without line numbers."""
    told, trouble, _ = api.run([*OPTIONS, str(folder / "entropice")])
    assert trouble == ""
    found = [_FINDING.match(line) for line in told.splitlines()]
    return sorted(f"{match[1]}: {match[2]}" for match in found if match)


def test_the_plugin_fits_qt_6_and_qgis_built_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PLUGIN)

    found, known = findings(PLUGIN), known_findings()

    assert [finding for finding in found if not any(each.fullmatch(_message(finding)) for each in known)] == []
    assert [each.pattern for each in known if not any(each.fullmatch(_message(finding)) for finding in found)] == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Qt.AlignLeft", "AlignLeft"),
        ("QDialog().exec_()", "exec_"),
        ("QtCore.QRegExp", "QRegExp"),
        ("QgsTask('x', QgsTask.Flag.CanCancel | QgsTask.Flag.Silent)", "incompatible type"),
        ("QgsVectorLayer().noSuchMethod()", "noSuchMethod"),
    ],
)
def test_what_qt_6_no_longer_has_is_found(line: str, told: str, tmp_path: Path) -> None:
    package = tmp_path / "entropice"
    package.mkdir()
    imports = (
        "from qgis.core import QgsTask, QgsVectorLayer\nfrom qgis.PyQt import QtCore\nfrom qgis.PyQt.QtCore import Qt\n"
        "from qgis.PyQt.QtWidgets import QDialog\n"
    )
    (package / "__init__.py").write_text(f"{imports}\n{line}\n", encoding="utf-8")

    (found,) = findings(tmp_path)

    assert told in found
