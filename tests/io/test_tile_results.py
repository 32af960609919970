"""A plan that is saved is carried out, and what was finished before is not done again."""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from kedro.io import DatasetError
from tile_plans import FINGERPRINT, N_TILES, plan_of_sums, sums, times_begun

from entropice.errors import RunStateError
from entropice.io import TileResultsDataset
from entropice.io.checksums import files_of
from entropice.tiles.plan import Tile, TilePlan

ONCE = dict.fromkeys(range(N_TILES), 1)


def _dataset(folder: Path, fingerprint: dict | None = None) -> TileResultsDataset:
    dataset = TileResultsDataset(filepath=str(folder / "moments"))
    dataset.fingerprint = FINGERPRINT if fingerprint is None else fingerprint
    return dataset


def _stops_at(shared: dict, number: int) -> dict[str, np.ndarray]:
    if number == 5:
        raise OSError("the source of tile 5 is away")
    return sums(shared, number)


@pytest.fixture
def stopped(tmp_path: Path) -> Path:
    """A folder in which a plan stopped at its sixth tile."""
    plan = replace(plan_of_sums(tmp_path), reduce=_stops_at)
    with pytest.raises(DatasetError, match="the source of tile 5 is away"):
        _dataset(tmp_path).save(plan)
    return tmp_path


def _bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in files_of(folder)}


def _unbroken(folder: Path) -> dict[str, bytes]:
    (folder / "marks").mkdir(parents=True)
    dataset = _dataset(folder)
    dataset.save(plan_of_sums(folder / "marks"))
    return _bytes_of(dataset.path)


def test_results_come_in_the_order_of_the_plan(tmp_path: Path) -> None:
    plan = plan_of_sums(tmp_path)
    backwards = replace(plan, tiles=plan.tiles[::-1])
    dataset = _dataset(tmp_path)

    dataset.save(backwards)
    results = dataset.load()

    assert results.keys == tuple(tile.key for tile in backwards.tiles)
    assert [len(arrays["rows"]) for arrays in results] == [107, 106, 105, 104, 103, 102, 101, 100]


def test_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    dataset = _dataset(tmp_path)
    dataset.save(plan_of_sums(tmp_path))

    for number, arrays in enumerate(dataset.load()):
        expected = sums({"folder": tmp_path, "pause_s": 0, "n_ending": N_TILES, "n_together": 1}, number)
        assert arrays.keys() == expected.keys()
        for name, values in expected.items():
            np.testing.assert_array_equal(arrays[name], values, strict=True)


def test_a_plan_without_tiles_leaves_an_empty_result(tmp_path: Path) -> None:
    dataset = _dataset(tmp_path)
    dataset.save(plan_of_sums(tmp_path, n_tiles=0))

    assert list(dataset.load()) == []


