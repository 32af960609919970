"""A campaign on a small project: what is noticed, what is not, and that nothing is tried twice."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from mutation.make import PLUGIN, Results, Room, campaign, main, rooms
from mutation.trial import copy_tree, written

PROJECT = Path(__file__).parents[2]
HALF = "def half(x):\n    return x / 2\n\n\ndef forgotten(x):\n    return x / 3\n"
SHOWN = HALF.replace(
    "(x):\n    return x / 3", '(x):\n    """\n    >>> forgotten(6)\n    2.0\n    """\n    return x / 3'
)
TEST = "from small.room.halves import half\n\n\ndef test_half():\n    assert half(6) == 3\n"
ROOM = Room("room", "src", "small", "small/room")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, pyproject: str) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name, text in {
        "src/small/__init__.py": "",
        "src/small/room/__init__.py": "",
        "src/small/room/halves.py": HALF,
        "qgis_plugin/__init__.py": "",
        "tests/room/test_halves.py": TEST,
        "pyproject.toml": pyproject,
        ".gitignore": "left_out\n",
        "left_out": "",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    subprocess.run(["git", "-C", str(folder), "init", "-q"], check=True)
    return folder


def test_every_fault_is_tried_once_and_what_is_tested_is_noticed(project: Path, tmp_path: Path) -> None:
    tree = copy_tree(project, tmp_path / "tree")
    results = Results(tmp_path / "outcomes.jsonl")

    said = list(campaign(ROOM, tree, results, n=4, seed=0, again=False))

    by_line = {(line["line"], line["word"]) for line in results.lines()}
    assert by_line == {(2, "killed"), (6, "survived")}
    assert len(results.lines()) == 4
    assert all("forgotten" not in line and "halves.py:6" in line for line in said)
    assert {line["noticed_by"] for line in results.lines()} == {"", "tests/room/test_halves.py::test_half"}
    assert (tree / "src/small/room/halves.py").read_text() == HALF
    assert not (tree / "left_out").exists()
    assert list(campaign(ROOM, tree, results, n=4, seed=0, again=False)) == []

    (tree / "tests/room/test_halves.py").write_text(
        TEST.replace("import half", "import forgotten, half") + "    assert forgotten(6) == 2\n"
    )
    assert list(campaign(ROOM, tree, results, n=4, seed=0, again=True)) == []
    assert {line["word"] for line in results.lines()} == {"killed"}
    assert len((tmp_path / "outcomes.jsonl").read_text().splitlines()) == 6


def test_tests_that_fail_without_a_fault_are_refused(project: Path, tmp_path: Path) -> None:
    tree = copy_tree(project, tmp_path / "tree")
    with written(tree / "tests/room/test_halves.py", TEST.replace("== 3", "== 4")):  # noqa: SIM117
        with pytest.raises(RuntimeError, match=r"test_halves.py::test_half fails"):
            list(campaign(ROOM, tree, Results(tmp_path / "outcomes.jsonl"), n=1, seed=0, again=False))


def test_an_example_in_a_docstring_is_a_test_of_its_module(project: Path, tmp_path: Path) -> None:
    tree = copy_tree(project, tmp_path / "tree")
    results = Results(tmp_path / "outcomes.jsonl")
    with written(tree / "src/small/room/halves.py", SHOWN):
        assert list(campaign(ROOM, tree, results, n=2, seed=0, again=False)) == []

    assert "src/small/room/halves.py::small.room.halves.forgotten" in {line["noticed_by"] for line in results.lines()}


def test_the_last_outcome_of_a_fault_counts_for_as_long_as_its_module_stays_as_it_was(tmp_path: Path) -> None:
    results = Results(tmp_path / "outcomes.jsonl")
    (tmp_path / "m.py").write_text("x = 1\n")
    sha256 = hashlib.sha256(b"x = 1\n").hexdigest()
    for word, occurrence in (("survived", 0), ("killed", 0), ("survived", 1)):
        fault = {"room": "room", "module": "m.py", "operator": "AddNot", "occurrence": occurrence, "sha256": sha256}
        results.add(fault | {"word": word})

    assert list(results.outcomes(tmp_path)) == [("room", "killed"), ("room", "survived")]
    assert len(results.file.read_text().splitlines()) == 3

    (tmp_path / "m.py").write_text("x = 2\n")
    assert list(results.outcomes(tmp_path)) == []


def test_rooms_are_all_of_the_package_and_the_plugin() -> None:
    found = {room.name: room.modules(PROJECT) for room in rooms(PROJECT)}

    files = [module for modules in found.values() for module in modules]
    assert len(files) == len(set(files))
    package = PROJECT / "src/entropice"
    core = PROJECT / "qgis_plugin/entropice/core"
    assert set(files) == {*package.rglob("*.py"), *core.rglob("*.py")} - {package / "__init__.py"}
    assert found[PLUGIN]


def test_an_unknown_room_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kitchen"]) == 2
    assert "kitchen" in (said := capsys.readouterr().err)
    assert "espa" in said
