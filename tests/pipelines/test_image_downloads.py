"""Files of images are fetched where the composition says so: steps, parameters, and what each task leaves out."""

from typing import Any

import pytest
from published import publish

from entropice.io import DownloadDataset
from entropice.pipelines.composition import Composition
from entropice.pipelines.download.parameters import TransferParameters
from entropice.pipelines.download.pipeline import DOWNLOAD
from entropice.pipelines.download.sections import DownloadParameters


def composed(**tasks: Any) -> Composition:
    given = {"world": None, "labels": None, "features": [], "pipelines": ["scenes"], "is_downloaded": True}
    return Composition.model_validate(given | {"tasks": tasks})


SERIES = {"kind": "frames", "source": "ice_series"}
CHARTS = {"kind": "mask", "source": "ice_charts"}


def test_each_source_is_fetched_once_and_land_only_where_cells_are_made() -> None:
    downloads = DOWNLOAD.create(composed(motion=SERIES, again=SERIES, charts=CHARTS)).outputs()

    assert downloads == {"ice_series_download", "copernicus_download", "snapshots_download"}


def test_a_task_may_take_some_of_what_its_source_declares() -> None:
    (step,) = DOWNLOAD.create(composed(charts=CHARTS | {"fetched": ["copernicus"]})).nodes

    assert step.inputs == ["params:download.copernicus", "params:grids.region", "params:download.transfer"]
    with pytest.raises(ValueError, match="no download 'sentinel'"):
        composed(charts=CHARTS | {"fetched": ["sentinel"]})


def test_days_arrive_in_the_folder_that_is_read(tmp_path: Any) -> None:
    (step,) = DOWNLOAD.create(composed(motion=SERIES)).nodes
    (tmp_path / "served").mkdir()
    with publish(tmp_path / "served") as server:
        for day in (1, 2):
            (server.root / f"2019050{day}.nc").write_bytes(b"ice")
        section = {"pattern": f"{server.url}/{{date:%Y%m%d}}.nc", "first_day": "2019-05-01", "last_day": "2019-05-02"}
        parameters = DownloadParameters.model_validate({"ice_series": section})
        plan = step.func(parameters.ice_series, TransferParameters(n_tries=1))
        DownloadDataset(filepath=str(tmp_path / "ice_series")).save(plan)

    assert sorted(path.name for path in (tmp_path / "ice_series").iterdir()) == ["20190501.nc", "20190502.nc"]
