"""An environment's sizes: the same values but for those that a size changes, in a folder of their own."""

from pathlib import Path
from typing import Any

import pytest

from entropice.app.configuration.loader import RootedConfigLoader
from entropice.errors import ConfigError
from entropice.settings import CONFIG_LOADER_ARGS

FILES = {
    "base/globals.yml": "grid: h3_4\nwork_root: data/mine\nsize: small\n",
    "base/parameters.yml": (
        "grid: ${globals:grid}\n"
        "training: {epochs: 300, rates: {first: 0.1, last: 0.2}}\n"
        "sizes:\n"
        "  small: {training: {epochs: 3, rates: {last: 0.5}}}\n"
        "  whole:\n"
    ),
    "base/catalog.yml": "tiles: {type: x, filepath: '${grid_root:}/tiles'}\n",
}


def _loader(folder: Path, **given: Any) -> RootedConfigLoader:
    for name, text in FILES.items():
        path = folder / "conf" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "conf" / "local").mkdir(exist_ok=True)
    return RootedConfigLoader(str(folder / "conf"), runtime_params=given, **CONFIG_LOADER_ARGS)


def test_a_size_changes_single_values(tmp_path: Path) -> None:
    loader = _loader(tmp_path)

    assert loader["parameters"]["training"] == {"epochs": 3, "rates": {"first": 0.1, "last": 0.5}}
    assert loader["catalog"]["tiles"]["filepath"] == "data/mine/h3_4/small/tiles"


def test_the_command_line_chooses_a_size_and_goes_before_it(tmp_path: Path) -> None:
    whole = _loader(tmp_path, size="whole")

    assert whole["parameters"]["training"] == {"epochs": 300, "rates": {"first": 0.1, "last": 0.2}}
    assert whole["catalog"]["tiles"]["filepath"] == "data/mine/h3_4/whole/tiles"

    changed = _loader(tmp_path, training={"epochs": 5})

    assert changed["parameters"]["training"]["epochs"] == 5
    assert changed["parameters"]["training"]["rates"]["last"] == 0.5


def test_a_size_that_is_none_is_refused(tmp_path: Path) -> None:
    loader = _loader(tmp_path, size="hueg")

    with pytest.raises(ConfigError, match=r"put together") as refused:
        loader["parameters"]

    assert "no size 'hueg'; there are small, whole" in str(refused.value)
