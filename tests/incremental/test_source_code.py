import ast
from pathlib import Path

import pytest

import entropice
from entropice.app.composition import VIRTUAL_WORLD, compose
from entropice.incremental.source_code import SourceCode

PACKAGE = Path(entropice.__file__).parent
FILES = {
    "__init__.py": '"""The package."""\n',
    "nodes.py": """
from made.shared import SHARED
from made.unused import never

def first(x):
    from made.deep.room import compute
    return compute(x) + SHARED

def second(x):
    return _helper(x)

def _helper(x):
    from made import other
    return other.value(x)
""",
    "shared.py": "SHARED = 1\nLEFT_OUT = 2\n",
    "unused.py": "def never(): ...\n",
    "other.py": "def value(x): return x\n",
    "deep/__init__.py": "from made.deep.room import compute\nfrom made.deep.aside import aside\n",
    "deep/room.py": "from made.deep.constants import STEP\ndef compute(x): return x * STEP\n",
    "deep/constants.py": "STEP = 2\n",
    "deep/aside.py": "def aside(): ...\n",
    "deep/templates/page.html": "<p>",
}


class _Function:
    """Stands for a function: it is never imported."""

    def __init__(self, module: str, name: str) -> None:
        self.__module__, self.__qualname__ = module, name


FIRST, SECOND = _Function("made.nodes", "first"), _Function("made.nodes", "second")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "made" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "made"


def _hashes(package: Path, function: _Function) -> dict[str, str]:
    return SourceCode(package).hashes([function])


def test_a_function_depends_on_what_it_names_and_imports_however_deep(package: Path) -> None:
    assert _hashes(package, FIRST).keys() == {
        "made.nodes", "made.shared", "made.deep.room", "made.deep.constants", "made.deep (data)",
    }  # fmt: skip
    assert _hashes(package, SECOND).keys() == {"made.nodes", "made.other"}


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        ("deep/constants.py", "STEP = 2", "STEP = 3", {"made.deep.constants"}),
        ("deep/templates/page.html", "<p>", "<div>", {"made.deep (data)"}),
        ("shared.py", "SHARED = 1", "SHARED = 5", {"made.shared"}),
        ("nodes.py", "compute(x) + SHARED", "compute(x)", {"made.nodes", "made.shared"}),
        ("shared.py", "LEFT_OUT = 2", "LEFT_OUT = 3", set()),
        ("nodes.py", "return _helper(x)", "return _helper(x + 1)", set()),
        ("deep/aside.py", "...", "return 1", set()),
        ("unused.py", "...", "return 1", set()),
        ("__init__.py", "The package", "This package", set()),
        ("shared.py", "SHARED = 1", "# note\n\nSHARED = 1", set()),
        ("shared.py", "LEFT_OUT = 2", "globals_table['x'] = 2", {"made.shared"}),
    ],
)
def test_a_change_shows_exactly_where_it_counts(
    package: Path, file: str, old: str, new: str, changed: set[str]
) -> None:
    before = _hashes(package, FIRST)
    path = package / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    after = _hashes(package, FIRST)

    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == changed


def test_a_registry_counts_with_all_that_it_registers(package: Path) -> None:
    (package / "shared.py").write_text(
        "TABLE = {}\ndef keep(f):\n    TABLE[f.__name__] = f\n\n@keep\ndef kept(): return 1\n\nSHARED = TABLE\n"
    )
    before = _hashes(package, FIRST)
    (package / "shared.py").write_text((package / "shared.py").read_text().replace("return 1", "return 2"))

    assert _hashes(package, FIRST)["made.shared"] != before["made.shared"]


def test_what_is_not_the_packages_is_left_out(package: Path) -> None:
    assert SourceCode(package).hashes([len, Path]) == {}


@pytest.fixture(scope="module")
def modules_by_step() -> dict[str, set[str]]:
    code = SourceCode(PACKAGE)
    return {node.name: set(code.hashes([node.func])) for node in compose(VIRTUAL_WORLD)["__default__"].nodes}


@pytest.mark.parametrize(
    ("module", "steps"),
    [
        ("entropice.derive.climate.monthly", {"features.derive_climate"}),
        ("entropice.derive.terrain.layers", {"features.reduce_terrain", "features.derive_terrain"}),
        ("entropice.derive.labels", {"labels.label_cells"}),
        ("entropice.sources.slumps.dissolve", {"labels.normalise_rts"}),
        ("entropice.learning.drivers", {"modelling.explain"}),
        ("entropice.virtual_arctic.bayes_limit", {"reporting.attainable_limit", "reporting.assemble_run"}),
        ("entropice.learning.out_of_fold", {"modelling.predict_out_of_fold", "modelling.choose_map_model"}),
    ],
)
def test_the_steps_of_the_project_depend_on_what_they_call(
    modules_by_step: dict[str, set[str]], module: str, steps: set[str]
) -> None:
    assert {step for step, modules in modules_by_step.items() if module in modules} == steps


def test_no_code_is_reached_by_a_name_made_at_run_time() -> None:
    """What reading the sources cannot find must not be there."""
    forbidden = {"import_module", "__import__", "globals", "exec", "eval"}
    found = [
        (path.name, name)
        for path in PACKAGE.rglob("*.py")
        for item in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(item, ast.Call)
        for name in [getattr(item.func, "id", getattr(item.func, "attr", None))]
        if name in forbidden
    ]

    assert found == []
