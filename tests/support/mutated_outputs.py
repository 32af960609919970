"""What a project makes of its own files after they were mutated, without running anything."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutations import mutated

from entropice.app.cli_errors import own_error
from entropice.incremental.state import IncrementalState
from entropice.io.digests import Digests
from entropice.io.recorded import RecordedDataset

MEMORY = ".digests.json"


@dataclass(frozen=True)
class Opened:
    """A finished project, opened as a run opens it.

    Attributes
    ----------
    state, catalog
        Of its test environment.
    makers
        The step that makes each dataset.
    work_root
        Where everything lies that it has made.
    """

    state: IncrementalState
    catalog: Any
    makers: dict[str, Any]
    work_root: Path


@contextmanager
def opened(project: Path) -> Iterator[Opened]:
    """Go into a project's folder, and open it there."""
    from kedro.framework.project import pipelines, settings
    from kedro.framework.startup import bootstrap_project

    before = Path.cwd()
    os.chdir(project)
    try:
        bootstrap_project(project)
        with settings.SESSION_CLASS.create(project, env="test") as session:
            context = session.load_context()
            makers = {output: node for node in pipelines["__default__"].nodes for output in node.outputs}
            yield Opened(context.incremental_state, context.catalog, makers, context.work_root)
    finally:
        os.chdir(before)


def mutate_outputs(project: Opened, n_mutations: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """Format, mutation and outcome of so many mutated files among all that are recorded, records included.

    Each kind of file gets as many as each other.
    """
    random_ = random.Random(seed)
    kinds = _by_kind(project)
    for number in range(n_mutations):
        kind = [*kinds][number % len(kinds)]
        file, name = random_.choice(kinds[kind])
        content = file.read_bytes()
        mutation, damaged = mutated(content, random_)
        try:
            file.write_bytes(damaged)
            yield kind, mutation, _outcome(project, name, is_content=kind not in {"record", "memory"})
        finally:
            file.write_bytes(content)


def _by_kind(project: Opened) -> dict[str, list[tuple[Path, str]]]:
    """Files that are not empty and the dataset they belong to, by suffix."""
    kinds: dict[str, list[tuple[Path, str]]] = {
        "memory": [(project.work_root / MEMORY, name) for name in project.makers]
    }
    for name in project.makers:
        path = project.catalog.get(name).path
        kinds.setdefault("record", []).append((path.with_name(path.name + ".sha256"), name))
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file() and file.stat().st_size:
                kinds.setdefault(_kind(file, path), []).append((file, name))
    return dict(sorted(kinds.items()))


def _kind(file: Path, dataset: Path) -> str:
    return "zarr" if dataset.suffix == ".zarr" else file.suffix.removeprefix(".")


def _outcome(project: Opened, name: str, *, is_content: bool) -> str:
    """What a run would do with the step that made it, and what a step would that reads it."""
    project.state.digests = Digests(project.work_root / MEMORY)
    dataset = project.catalog.get(name)
    assert isinstance(dataset, RecordedDataset)
    try:
        is_made_again = bool(project.state.why_to_run(project.makers[name], project.catalog))
        is_read = _reads(dataset)
    except Exception as error:  # whatever it is, a user would see its traceback
        return f"traceback: {type(error).__name__}: {error}"
    if is_content and is_read:
        return "silent"
    if is_made_again:
        return "made again"
    return "the same" if is_read else "refused"


def _reads(dataset: RecordedDataset[Any, Any]) -> bool:
    """Whether a step can read it; errors of ours refuse it."""
    try:
        dataset.load()
    except Exception as error:
        if own_error(error) is None:
            raise
        return False
    return True
