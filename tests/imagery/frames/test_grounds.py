"""Where pixels of fields lie: on the polar plane, or cells side by side."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from entropice.dggs import parse_grid
from entropice.dggs.faces import face_layout
from entropice.errors import ConfigError, LabelError, SchemaError
from entropice.imagery.bands import band_named, departure_of
from entropice.imagery.frames.field_checks import require_series
from entropice.imagery.frames.fields import FieldSeries
from entropice.imagery.frames.grounds import CellGround, PolarGround
from entropice.imagery.frames.view import FrameSamples
from entropice.imagery.frames.whole_ground import covering_windows, whole_forecast
from entropice.imagery.frames.window_rules import WindowRules, WindowSplitRules
from entropice.imagery.frames.window_splits import later_steps, learned_steps, split_windows, validated_steps
from entropice.imagery.frames.windows import window_table
from entropice.imagery.mosaics import MosaicFrame
from entropice.imagery.samples import Image
from entropice.imagery.split_rules import SplitRules

GRID = parse_grid("healpix_6")
CELLS = GRID.cells_north_of(72.0)
BAND = departure_of("warmth")
RULES = WindowRules(
    n_pixels=4,
    stride_px=3,
    every_steps=1,
    n_windows=None,
    n_frames_in=2,
    forecast_horizon=1,
    future_horizons=2,
    min_known=0.3,
)
SPLITS = WindowSplitRules(space=None, n_later_steps=2, n_validated_steps=2, gap_steps=0, block_level=3, block_steps=1)


def fields(n_years: int = 9) -> xr.Dataset:
    layout = face_layout(GRID, CELLS, 4)
    values = layout.spread(CELLS, np.random.default_rng(0).normal(size=(n_years, len(CELLS))).astype(np.float32))
    n_rows, n_columns = layout.cell_ids.shape
    return xr.Dataset(
        {BAND: (("time", "y", "x"), values, {"units": "1"})},
        {
            "time": pd.to_datetime([f"{2000 + year}-01-01" for year in range(n_years)]),
            "y": 1e5 * (n_rows - np.arange(n_rows)) - 5e4,
            "x": 1e5 * np.arange(n_columns) + 5e4,
            "cell_ids": (("y", "x"), layout.cell_ids.astype(np.int64)),
        },
        {"grid": GRID.key, "section_px": layout.section_px, "pixel_m": 1e5, "step": "P1Y"},
    )


def test_fields_of_cells_pass_and_know_their_ground() -> None:
    require_series(fields())
    ground = FieldSeries(fields()).ground

    assert isinstance(ground, CellGround)
    lon_deg, lat_deg = ground.lon_lat_deg(np.array([[2.5e5, ground.top_m - 3.5e5]]))
    assert GRID.cell_at(lon_deg, lat_deg)[0] == ground.cell_ids[3, 2]


def test_no_window_leaves_a_section() -> None:
    series = FieldSeries(fields())
    section_px = series.ground.section_px
    table = window_table(series, (BAND,), RULES, seed=0)
    rows = ((series.corner_m[1] - table["top_m"]) / 1e5).round().astype(int)
    covering = covering_windows(series, RULES, 0)
    covered = ((series.corner_m[1] - covering["top_m"]) / 1e5).round().astype(int)

    assert section_px is not None
    assert (rows % section_px + 4 <= section_px).all()
    assert covered.tolist() == list(range(0, series.shape[0], section_px))
    assert (covering["n_pixels"] == section_px).all()
    assert len(rows) > 20


def test_blocks_of_intervals_are_parents_of_the_cells_that_windows_show() -> None:
    series = FieldSeries(fields())
    table = window_table(series, (BAND,), RULES, seed=0)
    splits = split_windows(table, series, GRID, RULES, SPLITS, seed=0)
    first = table.set_index("key").loc[splits["key"].iloc[0]]
    row, column = round((series.corner_m[1] - first["top_m"]) / 1e5) + 2, round(first["left_m"] / 1e5) + 2
    parent = GRID.parents(series.ground.cell_ids[row : row + 1, column], 3)[0]

    assert splits["block"].iloc[0].split("_")[0] == f"{parent:x}"
    assert set(splits["split"]) >= {"train", "validation", "time"}


def test_eras_are_told_step_by_step() -> None:
    told = np.stack([part(9, SPLITS) for part in (learned_steps, validated_steps, later_steps)])

    assert told.sum(axis=0).tolist() == [1] * 9
    assert [list(np.flatnonzero(part)) for part in told] == [[0, 1, 2, 3, 4], [5, 6], [7, 8]]


def test_ground_that_is_no_plane_is_dealt_in_time_alone() -> None:
    series = FieldSeries(fields())
    table = window_table(series, (BAND,), RULES, seed=0)
    in_space = SPLITS.model_copy(
        update={
            "space": SplitRules(block_level=3, train=0.6, validation=0.2, test=0.2, buffer_m=0.0),
            "n_validated_steps": 0,
        }
    )

    with pytest.raises(ConfigError, match="in time alone"):
        split_windows(table, series, GRID, RULES, in_space, seed=0)


def test_a_map_shows_each_cell_where_it_is() -> None:
    ground = FieldSeries(fields()).ground
    layout_values = np.where(np.isin(ground.cell_ids, CELLS), ground.cell_ids % 1000, np.nan).astype(np.float32)
    n_rows, n_columns = ground.cell_ids.shape
    on_map, shown = ground.on_map(MosaicFrame(0.0, ground.top_m, 1e5, n_rows, n_columns), layout_values[None])
    wanted = ground._cells_of(on_map)

    assert shown.shape == (1, on_map.n_rows, on_map.n_columns)
    is_known = np.isfinite(shown[0])
    np.testing.assert_array_equal(shown[0][is_known], (wanted % 1000)[is_known])
    assert set(wanted[is_known]) == set(CELLS)


def test_a_forecast_of_all_ground_is_that_of_its_windows() -> None:
    series = FieldSeries(fields())
    windows = covering_windows(series, RULES, 3).set_index("key")
    samples = FrameSamples(series, windows, (BAND,), (BAND,), RULES)

    def last_comes_again(_keys: object, image: Image) -> np.ndarray:
        return np.repeat(image.values[:, -1:], RULES.future_horizons, axis=1)  # noqa: PD011 - no frame

    said = whole_forecast(samples, last_comes_again, batch_size=64)

    np.testing.assert_array_equal(said[1, 0], series.fields[BAND][4].to_numpy())


def test_ground_too_small_for_a_window_is_refused() -> None:
    with pytest.raises(LabelError, match="too small"):
        covering_windows(FieldSeries(fields()), RULES.model_copy(update={"n_pixels": 999}), 0)


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"crs": "EPSG:3413"}, "another CRS"), ({"section_px": None}, "which cells"), ({"grid": None}, "what ground")],
)
def test_fields_that_do_not_say_their_ground_are_refused(changed: dict[str, object], message: str) -> None:
    wrong = fields()
    wrong.attrs = {name: value for name, value in (wrong.attrs | changed).items() if value is not None}

    with pytest.raises(SchemaError, match=message):
        require_series(wrong)


def test_the_polar_plane_is_as_it_was() -> None:
    frame = MosaicFrame(0.0, 0.0, 1.0, 1, 1)
    values = np.zeros((1, 1, 1), dtype=np.float32)

    assert PolarGround().on_map(frame, values) == (frame, values)
    assert PolarGround().section_px is None


def test_every_quantity_has_its_departure() -> None:
    assert band_named(BAND).unit == "1"
    with pytest.raises(ConfigError, match="no band"):
        band_named("departure_of_")
