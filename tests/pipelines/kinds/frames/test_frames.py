"""From fields to a judged forecast, by the steps of the kind."""
# ruff: noqa: PD011 - these are the values of layers

from copy import deepcopy
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from kedro.pipeline import Node, Pipeline
from pydantic import ValidationError
from scipy.ndimage import gaussian_filter

from entropice.errors import SchemaError
from entropice.imagery.frames.kept_drift import carried
from entropice.imagery.frames.score_table import COLUMNS
from entropice.io.networks import NetworkDataset, TrainedNetwork
from entropice.pipelines.kinds.frames import nodes, steps
from entropice.pipelines.kinds.frames.parameters import FrameParameters
from entropice.pipelines.kinds.registry import KINDS

BANDS = ["ice_concentration", "elevation"]
TARGET = ["ice_concentration"]
PARAMETERS: dict[str, Any] = {
    "bands": BANDS,
    "target_bands": TARGET,
    "samples": {
        "windows": {
            "n_pixels": 8,
            "stride_px": 8,
            "every_steps": 2,
            "n_windows": None,
            "n_frames_in": 3,
            "forecast_horizon": 2,
            "future_horizons": 3,
            "min_known": 0.5,
        },
        "splits": {
            "space": None,
            "n_later_steps": 12,
            "n_validated_steps": 8,
            "gap_steps": 2,
            "block_level": 1,
            "block_steps": 3,
        },
        "statistics": {"dataset_version": "waves", "computed_date": date(2026, 1, 1), "share": 1.0},
        "symmetry_probability": 0.5,
        "steps_per_epoch": None,
    },
    "network": {
        "architecture": "conv_lstm",
        "options": {"widths": [4], "n_frames_in": 3, "n_frames_out": 2, "target_bands": TARGET},
    },
    "training": {
        "losses": [{"name": "mean_squared_error"}],
        "n_epochs": 2,
        "batch_size": 4,
        "n_parts": 1,
        "rate": 1e-2,
        "lowest_rate": 1e-4,
        "warmup_epochs": 0,
        "frozen_epochs": 0,
        "frozen_rate": 1e-2,
        "encoder_share": 1.0,
        "layer_decay": 1.0,
        "weight_decay": 0.0,
        "clip_norm": 1.0,
        "average_decay": 0.0,
        "validated_every": 1,
        "metric": "val_mse",
        "patience": 5,
        "min_delta": 0.0,
        "seed": 1,
        "device": "cpu",
        "precision": "fp32",
        "n_threads": 1,
        "n_workers": 0,
        "is_deterministic": True,
    },
    "evaluation": {
        "rivals": ["persistence", "kept_drift"],
        "batch_size": 8,
        "n_bootstrap": 50,
        "monitor": {"newest_weight": 0.2, "limit_sd": 3.0},
        "expectations": [
            {"what": "day 1", "published": "< 0.01", "score": "mse", "part": "time", "horizon": 1},
        ],
    },
}


def _fields(n_steps: int = 48) -> xr.Dataset:
    noise = gaussian_filter(np.random.default_rng(0).normal(size=(24, 24)), 2, mode="wrap")
    first = 0.5 + 0.2 * noise / noise.std()
    drift = np.broadcast_to(np.array([0.4, -0.3])[:, None, None], (2, 24, 24))
    ice = np.clip(carried(first, drift, n_steps)[:, :16, :16], 0, 1).astype(np.float32)
    ice += 0.05 * np.random.default_rng(1).uniform(size=ice.shape).astype(np.float32) * (ice < 0.9)
    height = np.random.default_rng(2).normal(size=(16, 16)).astype(np.float32)
    return xr.Dataset(
        {
            "ice_concentration": (("time", "y", "x"), ice, {"units": "1"}),
            "elevation": (("y", "x"), height, {"units": "m"}),
        },
        coords={
            "time": (np.datetime64("2020-01-01") + np.arange(n_steps)).astype("M8[ns]"),
            "y": -600_000.0 - 20_000 * np.arange(16),
            "x": 400_000.0 + 20_000 * np.arange(16),
        },
        attrs={"crs": "EPSG:3413", "step": "P1D", "pixel_m": 20_000.0},
    )


def _changed(*path: str, value: Any) -> dict[str, Any]:
    changed = deepcopy(PARAMETERS)
    section = changed
    for name in path[:-1]:
        section = section[name]
    section[path[-1]] = value
    return changed


