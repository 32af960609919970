"""The page of the map: which cells are lit, told and kept, with the drawing itself left out."""

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pages import open_dashboard, told_by
from streamlit.testing.v1 import AppTest

from entropice.dashboard.filters import Filters
from entropice.dashboard.opened import OpenedRun, opened
from entropice.dashboard.polar_map.selection import Selection
from entropice.dashboard.views import map_page
from entropice.dashboard.views.map_page import MAP, TOLD
from entropice.dashboard.views.page import Chosen
from entropice.dashboard.wording import counted


@pytest.fixture(scope="module")
def run(written_run: Path) -> OpenedRun:
    return opened(written_run, "run")


class Seen:
    """What the page gives to the map, and files that it offers, by suffix."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.drawn: dict[str, Any] = {}
        self.files: dict[str, Callable[[], bytes]] = {}
        monkeypatch.setattr(map_page, "polar_map", self._draw)
        monkeypatch.setattr(map_page, "download", self._offer)

    def _draw(self, *given: Any) -> None:
        names = ("outlines", "cell_ids", "id_base", "coloured", "lit", "facts", "legend", "selection")
        self.drawn = dict(zip(names, given, strict=True))

    def _offer(self, _label: str, content: Callable[[], bytes], file_name: str, _mime: str, _key: str) -> None:
        self.files[Path(file_name).suffix] = content

    def kept(self) -> list[int]:
        """Numbers of the cells of the CSV."""
        return pd.read_csv(io.BytesIO(self.files[".csv"]()))["cell_id"].tolist()


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    return Seen(monkeypatch)


def page(folder: Path, run: OpenedRun, selected: list[int] | None = None) -> AppTest:
    """The page with some cells selected, by their places."""
    test = open_dashboard(folder, MAP.title)
    if selected is not None:
        test.session_state[f"selection {run.run.manifest['run_id']}"] = Selection(selected)
        test.run()
    assert not test.exception
    return test


def ids(run: OpenedRun, places: list[int]) -> list[int]:
    return run.cells(max(run.run.years)).index[places].tolist()


def test_one_selected_cell_is_told_and_kept_alone(
    written_run: Path, run: OpenedRun, seen: Seen, tmp_path: Path
) -> None:
    test = page(written_run, run, [5])

    told = told_by(test)
    assert "What is said" in told
    assert "Selected cells" in told
    assert ", 1 selected." in told
    assert len(test.dataframe[0].value) == 1
    assert seen.kept() == ids(run, [5])
    (tmp_path / "cells.gpkg").write_bytes(seen.files[".gpkg"]())
    kept = gpd.read_file(tmp_path / "cells.gpkg", layer="cells")
    assert kept.crs == "EPSG:3413"
    assert kept.geometry.iloc[0].equals_exact(run.geometry.iloc[5], 1e-6)
    assert kept["cell"].tolist() == [run.run.facts.spelt_cell(ids(run, [5])[0])]


def test_several_selected_cells_stand_in_the_order_of_the_table(written_run: Path, run: OpenedRun, seen: Seen) -> None:
    told = told_by(page(written_run, run, [9, 2]))

    assert "What is said" not in told
    assert ", 2 selected." in told
    assert seen.kept() == ids(run, [2, 9])


def test_a_brush_lights_cells_that_have_a_value_between_its_ends(
    written_run: Path, run: OpenedRun, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cell that is selected and not lit is told all the same."""
    values = np.full(len(run.geometry), np.nan)
    values[:4] = 0.0, 1.0, 2.0, 3.0
    monkeypatch.setattr(map_page, "values_of", lambda *_: values)
    monkeypatch.setattr(map_page, "brushed", lambda _: (1.0, 2.0))

    told = told_by(page(written_run, run))
    assert np.flatnonzero(seen.drawn["lit"]).tolist() == [1, 2]
    assert f"2 cells of {len(values):,} lit, 0 selected." in told
    assert "Lit cells" in told
    assert seen.kept() == ids(run, [1, 2])

    page(written_run, run, [7])
    assert seen.kept() == ids(run, [7])
    assert np.flatnonzero(seen.drawn["lit"]).tolist() == [1, 2]


def test_of_many_cells_the_first_are_shown_and_all_are_kept(
    written_run: Path, run: OpenedRun, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = len(run.geometry)
    for n_most, is_told in ((3, True), (n, False)):
        monkeypatch.setattr(map_page, "MAX_ROWS", n_most)
        test = page(written_run, run)
        assert len(test.dataframe[0].value) == n_most
        assert (f"The first {n_most:,} of {counted(n, 'cell', 'cells')}" in told_by(test)) is is_told
        assert len(seen.kept()) == n


def test_what_is_known_of_no_cell_has_no_distribution(
    written_run: Path, run: OpenedRun, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = np.full(len(run.geometry), np.nan)
    monkeypatch.setattr(map_page, "values_of", lambda *_: unknown)

    assert "No distribution is shown: this is known of no cell" in told_by(page(written_run, run))
    assert seen.drawn["lit"].all()


def test_the_map_opens_with_the_default_and_tells_it_first(written_run: Path, run: OpenedRun, seen: Seen) -> None:
    test = page(written_run, run)

    (box,) = [box for box in test.selectbox if box.label.startswith("Show one of ")]
    quantities = run.quantities(max(run.run.years))
    drawn = [name for name, quantity in quantities.items() if quantity.scale]
    assert box.label == f"Show one of {len(drawn)}"
    (default,) = {layer.quantity for layer in run.run.facts.layers if layer.is_default}
    expected = dict.fromkeys([default, *(name for name in TOLD if name in quantities)])
    assert [fact.meaning["title"] for fact in seen.drawn["facts"]] == [quantities[name].title for name in expected]
    assert seen.drawn["legend"]["title"].startswith(quantities[default].shown_title)
    shown_in_percent = quantities[default].scale.steps(100.0)
    assert [entry["label"] for entry in seen.drawn["legend"]["entries"]] == [*shown_in_percent, "unknown"]


def test_a_year_that_the_run_does_not_have_is_told_with_those_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(map_page, "missing", lambda what, why: told.append(f"{what} {why}"))
    run: Any = SimpleNamespace(name="one", run=SimpleNamespace(years=[2021, 2022]))

    MAP.show(Chosen((run,), Filters(1999)))

    assert told == ["No map is shown: this run has no year 1999; it has 2021, 2022."]
