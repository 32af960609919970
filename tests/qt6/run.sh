#!/usr/bin/env bash
# Checks the plugin against Qt 6, without QGIS: types, and the widgets that need Qt alone. Arguments go on to pytest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly VENV=.venv-qt6

if ! cmp -s constraints/qt6.txt "$VENV/constraints.txt"; then
    "${PYTHON:-python3}" -m venv --clear "$VENV"
    "$VENV/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement constraints/qt6.txt
    cp constraints/qt6.txt "$VENV/constraints.txt"
fi

if ! "$VENV/bin/python" -c "import PyQt6.QtWidgets"; then
    echo "Qt 6 misses libraries of the system. On Debian and Ubuntu, as root, run" >&2
    echo "    apt-get install --no-install-recommends libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1" >&2
    exit 1
fi

PYTHONPATH=tests/qt6:tests/qt6/shim QT_QPA_PLATFORM=offscreen "$VENV/bin/python" -m pytest -c tests/qt6/pytest.ini \
    tests/qt6 tests/qgis/test_cell_drawings.py "$@"
