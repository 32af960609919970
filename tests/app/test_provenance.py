"""What a run says of itself follows from its composition and its parameters."""

from pathlib import Path

import pytest
import yaml

from entropice.app.configuration.parameters import validate_parameters
from entropice.app.provenance import describe_run
from entropice.pipelines.composition import Composition

CONF = Path(__file__).parents[2] / "conf"


def _sections(environment: str) -> dict:
    files = (CONF / environment).glob("*/parameters.yml")
    return {key: value for file in files for key, value in yaml.safe_load(file.read_text()).items()}


@pytest.fixture
def raw() -> dict:
    return _sections("base") | {"grid": "h3_4", "random_seed": 0}


def test_a_run_is_described_without_what_says_nothing_about_its_results(raw: dict) -> None:
    given = raw | {"data_root": "/there", "force": True, "tiles": {"memory_ceiling_gib": 1.0}} | _sections("arctic")
    arctic = Composition.model_validate(
        yaml.safe_load((CONF / "base/composition.yml").read_text())
        | yaml.safe_load((CONF / "arctic/composition.yml").read_text())
    )
    merged = {key: _merged(raw[key], given[key]) if isinstance(raw.get(key), dict) else given[key] for key in given}

    described = describe_run(arctic, validate_parameters(merged, arctic), "arctic", {})["parameters"]

    assert set(described) == {"grid", "random_seed", "grids", "labels", "features", "modelling", "reporting"}


def _merged(base: dict, changes: dict) -> dict:
    """As Kedro merges parameters of environments."""
    return base | {
        key: _merged(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in changes.items()
    }
