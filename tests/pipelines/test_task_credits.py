"""Credits of images follow from what the section of each task names."""

from types import SimpleNamespace

import pytest

from entropice.pipelines.image_sources.ice_charts.licences import LICENCES
from entropice.pipelines.sources.declaration import SYNTHETIC
from entropice.pipelines.tasks.credits import image_credits
from entropice.pipelines.tasks.task import Task, image_source

GRID = {"left_m": 0.0, "top_m": 0.0, "pixel_m": 25_000.0, "n_rows": 8, "n_columns": 8}
SECTIONS = {
    "ice_series": {"product": "noaa_nsidc_cdr", "grid": GRID},
    "raster_series": {"product": "human_modification", "unit": "fraction"},
}


def credits_of(*sources: str) -> tuple[str, ...]:
    tasks = {name: Task(kind="frames", source=name) for name in sources}
    return image_credits(tasks, SimpleNamespace(**{name: _section(name) for name in tasks}))


def _section(source: str) -> SimpleNamespace:
    if source not in SECTIONS:
        return SimpleNamespace()
    model = image_source(source).parameters
    return SimpleNamespace(**{source: model.model_validate(SECTIONS[source])})


def test_the_chosen_product_is_credited_and_no_other() -> None:
    (ice,) = credits_of("ice_series")
    (modification,) = credits_of("raster_series")

    assert "Meier et al. 2021" in ice
    assert ice.endswith("Terms: free to use; the citation is asked for.")
    assert "Theobald et al." in modification
    assert modification.count("CC BY 4.0") == 1


def test_a_source_that_names_no_product_credits_all_that_it_may_be_of() -> None:
    assert len(credits_of("ice_charts")) == len(LICENCES)


@pytest.mark.parametrize("source", ["virtual_ice_fields", "virtual_modification", "virtual_slumps"])
def test_what_the_house_makes_is_called_synthetic_once(source: str) -> None:
    assert credits_of(source, "virtual_ice_types") == (SYNTHETIC.attribution,)
