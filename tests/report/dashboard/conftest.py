"""A fabricated run around the pole, written to a folder, and copies of it that lack something."""

import hashlib
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from entropice.report.run_folder import RunFolder, write_run_folder

with patch.dict(os.environ):  # its import names a backend of matplotlib for all processes that this one starts
    import streamlit  # noqa: F401


@pytest.fixture(autouse=True)
def main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit puts its page in the place of ``__main__``, which processes that are spawned later would look for."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(scope="session")
def written_run(run_folder: RunFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the fabricated run; read it, never write to it."""
    folder = tmp_path_factory.mktemp("fabricated")
    write_run_folder(run_folder, folder)
    return folder


@pytest.fixture(scope="session")
def alter(written_run: Path) -> Callable[..., Path]:
    """Copy the run to a folder, with SQL on its tables and other values in its manifest."""

    def altered(folder: Path, statements: Sequence[str] = (), **manifest: Any) -> Path:
        shutil.copytree(written_run, folder)
        _change_tables(folder / "run.gpkg", statements)
        values = json.loads((folder / "manifest.json").read_text(encoding="utf-8")) | manifest
        content = (folder / "run.gpkg").read_bytes()
        of_tables = {"name": "run.gpkg", "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        values["files"] = [file for file in values["files"] if file["name"] != "run.gpkg"] + [of_tables]
        (folder / "manifest.json").write_text(json.dumps(values), encoding="utf-8")
        return folder

    return altered


def _change_tables(path: Path, statements: Sequence[str]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            connection.execute(statement)
        connection.commit()
