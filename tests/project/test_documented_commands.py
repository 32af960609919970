"""Every command on every page can be given: program, options, parameters, pipelines, files and packages exist."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import click
import pytest
from documented import PAGES, PROJECT, Command, commands, in_running_text, options_in_running_text
from kedro.framework.project import pipelines
from kedro.framework.startup import bootstrap_project
from packaging.requirements import Requirement

# what warns is click, about the way in which Kedro-Viz and Kedro use it
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

OF_THE_USERS_OWN = {"mine", "environment", "ENV"}
"""Environments that stand for one of the reader's own."""
OUTSIDE = {"curl", "git", "source"}
"""Programs that are not asked what they take."""
ON_DEMAND = {"coiled", "jupyterlab"}
"""Packages that pages tell readers to install and that no test needs."""


def _distinct(found: Iterable[Command]) -> list[Command]:
    """One of those that read alike, the first."""
    return list({each.text: each for each in reversed(list(found))}.values())[::-1]


SHOWN = _distinct(
    command for page in PAGES for command in (*commands(page), *in_running_text(page), *options_in_running_text(page))
)
RUNS = [command for command in SHOWN if command.words[:2] == ("kedro", "run")]
OF_KEDRO = [command for command in SHOWN if command.program in {"kedro", "entropice"}]
OF_MAKE = [command for command in SHOWN if command.program == "make"]
OF_PIP = [command for command in SHOWN if command.words[:2] == ("pip", "install")]
OF_PYTHON = [command for command in SHOWN if command.program == "python"]
OF_PYTEST = [command for command in SHOWN if "pytest" in command.words[:3]]


@pytest.fixture(autouse=True, scope="module")
def _project() -> None:
    bootstrap_project(PROJECT)


def given(text: str) -> Command:
    """A command that no page shows."""
    return Command(PROJECT / "README.md", 1, text)


def parsed(command: Command) -> tuple[click.Command, dict[str, Any]]:
    """The click command that the words name, and the options as they stand; click refuses those that it has not."""
    found, words = _found(command)
    context = click.Context(found, info_name=command.text)
    options, left, _ = found.make_parser(context).parse_args(words)
    assert not left, f"{command}: {left} has no place"
    return found, options


def _found(command: Command) -> tuple[click.Command, list[str]]:
    words = [word.strip("<>") for word in command.words[1:]]
    group = _program(command.program)
    while isinstance(group, click.Group) and words and not words[0].startswith("-"):
        found = group.get_command(click.Context(group), words.pop(0))
        assert found is not None, f"{command} does not exist"
        group = found
    return group, words


@cache
def _program(name: str) -> click.Command:
    from kedro.framework.cli.cli import KedroCLI

    from entropice.cli import cli

    return cli if name == "entropice" else KedroCLI(PROJECT)


def load_context(environment: str | None, parameters: dict[str, Any]) -> None:
    """Compose the pipelines of an environment, and check its parameters, as every command does."""
    from entropice.app.session import IncrementalSession

    named = None if environment in OF_THE_USERS_OWN else environment
    IncrementalSession.create(PROJECT, env=named, runtime_params=parameters).load_context()


def chosen_steps(command: Command) -> list[str]:
    """Names of the steps that `kedro run` would look at, once environment and parameters are found to be good."""
    found, _ = parsed(command)
    with found.make_context("run", [word.strip("<>") for word in command.words[2:]]) as context:
        options = dict(context.params)
    load_context(options["env"], options["params"])
    named = options["pipelines"] or [options["pipeline"] or "__default__"]
    first, *others = (pipelines[name] for name in named)
    chosen = sum(others, start=first).filter(tags=options["tags"] or None, node_names=options["node_names"] or None)
    return [node.name for node in chosen.nodes]