RULES = FrameParameters(**PARAMETERS)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """All that the steps make up to the network, of one series."""
    fields, windows = _fields(), RULES.samples.windows
    tiles = nodes.place_windows(fields, TARGET, windows, 0)
    splits = nodes.split_windows(fields, tiles, "h3_4", windows, RULES.samples.splits, 0)
    statistics = nodes.measure_bands(fields, tiles, splits, BANDS, TARGET, RULES.samples, 0)
    check = nodes.check_windows(fields, tiles, splits, statistics, BANDS, TARGET, RULES.samples, 0)
    seen = (BANDS, TARGET, RULES.samples)
    job = nodes.train_network(fields, tiles, splits, statistics, check, *seen, RULES.network, RULES.training)
    dataset = NetworkDataset(filepath=str(tmp_path_factory.mktemp("frames") / "network"))
    dataset.save(job)
    network: TrainedNetwork = dataset.load()
    judged = (TARGET, RULES.samples, RULES.training, RULES.evaluation)
    sums = nodes.judge_forecasts(network, fields, tiles, splits, statistics, *judged)
    return SimpleNamespace(**locals())


def test_an_epoch_is_validated_at_every_horizon(made: SimpleNamespace) -> None:
    row = made.network.rows[-1]

    assert [row[f"val_mse_{horizon}"] > 0 for horizon in (1, 2, 3)] == [True] * 3
    assert row["val_mse"] == pytest.approx(np.mean([row[f"val_mse_{horizon}"] for horizon in (1, 2, 3)]))
    assert row["val_mae"] == pytest.approx(np.mean([row[f"val_mae_{horizon}"] for horizon in (1, 2, 3)]))
    assert {"train_mse_1", "train_mse_2"} <= set(row)


def test_targets_are_counted_by_part(made: SimpleNamespace) -> None:
    counted = made.check["n_targets"]

    assert set(counted) == {"train", "validation", "time", "buffer"}
    assert counted["train"]["1"] > counted["time"]["1"] > 0
    assert made.check["findings"] == []


def test_scores_stand_beside_those_of_rivals(made: SimpleNamespace) -> None:
    scores = nodes.score_forecasts(made.sums, RULES.evaluation, 0)

    assert list(scores.columns) == list(COLUMNS)
    assert set(scores["model"]) == {"network", "persistence", "kept_drift"}
    assert set(scores["horizon"]) == {1.0, 2.0, 3.0}
    assert set(scores["part"]) == {"time"}
    assert set(scores["compared_with"].dropna()) == {"persistence", "kept_drift"}
    assert (scores["n_blocks"] >= 4).all()
    facts = nodes.tell_facts(made.fields, made.splits, scores, BANDS, TARGET, RULES.samples, RULES.evaluation)
    assert facts["expectations"][0]["published"] == "< 0.01"
    assert facts["expectations"][0]["ours"].startswith("0.0")


def test_the_ceiling_is_judged_where_it_is_given(made: SimpleNamespace) -> None:
    ice = made.fields["ice_concentration"]
    truth = np.stack([ice.shift(time=-horizon).to_numpy() for horizon in (1, 2, 3)], axis=1)
    days = {"first": ice["time"].to_numpy(), "y": ice["y"].to_numpy(), "x": ice["x"].to_numpy()}
    ceiling = xr.Dataset({"ceiling_mean": (("first", "horizon", "y", "x"), truth)}, coords=days)

    sums = nodes.judge_forecasts(
        made.network, made.fields, made.tiles, made.splits, made.statistics, *made.judged, ceiling
    )

    assert (sums.loc[sums["model"] == "ceiling_mean", "squared"] == 0).all()
    scores = nodes.score_forecasts(sums, RULES.evaluation, 0)
    share = scores[(scores["model"] == "network") & (scores["score"] == "share_of_ceiling")]
    skill = scores[(scores["model"] == "network") & (scores["score"] == "skill")]
    alone = share["compared_with"].isna().to_numpy()
    np.testing.assert_allclose(share["value"][alone], skill["value"][alone])


def test_arrived_days_are_watched(made: SimpleNamespace) -> None:
    table, advice = nodes.monitor_forecasts(made.fields, made.sums, RULES.evaluation.monitor)

    assert str(table["day"].max().date()) == "2020-02-17"
    assert ((table["day"] - table["issued"]).dt.days == table["horizon"]).all()
    assert set(advice) == {"retrain", "reason", "as_of", "horizons"}


