"""A run in the files of a model card: plain torch loads them, and they say what the run's datasets do."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
import yaml
from pydantic import ValidationError
from safetensors.torch import save

from entropice.errors import ConfigError, InputFileError, ModelFileError
from entropice.imagery.statistics import BandStatistics
from entropice.imagery.statistics_document import to_document
from entropice.io import PublishedFolderDataset, TrainedNetwork
from entropice.networks.architecture import NetworkSpecification
from entropice.networks.export import Checkpoint
from entropice.pipelines.composition import Composition
from entropice.pipelines.exporting.nodes import export_cards
from entropice.pipelines.exporting.parameters import ExportingParameters
from entropice.pipelines.exporting.pipeline import EXPORTING
from entropice.sha256 import sha256_of, sha256_of_value

PROJECT = Path(__file__).parents[2]
SECTION = yaml.safe_load((PROJECT / "conf/slump_imagery/parameters.yml").read_text(encoding="utf-8"))["tasks"]["slumps"]
TASK = {"kind": "mask", "source": "virtual_slumps"}
BANDS = tuple(SECTION["bands"])
SPECIFICATION = NetworkSpecification("unet", "tu-tf_efficientnet_lite0", BANDS)
KEPT = [
    {"epoch": 2.0, "n_steps": 20, "val_balanced_iou_positive": 0.5004},
    {"epoch": 4.0, "n_steps": 40, "val_balanced_iou_positive": 0.7018},
    {"epoch": 5.0, "n_steps": 50, "val_balanced_iou_positive": None},
]
ROWS = [{"epoch": float(epoch), "train_loss": 1 / epoch} for epoch in range(1, 5)]
ROWS.append({"epoch": 5.0, "train_loss": 0.2, "val_balanced_iou_positive": 0.7})
FACTS = {"inputs": "in", "outputs": "out", "expectations": [], "limits": ["It was never outside."]}
CHIPS = pd.DataFrame(
    {
        "key": ["a", "b", "c", "d"],
        "block": np.array([1, 1, 2, 3], dtype=np.uint64),
        "split": ["validation", "test", "test", "test"],
        "region": ["west", "west", "east", "east"],
        "year": [2017, 2021, 2021, 2023],
        "model": "network",
        "cut": "chosen",
        "n_true": [4, 6, 5, 0],
        "n_said": [4, 6, 10, 0],
        "n_both": [4, 3, 5, 0],
        "iou": [1.0, 1 / 3, 0.5, np.nan],
    }
)
SWEEP = pd.DataFrame(
    {"model": "network", "split": "test", "threshold": [0.5, 0.7], "is_chosen": [False, True], "iou": [0.4, 0.1 + 0.2]}
).assign(precision=[0.5, np.nan], recall=[0.9, 0.8])
STATISTICS = to_document(
    BandStatistics(BANDS, 9, np.full(5, 99), np.linspace(0.3, 0.5, 5), np.linspace(0.2, 0.3, 5)),
    "virtual-1",
    pd.Timestamp("2026-11-29").date(),
)


def _weights(value):
    return {"z": torch.full((2,), float(value)), "a": torch.tensor([1, 2])}


@pytest.fixture
def trained(tmp_path):
    (tmp_path / "epochs").mkdir()
    for epoch in (2, 4, 5):
        (tmp_path / "epochs" / f"epoch-{epoch:04d}.safetensors").write_bytes(save(_weights(epoch)))
    checkpoint = Checkpoint(SPECIFICATION, sha256_of_value(STATISTICS), _weights(3), {})
    record = {"best_epoch": 4, "soup": {"epochs": [2, 4], "val_balanced_iou_positive": 0.71}, "kept_epochs": KEPT}
    return TrainedNetwork(tmp_path / "best_model.pth", checkpoint, ROWS, record)


def _given(trained, task="slumps"):
    own = {
        "network": trained,
        "statistics": STATISTICS,
        "card_facts": FACTS,
        "tiles": pd.DataFrame({"pixel_m": [10.0, 10.0], "year": [2021, 2017]}),
        "calibration": {"network": {"thresholds": {SECTION["evaluation"]["threshold"]: {"logit": 0.25}}}},
        "chip_scores": CHIPS,
        "threshold_sweep": SWEEP,
    }
    return {f"{task}.{name}": value for name, value in own.items()}


def _exported(folder, given, names=("slumps",), **exporting):
    tasks, sections = dict.fromkeys(names, TASK), dict.fromkeys(names, SECTION)
    dataset = PublishedFolderDataset(filepath=str(folder / "exported"))
    dataset.save(export_cards({"tasks": tasks}, sections, ExportingParameters(**exporting), **given))
    return dataset


def _read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_files_are_those_of_the_card_and_the_manifest_names_them(trained, tmp_path):
    dataset = _exported(tmp_path, _given(trained))
    there = {file.relative_to(dataset.path).as_posix(): file for file in dataset.path.rglob("*") if file.is_file()}
    assert there.keys() == {
        *(f"checkpoints/{stem}.ckpt" for stem in ("soup", "step000020-iou0.500", "step000040-iou0.702", "last")),
        *("diagnostics/per_chip_val.parquet", "diagnostics/per_chip_test.parquet"),
        *("diagnostics/per_region_breakdown.json", "diagnostics/threshold_sweep.json"),
        *("logs/metrics.csv", "config.yaml", "LIMITATIONS.md", "manifest.json"),
    }
    named = {entry["name"]: entry["sha256"] for entry in dataset.load()["files"]}
    assert named == {name: sha256_of(file) for name, file in there.items() if name != "manifest.json"}


@pytest.mark.parametrize(
    ("stem", "value", "told"),
    [
        ("soup", 3.0, {"epochs": [2, 4], "val_balanced_iou_positive": 0.71}),
        ("step000020-iou0.500", 2.0, KEPT[0]),
        ("step000040-iou0.702", 4.0, KEPT[1]),
        ("last", 5.0, KEPT[2]),
    ],
)
def test_plain_torch_loads_each_checkpoint(trained, tmp_path, stem, value, told):
    folder = _exported(tmp_path, _given(trained)).path
    content = torch.load(folder / "checkpoints" / f"{stem}.ckpt", weights_only=True)
    assert list(content["model_state_dict"]) == ["a", "z"]
    assert content["model_state_dict"]["z"].tolist() == [value, value]
    assert content["trained"] == told
    assert content["specification"]["bands"] == list(BANDS)
    assert content["mean"] == pytest.approx(np.linspace(0.3, 0.5, 5))


def test_a_network_of_one_epoch_is_its_only_step(trained, tmp_path):
    trained.record["soup"] = None
    trained.record["best_epoch"] = 2
    folder = _exported(tmp_path, _given(trained)).path / "checkpoints"
    assert sorted(file.stem for file in folder.iterdir()) == ["last", "soup", "step000020-iou0.500"]
    assert torch.load(folder / "soup.ckpt", weights_only=True)["trained"] == {"epochs": [2]}


def test_diagnostics_say_what_the_datasets_do(trained, tmp_path):
    folder = _exported(tmp_path, _given(trained)).path / "diagnostics"
    for stem, split in (("per_chip_val", "validation"), ("per_chip_test", "test")):
        expected = CHIPS[CHIPS["split"] == split].reset_index(drop=True)
        pd.testing.assert_frame_equal(pd.read_parquet(folder / f"{stem}.parquet"), expected)
    sweep = _read(folder / "threshold_sweep.json")
    assert [row["iou"] for row in sweep] == [0.4, pytest.approx(0.3, abs=1e-15)]
    assert [row["precision"] for row in sweep] == [0.5, None]
    assert _read(folder / "per_region_breakdown.json") == {
        "west": {"network": {"chosen": _told(1, 6, 6, 3 / 9, 1 / 3)}},
        "east": {"network": {"chosen": _told(2, 5, 10, 5 / 10, 0.5)}},
    }


def _told(n_chips, n_true, n_said, global_iou, mean_chip_iou):
    counts = {"n_chips": n_chips, "n_true": n_true, "n_said": n_said}
    return counts | {"global_iou": pytest.approx(global_iou), "mean_chip_iou": pytest.approx(mean_chip_iou)}


def test_log_and_configuration_are_those_of_the_run(trained, tmp_path):
    folder = _exported(tmp_path, _given(trained)).path
    log = pd.read_csv(folder / "logs/metrics.csv")
    assert log["train_loss"].tolist() == [row["train_loss"] for row in ROWS]
    assert log["val_balanced_iou_positive"].isna().tolist() == 4 * [True] + [False]
    config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    assert config["bands"] == list(BANDS)
    assert config["samples"]["splits"] == SECTION["samples"]["splits"]
    assert config["network"]["fusion"] == "stacked"


def test_limitations_are_written_from_the_facts_of_the_run(trained, tmp_path):
    text = (_exported(tmp_path, _given(trained)).path / "LIMITATIONS.md").read_text(encoding="utf-8")
    least = SECTION["evaluation"]["objects"]["min_px"]
    for said in (
        "A segmenter, not a forecaster.",
        ", ".join(BANDS),
        "2017, 2021",
        "east, west",
        f"{least} pixels of 10 m ({least * 100 / 1e4:g} ha)",
        "Labels are not the truth",
        "a raw logit of 0.250",
        "It was never outside.",
    ):
        assert said in text


def test_equal_runs_give_equal_bytes_and_several_tasks_a_folder_each(trained, tmp_path):
    one, other = (_exported(tmp_path / name, _given(trained)).path for name in ("one", "other"))
    files = [file.relative_to(one) for file in one.rglob("*") if file.is_file()]
    assert all((one / name).read_bytes() == (other / name).read_bytes() for name in files)
    both = _exported(tmp_path / "both", _given(trained) | _given(trained, "lakes"), ("slumps", "lakes")).path
    assert (both / "lakes/checkpoints/soup.ckpt").read_bytes() == (one / "checkpoints/soup.ckpt").read_bytes()
    assert (both / "slumps/config.yaml").is_file()


def test_what_does_not_fit_is_told(trained, tmp_path):
    with pytest.raises(ConfigError) as refused:
        _exported(tmp_path, _given(trained), stems={"slumps": "slumps"})
    assert refused.value.field == "exporting.stems.slumps"
    with pytest.raises(ModelFileError, match="other statistics"):
        _exported(tmp_path, _given(trained) | {"slumps.statistics": STATISTICS | {"n_tiles_used": 8}})
    (tmp_path / "epochs/epoch-0004.safetensors").unlink()
    with pytest.raises(InputFileError, match="no file of weights"):
        _exported(tmp_path, _given(trained))
    assert not (tmp_path / "exported").exists()


def test_the_environment_says_which_layout():
    composition = {
        "world": None, "labels": None, "features": [], "pipelines": ["exporting"],
        "tasks": {"ice_types": {"kind": "class", "source": "virtual_ice_types"}, "slumps": TASK},
    }  # fmt: skip
    (node,) = EXPORTING.create(Composition.model_validate(composition)).nodes
    (card,) = EXPORTING.create(Composition.model_validate(composition | {"export_layout": "model_card"})).nodes
    read, card_read = ({name for name in one.inputs if not name.startswith("params:")} for one in (node, card))
    assert read == {f"ice_types.{name}" for name in ("network", "statistics", "card_facts", "images", "splits")}
    assert card_read == _given(None).keys()
    with pytest.raises(ValidationError, match="did you mean model_card"):
        Composition.model_validate(composition | {"export_layout": "model_cards"})