def options_of_script(path: Path) -> set[str]:
    """Options that a script adds to its parser, or that the scripts it imports from add to one."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    added = (
        argument.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "attr", None) == "add_argument"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    )
    imported = (
        PROJECT / f"{each.module.replace('.', '/')}.py"
        for each in ast.walk(tree)
        if isinstance(each, ast.ImportFrom) and (each.module or "").startswith("benchmarks.")
    )
    return set(added).union(*(options_of_script(each) for each in imported))


def check_script(command: Command) -> None:
    """Its file is there and takes the options."""
    words = [word for word in command.words[1:] if word != "-m"]
    path = PROJECT / (words[0] if words[0].endswith(".py") else f"{words[0].replace('.', '/')}.py")
    assert path.is_file(), f"{command}: no {path}"
    unknown = {word.split("=")[0] for word in words[1:] if word.startswith("--")} - options_of_script(path)
    assert not unknown, f"{command}: no {unknown}"


def check_packages(command: Command) -> None:
    """Extras are those of pyproject.toml, and packages are here; no version that a page names is another one."""
    extras = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for word in (word for word in command.words[2:] if not word.startswith("-")):
        requirement = Requirement(word.replace(".", "entropice", 1) if word.startswith(".") else word)
        assert requirement.extras <= set(extras), f"{command}: no extra {requirement.extras - set(extras)}"
        if requirement.name not in ON_DEMAND:
            try:
                assert version(requirement.name) in requirement.specifier
            except PackageNotFoundError:
                pytest.fail(f"{command}: no package {requirement.name} among those of the extra dev")


def test_pages_show_commands_of_every_kind() -> None:
    counted = {name: sum(each.program == name for each in SHOWN) for name in ("kedro", "make", "pip", "python")}

    assert all(n >= 8 for n in counted.values()), counted
    assert len(RUNS) >= 40


@pytest.mark.parametrize("command", RUNS, ids=str)
def test_a_run_has_an_environment_its_parameters_and_something_to_do(command: Command) -> None:
    assert chosen_steps(command)


@pytest.mark.parametrize("command", OF_KEDRO, ids=str)
def test_a_command_of_kedro_exists_with_its_options(command: Command) -> None:
    parsed(command)


@pytest.mark.parametrize("command", [each for each in OF_KEDRO if "--env" in each.words and each not in RUNS], ids=str)
def test_another_command_has_an_environment_and_its_parameters(command: Command) -> None:
    _, options = parsed(command)
    pairs = dict(pair.split("=", 1) for pair in options.get("runtime_params", "").split(",") if pair)

    load_context(options["env"], pairs)


@pytest.mark.parametrize("command", OF_MAKE, ids=str)
def test_a_target_of_make_exists_with_its_variables(command: Command) -> None:
    result = subprocess.run(
        ["make", "--dry-run", *command.words[1:]], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    variables = {word.split("=")[0] for word in command.words[1:] if "=" in word}

    assert result.returncode == 0, result.stderr
    assert variables <= set(re.findall(r"\$\((?:if \$\()?(\w+)", (PROJECT / "Makefile").read_text()))


@pytest.mark.parametrize("command", OF_PYTHON, ids=str)
def test_a_script_exists_with_its_options(command: Command) -> None:
    if not {"http.server", "pytest"} & set(command.words):
        check_script(command)


@pytest.mark.parametrize("command", OF_PYTEST, ids=str)
def test_a_test_is_where_a_page_looks_for_it(command: Command) -> None:
    named = [word for word in command.words if word.startswith("tests/")]

    assert all((PROJECT / name).exists() for name in named), command


@pytest.mark.parametrize("command", OF_PIP, ids=str)
def test_what_a_page_installs_can_be_installed(command: Command) -> None:
    check_packages(command)


@pytest.mark.parametrize(
    "text",
    [
        "kedro run --env slump_imagry",
        "kedro run --params labels.min_observd_fraction=0.8",
        "kedro run --env slump_imagery --params tasks.slumps.two_stage.budget.n_tilez=500",
        "kedro run --pipelines modeling",
        "kedro run --nodes modelling.scores",
        "kedro run --tag terrain,climat",
        "kedro run --enviroment sample",
        "kedro cost --measure-all",
        "kedro dashbord",
        "kedro figures RUN_FOLDER OTHER_FOLDER",
        "entropice serve --prot 8750",
    ],
)
def test_a_command_with_a_fault_is_not_taken(text: str) -> None:
    command = given(text)
    with pytest.raises((click.ClickException, AssertionError, KeyError, ValueError)):
        assert chosen_steps(command) if command.words[1] == "run" else parsed(command)


@pytest.mark.parametrize("text", ["python -m benchmarks.zonel", "python -m benchmarks.zonal --repeat 2"])
def test_a_script_with_a_fault_is_not_taken(text: str) -> None:
    with pytest.raises(AssertionError):
        check_script(given(text))


@pytest.mark.parametrize("text", ["pip install -e '.[imagry]'", "pip install efficientnet-lite9-pytorch-model"])
def test_a_package_with_a_fault_is_not_taken(text: str) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        check_packages(given(text))
