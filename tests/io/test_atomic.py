import os
import subprocess
import sys
from pathlib import Path

import pytest

from entropice.io.atomic import atomic_file, atomic_folder, sweep_leftovers


def _content(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}


def test_a_file_appears_only_when_complete(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "table.parquet"

    with atomic_file(target) as temporary:
        temporary.write_text("new")
        assert not target.exists()
        assert temporary.suffix == target.suffix

    assert _content(tmp_path) == {"deep/table.parquet": "new"}


def test_an_error_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")

    with pytest.raises(RuntimeError), atomic_file(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError

    assert _content(tmp_path) == {"a.txt": "old"}


def test_a_folder_replaces_the_old_one_whole(tmp_path: Path) -> None:
    target = tmp_path / "cube.zarr"
    for names in (["a", "b"], ["c"]):
        with atomic_folder(target) as temporary:
            for name in names:
                (temporary / name).write_text(name)

    assert _content(tmp_path) == {"cube.zarr/c": "c"}


def test_an_error_leaves_the_old_folder(tmp_path: Path) -> None:
    target = tmp_path / "cube.zarr"
    with atomic_folder(target) as temporary:
        (temporary / "a").write_text("old")

    with pytest.raises(RuntimeError), atomic_folder(target) as temporary:
        (temporary / "a").write_text("half")
        raise RuntimeError

    assert _content(tmp_path) == {"cube.zarr/a": "old"}


def _pid_of_a_dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_leftovers_of_dead_processes_are_swept_and_of_living_ones_kept(tmp_path: Path) -> None:
    dead, alive = _pid_of_a_dead_process(), os.getppid()
    (tmp_path / f".partial-{dead}-x.txt").write_text("torn")
    (tmp_path / f".replaced-{dead}-x.zarr").mkdir()
    (tmp_path / f".partial-{alive}-y.txt").write_text("in work")

    with atomic_file(tmp_path / "z.txt") as temporary:
        temporary.write_text("z")

    assert sorted(p.name for p in tmp_path.iterdir()) == [f".partial-{alive}-y.txt", "z.txt"]


def test_a_leftover_of_this_process_does_not_stop_the_next_write(tmp_path: Path) -> None:
    (tmp_path / f".partial-{os.getpid()}-cube.zarr" / "v").mkdir(parents=True)

    with atomic_folder(tmp_path / "cube.zarr") as temporary:
        (temporary / "a").write_text("a")

    assert _content(tmp_path) == {"cube.zarr/a": "a"}


def test_a_file_takes_the_place_of_a_folder(tmp_path: Path) -> None:
    target = tmp_path / "a.sha256"
    (target / "inside").mkdir(parents=True)

    with atomic_file(target) as temporary:
        temporary.write_text("new")

    assert _content(tmp_path) == {"a.sha256": "new"}


def test_a_folder_takes_the_place_of_a_link_and_leaves_what_it_leads_to(tmp_path: Path) -> None:
    kept, target = tmp_path / "disk" / "cube", tmp_path / "here" / "cube.zarr"
    kept.mkdir(parents=True)
    (kept / "a").write_text("old")
    target.parent.mkdir()
    target.symlink_to(kept)

    with atomic_folder(target) as temporary:
        (temporary / "a").write_text("new")

    assert _content(tmp_path) == {"disk/cube/a": "old", "here/cube.zarr/a": "new"}
    assert [item.name for item in target.parent.iterdir()] == ["cube.zarr"]


def test_a_link_that_a_killed_process_has_moved_aside_is_swept(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / f".replaced-{_pid_of_a_dead_process()}-cube.zarr").symlink_to(tmp_path / "kept")

    sweep_leftovers(tmp_path)

    assert [item.name for item in tmp_path.iterdir()] == ["kept"]


def test_what_another_users_process_is_writing_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / ".partial-7-a.txt"
    theirs.write_text("half")

    def forbidden(pid: int, signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr("entropice.io.atomic.os.kill", forbidden)
    sweep_leftovers(tmp_path)

    assert theirs.read_text() == "half"
