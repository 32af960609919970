import inspect

import pytest

import entropice.io
from entropice.io.recorded import RecordedDataset

DATASETS = {
    name: item
    for name, item in vars(entropice.io).items()
    if inspect.isclass(item) and issubclass(item, RecordedDataset)
}
VALUES = {
    "crs": "EPSG:3413",
    "layer": "slumps",
    "encoding": "cp1252",
    "points": {"x": "e", "y": "n"},
    "product": "era5_land",
}
OTHER_VALUES = {
    name: {"product": "superdove"} for name in ("ImageTilesDataset", "ClassTilesDataset", "TilePairsDataset")
}
"""Where a name must be of something that is declared."""


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_every_setting_but_the_place_is_an_option(name: str) -> None:
    settings = {
        item.name for item in inspect.signature(DATASETS[name].__init__).parameters.values()
        if item.kind is inspect.Parameter.KEYWORD_ONLY
    } - {"filepath", "metadata"}  # fmt: skip

    values = VALUES | OTHER_VALUES.get(name, {})

    dataset = DATASETS[name](filepath="x", **{setting: values[setting] for setting in settings})

    assert dataset.options == {setting: values[setting] for setting in settings}
