"""What pages show beside commands is true: settings and names of parameters, files, Python, and what is printed."""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
from documented import PAGES, PROJECT, Block, blocks, inline_code, is_python
from kedro.framework.project import pipelines
from kedro.framework.startup import bootstrap_project
from omegaconf import OmegaConf
from pydantic import BaseModel

ENVIRONMENTS = tuple(sorted(path.name for path in (PROJECT / "conf").iterdir() if path.is_dir()))
ENVIRONMENT_OF = {"ice-sources.md": "ice_observed"}
"""Whose settings a page shows; of all others those of `base`."""
OF_THE_PAST = {"CHANGELOG.md", "upgrading.md"}
"""Pages that name what is no more."""
OF_ONES_OWN = "conf/mine/"
"""What readers make."""
FOLDERS = ("benchmarks", "conf", "docs", "src", "tests", "qgis_plugin")
SUFFIXES = {".csv", ".gpkg", ".html", ".json", ".npz", ".parquet", ".png", ".py", ".svg", ".yml"}


@pytest.fixture(autouse=True, scope="module")
def _project() -> None:
    bootstrap_project(PROJECT)


def _blocks_of_python() -> Iterator[Block]:
    for page in PAGES:
        yield from (each for each in blocks(page) if is_python(each))


def _blocks_of_settings() -> Iterator[Block]:
    """Those that stand for themselves; a block with the names of its files is an environment, which has its tests."""
    for page in PAGES:
        for block in blocks(page):
            if re.match(r"[a-z_]+:(?: *#[^\n]*)?\n +\S", block.text):
                yield block


def _context(environment: str, parameters: dict[str, Any]) -> Any:
    from entropice.app.session import IncrementalSession

    return IncrementalSession.create(PROJECT, env=environment, runtime_params=parameters).load_context()


def check_settings(block: Block) -> None:
    """Datasets are of known types; a task's source knows its settings, and the page's environment all others."""
    from entropice.pipelines.image_sources.registry import IMAGE_SOURCES

    models = {source.name: source.parameters for source in IMAGE_SOURCES}
    settings: Any = OmegaConf.to_container(OmegaConf.create(block.text), resolve=False)
    datasets = [name for name, value in settings.items() if isinstance(value, dict) and "type" in value]
    for name in datasets:
        room, _, dataset = settings[name]["type"].rpartition(".")
        assert hasattr(importlib.import_module(room), dataset), f"{block}: no {settings[name]['type']}"
    for name in models.keys() & settings.keys():
        models[name].model_validate(settings[name])
    left = {name: value for name, value in settings.items() if name not in models and name not in datasets}
    if left:
        _context(ENVIRONMENT_OF.get(block.page.name, "base"), left)


def _names(values: Any, prefix: str = "") -> Iterator[str]:
    """Dotted names of all that a model or a mapping holds, those of models also without what stands before them."""
    fields = type(values).model_fields if isinstance(values, BaseModel) else None
    found = {name: getattr(values, name) for name in fields} if fields else values if isinstance(values, dict) else {}
    for name, value in found.items():
        yield f"{prefix}{name}"
        yield from _names(value, f"{prefix}{name}.")


@cache
def _known() -> frozenset[str]:
    """Parameters of all environments, their steps and their datasets; those of a task also as below its name."""
    known: set[str] = set()
    for environment in ENVIRONMENTS:
        parameters = _context(environment, {}).parameters
        sections = (getattr(parameters.tasks, name) for name in type(parameters.tasks).model_fields)
        known |= {*_names(parameters), *(name for section in sections for name in _names(section))}
        known |= {each for one in pipelines.values() for each in (*one.datasets(), *(node.name for node in one.nodes))}
    return frozenset(known)


def unknown_parameters(page: Path) -> list[str]:
    """Dotted names in the running text that begin as a parameter does, and are none."""
    heads = {name.split(".")[0] for name in _known()}
    named = (text for _, text in inline_code(page) if re.fullmatch(r"[a-z_]+(?:\.[a-z_0-9]+)+", text))
    return [
        name
        for name in named
        if name.split(".")[0] in heads and name not in _known() and Path(name).suffix not in SUFFIXES
    ]


def missing_paths(page: Path) -> list[str]:
    """Paths below a folder of the project, and names of tests, that do not exist."""
    codes = {text.split(" ")[0] for _, text in inline_code(page)}
    paths = {text for text in codes if text.split("/")[0] in FOLDERS and "/" in text and not set("<…*{") & set(text)}
    paths = {path for path in paths if not path.startswith(OF_ONES_OWN)}
    named = {text for text in codes if re.fullmatch(r"test_\w+\.py", text)}
    return sorted({path for path in paths if not _is_there(path)} | (named - _files_of_tests()))


