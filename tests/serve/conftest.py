"""Runs below a root, and a server over them."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
import served_runs
from served_runs import Server, Trained


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return served_runs.trained(tmp_path_factory.mktemp("trained"))


@pytest.fixture(scope="session")
def root(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read it, never write to it."""
    root = tmp_path_factory.mktemp("root")
    served_runs.publish(root, trained)
    served_runs.publish_cells(root)
    return root


@pytest.fixture(scope="session")
def server(root: Path) -> Iterator[Server]:
    with served_runs.serving(root) as server:
        yield server


@pytest.fixture
def own_root(root: Path, tmp_path: Path) -> Path:
    """A copy of the runs that a test may change."""
    return Path(shutil.copytree(root, tmp_path / "root"))


@pytest.fixture(scope="session")
def tile(trained: Trained) -> Callable[[int], bytes]:
    """The file of an image."""
    return lambda number: (trained.folder / "images" / f"t{number:03d}.tif").read_bytes()


@pytest.fixture(scope="session")
def get(server: Server) -> Callable[..., requests.Response]:
    """What the server answers to GET."""
    return lambda path, **query: requests.get(server.url(path), params=query, timeout=30)


@pytest.fixture(scope="session")
def classify(server: Server) -> Callable[..., requests.Response]:
    """What the server says of a file."""
    return lambda content, field="image": requests.post(
        server.url("classify"), files={field: ("picture", content)}, timeout=30
    )