def test_map_and_panel_show_every_horizon(made: SimpleNamespace) -> None:
    layers = nodes.map_forecasts(made.network, made.fields, made.statistics, *made.judged)
    panel = nodes.draw_panel(made.network, made.fields, made.tiles, made.statistics, made.sums, *made.judged)

    assert [str(layer.begins) for layer in layers] == ["2020-02-18", "2020-02-19", "2020-02-20"]
    assert all(layer.values.shape == (16, 16) and np.isfinite(layer.values).all() for layer in layers)
    assert len(panel.rows) == 3


def test_a_target_in_two_parts_is_refused(made: SimpleNamespace) -> None:
    learned = made.splits[made.splits["split"] == "train"].head(1)
    twice = pd.concat([made.splits, learned.assign(split="time")], ignore_index=True)

    with pytest.raises(SchemaError, match="in two parts"):
        nodes.check_windows(made.fields, made.tiles, twice, made.statistics, *made.seen, 0)


def test_tests_whose_truth_is_unknown_are_refused(made: SimpleNamespace) -> None:
    fields = made.fields.copy(deep=True)
    fields["ice_concentration"][-RULES.samples.splits.n_later_steps :] = np.nan

    with pytest.raises(SchemaError, match="3 horizons are unknown"):
        nodes.check_windows(fields, made.tiles, made.splits, made.statistics, *made.seen, 0)


def test_statistics_of_other_fields_are_refused(made: SimpleNamespace) -> None:
    other = deepcopy(made.statistics)
    other["extra"]["mean"] = [100.0, 0.0]

    with pytest.raises(SchemaError, match="values far off"):
        nodes.check_windows(made.fields, made.tiles, made.splits, other, *made.seen, 0)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("network", "options", "n_frames_in"), 4, "n_frames_in is 4"),
        (("network", "options", "n_frames_out"), 1, "n_frames_out is 1"),
        (("target_bands",), ["elevation"], "target_bands is"),
        (("bands",), ["elevation"], "what is forecast must be seen, and ice_concentration is not"),
        (("bands",), ["ice_concentration", "wind_x"], "Half an arrow"),
        (("training", "metric"), "val_mse_4", "did you mean val_mse"),
        (("training", "losses"), [{"name": "focal"}], "no loss of networks"),
        (("evaluation", "rivals"), ["kept_drift"], "persistence"),
        (("evaluation", "rivals"), ["persistance"], "did you mean persistence"),
    ],
)
def test_parameters_that_do_not_go_together_are_refused(path: tuple[str, ...], value: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        FrameParameters(**_changed(*path, value=value))


def _task(*outputs: str) -> Any:
    source = SimpleNamespace(nodes=lambda: [Node(lambda: 1, inputs=None, outputs=name) for name in outputs])
    return SimpleNamespace(image_source=source)


def test_steps_are_one_pipeline_from_fields_to_what_is_shown() -> None:
    task = _task("fields")
    kind = next(kind for kind in KINDS if kind.name == "frames")
    made_by = [kind.samples, kind.training, kind.evaluation, kind.layers]

    pipeline = Pipeline([node for part in made_by for node in part(task)])

    assert {name for name in pipeline.inputs() if not name.startswith("params:")} == {"fields"}
    assert pipeline.outputs() == {"map_layers", "panel", "card_facts", "monitor", "retraining_advice"}
    assert {"task_scores", "splits", "statistics", "data_check", "network"} <= pipeline.all_outputs()
    assert kind.texts().models[0].name == "network"


def test_a_source_that_knows_its_law_gives_the_ceiling() -> None:
    judging, *_ = steps.evaluation(_task("fields", "ceiling"))

    assert judging.inputs[-1] == "ceiling"
    assert "ceiling" not in steps.evaluation(_task("fields"))[0].inputs


def test_large_fields_are_read_from_a_file_as_they_are_asked_for(
    tmp_path: Path, made: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("entropice.imagery.frames.fields.AT_HAND_BYTES", 0)
    made.fields.drop_encoding().to_zarr(tmp_path / "fields", zarr_format=3, consolidated=False)
    with xr.open_zarr(tmp_path / "fields", chunks=None, consolidated=False) as fields:
        statistics = nodes.measure_bands(fields, made.tiles, made.splits, *made.seen, 0)

        assert statistics == made.statistics
        assert not fields["ice_concentration"].variable._in_memory
