from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest
from kedro.io import DatasetError
from published import Published

from entropice.acquisition.downloads import whole_file
from entropice.acquisition.http import HttpClient
from entropice.io import DownloadDataset
from entropice.io.checksums import verify_record
from entropice.sha256 import sha256_of


@pytest.fixture
def dataset(tmp_path: Path) -> DownloadDataset:
    return DownloadDataset(filepath=str(tmp_path / "raw/dem"))


@pytest.fixture
def save(dataset: DownloadDataset, web: HttpClient, published: Published, plan_of: Callable) -> Callable[..., None]:
    for name in ("a.tif", "b.tif", "c.tif"):
        (published.root / name).write_bytes(name.encode() * 1000)

    def run(*names: str, **limits: float) -> None:
        web.retry.stopping.clear()
        dataset.save(
            plan_of(*(whole_file(web, web.describe(f"{published.url}/{name}"), name) for name in names), **limits)
        )

    return run


def test_a_folder_is_recorded_and_knows_where_it_came_from(
    dataset: DownloadDataset, save: Callable, published: Published
) -> None:
    save("a.tif", "b.tif")

    verify_record(dataset.path)
    table = dataset.load()
    assert table["relative_path"].tolist() == ["a.tif", "b.tif"]
    assert table["url"].tolist() == [f"{published.url}/a.tif", f"{published.url}/b.tif"]
    assert table["sha256"].tolist() == [sha256_of(dataset.path / name) for name in ("a.tif", "b.tif")]


def test_another_plan_fetches_what_is_new_and_drops_the_rest(
    dataset: DownloadDataset, save: Callable, published: Published
) -> None:
    save("a.tif", "b.tif")
    save("b.tif", "c.tif")

    assert sorted(path.name for path in dataset.path.iterdir()) == ["b.tif", "c.tif"]
    assert len(published.gets("/b.tif")) == 1
    verify_record(dataset.path)


def test_half_a_folder_is_not_there(dataset: DownloadDataset, save: Callable, published: Published) -> None:
    published.answers["/b.tif"] = deque([(403, {}, b"")])
    with pytest.raises(DatasetError):
        save("a.tif", "b.tif", n_at_once=1)
    assert not dataset.exists()
    assert not dataset.path.exists()

    save("a.tif", "b.tif")

    assert dataset.exists()
    assert len(published.gets("/a.tif")) == 1


def test_a_refused_plan_leaves_the_folder_as_it_was(dataset: DownloadDataset, save: Callable) -> None:
    save("a.tif")

    with pytest.raises(DatasetError, match="larger than allowed"):
        save("a.tif", "b.tif", max_bytes=10)

    verify_record(dataset.path)


def test_a_change_at_the_source_leaves_the_folder_as_it_was(
    dataset: DownloadDataset, save: Callable, published: Published
) -> None:
    save("a.tif")
    (published.root / "a.tif").write_bytes(b"new")

    with pytest.raises(DatasetError, match="changed at their source"):
        save("a.tif")

    verify_record(dataset.path)
    (dataset.path / "a.tif").unlink()
    save("a.tif")
    assert (dataset.path / "a.tif").read_bytes() == b"new"


def test_a_folder_of_ones_own_is_not_touched(dataset: DownloadDataset, save: Callable) -> None:
    dataset.path.mkdir(parents=True)
    (dataset.path / "mine.tif").write_bytes(b"mine")

    with pytest.raises(DatasetError, match="has not downloaded"):
        save("a.tif")

    assert (dataset.path / "mine.tif").read_bytes() == b"mine"
