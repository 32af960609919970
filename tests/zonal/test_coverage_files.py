from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from rasterio.transform import from_origin

from entropice.errors import InputFileError
from entropice.zonal.coverage import Coverage, cell_coverage
from entropice.zonal.coverage_files import coverage_key, load_coverage, save_coverage, stored_coverage

CELLS = np.array([shapely.box(0.5, 0.5, 3.2, 3), shapely.Polygon([(0, 0), (4, 0), (2, 4)])], dtype=object)
IDS = np.array([7, 9], dtype=np.uint64)
TRANSFORM = from_origin(0, 4, 1, 1)
SHAPE = (4, 5)
KEY = "0123abcd"


def assert_same(found: Coverage, expected: Coverage) -> None:
    for name, part, other in zip(Coverage._fields, found, expected, strict=True):
        pairs = zip(part, other, strict=True) if name in ("runs", "borders") else [(part, other)]
        for values, wanted in pairs:
            np.testing.assert_array_equal(values, wanted, strict=isinstance(wanted, np.ndarray))


@pytest.fixture
def coverage() -> Coverage:
    return cell_coverage(CELLS, TRANSFORM, SHAPE)


def test_weights_survive_the_file(coverage, tmp_path):
    save_coverage(coverage, tmp_path / "new" / "weights.npz", KEY)

    assert_same(load_coverage(tmp_path / "new" / "weights.npz", KEY), coverage)


def test_stored_weights_are_computed_once(coverage, tmp_path, monkeypatch):
    first = stored_coverage(tmp_path, "h3_4", IDS, CELLS, TRANSFORM, SHAPE)
    monkeypatch.setattr("entropice.zonal.coverage_files.cell_coverage", lambda *_: pytest.fail("computed twice"))

    second = stored_coverage(tmp_path, "h3_4", IDS, CELLS, TRANSFORM, SHAPE)

    assert_same(first, coverage)
    assert_same(second, coverage)
    assert [path.name for path in tmp_path.iterdir()] == [f"{coverage_key('h3_4', IDS, CELLS, TRANSFORM, SHAPE)}.npz"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"grid": "h3_5"}, id="grid"),
        pytest.param({"cell_ids": np.array([7, 10], dtype=np.uint64)}, id="cell ids"),
        pytest.param({"polygons": shapely.transform(CELLS, lambda xy: xy + 1e-9)}, id="vertices"),
        pytest.param({"polygons": CELLS[::-1]}, id="order of the polygons"),
        pytest.param({"transform": from_origin(0, 4, 1, 1 + 1e-12)}, id="pixel size"),
        pytest.param({"transform": from_origin(1, 4, 1, 1)}, id="place of the tile"),
        pytest.param({"shape": (5, 4)}, id="shape"),
    ],
)
def test_the_key_depends_on_everything_that_matters(change):
    given_ = {"grid": "h3_4", "cell_ids": IDS, "polygons": CELLS, "transform": TRANSFORM, "shape": SHAPE}

    assert coverage_key(**given_) == coverage_key(**{**given_, "cell_ids": IDS.astype(">u8")})
    assert coverage_key(**given_) != coverage_key(**{**given_, **change})


def test_the_key_depends_on_the_format(monkeypatch):
    before = coverage_key("h3_4", IDS, CELLS, TRANSFORM, SHAPE)
    monkeypatch.setattr("entropice.zonal.coverage_files.FORMAT_VERSION", 0)

    assert coverage_key("h3_4", IDS, CELLS, TRANSFORM, SHAPE) != before


def test_a_file_of_other_cells_is_refused(coverage, tmp_path):
    save_coverage(coverage, tmp_path / "weights.npz", KEY)

    with pytest.raises(InputFileError, match="key 0123abcd"):
        load_coverage(tmp_path / "weights.npz", "another")


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[:-1], lambda data: data[: len(data) // 2], lambda data: b"<html>"]
)
def test_a_truncated_or_foreign_file_is_refused_with_the_remedy(coverage, tmp_path, damage):
    path = tmp_path / "weights.npz"
    save_coverage(coverage, path, KEY)
    path.write_bytes(damage(path.read_bytes()))

    with pytest.raises(InputFileError, match="delete it") as refusal:
        load_coverage(path, KEY)
    assert refusal.value.path == str(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputFileError, match="No such file"):
        load_coverage(tmp_path / "weights.npz", KEY)


@pytest.fixture(scope="module")
def stored_bytes(tmp_path_factory):
    path = tmp_path_factory.mktemp("stored") / "weights.npz"
    save_coverage(cell_coverage(CELLS, TRANSFORM, SHAPE), path, KEY)
    return path, path.read_bytes()


@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_any_changed_byte_is_refused_or_harmless(stored_bytes, place, flip):
    path, data = stored_bytes
    damaged = bytearray(data)
    damaged[int(place * len(data))] ^= flip
    path.with_name("damaged.npz").write_bytes(damaged)

    try:
        found = load_coverage(path.with_name("damaged.npz"), KEY)
    except InputFileError:
        return
    assert_same(found, cell_coverage(CELLS, TRANSFORM, SHAPE))


def test_threads_that_write_the_same_weights_do_not_disturb_each_other(coverage, tmp_path):
    path = tmp_path / "weights.npz"

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: save_coverage(coverage, path, KEY), range(40)))

    assert_same(load_coverage(path, KEY), coverage)
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file(coverage, tmp_path, monkeypatch):
    path = tmp_path / "weights.npz"
    save_coverage(coverage, path, KEY)
    monkeypatch.setattr(np, "savez", lambda file, **_: file.write(b"half") and 1 / 0)

    with pytest.raises(ZeroDivisionError):
        save_coverage(coverage, path, KEY)

    assert_same(load_coverage(path, KEY), coverage)
    assert list(tmp_path.iterdir()) == [path]
