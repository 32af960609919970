import shutil
from pathlib import Path

import pytest

from qgis_plugin.entropice.core import run_search
from qgis_plugin.entropice.core.run_search import MAX_DEPTH, run_entry, runs_below, with_recent


def test_runs_are_found_where_they_lie_and_broken_ones_say_why(run_folder: Path, tmp_path: Path) -> None:
    for name in ("b/run", "a/deep/er/run", ".hidden/run"):
        shutil.copytree(run_folder, tmp_path / "data" / name)
    (tmp_path / "data/broken").mkdir()
    (tmp_path / "data/broken/manifest.json").write_text("{}")

    found = list(runs_below(tmp_path / "data"))

    assert [entry.folder.relative_to(tmp_path / "data").as_posix() for entry in found] == [
        "a/deep/er/run",
        "b/run",
        "broken",
    ]
    whole, _, broken = found
    assert (whole.title, whole.grid_key, whole.model, whole.problem) == ("Virtual Arctic", "h3_4", "eSPA", "")
    assert whole.years == "summer 2021 – summer 2022"
    assert broken.problem
    assert broken.title == "broken"


def test_a_run_itself_is_found_and_nothing_below_it(run_folder: Path) -> None:
    shutil.copytree(run_folder, run_folder / "inside")

    assert [entry.folder for entry in runs_below(run_folder)] == [run_folder]


def test_links_are_not_followed(run_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/link").symlink_to(run_folder, target_is_directory=True)

    assert list(runs_below(tmp_path / "data")) == []


def test_the_search_ends_in_depth_and_in_width(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_end, too_deep = (tmp_path.joinpath("data", *["x"] * n) for n in (MAX_DEPTH, MAX_DEPTH + 1))
    shutil.copytree(run_folder, too_deep)
    assert list(runs_below(tmp_path / "data")) == []
    shutil.copytree(run_folder, at_the_end, dirs_exist_ok=True)
    assert len(list(runs_below(tmp_path / "data"))) == 1

    monkeypatch.setattr(run_search, "MAX_FOLDERS", 3)
    assert list(runs_below(tmp_path / "data")) == []


def test_twenty_thousand_folders_are_searched_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_search, "_folders", lambda folder, _: (folder / str(number) for number in range(20_001)))
    monkeypatch.setattr(run_search, "_has_manifest", lambda _: True)

    assert [entry.folder.name for entry in runs_below(tmp_path)] == [str(number) for number in range(20_000)]


def test_a_folder_that_is_gone_has_a_problem(tmp_path: Path) -> None:
    assert run_entry(tmp_path / "gone").problem


def test_the_last_one_opened_comes_first_and_none_twice() -> None:
    folders = [f"/runs/{number}" for number in range(10)]

    assert with_recent(folders, Path("/runs/3"), 10) == ["/runs/3", *(name for name in folders if name != "/runs/3")]
    assert with_recent(folders, Path("/new"), 10) == ["/new", *folders[:-1]]