def test_only_unfinished_tiles_are_done_again_and_the_bytes_are_those_of_an_unbroken_run(stopped: Path) -> None:
    assert times_begun(stopped) == dict.fromkeys(range(5), 1)

    dataset = _dataset(stopped)
    dataset.save(plan_of_sums(stopped))

    assert times_begun(stopped) == ONCE
    assert _bytes_of(dataset.path) == _unbroken(stopped / "unbroken")
    assert [path for path in stopped.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("part", ["parameters", "inputs", "code", "libraries"])
def test_nothing_is_taken_over_from_other_parameters_inputs_code_or_libraries(stopped: Path, part: str) -> None:
    dataset = _dataset(stopped, {**FINGERPRINT, part: {"other": "x"}})
    dataset.save(plan_of_sums(stopped))

    assert times_begun(stopped) == {number: 2 if number < 5 else 1 for number in range(N_TILES)}
    assert [path for path in stopped.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    "unknown",
    [{}, {"inputs": FINGERPRINT["inputs"]}, {**FINGERPRINT, "inputs": {"i": None}}],
    ids=["nothing known", "only inputs known", "an input unknown"],
)
def test_nothing_is_taken_over_where_it_is_unknown_what_it_was_made_with(tmp_path: Path, unknown: dict) -> None:
    with pytest.raises(DatasetError):
        _dataset(tmp_path, unknown).save(replace(plan_of_sums(tmp_path), reduce=_stops_at))
    _dataset(tmp_path, unknown).save(plan_of_sums(tmp_path))

    assert times_begun(tmp_path) == {number: 2 if number < 5 else 1 for number in range(N_TILES)}


def test_starting_over_does_every_tile_again(stopped: Path) -> None:
    dataset = _dataset(stopped)
    dataset.starts_over = True
    dataset.save(plan_of_sums(stopped))

    assert times_begun(stopped) == {number: 2 if number < 5 else 1 for number in range(N_TILES)}


@pytest.mark.parametrize("damage", ["torn", "flipped", "empty"])
def test_a_damaged_tile_is_done_again(stopped: Path, damage: str) -> None:
    victim = next(stopped.glob(".unfinished-*/tile_02.*.npz"))
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes({"torn": bytes(content[:-7]), "flipped": bytes(content), "empty": b""}[damage])

    dataset = _dataset(stopped)
    dataset.save(plan_of_sums(stopped))

    assert times_begun(stopped) == {**ONCE, 2: 2}
    assert _bytes_of(dataset.path) == _unbroken(stopped / "unbroken")


def test_leftovers_of_another_output_stay(stopped: Path) -> None:
    other = TileResultsDataset(filepath=str(stopped / "embeddings"))
    other.fingerprint = FINGERPRINT
    other.save(plan_of_sums(stopped / "unbroken", n_tiles=0))

    assert len(list(stopped.glob(".unfinished-moments-*/tile_*.npz"))) == 5


def test_a_folder_that_cannot_be_written_is_said_and_finished_tiles_stay(tmp_path: Path, monkeypatch) -> None:
    from entropice.io.checkpoints import Checkpoints

    keep = Checkpoints.keep

    def keep_until_full(self: Checkpoints, key: str, arrays: dict) -> None:
        if key == "tile_03":
            raise OSError(28, "No space left on device")
        keep(self, key, arrays)

    monkeypatch.setattr(Checkpoints, "keep", keep_until_full)
    with pytest.raises(DatasetError) as caught:
        _dataset(tmp_path).save(plan_of_sums(tmp_path))
    monkeypatch.undo()

    error = caught.value.__cause__
    assert isinstance(error, RunStateError)
    assert "No space left on device" in str(error.got)
    assert "5 tiles" in str(error.expected)
    _dataset(tmp_path).save(plan_of_sums(tmp_path))
    assert times_begun(tmp_path) == {**ONCE, 3: 2}


def test_a_second_run_of_the_same_tiles_is_refused_while_the_first_goes_on(tmp_path: Path) -> None:
    second, (tile, *_) = _dataset(tmp_path), plan_of_sums(tmp_path).tiles

    def start_again(shared: dict, number: int) -> dict[str, np.ndarray]:
        with pytest.raises(DatasetError) as caught:
            second.save(plan_of_sums(tmp_path))
        assert "Another process is making this output" in str(caught.value.__cause__)
        return sums(shared, number)

    _dataset(tmp_path).save(replace(plan_of_sums(tmp_path), reduce=start_again, tiles=(tile,)))

    assert times_begun(tmp_path) == {0: 1}


def test_a_folder_without_write_permission_is_said_before_any_tile(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    dataset = TileResultsDataset(filepath=str(tmp_path / "file/moments"))

    with pytest.raises(DatasetError) as caught:
        dataset.save(plan_of_sums(tmp_path))

    assert isinstance(caught.value.__cause__, RunStateError)
    assert times_begun(tmp_path) == {}


def test_nothing_is_left_of_a_plan_that_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="takes more memory"):
        _dataset(tmp_path).save(plan_of_sums(tmp_path, n_bytes=2**40))

    assert list(tmp_path.iterdir()) == []


def test_the_log_says_how_many_tiles_were_done_before(stopped: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="entropice"):
        _dataset(stopped).save(plan_of_sums(stopped))

    assert "8 tiles, of which 5 were done before" in caplog.text
    assert "3 tiles done in" in caplog.text


@pytest.mark.parametrize("keys", [("a", "a"), ("../a", "b"), ("A", "b"), ("", "b"), (".a", "b")])
def test_keys_that_cannot_be_file_names_are_refused(keys: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="tile keys"):
        TilePlan("Sums", sums, None, tuple(Tile(key, 0, 1, 1) for key in keys))


def test_what_a_killed_save_has_left_beside_a_finished_output_is_deleted(tmp_path: Path) -> None:
    dataset = TileResultsDataset(filepath=str(tmp_path / "moments"))
    other = tmp_path / ".unfinished-moments-other"
    (tmp_path / f".unfinished-moments-{'0' * 32}").mkdir()
    (tmp_path / f".unfinished-moments-{'0' * 32}" / "tile.npz").write_bytes(b"")
    (tmp_path / ".moments.lock").write_text("")
    (tmp_path / ".partial-999999999-moments").mkdir()
    other.mkdir()

    dataset.tidy()

    assert list(tmp_path.iterdir()) == [other]


def test_parts_made_of_an_input_that_was_replaced_meanwhile_are_not_kept(tmp_path: Path) -> None:
    dataset = _dataset(tmp_path)

    def replaced() -> None:
        raise RunStateError("An input was replaced.")

    dataset.confirm_inputs = replaced
    with pytest.raises(DatasetError, match="An input was replaced"):
        dataset.save(plan_of_sums(tmp_path))
    dataset.confirm_inputs = lambda: None
    dataset.save(plan_of_sums(tmp_path))

    assert times_begun(tmp_path) == dict.fromkeys(range(N_TILES), 2)
