from pathlib import Path

import pytest

from entropice.io.named_files import named_files


def test_files_are_found_at_any_depth_and_named_by_their_parameter(tmp_path: Path) -> None:
    outline, first, second = (tmp_path / name for name in ("outline.gpkg", "a.tif", "b.tif"))
    for file in (outline, first, second):
        file.touch()
    parameters = {
        "grids": {"region": {"file": str(outline), "min_lat_deg": None}},
        "features": {"rasters": [{"file": str(first)}, {"file": str(second), "bands": (1, 2)}]},
    }

    assert dict(named_files(parameters)) == {
        "grids.region.file": outline,
        "features.rasters.0.file": first,
        "features.rasters.1.file": second,
    }


@pytest.mark.parametrize("value", ["nowhere.gpkg", "a title\nof two lines", "a\0b", "", 4, None, True, [], {}])
def test_what_is_no_file_is_none(value: object) -> None:
    assert list(named_files({"value": value})) == []


def test_a_folder_counts_as_a_file_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    geodatabase, link = tmp_path / "outline.gdb", tmp_path / "climate.zarr"
    geodatabase.mkdir()
    link.symlink_to(geodatabase)
    monkeypatch.chdir(tmp_path)

    named = dict(named_files({"a": str(geodatabase), "b": "outline.gdb", "c": "./outline.gdb", "d": "climate.zarr"}))

    assert {name: path.resolve() for name, path in named.items()} == dict.fromkeys("abcd", geodatabase)


def test_one_word_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path)

    assert list(named_files({"title": "docs"})) == []
