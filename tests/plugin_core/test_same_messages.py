"""The package and the plugin find the same runs and refuse the same folders in the same words."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from entropice import open_run
from entropice.errors import InputFileError
from entropice.run_folders import run_folders_below
from qgis_plugin.entropice.core.errors import RunFolderError
from qgis_plugin.entropice.core.run_folder import open_run as open_in_qgis
from qgis_plugin.entropice.core.run_search import runs_below


def _manifest(change: Callable[[str], str]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        path = folder / "manifest.json"
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    return damage


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no run": _empty,
    "not complete": lambda folder: (folder / "manifest.json").unlink(),
    "no JSON": _manifest(lambda text: text[:-5]),
    "no object": _manifest(lambda _: "[]"),
    "the same key twice": _manifest(lambda text: '{"schema": 1,' + text[1:]),
    "NaN": _manifest(lambda text: text.replace('"seeds": {}', '"seeds": {"a": NaN}')),
    "too large": _manifest(lambda text: text + " " * 5_000_000),
    "no schema": _manifest(lambda text: text.replace('"schema"', '"scheme"', 1)),
    "first schema": _manifest(lambda text: text.replace("entropice-run/2", "entropice-run/1")),
    "map missing": lambda folder: (folder / "run.gpkg").unlink(),
    "map changed": lambda folder: (folder / "run.gpkg").write_bytes((folder / "run.gpkg").read_bytes()[:-1] + b"!"),
    "map cut": lambda folder: (folder / "run.gpkg").write_bytes(b""),
    "map unfinished": lambda folder: (folder / "run.gpkg-wal").write_bytes(b""),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_broken_run_is_refused_in_the_same_words(run_folder: Path, damage: Callable[[Path], object]) -> None:
    damage(run_folder)

    with pytest.raises(RunFolderError) as of_plugin:
        open_in_qgis(run_folder)
    with pytest.raises(InputFileError) as of_package:
        open_run(run_folder).cells()

    assert str(of_package.value) == str(of_plugin.value)


@pytest.mark.parametrize("schema", ["entropice-run/9", "entropice-applied/1"])
def test_other_schemas_are_refused_alike(run_folder: Path, schema: str) -> None:
    """What helps differs: there the plugin is updated, here the package."""
    _manifest(lambda text: text.replace("entropice-run/2", schema))(run_folder)

    with pytest.raises(RunFolderError) as of_plugin:
        open_in_qgis(run_folder)
    with pytest.raises(InputFileError) as of_package:
        open_run(run_folder)

    assert str(of_package.value).splitlines()[:-1] == str(of_plugin.value).splitlines()[:-1]


def test_both_find_the_same_runs(run_folder: Path, tmp_path: Path) -> None:
    for hidden in (".copy", "a/b"):
        (tmp_path / hidden).mkdir(parents=True)
        (tmp_path / hidden / "manifest.json").write_text(json.dumps({}), encoding="utf-8")
    (tmp_path / "link").symlink_to(run_folder)

    found = list(run_folders_below(tmp_path))

    assert found == [entry.folder for entry in runs_below(tmp_path)] == [tmp_path / "a/b", run_folder]
