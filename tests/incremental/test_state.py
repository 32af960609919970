"""Small pipelines of text files: what runs, and why."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from kedro.framework.hooks import _create_hook_manager, hook_impl
from kedro.io import DataCatalog, MemoryDataset
from kedro.pipeline import Node, Pipeline
from kedro.runner import SequentialRunner

from entropice.app.hooks import ProjectHooks
from entropice.app.step_lines import StepLines
from entropice.errors import InputFileError
from entropice.incremental.code_dependencies import CodeDependencies
from entropice.incremental.scheduler import run_in_rounds
from entropice.incremental.state import IncrementalState
from entropice.io import TextDataset
from entropice.io.digests import Digests
from entropice.sha256 import sha256_of


def shout(text: str, parameters: dict[str, Any]) -> str:
    return text.upper() + parameters["mark"]


def shorten(text: str) -> str:
    return text[:3]


def twice(text: str) -> tuple[str, str]:
    return text, text * 2


def shout_again(text: str) -> str:
    return text.upper()


NODES = [
    Node(shout, ["given", "params:voice"], "loud", name="shout"),
    Node(shorten, "loud", "short", name="shorten"),
    Node(twice, "short", ["once", "double"], name="twice"),
]


class _Bench:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parameters: dict[str, Any] = {"voice": {"mark": "!", "file": None}}
        self.code: dict[str, str] = {}
        (folder / "given").write_text("some words")
        TextDataset(filepath=str(folder / "given")).save("some words")

    def state(self) -> IncrementalState:
        return IncrementalState(self.parameters, _Code(self.code), Digests(self.folder / "memory.json"))

    def catalog(self) -> DataCatalog:
        names = ("given", "loud", "short", "once", "double", "louder")
        files = {name: TextDataset(filepath=str(self.folder / name)) for name in names}
        return DataCatalog({**files, "params:voice": MemoryDataset(self.parameters["voice"])})

    def run(self, nodes: list[Node] = NODES) -> list[str]:
        """The names of the nodes that ran."""
        lines, log = StepLines(), _Log()
        state, catalog = self.state(), self.catalog()
        context = SimpleNamespace(incremental_state=state, work_root=self.folder, grid_root=self.folder / "h3_4")
        lines.after_context_created(context)
        run_in_rounds(_runner(catalog, lines, log), Pipeline(nodes), catalog, state)
        state.digests.save()
        return log.ran


class _Code(CodeDependencies):
    """Code by function name."""

    def __init__(self, versions: dict[str, str]) -> None:
        super().__init__(Path(__file__).parent)
        self._versions = versions

    def hashes(self, objects: Any) -> dict[str, str]:
        function = next(iter(objects))
        return {function.__module__: self._versions.get(function.__name__, "v1")}


class _Log:
    """Names the nodes that ran."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    @hook_impl
    def after_node_run(self, node: Node) -> None:
        self.ran.append(node.name)


def _runner(catalog: DataCatalog, lines: StepLines, log: _Log) -> Callable[[Pipeline], None]:
    manager = _create_hook_manager()
    manager.register(ProjectHooks())
    manager.register(lines)
    manager.register(log)

    def run(part: Pipeline) -> None:
        SequentialRunner().run(part, catalog, manager)

    return run


@pytest.fixture
def bench(tmp_path: Path) -> _Bench:
    bench = _Bench(tmp_path)
    assert bench.run() == ["shout", "shorten", "twice"]
    return bench


def test_nothing_runs_twice(bench: _Bench) -> None:
    assert bench.run() == []