def _is_there(path: str) -> bool:
    """A file or folder; of a test's id, such as ``tests/test_a.py::test_b``, the function in it too."""
    file, _, test = path.partition("::")
    is_there = (PROJECT / file).exists()
    return is_there and (not test or f"def {test.partition('[')[0]}(" in (PROJECT / file).read_text())


@cache
def _files_of_tests() -> frozenset[str]:
    return frozenset(path.name for path in (PROJECT / "tests").rglob("test_*.py"))


def missing_names(page: Path) -> list[str]:
    """What running text and snippets say to be in the package and is not."""
    dotted = {text for _, text in inline_code(page) if re.fullmatch(r"(?:entropice|benchmarks)(?:\.\w+)+", text)}
    for block in (each for each in _blocks_of_python() if each.page == page):
        imports = [node for node in ast.walk(ast.parse(block.text)) if isinstance(node, ast.ImportFrom)]
        dotted |= {f"{node.module}.{each.name}" for node in imports for each in node.names}
    return sorted(name for name in dotted if name.startswith(("entropice.", "benchmarks.")) and not _exists(name))


def _exists(dotted: str) -> bool:
    parts = dotted.split(".")
    path = PROJECT.joinpath(*(("src",) if parts[0] == "entropice" else ()), *parts)
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    return len(parts) > 1 and hasattr(importlib.import_module(".".join(parts[:-1])), parts[-1])


def test_pages_show_settings_and_python() -> None:
    assert len(list(_blocks_of_settings())) >= 10
    assert len(list(_blocks_of_python())) >= 10


@pytest.mark.parametrize("block", list(_blocks_of_settings()), ids=str)
def test_settings_are_taken_as_they_stand(block: Block) -> None:
    check_settings(block)


@pytest.mark.parametrize(
    "text",
    [
        "features:\n  embeddings:\n    resolution: 80.0\n",
        "modelling:\n  n_classes: many\n",
        "climate_file:\n  type: entropice.io.ClimateDataset\n",
        "ice_series:\n  product: sea_ice_index_hourly\n",
    ],
)
def test_settings_with_a_fault_are_not_taken(text: str) -> None:
    with pytest.raises((click.ClickException, AssertionError, ValueError)):
        check_settings(Block(PROJECT / "README.md", 1, text))


@pytest.mark.parametrize("block", list(_blocks_of_python()), ids=str)
def test_python_can_be_read(block: Block) -> None:
    compile(block.text, str(block), "exec")


def test_the_steps_that_a_page_counts_are_those_of_the_default_world() -> None:
    shown = (PROJECT / "docs/how-to.md").read_text()
    (n_current, n, step) = re.findall(r"(\d+) of (\d+) steps are up to date\n +([a-z_.]+) +[\d.]+ s  missing", shown)[0]
    _context("base", {})
    names = {node.name for node in pipelines["__default__"].nodes}

    assert step in names
    assert (int(n_current), int(n)) == (len(names) - 1, len(names))


def test_the_steps_of_a_plan_exist() -> None:
    (plan,) = (each for each in blocks(PROJECT / "docs/scale.md") if each.text.startswith("step "))
    rows = [line.split()[0] for line in plan.text.splitlines()[1:]]
    _context("arctic", {})

    assert set(rows) - {"…"} <= {node.name for one in pipelines.values() for node in one.nodes}


@pytest.mark.parametrize("page", [page for page in PAGES if page.name not in OF_THE_PAST], ids=lambda page: page.name)
def test_a_page_names_parameters_files_and_modules_that_exist(page: Path) -> None:
    assert unknown_parameters(page) == []
    assert missing_paths(page) == []
    assert missing_names(page) == []


def test_what_does_not_exist_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "`modelling.n_clases`, `src/entropice/sky.py`, `test_sky.py`, `entropice.espa.Sky`, `modelling.score`\n"
        "`tests/project/test_documented_blocks.py::test_python_can_be_read`, `tests/project/test_docs.py::test_sky`\n"
    )

    assert unknown_parameters(page) == ["modelling.n_clases"]
    assert missing_paths(page) == ["src/entropice/sky.py", "test_sky.py", "tests/project/test_docs.py::test_sky"]
    assert missing_names(page) == ["entropice.espa.Sky"]
