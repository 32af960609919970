"""Tests that reach a module come nearest first; those of other rooms only where they import it themselves."""

from dataclasses import replace
from pathlib import Path

import grimp
import pytest

from mutation.reached import Suite, imported_names, module_name

IMPORTS = [("p.one.high", "p.one.low"), ("p.one.low", "p.one.base"), ("p.two.other", "p.one.low")]
FILES = {
    "one/test_high.py": "from p.one.high import rise",
    "one/test_apart.py": "import p.two.apart",
    "one/inner/test_inner.py": "def test_it(fixture): ...",
    "one/inner/conftest.py": "def fixture():\n    from p.one import low",
    "one/test_base_of_it.py": "from p.one import base",
    "one/test_long.py": "from p.one.base import x\ndef test_it(finished_project): ...",
    "two/test_other.py": "from p.two.other import y",
    "oracles/test_theirs.py": "import p.one.base",
    "oracles/test_more.py": "import p.one.high",
    "test_alone.py": "import p.alone",
    "three/test_by_helpers.py": "from helper import h",
    "support/helper.py": "import another_helper\nimport p.two",
    "support/another_helper.py": "import helper\nimport p.three.shown",
}


@pytest.fixture
def tests(tmp_path: Path) -> Suite:
    graph = grimp.ImportGraph()
    for name in ("p", "p.one", "p.two", "p.two.apart", "p.alone", "p.three.shown"):
        graph.add_module(name)
    for importer, imported in IMPORTS:
        graph.add_import(importer=importer, imported=imported)
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    return Suite(tmp_path, graph)


def test_the_nearest_come_first_and_of_those_its_own(tests: Suite) -> None:
    names = [file.relative_to(tests.folder).as_posix() for file in tests.reaching("p.one.base", "one")]

    assert names == ["one/test_base_of_it.py", "oracles/test_theirs.py", "one/inner/test_inner.py", "one/test_high.py"]


def test_files_beside_the_room_must_import_it_themselves(tests: Suite) -> None:
    names = [file.relative_to(tests.folder).as_posix() for file in tests.reaching("p.one.low", "one")]

    assert names == ["one/inner/test_inner.py", "one/test_high.py"]


def test_tests_of_a_room_may_lie_in_that_of_another(tests: Suite) -> None:
    apart = replace(tests, elsewhere={"two": ("one/test_apart.py", "one/inner")})

    assert [file.name for file in apart.reaching("p.two.apart", "two")] == ["test_apart.py"]
    assert [file.name for file in apart.reaching("p.one.low", "two")] == ["test_inner.py", "test_other.py"]


def test_a_module_beside_the_rooms_has_the_file_of_its_name(tests: Suite) -> None:
    assert [file.name for file in tests.reaching("p.alone", "alone")] == ["test_alone.py"]
    assert tests.reaching("p.two.apart", "two") == []


def test_what_helpers_import_is_reached_by_those_who_ask_for_help(tests: Suite) -> None:
    assert [file.name for file in tests.reaching("p.three.shown", "three")] == ["test_by_helpers.py"]


def test_names_are_those_of_all_import_statements(tmp_path: Path) -> None:
    file = tmp_path / "some.py"
    file.write_text("import a.b\nfrom c import d\ndef f():\n    from . import e\n    from g.h import i as j\n")

    assert set(imported_names(file)) == {"a.b", "c", "c.d", "g.h", "g.h.i"}


def test_a_package_has_the_name_of_its_folder(tmp_path: Path) -> None:
    assert module_name(tmp_path / "p/one/__init__.py", tmp_path) == "p.one"
    assert module_name(tmp_path / "p/one/low.py", tmp_path) == "p.one.low"