def test_what_was_written_just_now_is_not_read_to_be_hashed(bench: _Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = []
    monkeypatch.setattr("entropice.io.digests.sha256_of", lambda path: hashed.append(path.name) or sha256_of(path))

    assert bench.run() == []
    assert hashed == []


def test_a_changed_parameter_runs_what_reads_it_and_what_depends_on_the_result(bench: _Bench) -> None:
    bench.parameters["voice"]["mark"] = "?"

    assert bench.run() == ["shout", "shorten"]  # the first three letters are the same as before
    assert bench.run() == []


def test_changed_content_runs_all_that_follows(bench: _Bench) -> None:
    TextDataset(filepath=str(bench.folder / "given")).save("other words")

    assert bench.run() == ["shout", "shorten", "twice"]


def test_changed_code_runs_its_steps(bench: _Bench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.code["shorten"] = "v2"

    capsys.readouterr()
    assert bench.run() == ["shorten"]
    assert capsys.readouterr().out.splitlines() == [
        "1 of 3 steps are up to date",
        f"  shorten {'0.0 s':>35}  changed: code of {shorten.__module__}",
        "1 of the other 1 steps are up to date",
    ]


def test_uncertain_steps_wait_for_those_before_them(bench: _Bench) -> None:
    bench.code |= {"shout": "v2", "twice": "v2"}

    assert bench.run() == ["shout", "twice"]


def test_steps_wait_however_far_behind_an_uncertain_one_they_are(bench: _Bench) -> None:
    nodes = [*NODES, Node(shout_again, "double", "louder", name="shout_again")]
    assert bench.run(nodes) == ["shout_again"]
    bench.code |= {"shout": "v2", "twice": "v2", "shout_again": "v2"}

    assert bench.run(nodes) == ["shout", "twice", "shout_again"]


@pytest.mark.parametrize("name", ["once", "double", "once.sha256"])
def test_a_step_runs_where_any_of_its_outputs_is_missing(bench: _Bench, name: str) -> None:
    (bench.folder / name).unlink()

    assert bench.run() == ["twice"]


def test_a_damaged_output_is_made_again(bench: _Bench) -> None:
    (bench.folder / "loud").write_text("SOME WORDZ!")

    assert bench.run() == ["shout"]
    assert (bench.folder / "loud").read_text() == "SOME WORDS!"


DAMAGED_RECORDS = {
    "empty": b"",
    "binary": bytes(range(256)),
    "cut": b'# made with {"step',
    "no fingerprint": b"0" * 64 + b"  loud\n",
    "of others": b"# made with {}\n" + b"0" * 64 + b"  quiet\n",
}


@pytest.mark.parametrize("kind", [*DAMAGED_RECORDS, "a folder"])
def test_an_output_with_a_damaged_record_is_made_again(
    bench: _Bench, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    record = bench.folder / "loud.sha256"
    before = record.read_bytes()
    record.unlink()
    record.mkdir() if kind == "a folder" else record.write_bytes(DAMAGED_RECORDS[kind])

    assert bench.run() == ["shout"]
    assert "damaged: record of loud" in capsys.readouterr().out
    assert record.read_bytes() == before
    assert bench.run() == []


def test_a_record_without_its_output_and_what_a_killed_run_left_disturb_nothing(bench: _Bench) -> None:
    (bench.folder / "loud").unlink()
    (bench.folder / ".partial-999999999-loud").write_text("SOME")
    (bench.folder / ".partial-999999999-loud.sha256").write_text("")

    assert bench.run() == ["shout"]
    assert list(bench.folder.glob(".partial*")) == []
    assert bench.run() == []


def test_what_a_killed_run_left_is_swept_where_nothing_runs(bench: _Bench) -> None:
    (bench.folder / ".replaced-999999999-loud").mkdir()

    assert bench.run() == []
    assert list(bench.folder.glob(".replaced*")) == []


def test_a_damaged_record_before_a_node_is_told(bench: _Bench) -> None:
    makers = {output: node for node in NODES for output in node.outputs}
    (bench.folder / "loud.sha256").write_bytes(b"")

    with pytest.raises(InputFileError, match="record beside this output is damaged"):
        bench.state().stale(["double"], makers, bench.catalog())


def test_a_folder_that_a_parameter_names_counts_with_its_content(bench: _Bench) -> None:
    geodatabase = bench.folder / "outline.gdb"
    geodatabase.mkdir()
    (geodatabase / "a00000001.gdbtable").write_text("a")
    bench.parameters["voice"]["file"] = str(geodatabase)
    assert bench.run() == ["shout"]
    assert bench.run() == []

    (geodatabase / "a00000001.gdbtable").write_text("b")

    assert bench.run() == ["shout"]


def test_a_file_that_a_parameter_names_counts_with_its_content(bench: _Bench) -> None:
    outline = bench.folder / "outline.txt"
    outline.write_text("a")
    bench.parameters["voice"]["file"] = str(outline)
    assert bench.run() == ["shout"]
    assert bench.run() == []

    outline.write_text("b")

    assert bench.run() == ["shout"]


def test_other_wiring_of_the_same_function_runs(bench: _Bench) -> None:
    rewired = [*NODES[:1], Node(shorten, "given", "short", name="shorten"), NODES[2]]

    assert bench.run(rewired) == ["shorten", "twice"]


def test_a_step_with_an_output_that_is_kept_nowhere_always_runs(bench: _Bench) -> None:
    nodes = [*NODES, Node(shorten, "once", "passing", name="passing")]

    assert bench.run(nodes) == ["passing"]
    assert bench.run(nodes) == ["passing"]


def test_an_output_saved_by_hand_is_made_again(bench: _Bench) -> None:
    bench.catalog().save("short", "by hand")

    assert bench.run() == ["shorten"]


def test_a_node_is_stale_where_anything_before_it_would_be_made_differently(bench: _Bench) -> None:
    makers = {output: node for node in NODES for output in node.outputs}
    bench.parameters["voice"]["mark"] = "?"

    for names in (["double"], ["double", "given"]):  # what is given has no maker, and hides nothing
        assert bench.state().stale(names, makers, bench.catalog()) == {"loud": ["parameter voice.mark"]}


def test_outputs_in_between_may_be_thrown_away(bench: _Bench) -> None:
    makers = {output: node for node in NODES for output in node.outputs}
    (bench.folder / "loud").unlink()

    assert bench.state().stale(["double"], makers, bench.catalog()) == {}
