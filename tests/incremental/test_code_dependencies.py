import ast
import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import entropice
from entropice.app.configuration.composition import VIRTUAL_WORLD, compose
from entropice.errors import InputFileError
from entropice.incremental.code_dependencies import CodeDependencies

PACKAGE = Path(entropice.__file__).parent
FILES = {
    "__init__.py": '"""The package."""\n',
    "nodes.py": '''"""Nodes."""
from typing import TYPE_CHECKING

from {made}.shared import SHARED
from {made}.unused import never
from {made}.models import Parameters

if TYPE_CHECKING:
    from {made}.hints import Hint

FACTOR = 2


def first(x: "Hint"):
    from {made}.deep.room import compute
    return compute(x) + SHARED


def second(x):
    return _helper(x)


def _helper(x):
    from {made} import other
    return other.value(x)


def third(x, parameters: Parameters):
    return x


def unlisted(x):
    return never()
''',
    "hints.py": "class Hint: ...\n",
    "models.py": "from {made}.limits import LIMIT\n\nclass Parameters:\n    limit = LIMIT\n",
    "limits.py": "LIMIT = 1\n",
    "shared.py": "SHARED = 1\n",
    "unused.py": "def never(): ...\n",
    "other.py": "def value(x): return x\n",
    "deep/__init__.py": "from {made}.deep.room import compute\nfrom {made}.deep.aside import aside\n",
    "deep/room.py": "from .constants import STEP\n\ndef compute(x): return x * STEP\n",
    "deep/constants.py": "from .. import units\nSTEP = units.M\n",
    "deep/aside.py": "def aside(): ...\n",
    "deep/templates/page.html": "<p>",
    "units.py": "M = 1\n",
    "outlet.py": "from {made}.deep import compute\n\ndef run(x): return compute(x)\n",
    "stars.py": "from {made}.shared import *\n\ndef run(x): return x + SHARED\n",
    "registry.py": """from {made}.other import value

TABLE = {}

def keep(function):
    TABLE[function.__name__] = function
    return function

@keep
def kept(x): return value(x)

def run(name, x): return TABLE[name](x)
""",
    "sizes.py": "def small(): return 1\n\n\ndef large(): return 2\n",
    "user.py": "from {made}.sizes import large\n\ndef run(): return large()\n",
}


class _Function:
    """Stands for a function: it is never imported."""

    def __init__(self, module: str, name: str) -> None:
        self.__module__, self.__qualname__ = module, name


class Package:
    """A package of its own name that Python finds."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, file: str, text: str) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{made}", self.root.name))

    def replace(self, file: str, old: str, new: str) -> None:
        text = (self.root / file).read_text()
        assert text.count(old) == 1
        (self.root / file).write_text(text.replace(old, new))

    def hashes(self, *functions: str) -> dict[str, str]:
        """By names without the package's; functions are given as ``module.name``."""
        places = [function.rpartition(".") for function in functions]
        found = CodeDependencies(self.root).hashes([_Function(f"{self.root.name}.{m}", n) for m, _, n in places])
        return {name.removeprefix(f"{self.root.name}."): digest for name, digest in found.items()}


_numbers = itertools.count()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    monkeypatch.syspath_prepend(tmp_path)
    return Package(tmp_path / f"made_{next(_numbers)}")


@pytest.mark.parametrize(
    ("function", "modules"),
    [
        ("nodes.first", {"nodes", "shared", "deep.room", "deep.constants", "units", "deep/templates/page.html"}),
        ("nodes.second", {"nodes", "other"}),
        ("nodes.third", {"nodes", "models", "limits"}),
        (
            "outlet.run",
            {"outlet", "deep", "deep.room", "deep.aside", "deep.constants", "units", "deep/templates/page.html"},
        ),
        ("stars.run", {"stars", "shared"}),
        ("registry.run", {"registry", "other"}),
    ],
)
def test_a_function_depends_on_what_it_names_and_imports_however_deep(
    package: Package, function: str, modules: set[str]
) -> None:
    assert package.hashes(function).keys() == modules


@pytest.mark.parametrize(
    ("function", "file", "old", "new", "changed"),
    [
        ("nodes.first", "deep/room.py", "x * STEP", "x + STEP", {"deep.room"}),
        ("nodes.first", "deep/constants.py", "STEP =", "STEP = 2 *", {"deep.constants"}),
        ("nodes.first", "units.py", "M = 1", "M = 2", {"units"}),
        ("nodes.first", "deep/templates/page.html", "<p>", "<div>", {"deep/templates/page.html"}),
        ("nodes.first", "nodes.py", "compute(x) + SHARED", "compute(x) - SHARED", {"nodes"}),
        ("nodes.first", "nodes.py", "FACTOR = 2", "FACTOR = 3", {"nodes"}),
        ("nodes.first", "nodes.py", "return _helper(x)", "return _helper(x + 1)", set()),
        ("nodes.first", "nodes.py", "\n\ndef second", "\n\n# the second\ndef second", set()),
        ("nodes.first", "nodes.py", '"""Nodes."""', '"""All nodes."""', set()),
        ("nodes.first", "unused.py", "...", "return 1", set()),
        ("nodes.first", "hints.py", "...", "x = 1", set()),
        ("nodes.first", "deep/aside.py", "...", "return 1", set()),
        ("nodes.first", "__init__.py", "The package", "This package", set()),
        ("nodes.second", "nodes.py", "return other.value(x)", "return other.value(2 * x)", {"nodes"}),
        ("nodes.second", "other.py", "return x", "return x + 1", {"other"}),
        ("nodes.third", "models.py", "limit = LIMIT", "limit = LIMIT + 1", {"models"}),
        ("nodes.third", "limits.py", "LIMIT = 1", "LIMIT = 2", {"limits"}),
        ("models.Parameters", "models.py", "limit = LIMIT", "limit = LIMIT + 1", {"models"}),
        ("outlet.run", "deep/room.py", "x * STEP", "x + STEP", {"deep.room"}),
        ("stars.run", "shared.py", "SHARED = 1", "SHARED = 2", {"shared"}),
        ("registry.run", "registry.py", "return value(x)", "return value(x) + 1", {"registry"}),
        ("registry.run", "other.py", "return x", "return x + 1", {"other"}),
    ],
)
def test_a_change_shows_exactly_where_it_counts(
    package: Package, function: str, file: str, old: str, new: str, changed: set[str]
) -> None:
    before = package.hashes(function)
    package.replace(file, old, new)
    after = package.hashes(function)

    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} == changed


