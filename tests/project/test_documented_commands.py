"""Every command that README and docs show can be given: its options, parameters, pipelines and targets exist."""

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
from kedro.framework.cli.project import run as kedro_run
from kedro.framework.project import pipelines
from kedro.framework.startup import bootstrap_project

# what warns is click, about the way in which Kedro-Viz and Kedro use it
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

PROJECT = Path(__file__).parents[2]
OF_THE_USERS_OWN = {"mine", "environment"}
"""Environments that stand for one of the reader's own."""
PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").glob("*.md"))]
SHOWN = re.compile(r"^(?:    |)((?:kedro|make) [^#\n]*)", re.M)
INLINE = re.compile(r"`((?:kedro|make) [^`\n]*)`")


def _commands(program: str) -> list[str]:
    texts = [page.read_text() for page in PAGES]
    found = [command.strip() for text in texts for pattern in (SHOWN, INLINE) for command in pattern.findall(text)]
    return sorted({command for command in found if command.startswith(f"{program} ") and "…" not in command})


RUNS = [command for command in _commands("kedro") if command.startswith("kedro run")]
OTHERS = [command for command in _commands("kedro") if not command.startswith("kedro run")]


@pytest.fixture(autouse=True, scope="module")
def _project() -> None:
    bootstrap_project(PROJECT)


def _options(command: str) -> dict[str, Any]:
    """What Kedro makes of the options."""
    arguments = [word.replace("<", "").replace(">", "") for word in shlex.split(command)[2:]]
    with kedro_run.make_context("run", arguments) as context:
        return dict(context.params)


@pytest.mark.parametrize("command", RUNS)
def test_a_run_has_an_environment_its_parameters_and_something_to_do(command: str) -> None:
    from entropice.app.session import IncrementalSession

    options = _options(command)
    environment = None if options["env"] in OF_THE_USERS_OWN else options["env"]
    session = IncrementalSession.create(PROJECT, env=environment, runtime_params=options["params"])
    session.load_context()
    named = options["pipelines"] or [options["pipeline"] or "__default__"]
    first, *others = (pipelines[name] for name in named)
    chosen = sum(others, start=first)

    assert chosen.filter(tags=options["tags"] or None, node_names=options["node_names"] or None).nodes


@pytest.mark.parametrize("command", OTHERS)
def test_another_command_of_kedro_exists(command: str) -> None:
    from kedro.framework.cli.cli import KedroCLI

    group: click.Command = KedroCLI(PROJECT)
    for word in shlex.split(command)[1:]:
        if word.startswith("-") or not isinstance(group, click.Group):
            break
        found = group.get_command(click.Context(group), word)
        assert found is not None, f"{command}: no {word}"
        group = found


@pytest.mark.parametrize("command", _commands("make"))
def test_a_target_of_make_exists(command: str) -> None:
    result = subprocess.run(
        ["make", "--dry-run", *shlex.split(command)[1:]], cwd=PROJECT, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stderr
