"""A run tells what its steps have read, not what lies in its place by the time it is told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kedro.framework.hooks import _create_hook_manager
from kedro.io import DataCatalog, DatasetError, MemoryDataset
from kedro.pipeline import Node, Pipeline
from kedro.runner import SequentialRunner

from entropice.app.cli_errors import own_error
from entropice.app.hooks import ProjectHooks
from entropice.app.provenance import ancestry
from entropice.errors import RunStateError
from entropice.incremental.scheduler import run_in_rounds
from entropice.incremental.state import IncrementalState
from entropice.io import JsonDataset, ProvenanceDataset, TextDataset
from entropice.io.digests import Digests
from entropice.io.sources import SourceDataset
from entropice.sha256 import sha256_of_bytes


class _Given(SourceDataset[str, str]):
    """A text of the user's own."""

    def __init__(self, *, filepath: str, layer: str = "first") -> None:
        super().__init__(filepath=filepath)
        self.layer = layer

    @property
    def options(self) -> dict[str, Any]:
        return {"layer": self.layer}

    def read(self, path: Path) -> str:
        return path.read_text()

    def write(self, data: str, path: Path) -> None:
        path.write_text(data)


class _NoCode:
    def hashes(self, objects: Any) -> dict[str, str]:
        return {item.__module__: "v1" for item in objects}


class _Project:
    """Two texts, read by a step each; a third step joins them, and a last one tells what it was made of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.meanwhile: Callable[[], None] = lambda: None
        self.layer = "first"
        self.parameters: dict[str, Any] = {"region": {"file": None}}
        for name in ("slumps", "terrain"):
            (folder / f"{name}.txt").write_text(f"{name} of old")

    def nodes(self) -> list[Node]:
        def read(text: str, _: dict[str, Any]) -> str:
            self.meanwhile()
            return text

        def join(*texts: str) -> str:
            return "".join(texts)

        return [
            Node(read, ["slumps", "params:region"], "labels", name="label"),
            Node(join, ["terrain", "slumps"], "features", name="derive"),
            Node(join, ["labels", "features"], "model", name="fit"),
            Node(lambda told, _: told, ["provenance", "model"], "told", name="tell"),
        ]

    def run(self, nodes: list[Node] | None = None) -> dict[str, Any]:
        pipeline = Pipeline(self.nodes() if nodes is None else nodes)
        texts = ("labels", "features", "model", "left_over")
        catalog = DataCatalog(
            {
                "slumps": _Given(filepath=str(self.folder / "slumps.txt"), layer=self.layer),
                "terrain": _Given(filepath=str(self.folder / "terrain.txt")),
                **{name: TextDataset(filepath=str(self.folder / name)) for name in texts},
                "told": JsonDataset(filepath=str(self.folder / "told.json")),
                "provenance": ProvenanceDataset(),
                "params:region": MemoryDataset(self.parameters["region"]),
            }
        )
        catalog["provenance"].outputs = ancestry(pipeline, catalog, "provenance")
        state = IncrementalState(self.parameters, _NoCode(), Digests(self.folder / "memory.json"))
        hooks, manager = ProjectHooks(), _create_hook_manager()
        hooks._state = state
        manager.register(hooks)
        run_in_rounds(lambda part: SequentialRunner().run(part, catalog, manager), pipeline, catalog, state)
        return catalog.load("told")


@pytest.fixture
def project(tmp_path: Path) -> _Project:
    return _Project(tmp_path)


def _digests(told: dict[str, Any]) -> dict[str, str]:
    return {item["dataset"]: item["sha256"] for item in told["inputs"]}


def _sha256(text: str) -> str:
    return sha256_of_bytes(text.encode())


def test_every_input_and_intermediate_of_the_ancestry_is_told(project: _Project) -> None:
    told = project.run()

    assert _digests(told) == {"slumps": _sha256("slumps of old"), "terrain": _sha256("terrain of old")}
    assert [item["bytes"] for item in told["inputs"]] == [len("slumps of old"), len("terrain of old")]
    assert [item["dataset"] for item in told["intermediates"]] == ["features", "labels", "model"]
    assert told["settings"]["slumps"] == {"type": "_Given", "layer": "first"}


def test_outputs_that_the_run_is_not_made_of_are_not_told(project: _Project) -> None:
    TextDataset(filepath=str(project.folder / "left_over")).save("of a group that is switched off")

    assert "left_over" not in {item["dataset"] for item in project.run()["intermediates"]}


def test_a_group_that_is_switched_off_takes_its_input_along(project: _Project) -> None:
    project.run()
    label, _, _, tell = project.nodes()
    alone = Node(lambda text: text, ["labels"], "model", name="fit")

    assert _digests(project.run([label, alone, tell])) == {"slumps": _sha256("slumps of old")}


def test_an_input_replaced_after_it_was_read_is_told_as_it_was(project: _Project) -> None:
    label, derive, fit, tell = project.nodes()

    def replace(*texts: str) -> str:
        (project.folder / "terrain.txt").write_text("terrain of new")
        return "".join(texts)

    fit = Node(replace, ["labels", "features"], "model", name="fit")

    assert _digests(project.run([label, derive, fit, tell]))["terrain"] == _sha256("terrain of old")


@pytest.mark.parametrize("name", ["slumps.txt", "slumps.prj"], ids=["replaced", "added beside"])
def test_an_input_replaced_while_it_is_read_leaves_no_output(project: _Project, name: str) -> None:
    project.meanwhile = lambda: (project.folder / name).write_text("slumps of new")

    with pytest.raises(DatasetError, match="replaced while it was read") as caught:
        project.run()

    assert isinstance(own_error(caught.value), RunStateError)
    assert not (project.folder / "labels").exists()


def test_an_input_touched_while_it_is_read_is_the_same(project: _Project) -> None:
    project.meanwhile = (project.folder / "slumps.txt").touch

    assert _digests(project.run())["slumps"] == _sha256("slumps of old")


def test_steps_that_have_read_different_content_are_not_published_together(project: _Project) -> None:
    project.run()
    (project.folder / "slumps.txt").write_text("slumps of new")
    project.run([project.nodes()[0], Node(lambda text: text, "labels", "told", name="other")])
    told = ProvenanceDataset()
    told.outputs = {name: project.folder / name for name in ("labels", "features")}

    with pytest.raises(DatasetError, match="do not agree") as caught:
        told.load()

    assert own_error(caught.value).field == "slumps"


def test_a_file_that_parameters_name_is_told_as_it_was_read(project: _Project, tmp_path: Path) -> None:
    outline = tmp_path / "outline.gpkg"
    outline.write_text("outline of old")
    project.parameters["region"]["file"] = str(outline)

    assert _digests(project.run())["region.file"] == _sha256("outline of old")


def test_how_an_input_is_read_is_told(project: _Project) -> None:
    project.layer = "second"

    assert project.run()["settings"]["slumps"]["layer"] == "second"