def test_a_file_that_comes_beside_a_module_counts(package: Package) -> None:
    package.write("deep/styles/new.qml", "<qgis>")

    assert "deep/styles/new.qml" in package.hashes("nodes.first")


@pytest.mark.parametrize(
    "functions",
    [("sizes.small", "sizes.large"), ("sizes.large", "sizes.small"), ("sizes.small", "user.run")],
)
def test_several_functions_count_together(package: Package, functions: tuple[str, str]) -> None:
    """Two parts of one module; or a part of it, and all of it because another module imports it."""
    for old, new in [("return 1", "return 11"), ("return 2", "return 22")]:
        before = package.hashes(*functions)
        package.replace("sizes.py", old, new)
        assert package.hashes(*functions)["sizes"] != before["sizes"]


def test_imports_that_bind_the_same_name_all_count(package: Package) -> None:
    package.write(
        "twice.py",
        "import {made}.shared\nimport {made}.other\n\ndef run(x): return {made}.other.value({made}.shared)\n",
    )

    assert package.hashes("twice.run").keys() == {"twice", "shared", "other"}


def test_what_is_not_the_packages_is_left_out(package: Package) -> None:
    assert CodeDependencies(package.root).hashes([len, Path, partial(len)]) == {}


def test_a_module_that_is_no_python_is_named(package: Package) -> None:
    package.write("unused.py", "def never(:\n")

    with pytest.raises(InputFileError) as error:
        package.hashes("nodes.first")

    assert error.value.path == str(package.root / "unused.py")
    assert error.value.field == "line 1"


@pytest.fixture(scope="module")
def modules_by_step() -> dict[str, set[str]]:
    code = CodeDependencies(PACKAGE)
    return {node.name: set(code.hashes([node.func])) for node in compose(VIRTUAL_WORLD)["__default__"].nodes}


OF_MODELS = {
    *("modelling.fit_model", "modelling.predict_out_of_fold", "modelling.score", "modelling.check_leaks"),
    *("modelling.fit_doubts", "modelling.predict", "modelling.explain", "modelling.describe_model"),
    "reporting.assemble_run",
}


@pytest.mark.parametrize(
    ("module", "steps"),
    [
        ("entropice.derive.climate.monthly", {"features.derive_climate", "reporting.assemble_run"}),
        ("entropice.derive.terrain.layers", {"features.reduce_terrain", "features.derive_terrain"}),
        ("entropice.derive.labels", {"labels.label_cells", "reporting.plan_survey"}),
        ("entropice.sources.slumps.dissolve", {"labels.normalise_rts", "labels.normalise_coverage"}),
        ("entropice.learning.drivers.table", {"modelling.explain"}),
        ("entropice.learning.drivers.response", {"modelling.describe_model"}),
        ("entropice.virtual_arctic.bayes_limit", {"reporting.attainable_limit", "reporting.assemble_run"}),
        ("entropice.espa.updates", OF_MODELS),
        ("entropice.learning.models.xgboost", OF_MODELS),
        ("entropice.report.sections/maps.html", {"reporting.assemble_run"}),
        ("entropice.report/styles/graduated.qml", {"reporting.assemble_run"}),
        ("entropice.pipelines.sources.registry", set()),
    ],
)
def test_the_steps_of_the_project_depend_on_what_they_call(
    modules_by_step: dict[str, set[str]], module: str, steps: set[str]
) -> None:
    assert {step for step, modules in modules_by_step.items() if module in modules} == steps


def _called_at_run_time(tree: ast.Module) -> set[str]:
    suspect = [item for item in ast.walk(tree) if isinstance(item, ast.Call) and not _is_harmless(item)]
    names = {getattr(call.func, "id", getattr(call.func, "attr", "")) for call in suspect}
    return names & {"import_module", "__import__", "globals", "exec", "eval"}


def _is_harmless(call: ast.Call) -> bool:
    """Sets a network's mode, or imports a library that is not the project's by its name."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "eval":
        return not call.args and not call.keywords
    named = [argument.value for argument in call.args[:1] if isinstance(argument, ast.Constant)]
    return getattr(call.func, "id", "") == "import_module" and bool(named) and not named[0].startswith("entropice")


def _acts(tree: ast.Module) -> bool:
    harmless = ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign | ast.FunctionDef | ast.ClassDef
    texts = [item for item in tree.body if isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)]
    return any(not isinstance(item, harmless) for item in tree.body if item not in texts)


@pytest.mark.parametrize(
    ("files", "is_hidden"), [("**/*.py", _called_at_run_time), ("**/__init__.py", _acts)], ids=["names", "packages"]
)
def test_the_project_has_no_code_that_the_graph_of_imports_does_not_show(
    files: str, is_hidden: Callable[[ast.Module], object]
) -> None:
    paths = list(PACKAGE.glob(files))
    assert paths

    assert [path for path in paths if is_hidden(ast.parse(path.read_text(encoding="utf-8")))] == []
