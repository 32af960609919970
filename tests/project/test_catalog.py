"""Laws of the catalog and the lineage, for every environment."""

from functools import cache
from pathlib import Path

import pytest
from kedro.io import CatalogConfigResolver
from kedro.pipeline import Pipeline
from kedro.utils import load_obj

from entropice.app.configuration.composition import compose
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.pipelines.composition import Composition
from entropice.pipelines.sources.registry import FEATURES
from entropice.settings import CONFIG_LOADER_ARGS

PROJECT = Path(__file__).parents[2]
OBSERVED = ["ice_observed", "modification_observed", "lakes_observed"]
ENVIRONMENTS = [
    "base",
    "sample",
    "test",
    "arctic",
    "cluster",
    "slump_imagery",
    "sea_ice",
    "human_modification",
    "years_to_come",
    *OBSERVED,
]
WITH_WORKS_OF_THEIR_OWN = [environment for environment in ENVIRONMENTS if environment != "cluster"]
LAYERS = ["raw", "intermediate", "primary", "feature", "model_input", "models", "model_output", "reporting"]


@cache
def _config(environment: str) -> RootedConfigLoader:
    return RootedConfigLoader(str(PROJECT / "conf"), env=environment, **CONFIG_LOADER_ARGS)


@cache
def _pipelines(environment: str) -> dict[str, Pipeline]:
    return compose(Composition.model_validate(_config(environment)["composition"]))


@cache
def _written(environment: str) -> dict[str, dict]:
    return {name: entry for name, entry in _config(environment)["catalog"].items() if not name.startswith("_")}


@cache
def _catalog(environment: str) -> dict[str, dict]:
    """Entries by dataset; those with a task's name in braces, of every dataset that they stand for."""
    written = _written(environment)
    resolver = CatalogConfigResolver(written)
    known = set[str]().union(*(pipeline.datasets() for pipeline in _pipelines(environment).values()))
    of_tasks = {name: resolver.resolve_pattern(name) for name in known - set(written) if _pattern(resolver, name)}
    return {name: entry for name, entry in written.items() if "{" not in name} | of_tasks


def _pattern(resolver: CatalogConfigResolver, name: str) -> str | None:
    return None if name.startswith("params:") else resolver.match_dataset_pattern(name)


def _datasets(environment: str) -> set[str]:
    names = _pipelines(environment)["__default__"].datasets()
    return {name for name in names if not name.startswith("params:") and name != "parameters"}


def _layer(environment: str, dataset: str) -> int:
    return LAYERS.index(_catalog(environment)[dataset]["metadata"]["kedro-viz"]["layer"])


WAYS_BACK = {"return_labels"}
"""Steps that end where others begin: what they make is read as a source."""


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_intermediate_is_in_the_catalog(environment: str) -> None:
    assert _datasets(environment) - set(_catalog(environment)) == set()


def test_no_entry_is_unused() -> None:
    """By a committed environment, or by a source that an environment of one's own may name."""
    used = set[str]().union(
        *(pipeline.datasets() for environment in ENVIRONMENTS for pipeline in _pipelines(environment).values())
    ) | {"provenance"}
    usable = set[str]().union(*(Pipeline(source.nodes()).datasets() for source in FEATURES))

    resolver = CatalogConfigResolver(_written("base"))
    used |= {pattern for name in used if (pattern := _pattern(resolver, name))}

    assert set(_written("base")) - used - usable == set()


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_entry_says_what_it_is_and_where_it_belongs(environment: str) -> None:
    for name, entry in _catalog(environment).items():
        metadata = entry["metadata"]
        assert len(metadata["description"]) > 20, name
        assert metadata["kedro-viz"]["layer"] in LAYERS, name


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_entry_has_a_preview(environment: str) -> None:
    types = {entry["type"] for entry in _catalog(environment).values()}

    assert [kind for kind in types if not hasattr(load_obj(kind), "preview")] == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_whatever_is_made_lies_in_the_folder_of_its_layer(environment: str) -> None:
    for name in _made_in(environment):
        entry = _catalog(environment)[name]
        folder = Path(entry["filepath"]).parent.name
        layer = entry["metadata"]["kedro-viz"]["layer"]
        assert folder == f"{LAYERS.index(layer) + 1:02d}_{layer}", name


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_layers_never_run_backwards(environment: str) -> None:
    backwards = [
        (node.name, source, target)
        for node in _pipelines(environment)["__default__"].nodes
        for source in set(node.inputs) & _datasets(environment)
        for target in node.outputs
        if node.name.rpartition(".")[2] not in WAYS_BACK and _layer(environment, source) > _layer(environment, target)
    ]

    assert backwards == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_paths_hold_the_grid_or_are_sources(environment: str) -> None:
    for name in _datasets(environment) - {"provenance"}:
        entry = _catalog(environment)[name]
        is_source = entry["metadata"]["kedro-viz"]["layer"] == "raw"
        assert is_source or f"/{_config(environment)['globals']['grid']}/" in entry["filepath"], name


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_whatever_a_run_is_given_lies_at_a_path(environment: str) -> None:
    given = _pipelines(environment)["__default__"].inputs() & _datasets(environment)

    assert {name for name in given if "filepath" not in _catalog(environment)[name]} <= {"provenance"}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_two_outputs_never_share_a_path(environment: str) -> None:
    paths = [_catalog(environment)[name]["filepath"] for name in _datasets(environment) - {"provenance"}]

    assert len(paths) == len(set(paths))


def test_only_reporting_reads_the_truth() -> None:
    readers = {node.namespace for node in _pipelines("base")["__default__"].nodes if "truth" in node.inputs}

    assert readers == {"reporting"}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_lineage_explains_itself(environment: str) -> None:
    pipelines = _pipelines(environment)
    tasks = _config(environment)["composition"].get("tasks", {})
    for node in pipelines["__default__"].nodes:
        assert node.namespace in {*pipelines, *tasks}, node.name
        assert len(node.func.__doc__ or "") > 20, node.name


def test_the_sample_has_neither_truth_nor_terrain() -> None:
    assert _datasets("sample") & {"truth", "bayes_limit", "elevation_tiles", "terrain_features"} == set()


def test_environments_never_write_to_the_same_place() -> None:
    roots = {environment: _config(environment)["globals"]["work_root"] for environment in WITH_WORKS_OF_THEIR_OWN}
    outputs = {
        environment: {
            entry["filepath"] for name, entry in _catalog(environment).items() if name in _made_in(environment)
        }
        for environment in WITH_WORKS_OF_THEIR_OWN
    }

    assert len(set(roots.values())) == len(roots)
    assert all(path.startswith(roots[environment]) for environment in roots for path in outputs[environment])


def _made_in(environment: str) -> set[str]:
    return set(_pipelines(environment)["__default__"].all_outputs())
