"""What is refused before a run, and what is told after it, of a pipeline of two steps."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import geopandas as gpd
import pandas as pd
import pytest
import shapely
from kedro.io import DataCatalog, MemoryDataset
from kedro.pipeline import Pipeline, node

from entropice.app.hooks import ProjectHooks
from entropice.io import TableDataset, VectorFileDataset
from entropice.sha256 import sha256_of

TABLE = pd.DataFrame({"number": [1, 2]})
OUTLINES = gpd.GeoDataFrame({"number": [1]}, geometry=[shapely.box(0, 0, 1, 1)], crs=3413)
PARAMS = {"env": "mine", "runtime_params": {"grid": "h3_4"}}


def _nothing(*_: Any) -> int:
    return 0


MAKES = Pipeline([node(_nothing, "given", ["source", "table"])])
USES = Pipeline([node(_nothing, ["source", "table", "loose"], "shown")])


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataCatalog:
    """All that the second step needs: a file that may be given or made, a table that is made, and a number."""
    pipelines = {"__default__": MAKES + USES, "makes": MAKES, "uses": USES}
    monkeypatch.setattr("kedro.framework.project.pipelines", pipelines)
    catalog = DataCatalog(
        {
            "source": VectorFileDataset(filepath=str(tmp_path / "source.gpkg")),
            "table": TableDataset(filepath=str(tmp_path / "table.parquet")),
            "loose": MemoryDataset(1),
        }
    )
    catalog["source"].save(OUTLINES)
    catalog["table"].save(TABLE)
    return catalog


@pytest.fixture
def start(catalog: DataCatalog) -> Callable[..., None]:
    """What comes before the second step, where some inputs are out of date."""

    def begin(stale: dict[str, list[str]] | None = None) -> None:
        hooks = ProjectHooks()
        hooks._state = SimpleNamespace(
            digests=SimpleNamespace(of=sha256_of), stale=lambda inputs, makers, catalog: stale or {}
        )
        hooks.before_pipeline_run(PARAMS, USES, catalog)

    return begin


def test_a_run_begins_with_what_was_made_and_with_what_is_given_in_its_place(
    start: Callable[..., None], catalog: DataCatalog, tmp_path: Path
) -> None:
    start()

    catalog.release("source")
    record = next(path for path in tmp_path.iterdir() if path.name.endswith("source.gpkg.sha256"))
    record.unlink()
    start()


@pytest.mark.parametrize("name", ["source.gpkg", "table.parquet"])
def test_a_damaged_input_is_refused_with_the_command_that_makes_it(
    name: str, start: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(b"other bytes")

    with pytest.raises(click.ClickException, match=name) as caught:
        start()

    assert caught.value.message.endswith("kedro run --pipelines makes --env mine --params grid=h3_4")


def test_missing_inputs_are_refused_together_with_what_makes_them(start: Callable[..., None], tmp_path: Path) -> None:
    for path in list(tmp_path.iterdir()):
        path.unlink()

    with pytest.raises(click.ClickException, match="not there yet") as caught:
        start()

    assert "missing: source, table\n" in caught.value.message
    assert caught.value.message.count("kedro run") == 1


def test_inputs_that_are_out_of_date_are_refused_with_what_makes_them_anew(start: Callable[..., None]) -> None:
    with pytest.raises(click.ClickException, match="other parameters, inputs or code") as caught:
        start({"table": ["parameters", "code"], "source": ["code"]})

    said = caught.value.message
    assert "out of date: table, source\n" in said
    assert "table made with the parameters, code of now" in said
    assert "kedro run --pipelines makes --env mine --params grid=h3_4\n" in said
    assert said.endswith("or all that changed: kedro run --env mine --params grid=h3_4")
