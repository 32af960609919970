import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from entropice.incremental.remembered_code import RememberedCode
from entropice.incremental.source_code import SourceCode


@pytest.fixture
def package(tmp_path: Path) -> Path:
    root = tmp_path / "home" / "house"
    root.mkdir(parents=True)
    (root / "__init__.py").write_text("")
    (root / "rooms.py").write_text("HEIGHT = 3\n\n\ndef area(width):\n    return width * HEIGHT\n")
    (root / "plan.txt").write_text("a plan\n")
    return root


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "work" / ".code.json"


@pytest.fixture
def area(package: Path) -> Callable[[int], int]:
    return _load(package).area


def _load(package: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("house.rooms", package / "rooms.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources that must not be read."""
    monkeypatch.setattr(SourceCode, "hashes", lambda *_: pytest.fail("the sources are read"))


def _remember(package: Path, memory: Path, area: Callable[[int], int]) -> dict[str, str]:
    code = RememberedCode(package, memory)
    hashes = code.hashes([area])
    code.save()
    return hashes


def test_the_hashes_are_those_of_the_sources(package: Path, memory: Path, area: Callable[[int], int]) -> None:
    expected = SourceCode(package).hashes([area])

    assert _remember(package, memory, area) == expected
    assert set(expected) == {"house.rooms", "house (data)"}


def test_an_unchanged_package_is_not_read_again(
    package: Path, memory: Path, area: Callable[[int], int], request: pytest.FixtureRequest
) -> None:
    expected = _remember(package, memory, area)
    request.getfixturevalue("unread")

    assert RememberedCode(package, memory).hashes([area]) == expected


@pytest.mark.parametrize(
    ("file", "text"), [("rooms.py", "HEIGHT = 4\n\n\ndef area(width):\n    return width * HEIGHT\n"), ("plan.txt", "b")]
)
def test_any_change_in_the_package_has_it_read_again(
    package: Path, memory: Path, area: Callable[[int], int], file: str, text: str
) -> None:
    before = _remember(package, memory, area)
    (package / file).write_text(text)

    after = _remember(package, memory, area)

    assert after != before
    assert after == SourceCode(package).hashes([area])
    assert RememberedCode(package, memory).hashes([area]) == after


def test_compiled_files_are_no_change(
    package: Path, memory: Path, area: Callable[[int], int], request: pytest.FixtureRequest
) -> None:
    expected = _remember(package, memory, area)
    (package / "__pycache__").mkdir(exist_ok=True)
    (package / "__pycache__" / "rooms.nbi").write_bytes(b"kernel")
    request.getfixturevalue("unread")

    assert RememberedCode(package, memory).hashes([area]) == expected


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"package": 1, "hashes": []}', json.dumps({"package": "", "hashes": {"house.rooms:area": 3}})],
)
def test_a_damaged_memory_is_none(package: Path, memory: Path, area: Callable[[int], int], content: str) -> None:
    expected = _remember(package, memory, area)
    memory.write_text(content)

    assert RememberedCode(package, memory).hashes([area]) == expected


def test_another_python_reads_the_sources_again(
    package: Path, memory: Path, area: Callable[[int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _remember(package, memory, area)
    monkeypatch.setattr(sys, "version", "another")
    monkeypatch.setattr(SourceCode, "hashes", lambda *_: {"read": "again"})

    assert RememberedCode(package, memory).hashes([area]) == {"read": "again"}
